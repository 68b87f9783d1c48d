"""What one record's blocks 4 and 6 say that decides rights and offers, as the narrow texts the catalogue keeps of it.

Two JSON texts a version, ``publishing_terms`` and ``supply_terms`` in ``version_blocks``, one for each block, because a
record folded from several versions takes each block from another one. They hold what was said, codes and all, and not
what is made of it: so a better rule needs nothing to be staged again. What suppliers repeat in thousands of records,
sales rights and territories, is kept once in ``stated_terms`` and named by its id (``STATED_DIGITS`` digits of the
SHA-256 of its text).
"""

from __future__ import annotations

import hashlib
from typing import Any, Final, NamedTuple

import orjson

from bindery.catalogue.record import Territory
from bindery.trade.stated import Restricted, RightsStated, RightStated

Text = str | None

STATED_DIGITS: Final = 32


class Dated(NamedTuple):
    """A date with its role. ``date`` is ISO 8601 cut to its ``precision``; None where it could not be read."""

    role: Text
    date: Text
    precision: Text
    """``year``, ``month``, ``day`` or ``time``."""
    begins: Text = None
    """Of a spread (List 55: 06-11) the first half; ``date`` is the second."""


class PublishingTerms(NamedTuple):
    """A text of ``publishing_terms``, read. ``status``: List 64. ``rights``: an id in ``stated_terms``.

    ``publisher`` is the name of the first publisher of role 01 or of none. Roles of ``dates``: List 163.
    """

    status: Text
    publisher: Text
    dates: tuple[Dated, ...]
    rights: str


class PriceStated(NamedTuple):
    """One price (Lists 58, 59, 61, 57; dates 173). ``amount`` is a decimal number as text.

    ``territory``: an id in ``stated_terms``; None where none is stated. ``conditions``: types of List 167.
    """

    type: Text
    qualifier: Text
    status: Text
    amount: Text
    currency: Text
    unpriced: Text
    territory: Text
    dates: tuple[Dated, ...]
    conditions: tuple[Text, ...]


class SupplyStated(NamedTuple):
    """One SupplyDetail. ``availability``: List 65. ``unpriced``: List 57. Roles of ``dates``: List 166."""

    supplier_role: Text
    supplier_name: Text
    availability: Text
    unpriced: Text
    dates: tuple[Dated, ...]
    prices: tuple[PriceStated, ...]


class MarketStated(NamedTuple):
    """One ProductSupply. ``market``: an id in ``stated_terms``, None for none. ``status``: List 68; ``dates``: 163."""

    reference: Text
    market: Text
    restrictions: tuple[Restricted, ...]
    status: Text
    dates: tuple[Dated, ...]
    supplies: tuple[SupplyStated, ...]


SupplyTerms = tuple[MarketStated, ...]
"""A text of ``supply_terms``, read."""


def stated_id(text: str) -> str:
    """The id of a text of ``stated_terms``."""
    return hashlib.sha256(text.encode()).hexdigest()[:STATED_DIGITS]


def publishing_terms(text: str) -> PublishingTerms:
    """Read a text of ``publishing_terms``: ``[status, publisher, dates, rights id]``.

    A date is ``[role, date, precision]``; of a spread, ``[role, date, precision, begins]``.
    """
    status, publisher, dates, rights = orjson.loads(text)
    return PublishingTerms(status, publisher, _dated(dates), rights)


def supply_terms(text: str) -> SupplyTerms:
    """Read a text of ``supply_terms``: one list a market, its members in the order of the classes above."""
    return tuple(
        MarketStated(
            reference,
            market,
            _restricted(restrictions),
            status,
            _dated(dates),
            tuple(_supply(*one) for one in supplies),
        )
        for reference, market, restrictions, status, dates, supplies in orjson.loads(text)
    )


def rights_stated(text: str) -> RightsStated:
    """Read stated rights: ``[rights, row, restrictions]``, a right as ``[type, [four lists of codes], restrictions]``.

    A restriction is ``[type, [outlets]]``.
    """
    rights, row, restrictions = orjson.loads(text)
    return RightsStated(
        tuple(RightStated(kind, _territory(where), _restricted(limits)) for kind, where, limits in rights),
        row,
        _restricted(restrictions),
    )


def territory_stated(text: str) -> Territory:
    """Read a stated territory: its four lists of codes, in the order of ``Territory``."""
    return _territory(orjson.loads(text))


def _territory(lists: list[list[str]]) -> Territory:
    countries, regions, not_countries, not_regions = lists
    return Territory(
        countries_included=countries,
        regions_included=regions,
        countries_excluded=not_countries,
        regions_excluded=not_regions,
    )


def _dated(dates: list[list[Text]]) -> tuple[Dated, ...]:
    return tuple(Dated(*one) for one in dates)


def _restricted(restrictions: list[tuple[Text, list[str]]]) -> tuple[Restricted, ...]:
    return tuple(Restricted(kind, tuple(outlets)) for kind, outlets in restrictions)


def _supply(*stated: Any) -> SupplyStated:
    *flat, dates, prices = stated
    role, name, availability, unpriced = flat
    return SupplyStated(role, name, availability, unpriced, _dated(dates), tuple(_price(*one) for one in prices))


def _price(*stated: Any) -> PriceStated:
    *flat, dates, conditions = stated
    return PriceStated._make((*flat, _dated(dates), tuple(conditions)))
