from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest

from bindery.catalogue.works import bulk, merging, reading
from bindery.home import Home
from bindery.warehouse import duckdb
from tests.catalogue.works.test_purity import MOMENT, asserts, tables
from tests.simulator.labelled import Link, Press, Product
from tests.works.catalogue import editions_of, load_editions, load_versions, queue, read_products, set_edition

pytestmark = pytest.mark.slow


class Shelf:
    """A catalogue of some products, to be looked at after each run of the step."""

    def __init__(self, warehouse: duckdb.DuckDBWarehouse, products: Sequence[Product]) -> None:
        self.warehouse = warehouse
        records = read_products(products)
        load_versions(warehouse, records)
        self.rows: dict[str, dict[str, Any]] = {str(row["isbn13"]): row for row in editions_of(records)}

    def hold(self, *isbns: str) -> None:
        load_editions(self.warehouse, [self.rows[isbn] for isbn in isbns])
        self.merge()

    def merge(self) -> int:
        return merging.merge_works(self.warehouse)

    def works(self) -> dict[str, str]:
        return {row["isbn13"]: row["work_id"] for row in self.warehouse.read("work_members").to_pylist()}

    def recordings(self) -> dict[str, str]:
        return {row["isbn13"]: row["recording_id"] for row in self.warehouse.read("work_members").to_pylist()}


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBWarehouse]:
    opened = duckdb.in_memory(Home.from_environment())
    yield opened
    opened.close()


@pytest.fixture
def book() -> tuple[Product, Product, Product]:
    """A book, the same recording elsewhere, and another narration."""
    press = Press(11)
    first = press.base("test")
    return first, press.restated(press.again(first, elsewhere=True)), press.narrated(press.again(first), recording="2")


def test_a_work_is_named_after_its_smallest_isbn_and_keeps_recordings_apart(
    warehouse: duckdb.DuckDBWarehouse, book: tuple[Product, ...]
) -> None:
    shelf = Shelf(warehouse, book)
    first, twin, other = (one.isbn for one in book)
    shelf.hold(first, twin, other)
    smallest = min(first, twin, other)
    assert set(shelf.works().values()) == {f"w{smallest}"}
    recordings = shelf.recordings()
    assert recordings[first] == recordings[twin] == f"r{min(first, twin)}"
    assert recordings[other] == f"r{other}"
    (row,) = [one for one in warehouse.read("work_members").to_pylist() if one["isbn13"] == twin]
    assert "author" in row["joined_by"]
    assert row["score"] >= 0.9
    assert warehouse.read("merge_queue").num_rows == 0
    assert shelf.merge() == 0


def test_an_edition_that_comes_between_takes_over_the_name(
    warehouse: duckdb.DuckDBWarehouse, book: tuple[Product, ...]
) -> None:
    shelf = Shelf(warehouse, book)
    smallest, *others = sorted(one.isbn for one in book)
    shelf.hold(*others)
    assert set(shelf.works().values()) == {f"w{others[0]}"}
    shelf.hold(smallest)
    assert shelf.works()[others[0]] == f"w{smallest}", "the edition that the old name names leads to the work"
    set_edition(warehouse, smallest, None)
    shelf.merge()
    assert shelf.works() == dict.fromkeys(others, f"w{others[0]}")


def test_a_withdrawn_edition_stays_in_its_work_and_a_deleted_one_does_not(
    warehouse: duckdb.DuckDBWarehouse, book: tuple[Product, ...]
) -> None:
    shelf = Shelf(warehouse, book)
    first, twin, other = (one.isbn for one in book)
    shelf.hold(first, twin, other)
    before = shelf.works()
    set_edition(warehouse, twin, shelf.rows[twin], state="withdrawn")
    shelf.merge()
    assert shelf.works() == before
    set_edition(warehouse, twin, shelf.rows[twin], state="deleted")
    shelf.merge()
    assert set(shelf.works()) == {first, other}
    assert warehouse.read("work_keys").to_pandas()["isbn13"].isin([twin]).sum() == 0


