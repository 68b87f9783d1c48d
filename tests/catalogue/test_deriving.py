"""What the merge is given for titles with overrides: other versions, and limits of where they are offered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bindery.catalogue.day import advance_day
from bindery.catalogue.keys import edition_key
from bindery.catalogue.overriding import derive
from bindery.home import Home
from bindery.rights.terms import publishing_terms, supply_terms
from bindery.warehouse import duckdb
from tests.catalogue.feeding import ISBN_A, ISBN_B
from tests.catalogue.test_overriding import FEED
from tests.catalogue.test_overriding_any_record import version_of

BASE = version_of(FEED)
(BASE_HASH,) = BASE["content_hash"].to_pylist()


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBWarehouse]:
    home = Home(tmp_path)
    with duckdb.opened(duckdb.in_memory(home), home) as opened:
        opened.load("record_versions", BASE)
        yield opened


def choose(warehouse: duckdb.DuckDBWarehouse, isbn13: str = ISBN_A, state: str = "live", **pointers: str) -> None:
    row = {"edition_key": edition_key(isbn13), "isbn13": isbn13, "state": state, "edition_hash": "h"}
    warehouse.load("chosen_editions", pa.Table.from_pylist([row | pointers]))


def override(warehouse: duckdb.DuckDBWarehouse, number: int, field: str, value: str | None, **more: Any) -> None:
    row = {
        "override_id": f"o-{number:06d}",
        "edition_key": edition_key(ISBN_A),
        "isbn13": ISBN_A,
        "field": field,
        "value": value,
        "owner": "ann",
        "reason": "the book says so",
        "set_at": datetime(2026, 3, 1, tzinfo=UTC),
    }
    warehouse.load("overrides", pa.Table.from_pylist([row | more]))


def derived_rows(warehouse: duckdb.DuckDBWarehouse) -> list[dict[str, Any]]:
    return sorted(warehouse.read("derived_versions").to_pylist(), key=lambda row: row["block"])


def version(warehouse: duckdb.DuckDBWarehouse, content_hash: str) -> dict[str, Any]:
    (row,) = [row for row in warehouse.read("record_versions").to_pylist() if row["content_hash"] == content_hash]
    return dict(row)


def test_overrides_of_two_blocks_are_two_versions(warehouse: duckdb.DuckDBWarehouse) -> None:
    choose(warehouse, descriptive_version=BASE_HASH, supply_version=BASE_HASH)
    override(warehouse, 1, "title", "Persuasion")
    override(warehouse, 2, "subtitle", None)
    override(warehouse, 3, "price", "9.9 GBP")
    assert derive(warehouse) == 2
    of_block, of_supply = derived_rows(warehouse)
    assert (of_block["block"], of_block["isbn13"], of_block["base_version"]) == ("descriptive", ISBN_A, BASE_HASH)
    made = version(warehouse, of_block["derived_version"])
    assert (made["title"], made["subtitle"], made["narrators"]) == ("Persuasion", None, ["Juliet Stevenson"])
    blocks = {row["content_hash"]: row for row in warehouse.read("version_blocks").to_pylist()}
    assert blocks[of_supply["derived_version"]]["has_supply"]
    assert len(blocks) == 2
    (market,) = supply_terms(blocks[of_supply["derived_version"]]["supply_terms"])
    prices = [(one.amount, one.currency) for supply in market.supplies for one in supply.prices]
    assert prices == [("9.9", "GBP"), ("9.9", "GBP"), ("15", "EUR")]
    named = publishing_terms(blocks[of_supply["derived_version"]]["publishing_terms"]).rights
    assert named in {row["stated_id"] for row in warehouse.read("stated_terms").to_pylist()}


def test_run_twice_it_writes_the_same_once(warehouse: duckdb.DuckDBWarehouse) -> None:
    choose(warehouse, descriptive_version=BASE_HASH)
    override(warehouse, 1, "title", "Persuasion")
    override(warehouse, 2, "sale_countries", "GB IE")
    tables = ("record_versions", "version_blocks", "derived_versions", "legal_limits", "territory_sets")
    derive(warehouse)
    before = {table: warehouse.read(table).num_rows for table in tables}
    derive(warehouse)
    assert {table: warehouse.read(table).num_rows for table in tables} == before
    assert before == {
        "record_versions": 2,
        "version_blocks": 1,
        "derived_versions": 1,
        "legal_limits": 1,
        # The feed's own set is the same one.
        "territory_sets": 1,
    }


def test_a_released_override_leaves_the_version_that_the_feed_sent(warehouse: duckdb.DuckDBWarehouse) -> None:
    choose(warehouse, descriptive_version=BASE_HASH)
    override(warehouse, 1, "title", "Persuasion", released_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert derive(warehouse) == 0
    assert derived_rows(warehouse) == []


def test_what_the_feed_says_too_makes_no_version(warehouse: duckdb.DuckDBWarehouse) -> None:
    choose(warehouse, descriptive_version=BASE_HASH)
    override(warehouse, 1, "language", "ger")
    assert derive(warehouse) == 0


def test_where_no_supplier_states_the_block_the_person_does(warehouse: duckdb.DuckDBWarehouse) -> None:
    choose(warehouse, descriptive_version=BASE_HASH)
    override(warehouse, 1, "cover_link", "https://covers.example/1.jpg")
    derive(warehouse)
    (row,) = derived_rows(warehouse)
    assert row["base_version"] is None
    assert version(warehouse, row["derived_version"])["cover_link"] == "https://covers.example/1.jpg"


def test_a_title_that_is_gone_shows_nothing(warehouse: duckdb.DuckDBWarehouse) -> None:
    choose(warehouse, state="deleted")
    override(warehouse, 1, "title", "Persuasion")
    assert derive(warehouse) == 0


def test_an_override_holds_until_the_day_it_expires(warehouse: duckdb.DuckDBWarehouse) -> None:
    choose(warehouse, descriptive_version=BASE_HASH)
    override(warehouse, 1, "title", "Persuasion", expires_on=date(2026, 3, 5))
    assert advance_day(warehouse, date(2026, 3, 4)) == 0
    assert derive(warehouse) == 1
    assert advance_day(warehouse, date(2026, 3, 5)) == 1
    assert derive(warehouse) == 0
    assert advance_day(warehouse, date(2026, 3, 1)) == 0
    assert derive(warehouse) == 0
    assert warehouse.read("catalogue_day").to_pylist() == [{"day": date(2026, 3, 5)}]


def test_limits_are_those_in_force_of_the_queued_titles(warehouse: duckdb.DuckDBWarehouse) -> None:
    choose(warehouse)
    override(warehouse, 1, "sale_countries", "GB US")
    override(warehouse, 2, "subscription_countries", None)
    override(warehouse, 3, "for_sale", "no")
    elsewhere = {"edition_key": edition_key(ISBN_B), "isbn13": ISBN_B, "model": "sale", "override_id": "o-000009"}
    stale = {"edition_key": edition_key(ISBN_A), "isbn13": ISBN_A, "model": "sale", "override_id": "o-000000"}
    for row in (elsewhere, stale):
        warehouse.load("legal_limits", pa.Table.from_pylist([row | {"territory_set_id": "t"}]))
    derive(warehouse)
    sets = {row["territory_set_id"]: row["countries"] for row in warehouse.read("territory_sets").to_pylist()}
    found = {
        (row["isbn13"], row["model"]): (row["override_id"], sets.get(row["territory_set_id"]))
        for row in warehouse.read("legal_limits").to_pylist()
    }
    assert found == {
        (ISBN_A, "sale"): ("o-000001", ["GB", "US"]),
        # The empty set is not kept.
        (ISBN_A, "subscription"): ("o-000002", None),
        (ISBN_B, "sale"): ("o-000009", None),
    }
