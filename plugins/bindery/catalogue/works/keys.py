"""What could join an edition with others: its keys. Two editions are compared only where they share one (law 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from bindery.catalogue.keys import key_of
from bindery.catalogue.works.facts import Facts
from bindery.catalogue.works.normalise import sound
from bindery.catalogue.works.people import Person

LINK: Final = "link"
"""The kind of keys that are identifiers: they are evidence, and so they wear out by being given to anything."""

MOST_EDITIONS = {LINK: 200, "title_author": 200, "author_id": 200, "title_voices": 60, "title": 24, "sound": 60}
"""A key that more editions share is no evidence and gathers no candidates."""
MOST_TITLES = 8
"""Nor is an identifier given to more titles than this, whatever the number of editions."""

_SEGMENTS = 3


class WorkKey(NamedTuple):
    """One key of an edition. ``title_key`` is of its main name, to count how many titles share an identifier."""

    kind: str
    key: str
    match_key: int
    title_key: int


def keys_of(facts: Facts) -> tuple[WorkKey, ...]:
    """The keys of an edition, each once."""
    title_key = key_of("title", facts.title.name)
    made = (
        *((LINK, link.space, link.value) for link in facts.links),
        *_by_title(facts),
    )
    found = {
        match_key: WorkKey(kind, "|".join(texts), match_key, title_key)
        for kind, *texts in made
        for match_key in (key_of(*texts) if kind == LINK else key_of(kind, *texts),)
    }
    return tuple(found[match_key] for match_key in sorted(found))


def keys_table(editions: Iterable[Facts]) -> pa.Table:
    """The keys of editions as rows of ``found_work_keys``."""
    keys: list[WorkKey] = []
    isbns, counts = [], []
    for facts in editions:
        found = keys_of(facts)
        keys += found
        isbns.append(facts.isbn13)
        counts.append(len(found))
    owners = pa.array(np.repeat(np.arange(len(isbns)), counts))
    isbn13 = pa.array(isbns, pa.string())
    kinds, texts, match_keys, title_keys = zip(*keys, strict=True) if keys else ((), (), (), ())
    return pa.table(
        {
            "edition_key": isbn13.cast(pa.int64()).take(owners),
            "isbn13": isbn13.take(owners),
            "key_kind": pa.array(kinds, pa.string()),
            "key": pa.array(texts, pa.string()),
            "match_key": pa.array(match_keys, pa.int64()),
            "title_key": pa.array(title_keys, pa.int64()),
        }
    )


def _by_title(facts: Facts) -> Iterator[tuple[str, ...]]:
    names = [segment.name for segment in facts.title.segments[:_SEGMENTS]]
    # Spaces come and go in compounds.
    joined = [name.replace(" ", "") for name in names]
    language = facts.language
    for name in joined:
        if facts.authors:
            yield from (("title_author", name, _family(one), language) for one in facts.authors[:2])
        yield "title", name, language
        if facts.narrators:
            voices = "+".join(sorted(" ".join(one.all_words) for one in facts.narrators))
            yield "title_voices", name, voices, language
    for one in facts.authors[:2]:
        for identifier in one.ids:
            yield "author_id", identifier, joined[0] if joined else "", language
        for name in names[:2]:
            yield from (("sound", word, sound(_family(one)), language) for word in _leading(name))
    if facts.authors:
        for name in facts.original_titles:
            yield "title_author", name.replace(" ", ""), _family(facts.authors[0]), facts.original_language


def _family(one: Person) -> str:
    """The part of a name that files it: of a name that may be written either way round, the same for both."""
    return one.family.split()[-1] if one.family else ""


def _leading(name: str) -> set[str]:
    """The first and the last word: a slip in one of them leaves the other. Of a single word, how it begins.

    Whole words, because their beginnings are shared by so many titles that most pairs of a large catalogue that are
    looked at would be looked at for nothing.
    """
    found = name.split()
    return {found[0], found[-1]} if len(found) > 1 else {word[:4] for word in found}
