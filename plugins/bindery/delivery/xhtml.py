"""Cleaned HTML as the XHTML subset that ONIX text elements may hold (textformat 05)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree, html

if TYPE_CHECKING:
    from lxml.etree import _Element

_INLINE: Final = frozenset({"b", "i", "em", "strong", "sub", "sup", "cite", "br", "small"})
_LISTS: Final = frozenset({"ul", "ol"})
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DROPPED: Final = frozenset({"script", "style", "template", "noscript", "iframe", "object", "head", "title"})


def xml_text(text: str) -> str:
    """Text without the characters that XML 1.0 cannot carry."""
    return _NOT_XML.sub("", text)


def fill(parent: _Element, markup: str) -> None:
    """Put markup into an element such as ``Text``.

    Marks that change meaning for a reader stay (paragraphs, lists, emphasis, line breaks); everything else is
    unwrapped to its text, scripts and styles with their content. Text without any mark is written plain
    (textformat 06, the default), so a reader need not parse it.

    Args:
        parent: The element, without a namespace.
        markup: HTML or plain text.
    """
    body = html.fragment_fromstring(xml_text(markup), create_parent="div")
    _copy(body, parent, inline_only=False)
    if len(parent):
        parent.set("textformat", "05")
    if parent.text is not None and not len(parent):
        parent.text = parent.text.strip()


def has_text(markup: str | None) -> bool:
    """Whether anything is left of some markup when its tags are taken away."""
    if not markup or not markup.strip():
        return False
    probe = etree.Element("Text")
    fill(probe, markup)
    return bool(etree.tostring(probe, method="text", encoding="unicode").strip())


def _copy(source: _Element, target: _Element, *, inline_only: bool) -> None:
    _append_text(target, source.text)
    for child in source:
        if isinstance(child.tag, str) and child.tag not in _DROPPED:
            _copy_child(child, target, inline_only=inline_only)
        _append_text(target, child.tail)


def _copy_child(child: _Element, target: _Element, *, inline_only: bool) -> None:
    tag = str(child.tag)
    if tag == "br":
        etree.SubElement(target, "br")
    elif tag in _INLINE:
        _copy(child, etree.SubElement(target, tag), inline_only=True)
    elif tag == "p" and not inline_only:
        _copy(child, etree.SubElement(target, "p"), inline_only=True)
    elif tag in _LISTS and not inline_only and child.find("li") is not None:
        _copy_list(child, etree.SubElement(target, tag))
    else:
        _copy(child, target, inline_only=inline_only)


def _copy_list(source: _Element, target: _Element) -> None:
    # A list holds entries only; what stands between them becomes an entry, so that no word is lost.
    _copy_stray_text(source.text, target)
    for child in source:
        if isinstance(child.tag, str) and child.tag not in _DROPPED:
            entry = etree.SubElement(target, "li")
            if child.tag == "li":
                _copy(child, entry, inline_only=False)
            else:
                _copy_child(child, entry, inline_only=False)
        _copy_stray_text(child.tail, target)


def _copy_stray_text(text: str | None, target: _Element) -> None:
    if text and text.strip():
        _append_text(etree.SubElement(target, "li"), text)


def _append_text(target: _Element, text: str | None) -> None:
    if not text:
        return
    text = xml_text(text)
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text
