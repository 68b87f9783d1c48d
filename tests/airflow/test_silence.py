from __future__ import annotations

from datetime import date

import pyarrow as pa

from bindery.feeds.declaration import Feed, FolderTransport
from bindery.home import Home
from bindery.steps.health import Silence, anything_waits, newest_change, silent_feeds
from bindery.warehouse import open_writer, publish


def _feed(name: str, silent_after_days: int) -> Feed:
    return Feed(
        name=name,
        supplier=name,
        title=name,
        owner="desk@bindery.example",
        transport=FolderTransport(kind="folder", path=name),
        silent_after_days=silent_after_days,
    )


def _arrived(home: Home, **days: date) -> None:
    rows = [
        {
            "feed": feed,
            "feed_day": day,
            "name": "a.xml",
            "supplier": feed,
            "message_id": feed,
            "size": 1,
            "is_repeat": False,
        }
        for feed, day in days.items()
    ]
    with open_writer(home) as warehouse:
        warehouse.load("arrivals", pa.Table.from_pylist(rows))
        publish(home, warehouse)


def test_a_feed_is_silent_once_its_own_patience_has_passed(home: Home) -> None:
    _arrived(home, northwind=date(2026, 3, 1), harbour=date(2026, 3, 1))
    feeds = (_feed("northwind", 2), _feed("harbour", 3), _feed("papyrus", 3))
    assert silent_feeds(feeds, date(2026, 3, 3), home=home) == (Silence(feed="papyrus", last_feed_day=None, days=None),)
    assert silent_feeds(feeds, date(2026, 3, 4), home=home) == (
        Silence(feed="northwind", last_feed_day=date(2026, 3, 1), days=3),
        Silence(feed="papyrus", last_feed_day=None, days=None),
    )


def test_a_catalogue_that_was_never_published_has_no_change_and_nothing_waiting(home: Home) -> None:
    assert newest_change(home) == 0
    assert not anything_waits(home)


def test_a_queued_title_waits(home: Home) -> None:
    queued = {"step": "editions", "isbn13": "9780000000002", "edition_key": 9780000000002}
    with open_writer(home) as warehouse:
        warehouse.load("merge_queue", pa.Table.from_pylist([queued]))
    assert anything_waits(home)
