"""Settle: what became of one day of one feed, checked against law 2."""

from __future__ import annotations

from datetime import date

from bindery.catalogue import laws
from bindery.feeds.declaration import Feed
from bindery.home import Home
from bindery.steps.claims import FeedDay
from bindery.warehouse import open_snapshot, open_writer
from bindery.warehouse.engine import Warehouse


def settle(feed: Feed, feed_day: date, *, home: Home) -> FeedDay:
    """Count what arrived on a feed day, and hold it to law 2.

    Before the merge the records that passed are ``pending``. Records of a repeated message count as ``unchanged``.
    A day on which nothing arrived is a day of zeros.

    Args:
        feed: The feed.
        feed_day: Its day.
        home: Where the warehouse is.

    Raises:
        LawBrokenError: A record received is not told of; the error names its message.
    """
    with open_writer(home) as warehouse:
        laws.verify_feed_day(warehouse, feed.name, feed_day)
        days = days_in(warehouse, feed.name, feed_day)
    empty = FeedDay(feed=feed.name, feed_day=feed_day, messages=0, refused=0, repeats=0, received=0, outcomes={})
    return days[0] if days else empty


def feed_days(home: Home) -> list[FeedDay]:
    """Every feed day in the published catalogue, by feed and day."""
    with open_snapshot(home) as warehouse:
        return days_in(warehouse)


def findings_by_rule(home: Home) -> list[dict[str, object]]:
    """How often each rule spoke in the published catalogue.

    Returns:
        ``rule``, ``severity``, ``findings`` and ``records`` (distinct records they are about), by rule.
    """
    with open_snapshot(home) as warehouse:
        rows: list[dict[str, object]] = warehouse.run("catalogue/findings_by_rule").to_pylist()
    return rows


def days_in(warehouse: Warehouse, feed: str | None = None, feed_day: date | None = None) -> list[FeedDay]:
    """The feed days in an open warehouse, by feed and day; of one feed or one day where they are given."""
    outcomes: dict[tuple[str, date], dict[str, int]] = {}
    for row in warehouse.run("catalogue/feed_day_outcomes", feed=feed, feed_day=feed_day).to_pylist():
        outcomes.setdefault((row["feed"], row["feed_day"]), {})[row["outcome"]] = row["records"]
    return [
        FeedDay(**row, outcomes=outcomes.get((row["feed"], row["feed_day"]), {}))
        for row in warehouse.run("catalogue/feed_days", feed=feed, feed_day=feed_day).to_pylist()
    ]
