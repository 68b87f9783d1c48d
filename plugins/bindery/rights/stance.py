"""What everything said of a title comes to, in one country and for one model: what forbids it, and from when to when.

A stance has no clock in it. Asked for an instant it says whether the title is offered, and if not, every reason
(``availability``); its edges, put in order, are the windows of an offer (``windows``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from bindery.rights import supplying
from bindery.rights.countries import Mask
from bindery.rights.edges import closing, opening
from bindery.rights.models import Model
from bindery.rights.pricing import Period
from bindery.rights.reasons import RANK, Reason, Source
from bindery.rights.supplying import markets_of
from bindery.rights.terms import Dated
from bindery.rights.title import Title, Voice
from bindery.trade.withdrawals import WITHDRAWN_STATUSES

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
_FILLER: Final = "1900-01-01"
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
    opens: list[Reason] = []
    closes: list[Reason] = []
    for place, voice in enumerate(title.voices):
        if voice.state == "live" or voice.is_rejected:
            for reason in _dates(title, place, voice, here, model):
                side = blocks if reason.edge is None else closes if reason.code == "ended" else opens
                side.append(reason)
    supply, periods = supplying.supplied(title, here, model)
    return Stance(_in_order([*blocks, *supply]), tuple(opens), tuple(closes), periods)


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
            yield Reason("withdrawn", title.reason or "", (Source(None),))
    else:
        yield Reason("unknown", title.reason or title.state)


def _limits(title: Title, here: Mask, model: Model) -> Iterator[Reason]:
    for limit in title.limits:
        # What a person says of sale holds for every model in which a copy changes hands.
        concerns = limit.model == model or (limit.model == "sale" and model in ("credit", "library"))
        if concerns and not here & limit.countries:
            yield Reason("limited", limit.override_id, (Source(None),))


def _rights(title: Title, here: Mask, model: Model) -> Iterator[Reason]:
    """The most restrictive word of all who state block 4; what was rejected can only deny."""
    stated = False
    for place, voice in enumerate(title.voices):
        if voice.publishing is None or not (voice.state == "live" or voice.is_rejected):
            continue
        stated = stated or not voice.is_rejected
        verdict = next(verdict for where, verdict in title.rights(voice.publishing) if where & here)
        if verdict.code == "granted":
            for refused, code, right in verdict.refused:
                if refused == model:
                    yield Reason("restricted", f"restriction:{code}", (Source(place, "publishing", _path(right)),))
        elif verdict.code == "not_for_sale" or not voice.is_rejected:
            sources = tuple(Source(place, "publishing", _path(right)) for right in verdict.statements)
            told = " and ".join(source.path for source in sources)
            yield Reason(_RIGHTS[verdict.code], told, sources or (Source(place, "publishing"),))
    if not stated and title.state == "live":
        yield Reason("no_rights", "no block 4")


def _path(right: int) -> str:
    return "ROWSalesRightsType" if right < 0 else f"SalesRights[{right + 1}]"


def _dates(title: Title, place: int, voice: Voice, here: Mask, model: Model) -> Iterator[Reason]:
    """What the dates and statuses of one record wait for, and what they end; a market's go before the general ones."""
    status, source, dates = _as_here(title, place, voice, here)
    waits = WAITS[model]
    published = False
    for dated, said_at in dates:
        code = waits.get(dated.role or "")
        detail = f"{dated.role}:{dated.date}"
        if code is not None and not (dated.role == _PUBLICATION and dated.date == _FILLER):
            edge = opening(dated.date, dated.precision)
            published = published or (dated.role == _PUBLICATION and edge is not None)
            if edge is not None:
                yield Reason(code, detail, (said_at,), edge)
            elif code != "not_published":
                yield Reason("date_unreadable", f"{dated.role}", (said_at,))
        elif dated.role == _WITHDRAWN_FOR_GOOD and (end := closing(dated.date, dated.precision)) is not None:
            yield Reason("ended", detail, (said_at,), end)
    if voice.is_rejected:
        return
    if status == _FORTHCOMING and not published:
        yield Reason("undated", f"status:{status}", (source,))
    elif status in _NOT_BY_ITSELF:
        yield Reason("not_sold_separately", f"status:{status}", (source,))


def _as_here(
    title: Title, place: int, voice: Voice, here: Mask
) -> tuple[str | None, Source, list[tuple[Dated, Source]]]:
    """A record's status and dates as they are in a market: what the market states goes before the general one."""
    general = Source(place, "publishing", "PublishingStatus")
    status = voice.publishing.status if voice.publishing else None
    dates: list[tuple[Dated, Source]] = []
    source = general
    of_market = set()
    for number, market, is_inside in markets_of(title, voice.supply, here):
        if not is_inside:
            continue
        path = f"ProductSupply[{number}]/MarketPublishingDetail"
        if market.status is not None and market.status not in WITHDRAWN_STATUSES:
            status, source = market.status, Source(place, "supply", f"{path}/MarketPublishingStatus")
        for nth, dated in enumerate(market.dates, 1):
            of_market.add(dated.role)
            dates.append((dated, Source(place, "supply", f"{path}/MarketDate[{nth}]")))
    if voice.publishing:
        for nth, dated in enumerate(voice.publishing.dates, 1):
            if dated.role not in of_market:
                dates.append((dated, Source(place, "publishing", f"PublishingDate[{nth}]")))
    return status, source, dates
