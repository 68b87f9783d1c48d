"""Every case of every statement, on DuckDB. ``test_parity`` runs the same cases on BigQuery's emulator."""

from __future__ import annotations

import contextlib

import pyarrow as pa
import pytest

from bindery.warehouse import duckdb, statements
from tests.sql import cases

CASES = cases.discover()


class Undo(Exception):  # noqa: N818 - not an error: it makes a transaction roll back
    """What a case wrote is taken back, so that the next one finds the tables empty."""


def on_duckdb(
    case_file: cases.CaseFile, warehouse: duckdb.DuckDBWarehouse, schemas: dict[str, pa.Schema]
) -> cases.Outcome:
    outcomes = []
    with contextlib.suppress(Undo), warehouse.transaction():
        outcomes.append(cases.play(case_file, warehouse, schemas))
        raise Undo
    return outcomes[0]


@pytest.mark.parametrize("case_file", CASES, ids=lambda case_file: case_file.id)
def test_case_on_duckdb(
    case_file: cases.CaseFile, duckdb_tables: duckdb.DuckDBWarehouse, schemas: dict[str, pa.Schema]
) -> None:
    cases.check(case_file, on_duckdb(case_file, duckdb_tables, schemas))


def test_every_statement_has_a_case() -> None:
    of_engine = {statements.DDL_ROOM, statements.DUCKDB_ROOM}
    wanted = {name for name in statements.names() if name.split("/")[0] not in of_engine}
    having = {case_file.statement for case_file in CASES}
    assert sorted(wanted - having) == [], "statements without a case"
    assert sorted(having - wanted) == [], "cases without a statement"
