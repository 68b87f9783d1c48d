"""What every engine offers: named statements with bound parameters, bulk load, transactions. Nothing else.

The SQL is in ``include/sql/<room>/<name>.sql``, in GoogleSQL; a statement is asked for by its name.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

import pyarrow as pa


class Warehouse(Protocol):
    """An open warehouse."""

    def run(self, statement: str, **parameters: object) -> pa.Table:
        """Run one statement.

        Args:
            statement: Its name, such as ``catalogue/fold_records``.
            parameters: A value for each parameter that the statement's header declares, of the declared type.

        Returns:
            The rows of a query. For a statement that writes: one row with the column ``rows``, the number written.

        Raises:
            ConfigurationError: There is no such statement, or the parameters are not those it declares.
        """
        ...

    def load(self, table: str, rows: pa.Table) -> int:
        """Append rows to a table, matching columns by name.

        Args:
            table: A table of ``include/sql/tables``.
            rows: Columns must be those of the table; a missing nullable column is null.

        Returns:
            The number of rows appended.
        """
        ...

    def read(self, table: str) -> pa.Table:
        """All rows of a table, in no order. For small tables, drills and tests.

        Args:
            table: A table of ``include/sql/tables``.
        """
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside happens, or nothing. On an engine without transactions it does nothing (RFC 0001)."""
        ...

    def close(self) -> None:
        """Let go of the engine."""
        ...
