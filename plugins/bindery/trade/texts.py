"""Texts: HTML that is safe to show, plain text, fillers (List 34; AUDIOBOOKS 1.7, failures 9 and 10)."""

from __future__ import annotations

import html as html_module
import re
import unicodedata

import nh3

_BLOCKS = ("p", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre")
_INLINE = ("br", "b", "strong", "i", "em", "u", "s", "sub", "sup", "cite", "q", "abbr", "code", "a")
_ALLOWED = frozenset((*_BLOCKS, *_INLINE))
_KNOWN = "|".join((*_BLOCKS, *_INLINE, "div", "span", "font", "table", "tr", "td", "th", "tbody", "img", "script"))
_TAG = re.compile(rf"</?(?:{_KNOWN})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCK = re.compile(rf"<(?:{'|'.join(_BLOCKS)})>")
_LINE_END = re.compile(r"<br\s*/?>|</(?:li|dt|dd|tr)>", re.IGNORECASE)
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|blockquote|pre|ul|ol|dl|div|table)>", re.IGNORECASE)
_OPENING_OR_CLOSING = re.compile(r"<(/?)([a-z][^\s/<>]*)", re.IGNORECASE)
_MARK, _BREAK, _PARAGRAPH_END = re.compile(r"<[^<>]*>"), re.compile(r"<br\s*/?>"), re.compile(r"</p>")
_VOID = frozenset(
    {"br", "hr", "img", "input", "wbr", "col", "area", "link", "meta", "source", "embed", "param", "track"}
)
_LEVELS, _LOOSE_TAGS = 100, 500
_LONGEST_TEXT = 200_000
"""Characters. Cleaning takes time in the square of some; the longest descriptions have 10,000."""
_WEB_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
"""Any other link would lead to a place on whatever host shows the text."""
_MARKUP_FORMATS = frozenset({"01", "02", "03", "05"})
"""List 34: SGML, HTML, XML, XHTML. The others are plain text."""

_FILLERS = frozenset(
    """
    n/a|na|n.a|n/d|tbc|tba|tbd|t.b.c|t.b.a|t.b.d|null|nil|none|nan|undefined|unknown|unnamed|unspecified|not known
    not available|not applicable|not specified|not provided|to be confirmed|to be announced|to be determined|xxx|xxxx
    unknown narrator|unknown author|unknown reader|unknown publisher|unknown artist|narrator unknown|author unknown
    narrator tbc|narrator tba|narrator tbd|no narrator|no author|no description|no description available
    description not available|description to follow|description tbc|keine angabe|unbekannt|k.a|inconnu|non disponible
    """.strip()
    .replace("\n", "|")
    .split("|")
)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_LONGEST_FILLER = 200
"""Characters; far above any filler, so that whole descriptions aren't folded."""
_PLACEHOLDERS = frozenset(_folded(filler) for filler in _FILLERS)


def is_placeholder(text: str) -> bool:
    """Whether a text is a filler for "we have none": ``N/A``, ``TBC``, ``null``, ``Unknown narrator``, blank, ``---``.

    Not for titles: ``Unknown`` and ``Nil`` are books.
    """
    if not any(character.isalnum() for character in text):
        return True
    if len(text) > _LONGEST_FILLER:
        return False
    return _folded(text).strip(" .,;:!?-–—()[]<>\"'*_") in _PLACEHOLDERS


def _has_markup(text: str) -> bool:
    return _TAG.search(text) is not None


def _unescaped_markup(text: str) -> str:
    """The text with its markup unescaped, at most twice; as it is where no markup comes to light."""
    once = html_module.unescape(text)
    for candidate in (text, once, html_module.unescape(once)):
        if _has_markup(candidate):
            return candidate
    return text


def _paragraphs(text: str) -> str:
    """Plain text as paragraphs at blank lines, with its line breaks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    parts = [part.strip() for part in re.split(r"\n\s*\n", lines)]
    return "".join(f"<p>{html_module.escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in parts if part)


def _is_tangle(markup: str) -> bool:
    """Whether markup nests too deep, or has too many tags that don't pair, to be meant for anybody to read.

    A reader of HTML takes time in the square of the levels, and breaks down at some ten thousand of them.
    """
    levels: list[str] = []
    opened, paired = 0, True
    for closing, name in _OPENING_OR_CLOSING.findall(markup):
        lower = name.lower()
        if closing:
            paired = paired and bool(levels) and levels[-1] == lower
            if levels and levels[-1] == lower:
                levels.pop()
        elif lower not in _VOID:
            levels.append(lower)
            opened += 1
            if len(levels) > _LEVELS and (paired or opened > _LOOSE_TAGS):
                return True
    return opened > _LOOSE_TAGS and not (paired and not levels)


def _sanitised(markup: str) -> str:
    """Of a tangle, and of what is longer than any text, only the words and paragraphs are kept."""
    if not _is_beyond_reading(markup):
        markup = _allowed(markup)
        if not _is_beyond_reading(markup):
            return markup
    broken = _PARAGRAPH_END.sub("\n\n", _BREAK.sub("\n", markup))
    words = _paragraphs(html_module.unescape(_MARK.sub("", broken)))
    return words if len(words) > _LONGEST_TEXT else _allowed(words)


def _is_beyond_reading(markup: str) -> bool:
    return len(markup) > _LONGEST_TEXT or _is_tangle(markup)


def _allowed(markup: str) -> str:
    return nh3.clean(
        markup,
        tags=set(_ALLOWED),
        attributes={"a": {"href"}, "*": set()},
        attribute_filter=lambda _tag, _name, value: value if _WEB_LINK.match(value) else None,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    ).strip()


def clean_html(raw: str, text_format: str | None) -> str:
    """A text as HTML of a fixed allow-list: no scripts, styles, attributes (but web links), comments or Word markup.

    Markup that was escaped once or twice too often is unescaped. Markup in a text that calls itself plain, or states
    no format, is taken as markup, because senders leave the format out; otherwise plain text becomes paragraphs.
    Cleaning what is clean changes nothing.

    Args:
        raw: The text as sent, after XML parsing.
        text_format: List 34, where stated.

    Returns:
        Block-level HTML, empty where nothing is left.
    """
    text = _unescaped_markup(raw.replace("\x00", ""))
    if not _has_markup(text) and text_format not in _MARKUP_FORMATS:
        # An entity in plain text was escaped once too often too.
        return _sanitised(_paragraphs(html_module.unescape(text)))
    cleaned = _sanitised(text)
    if cleaned and not _BLOCK.search(cleaned):
        # A paragraph, and so known for markup when cleaned again.
        cleaned = f"<p>{cleaned}</p>"
    return cleaned


def plain(html: str) -> str:
    """The text of HTML: blocks and line breaks on their own lines, entities resolved, no blank lines."""
    broken = _BLOCK_END.sub("\n", _LINE_END.sub("\n", html))
    # What is so long was cleaned to bare paragraphs, in which every mark is a tag.
    long = len(html) > _LONGEST_TEXT
    bare = _MARK.sub("", broken) if long else nh3.clean(broken, tags=set(), attributes={}, link_rel=None)
    text = html_module.unescape(bare)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
