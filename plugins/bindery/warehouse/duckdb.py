"""The warehouse on one machine: a DuckDB file that one process writes, and published copies that everyone reads.

DuckDB locks its file against every other process, readers too. So the writer works on a file of its own, and
``snapshots.publish`` puts a copy of it beside: whoever reads opens the newest copy and keeps it as long as it likes.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import tenacity

from bindery.errors import ConfigurationError, UnreachableError
from bindery.home import Home
from bindery.warehouse import arrow, dialect, statements

log = logging.getLogger(__name__)

MEMORY_LIMIT = "BINDERY_MEMORY_LIMIT"
"""Environment variable: what one connection may hold in memory. DuckDB's own default is 80 % of the machine, for each
process."""

THREADS = "BINDERY_THREADS"
"""Environment variable: threads of one connection."""

LOCK_WAIT_SECONDS = 60.0
"""How long the writer waits for another process to let go of the file."""

_HOLDER = re.compile(r"Conflicting lock is held in (.+?)(?: by user .*)?\. ")


class DuckDBWarehouse:
    """An open DuckDB database. Implements ``engine.Warehouse``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._depth = 0
        for setting in ("duckdb/session", "duckdb/quiet"):
            connection.sql(statements.statement(setting).text)

    def run(self, statement: str, **parameters: object) -> pa.Table:
        """See ``engine.Warehouse.run``."""
        asked = statements.statement(statement)
        values = statements.check_parameters(asked, parameters)
        with self._explained(asked.name):
            relation = self._connection.sql(dialect.to_duckdb(asked), params=values or None)
            if relation is None:
                return written(0)
            answer = relation.to_arrow_table()
        return written(answer.column(0)[0].as_py()) if dialect.writes(asked) else arrow.plain(answer)

    def checkpoint(self) -> None:
        """Move everything committed into the file, so that the file alone is the whole warehouse."""
        with self._explained("duckdb/checkpoint"):
            self._connection.sql(statements.statement("duckdb/checkpoint").text)

    def load(self, table: str, rows: pa.Table) -> int:
        """See ``engine.Warehouse.load``."""
        with self._explained(table):
            schema = self.schema(table)
            try:
                fitted = arrow.fit(rows, schema)
            except (ValueError, pa.ArrowException) as error:
                raise ConfigurationError(
                    f"rows do not fit table {table}: {error}",
                    fix=f"Give the columns of include/sql/tables/{table}.sql, of its types.",
                ) from error
            self._connection.from_arrow(fitted).insert_into(table)
        return int(rows.num_rows)

    def read(self, table: str) -> pa.Table:
        """All rows of a table, in no order. For small tables and for tests."""
        self.schema(table)
        return arrow.plain(self._connection.table(table).to_arrow_table())

    def schema(self, table: str) -> pa.Schema:
        """A table's columns in Arrow."""
        if table not in statements.tables():
            raise ConfigurationError(
                f"there is no table {table!r}", fix=f"Write include/sql/tables/{table}.sql, or name one that is there."
            )
        return arrow.plain(self._connection.table(table).limit(0).to_arrow_table()).schema

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See ``engine.Warehouse.transaction``. Inside another one, it is part of that one."""
        if self._depth:
            yield
            return
        self._connection.begin()
        self._depth += 1
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        else:
            self._connection.commit()
        finally:
            self._depth -= 1

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except duckdb.OutOfMemoryException as error:
            raise ConfigurationError(
                f"{what} needs more memory than {self._name} may use: {error}", fix=f"Raise {MEMORY_LIMIT}."
            ) from error
        except duckdb.CatalogException as error:
            raise ConfigurationError(
                f"{what} asks for something {self._name} does not have: {error}",
                fix="If a table was added since it was published, publish again; otherwise correct the statement.",
            ) from error
        except duckdb.Error as error:
            raise ConfigurationError(
                f"{what} failed on {self._name}: {error}",
                fix="Nothing was written. Correct the statement or the rows it was given, and run it again.",
            ) from error


def written(count: int) -> pa.Table:
    """What a statement that writes answers: the number of rows."""
    return pa.table({"rows": pa.array([count], pa.int64())})


def settings(home: Home) -> dict[str, Any]:
    """How every connection of this process is set. Makes the place where what doesn't fit in memory is put."""
    # DuckDB makes its own folder when it first needs it, but none above it.
    home.spill(os.getpid()).parent.mkdir(parents=True, exist_ok=True)
    return {
        "memory_limit": os.environ.get(MEMORY_LIMIT, "1GB"),
        "threads": int(os.environ.get(THREADS, os.cpu_count() or 1)),
        "temp_directory": str(home.spill(os.getpid())),
    }


