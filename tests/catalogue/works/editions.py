"""Facts of editions, written short."""

from __future__ import annotations

from typing import Any

from bindery.catalogue.works.facts import ISBN, Facts, Link
from bindery.catalogue.works.people import person
from bindery.catalogue.works.titles import read_title

A, B, C = "9780000000019", "9780000000026", "9780000000033"
PRINT = "9780000000101"


def edition(title: str, author: str = "Una Denholm", isbn13: str = A, **said: Any) -> Facts:
    """An unabridged English reading of ten hours by Kofi Marsh, unless something else is said."""
    language = said.pop("language", "eng")
    series = said.pop("series", ())
    isni = said.pop("isni", "")
    narrators = said.pop("narrators", ("Kofi Marsh",))
    links = {Link(ISBN, isbn13, "own"), *said.pop("links", ())}
    told = read_title(title, said.pop("subtitle", None), language, series)
    facts: dict[str, Any] = {
        "isbn13": isbn13,
        "title": told,
        "authors": (person(author, ids=(f"16:{isni}",) if isni else ()),) if author else (),
        "narrators": tuple(person(name) for name in narrators),
        "language": language,
        "abridged": "no",
        "seconds": 36_000,
        "is_set": "set" in told.marks,
        "is_drama": "dramatised" in told.marks,
        "links": frozenset(links),
    }
    return Facts(**(facts | said))


def work(value: str, relation: str = "work") -> Link:
    """A proprietary work identifier of one supplier."""
    return Link("north|01|north work", value, relation)


def head(value: str, relation: str = "work") -> Link:
    """A head ISBN, comparable everywhere."""
    return Link(ISBN, value, relation)
