"""Nested columns as JSON texts, one a row: what later steps read by number instead of the fat ``record_versions``.

By columns, because a row at a time as Python objects takes ten times as long. Structs become rows of the fields taken,
so a text names no field, and repeats nothing that its reader knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

Taken: TypeAlias = "Callable[[pa.Array], pa.StringArray] | Mapping[str, Taken] | None"
"""What is taken of a value, or of each item of a list: all of a scalar (None), some fields of a struct in the order
named, or what a function makes of the column: a JSON text each, never null."""

_TO_ESCAPE: Final = r'["\\\x00-\x1f]'


def texts(column: pa.Array, taken: Taken = None) -> pa.StringArray:
    """Each value as JSON: no value as ``null``, but no list as an empty one.

    Args:
        column: Strings, integers, decimals (as plain texts), structs, or lists of them.
        taken: What is taken of its values.
    """
    if pa.types.is_list(column.type):
        lists = pa.ListArray.from_arrays(offsets(column), texts(column.flatten(), taken))
        return _within("[", pc.binary_join(lists, ","), "]")
    if callable(taken):
        return taken(column)
    if pa.types.is_struct(column.type):
        return row(*(texts(pc.struct_field(column, name), inner) for name, inner in (taken or {}).items()))
    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "null")
    if pa.types.is_decimal(column.type):
        return _amounts(column)
    return _quoted(column)


def row(*members: pa.StringArray) -> pa.StringArray:
    """JSON texts side by side, as one list a row."""
    return _within("[", pc.binary_join_element_wise(*members, ","), "]")


def member(name: str, column: pa.Array, taken: Taken = None) -> pa.StringArray:
    """``,"name":value`` of each row that says it, nothing of the others; an empty list says nothing.

    Args:
        name: Of the member.
        column: Its values.
        taken: What is taken of them.
    """
    is_list = pa.types.is_list(column.type)
    stated = pc.greater(pc.list_value_length(column), 0) if is_list else column.is_valid()
    if not pc.any(stated).as_py():
        return pa.repeat(pa.scalar("", pa.string()), len(column))
    said_of = _within(f',"{name}":', texts(column, taken), "")
    return pc.if_else(pc.fill_null(stated, fill_value=False), said_of, "")


def offsets(lists: pa.ListArray) -> pa.Int32Array:
    """Where each list begins among the flattened items; those of a slice don't begin at nought."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())


def _within(before: str, column: pa.StringArray, after: str) -> pa.StringArray:
    return pc.binary_join_element_wise(before, column, after, "")


def _quoted(column: pa.StringArray) -> pa.StringArray:
    to_escape = pc.fill_null(pc.match_substring_regex(column, _TO_ESCAPE), fill_value=False)
    quoted = _within('"', column, '"')
    if pc.any(to_escape).as_py():
        escaped = [orjson.dumps(text).decode() for text in column.filter(to_escape).to_pylist()]
        quoted = pc.replace_with_mask(quoted, to_escape, pa.array(escaped, pa.string()))
    return pc.fill_null(quoted, "null")


def _amounts(column: pa.Array) -> pa.StringArray:
    encoded = column.dictionary_encode()
    quoted = [f'"{_plain(amount)}"' for amount in encoded.dictionary.to_pylist()]
    return pc.fill_null(pa.array(quoted, pa.string()).take(encoded.indices), "null")


def _plain(amount: Decimal) -> str:
    """Without exponent and without needless zeros: ``9.9``, ``10``."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
