"""One number for a whole catalogue: the same messages give the same one, in whatever order they came (law 1)."""

from __future__ import annotations

import hashlib

import orjson
import pyarrow as pa

from bindery.warehouse.engine import Warehouse

TABLES = ("records", "editions", "work_members", "work_pairs", "offers")
"""What law 1 speaks of. History and outcomes tell of the order of arrival, so they are not in it."""


def fingerprint(warehouse: Warehouse) -> str:
    """The SHA-256, in hex, of every row of the catalogue's tables, in an order of their own.

    Reads the tables whole: meant for tests, drills and the demo, not for the daily road.
    """
    digest = hashlib.sha256()
    for table in TABLES:
        digest.update(f"{table}\n".encode())
        for row in sorted(_rows(warehouse.read(table))):
            digest.update(row + b"\n")
    return digest.hexdigest()


def _rows(table: pa.Table) -> list[bytes]:
    return [orjson.dumps(row, default=str, option=orjson.OPT_SORT_KEYS) for row in table.to_pylist()]
