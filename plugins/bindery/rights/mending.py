"""Which changes may take a reason away: the alternatives there are, the least first (FEATURES MS1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from bindery.rights.changes import Change, Kind
from bindery.rights.countries import Mask, bit
from bindery.rights.edges import zones_of
from bindery.rights.models import Model
from bindery.rights.pricing import PRICED
from bindery.rights.reasons import KINDS, Reason, Source
from bindery.rights.rights_edits import BESIDE, REST, place_of
from bindery.rights.stated_withdrawals import withdrawal_of
from bindery.rights.supplying import markets_of
from bindery.rights.telling import coded, record_of
from bindery.rights.terms import MarketStated, RightsStated, RightStated, rights_stated
from bindery.rights.title import Title
from bindery.trade.restrictions import models_left_by
from bindery.trade.territories import read_codes
from bindery.trade.withdrawals import WITHDRAWN_AVAILABILITIES, WITHDRAWN_MARKET_STATUSES

_ACTIVE: Final = "04"
_AVAILABLE: Final = "20"
_ASK: Final = "04"
"""List 57: contact supplier; what a title that is only subscribed to states in the place of a price."""
_UNRESTRICTED: Final = {"07": "01", "08": "02"}
_ANY_PRICE: Final = "any amount above zero in a currency of List 96"


class Asked(NamedTuple):
    """What a remedy is wanted for.

    Attributes:
        title: As it is after the changes found so far, with the places it had before them.
        country: ISO 3166-1 alpha-2.
        model: How it shall be offered.
        at: From when on.
    """

    title: Title
    country: str
    model: Model
    at: dt.datetime

    @property
    def here(self) -> Mask:
        """The country as a set."""
        return bit(self.country)

    @property
    def day(self) -> str:
        """The last day that has begun in every zone of the country."""
        return min(self.at.astimezone(zone).date() for zone in zones_of(self.country)).isoformat()

    def rights(self, place: int) -> RightsStated:
        """The sales rights of a record."""
        terms = self.title.voices[place].publishing
        return RightsStated((), None, ()) if terms is None else rights_stated(self.title.stated[terms.rights])


def mended_by(asked: Asked, reason: Reason) -> Iterator[Change]:
    """Changes each of which may take a reason away."""
    if reason.code in ("overridden", "limited"):
        override = reason.detail.removeprefix("override:")
        text = f"Release override {override}, if the decision no longer holds."
        yield _change("release_override", reason, Source(None), override, text)
        return
    sources = reason.sources or (Source(None),)
    for source in sources:
        if source.voice is not None and asked.title.voices[source.voice].is_rejected:
            yield _resend(asked, reason, source.voice)
        else:
            yield from _MENDERS.get(reason.code, _resent)(asked, reason, source)


def _change(kind: Kind, reason: Reason, source: Source, value: str, text: str) -> Change:
    return Change(kind, KINDS[reason.code].whose, source.voice, source.block, source.path, value, text)


def _resend(asked: Asked, reason: Reason, place: int | None) -> Change:
    if place is None:
        text = f"Send a record of {asked.title.isbn13} that passes the rules."
    else:
        without = "" if reason.code in ("deleted", "unknown") else ", where what it says is no longer so"
        text = f"Send {record_of(asked.title, place)} again, so that it passes the rules{without}."
    return _change("resend_record", reason, Source(place), "", text)


def _resent(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    place = source.voice
    if place is None and asked.title.voices and reason.code == "unknown":
        place = 0
    yield _resend(asked, reason, place)


def _withdrawn(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    place = source.voice
    if place is None or withdrawal_of(asked.title.voices[place], asked.title.stated) != reason.detail:
        yield _resend(asked, reason, place)
        return
    signal = reason.detail.partition(":")[0]
    if signal == "publishing_status":
        yield _status(asked, reason, Source(place, "publishing", "PublishingStatus"))
    elif signal == "sales_rights":
        yield from _state_right(asked, reason, source)
    elif signal == "sales_restriction":
        yield from _every_restriction(asked, reason, place)
    else:
        for number, market in _markets(asked, place):
            yield from _reopened(asked, reason, place, number, market)


def _markets(asked: Asked, place: int) -> list[tuple[int, MarketStated]]:
    """The markets of a record, the country's first."""
    supply = asked.title.voices[place].supply or ()
    here = {number for number, _, _ in markets_of(asked.title, supply, asked.here)}
    return sorted(enumerate(supply, 1), key=lambda pair: (pair[0] not in here, pair[0]))


def _reopened(asked: Asked, reason: Reason, place: int, number: int, market: MarketStated) -> Iterator[Change]:
    path = f"ProductSupply[{number}]"
    source = Source(place, "supply", path)
    if market.status in WITHDRAWN_MARKET_STATUSES:
        yield _status(asked, reason, source._replace(path=f"{path}/MarketPublishingDetail/MarketPublishingStatus"))
    for restriction in market.restrictions:
        if not getattr(models_left_by(restriction.type or ""), asked.model):
            where = source._replace(path=f"{path}/Market/SalesRestriction")
            yield _without_restriction(asked, reason, where, restriction.type or "")
    if not market.supplies and market.reference:
        yield from _add_supply(asked, reason, source)
    for nth, supply in enumerate(market.supplies, 1):
        if supply.availability in WITHDRAWN_AVAILABILITIES:
            where = source._replace(path=f"{path}/SupplyDetail[{nth}]/ProductAvailability")
            yield from _unavailable(asked, reason, where)


