"""Titles that vanish from a feed are withdrawn safely, and the withdrawal works (FEATURES M8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bindery.feeds.declaration import Absence
from bindery.home import Home
from bindery.steps.undo import undo
from bindery.warehouse import duckdb
from tests.catalogue.feeding import Message, full, merge_all, message, one_warehouse, rows, take

ISBNS = {f"r{number}": f"97800000000{number}{number}" for number in range(1, 4)}
WITHDRAW = Absence(policy="withdraw", after=2)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def warehouse(home: Home) -> Iterator[duckdb.DuckDBWarehouse]:
    with one_warehouse(home) as one:
        yield one


def listing(day: int, *references: str, text: str = "a", scope: str = "full") -> Message:
    records = [full(text, reference=name, isbn13=ISBNS[name]) for name in references]
    return message("alpha", f"2026-03-{day:02}", *records, scope=scope)


def merged(home: Home, *sent: Message, absence: Absence = WITHDRAW) -> None:
    for one in sent:
        take(one, home, absence=absence)
    merge_all(home)


def editions(warehouse: duckdb.DuckDBWarehouse) -> dict[str, tuple[str, str | None]]:
    by_isbn = {row["isbn13"]: (row["state"], row["reason"]) for row in rows(warehouse, "editions")}
    return {name: by_isbn[isbn] for name, isbn in ISBNS.items() if isbn in by_isbn}


LIVE = ("live", None)
GONE = ("withdrawn", "alpha absence:alpha_daily")


def test_ten_days_of_a_feed_that_loses_a_title_and_finds_it_again(
    home: Home, warehouse: duckdb.DuckDBWarehouse
) -> None:
    merged(home, listing(1, "r1", "r2", "r3"))
    merged(home, listing(2, "r1", "r2"))
    assert editions(warehouse) == {"r1": LIVE, "r2": LIVE, "r3": LIVE}, "one full without it is not enough"
    merged(home, listing(3, scope="full"))
    assert editions(warehouse)["r3"] == LIVE, "a full message without records withdraws nothing"
    merged(home, listing(4, "r1", "r2", text="b"))
    assert editions(warehouse) == {"r1": LIVE, "r2": LIVE, "r3": GONE}, "the second one that lists others"
    (offer, *_) = [row for row in rows(warehouse, "offers") if row["isbn13"] == ISBNS["r3"]]
    assert (offer["state"], offer["reason"]) == ("not_offered", "withdrawn")
    merged(home, listing(5, "r1", "r2", "r3"))
    assert editions(warehouse) == {"r1": LIVE, "r2": LIVE, "r3": LIVE}, "it is listed again"


def test_a_delta_that_mentions_a_title_shows_it_is_there(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    merged(home, listing(1, "r1", "r3"), listing(2, "r1"), listing(3, "r3", scope="delta", text="b"), listing(4, "r1"))
    assert editions(warehouse)["r3"] == LIVE
    merged(home, listing(5, "r1"))
    assert editions(warehouse)["r3"] == GONE


def test_fulls_in_any_order_say_the_same(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    merged(home, listing(4, "r1"))
    merged(home, listing(2, "r1", text="b"))
    merged(home, listing(1, "r1", "r3"))
    assert editions(warehouse) == {"r1": LIVE, "r3": GONE}


def test_a_full_message_that_is_undone_makes_nothing_absent(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    bad = listing(3, "r1")
    merged(home, listing(1, "r1", "r3"), listing(2, "r1", text="b"), bad)
    assert editions(warehouse)["r3"] == GONE
    undo("alpha", bad.message_id, owner="ops", reason="cut off at the sender's", home=home)
    merge_all(home)
    assert editions(warehouse) == {"r1": LIVE, "r3": LIVE}


def test_a_feed_may_flag_it_or_leave_it(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    sent = [listing(1, "r1", "r3"), listing(2, "r1"), listing(3, "r1", text="b")]
    merged(home, *sent, absence=Absence())
    assert editions(warehouse) == {"r1": LIVE, "r3": LIVE}
    merged(home, listing(4, "r1"), absence=Absence(policy="flag", after=2))
    assert editions(warehouse) == {"r1": LIVE, "r3": LIVE}
    absent = {row["record_reference"]: row["absent_from"] for row in rows(warehouse, "records")}
    assert absent == {"r1": None, "r3": "alpha_daily"}
    merged(home, listing(5, "r1"), absence=WITHDRAW)
    assert editions(warehouse) == {"r1": LIVE, "r3": GONE}, "the feed's declaration changed"
