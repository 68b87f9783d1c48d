"""Block 6 in one country: whether a market has the title, from which supplier, and at what price (AUDIOBOOKS 1.10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bindery.rights.countries import Mask
from bindery.rights.models import Model
from bindery.rights.pricing import NOT_YET, PRICED, Period, priced
from bindery.rights.reasons import Reason, Source
from bindery.rights.terms import MarketStated, SupplyStated, SupplyTerms
from bindery.rights.title import Title
from bindery.trade.restrictions import models_left_by
from bindery.trade.withdrawals import WITHDRAWN_AVAILABILITIES, WITHDRAWN_MARKET_STATUSES

_NOT_BY_ITSELF: Final = frozenset({"13", "18"})
_AVAILABLE: Final = frozenset({None, "20", "21", "22", "23"})
_ASK: Final = "99"
"""List 65: contact supplier. Normal where nothing is priced, as for subscription; not enough to sell by."""
_NOT_ALONE: Final = frozenset({"03", "05"})
_NOT_SUPPLIED: Final = "08"


def markets_of(title: Title, supply: SupplyTerms | None, here: Mask) -> Iterator[tuple[int, MarketStated, bool]]:
    """The markets that a country is in, or may be: their number from 1, and whether it surely is."""
    for number, market in enumerate(supply or (), 1):
        if market.market is None:
            yield number, market, True
        else:
            place = title.place(market.market)
            if here & place.reach:
                yield number, market, bool(here & place.countries)


class _Supply:
    """What the markets of block 6 say of one country, one after the other."""

    def __init__(self, title: Title, here: Mask, model: Model) -> None:
        self.title, self.here, self.model = title, here, model
        self.blocks: list[Reason] = []
        self.closed: list[Reason] = []
        self.lacking: list[Reason] = []
        self.periods: list[Period] = []
        self.is_inside = False

    def add(self, number: int, market: MarketStated, *, is_inside: bool) -> None:
        """A market that the country is in, or may be."""
        self.is_inside = self.is_inside or is_inside
        closing_it = list(_closed_market(market, self.title.supplied_by, number, self.model))
        self.blocks += closing_it
        if not is_inside or closing_it:
            return
        source = Source(self.title.supplied_by, "supply", f"ProductSupply[{number}]")
        if market.supplies:
            for nth, supply in enumerate(market.supplies, 1):
                self._add_supply(market, supply, source._replace(path=f"{source.path}/SupplyDetail[{nth}]"))
        elif PRICED[self.model]:
            self.lacking.append(Reason("no_price", "no supply", (source,)))
        else:
            self.periods.append(Period(source=source))

    def _add_supply(self, market: MarketStated, supply: SupplyStated, source: Source) -> None:
        why = _closed_supply(self.title, market, supply, source, self.model)
        if why is not None:
            self.closed.append(why)
            return
        found, missing = priced(self.title, supply, source, self.here, self.model)
        self.periods += found
        self.lacking += missing


def supplied(title: Title, here: Mask, model: Model) -> tuple[list[Reason], tuple[Period, ...]]:
    """What block 6 says of a country: why it isn't supplied, or when and at what price."""
    blocks = [*_of_others(title, here, model)]
    if title.supply is None:
        if PRICED[model]:
            return [*blocks, Reason("no_price", "no block 6")], ()
        return blocks, (Period(),)
    said = _Supply(title, here, model)
    for number, market, is_inside in markets_of(title, title.supply, here):
        said.add(number, market, is_inside=is_inside)
    blocks += said.blocks
    if not said.is_inside:
        blocks.append(Reason("outside_markets", "", (Source(title.supplied_by, "supply"),)))
    elif not said.periods and not said.blocks:
        # Suppliers that have it and lack a price are nearer to selling it than those that don't have it.
        blocks += said.lacking or said.closed
    return blocks, tuple(sorted(said.periods, key=lambda period: not period.is_special))


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
                if supply.availability in WITHDRAWN_AVAILABILITIES
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
        if voice.is_rejected and PRICED[model]:
            yield from _price_removed(title, place, voice.supply, here)


def _price_removed(title: Title, place: int, supply: SupplyTerms, here: Mask) -> Iterator[Reason]:
    """Whether rejected supplies of a country name no price for it, of whatever kind, nor why there is none."""
    supplies = [
        (one, Source(place, "supply", f"ProductSupply[{number}]/SupplyDetail[{nth}]"))
        for number, market, is_inside in markets_of(title, supply, here)
        if is_inside
        for nth, one in enumerate(market.supplies, 1)
    ]
    if supplies and not any(one.unpriced or _prices_here(title, one, here) for one, _ in supplies):
        yield Reason("price_removed", "", tuple(source for _, source in supplies))


def _prices_here(title: Title, supply: SupplyStated, here: Mask) -> bool:
    return any(price.territory is None or here & title.place(price.territory).countries for price in supply.prices)


def _closed_market(market: MarketStated, place: int | None, number: int, model: Model) -> Iterator[Reason]:
    """What closes a market for a model, whoever would supply it."""
    path = f"ProductSupply[{number}]"
    if market.status in WITHDRAWN_MARKET_STATUSES:
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
    if availability in NOT_YET:
        dated = any(one.role == "08" and one.date for one in supply.dates) or _is_dated(title, market)
        if not dated:
            return Reason("undated", f"availability:{availability}", (where,))
    elif availability not in _AVAILABLE and not (availability == _ASK and not PRICED[model]):
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
