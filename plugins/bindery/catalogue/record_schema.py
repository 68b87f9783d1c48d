"""The record model in Arrow: the columns of ``records.parquet`` and of the ``record_versions`` table.

Derived from the typed dictionaries of ``record`` and ``facts``, so the model is written once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
from typing_extensions import is_typeddict

from bindery.catalogue.facts import Facts
from bindery.catalogue.record import BLOCKS, Record

_SCALARS: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    Decimal: pa.decimal128(38, 9),
    date: pa.date32(),
}


@cache
def _hints(model: Any) -> dict[str, Any]:
    return get_type_hints(model)


@cache
def arrow_type(annotation: Any) -> pa.DataType:
    """The Arrow type of a Python annotation made of scalars, lists, literals and typed dictionaries.

    Args:
        annotation: For example ``list[Identifier]`` or ``str | None``.

    Returns:
        The Arrow type; typed dictionaries become structs with their fields in the order declared.
    """
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    if is_typeddict(annotation):
        hints = _hints(annotation)
        return pa.struct([pa.field(name, arrow_type(hint)) for name, hint in hints.items()])
    origin = get_origin(annotation)
    if origin is list:
        (item,) = get_args(annotation)
        return pa.list_(arrow_type(item))
    if origin is Literal:
        return pa.string()
    if origin in (Union, UnionType):
        (only,) = (argument for argument in get_args(annotation) if argument is not NoneType)
        return arrow_type(only)
    message = f"the record model has no Arrow form for {annotation!r}"
    raise TypeError(message)


def _fields(model: Any, names: tuple[str, ...] | None = None) -> list[pa.Field]:
    hints = get_type_hints(model)
    return [pa.field(name, arrow_type(hints[name])) for name in names or tuple(hints)]


PARTS_OF_CONTENT = (
    "record_reference",
    "notification_type",
    "kind",
    "deletion_text",
    "record_source_type",
    "record_source_name",
    "identifiers",
    "touches",
    *BLOCKS,
)
"""What makes up a record's content; ``content_hash`` is taken over these and nothing else."""

VERSION_SCHEMA = pa.schema(
    [
        pa.field("content_hash", pa.string()),
        *_fields(Facts),
        *_fields(Record, PARTS_OF_CONTENT),
    ]
)
"""Columns of the ``record_versions`` table: hash, facts, content."""

READ_SCHEMA = pa.schema(
    [
        pa.field("position", pa.int64()),
        pa.field("readable", pa.bool_()),
        pa.field("bytes_hash", pa.binary()),
        *_fields(Record, PARTS_OF_CONTENT),
        *_fields(Record, ("unmapped", "source")),
    ]
)
"""What reading makes of records before anything is derived from them: columns of ``RECORDS_SCHEMA`` but for facts."""

RECORDS_SCHEMA = pa.schema(
    [
        pa.field("position", pa.int64()),
        pa.field("readable", pa.bool_()),
        pa.field("is_known", pa.bool_()),
        pa.field("scope", pa.string()),
        pa.field("bytes_hash", pa.binary()),
        *VERSION_SCHEMA,
        *_fields(Record, ("unmapped", "source")),
    ]
)
"""Columns of ``records.parquet``, one row a record received, in message order.

``readable`` is false for a record that could not be parsed: then only ``position``, ``bytes_hash``, ``source`` and,
where it could be recovered, ``record_reference`` are filled. ``is_known`` is true for a record whose bytes were read,
judged and found good before: then the narrow facts are filled and the blocks are not, because its content is kept under
its ``content_hash`` already. ``scope`` is ``in``, ``not_audio`` or ``test``.
``bytes_hash`` is taken over the record's bytes and what it inherits from the header.
"""
