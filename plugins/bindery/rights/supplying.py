"""Block 6 in one country: whether a market has the title, from which supplier, and at what price (AUDIOBOOKS 1.10)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, NamedTuple

from bindery.rights.countries import Mask
from bindery.rights.edges import after, closing, opening
from bindery.rights.models import Model
from bindery.rights.reasons import Reason, Source
from bindery.rights.terms import MarketStated, PriceStated, SupplyStated, SupplyTerms
from bindery.rights.title import Title
from bindery.trade.codelists import codelist
from bindery.trade.prices import CONSUMER_QUALIFIERS, CONSUMER_TYPES
from bindery.trade.restrictions import models_left_by
from bindery.trade.withdrawals import AVAILABILITIES, MARKET_STATUSES

_NOT_BY_ITSELF: Final = frozenset({"13", "18"})
_AVAILABLE: Final = frozenset({None, "20", "21", "22", "23"})
_NOT_YET: Final = frozenset({"10", "11", "12"})
_ASK: Final = "99"
"""List 65: contact supplier. Normal where nothing is priced, as for subscription; not enough to sell by."""
_NOT_ALONE: Final = frozenset({"03", "05"})
_FREE, _NOT_SUPPLIED: Final = "01", "08"
_ON_OTHER_TERMS: Final = frozenset({"04", "06", "07"})
"""List 57: contact supplier, revenue share, calculated: terms of a contract that stand for a price."""

_PRICED: Final[dict[Model, bool]] = {"sale": True, "credit": True, "library": True, "subscription": False}
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


class Period(NamedTuple):
    """A time in which a title is supplied, at a price or, where none is needed, without.

    Attributes:
        opens: What it waits for, each with its edge.
        closes: What ends it, each with its edge.
        amount: The price, a decimal number; None without one.
        currency: ISO 4217.
        source: Where it is stated.
        is_special: Whether it holds for a time only, and so goes before one that always holds.
    """

    opens: tuple[Reason, ...] = ()
    closes: tuple[Reason, ...] = ()
    amount: str | None = None
    currency: str | None = None
    source: Source = Source(None)
    is_special: bool = False


def markets_of(title: Title, supply: SupplyTerms | None, here: Mask) -> Iterator[tuple[int, MarketStated, bool]]:
    """The markets that a country is in, or may be: their number from 1, and whether it surely is."""
    for number, market in enumerate(supply or (), 1):
        if market.market is None:
            yield number, market, True
        else:
            place = title.place(market.market)
            if here & place.reach:
                yield number, market, bool(here & place.countries)


def supplied(title: Title, here: Mask, model: Model) -> tuple[list[Reason], tuple[Period, ...]]:
    """What block 6 says of a country: why it isn't supplied, or when and at what price."""
    blocks = [*_of_others(title, here, model)]
    if title.supply is None:
        if _PRICED[model]:
            return [*blocks, Reason("no_price", "no block 6")], ()
        return blocks, (Period(),)
    closed: list[Reason] = []
    periods: list[Period] = []
    lacking: list[Reason] = []
    is_inside = False
    for number, market, inside in markets_of(title, title.supply, here):
        place = title.supplied_by
        closing_it = list(_closed_market(market, place, number, model))
        blocks += closing_it
        if not inside or closing_it:
            is_inside = is_inside or inside
            continue
        is_inside = True
        if not market.supplies and not _PRICED[model]:
            periods.append(Period(source=Source(place, "supply", f"ProductSupply[{number}]")))
        elif not market.supplies:
            lacking.append(Reason("no_price", "no supply", (Source(place, "supply", f"ProductSupply[{number}]"),)))
        for nth, supply in enumerate(market.supplies, 1):
            source = Source(place, "supply", f"ProductSupply[{number}]/SupplyDetail[{nth}]")
            why = _closed_supply(title, market, supply, source, model)
            if why is not None:
                closed.append(why)
                continue
            found, missing = _priced(title, supply, source, here, model)
            periods += found
            lacking += missing
    if not is_inside:
        blocks.append(Reason("outside_markets", "", (Source(title.supplied_by, "supply"),)))
    elif not periods and not blocks:
        blocks += closed or lacking
    return blocks, tuple(sorted(periods, key=lambda period: not period.is_special))


def _of_others(title: Title, here: Mask, model: Model) -> Iterator[Reason]:
    """What takes a market down, said by records whose supply didn't win, and by rejected ones."""
    for place, voice in enumerate(title.voices):
        if voice.supply is None or place == title.supplied_by or not (voice.state == "live" or voice.is_rejected):
            continue
        for number, market, _ in markets_of(title, voice.supply, here):
            yield from _closed_market(market, place, number, model)
            signals = [
                Reason(
                    "unavailable",
                    f"availability:{supply.availability}",
                    (Source(place, "supply", f"ProductSupply[{number}]/SupplyDetail[{nth}]/ProductAvailability"),),
                )
                for nth, supply in enumerate(market.supplies, 1)
                if supply.availability in AVAILABILITIES
            ]
            if signals and len(signals) == len(market.supplies):
                yield from signals
            for nth, supply in enumerate(market.supplies, 1):
                if voice.is_rejected:
                    path = f"ProductSupply[{number}]/SupplyDetail[{nth}]/SupplyDate"
                    for dated in supply.dates:
                        # Its end can't be waited for: what is rejected isn't known to be right, only to be safe.
                        if dated.role == "51":
                            yield Reason("ended", f"51:{dated.date}", (Source(place, "supply", path),))
        if voice.is_rejected and _PRICED[model] and _has_no_price(voice.supply):
            yield Reason("price_removed", "", (Source(place, "supply"),))


