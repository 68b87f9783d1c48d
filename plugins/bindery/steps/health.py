"""Health: what is wrong although nothing failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bindery.claims import Claim
from bindery.feeds.declaration import Feed
from bindery.home import Home


class Silence(Claim):
    """A feed that sent nothing for longer than it may.

    Attributes:
        last_feed_day: The last day with a message; None where there never was one.
        days: Whole days since then; None where there never was one.
    """

    feed: str
    last_feed_day: date | None
    days: int | None


def silent_feeds(feeds: Iterable[Feed], feed_day: date, *, home: Home) -> tuple[Silence, ...]:
    """The feeds that were silent too long as of a day, by the newest published snapshot.

    Args:
        feeds: The feeds to judge, each by its own ``silent_after_days``.
        feed_day: The day to judge on; messages of later days do not count.
        home: Holds the snapshots.

    Returns:
        One silence a silent feed, in the order given. A feed is silent on the first day on which more days than
        ``silent_after_days`` have passed since its last message.
    """
    from bindery.warehouse import open_snapshot  # noqa: PLC0415 - the engine is needed here only

    with open_snapshot(home) as warehouse:
        rows = warehouse.run("health/last_feed_days", feed_day=feed_day).to_pylist()
    last: dict[str, date] = {row["feed"]: row["last_feed_day"] for row in rows}
    silences = []
    for feed in feeds:
        day = last.get(feed.name)
        days = None if day is None else (feed_day - day).days
        if days is None or days > feed.silent_after_days:
            silences.append(Silence(feed=feed.name, last_feed_day=day, days=days))
    return tuple(silences)


def anything_waits(home: Home) -> bool:
    """Whether anything waits for the merge: staged messages, records that an undo or a replay touches, or titles."""
    from bindery.warehouse import open_writer  # noqa: PLC0415

    with open_writer(home) as warehouse:
        (row,) = warehouse.run("health/waiting").to_pylist()
    return any(row.values())


def newest_change(home: Home) -> int:
    """The newest entry of the published change log, 0 where there is none."""
    from bindery.warehouse import open_snapshot  # noqa: PLC0415

    with open_snapshot(home) as warehouse:
        (row,) = warehouse.run("health/newest_change").to_pylist()
    return int(row["change_id"])
