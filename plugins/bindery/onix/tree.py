"""An ONIX element as the mapping sees it: in reference names, whatever the tag style, counting what was read.

Every element the mapping takes is marked. What is left over at the end is what the record model has no place for; it is
counted by path and never dropped in silence (FEATURES P7).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from bindery.onix.names import MARKUP_HOLDERS, short_tags


def local_name(tag: object) -> str:
    """The name of an lxml element without its namespace."""
    return str(tag).rpartition("}")[2]


class Node:
    """One element with its children, under its reference name.

    Attributes:
        name: Reference name; the name as sent where it is neither a reference name nor a short tag.
        short: Whether it was sent as a short tag; None for a name that tells nothing.
    """

    __slots__ = ("children", "element", "name", "short", "used")

    def __init__(self, element: etree._Element) -> None:
        local = local_name(element.tag)
        reference = short_tags().get(local)
        self.name = reference or local
        self.short = True if reference else (False if local[:1].isupper() else None)
        self.element = element
        self.used = False
        self.children = [Node(child) for child in element]

    @property
    def text(self) -> str | None:
        """Text of a leaf without the white space around it; None where there is none."""
        self.used = True
        return (self.element.text or "").strip() or None

    def attribute(self, name: str) -> str | None:
        """An attribute's value; ``name`` is the same in both tag styles."""
        value = self.element.get(name)
        return value.strip() or None if value else None

    def all(self, *names: str) -> Iterator[Node]:
        """Children of these names, in document order; each is marked as read."""
        for child in self.children:
            if child.name in names:
                child.used = True
                yield child

    def first(self, *names: str) -> Node | None:
        """The first child of these names."""
        return next(self.all(*names), None)

    def value(self, *names: str) -> str | None:
        """Text of the first child of these names that has any."""
        return next((child.text for child in self.all(*names) if child.text), None)

    def peek(self, name: str) -> str | None:
        """The same of one name, without marking it as read: to decide by, where another child may be taken."""
        texts = ((child.element.text or "").strip() for child in self.children if child.name == name)
        return next((text for text in texts if text), None)

    def values(self, *names: str) -> list[str]:
        """Texts of all children of these names, in document order."""
        return [text for child in self.all(*names) if (text := child.text)]

    def words(self, *names: str) -> list[str]:
        """Words, split at white space, of all children of these names: how ONIX lists codes."""
        return [word for text in self.values(*names) for word in text.split()]

    def has(self, *names: str) -> bool:
        """Whether a child of these names is there."""
        return any(child.name in names for child in self.children)

    def flag(self, name: str) -> bool:
        """Whether an empty flag element such as ``MainSubject`` is there."""
        return self.first(name) is not None

    def markup(self) -> str | None:
        """What is inside, as sent: text where there is only text, XHTML without namespaces where there are elements."""
        self._mark()
        if not len(self.element):
            return (self.element.text or "").strip() or None
        bare = _without_namespaces(self.element)
        inner = (bare.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in bare)
        return inner.strip() or None

    def as_xml(self) -> str:
        """The whole element in reference names, without namespaces."""
        self._mark()
        return etree.tostring(_without_namespaces(self.element, translate=True), encoding="unicode", with_tail=False)

    def _mark(self) -> None:
        self.used = True
        for child in self.children:
            child._mark()

    def unmapped(self) -> Counter[str]:
        """Paths of the leaves below that nobody read, with how often each occurs."""
        count: Counter[str] = Counter()
        for child in self.children:
            child._count(f"{self.name}/{child.name}", count)
        return count

    def _count(self, path: str, count: Counter[str]) -> None:
        if not self.children:
            if not self.used:
                count[path] += 1
            return
        for child in self.children:
            child._count(f"{path}/{child.name}", count)

    def styles(self) -> Counter[bool]:
        """How many elements below, itself included, are in short (True) and reference (False) tags."""
        count: Counter[bool] = Counter()
        if self.short is not None:
            count[self.short] += 1
        for child in self.children:
            if child.name in MARKUP_HOLDERS and child.children:
                continue
            count.update(child.styles())
        return count


_ODD_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]")


def plain_xml(element: etree._Element) -> bytes:
    """An element as ``shred`` reads it: UTF-8, no namespaces, comments or CDATA, names in ASCII letters and signs.

    Other names are none of ONIX, and only counted.
    """
    plain = _without_namespaces(element)
    for one in plain.iter():
        name = str(one.tag)
        if not name.isascii() or _ODD_IN_NAMES.search(name):
            one.tag = f"_{_ODD_IN_NAMES.sub('_', name)}"
        for attribute in [name for name in one.attrib if not name.isascii() or not name.isalpha()]:
            del one.attrib[attribute]
    return etree.tostring(plain, encoding="unicode", with_tail=False).encode()


def _without_namespaces(element: etree._Element, *, translate: bool = False) -> etree._Element:
    local = local_name(element.tag)
    copy = etree.Element(short_tags().get(local, local) if translate else local)
    for name, value in sorted(element.attrib.items()):
        copy.set(local_name(name), value)
    copy.text, copy.tail = element.text, element.tail
    copy.extend([_without_namespaces(child, translate=translate) for child in element])
    return copy