def test_what_people_split_and_release_is_as_if_never_merged(
    warehouse: duckdb.DuckDBWarehouse, book: tuple[Product, ...]
) -> None:
    shelf = Shelf(warehouse, book)
    first, twin, other = sorted(one.isbn for one in book)
    shelf.hold(first, twin, other)
    before = tables(warehouse)
    asserts(warehouse, 1, (first, twin), "never")
    shelf.merge()
    works = shelf.works()
    assert works[first] != works[twin], "a third edition between them doesn't bring them together"
    told = {"released_at": MOMENT, "released_by": "bob", "release_reason": "it was one"}
    warehouse.run("works/release_assertion", assertion_id="a-000001", **told)
    queue(warehouse, (first, twin))
    shelf.merge()
    assert tables(warehouse) == before


def test_what_people_join_and_release_is_as_if_never_merged(warehouse: duckdb.DuckDBWarehouse) -> None:
    press = Press(12)
    one, other = press.base("test", language="eng"), press.base("test", language="ger")
    shelf = Shelf(warehouse, (one, other))
    first, second = sorted((one.isbn, other.isbn))
    shelf.hold(first, second)
    before = tables(warehouse)
    asserts(warehouse, 1, (first, second), "must")
    shelf.merge()
    assert shelf.works() == {first: f"w{first}", second: f"w{first}"}
    assert {row["joined_by"] for row in warehouse.read("work_members").to_pylist()} == {"person"}
    assert set(shelf.recordings().values()) == {f"r{first}", f"r{second}"}
    told = {"released_at": MOMENT, "released_by": "bob", "release_reason": "they are two"}
    warehouse.run("works/release_assertion", assertion_id="a-000001", **told)
    queue(warehouse, (first, second))
    shelf.merge()
    assert tables(warehouse) == before


def test_a_doubtful_pair_waits_with_its_evidence(warehouse: duckdb.DuckDBWarehouse) -> None:
    press = Press(13)
    link = Link("work", "01", "15", press.print_isbn())
    one = replace(press.base("test", language="eng"), links=(link,))
    other = replace(press.narrated(press.other_of(one), recording="2"), links=(link,))
    shelf = Shelf(warehouse, (one, other))
    shelf.hold(one.isbn, other.isbn)
    assert len(set(shelf.works().values())) == 2
    (waiting,) = warehouse.run("works/review_queue", most=10).to_pylist()
    assert {waiting["isbn_a"], waiting["isbn_b"]} == {one.isbn, other.isbn}
    assert {"author", "title", "work"} == {reason["kind"] for reason in waiting["evidence"]}


def test_a_step_cut_short_leaves_nothing_and_is_run_again(
    warehouse: duckdb.DuckDBWarehouse, book: tuple[Product, ...]
) -> None:
    shelf = Shelf(warehouse, book)
    load_editions(warehouse, [shelf.rows[one.isbn] for one in book])
    with mock.patch.object(merging, "_find_members", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        shelf.merge()
    assert warehouse.read("work_keys").num_rows == 0
    assert warehouse.read("merge_queue").num_rows == 3
    shelf.merge()
    assert len(set(shelf.works().values())) == 1


def test_batches_say_nothing(warehouse: duckdb.DuckDBWarehouse, book: tuple[Product, ...]) -> None:
    shelf = Shelf(warehouse, book)
    shelf.hold(*(one.isbn for one in book))
    before = tables(warehouse)
    queue(warehouse, [one.isbn for one in book])
    with mock.patch.object(reading, "BATCH", 1), mock.patch.object(merging, "_PAIRS_AT_ONCE", 1):
        shelf.merge()
    assert tables(warehouse) == before


def test_nor_does_it_that_they_are_many(warehouse: duckdb.DuckDBWarehouse, book: tuple[Product, ...]) -> None:
    shelf = Shelf(warehouse, book)
    shelf.hold(*(one.isbn for one in book))
    before = tables(warehouse)
    other = duckdb.in_memory(Home.from_environment())
    try:
        again = Shelf(other, book)
        with mock.patch.object(bulk, "FROM", 1):
            again.hold(*(one.isbn for one in book))
        assert tables(other) == before
    finally:
        other.close()
