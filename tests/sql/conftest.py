from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest

from bindery.home import Home
from bindery.warehouse import duckdb, statements


@pytest.fixture(scope="session")
def duckdb_tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBWarehouse]:
    """Every table, empty. A test that writes undoes it."""
    home = Home(tmp_path_factory.mktemp("home"))
    with duckdb.opened(duckdb.in_memory(home), home) as warehouse:
        yield warehouse


@pytest.fixture(scope="session")
def schemas(duckdb_tables: duckdb.DuckDBWarehouse) -> dict[str, pa.Schema]:
    return {table: duckdb_tables.schema(table) for table in statements.tables()}
