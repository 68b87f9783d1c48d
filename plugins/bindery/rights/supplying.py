"""Block 6 in one country: whether a market has the title, from which supplier, and at what price (AUDIOBOOKS 1.10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bindery.rights.countries import Mask
from bindery.rights.edges import opening
from bindery.rights.pricing import NOT_YET, PRICED, Period, closing_of, in_turn, priced
from bindery.rights.reasons import Reason, Source
from bindery.rights.terms import Dated, MarketStated, SupplyStated, SupplyTerms
from bindery.rights.title import Title, Voice
from bindery.trade.models import Model
from bindery.trade.restrictions import models_left_by
from bindery.trade.withdrawals import WITHDRAWN_AVAILABILITIES, WITHDRAWN_MARKET_STATUSES

_AVAILABLE: Final = frozenset({None, "20", "21", "22", "23"})
_ASK: Final = "99"
"""List 65: contact supplier. Normal where nothing is priced, as for subscription; not enough to sell by."""
_NOT_ALONE: Final = frozenset({"03", "05"})
_NOT_SUPPLIED: Final = "08"
_PUBLICATION: Final = "01"
_FILLER: Final = "1900-01-01"
_MUST_BE_READ: Final = ("02", "50", "51")
"""List 166: sales embargo, start and end of a supplier."""


def is_filler(dated: Dated) -> bool:
    """Whether a date of publication only stands for one that isn't known."""
    return dated.role == _PUBLICATION and dated.date == _FILLER


def is_known(dated: Dated) -> bool:
    """Whether a date says when."""
    return bool(dated.date and dated.precision) and not is_filler(dated)


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
                self._add_supply(market, supply, Source(source.voice, "supply", f"{source.path}/SupplyDetail[{nth}]"))
        elif PRICED[self.model]:
            self.lacking.append(Reason("no_price", "no supply", (source,)))
        else:
            self.periods.append(Period(source=source))

    def _add_supply(self, market: MarketStated, supply: SupplyStated, source: Source) -> None:
        memo, key = self.title.memo, ("closed", source, self.model)
        if key not in memo:
            memo[key] = _closed_supply(self.title, market, supply, source, self.model)
        why: Reason | None = memo[key]
        if why is not None:
            self.closed.append(why)
            return
        found, missing = priced(self.title, supply, source, self.here, self.model)
        self.periods += found
        self.lacking += missing


def supplied(title: Title, here: Mask, model: Model) -> tuple[list[Reason], tuple[Period, ...]]:
    """What block 6 says of a country: why it isn't supplied, or when and at what price.

    Returns:
        Reasons, those with an edge for what waits or ends; then the periods.
    """
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
    return blocks, tuple(in_turn(said.periods))


def _of_others(title: Title, here: Mask, model: Model) -> Iterator[Reason]:
    """What takes a market down or holds it back, said by records whose supply didn't win, and by rejected ones."""
    for place, voice in enumerate(title.voices):
        if voice.supply is None or place == title.supplied_by or not (voice.state == "live" or voice.is_rejected):
            continue
        is_newer_word = voice.is_rejected and _follows_what_won(title, voice)
        for number, market, _ in markets_of(title, voice.supply, here):
            yield from _closed_market(market, place, number, model)
            against = []
            for nth, supply in enumerate(market.supplies, 1):
                source = Source(place, "supply", f"ProductSupply[{number}]/SupplyDetail[{nth}]")
                against.append(list(_against(supply, source, model, is_newer_word=is_newer_word)))
            yield from _said_by_all(against)
        if is_newer_word and PRICED[model]:
            yield from _price_removed(title, place, voice.supply, here)


def _said_by_all(against: list[list[Reason]]) -> Iterator[Reason]:
    """What is said against a market as a whole, because one supplier of it that goes on is enough.

    Args:
        against: What each of its suppliers says.
    """
    going_on = [reasons for reasons in against if all(reason.edge for reason in reasons)]
    if not going_on:
        yield from (reason for reasons in against for reason in reasons if reason.edge is None)
    for code in ("embargoed", "ended"):
        of_each = [[reason for reason in reasons if reason.code == code and reason.edge] for reasons in going_on]
        if all(of_each):
            yield from (reason for reasons in of_each for reason in reasons)


