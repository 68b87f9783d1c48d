"""Which changes of block 6, of dates and of prices may take a reason away (``bindery.rights.mending``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bindery.rights.changes import Change
from bindery.rights.mending_rights import without_restriction
from bindery.rights.orders import Asked, order, place_in_words, resent, set_status, who_states
from bindery.rights.pricing import PRICED
from bindery.rights.reasons import Reason, Source
from bindery.rights.supplying import markets_of
from bindery.rights.telling import coded, record_of
from bindery.rights.terms import MarketStated
from bindery.trade.restrictions import models_left_by
from bindery.trade.withdrawals import WITHDRAWN_AVAILABILITIES, WITHDRAWN_MARKET_STATUSES

_AVAILABLE: Final = "20"
_ASK: Final = "04"
"""List 57: contact supplier; what a title that is only subscribed to states in the place of a price."""
_ANY_PRICE: Final = "any amount above zero in a currency of List 96"


def markets(asked: Asked, place: int) -> list[tuple[int, MarketStated]]:
    """The markets of a record, the country's first."""
    supply = asked.title.voices[place].supply or ()
    here = {number for number, _, _ in markets_of(asked.title, supply, asked.here)}
    return sorted(enumerate(supply, 1), key=lambda pair: (pair[0] not in here, pair[0]))


def reopened(asked: Asked, reason: Reason, place: int, number: int, market: MarketStated) -> Iterator[Change]:
    """What takes a market down, away."""
    path = f"ProductSupply[{number}]"
    source = Source(place, "supply", path)
    if market.status in WITHDRAWN_MARKET_STATUSES:
        yield set_status(asked, reason, source._replace(path=f"{path}/MarketPublishingDetail/MarketPublishingStatus"))
    for restriction in market.restrictions:
        if not getattr(models_left_by(restriction.type or ""), asked.model):
            where = source._replace(path=f"{path}/Market/SalesRestriction")
            yield without_restriction(asked, reason, where, restriction.type or "")
    if not market.supplies and market.reference:
        yield from add_supply(asked, reason, source)
    for nth, supply in enumerate(market.supplies, 1):
        if supply.availability in WITHDRAWN_AVAILABILITIES:
            where = source._replace(path=f"{path}/SupplyDetail[{nth}]/ProductAvailability")
            yield from unavailable(asked, reason, where)


def unavailable(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """An available product, or a supplier that does supply."""
    if source.path.endswith("UnpricedItemType"):
        yield from other_price(asked, reason, source)
        return
    text = f"State ProductAvailability {coded('65', _AVAILABLE)} in {place_in_words(asked, source)}, when that is true."
    yield order("set_availability", reason, source, _AVAILABLE, text)


def other_price(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """What stands in the place of an UnpricedItemType: a price that is stated beside it, or another."""
    at = place_in_words(asked, source)
    text = f"Take UnpricedItemType out of {at}, where it is sold by itself at the prices stated beside it."
    yield order("drop_unpriced", reason, source, "", text)
    if PRICED[asked.model]:
        yield from state_price(asked, reason, source)
        return
    text = f"State UnpricedItemType {coded('57', _ASK)} or a price in {at}, where it is sold by itself."
    yield order("set_unpriced", reason, source, _ASK, text)


def add_supply(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """A supplier for a market that has none."""
    text = (
        f"State a SupplyDetail with ProductAvailability {coded('65', _AVAILABLE)} and a price in {source.path} of "
        f"{record_of(asked.title, source.voice)}, where it is supplied."
    )
    yield order("add_supply", reason, source, _AVAILABLE, text)


def add_market(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """A market for the country."""
    text = (
        f"State a ProductSupply whose Market names {asked.country}, with ProductAvailability "
        f"{coded('65', _AVAILABLE)} and a price, in {record_of(asked.title, source.voice)}, where it is supplied."
    )
    yield order("add_market", reason, Source(source.voice, "supply", "ProductSupply"), asked.country, text)


def state_price(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """A price more; where there is no market to state it in, one."""
    if source.voice is None:
        place = who_states(asked.title)
        if place is None:
            yield from resent(asked, reason, source)
        else:
            yield from add_supply(asked, reason, Source(place, "supply", "ProductSupply"))
        return
    market, _, rest = source.path.partition("/")
    if not rest:
        yield from add_supply(asked, reason, source)
        return
    path = f"{market}/{rest.partition('/')[0]}"
    text = (
        f"State a price for {asked.country} and the model {asked.model}, {_ANY_PRICE}, in {path} of "
        f"{record_of(asked.title, source.voice)}."
    )
    yield order("state_price", reason, source._replace(path=path), _ANY_PRICE, text)


def price_contradictory(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """The second of the two prices away."""
    text = f"Take the wrong one of the two prices, {reason.detail}, out of {place_in_words(asked, source)}."
    yield order("drop_price", reason, source, "", text)


def undated(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """A publication date, or what says that it is out."""
    if source.voice is None:
        return
    market = f"{source.path.partition('/')[0]}/MarketPublishingDetail/MarketDate"
    in_market = Source(source.voice, "supply", market)
    general = Source(source.voice, "publishing", "PublishingDate")
    if asked.title.voices[source.voice].publishing is not None:
        yield _published(asked, reason, general)
    if source.block == "supply":
        yield _published(asked, reason, in_market)
    else:
        supply = asked.title.voices[source.voice].supply
        for number, _, is_inside in markets_of(asked.title, supply, asked.here):
            if is_inside:
                path = f"ProductSupply[{number}]/MarketPublishingDetail/MarketDate"
                yield _published(asked, reason, in_market._replace(path=path))
    if source.path.endswith("Status"):
        yield set_status(asked, reason, source)
    else:
        yield from unavailable(asked, reason, source)


def _published(asked: Asked, reason: Reason, source: Source) -> Change:
    element = source.path.rpartition("/")[2]
    text = (
        f"State {element} {coded('163', '01')} in {place_in_words(asked, source)}: the day it comes out, for it to be "
        f"live now {asked.day} or before."
    )
    return order("set_date", reason, source, f"01 {asked.day}", text)


def dated(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """A date that is read, and is over."""
    role = reason.detail.partition(":")[0]
    if source.path.rpartition("/")[2].startswith("Price"):
        yield from state_price(asked, reason, source)
        return
    number = "166" if "SupplyDetail" in source.path else "163"
    wrong = "so that it can be read (List 55)" if reason.edge is None else f"in the place of {reason.detail}"
    text = (
        f"State the date {coded(number, role)} in {source.path} of {record_of(asked.title, source.voice)} {wrong}: for "
        f"it to be live now {asked.day} or before, where that is true."
    )
    yield order("set_date", reason, source, f"{role} {asked.day}", text)


def ended(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """The end away."""
    number = "166" if "SupplyDetail" in source.path else "163"
    role, _, day = reason.detail.partition(":")
    text = (
        f"Take {coded(number, role)} {day} out of {source.path} of {record_of(asked.title, source.voice)}, or state a "
        "later one, if the rights last."
    )
    yield order("drop_date", reason, source, "", text)
