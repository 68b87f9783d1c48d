"""Which changes may take a reason away: the alternatives there are, the least first (FEATURES MS1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bindery.rights import mending_rights as of_rights
from bindery.rights import mending_supply as of_supply
from bindery.rights.changes import Change
from bindery.rights.orders import Asked, order, resend, resent, set_status
from bindery.rights.reasons import Reason, Source
from bindery.rights.stated_withdrawals import withdrawal_of


def mended_by(asked: Asked, reason: Reason) -> Iterator[Change]:
    """Changes each of which may take a reason away."""
    if reason.code in ("overridden", "limited"):
        override = reason.detail.removeprefix("override:")
        text = f"Release override {override}, if the decision no longer holds."
        yield order("release_override", reason, Source(None), override, text)
        return
    for source in reason.sources or (Source(None),):
        for change in _alternatives(asked, reason, source):
            by_person = change.voice is not None and not asked.title.voices[change.voice].supplier
            yield replace(change, whose="rights desk") if by_person else change


def _alternatives(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    if source.voice is not None and asked.title.voices[source.voice].is_rejected:
        yield resend(asked, reason, source.voice)
    else:
        yield from _MENDERS.get(reason.code, resent)(asked, reason, source)


def _withdrawn(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    place = source.voice
    if place is None or withdrawal_of(asked.title.voices[place], asked.title.stated) != reason.detail:
        yield resend(asked, reason, place)
        return
    signal = reason.detail.partition(":")[0]
    if signal == "publishing_status":
        yield set_status(asked, reason, Source(place, "publishing", "PublishingStatus"))
    elif signal == "sales_rights":
        yield from of_rights.state_right(asked, reason, source)
    elif signal == "sales_restriction":
        yield from of_rights.every_restriction(asked, reason, place)
    else:
        for number, market in of_supply.markets(asked, place):
            yield from of_supply.reopened(asked, reason, place, number, market)


def _not_sold_separately(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    if source.path.endswith("Status"):
        yield set_status(asked, reason, source)
    else:
        yield from of_supply.other_price(asked, reason, source)


_MENDERS: Final[Mapping[str, Callable[[Asked, Reason, Source], Iterator[Change]]]] = {
    "withdrawn": _withdrawn,
    "not_sold_separately": _not_sold_separately,
    "no_rights": of_rights.state_right,
    "rights_contradictory": of_rights.contradictory,
    "rights_doubtful": of_rights.doubtful,
    "restriction_unstated": of_rights.restriction_unstated,
    "not_for_sale": of_rights.not_for_sale,
    "rights_uncovered": of_rights.state_right,
    "restricted": of_rights.restricted,
    "market_withdrawn": lambda asked, reason, source: iter((set_status(asked, reason, source),)),
    "unavailable": of_supply.unavailable,
    "no_market_supply": of_supply.add_supply,
    "outside_markets": of_supply.add_market,
    "not_announced": of_supply.dated,
    "embargoed": of_supply.dated,
    "not_published": of_supply.dated,
    "not_yet_available": of_supply.dated,
    "undated": of_supply.undated,
    "date_unreadable": of_supply.dated,
    "ended": of_supply.ended,
    "price_contradictory": of_supply.price_contradictory,
    "no_price": of_supply.state_price,
    "price_not_yet": of_supply.state_price,
    "price_over": of_supply.state_price,
}
"""By the code of a reason. What isn't here is mended by sending the record again."""