def _follows_what_won(title: Title, voice: Voice) -> bool:
    """Whether a record that was rejected is the newer word of the one whose supply won."""
    if title.supplied_by is None:
        return False
    won = title.voices[title.supplied_by]
    return (voice.supplier, voice.record_reference) == (won.supplier, won.record_reference)


def _against(supply: SupplyStated, source: Source, model: Model, *, is_newer_word: bool) -> Iterator[Reason]:
    """What a supplier of another record says against an offer.

    A withdrawal and an embargo count whoever states them; that it isn't available and the end of supply only in the
    newer word of the record that won, because they are a supplier's own.
    """
    availability = supply.availability
    is_away = availability in WITHDRAWN_AVAILABILITIES
    # What isn't available yet is not waited for: what is rejected isn't known to be right, only to be safe.
    if is_away or (is_newer_word and not _is_available(availability, model)):
        where = source._replace(path=f"{source.path}/ProductAvailability")
        yield Reason("unavailable", f"availability:{availability}", (where,))
    if is_newer_word and (why := _unpriced(supply, source)) is not None:
        yield why
    for nth, dated in enumerate(supply.dates, 1):
        where = source._replace(path=f"{source.path}/SupplyDate[{nth}]")
        if dated.role == "02" or (dated.role == "51" and is_newer_word):
            code = "embargoed" if dated.role == "02" else "ended"
            edge = opening(dated.date, dated.precision) if dated.role == "02" else closing_of(dated)
            if edge is None:
                yield Reason("date_unreadable", dated.role, (where,))
            else:
                yield Reason(code, f"{dated.role}:{dated.date}", (where,), edge)


def _price_removed(title: Title, place: int, supply: SupplyTerms, here: Mask) -> Iterator[Reason]:
    """Whether rejected supplies of a country name no price for it any more, of whatever kind, nor why there is none."""
    supplies = _supplies_of(title, supply, here)
    was_named, is_named = (
        any(one.unpriced or _prices_here(title, one, here) for _, one in said)
        for said in (_supplies_of(title, title.supply, here), supplies)
    )
    if supplies and was_named and not is_named:
        yield Reason("price_removed", "", tuple(Source(place, "supply", path) for path, _ in supplies))


def _supplies_of(title: Title, supply: SupplyTerms | None, here: Mask) -> list[tuple[str, SupplyStated]]:
    """The supplies of a country, each with its path."""
    return [
        (f"ProductSupply[{number}]/SupplyDetail[{nth}]", one)
        for number, market, is_inside in markets_of(title, supply, here)
        if is_inside
        for nth, one in enumerate(market.supplies, 1)
    ]


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
    availability = supply.availability
    if availability in NOT_YET:
        dated = any(one.role == "08" and is_known(one) for one in supply.dates) or _is_dated(title, market)
        why = None if dated else "undated"
    else:
        why = None if _is_available(availability, model) else "unavailable"
    if why is not None:
        where = source._replace(path=f"{source.path}/ProductAvailability")
        return Reason(why, f"availability:{availability}", (where,))
    if (unpriced := _unpriced(supply, source)) is not None:
        return unpriced
    for nth, one in enumerate(supply.dates, 1):
        if one.role in _MUST_BE_READ and not is_known(one):
            return Reason("date_unreadable", one.role, (source._replace(path=f"{source.path}/SupplyDate[{nth}]"),))
    return None


def _is_available(availability: str | None, model: Model) -> bool:
    return availability in _AVAILABLE or (availability == _ASK and not PRICED[model])


def _unpriced(supply: SupplyStated, source: Source) -> Reason | None:
    """What a supplier says in the place of a price that forbids to sell it."""
    if supply.unpriced is None:
        return None
    where = source._replace(path=f"{source.path}/UnpricedItemType")
    if supply.unpriced in _NOT_ALONE:
        return Reason("not_sold_separately", f"unpriced:{supply.unpriced}", (where,))
    if supply.unpriced == _NOT_SUPPLIED:
        return Reason("unavailable", f"unpriced:{supply.unpriced}", (where,))
    return None


def _is_dated(title: Title, market: MarketStated) -> bool:
    """Whether a publication date says from when."""
    voice = title.voices[title.supplied_by] if title.supplied_by is not None else None
    dates = [*market.dates, *(voice.publishing.dates if voice and voice.publishing else ())]
    return any(one.role == _PUBLICATION and is_known(one) for one in dates)
