"""Labelled products as a catalogue: read from ONIX by the real reader, one edition each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa

from bindery.catalogue.keeping import keep_versions
from bindery.catalogue.record_schema import VERSION_SCHEMA
from bindery.catalogue.staging import versions_of
from bindery.onix.read import read_onix
from bindery.steps.derive import records_table
from bindery.warehouse.engine import Warehouse
from tests.simulator.labelled import Product, messages

BLOCKS = ("descriptive", "collateral", "content", "publishing", "related", "supply")


def read_products(products: Sequence[Product]) -> dict[str, pa.Table]:
    """Rows of ``records.parquet`` by supplier."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for supplier, message in messages(list(products)):
            path = Path(folder) / f"{supplier}.xml"
            path.write_bytes(message)
            with read_onix(path) as opened:
                tables = [records_table(batch, None, test_records=False) for batch in opened.batches()]
            if tables:
                found[supplier] = pa.concat_tables(tables)
    return found


def editions_of(records: dict[str, pa.Table]) -> list[dict[str, object]]:
    """Rows of ``editions``: each record is its own edition's only one."""
    rows = []
    for supplier, table in records.items():
        narrow = table.select(["isbn13", "record_reference", "content_hash", *BLOCKS[:1], "related"]).to_pylist()
        for row in narrow:
            states = {"descriptive": row["descriptive"], "related": row["related"]}
            pointers = {
                f"{block}_{column}": value if states.get(block, True) is not None else None
                for block in BLOCKS
                for column, value in (
                    ("supplier", supplier),
                    ("record", row["record_reference"]),
                    ("version", row["content_hash"]),
                )
            }
            rows.append(
                {
                    "edition_key": int(row["isbn13"]),
                    "isbn13": row["isbn13"],
                    "state": "live",
                    "edition_hash": row["content_hash"],
                    **pointers,
                }
            )
    return rows


def load_versions(warehouse: Warehouse, records: dict[str, pa.Table]) -> None:
    """The contents that editions point at, as staging keeps them."""
    for table in records.values():
        keep_versions(warehouse, [versions_of(table.select(VERSION_SCHEMA.names))])


def load_editions(warehouse: Warehouse, rows: Iterable[dict[str, object]]) -> None:
    """Put new editions into the catalogue, and queue them for the works step."""
    rows = list(rows)
    warehouse.load("editions", pa.Table.from_pylist(rows))
    queue(warehouse, [str(row["isbn13"]) for row in rows])


def set_edition(warehouse: Warehouse, isbn: str, like: dict[str, object] | None, *, state: str = "live") -> None:
    """Let an edition say what a row of ``editions`` says, whatever it said before; None takes it out."""
    kept = {name: value for name, value in (like or {}).items() if name.split("_")[0] in BLOCKS}
    row = kept | {"edition_key": int(isbn), "isbn13": isbn, "edition_hash": "", "state": state if like else "none"}
    waiting = [{"step": "editions", "isbn13": isbn, "edition_key": int(isbn), "cause": "test"}]
    warehouse.load("merge_queue", pa.Table.from_pylist(waiting))
    warehouse.load("chosen_editions", pa.Table.from_pylist([row]))
    warehouse.run("catalogue/write_editions")
    warehouse.run("catalogue/clear_chosen_editions")
    warehouse.run("catalogue/queue_next", step="editions", next="works")
    warehouse.run("catalogue/clear_queue", step="editions")


def queue(warehouse: Warehouse, isbns: Iterable[str]) -> None:
    """Queue titles for the works step."""
    waiting = [{"step": "works", "isbn13": isbn, "edition_key": int(isbn), "cause": "test"} for isbn in isbns]
    warehouse.load("merge_queue", pa.Table.from_pylist(waiting))
