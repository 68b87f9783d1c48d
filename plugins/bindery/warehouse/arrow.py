"""Arrow as both engines answer it: one Arrow type for each GoogleSQL type, whatever the engine made of it.

========== ============================
GoogleSQL  Arrow
========== ============================
STRING     ``string``
INT64      ``int64``
FLOAT64    ``float64``
BOOL       ``bool``
NUMERIC    ``decimal128(38, 9)``
DATE       ``date32``
TIMESTAMP  ``timestamp[us, UTC]``
ARRAY      ``list<item: …>``
STRUCT     ``struct<…>``
========== ============================
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

NUMERIC = pa.decimal128(38, 9)
TIMESTAMP = pa.timestamp("us", tz="UTC")


def plain_type(given: pa.DataType) -> pa.DataType:
    """The Arrow type that stands for the same GoogleSQL type.

    An integer of any width is INT64; so is a decimal without a fraction, which is what DuckDB makes of a sum of
    integers and which no NUMERIC of ours is.
    """
    if types.is_integer(given) or (types.is_decimal(given) and given.scale == 0):
        return pa.int64()
    if types.is_list(given) or types.is_large_list(given):
        return pa.list_(plain_type(given.value_type))
    if types.is_struct(given):
        return pa.struct([pa.field(field.name, plain_type(field.type)) for field in given])
    for applies, plain in (
        (types.is_decimal, NUMERIC),
        (types.is_floating, pa.float64()),
        (types.is_timestamp, TIMESTAMP),
        (types.is_date, pa.date32()),
        (types.is_large_string, pa.string()),
        (types.is_string_view, pa.string()),
    ):
        if applies(given):
            return plain
    return given


def plain(table: pa.Table) -> pa.Table:
    """A table with the types of ``plain_type``, every column nullable, no metadata."""
    schema = pa.schema([pa.field(field.name, plain_type(field.type)) for field in table.schema])
    return table if table.schema == schema else table.cast(schema)


def fit(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows with exactly the columns of a table, matched by name.

    A column that ``rows`` leaves out is null; a null array becomes an empty one, because that is what BigQuery stores.

    Raises:
        ValueError: ``rows`` has a column the table has not, or values that don't fit its type.
    """
    if extra := [name for name in rows.column_names if name not in schema.names]:
        message = f"no column {', '.join(extra)}"
        raise ValueError(message)
    columns = []
    for field in schema:
        if field.name in rows.column_names:
            column = rows.column(field.name).cast(field.type)
        else:
            column = pa.chunked_array([pa.nulls(rows.num_rows, field.type)])
        if types.is_list(field.type) and column.null_count:
            column = pc.if_else(column.is_null(), pa.scalar([], field.type), column)
        columns.append(column)
    return pa.table(columns, schema=schema)
