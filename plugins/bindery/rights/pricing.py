"""Prices in one country for one model: which hold, from when, until when (AUDIOBOOKS 1.10; Lists 57, 58, 59, 96)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, NamedTuple

from bindery.rights.countries import Mask
from bindery.rights.edges import Edge, after, closing, opening
from bindery.rights.reasons import Reason, Source
from bindery.rights.terms import Dated, PriceStated, SupplyStated
from bindery.rights.title import Title
from bindery.trade.codelists import codelist
from bindery.trade.models import Model
from bindery.trade.prices import CONSUMER_TYPES, DATED_ONLY, QUALIFIERS, TOLD_APART_ELSEWHERE

NOT_YET: Final = frozenset({"10", "11", "12"})
"""List 65: not yet available."""
_FREE: Final = "01"
_ON_OTHER_TERMS: Final = frozenset({"04", "06", "07"})
"""List 57: contact supplier, revenue share, calculated: terms of a contract that stand for a price."""

PRICED: Final[dict[Model, bool]] = {"sale": True, "credit": True, "library": True, "subscription": False}
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


class _Priced(NamedTuple):
    """A price, read for a model: where it holds (None for everywhere), what is wrong with it, or its period."""

    where: Mask | None
    wrong: str | None
    key: Hashable
    period: Period


def priced(
    title: Title, supply: SupplyStated, source: Source, here: Mask, model: Model
) -> tuple[list[Period], list[Reason]]:
    """The periods in which one supplier supplies it; or why no price of it holds here."""
    read = ("priced", source, model)
    if read not in title.memo:
        title.memo[read] = _read_prices(title, supply, source, model)
    (opens, closes), prices = title.memo[read]
    periods: list[Period] = []
    values: dict[Hashable, Period] = {}
    for price in prices:
        if price.wrong is not None or (price.where is not None and not here & price.where):
            continue
        period: Period = price.period
        if price.key is not None:
            other = values.setdefault(price.key, period)
            if other is not period and Decimal(other.amount or 0) != Decimal(period.amount or 0):
                told = f"{other.amount} and {period.amount} {period.currency}"
                return [], [Reason("price_contradictory", told, (period.source,))]
        periods.append(period)
    unpriced = supply.unpriced
    if unpriced == _FREE and not periods:
        periods.append(Period(opens, closes, "0", None, source))
    elif not PRICED[model] or (model == "library" and not periods and unpriced in _ON_OTHER_TERMS):
        periods.append(Period(opens, closes, None, None, source))
    return periods, [] if periods else _missing(prices, here, unpriced, source)


def _missing(prices: Iterable[_Priced], here: Mask, unpriced: str | None, source: Source) -> list[Reason]:
    """Why no price holds here, price by price."""
    missing = []
    for price in prices:
        wrong = price.wrong or ""
        # Where a price of another kind is for says nothing, and cuts no cells.
        is_elsewhere = price.where is not None and not here & price.where and not wrong.startswith("qualifier:")
        detail = "for other countries" if is_elsewhere else wrong
        missing.append(Reason("no_price", detail, (price.period.source,)))
    if unpriced:
        missing.append(Reason("no_price", f"unpriced:{unpriced}", (source,)))
    return missing or [Reason("no_price", "none is stated", (source,))]


def _read_prices(
    title: Title, supply: SupplyStated, source: Source, model: Model
) -> tuple[tuple[tuple[Reason, ...], tuple[Reason, ...]], tuple[_Priced, ...]]:
    """What a supplier's dates wait for and end; and its prices, as they are in every country they are for."""
    opens, closes = _supply_dates(supply, source)
    found = []
    for nth, price in enumerate(supply.prices, 1):
        at = Source(source.voice, source.block, f"{source.path}/Price[{nth}]")
        where = None if price.territory is None else title.place(price.territory).countries
        wrong = _not_for(price, model)
        if wrong is not None:
            found.append(_Priced(where, wrong, None, Period(source=at)))
            continue
        # What the record model tells apart no further differs by its licence terms (rule Q5).
        key = None
        if price.qualifier not in TOLD_APART_ELSEWHERE:
            key = (price.type, price.qualifier, price.currency, price.dates, price.conditions)
        from_when, until = _price_dates(price, at)
        begins = max((reason.edge.at for reason in from_when if reason.edge), default="")
        holds = Holds(is_limited=bool(until), begins=begins)
        amount = "0" if price.amount is None else price.amount
        period = Period((*opens, *from_when), (*closes, *until), amount, price.currency, at, holds)
        found.append(_Priced(where, None, key, period))
    return (opens, closes), tuple(found)


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


def _not_for(price: PriceStated, model: Model) -> str | None:
    """Why a price isn't one of a model; None where it is."""
    if price.qualifier not in QUALIFIERS[model] or (price.qualifier in DATED_ONLY and not price.dates):
        return f"qualifier:{price.qualifier}"
    unreadable = [dated.role for dated in price.dates if _is_unreadable(dated)]
    if unreadable:
        return f"date:{unreadable[0]}"
    if price.unpriced is not None and price.amount is None:
        return None if price.unpriced == _FREE else f"unpriced:{price.unpriced}"
    return _wrong(price, model)


def _wrong(price: PriceStated, model: Model) -> str | None:
    """What is wrong with a price of a model."""
    if model in ("sale", "credit") and any(condition != "00" for condition in price.conditions):
        return "conditions"
    if price.type not in _TYPES[model]:
        return f"type:{price.type}"
    if price.currency not in codelist("96"):
        return f"currency:{price.currency}"
    return None if _is_positive(price.amount) else f"amount:{price.amount}"


@lru_cache(maxsize=10_000)
def _is_positive(amount: str | None) -> bool:
    try:
        return amount is not None and Decimal(amount) > 0
    except InvalidOperation:
        return False
