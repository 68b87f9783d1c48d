"""Prices in one country for one model: which hold, from when, until when (AUDIOBOOKS 1.10; Lists 57, 58, 59, 96)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, NamedTuple

from bindery.rights.countries import Mask
from bindery.rights.edges import Edge, after, closing, opening
from bindery.rights.models import Model
from bindery.rights.reasons import Reason, Source
from bindery.rights.terms import Dated, PriceStated, SupplyStated
from bindery.rights.title import Title
from bindery.trade.codelists import codelist
from bindery.trade.prices import CONSUMER_QUALIFIERS, CONSUMER_TYPES, TOLD_APART_ELSEWHERE

NOT_YET: Final = frozenset({"10", "11", "12"})
"""List 65: not yet available."""
_FREE: Final = "01"
_ON_OTHER_TERMS: Final = frozenset({"04", "06", "07"})
"""List 57: contact supplier, revenue share, calculated: terms of a contract that stand for a price."""

PRICED: Final[dict[Model, bool]] = {"sale": True, "credit": True, "library": True, "subscription": False}
_DATED_ONLY: Final = frozenset({"08", "17"})
_QUALIFIERS: Final[dict[Model, frozenset[str | None]]] = {
    "sale": CONSUMER_QUALIFIERS | _DATED_ONLY,
    "credit": CONSUMER_QUALIFIERS | _DATED_ONLY,
    "library": frozenset({None, "00", "06", "10", "14", "15", "16", "18"}),
    "subscription": frozenset({"13"}),
}
"""List 59. Promotional (08) and introductory (17) prices need their dates."""
_SALE_TYPES: Final = CONSUMER_TYPES | frozenset({"11", "12", "13", "14", "33", "34"})
_NOMINAL: Final = frozenset({"35", "36", "37"})
"""List 58: values for gratis copies, claims and customs; no price of anything."""
_ANY_TYPE: Final = frozenset(codelist("58")) - _NOMINAL
_TYPES: Final[dict[Model, frozenset[str]]] = {
    "sale": _SALE_TYPES,
    "credit": _SALE_TYPES,
    "library": _ANY_TYPE,
    "subscription": _ANY_TYPE,
}


class Holds(NamedTuple):
    """How a price holds: whether for a time only, and from when (ISO 8601; empty for always)."""

    is_limited: bool = False
    begins: str = ""


class Period(NamedTuple):
    """A time in which a title is supplied, at a price or, where none is needed, without.

    Attributes:
        opens: What it waits for, each with its edge.
        closes: What ends it, each with its edge.
        amount: The price, a decimal number; None without one.
        currency: ISO 4217.
        source: Where it is stated.
        holds: How its price holds, by which periods are put in order.
    """

    opens: tuple[Reason, ...] = ()
    closes: tuple[Reason, ...] = ()
    amount: str | None = None
    currency: str | None = None
    source: Source = Source(None)
    holds: Holds = Holds()


def in_turn(periods: list[Period]) -> list[Period]:
    """Periods so that the first that holds is the one that counts.

    What holds for a time only goes before what holds for good, and what begins later before what it replaces; else the
    order is as stated.
    """
    later_first = sorted(periods, key=lambda period: period.holds.begins, reverse=True)
    return sorted(later_first, key=lambda period: not period.holds.is_limited)


def priced(
    title: Title, supply: SupplyStated, source: Source, here: Mask, model: Model
) -> tuple[list[Period], list[Reason]]:
    """The periods in which one supplier supplies it; or why no price of it holds here."""
    opens, closes = _supply_dates(supply, source)
    periods: list[Period] = []
    missing: list[Reason] = []
    values: dict[tuple[object, ...], str] = {}
    for nth, price in enumerate(supply.prices, 1):
        where = source._replace(path=f"{source.path}/Price[{nth}]")
        wrong = _not_for(title, price, here, model)
        if wrong is not None:
            missing.append(Reason("no_price", wrong, (where,)))
            continue
        amount = "0" if price.amount is None else price.amount
        key = (price.type, price.qualifier, price.currency, price.dates, price.conditions)
        # What the record model tells apart no further differs by its licence terms (rule Q5).
        is_told_apart = price.qualifier in TOLD_APART_ELSEWHERE
        if not is_told_apart and Decimal(values.setdefault(key, amount)) != Decimal(amount):
            return [], [Reason("price_contradictory", f"{values[key]} and {amount} {price.currency}", (where,))]
        from_when, until = _price_dates(price, where)
        begins = max((reason.edge.at for reason in from_when if reason.edge), default="")
        holds_for = Holds(is_limited=bool(until), begins=begins)
        periods.append(Period((*opens, *from_when), (*closes, *until), amount, price.currency, where, holds_for))
    unpriced = supply.unpriced
    if unpriced == _FREE and not periods:
        periods.append(Period(opens, closes, "0", None, source))
    elif not PRICED[model] or (model == "library" and not periods and unpriced in _ON_OTHER_TERMS):
        periods.append(Period(opens, closes, None, None, source))
    elif unpriced and not periods:
        missing.append(Reason("no_price", f"unpriced:{unpriced}", (source,)))
    if not periods and not missing:
        missing.append(Reason("no_price", "none is stated", (source,)))
    return periods, missing


def _supply_dates(supply: SupplyStated, source: Source) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """What a supplier's dates wait for (List 166: 02 embargo, 08 expected, 50 new supplier) and end (51)."""
    opens, closes = [], []
    for nth, one in enumerate(supply.dates, 1):
        where = source._replace(path=f"{source.path}/SupplyDate[{nth}]")
        detail = f"{one.role}:{one.date}"
        if one.role in ("02", "50") or (one.role == "08" and supply.availability in NOT_YET):
            edge = opening(one.date, one.precision)
            code = "embargoed" if one.role == "02" else "not_yet_available"
            if edge is not None:
                opens.append(Reason(code, detail, (where,), edge))
        elif one.role == "51":
            edge = closing_of(one)
            if edge is not None:
                closes.append(Reason("ended", detail, (where,), edge))
    return tuple(opens), tuple(closes)


