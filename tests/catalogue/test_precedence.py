from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bindery.catalogue.precedence import Precedence, Rule, load_precedence, rows_of, write_precedence
from bindery.declarations import json_schema
from bindery.errors import ConfigurationError
from bindery.home import PROJECT, Home
from bindery.warehouse import duckdb
from tests.catalogue.feeding import ISBN_A, ISBN_B

GOOD = """
rules:
  - {field_group: offer, supplier: north, rank: 1, valid_until: 2026-06-30}
  - {field_group: offer, supplier: north, rank: 9, valid_from: 2026-07-01}
  - {field_group: collateral, supplier: south, territory: DE, rank: 2}
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBWarehouse]:
    home = Home(tmp_path)
    with duckdb.opened(duckdb.in_memory(home), home) as opened:
        yield opened


def load(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Precedence:
    path = tmp_path / "precedence.yaml"
    path.write_text(text, "utf-8")
    monkeypatch.setenv("BINDERY_PRECEDENCE", str(path))
    return load_precedence(Home(tmp_path))


def rank(supplier: str, rank: int, **more: Any) -> dict[str, Any]:
    return Rule(field_group="offer", supplier=supplier, rank=rank, **more).model_dump()


def test_rules_are_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"territory": None, "valid_from": None, "valid_until": None}
    assert rows_of(load(GOOD, tmp_path, monkeypatch)) == [
        nothing | {"field_group": "offer", "supplier": "north", "rank": 1, "valid_until": date(2026, 6, 30)},
        nothing | {"field_group": "offer", "supplier": "north", "rank": 9, "valid_from": date(2026, 7, 1)},
        nothing | {"field_group": "collateral", "supplier": "south", "rank": 2, "territory": "DE"},
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "rules: []"])
def test_there_may_be_no_rules(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(text, tmp_path, monkeypatch).rules == ()


def test_the_file_may_be_missing_unless_someone_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BINDERY_PRECEDENCE", raising=False)
    monkeypatch.setattr("bindery.home.PROJECT", tmp_path)
    assert load_precedence(Home(tmp_path)).rules == ()
    monkeypatch.setenv("BINDERY_PRECEDENCE", str(tmp_path / "typo.yaml"))
    with pytest.raises(ConfigurationError, match=r"There is no file .*typo\.yaml"):
        load_precedence(Home(tmp_path))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("rules", "rule"), "rule: there is no such key; did you mean 'rules'"),
        (GOOD.replace("collateral", "texts"), "field_group: input should be 'descriptive', 'collateral'"),
        (GOOD.replace("DE", "UK"), "UK is no country of ISO 3166-1"),
        (GOOD.replace("rank: 2", "rang: 2"), "rang: there is no such key; did you mean 'rank'"),
        (GOOD.replace("2026-07-01", "2026-06-30"), "rules.1: north has a rank for offer by rules.0 already"),
        (GOOD.replace(", valid_until: 2026-06-30", ""), "rules.1: north has a rank for offer by rules.0 already"),
        (GOOD.replace("valid_until:", "valid_from: 2027-01-01, valid_until:"), "before it begins"),
        ("- a list", "holds no declaration"),
        ("rules: [", "cannot be read"),
    ],
)
def test_a_mistake_names_the_file_and_the_rule(
    text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(text, tmp_path, monkeypatch)
    assert "precedence.yaml" in caught.value.what
    assert says in str(caught.value)


def test_the_shipped_file_says_nothing_and_its_schema_is_that_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BINDERY_PRECEDENCE", raising=False)
    assert load_precedence(Home(Path())).rules == ()
    written = (PROJECT / "include" / "precedence.schema.json").read_text("utf-8")
    assert json.loads(written) == json_schema(Precedence)


def test_rules_that_change_queue_the_titles_of_their_suppliers(warehouse: duckdb.DuckDBWarehouse) -> None:
    record = {"record_reference": "r1", "state": "live", "ordering_key": "1", "message_id": "m"}
    for key, supplier, isbn13 in ((1, "north", ISBN_A), (2, "south", ISBN_B)):
        row = {"supplier": supplier, "isbn13": isbn13, "record_key": key, "edition_key": int(isbn13)}
        warehouse.load("records", pa.Table.from_pylist([record | row]))

    def queued(rows: list[dict[str, Any]]) -> list[str]:
        before = warehouse.read("merge_queue").num_rows
        count = write_precedence(warehouse, rows)
        found = warehouse.read("merge_queue").to_pylist()[before:]
        assert count == len(found)
        assert all((row["step"], row["cause"]) == ("editions", "precedence") for row in found)
        return sorted(row["isbn13"] for row in found)

    both = [rank("north", 1, valid_until=date(2026, 6, 30)), rank("south", 2)]
    assert queued(both) == [ISBN_A, ISBN_B]
    assert queued(both[::-1]) == []
    assert queued([both[0], rank("south", 3)]) == [ISBN_B]
    assert [row["rank"] for row in warehouse.read("precedence").to_pylist()] == [1, 3]
    assert queued([]) == [ISBN_A, ISBN_B]
    assert warehouse.read("precedence").num_rows == 0
