from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from bindery.catalogue import staging
from bindery.errors import LawBrokenError
from bindery.home import Home
from bindery.steps import merge
from bindery.steps.settle import feed_days, findings_by_rule, settle
from bindery.warehouse import duckdb
from tests.catalogue.feeding import (
    DAY,
    ISBN_A,
    ISBN_B,
    RUN,
    block,
    delete,
    feed_of,
    full,
    merge_all,
    message,
    one_warehouse,
    outcomes,
    rows,
    take,
)

pytestmark = pytest.mark.slow

CATALOGUE = ("records", "editions", "offers", "changes", "received_records", "messages", "territory_sets")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def warehouse(home: Home) -> Iterator[duckdb.DuckDBWarehouse]:
    with one_warehouse(home) as opened:
        yield opened


def state_of(warehouse: duckdb.DuckDBWarehouse, isbn13: str = ISBN_A) -> tuple[str, str | None]:
    (edition,) = (row for row in rows(warehouse, "editions") if row["isbn13"] == isbn13)
    return edition["state"], edition["reason"]


def changes(warehouse: duckdb.DuckDBWarehouse) -> list[tuple[int, str, str, str]]:
    told = [(row["change_id"], row["isbn13"], row["action"], row["state"]) for row in rows(warehouse, "changes")]
    return sorted(told)


def test_a_title_from_its_first_record_to_its_deletion(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "1", full("a")), home)
    merge_all(home)
    assert state_of(warehouse) == ("live", None)
    take(message("alpha", "2", block(("publishing", "x"), publishing_withdrawal="publishing_status:11")), home)
    merge_all(home)
    assert state_of(warehouse) == ("withdrawn", "alpha publishing_status:11")
    take(message("alpha", "3", block(("publishing", "y"))), home)
    merge_all(home)
    assert state_of(warehouse) == ("live", None)
    take(message("alpha", "4", delete()), home)
    merge_all(home)
    assert state_of(warehouse) == ("deleted", "alpha notification:05")
    assert changes(warehouse) == [
        (1, ISBN_A, "upsert", "live"),
        (2, ISBN_A, "withdraw", "withdrawn"),
        (3, ISBN_A, "upsert", "live"),
        (4, ISBN_A, "withdraw", "deleted"),
    ]
    assert {row["state"] for row in rows(warehouse, "offers")} == {"not_offered"}


def test_an_equal_record_under_a_new_stamp_writes_nothing(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "1", full("a")), home)
    merge_all(home)
    before = {table: rows(warehouse, table) for table in ("records", "editions", "offers", "changes")}
    take(message("alpha", "2", full("a")), home)
    assert [result.rows for result in merge_all(home)][:3] == [0, 0, 0]
    assert {table: rows(warehouse, table) for table in before} == before
    assert outcomes(warehouse)["2.0"] == ("unchanged", None)


def test_a_message_that_comes_late_changes_nothing(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "2", full("new")), home)
    merge_all(home)
    take(message("alpha", "1", full("old")), home)
    assert merge_all(home)[0].rows == 0
    assert outcomes(warehouse)["1.0"] == ("stale", None)


def test_a_contradiction_takes_both_back(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "1", full("one")), home)
    merge_all(home)
    take(message("alpha", "1", full("two", supply_withdrawal="availability:46")), home)
    merge_all(home)
    assert set(outcomes(warehouse).values()) == {("quarantined", "contradiction")}
    assert rows(warehouse, "editions") == []
    assert changes(warehouse)[-1] == (2, ISBN_A, "withdraw", "gone")
    # What it says of the product's withdrawal counts all the same, against another supplier's record.
    take(message("beta", "1", full("b")), home)
    merge_all(home)
    assert state_of(warehouse) == ("withdrawn", "alpha availability:46")


