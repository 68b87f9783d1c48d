"""Contradictions with where they were read, as commands tell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from bindery.catalogue.offering.passages import Passage, Passages
from bindery.rights.contradictions import Contradiction
from bindery.rights.countries import countries_of


class Told(TypedDict):
    """A contradiction. ``evidence``: where the one statement was read, then the other."""

    rule: str
    countries: list[str]
    example: str
    text: str
    evidence: list[Passage]


def told_contradictions(found: Iterable[Contradiction], passages: Passages) -> list[Told]:
    """Contradictions with their countries spelt out and their evidence."""
    told = []
    for one in found:
        sources = (one.one,) if one.other is None or one.other == one.one else (one.one, one.other)
        evidence = [place for place in map(passages.at, sources) if place is not None]
        told.append(
            Told(
                rule=one.rule,
                countries=list(countries_of(one.countries)),
                example=one.example,
                text=one.text,
                evidence=evidence,
            )
        )
    return told
