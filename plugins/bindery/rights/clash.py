"""What a contradiction is: two statements, or a statement and a fact, that can't both be right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bindery.rights.countries import Mask, one_of
from bindery.rights.reasons import Source, right_path
from bindery.rights.title import Title, Voice

Rule = Literal[
    "exclusive_overlap",
    "suppliers_disagree",
    "rights_clash",
    "price_without_rights",
    "rights_without_price",
    "end_before_start",
    "unknown_currency",
]
"""
- ``exclusive_overlap``: records of two suppliers and two publishers both grant a country exclusively;
- ``suppliers_disagree``: one supplier's record grants a country that another's says is not for sale;
- ``rights_clash``: one record says both of a country;
- ``price_without_rights``: a consumer price names countries that are not for sale;
- ``rights_without_price``: a country may be sold in and is supplied, others have a price, and this one has none;
- ``end_before_start``: what ends, ends before it begins;
- ``unknown_currency``: an amount is in no currency of List 96.
"""

RULES: Final[tuple[Rule, ...]] = get_args(Rule)


@dataclass(frozen=True)
class Contradiction:
    """One contradiction.

    Attributes:
        rule: Which.
        countries: All that it is about.
        one: A statement.
        other: The one it contradicts; None where it contradicts a fact.
        example: One of the countries, the first.
        text: In words, about all of them.
    """

    rule: Rule
    countries: Mask
    one: Source
    other: Source | None
    example: str
    text: str


def clash(rule: Rule, countries: Mask, one: Source, other: Source | None, text: str) -> Iterator[Contradiction]:
    """A contradiction about some countries; nothing where there are none."""
    if countries:
        yield Contradiction(rule, countries, one, other, one_of(countries), text)


def counting(title: Title) -> Iterator[tuple[int, Voice]]:
    """The records that count, with their places: not what a person stated, nor what was rejected."""
    for place, voice in enumerate(title.voices):
        if voice.state == "live" and not voice.is_rejected and voice.supplier:
            yield place, voice


def right(place: int, nth: int) -> Source:
    """Where a statement of rights is: a SalesRights by its place, or ROWSalesRightsType."""
    return Source(place, "publishing", right_path(nth))
