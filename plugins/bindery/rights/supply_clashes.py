"""Where supply and dates contradict rights, each other, or the lists (FEATURES R2, MS14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from bindery.rights.clash import Contradiction, clash, counting
from bindery.rights.countries import Mask, everywhere
from bindery.rights.reasons import Source
from bindery.rights.rights_clashes import denied_by, granted_by, statement_on
from bindery.rights.terms import Dated, MarketStated, PriceStated, PublishingTerms, SupplyStated
from bindery.rights.title import Title, Voice
from bindery.trade.codelists import codelist
from bindery.trade.dates import latest_day
from bindery.trade.prices import CONSUMER_QUALIFIERS, CONSUMER_TYPES
from bindery.trade.restrictions import models_left_by
from bindery.trade.withdrawals import WITHDRAWN_AVAILABILITIES, WITHDRAWN_MARKET_STATUSES

_PUBLICATION: Final = "01"
_WITHDRAWN_FOR_GOOD: Final = "13"
_NEW_SUPPLIER: Final = "50"
_SUPPLIER_ENDS: Final = "51"
_FROM, _UNTIL, _FROM_UNTIL = "14", "15", "24"
_FREE: Final = "01"


class _Priced(NamedTuple):
    """A price with all that is around it."""

    price: PriceStated
    source: Source
    countries: Mask
    """Where it holds."""
    is_placed: bool
    """Whether anything says so: a price and a market that name no territory hold wherever there are rights."""


def supply_clashes(title: Title) -> Iterator[Contradiction]:
    """Every contradiction in what records say of supply, prices and dates."""
    for place, voice in counting(title):
        prices = list(_prices(title, place, voice))
        for priced in prices:
            yield from _without_rights(title, place, voice, priced)
        yield from _without_price(title, place, voice, prices)
        yield from _ends_early(title, place, voice)
        for priced in prices:
            yield from _price_ends_early(voice, priced)
            yield from _unknown_currency(voice, priced)


def _prices(title: Title, place: int, voice: Voice) -> Iterator[_Priced]:
    for number, market in enumerate(voice.supply or (), 1):
        inside = _inside(title, market)
        for nth, supply in enumerate(market.supplies, 1):
            for which, price in enumerate(supply.prices, 1):
                path = f"ProductSupply[{number}]/SupplyDetail[{nth}]/Price[{which}]"
                where = inside if price.territory is None else inside & title.place(price.territory).countries
                is_placed = price.territory is not None or market.market is not None
                yield _Priced(price, Source(place, "supply", path), where, is_placed)


def _inside(title: Title, market: MarketStated) -> Mask:
    return everywhere() if market.market is None else title.place(market.market).countries


def _is_consumers(price: PriceStated) -> bool:
    is_priced = price.amount is not None or price.unpriced == _FREE
    return is_priced and price.type in CONSUMER_TYPES and price.qualifier in CONSUMER_QUALIFIERS


def _rights_beside(title: Title, place: int, voice: Voice) -> list[tuple[int, PublishingTerms]]:
    """The rights that a record's supply goes by: its own; of one that states none, all others'."""
    if voice.publishing is not None:
        return [(place, voice.publishing)]
    return [(at, one.publishing) for at, one in counting(title) if one.publishing is not None]


def _without_rights(title: Title, place: int, voice: Voice, priced: _Priced) -> Iterator[Contradiction]:
    if not priced.is_placed or not _is_consumers(priced.price):
        return
    for at, terms in _rights_beside(title, place, voice):
        both = priced.countries & denied_by(title, terms)
        if both:
            text = f"{_record(voice)} states the price {_amount(priced.price)} where it is not for sale"
            yield from clash("price_without_rights", both, priced.source, statement_on(title, at, terms, both), text)


def _without_price(title: Title, place: int, voice: Voice, prices: Sequence[_Priced]) -> Iterator[Contradiction]:
    beside = _rights_beside(title, place, voice)
    has_price: Mask = 0
    for priced in prices:
        if _is_consumers(priced.price):
            has_price |= priced.countries
    if not has_price or not beside:
        return
    allowed = everywhere()
    for _, terms in beside:
        allowed &= granted_by(title, terms)
    lacking: Mask = 0
    for market in voice.supply or ():
        if _sells(market):
            lacking |= allowed & _inside(title, market) & ~has_price
    # What one market of the country deliberately leaves unpriced needs no price.
    for market in voice.supply or ():
        if any(map(_is_unpriced, market.supplies)):
            lacking &= ~_inside(title, market)
    if lacking:
        (at, terms), first = beside[0], lacking & -lacking
        number = next(
            number
            for number, market in enumerate(voice.supply or (), 1)
            if _sells(market) and first & _inside(title, market)
        )
        text = f"{_record(voice)} states prices for other countries and none where it may be sold and is supplied"
        source = Source(place, "supply", f"ProductSupply[{number}]")
        yield from clash("rights_without_price", lacking, source, statement_on(title, at, terms, lacking), text)


def _sells(market: MarketStated) -> bool:
    """Whether a market says that it sells the title one by one."""
    if (
        market.status in WITHDRAWN_MARKET_STATUSES
        or not models_left_by(*(one.type for one in market.restrictions)).sale
    ):
        return False
    return any(
        supply.availability not in WITHDRAWN_AVAILABILITIES and not _is_unpriced(supply) for supply in market.supplies
    )


def _is_unpriced(supply: SupplyStated) -> bool:
    return supply.unpriced is not None or any(price.unpriced is not None for price in supply.prices)


def _unknown_currency(voice: Voice, priced: _Priced) -> Iterator[Contradiction]:
    price = priced.price
    if price.amount is not None and price.currency not in codelist("96"):
        which = f"{price.currency}, which List 96 doesn't have" if price.currency else "no currency"
        text = f"{_record(voice)} states the amount {price.amount} in {which}"
        yield from clash("unknown_currency", priced.countries, priced.source, None, text)


def _ends_early(title: Title, place: int, voice: Voice) -> Iterator[Contradiction]:
    """Ends that come before publication, and of a supplier before it begins."""
    general = list(voice.publishing.dates) if voice.publishing else []
    paths = [f"PublishingDate[{nth}]" for nth in range(1, len(general) + 1)]
    published = _of_role(general, paths, _PUBLICATION, place, "publishing")
    ended = _of_role(general, paths, _WITHDRAWN_FOR_GOOD, place, "publishing")
    yield from _early(voice, everywhere(), published, ended)
    for number, market in enumerate(voice.supply or (), 1):
        inside = _inside(title, market)
        base = f"ProductSupply[{number}]"
        here = [f"{base}/MarketPublishingDetail/MarketDate[{nth}]" for nth in range(1, len(market.dates) + 1)]
        starts = _of_role(market.dates, here, _PUBLICATION, place, "supply")
        ends = _of_role(market.dates, here, _WITHDRAWN_FOR_GOOD, place, "supply")
        # What the market states goes before the general date; two general ones were compared already.
        if starts or ends:
            yield from _early(voice, inside, starts or published, ends or ended)
        for nth, supply in enumerate(market.supplies, 1):
            here = [f"{base}/SupplyDetail[{nth}]/SupplyDate[{which}]" for which in range(1, len(supply.dates) + 1)]
            begins = _of_role(supply.dates, here, _NEW_SUPPLIER, place, "supply")
            over = _of_role(supply.dates, here, _SUPPLIER_ENDS, place, "supply")
            yield from _early(voice, inside, [*begins, *(starts or published)], over)


_Placed = tuple[Dated, Source]


def _of_role(dates: Sequence[Dated], paths: Sequence[str], role: str, place: int, block: str) -> list[_Placed]:
    return [
        (one, Source(place, block, path))
        for one, path in zip(dates, paths, strict=True)
        if one.role == role and one.date and one.precision
    ]


def _early(
    voice: Voice, countries: Mask, starts: Sequence[_Placed], ends: Sequence[_Placed]
) -> Iterator[Contradiction]:
    for end, ends_at in ends:
        for start, starts_at in starts:
            if _surely_before((end.date, end.precision), (start.date, start.precision)):
                text = f"{_record(voice)} ends it on {end.date}, before it begins on {start.date}"
                yield from clash("end_before_start", countries, ends_at, starts_at, text)


def _price_ends_early(voice: Voice, priced: _Priced) -> Iterator[Contradiction]:
    dates = priced.price.dates
    starts = [
        (one.begins if one.role == _FROM_UNTIL else one.date, one.precision)
        for one in dates
        if one.role in (_FROM, _FROM_UNTIL)
    ]
    ends = [(one.date, one.precision) for one in dates if one.role in (_UNTIL, _FROM_UNTIL)]
    for end in ends:
        for start in starts:
            if _surely_before(end, start):
                what = f"{_record(voice)} ends the price {_amount(priced.price)}"
                text = f"{what} on {end[0]}, before it begins on {start[0]}"
                yield from clash("end_before_start", priced.countries, priced.source, priced.source, text)


@lru_cache(maxsize=50_000)
def _surely_before(end: tuple[str | None, str | None], start: tuple[str | None, str | None]) -> bool:
    """Whether a date is before another whatever day of them is meant, and in whatever zone."""
    if not (end[0] and end[1] and start[0] and start[1]):
        return False
    if end[1] == start[1] == "time":
        moments = [dt.datetime.fromisoformat(one) for one in (end[0], start[0])]
        if (moments[0].tzinfo is None) == (moments[1].tzinfo is None):
            return moments[0] < moments[1]
    last, first = latest_day(end[0][:10], _day(end[1])), dt.date.fromisoformat((start[0] + "-01-01")[:10])
    is_same_clock = not any(_has_zone(*one) for one in (end, start))
    return (first - last).days > (0 if is_same_clock else 1)


def _day(precision: str) -> str:
    return "day" if precision == "time" else precision


def _has_zone(date: str | None, precision: str | None) -> bool:
    return precision == "time" and date is not None and dt.datetime.fromisoformat(date).tzinfo is not None


def _record(voice: Voice) -> str:
    return f"record {voice.record_reference} of {voice.supplier}"


def _amount(price: PriceStated) -> str:
    return f"{price.amount} {price.currency or ''}".rstrip() if price.amount is not None else "0"
