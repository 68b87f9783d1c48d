from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb as engine
import pyarrow as pa
import pytest
from pyarrow import types

from bindery.catalogue.record_schema import VERSION_SCHEMA
from bindery.errors import ConfigurationError, UnreachableError
from bindery.home import Home
from bindery.warehouse import duckdb, open_writer
from tests.warehouse import PYTHON

SUPPLIERS = pa.table({"supplier": ["northwind", "harbour"], "precedence": [1, 2]})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def warehouse(home: Home) -> Iterator[duckdb.DuckDBWarehouse]:
    with duckdb.opened(duckdb.in_memory(home), home) as opened:
        yield opened


def test_the_record_model_and_its_table_agree_in_names_order_and_types(warehouse: duckdb.DuckDBWarehouse) -> None:
    assert warehouse.schema("record_versions") == VERSION_SCHEMA.append(pa.field("version_key", pa.int64()))


def sample(kind: pa.DataType, depth: int = 0) -> Any:
    """A value that fills every field of a type, with two items in every list."""
    if types.is_list(kind):
        return [sample(kind.value_type, depth + 1), sample(kind.value_type, depth + 2)]
    if types.is_struct(kind):
        return {field.name: sample(field.type, depth + 1) for field in kind}
    values = {
        pa.string(): f"Größe {depth} 狼",
        pa.int64(): 2**40 + depth,
        pa.float64(): 0.5,
        pa.bool_(): depth % 2 == 0,
        pa.date32(): date(2026, 3, 1),
        pa.decimal128(38, 9): Decimal("12345678901234567890.123456789"),
    }
    return values[kind]


def test_a_record_with_every_block_comes_back_as_it_went_in(warehouse: duckdb.DuckDBWarehouse) -> None:
    full = {field.name: sample(field.type) for field in VERSION_SCHEMA}
    bare = {
        **{field.name: [] if types.is_list(field.type) else None for field in VERSION_SCHEMA},
        "content_hash": "bare",
    }
    rows = pa.Table.from_pylist([full, bare], schema=VERSION_SCHEMA)
    assert warehouse.load("record_versions", rows) == 2
    assert warehouse.read("record_versions").select(VERSION_SCHEMA.names) == rows


def test_rows_are_matched_to_columns_by_name(warehouse: duckdb.DuckDBWarehouse) -> None:
    warehouse.load("suppliers", SUPPLIERS.select(["precedence", "supplier"]))
    assert warehouse.read("suppliers") == SUPPLIERS


def test_a_null_array_is_stored_empty_as_bigquery_does(warehouse: duckdb.DuckDBWarehouse) -> None:
    warehouse.load("territory_sets", pa.table({"territory_set_id": ["none"]}))
    assert warehouse.read("territory_sets").column("countries").to_pylist() == [[]]


@pytest.mark.parametrize(
    "rows",
    [
        pa.table({"supplier": ["a"], "precedence": [1], "surprise": [1]}),
        pa.table({"supplier": ["a"], "precedence": ["first"]}),
        pa.table({"supplier": ["a"]}),
    ],
    ids=["unknown column", "other type", "nothing for a column that must be filled"],
)
def test_rows_that_do_not_fit_are_refused_whole(warehouse: duckdb.DuckDBWarehouse, rows: pa.Table) -> None:
    with pytest.raises(ConfigurationError, match="suppliers"):
        warehouse.load("suppliers", rows)
    assert warehouse.read("suppliers").num_rows == 0


def load_two_tables(warehouse: duckdb.DuckDBWarehouse) -> None:
    warehouse.load("suppliers", SUPPLIERS)
    warehouse.load("nowhere", SUPPLIERS)


def test_a_transaction_happens_whole_or_not_at_all(warehouse: duckdb.DuckDBWarehouse) -> None:
    with pytest.raises(ConfigurationError, match="no table"), warehouse.transaction():
        load_two_tables(warehouse)
    assert warehouse.read("suppliers").num_rows == 0
    with warehouse.transaction(), warehouse.transaction():
        warehouse.load("suppliers", SUPPLIERS)
    assert warehouse.read("suppliers").num_rows == 2


def test_every_connection_runs_in_utc_within_its_memory(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(duckdb.MEMORY_LIMIT, "300MB")
    monkeypatch.setenv(duckdb.THREADS, "1")
    assert duckdb.settings(home) == {
        "memory_limit": "300MB",
        "threads": 1,
        "temp_directory": duckdb.settings(home)["temp_directory"],
    }
    assert Path(duckdb.settings(home)["temp_directory"]).is_relative_to(home.root)


HOLD = """
import sys
from pathlib import Path
from bindery.home import Home
from bindery.warehouse import open_writer
with open_writer(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_writer_waits_and_is_told_who_holds_the_file(home: Home) -> None:
    command = [sys.executable, "-c", HOLD, str(home.root)]
    with subprocess.Popen(command, env=PYTHON, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UnreachableError, match=f"PID {holder.pid}"), open_writer(home, wait=0.2):
            pass
        holder.communicate("\n")
    with open_writer(home, wait=0.2) as warehouse:
        assert warehouse.load("suppliers", SUPPLIERS) == 2


def test_a_file_that_is_not_ours_is_refused(home: Home) -> None:
    home.warehouse.parent.mkdir(parents=True)
    home.warehouse.write_bytes(b"not a database" * 1000)
    with pytest.raises(ConfigurationError, match="cannot be opened"), open_writer(home, wait=0.2):
        pass


def test_a_table_that_differs_from_its_definition_is_refused(home: Home) -> None:
    home.warehouse.parent.mkdir(parents=True)
    with engine.connect(str(home.warehouse)) as connection:
        connection.from_arrow(pa.table({"supplier": ["a"], "rank": [1]})).create("suppliers")
    with pytest.raises(ConfigurationError, match=r"table suppliers .* rank"), open_writer(home):
        pass
