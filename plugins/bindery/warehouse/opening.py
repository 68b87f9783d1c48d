"""Opening the warehouse that is configured, to write or to read, and publishing what was written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.warehouse import duckdb, snapshots
from bindery.warehouse.engine import Warehouse

if TYPE_CHECKING:
    from bindery.warehouse.bigquery import BigQueryWarehouse

ENGINE = "BINDERY_WAREHOUSE"
"""Environment variable: ``duckdb`` (the default) or ``bigquery://<project>/<dataset>``."""


@contextmanager
def open_writer(home: Home, *, wait: float = duckdb.LOCK_WAIT_SECONDS) -> Iterator[Warehouse]:
    """Open the warehouse to write, creating the tables that are missing. One process at a time.

    Args:
        home: Where it is.
        wait: Seconds to wait for another process that holds it.

    Raises:
        UnreachableError: Another process still holds it.
        ConfigurationError: A table in it differs from its definition, or the engine is not configured right.
    """
    if (bigquery := _bigquery()) is not None:
        bigquery.create_tables()
        try:
            yield bigquery
        finally:
            bigquery.close()
        return
    with duckdb.opened(duckdb.open_file(home, wait=wait), home) as warehouse:
        yield warehouse


@contextmanager
def open_snapshot(home: Home) -> Iterator[Warehouse]:
    """Open the newest published catalogue to read; an empty one where none is published yet.

    On BigQuery readers see the tables themselves: a single ``MERGE`` is the commit point there.
    """
    if (bigquery := _bigquery()) is not None:
        try:
            yield bigquery
        finally:
            bigquery.close()
        return
    with duckdb.opened(snapshots.open_newest(home), home) as warehouse:
        yield warehouse


def publish(home: Home, warehouse: Warehouse) -> None:
    """Make what is committed visible to readers. Nothing is left to do on BigQuery.

    Args:
        home: Where the copies are.
        warehouse: The open writer, outside a transaction.
    """
    if isinstance(warehouse, duckdb.DuckDBWarehouse):
        snapshots.publish(home, warehouse)


def copy_published(home: Home, to: Home) -> None:
    """Give a home of its own a warehouse that is a copy of the published one; an empty one where nothing is published.

    Args:
        home: Where the copies are.
        to: The home, empty until now.

    Raises:
        ConfigurationError: It could not be copied, or the engine is BigQuery, where a home has no warehouse of its own.
    """
    if _bigquery() is not None:
        raise ConfigurationError(
            "there is no private copy of a catalogue on BigQuery",
            fix="Try it on one machine: set BINDERY_WAREHOUSE to duckdb and BINDERY_HOME to a copy of the home.",
        )
    to.warehouse.parent.mkdir(parents=True, exist_ok=True)
    snapshots.copy_newest(home, to.warehouse)


def _bigquery() -> BigQueryWarehouse | None:
    configured = os.environ.get(ENGINE, "duckdb")
    if configured == "duckdb":
        return None
    url = urlsplit(configured)
    dataset = url.path.strip("/")
    if url.scheme != "bigquery" or not url.netloc or not dataset or "/" in dataset:
        raise ConfigurationError(
            f"{ENGINE}={configured} names no engine", fix=f"Set {ENGINE} to duckdb or bigquery://<project>/<dataset>."
        )
    # The Google client costs seconds to import, and most processes don't need it.
    from bindery.warehouse.bigquery import BigQueryWarehouse  # noqa: PLC0415

    return BigQueryWarehouse.connect(url.netloc, dataset)
