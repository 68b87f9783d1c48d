"""What everything said of a title comes to, in one country and for one model: what forbids it, and from when to when.

A stance has no clock in it. Asked for an instant it says whether the title is offered, and if not, every reason
(``availability``); its edges, put in order, are the windows of an offer (``windows``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from bindery.rights import supplying
from bindery.rights.countries import Mask
from bindery.rights.edges import opening
from bindery.rights.pricing import Period, closing_of
from bindery.rights.reasons import RANK, Reason, Source, right_path
from bindery.rights.supplying import is_filler, is_known, markets_of
from bindery.rights.terms import Dated
from bindery.rights.title import Title, Voice
from bindery.trade.models import Model
from bindery.trade.rights import Verdict

_EVERY_MODEL: Final = {"09": "not_announced", "10": "not_announced", "02": "embargoed", "01": "not_published"}
_FOR_GOOD: Final = dict.fromkeys(("27", "32", "33"), "embargoed")
WAITS: Final[dict[Model, dict[str, str]]] = {
    "sale": _EVERY_MODEL | _FOR_GOOD,
    "credit": _EVERY_MODEL | _FOR_GOOD,
    "subscription": _EVERY_MODEL | {"30": "embargoed", "31": "embargoed"},
    "library": _EVERY_MODEL | {"39": "embargoed"},
}
"""Dates (List 163) each model waits for: announcement (09, 10 hide the metadata itself), sales embargo and publication;
pre-order, download and purchase embargo for what is owned; streaming and subscription embargo; library embargo."""

_WITHDRAWN_FOR_GOOD: Final = "13"
_PUBLICATION: Final = "01"
_NOT_BY_ITSELF: Final = frozenset({"13", "18"})
_FORTHCOMING: Final = "02"
_RIGHTS: Final = {
    "not_for_sale": "not_for_sale",
    "contradictory": "rights_contradictory",
    "doubtful": "rights_doubtful",
    "uncovered": "rights_uncovered",
    "restriction_unstated": "restriction_unstated",
    "unstated": "no_rights",
}
_LACKING: Final = frozenset({"uncovered", "unstated"})


class Stance(NamedTuple):
    """What everything said comes to.

    Attributes:
        blocks: What forbids it whatever the time, in the order of ``KINDS``.
        opens: What it waits for, each with its edge.
        closes: What ends it, each with its edge.
        periods: When and at what price it is supplied; there are none only where something blocks.
    """

    blocks: tuple[Reason, ...]
    opens: tuple[Reason, ...]
    closes: tuple[Reason, ...]
    periods: tuple[Period, ...]


def stance(title: Title, here: Mask, model: Model) -> Stance:
    """What everything said of a title comes to.

    Args:
        title: All that is known of it.
        here: One country, as a set; or several of one cell, about which everything says the same.
        model: How it would be offered.
    """
    blocks = [*_state(title), *_limits(title, here, model), *_rights(title, here, model)]
    supply, periods = supplying.supplied(title, here, model)
    opens: list[Reason] = []
    closes: list[Reason] = []
    for reason in (*_all_dates(title, here, model), *supply):
        side = blocks if reason.edge is None else closes if reason.code == "ended" else opens
        side.append(reason)
    return Stance(_in_order(blocks), tuple(opens), tuple(closes), periods)


def forbidden(title: Title, here: Mask, model: Model) -> Reason | None:
    """The gravest of what forbids a title by its state, a person's word or its rights: graver than all the rest.

    So where there is one, nothing else need be asked to know why it isn't offered.
    """
    found = [*_state(title), *_limits(title, here, model), *_rights(title, here, model)]
    return min(found, key=lambda reason: RANK[reason.code], default=None)


def _in_order(reasons: list[Reason]) -> tuple[Reason, ...]:
    if len(reasons) < 2:
        return tuple(reasons)
    return tuple(sorted(dict.fromkeys(reasons), key=lambda reason: RANK[reason.code]))


def _state(title: Title) -> Iterator[Reason]:
    """Whether it is there at all, and what takes it down as a whole."""
    by_records = False
    for place, voice in enumerate(title.voices):
        if voice.withdrawal is not None and voice.state != "deleted":
            by_records = True
            yield Reason("withdrawn", voice.withdrawal, (Source(place),))
    if title.state == "live":
        return
    if title.state == "deleted":
        gone = tuple(Source(place) for place, voice in enumerate(title.voices) if voice.state == "deleted")
        yield Reason("deleted", title.reason or "", gone)
    elif (title.reason or "").startswith("override:"):
        yield Reason("overridden", title.reason or "", (Source(None),))
    elif title.state == "withdrawn":
        if not by_records:
            # An edition's reason names the supplier before the signal.
            yield Reason("withdrawn", (title.reason or "").rpartition(" ")[2], (Source(None),))
    else:
        yield Reason("unknown", title.reason or title.state)


def _limits(title: Title, here: Mask, model: Model) -> Iterator[Reason]:
    for limit in title.limits:
        if limit.concerns(model) and not here & limit.countries:
            yield Reason("limited", limit.override_id, (Source(None),))


def _rights(title: Title, here: Mask, model: Model) -> Iterator[Reason]:
    """The most restrictive word of all who state block 4; of what was rejected, what it lacks says nothing."""
    stated = False
    for place, voice in enumerate(title.voices):
        if voice.publishing is None or not (voice.state == "live" or voice.is_rejected):
            continue
        stated = stated or not voice.is_rejected
        where, verdict = next(decided for decided in title.rights(voice.publishing) if decided[0] & here)
        if verdict.code == "granted":
            for refused, code, right in verdict.refused:
                if refused == model:
                    yield Reason(
                        "restricted", f"restriction:{code}", (Source(place, "publishing", _restriction(right)),)
                    )
        elif verdict.code not in _LACKING or not voice.is_rejected:
            key = ("denied", place, where)
            if key not in title.memo:
                title.memo[key] = _denied(place, verdict)
            yield title.memo[key]
    if not stated and title.state == "live":
        yield Reason("no_rights", "no block 4")


def _denied(place: int, verdict: Verdict) -> Reason:
    sources = tuple(Source(place, "publishing", right_path(right)) for right in verdict.statements)
    told = " and ".join(source.path for source in sources)
    return Reason(_RIGHTS[verdict.code], told, sources or (Source(place, "publishing"),))


def _restriction(right: int) -> str:
    """Where a restriction is: in a SalesRights, or beside them all (3.0, deprecated)."""
    return "SalesRestriction" if right < 0 else right_path(right)


def _all_dates(title: Title, here: Mask, model: Model) -> Iterator[Reason]:
    for place, voice in enumerate(title.voices):
        if voice.state == "live" or voice.is_rejected:
            yield from _dates(title, place, voice, here, model)


def _dates(title: Title, place: int, voice: Voice, here: Mask, model: Model) -> Iterable[Reason]:
    """What the dates and statuses of one record wait for, and what they end; a market's go before the general ones."""
    if any(market.status or market.dates for market in voice.supply or ()):
        return _dates_here(title, place, voice, here, model)
    # Where no market says otherwise it is the same in every country.
    key = ("dates", place, model)
    if key not in title.memo:
        title.memo[key] = tuple(_dates_here(title, place, voice, here, model))
    found: tuple[Reason, ...] = title.memo[key]
    return found


