"""Law 1 for works: any order of arrival, any batches, any detour gives what one look at the end gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import Any
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bindery.catalogue.works import merging
from bindery.home import Home
from bindery.trade.identifiers import clean_isbn
from bindery.warehouse import duckdb
from tests.simulator.labelled import Press
from tests.simulator.labelled_senders import CASES
from tests.simulator.titles import isbn13
from tests.works.catalogue import editions_of, load_versions, queue, read_products, set_edition

ISBNS = [isbn13(f"97800000{number:04d}") for number in range(1, 10)]
TABLES = ("work_keys", "work_pairs", "work_members")
FEW = {"most_linked": 3, "most_titled": 3, "most_written": 4, "most_sounding": 3, "most_titles": 2}
"""Limits so low that keys wear out, and recover, within a few editions."""
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


@cache
def contents() -> tuple[dict[str, pa.Table], list[dict[str, Any]]]:
    """What editions may say: close enough to each other to be joined, kept apart and doubted."""
    press = Press(5)
    wanted = ("other_narration", "abridged", "sequels", "one_work_id_for_an_author", "several_authors", "nobody_named")
    records = read_products([one for name in wanted for one in CASES[name](press, name)])
    rows = editions_of(records)
    assert len(rows) > 15
    return records, rows


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    _, rows = contents()
    said = st.none() | st.integers(0, 3) | st.integers(0, len(rows) - 1)
    steps = draw(st.lists(st.tuples(st.sampled_from(ISBNS), said), min_size=3, max_size=16))
    pairs = st.tuples(st.sampled_from(ISBNS), st.sampled_from(ISBNS)).filter(lambda pair: pair[0] < pair[1])
    asserted = draw(st.lists(st.tuples(pairs, st.sampled_from(["must", "never"]), st.booleans()), max_size=4))
    return {
        "steps": steps,
        "asserted": asserted,
        "cuts": draw(st.lists(st.booleans(), min_size=len(steps) + 8, max_size=len(steps) + 8)),
        "when": draw(st.lists(st.integers(0, len(steps)), min_size=len(asserted), max_size=len(asserted))),
    }


def tables(warehouse: duckdb.DuckDBWarehouse) -> dict[str, list[dict[str, Any]]]:
    found = {table: warehouse.read(table).to_pylist() for table in TABLES}
    return {table: sorted(rows, key=lambda row: repr(list(row.values()))) for table, rows in found.items()}


def asserts(warehouse: duckdb.DuckDBWarehouse, number: int, pair: tuple[str, str], kind: str) -> None:
    a, b = pair
    row = {
        "assertion_id": f"a-{number:06d}",
        "edition_key_a": int(a),
        "edition_key_b": int(b),
        "isbn_a": a,
        "isbn_b": b,
        "kind": kind,
        "owner": "ann",
        "reason": "she knows",
        "made_at": MOMENT,
    }
    warehouse.load("work_assertions", pa.Table.from_pylist([row]))
    queue(warehouse, pair)


def fresh() -> duckdb.DuckDBWarehouse:
    warehouse = duckdb.in_memory(Home.from_environment())
    load_versions(warehouse, contents()[0])
    return warehouse


def at_once(history: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The last word on each edition, and the decisions that stand, in one run."""
    _, rows = contents()
    warehouse = fresh()
    for isbn, said in dict(history["steps"]).items():
        set_edition(warehouse, isbn, None if said is None else rows[said])
    for number, (pair, kind, is_released) in enumerate(history["asserted"]):
        if not is_released:
            asserts(warehouse, number, pair, kind)
    merging.merge_works(warehouse)
    return tables(warehouse)


def step_by_step(history: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Every word in its turn, with a run of the step wherever the history is cut; decisions are released at the end."""
    _, rows = contents()
    warehouse = fresh()
    cuts = iter(history["cuts"])
    for place, (isbn, said) in enumerate(history["steps"]):
        set_edition(warehouse, isbn, None if said is None else rows[said])
        for number, (pair, kind, _) in enumerate(history["asserted"]):
            if history["when"][number] == place:
                asserts(warehouse, number, pair, kind)
        if next(cuts):
            merging.merge_works(warehouse)
    for number, (pair, kind, is_released) in enumerate(history["asserted"]):
        if history["when"][number] == len(history["steps"]):
            asserts(warehouse, number, pair, kind)
        if is_released:
            told = {"released_at": MOMENT, "released_by": "bob", "release_reason": "he knows better"}
            warehouse.run("works/release_assertion", assertion_id=f"a-{number:06d}", **told)
            queue(warehouse, pair)
        if next(cuts):
            merging.merge_works(warehouse)
    merging.merge_works(warehouse)
    before = tables(warehouse)
    queue(warehouse, ISBNS)
    merging.merge_works(warehouse)
    assert tables(warehouse) == before, "a second look changed something"
    return before


@pytest.fixture(autouse=True)
def low_limits() -> Iterator[None]:
    links = {name: FEW[name] for name in merging._LINK_LIMITS}
    with mock.patch.dict(merging.LIMITS, FEW), mock.patch.dict(merging._LINK_LIMITS, links):
        yield


@pytest.mark.slow
@given(histories())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_works_are_what_they_would_be_at_once(history: dict[str, Any]) -> None:
    assert step_by_step(history) == at_once(history)


@pytest.mark.slow
def test_a_key_wears_out_and_recovers() -> None:
    _, rows = contents()
    warehouse = fresh()
    same = [(isbn, 0) for isbn in ISBNS[:6]]
    for isbn, said in same:
        set_edition(warehouse, isbn, rows[said])
        merging.merge_works(warehouse)
    assert tables(warehouse) == at_once({"steps": same, "asserted": []})
    for isbn, _ in same[2:]:
        set_edition(warehouse, isbn, None)
        merging.merge_works(warehouse)
    assert tables(warehouse) == at_once({"steps": same[:2], "asserted": []})
    assert {row["work_id"] for row in tables(warehouse)["work_members"]} == {f"w{ISBNS[0]}"}


def test_isbns_are_good() -> None:
    assert [clean_isbn(isbn) for isbn in ISBNS] == ISBNS
    assert all(a < b for a, b in pairwise(ISBNS))
