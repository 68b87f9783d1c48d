"""Every case and every table on both engines, compared row for row: DuckDB, and BigQuery's emulator.

The emulator analyses GoogleSQL with Google's own analyser, so a statement that it runs is GoogleSQL. Where it differs
from BigQuery is written in docs/sql.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from bindery.errors import BinderyError
from bindery.warehouse import dialect, duckdb, statements
from bindery.warehouse.bigquery import BigQueryWarehouse
from tests.emulators import bigquery as emulator
from tests.sql import cases
from tests.sql.test_cases import CASES, on_duckdb

# The time limit leaves out the fixtures: the first may have to build the emulator, which has a limit of its own.
pytestmark = [pytest.mark.integration, pytest.mark.timeout(300, func_only=True)]

DATASET = "cases"


@pytest.fixture
def on_bigquery(bigquery_emulator: Path, tmp_path: Path) -> Iterator[BigQueryWarehouse]:
    """A dataset without tables, in an emulator of its own: one that has made and dropped many gets slow."""
    with emulator.running(bigquery_emulator, tmp_path) as address, emulator.EmulatorClient(address) as client:
        client.create_dataset(DATASET)
        yield BigQueryWarehouse(client, DATASET, patience=1)


@pytest.mark.parametrize("table", statements.tables())
def test_a_table_is_the_same_on_both(
    table: str, on_bigquery: BigQueryWarehouse, duckdb_tables: duckdb.DuckDBWarehouse
) -> None:
    on_bigquery.run(f"{statements.DDL_ROOM}/{table}")
    assert on_bigquery.read(table).schema == duckdb_tables.schema(table)


@pytest.mark.parametrize("case_file", CASES, ids=lambda case_file: case_file.id)
def test_case_on_both(
    case_file: cases.CaseFile,
    on_bigquery: BigQueryWarehouse,
    duckdb_tables: duckdb.DuckDBWarehouse,
    schemas: dict[str, pa.Schema],
) -> None:
    for table in case_file.tables():
        on_bigquery.run(f"{statements.DDL_ROOM}/{table}")
    if case_file.read().analysed_only:
        on_bigquery.run(case_file.statement, **case_file.read().parameters)
        return
    here = on_duckdb(case_file, duckdb_tables, schemas)
    try:
        there = cases.play(case_file, on_bigquery, schemas)
    except BinderyError as error:
        pytest.fail(f"BigQuery refuses {case_file.statement}: {error}")
    # The emulator does not count the rows that a statement writes.
    if not dialect.writes(statements.statement(case_file.statement)):
        _same(there.answer, here.answer)
    for table, rows in here.tables.items():
        _same(there.tables[table], rows)
    ordered = case_file.read().is_ordered
    if ordered:
        assert cases.rows_of(there.answer, ordered=True) == cases.rows_of(here.answer, ordered=True)


def _same(there: pa.Table, here: pa.Table) -> None:
    assert there.schema == here.schema
    assert cases.rows_of(there) == cases.rows_of(here)
