"""Records that hold elements of a release in every place they can stand, made from EDItEUR's own schema.

One that holds all is not valid, because alternatives stand side by side; each is what some sender sends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from lxml import etree

from bindery.onix.validation import schema_file

_XS = "{http://www.w3.org/2001/XMLSchema}"


@cache
def _schema(release: str) -> etree._Element:
    return etree.parse(schema_file(release, short=False)).getroot()


def _named(release: str, kind: str) -> dict[str, etree._Element]:
    return {one.get("name", ""): one for one in _schema(release).iterfind(f"{_XS}{kind}")}


@cache
def _children(release: str, name: str) -> tuple[str, ...]:
    """Elements that may stand in one, in the order of the schema; none for text, markup and flags."""
    known = _named(release, "element")
    # What stands in markup is XHTML, which a schema of its own declares.
    return tuple(dict.fromkeys(child for child in _referenced(release, known[name]) if child in known))


def _referenced(release: str, content: etree._Element) -> Iterator[str]:
    for one in content.iter(f"{_XS}element", f"{_XS}group"):
        reference = one.get("ref")
        if reference and one.tag == f"{_XS}element":
            yield reference
        elif reference:
            yield from _referenced(release, _named(release, "group")[reference])


@cache
def leaf_paths(release: str, root: str = "Product") -> tuple[str, ...]:
    """Paths of all leaves, an element never within another of its name."""

    def below(path: tuple[str, ...]) -> Iterator[str]:
        inner = [name for name in _children(release, path[-1]) if name not in path]
        if not inner:
            yield "/".join(path)
        for name in inner:
            yield from below((*path, name))

    return tuple(below((root,)))


def is_flag(release: str, path: str) -> bool:
    """Whether a leaf is an empty element, which says something by being there."""
    declared = _named(release, "element")[path.rpartition("/")[2]]
    kind = declared.find(f"{_XS}complexType")
    return kind is not None and kind.get("mixed") != "true" and kind.find(f".//{_XS}extension") is None


def record(paths: Iterable[str], texts: dict[str, str]) -> bytes:
    """A record of these leaves, each with its text; a leaf without one is empty."""
    return _tree("Product", paths, texts)


def header(release: str, texts: dict[str, str]) -> bytes:
    """A header with all its leaves."""
    return _tree("Header", leaf_paths(release, "Header"), texts)


def _tree(root: str, paths: Iterable[str], texts: dict[str, str]) -> bytes:
    places = {root: etree.Element(root)}
    for path in paths:
        names = path.split("/")
        for end in range(2, len(names) + 1):
            here = "/".join(names[:end])
            if here not in places:
                places[here] = etree.SubElement(places["/".join(names[: end - 1])], names[end - 1])
        places[path].text = texts.get(path)
    return etree.tostring(places[root])