def test_a_record_that_changes_product_moves(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "1", full("a")), home)
    merge_all(home)
    take(message("alpha", "2", full("a", isbn13=ISBN_B)), home)
    merge_all(home)
    assert [row["isbn13"] for row in rows(warehouse, "editions")] == [ISBN_B]
    assert changes(warehouse) == [
        (1, ISBN_A, "upsert", "live"),
        (2, ISBN_A, "withdraw", "gone"),
        (3, ISBN_B, "upsert", "live"),
    ]


def test_another_precedence_chooses_again(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "1", full("a")), home, precedence=10)
    take(message("beta", "1", full("b")), home, precedence=20)
    merge_all(home)
    assert rows(warehouse, "editions")[0]["descriptive_supplier"] == "alpha"
    take(message("beta", "2", full("b")), home, precedence=5)
    merge_all(home)
    assert rows(warehouse, "editions")[0]["descriptive_supplier"] == "beta"


def test_only_countries_that_every_supplier_allows_are_offered(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "1", full("a", sale=("GB", "IE", "US"), subscription=("GB",))), home)
    take(message("beta", "1", full("b", sale=("US", "GB"), subscription=("US",))), home)
    merge_all(home)
    sets = {row["territory_set_id"]: row["countries"] for row in rows(warehouse, "territory_sets")}
    assert [
        (row["model"], row["state"], row["reason"], sets.get(row["territory_set_id"]))
        for row in rows(warehouse, "offers")
    ] == [
        ("credit", "offered", None, ["GB", "US"]),
        ("library", "offered", None, ["GB", "US"]),
        ("sale", "offered", None, ["GB", "US"]),
        ("subscription", "not_offered", "no_country_allowed", None),
    ]


def test_a_held_message_changes_nothing(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "1", full("a")), home)
    merge_all(home)
    take(message("alpha", "2", full("b", publishing_withdrawal="publishing_status:11"), held=True), home)
    assert merge_all(home)[0].rows == 0
    assert state_of(warehouse) == ("live", None)


def test_each_step_run_again_changes_no_row(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "1", full("a"), full("b", reference="r2", isbn13=ISBN_B)), home)
    take(message("beta", "1", full("c")), home)
    for step in (
        merge.merge_records,
        merge.merge_editions,
        merge.merge_works,
        merge.merge_offers,
        lambda home, _run: merge.verify(home),
    ):
        step(home, RUN)
        before = {table: rows(warehouse, table) for table in (*CATALOGUE, "merge_queue")}
        step(home, RUN)
        assert {table: rows(warehouse, table) for table in before} == before


@pytest.mark.usefixtures("warehouse")
def test_a_lost_row_stops_the_run_and_names_the_message(home: Home) -> None:
    take(message("alpha", "1", full("a")), home)
    leaking = message("alpha", "2", full("b"), full("c", reference="r2"))
    whole = staging.received_rows
    with mock.patch.object(staging, "received_rows", lambda *a, **k: whole(*a, **k).slice(1)):
        take(leaking, home)
    for step in merge.STEPS:
        step(home, RUN)
    with pytest.raises(LawBrokenError) as raised:
        merge.verify(home)
    assert raised.value.law == 2
    assert leaking.message_id in str(raised.value)
    assert message("alpha", "1", full("a")).message_id not in str(raised.value)


def test_readers_see_what_is_published(home: Home) -> None:
    take(message("alpha", "1", full("a"), full("b", reference="r2", verdict="quarantine")), home)
    assert settle(feed_of("alpha"), DAY, home=home).outcomes == {"pending": 1, "quarantined": 1}
    merge_all(home)
    assert feed_days(home) == []
    assert merge.publish(home).step == "publish"
    (day,) = feed_days(home)
    assert (day.feed, day.feed_day, day.messages, day.received) == ("alpha_daily", DAY, 1, 2)
    assert day.outcomes == {"applied": 1, "quarantined": 1}
    assert findings_by_rule(home) == [{"rule": "R1", "severity": "block", "findings": 1, "records": 1}]