def _has_no_price(supply: SupplyTerms) -> bool:
    return not any(one.prices or one.unpriced for market in supply for one in market.supplies)


def _closed_market(market: MarketStated, place: int | None, number: int, model: Model) -> Iterator[Reason]:
    """What closes a market for a model, whoever would supply it."""
    path = f"ProductSupply[{number}]"
    if market.status in MARKET_STATUSES:
        where = Source(place, "supply", f"{path}/MarketPublishingDetail/MarketPublishingStatus")
        yield Reason("market_withdrawn", f"market_status:{market.status}", (where,))
    if not market.supplies and market.reference:
        yield Reason("no_market_supply", "", (Source(place, "supply", path),))
    for restriction in market.restrictions:
        if not getattr(models_left_by(restriction.type or ""), model):
            where = Source(place, "supply", f"{path}/Market/SalesRestriction")
            yield Reason("restricted", f"restriction:{restriction.type}", (where,))


def _closed_supply(
    title: Title, market: MarketStated, supply: SupplyStated, source: Source, model: Model
) -> Reason | None:
    """Why one supplier of a market doesn't supply it."""
    availability, unpriced = supply.availability, supply.unpriced
    where = source._replace(path=f"{source.path}/ProductAvailability")
    if availability in _NOT_YET:
        dated = any(one.role == "08" and one.date for one in supply.dates) or _is_dated(title, market)
        if not dated:
            return Reason("undated", f"availability:{availability}", (where,))
    elif availability not in _AVAILABLE and not (availability == _ASK and not _PRICED[model]):
        return Reason("unavailable", f"availability:{availability}", (where,))
    where = source._replace(path=f"{source.path}/UnpricedItemType")
    if unpriced in _NOT_ALONE:
        return Reason("not_sold_separately", f"unpriced:{unpriced}", (where,))
    if unpriced == _NOT_SUPPLIED:
        return Reason("unavailable", f"unpriced:{unpriced}", (where,))
    for nth, one in enumerate(supply.dates, 1):
        if one.role == "02" and not one.date:
            return Reason("date_unreadable", "02", (source._replace(path=f"{source.path}/SupplyDate[{nth}]"),))
    return None


def _is_dated(title: Title, market: MarketStated) -> bool:
    """Whether a publication date says from when."""
    voice = title.voices[title.supplied_by] if title.supplied_by is not None else None
    dates = [*market.dates, *(voice.publishing.dates if voice and voice.publishing else ())]
    return any(one.role == "01" and one.date and one.date != "1900-01-01" for one in dates)


def _priced(
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
        key = (price.type, price.qualifier, price.currency, price.dates, price.conditions)
        amount = "0" if price.unpriced == _FREE else price.amount
        if price.amount is not None and values.setdefault(key, price.amount) != price.amount:
            return [], [Reason("price_contradictory", f"{values[key]} and {price.amount} {price.currency}", (where,))]
        from_when, until = _price_dates(price, where)
        ends = (*closes, *until)
        special = bool(until)
        periods.append(Period((*opens, *from_when), ends, amount, price.currency, where, special))
    unpriced = supply.unpriced
    if unpriced == _FREE and not periods:
        periods.append(Period(opens, closes, "0", None, source))
    elif not _PRICED[model] or (model == "library" and not periods and unpriced in _ON_OTHER_TERMS):
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
        if one.role in ("02", "50") or (one.role == "08" and supply.availability in _NOT_YET):
            edge = opening(one.date, one.precision)
            code = "embargoed" if one.role == "02" else "not_yet_available"
            if edge is not None:
                opens.append(Reason(code, detail, (where,), edge))
        elif one.role == "51":
            edge = closing(one.date, one.precision)
            if edge is not None:
                closes.append(Reason("ended", detail, (where,), edge))
    return tuple(opens), tuple(closes)


def _price_dates(price: PriceStated, where: Source) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """From when a price holds, and until when; without a date it always does (AUDIOBOOKS 1.10)."""
    opens, closes = [], []
    for one in price.dates:
        if one.role in ("14", "24") and (begins := one.begins if one.role == "24" else one.date):
            edge = opening(begins, one.precision)
            if edge is not None:
                opens.append(Reason("price_not_yet", f"{one.role}:{begins}", (where,), edge))
        if one.role in ("15", "24"):
            edge = after(one.date, one.precision)
            if edge is not None:
                closes.append(Reason("price_over", f"{one.role}:{one.date}", (where,), edge))
    return tuple(opens), tuple(closes)


def _not_for(title: Title, price: PriceStated, here: Mask, model: Model) -> str | None:
    """Why a price isn't one of a model in a country; None where it is."""
    if price.territory is not None and not here & title.place(price.territory).countries:
        return "for other countries"
    if price.qualifier not in _QUALIFIERS[model] or (price.qualifier in _DATED_ONLY and not price.dates):
        return f"qualifier:{price.qualifier}"
    if price.unpriced is not None and price.amount is None:
        return None if price.unpriced == _FREE else f"unpriced:{price.unpriced}"
    if any(condition != "00" for condition in price.conditions) and model in ("sale", "credit"):
        return "conditions"
    if price.type not in codelist("58") or price.type in _NOMINAL or (model in ("sale", "credit") and price.type not in _SALE_TYPES):
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
