"""Identity of content: two records with the same hash say the same thing (law 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.canonical import canonical_rows
from bindery.catalogue.record import Record
from bindery.catalogue.record_schema import PARTS_OF_CONTENT, RECORDS_SCHEMA

CONTENT_SCHEMA: Final = pa.schema([RECORDS_SCHEMA.field(name) for name in PARTS_OF_CONTENT])
"""Columns of a table of content: what records say."""

_NEVER_NULL: Final = frozenset({"record_reference", "notification_type"})
"""Empty where they aren't stated; in tables that is null."""


def content_of(records: Iterable[Record]) -> pa.Table:
    """A table of content with a row for each record, for what is read record by record."""
    rows = [
        {name: None if name in _NEVER_NULL and value == "" else value for name, value in record.items()}
        for record in records
    ]
    return pa.Table.from_pylist(rows, schema=CONTENT_SCHEMA)


def content_hashes(content: pa.Table) -> pa.StringArray:
    """SHA-256, in lower-case hex, of what each record says: its ``canonical_rows``, over ``PARTS_OF_CONTENT``.

    Where the record came from, and what of it has no place in the model, is not part of what it says. Null and empty
    are not the same, but for a record reference and a notification type; ``10.50`` and ``10.5`` are.

    Args:
        content: Has at least the columns of ``CONTENT_SCHEMA``, in any order; read, or read back from a table.

    Returns:
        One hash a row. It depends on the row alone, not on its neighbours or on how the table is chunked.
    """
    content = content.select(PARTS_OF_CONTENT).cast(CONTENT_SCHEMA)
    hashes: list[str] = []
    for batch in content.combine_chunks().to_batches():
        columns = [
            pc.if_else(pc.equal(column, ""), None, column) if name in _NEVER_NULL else column
            for name, column in zip(PARTS_OF_CONTENT, batch.columns, strict=True)
        ]
        for rows in canonical_rows(columns):
            hashes += _hashes(rows)
    return pa.array(hashes, pa.string())


def _hashes(rows: pa.LargeBinaryArray) -> list[str]:
    _, offsets, data = rows.buffers()
    ends = np.frombuffer(offsets, np.int64)[rows.offset : rows.offset + len(rows) + 1].tolist()
    view = memoryview(data)
    return [hashlib.sha256(view[start:end]).hexdigest() for start, end in pairwise(ends)]