def _status(asked: Asked, reason: Reason, source: Source) -> Change:
    element = source.path.rpartition("/")[2]
    number = "64" if source.block == "publishing" else "68"
    text = f"State {element} {coded(number, _ACTIVE)} in {_at(asked, source)}, where that is true."
    return _change("set_status", reason, source, _ACTIVE, text)


def _at(asked: Asked, source: Source) -> str:
    """Where, in words: the element around what is stated, and the record."""
    around = source.path.rpartition("/")[0]
    record = record_of(asked.title, source.voice)
    return f"{around} of {record}" if around else record


def _state_right(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    place = source.voice if source.voice is not None else _who_states(asked.title)
    if place is None:
        yield from _resent(asked, reason, source)
        return
    where = Source(place, "publishing", "SalesRights")
    text = (
        f"State a SalesRights of type {coded('46', '02')} that names {asked.country} in "
        f"{record_of(asked.title, place)}, if the rights are held."
    )
    yield _change("state_right", reason, where, f"02 {asked.country}", text)


def _who_states(title: Title) -> int | None:
    """Whose the missing block would be: the record that won, else the first that counts and states block 4."""
    if title.supplied_by is not None:
        return title.supplied_by
    counting = [place for place, one in enumerate(title.voices) if one.state == "live" and not one.is_rejected]
    stating = [place for place in counting if title.voices[place].publishing is not None]
    return next(iter(stating or counting), None)


def _statement(asked: Asked, source: Source) -> RightStated | None:
    number = place_of(source.path)
    return None if number is None or source.voice is None else asked.rights(source.voice).rights[number]


def _names(asked: Asked, source: Source) -> bool:
    one = _statement(asked, source)
    return one is not None and asked.country in one.territory["countries_included"]


def _not_for_sale(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    if not _names(asked, source):
        yield from _state_right(asked, reason, source)
        return
    text = (
        f"Name {asked.country} in a SalesRights of type {coded('46', '02')} instead of in {source.path} of "
        f"{record_of(asked.title, source.voice)}, if the rights are held."
    )
    yield _change("move_country", reason, source, f"02 {asked.country}", text)


def _contradictory(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    one = _statement(asked, source)
    if one is None or one.type in ("01", "02", "07", "08"):
        return
    record = record_of(asked.title, source.voice)
    if _names(asked, source):
        text = (
            f"Name {asked.country} no longer in {source.path} (type {coded('46', one.type)}) of {record}, if the rights "
            "are held."
        )
        yield _change("drop_country", reason, source, asked.country, text)
    else:
        yield from _state_right(asked, reason, source)


def _doubtful(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    one = _statement(asked, source)
    if one is None:
        return
    record = record_of(asked.title, source.voice)
    codes = [
        code
        for element, regions in (("countries_included", False), ("regions_included", True))
        for code in one.territory[element]  # type: ignore[literal-required]
        if asked.country in read_codes([code], regions=regions).perhaps
    ]
    if codes:
        text = (
            f"State the ISO 3166-1 codes that are meant instead of {' '.join(codes)} in {source.path} of {record}, "
            f"without {asked.country} if the rights are held."
        )
        yield _change("drop_code", reason, source, " ".join(codes), text)
    text = f"Name {asked.country} in CountriesExcluded of {source.path} of {record}, if the rights are held."
    yield _change("exclude_country", reason, source, asked.country, text)
    text = f"Take {source.path} (type {coded('46', one.type)}) out of {record}, if the rights are held."
    yield _change("drop_statement", reason, source, "", text)


def _restriction_unstated(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    one = _statement(asked, source)
    if one is None:
        return
    plain = _UNRESTRICTED.get(one.type, "02")
    text = (
        f"State type {coded('46', plain)} in {source.path} of {record_of(asked.title, source.voice)}, if there is no "
        "restriction; else the SalesRestriction."
    )
    yield _change("set_right", reason, source, plain, text)


def _restricted(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    path = BESIDE if source.path == REST else source.path
    yield _without_restriction(asked, reason, source._replace(path=path), reason.detail.partition(":")[2])


def _without_restriction(asked: Asked, reason: Reason, source: Source, code: str) -> Change:
    element = "Market" if source.block == "supply" else source.path
    around = source.path.rpartition("/")[0] if source.block == "supply" else "" if element == BESIDE else element
    where = f"{around} of " if around else ""
    text = (
        f"Take SalesRestriction {coded('71', code) if code else 'without a code'} out of {where}"
        f"{record_of(asked.title, source.voice)}, where it doesn't hold."
    )
    return _change("drop_restriction", reason, source, code, text)


def _every_restriction(asked: Asked, reason: Reason, place: int) -> Iterator[Change]:
    stated = asked.rights(place)
    said = [(f"SalesRights[{nth}]", one.restrictions) for nth, one in enumerate(stated.rights, 1)]
    for path, restrictions in (*said, (BESIDE, stated.restrictions)):
        for one in restrictions:
            if not getattr(models_left_by(one.type or ""), asked.model):
                yield _without_restriction(asked, reason, Source(place, "publishing", path), one.type or "")


def _unavailable(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    if source.path.endswith("UnpricedItemType"):
        yield from _priced(asked, reason, source)
        return
    text = f"State ProductAvailability {coded('65', _AVAILABLE)} in {_at(asked, source)}, when that is true."
    yield _change("set_availability", reason, source, _AVAILABLE, text)


def _not_sold_separately(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    if source.path.endswith("Status"):
        yield _status(asked, reason, source)
    else:
        yield from _priced(asked, reason, source)


def _priced(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """What stands in the place of an UnpricedItemType."""
    if PRICED[asked.model]:
        yield from _state_price(asked, reason, source)
        return
    text = f"State UnpricedItemType {coded('57', _ASK)} or a price in {_at(asked, source)}, where it is sold by itself."
    yield _change("set_unpriced", reason, source, _ASK, text)


def _add_supply(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    text = (
        f"State a SupplyDetail with ProductAvailability {coded('65', _AVAILABLE)} and a price in {source.path} of "
        f"{record_of(asked.title, source.voice)}, where it is supplied."
    )
    yield _change("add_supply", reason, source, _AVAILABLE, text)


def _add_market(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    text = (
        f"State a ProductSupply whose Market names {asked.country}, with ProductAvailability "
        f"{coded('65', _AVAILABLE)} and a price, in {record_of(asked.title, source.voice)}, where it is supplied."
    )
    yield _change("add_market", reason, Source(source.voice, "supply", "ProductSupply"), asked.country, text)


def _state_price(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    if source.voice is None:
        place = _who_states(asked.title)
        if place is None:
            yield from _resent(asked, reason, source)
        else:
            yield from _add_supply(asked, reason, Source(place, "supply", "ProductSupply"))
        return
    market, _, rest = source.path.partition("/")
    if not rest:
        yield from _add_supply(asked, reason, source)
        return
    path = f"{market}/{rest.partition('/')[0]}"
    text = (
        f"State a price for {asked.country} and the model {asked.model}, {_ANY_PRICE}, in {path} of "
        f"{record_of(asked.title, source.voice)}."
    )
    yield _change("state_price", reason, source._replace(path=path), _ANY_PRICE, text)


def _price_contradictory(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    text = f"Take the wrong price away in {record_of(asked.title, source.voice)}: {reason.detail}, {source.path}."
    yield _change("drop_price", reason, source, "", text)


def _undated(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
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
        yield _status(asked, reason, source)
    else:
        yield from _unavailable(asked, reason, source)


def _published(asked: Asked, reason: Reason, source: Source) -> Change:
    element = source.path.rpartition("/")[2]
    text = (
        f"State {element} {coded('163', '01')} in {_at(asked, source)}: the day it comes out, for it to be live now "
        f"{asked.day} or before."
    )
    return _change("set_date", reason, source, f"01 {asked.day}", text)


def _dated(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    role = reason.detail.partition(":")[0]
    if source.path.rpartition("/")[2].startswith("Price"):
        yield from _state_price(asked, reason, source)
        return
    number = "166" if "SupplyDetail" in source.path else "163"
    text = (
        f"State the date {coded(number, role)} in {source.path} of {record_of(asked.title, source.voice)} so that it "
        f"can be read (List 55): for it to be live now {asked.day} or before, where that is true."
    )
    yield _change("set_date", reason, source, f"{role} {asked.day}", text)


def _ended(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    number = "166" if "SupplyDetail" in source.path else "163"
    role, _, day = reason.detail.partition(":")
    text = (
        f"Take {coded(number, role)} {day} out of {source.path} of {record_of(asked.title, source.voice)}, or state a "
        "later one, if the rights last."
    )
    yield _change("drop_date", reason, source, "", text)


_MENDERS: Final[Mapping[str, Callable[[Asked, Reason, Source], Iterator[Change]]]] = {
    "withdrawn": _withdrawn,
    "not_sold_separately": _not_sold_separately,
    "no_rights": _state_right,
    "rights_contradictory": _contradictory,
    "rights_doubtful": _doubtful,
    "restriction_unstated": _restriction_unstated,
    "not_for_sale": _not_for_sale,
    "rights_uncovered": _state_right,
    "restricted": _restricted,
    "market_withdrawn": lambda asked, reason, source: iter((_status(asked, reason, source),)),
    "unavailable": _unavailable,
    "no_market_supply": _add_supply,
    "outside_markets": _add_market,
    "not_announced": _dated,
    "embargoed": _dated,
    "not_published": _dated,
    "not_yet_available": _dated,
    "undated": _undated,
    "date_unreadable": _dated,
    "ended": _ended,
    "price_contradictory": _price_contradictory,
    "no_price": _state_price,
    "price_not_yet": _state_price,
    "price_over": _state_price,
}
"""By the code of a reason. What isn't here is mended by sending the record again."""