def closing_of(dated: Dated) -> Edge | None:
    """When what ends on a date closes; of a spread, with its first half."""
    return closing(dated.begins or dated.date, dated.precision)


def _price_dates(price: PriceStated, where: Source) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """From when a price holds, and until when; without a date it always does (AUDIOBOOKS 1.10)."""
    opens, closes = [], []
    for one in price.dates:
        from_when = _from(one)
        if from_when and (edge := opening(from_when, one.precision)) is not None:
            opens.append(Reason("price_not_yet", f"{one.role}:{from_when}", (where,), edge))
        if one.role in ("15", "24") and (edge := after(one.date, one.precision)) is not None:
            closes.append(Reason("price_over", f"{one.role}:{one.date}", (where,), edge))
    return tuple(opens), tuple(closes)


def _from(dated: Dated) -> str | None:
    """The first date of a price (List 173: 14 from, 24 from and until)."""
    return dated.date if dated.role == "14" else dated.begins if dated.role == "24" else None


def _is_unreadable(dated: Dated) -> bool:
    """Whether a price's date can't be read, so that nobody knows when the price holds."""
    return (dated.role in ("14", "15", "24") and not dated.date) or (dated.role == "24" and not dated.begins)


def _not_for(title: Title, price: PriceStated, here: Mask, model: Model) -> str | None:
    """Why a price isn't one of a model in a country; None where it is."""
    if price.territory is not None and not here & title.place(price.territory).countries:
        return "for other countries"
    if price.qualifier not in _QUALIFIERS[model] or (price.qualifier in _DATED_ONLY and not price.dates):
        return f"qualifier:{price.qualifier}"
    unreadable = [dated.role for dated in price.dates if _is_unreadable(dated)]
    if unreadable:
        return f"date:{unreadable[0]}"
    if price.unpriced is not None and price.amount is None:
        return None if price.unpriced == _FREE else f"unpriced:{price.unpriced}"
    wrong = {
        "conditions": model in ("sale", "credit") and any(condition != "00" for condition in price.conditions),
        f"type:{price.type}": price.type not in _TYPES[model],
        f"currency:{price.currency}": price.currency not in codelist("96"),
        f"amount:{price.amount}": not _is_positive(price.amount),
    }
    return next((what for what, is_so in wrong.items() if is_so), None)


@lru_cache(maxsize=10_000)
def _is_positive(amount: str | None) -> bool:
    try:
        return amount is not None and Decimal(amount) > 0
    except InvalidOperation:
        return False
