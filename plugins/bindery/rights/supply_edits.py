"""Block 6, and dates, as they would be after a change (``bindery.rights.changes``).

What goes leaves an empty place, so that the places of others stay: a date of no role, a price of no type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import orjson

from bindery.rights.terms import Dated, MarketStated, PriceStated, SupplyStated, SupplyTerms, stated_id

Stated = dict[str, str]
"""Texts of ``stated_terms`` by id; new ones are added."""

_GONE: Final = ""
_NO_DATE: Final = Dated(None, None, None)
_NO_PRICE: Final = PriceStated(_GONE, None, None, None, None, None, None, (), ())
_SOME_PRICE: Final = PriceStated("02", None, None, "1", "EUR", None, None, (), ())
_AVAILABLE: Final = SupplyStated(None, None, "20", None, (), (_SOME_PRICE,))
_STEP: Final = re.compile(r"(\w+)(?:\[(\d+)\])?")


def _numbers(path: str) -> dict[str, int]:
    """The places a path names, from 0: of ``ProductSupply[1]/SupplyDetail[2]`` those of the two elements."""
    return {name: int(number) - 1 for name, number in _STEP.findall(path) if number}


def dates_with(dates: tuple[Dated, ...], path: str, value: str) -> tuple[Dated, ...]:
    """Dates with one that is stated otherwise, or with one more that stands for all of its role."""
    role, _, day = value.partition(" ")
    stated = Dated(role, day, "day")
    place = next((place for name, place in _numbers(path).items() if name.endswith("Date")), None)
    if place is not None:
        return tuple(stated if nth == place else one for nth, one in enumerate(dates))
    return (*(_NO_DATE if one.role == role else one for one in dates), stated)


def dates_without(dates: tuple[Dated, ...], path: str) -> tuple[Dated, ...]:
    """Dates without the one that a path names."""
    place = next(place for name, place in _numbers(path).items() if name.endswith("Date"))
    return tuple(_NO_DATE if nth == place else one for nth, one in enumerate(dates))


def compacted(supply: SupplyTerms) -> SupplyTerms:
    """Block 6 without empty places."""
    return tuple(
        market._replace(
            dates=_stated(market.dates),
            supplies=tuple(
                one._replace(
                    dates=_stated(one.dates), prices=tuple(price for price in one.prices if price.type != _GONE)
                )
                for one in market.supplies
            ),
        )
        for market in supply
    )


def _stated(dates: tuple[Dated, ...]) -> tuple[Dated, ...]:
    return tuple(one for one in dates if one.role is not None)


def _with_market(supply: SupplyTerms, path: str, edit: Callable[[MarketStated], MarketStated]) -> SupplyTerms:
    place = _numbers(path)["ProductSupply"]
    return tuple(edit(one) if nth == place else one for nth, one in enumerate(supply))


def _with_supply(supply: SupplyTerms, path: str, edit: Callable[[SupplyStated], SupplyStated]) -> SupplyTerms:
    place = _numbers(path)["SupplyDetail"]

    def of_market(market: MarketStated) -> MarketStated:
        return market._replace(
            supplies=tuple(edit(one) if nth == place else one for nth, one in enumerate(market.supplies))
        )

    return _with_market(supply, path, of_market)


def _set_status(supply: SupplyTerms, path: str, value: str, _stated: Stated) -> SupplyTerms:
    return _with_market(supply, path, lambda market: market._replace(status=value))


def _drop_restriction(supply: SupplyTerms, path: str, value: str, _stated: Stated) -> SupplyTerms:
    def edit(market: MarketStated) -> MarketStated:
        return market._replace(restrictions=tuple(one for one in market.restrictions if (one.type or "") != value))

    return _with_market(supply, path, edit)


def _add_market(supply: SupplyTerms, _path: str, value: str, stated: Stated) -> SupplyTerms:
    text = orjson.dumps([[value], [], [], []]).decode()
    market = stated_id(text)
    stated[market] = text
    return (*supply, MarketStated(None, market, (), None, (), (_AVAILABLE,)))


def _add_supply(supply: SupplyTerms, path: str, value: str, _stated: Stated) -> SupplyTerms:
    one = _AVAILABLE._replace(availability=value)
    if not _numbers(path):
        return (*supply, MarketStated(None, None, (), None, (), (one,)))
    return _with_market(supply, path, lambda market: market._replace(supplies=(*market.supplies, one)))


def _set_availability(supply: SupplyTerms, path: str, value: str, _stated: Stated) -> SupplyTerms:
    return _with_supply(supply, path, lambda one: one._replace(availability=value))


def _set_unpriced(supply: SupplyTerms, path: str, value: str, _stated: Stated) -> SupplyTerms:
    return _with_supply(supply, path, lambda one: one._replace(unpriced=value))


def _drop_unpriced(supply: SupplyTerms, path: str, _value: str, _stated: Stated) -> SupplyTerms:
    return _with_supply(supply, path, lambda one: one._replace(unpriced=None))


def _state_price(supply: SupplyTerms, path: str, _value: str, _stated: Stated) -> SupplyTerms:
    return _with_supply(supply, path, lambda one: one._replace(unpriced=None, prices=(*one.prices, _SOME_PRICE)))


def _drop_price(supply: SupplyTerms, path: str, _value: str, _stated: Stated) -> SupplyTerms:
    place = _numbers(path)["Price"]

    def edit(one: SupplyStated) -> SupplyStated:
        return one._replace(prices=tuple(_NO_PRICE if nth == place else price for nth, price in enumerate(one.prices)))

    return _with_supply(supply, path, edit)


def _with_dates(supply: SupplyTerms, path: str, edit: Callable[[tuple[Dated, ...]], tuple[Dated, ...]]) -> SupplyTerms:
    if "SupplyDetail" in path:
        return _with_supply(supply, path, lambda one: one._replace(dates=edit(one.dates)))
    return _with_market(supply, path, lambda market: market._replace(dates=edit(market.dates)))


def _set_date(supply: SupplyTerms, path: str, value: str, _stated: Stated) -> SupplyTerms:
    return _with_dates(supply, path, lambda dates: dates_with(dates, path, value))


def _drop_date(supply: SupplyTerms, path: str, _value: str, _stated: Stated) -> SupplyTerms:
    return _with_dates(supply, path, lambda dates: dates_without(dates, path))


EDITS: Final[Mapping[str, Callable[[SupplyTerms, str, str, Stated], SupplyTerms]]] = {
    "set_status": _set_status,
    "drop_restriction": _drop_restriction,
    "add_market": _add_market,
    "add_supply": _add_supply,
    "set_availability": _set_availability,
    "set_unpriced": _set_unpriced,
    "drop_unpriced": _drop_unpriced,
    "state_price": _state_price,
    "drop_price": _drop_price,
    "set_date": _set_date,
    "drop_date": _drop_date,
}
"""By the kind of a change: block 6, a path and a value make another block 6."""
