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
_BREAK = re.compile(r"<br\s*/?>|</(?:li|dt|dd|tr|p|h[1-6]|blockquote|pre|ul|ol|dl|div|table)>", re.IGNORECASE)
_CLEANED_TAG = re.compile(rf'</?(?:{"|".join(sorted(_ALLOWED))})>|<a href="[^"<>]*">')
_BLANK_LINES = re.compile(r"\n\s*\n")
_OPENING_OR_CLOSING = re.compile(r"<(/?)([a-z][^\s/<>]*)", re.IGNORECASE)
_MARK, _LINE_BREAK, _PARAGRAPH_END = re.compile(r"<[^<>]*>"), re.compile(r"<br\s*/?>"), re.compile(r"</p>")
_VOID = frozenset(
    {"br", "hr", "img", "input", "wbr", "col", "area", "link", "meta", "source", "embed", "param", "track"}
)
_LEVELS, _LOOSE_TAGS = 100, 500
_LONGEST_TEXT = 200_000
"""Characters. Cleaning takes time in the square of some; the longest descriptions have 10,000."""
_WEB_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
"""Any other link would lead to a place on whatever host shows the text."""
_CLEANER = nh3.Cleaner(
    tags=set(_ALLOWED),
    attributes={"a": {"href"}, "*": set()},
    attribute_filter=lambda _tag, _name, value: value if _WEB_LINK.match(value) else None,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
_STRIPPER = nh3.Cleaner(tags=set(), attributes={}, link_rel=None)
_RUN = r"(?:[^<>&\x00-\x08\x0b-\x1f\x7f-\xa0\ufeff]++|&(?:amp|lt|gt);)++"
_CLEAN_ALREADY = re.compile(rf"(?:<p>(?:{_RUN}|<br>|<(strong|em|b|i|u)>{_RUN}</\1>)*+</p>)++")
"""Paragraphs of text with plain marks, none in another: what nh3 leaves as it is, to the letter."""
_MARKUP_FORMATS = frozenset({"01", "02", "03", "05"})
"""List 34: SGML, HTML, XML, XHTML. The others are plain text."""

_WORDS_OF_FILLERS = frozenset(
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


LONGEST_FILLER = 200
"""Characters; far above any filler, so that whole descriptions aren't folded."""
FILLERS = frozenset(_folded(filler) for filler in _WORDS_OF_FILLERS)
"""Folded, without what stands around them."""


def is_placeholder(text: str) -> bool:
    """Whether a text is a filler for "we have none": ``N/A``, ``TBC``, ``null``, ``Unknown narrator``, blank, ``---``.

    Not for titles: ``Unknown`` and ``Nil`` are books.
    """
    if not any(map(str.isalnum, text)):
        return True
    if len(text) > LONGEST_FILLER:
        return False
    return _folded(text).strip(" .,;:!?-–—()[]<>\"'*_") in FILLERS


def _with_markup(text: str) -> str | None:
    """The text with its markup unescaped, at most twice; None where no markup comes to light."""
    for _ in range(3):
        if "<" in text and _TAG.search(text):
            return text
        if "&" not in text:
            return None
        text = html_module.unescape(text)
    return None


def _paragraphs(text: str) -> str:
    """Plain text as paragraphs at blank lines, with its line breaks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    parts = [part.strip() for part in _BLANK_LINES.split(lines)] if "\n" in lines else [lines]
    return "".join(f"<p>{_escaped(part).replace(chr(10), '<br>')}</p>" for part in parts if part)


def _escaped(text: str) -> str:
    """Text as nh3 writes it: what has nothing to clean need not go through it."""
    return html_module.escape(text, quote=False).replace("\xa0", "&nbsp;")


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
    if len(markup) <= _LONGEST_TEXT and _CLEAN_ALREADY.fullmatch(markup):
        return markup
    if not _is_beyond_reading(markup):
        markup = _in_blocks(_CLEANER.clean(markup).strip())
        if not _is_beyond_reading(markup):
            return markup
    broken = _PARAGRAPH_END.sub("\n\n", _LINE_BREAK.sub("\n", markup))
    words = _paragraphs(html_module.unescape(_MARK.sub("", broken)))
    return words if len(words) > _LONGEST_TEXT else _CLEANER.clean(words).strip()


def _in_blocks(cleaned: str) -> str:
    """A paragraph where there is no block, and so known for markup when cleaned again."""
    return f"<p>{cleaned}</p>" if cleaned and not _BLOCK.search(cleaned) else cleaned


def _is_beyond_reading(markup: str) -> bool:
    return len(markup) > _LONGEST_TEXT or (markup.count("<") > min(_LEVELS, _LOOSE_TAGS) and _is_tangle(markup))


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
    text = raw.replace("\x00", "")
    markup = _with_markup(text)
    if markup is None and text_format not in _MARKUP_FORMATS:
        # An entity in plain text was escaped once too often too.
        return _paragraphs(html_module.unescape(text))
    return _sanitised(text if markup is None else markup)


def cleaned_tag_breaks(tag: str) -> bool | None:
    """Whether a tag of cleaned HTML ends a line of plain text.

    None for what ``clean_html`` doesn't write, and for ``<pre>``: a line feed behind it is no part of the text.
    """
    if tag == "<pre>" or not _CLEANED_TAG.fullmatch(tag):
        return None
    return _BREAK.fullmatch(tag) is not None


def plain(html: str) -> str:
    """The text of HTML: blocks and line breaks on their own lines, entities resolved, no blank lines."""
    text = _BREAK.sub("\n", html)
    if len(html) > _LONGEST_TEXT:
        # What is so long was cleaned to bare paragraphs, in which every mark is a tag.
        text = html_module.unescape(_MARK.sub("", text))
    elif "<" in text or "&" in text or text.startswith("\ufeff"):
        text = html_module.unescape(_STRIPPER.clean(text))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
