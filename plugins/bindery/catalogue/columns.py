"""Columns of nested values: the items of lists with the row each belongs to, and the first of them that will do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece."""
    if isinstance(column, pa.Array):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def field(array: pa.StructArray, name: str) -> pa.Array:
    """A field of structs; null where the struct is."""
    return pc.struct_field(array, [name]) if array.null_count else array.field(name)


def truth(array: pa.BooleanArray) -> Mask:
    """Where a column is true: neither false nor null."""
    filled = array.fill_null(False) if array.null_count else array  # noqa: FBT003  # its own signature
    mask: Mask = filled.to_numpy(zero_copy_only=False)
    return mask


def stated(array: pa.Array) -> Mask:
    """Where a column is not null."""
    mask: Mask = array.is_valid().to_numpy(zero_copy_only=False)
    return mask


def among(array: pa.StringArray, *codes: str) -> Mask:
    """Where a column has one of the codes."""
    return truth(pc.equal(array, codes[0]) if len(codes) == 1 else pc.is_in(array, pa.array(codes, pa.string())))


def said(array: pa.StringArray) -> Mask:
    """Where a text is neither null nor empty."""
    return truth(pc.not_equal(array, ""))


def without_empty(array: pa.StringArray) -> pa.StringArray:
    """The same with null for the empty text."""
    return pc.if_else(pc.equal(array, ""), None, array)


@dataclass(frozen=True)
class Items:
    """What is in lists, one behind the other, and the row of each."""

    values: pa.Array
    rows: Index

    def __getitem__(self, name: str) -> pa.Array:
        return field(self.values, name)

    def within(self, outer: Items) -> Items:
        """Items of lists that are in items themselves, with the outermost row of each."""
        return Items(self.values, outer.rows[self.rows])

    def where(self, mask: Mask) -> Items:
        """Some of them."""
        return self if mask.all() else Items(self.values.filter(pa.array(mask)), self.rows[mask])


def items(lists: pa.ListArray) -> Items:
    """The items of a column of lists; a null list has none."""
    counts = pc.list_value_length(lists)
    if lists.null_count:
        counts = counts.fill_null(0)
    return Items(lists.flatten(), np.repeat(np.arange(len(lists)), counts.to_numpy()))


def first(mask: Mask, rows: Index, count: int, *preferred: Mask) -> Index:
    """For each row the first item that will do, or -1.

    Args:
        mask: Which items will do.
        rows: The row of each item, ascending.
        count: How many rows there are.
        preferred: Which of those that will do come first, most preferred first.
    """
    found = np.full(count, -1)
    for also in (*preferred, None):
        places = np.flatnonzero(mask if also is None else mask & also)
        # Backwards, so that the first of a row is what stays.
        found_here = np.full(count, -1)
        found_here[rows[places][::-1]] = places[::-1]
        found = np.where(found < 0, found_here, found)
    return found


def take(array: pa.Array, places: Index) -> pa.Array:
    """The values at some places; null at -1. What stays as it is isn't copied."""
    if len(places) == len(array) and (places == np.arange(len(places))).all():
        return array
    return array.take(pa.array(places, mask=places < 0))


def any_of(rows: Index, count: int) -> Mask:
    """Which rows have any of the items whose rows are given."""
    found = np.zeros(count, np.bool_)
    found[rows] = True
    return found


def lists_of(values: pa.Array, rows: Index, count: int) -> pa.ListArray:
    """Lists again, of items whose rows are ascending; a row without items has an empty one."""
    offsets = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=count), out=offsets[1:])
    return pa.ListArray.from_arrays(offsets, values)
