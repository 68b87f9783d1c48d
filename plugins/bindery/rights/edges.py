"""When something begins or ends: what a stated date means as an instant in a country (AUDIOBOOKS 1.9).

A date or time without a zone is local to each market: it begins at local midnight, or at that hour on the wall. In a
country with several zones what opens does so when the last of them is there, and what closes when the first is (law 3).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import pytz

from bindery.trade.dates import latest_day

END_OF_TIME: Final = dt.datetime.max.replace(tzinfo=dt.UTC)
BEGINNING_OF_TIME: Final = dt.datetime.min.replace(tzinfo=dt.UTC)

_FARTHEST_WEST, _FARTHEST_EAST = dt.timezone(dt.timedelta(hours=-12)), dt.timezone(dt.timedelta(hours=14))
_DAY: Final = dt.timedelta(days=1)


class Edge(NamedTuple):
    """A moment as stated.

    Attributes:
        at: ISO 8601 to the minute or second: without a zone local time, with ``Z`` an instant.
        last: Whether the last zone of a country decides, or the first.
    """

    at: str
    last: bool

    @property
    def is_local(self) -> bool:
        """Whether it is another instant in every zone."""
        return not self.at.endswith("Z")

    @property
    def text(self) -> str:
        """As tables keep it: ``2026-03-29T00:00 last``, or ``2026-03-28T23:00:00Z``."""
        return self.at if not self.is_local else f"{self.at} {'last' if self.last else 'first'}"


def edge(text: str) -> Edge:
    """An edge as tables keep it."""
    at, _, which = text.partition(" ")
    return Edge(at, which != "first")


@lru_cache(maxsize=100_000)
def opening(date: str | None, precision: str | None) -> Edge | None:
    """When what waits for a date opens: at the latest moment the date may mean; None where it can't be read.

    Args:
        date: ISO 8601, cut to its precision.
        precision: ``year``, ``month``, ``day`` or ``time``.
    """
    if not date or not precision:
        return None
    if precision == "time":
        return Edge(_time(date), last=True)
    return Edge(f"{latest_day(date, precision).isoformat()}T00:00", last=True)


@lru_cache(maxsize=100_000)
def closing(date: str | None, precision: str | None) -> Edge | None:
    """When what ends on a date closes: at the earliest moment the date may mean; None where it can't be read."""
    if not date or not precision:
        return None
    if precision == "time":
        return Edge(_time(date), last=False)
    return Edge(f"{(date + '-01-01')[:10]}T00:00", last=False)


@lru_cache(maxsize=100_000)
def after(date: str | None, precision: str | None) -> Edge | None:
    """When a period is over that has a date for its last day: at the midnight that ends it (List 173: 15 and 24).

    The last zone of a country decides, as for what opens: so a price that holds until one day and another that holds
    from the next leave no hours between them without a price.
    """
    if not date or not precision:
        return None
    if precision == "time":
        return Edge(_time(date), last=True)
    day = latest_day(date, precision)
    return Edge(f"{(day if day == dt.date.max else day + _DAY).isoformat()}T00:00", last=True)


def _time(date: str) -> str:
    moment = dt.datetime.fromisoformat(date)
    if moment.tzinfo is None:
        return date
    try:
        return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    except OverflowError:
        return moment.replace(tzinfo=None).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


@cache
def zones_of(country: str) -> tuple[dt.tzinfo, ...]:
    """The time zones of a country; of one that has none of its own, the farthest there are.

    Args:
        country: ISO 3166-1 alpha-2.
    """
    names = pytz.country_timezones.get(country)
    return tuple(map(ZoneInfo, names)) if names else (_FARTHEST_WEST, _FARTHEST_EAST)


@lru_cache(maxsize=1_000_000)
def instant(edge: Edge, country: str) -> dt.datetime:
    """When an edge is reached in a country, in UTC.

    An hour that the change to summer time leaves out, or that the change back repeats, is taken so that nothing opens
    too early or closes too late.
    """
    if not edge.is_local:
        return dt.datetime.fromisoformat(edge.at)
    wall = dt.datetime.fromisoformat(edge.at)
    found = [
        _in_utc(wall.replace(tzinfo=zone, fold=fold), last=edge.last) for zone in zones_of(country) for fold in (0, 1)
    ]
    return max(found) if edge.last else min(found)


def _in_utc(moment: dt.datetime, *, last: bool) -> dt.datetime:
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        return END_OF_TIME if last else BEGINNING_OF_TIME


def in_order(edges: Iterable[Edge], country: str) -> list[Edge]:
    """Edges in the order a country reaches them; of those it reaches at once what closes comes first."""
    return sorted(set(edges), key=lambda one: (instant(one, country), one.last, one))


def first_day(edge: Edge) -> dt.date:
    """The first day on which what opens at an edge is open all day; of an instant, in the zone farthest east too."""
    moment = _wall(edge, _FARTHEST_EAST)
    day = moment.date()
    return day if moment.time() == dt.time() or day == dt.date.max else day + _DAY


def end_day(edge: Edge) -> dt.date:
    """The first day on which what closes at an edge isn't open all day; of an instant, in the zone farthest west."""
    return _wall(edge, _FARTHEST_WEST).date()


def _wall(edge: Edge, zone: dt.tzinfo) -> dt.datetime:
    moment = dt.datetime.fromisoformat(edge.at)
    if edge.is_local:
        return moment
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment
