"""Prices: which one a consumer sees, and what is wrong with them (Lists 57, 58, 59, 96; AUDIOBOOKS 1.10, rule Q5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from bindery.catalogue.record import Price, PriceCondition, ProductSupply, Supply
from bindery.trade.codelists import codelist
from bindery.trade.models import Model

PriceProblem = Literal["currency", "type", "amount", "duplicate"]

CONSUMER_TYPES = frozenset({"01", "02", "03", "04", "41", "42"})
"""List 58: recommended, fixed and agency price, without and with tax. Net prices and nominal values are no consumer's,
pre-publication prices not for good."""
CONSUMER_QUALIFIERS = frozenset({None, "00", "05"})
"""List 59: none, unqualified, consumer."""
DATED_ONLY = frozenset({"08", "17"})
"""List 59: promotional and introductory prices, which need their dates."""
QUALIFIERS: Mapping[Model, frozenset[str | None]] = {
    "sale": CONSUMER_QUALIFIERS | DATED_ONLY,
    "credit": CONSUMER_QUALIFIERS | DATED_ONLY,
    "library": frozenset({None, "00", "06", "10", "14", "15", "16", "18"}),
    "subscription": frozenset({"13"}),
}
"""List 59 by model: which prices a model can have."""
TOLD_APART_ELSEWHERE = frozenset({"06", "10"})
"""List 59: library and corporate prices differ by licence terms, which the record model does not hold."""


def _stated(supply: list[ProductSupply]) -> Iterable[tuple[int, Supply, Price]]:
    for market, one in enumerate(supply):
        for detail in one["supplies"]:
            for price in detail["prices"]:
                yield market, detail, price


def prices_of(supply: list[ProductSupply] | None) -> list[Price]:
    """Every price of every market and supplier, as sent."""
    return [price for _, _, price in _stated(supply or [])]


def consumer_price(supply: list[ProductSupply] | None) -> Price | None:
    """The first price with an amount that any consumer pays: no net, library, promotional or subscription price."""
    for price in prices_of(supply):
        is_consumers = price["type"] in CONSUMER_TYPES and price["qualifier"] in CONSUMER_QUALIFIERS
        if is_consumers and price["amount"] and price["amount"] > 0:
            return price
    return None


def _is_duplicate(supply: list[ProductSupply]) -> bool:
    """Whether two prices differ in nothing but the amount: it can't be known which one holds."""
    amounts: dict[tuple[object, ...], object] = {}
    for market, detail, price in _stated(supply):
        if price["qualifier"] in TOLD_APART_ELSEWHERE:
            continue
        territory = tuple(tuple(sorted(codes)) for codes in price["territory"].values())  # type: ignore[call-overload]
        dates = tuple(sorted((one["role"], one["date"] or one["raw"]) for one in price["dates"]))
        supplier = (detail["supplier_role"], detail["supplier_name"])
        conditions = tuple(sorted(_condition(one) for one in price["conditions"]))
        key = (market, supplier, price["type"], price["qualifier"], conditions, price["currency"], territory, dates)
        value = price["amount"] if price["amount"] is not None else price["unpriced"]
        if amounts.setdefault(key, value) != value:
            return True
    return False


def _condition(condition: PriceCondition) -> tuple[str, ...]:
    """A condition as a sortable value."""
    stated = [condition["type"] or ""]
    for quantity in condition["quantities"]:
        stated += [quantity["type"] or "", quantity["value"] or "", quantity["unit"] or ""]
    return tuple(stated)


def price_problem(supply: list[ProductSupply] | None) -> PriceProblem | None:
    """The gravest thing wrong with the prices, header defaults applied.

    Returns:
        ``currency`` (missing or not in List 96), ``type`` (missing or not in List 58), ``amount`` (unreadable, zero or
        below; what is free has to say so), ``duplicate`` (two amounts for the same thing); None where all are good.
        Unpriced items need none of the three.
    """
    priced = [price for price in prices_of(supply) if price["unpriced"] is None or price["amount"] is not None]
    if any(price["currency"] not in codelist("96") for price in priced):
        return "currency"
    if any(price["type"] not in codelist("58") for price in priced):
        return "type"
    if any(price["amount"] is None or price["amount"] <= 0 for price in priced):
        return "amount"
    return "duplicate" if _is_duplicate(supply or []) else None