def _dates_here(title: Title, place: int, voice: Voice, here: Mask, model: Model) -> Iterator[Reason]:
    waits = WAITS[model]
    said = _as_here(title, place, voice, here)
    for dated, where in said.dates:
        code = "ended" if dated.role == _WITHDRAWN_FOR_GOOD else waits.get(dated.role or "")
        if code is None or is_filler(dated):
            continue
        edge = closing_of(dated) if code == "ended" else opening(dated.date, dated.precision)
        if edge is not None:
            yield Reason(code, f"{dated.role}:{dated.date}", (where,), edge)
        elif code != "not_published":
            yield Reason("date_unreadable", f"{dated.role}", (where,))
    for status, where in said.statuses:
        if status == _FORTHCOMING and not said.is_published:
            yield Reason("undated", f"status:{status}", (where,))
        elif status in _NOT_BY_ITSELF:
            yield Reason("not_sold_separately", f"status:{status}", (where,))


class _Said(NamedTuple):
    """What one record says of a country in block 4 and in the markets of block 6 together."""

    statuses: tuple[tuple[str | None, Source], ...]
    dates: tuple[tuple[Dated, Source], ...]

    @property
    def is_published(self) -> bool:
        """Whether a date says from when."""
        return any(dated.role == _PUBLICATION and is_known(dated) for dated, _ in self.dates)


def _as_here(title: Title, place: int, voice: Voice, here: Mask) -> _Said:
    """A record's statuses and dates as they are in a country.

    What its market states goes before the general one: a status, or a date that can be read. Of several markets that it
    is in, each has to state it.
    """
    markets = [(number, market) for number, market, is_inside in markets_of(title, voice.supply, here) if is_inside]
    statuses: list[tuple[str | None, Source]] = []
    dates: list[tuple[Dated, Source]] = []
    for number, market in markets:
        path = f"ProductSupply[{number}]/MarketPublishingDetail"
        # What withdraws a market closes it whatever else is said.
        if market.status is not None:
            statuses.append((market.status, Source(place, "supply", f"{path}/MarketPublishingStatus")))
        for nth, dated in enumerate(market.dates, 1):
            dates.append((dated, Source(place, "supply", f"{path}/MarketDate[{nth}]")))
    if voice.publishing:
        if not markets or len(statuses) < len(markets):
            statuses.append((voice.publishing.status, Source(place, "publishing", "PublishingStatus")))
        replaced = [{dated.role for dated in market.dates if is_known(dated)} for _, market in markets]
        for nth, dated in enumerate(voice.publishing.dates, 1):
            if not replaced or not all(dated.role in roles for roles in replaced):
                dates.append((dated, Source(place, "publishing", f"PublishingDate[{nth}]")))
    return _Said(tuple(statuses), tuple(dates))