@contextmanager
def opened(warehouse: DuckDBWarehouse, home: Home) -> Iterator[DuckDBWarehouse]:
    """Close the warehouse at the end, and leave no spilled data behind."""
    try:
        yield warehouse
    finally:
        warehouse.close()
        shutil.rmtree(home.spill(os.getpid()), ignore_errors=True)


def create_tables(warehouse: DuckDBWarehouse) -> None:
    """Create every table of ``include/sql/tables`` that is not there yet."""
    for table in statements.tables():
        warehouse.run(f"{statements.DDL_ROOM}/{table}")


def in_memory(home: Home) -> DuckDBWarehouse:
    """An empty warehouse with every table, gone when it is closed."""
    warehouse = DuckDBWarehouse(duckdb.connect(config=settings(home)), "an empty warehouse in memory")
    create_tables(warehouse)
    return warehouse


def open_file(home: Home, *, wait: float = LOCK_WAIT_SECONDS) -> DuckDBWarehouse:
    """Open the file of the one writer, creating it and the tables that are missing.

    Args:
        home: Where the file is.
        wait: Seconds to wait for another process to let go of it.

    Raises:
        UnreachableError: Another process still holds it; the error names it.
        ConfigurationError: It is not a warehouse of ours, or a table in it differs from its definition.
    """
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    warehouse = DuckDBWarehouse(_connect(home, wait), str(home.warehouse))
    try:
        with warehouse.transaction():
            create_tables(warehouse)
        _refuse_drift(warehouse, home)
    except BaseException:
        warehouse.close()
        raise
    return warehouse


def _connect(home: Home, wait: float) -> duckdb.DuckDBPyConnection:
    attempts = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(duckdb.IOException) & tenacity.retry_if_exception(_is_lock),
        stop=tenacity.stop_after_delay(wait),
        wait=tenacity.wait_random_exponential(multiplier=0.05, max=2),
        before_sleep=tenacity.before_sleep_log(log, logging.INFO),
        reraise=True,
    )
    try:
        return attempts(duckdb.connect, str(home.warehouse), config=settings(home))
    except duckdb.Error as error:
        if not _is_lock(error):
            raise ConfigurationError(
                f"{home.warehouse} cannot be opened: {error}",
                fix="If it is damaged, move it away: the next runs build it again from the archive.",
            ) from error
        holder = _HOLDER.search(str(error))
        raise UnreachableError(
            f"{home.warehouse} is held by {holder.group(1) if holder else 'another process'}",
            fix="One process writes at a time: wait for it to end, or end it, and run this again.",
        ) from error


def _is_lock(error: BaseException) -> bool:
    return "Could not set lock on file" in str(error)


def _refuse_drift(warehouse: DuckDBWarehouse, home: Home) -> None:
    fresh = in_memory(home)
    try:
        for table in statements.tables():
            if (there := warehouse.schema(table)) != (wanted := fresh.schema(table)):
                differing = sorted({_column(field) for field in there} ^ {_column(field) for field in wanted})
                raise ConfigurationError(
                    f"table {table} in {home.warehouse} is not what include/sql/tables/{table}.sql says: "
                    f"{'; '.join(differing) or 'other order'}",
                    fix="Move the file away: the next runs build it again from the archive.",
                )
    finally:
        fresh.close()


def _column(field: pa.Field) -> str:
    return f"{field.name} {field.type}"


def open_read_only(home: Home, path: Path) -> DuckDBWarehouse:
    """Open a published copy.

    Raises:
        FileNotFoundError: It is no longer there: a newer one is.
    """
    if not path.is_file():
        raise FileNotFoundError(path)
    return DuckDBWarehouse(duckdb.connect(str(path), read_only=True, config=settings(home)), str(path))
