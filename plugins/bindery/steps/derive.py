"""From what a message says to rows of ``records.parquet``: facts, content hash and scope beside each record."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.content import CONTENT_SCHEMA, content_hashes
from bindery.catalogue.facts_of import facts_of
from bindery.catalogue.record_schema import READ_SCHEMA, RECORDS_SCHEMA
from bindery.reading import Batch
from bindery.steps.known import NARROW, Known

TEST_NOTIFICATIONS: Final = ("88", "89")
"""List 1."""

_OF_EVERY_ROW: Final = ("position", "readable", "bytes_hash", "source")


def scopes_of(content: pa.Table, facts: pa.Table, *, test_records: bool) -> pa.Array:
    """Whether records concern us: ``in``, ``not_audio`` or ``test``.

    A record whose form isn't stated does, until rules have judged it (rule R5).
    """
    is_other = pc.fill_null(pc.equal(facts["is_audio"], pa.scalar(value=False)), fill_value=False)
    scope = pc.if_else(is_other, "not_audio", "in")
    if not test_records:
        is_test = pc.is_in(content["notification_type"], pa.array(TEST_NOTIFICATIONS))
        scope = pc.if_else(is_test, "test", scope)
    return scope


def records_table(batch: Batch, known: Known | None, *, test_records: bool) -> pa.Table:
    """Rows of ``records.parquet``.

    Args:
        batch: Records as read.
        known: What tells of those that were not read.
        test_records: Whether test records concern us.

    Returns:
        A table of ``RECORDS_SCHEMA``, a row a record, in the batch's order.
    """
    table = batch.table
    is_known = np.zeros(table.num_rows, np.bool_) if batch.known is None else np.asarray(batch.known)
    read = np.asarray(table["readable"]) & ~is_known
    columns = {name: table[name] for name in READ_SCHEMA.names} | {"is_known": pa.array(is_known)}
    if read.any():
        columns |= _derived(table, read, test_records=test_records)
    if known is not None and is_known.any():
        columns |= _remembered(columns, known, is_known)
    columns["scope"] = pc.fill_null(columns["scope"], "in") if "scope" in columns else pa.repeat("in", table.num_rows)
    for name in RECORDS_SCHEMA.names:
        if name not in columns:
            columns[name] = pa.nulls(table.num_rows, RECORDS_SCHEMA.field(name).type)
    return pa.table([columns[name] for name in RECORDS_SCHEMA.names], schema=RECORDS_SCHEMA)


def _derived(table: pa.Table, read: npt.NDArray[np.bool_], *, test_records: bool) -> dict[str, Any]:
    """Facts, content hash and scope of the records that were read; null beside the others."""
    content = table.select(CONTENT_SCHEMA.names)
    if not read.all():
        content = content.filter(pa.array(read))
    facts = facts_of(content)
    found = {name: facts[name] for name in facts.column_names}
    found["content_hash"] = content_hashes(content)
    found["scope"] = scopes_of(content, facts, test_records=test_records)
    if read.all():
        return found
    places = pa.array(np.cumsum(read) - 1, mask=~read)
    return {name: column.take(places) for name, column in found.items()}


def _remembered(columns: dict[str, Any], known: Known, is_known: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The narrow columns, with what is known of the records that were not read."""
    rows = known.rows(columns["bytes_hash"].filter(pa.array(is_known)))
    places = np.where(is_known, len(is_known) + np.cumsum(is_known) - 1, np.arange(len(is_known)))
    found = {}
    for name in NARROW:
        kind = RECORDS_SCHEMA.field(name).type
        read = columns.get(name, pa.nulls(len(is_known), kind))
        both = pa.chunked_array([*_chunks(read), *rows[name].chunks], kind)
        found[name] = both.combine_chunks().take(pa.array(places))
    return found


def _chunks(column: Any) -> list[pa.Array]:
    return list(column.chunks) if isinstance(column, pa.ChunkedArray) else [column]
