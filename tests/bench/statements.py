"""What each statement of a warehouse costs: every call that reaches the engine, by its name."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple
from unittest import mock

import pyarrow as pa

from bindery.warehouse import duckdb, snapshots
from bindery.warehouse.duckdb import DuckDBWarehouse
from bindery.warehouse.statements import DDL_ROOM

Seconds = dict[str, float]


class Spent(NamedTuple):
    """Seconds by name: on the clock, and of the processor, which other work on the machine does not change."""

    wall: Seconds
    cpu: Seconds


@contextmanager
def timed() -> Iterator[Spent]:
    """Seconds by statement, of all that this process asks of DuckDB until the end of the block.

    What is asked within something else, such as the tables made while a file is opened, counts for itself alone.
    """
    spent = Spent(defaultdict(float), defaultdict(float))
    clocks = (time.perf_counter, time.process_time)
    within = [(0.0, 0.0)]

    @contextmanager
    def counted(name: str) -> Iterator[None]:
        begin = [clock() for clock in clocks]
        within.append((0.0, 0.0))
        try:
            yield
        finally:
            taken = [clock() - began for clock, began in zip(clocks, begin, strict=True)]
            for seconds, own, others in zip(spent, taken, within.pop(), strict=True):
                seconds[name] += own - others
            wall, cpu = within.pop()
            within.append((wall + taken[0], cpu + taken[1]))

    def timing(real: Callable[..., Any], named: Callable[..., str]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            with counted(named(*args)):
                return real(*args, **kwargs)

        return call

    def always(name: str) -> Callable[..., str]:
        return lambda *_: name

    @contextmanager
    def transaction(self: DuckDBWarehouse) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(real_transaction(self))
            yield
            with counted("commit"):
                stack.close()

    def ran(_self: DuckDBWarehouse, statement: str) -> str:
        return "make tables" if statement.startswith(f"{DDL_ROOM}/") else statement

    def loaded(_self: DuckDBWarehouse, table: str, _rows: pa.Table) -> str:
        return f"load {table}"

    real_transaction = DuckDBWarehouse.transaction
    with (
        mock.patch.object(DuckDBWarehouse, "run", timing(DuckDBWarehouse.run, ran)),
        mock.patch.object(DuckDBWarehouse, "load", timing(DuckDBWarehouse.load, loaded)),
        mock.patch.object(DuckDBWarehouse, "transaction", transaction),
        mock.patch.object(DuckDBWarehouse, "checkpoint", timing(DuckDBWarehouse.checkpoint, always("checkpoint"))),
        mock.patch.object(DuckDBWarehouse, "close", timing(DuckDBWarehouse.close, always("close"))),
        mock.patch.object(duckdb, "open_file", timing(duckdb.open_file, always("open"))),
        mock.patch("bindery.warehouse.snapshots.open_read_only", timing(duckdb.open_read_only, always("open"))),
        mock.patch.object(snapshots, "_copy", timing(snapshots._copy, always("copy the file"))),
    ):
        yield spent
