"""Rows of Arrow columns, nested as they may be, as bytes that say all of the row and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]

_NULL, _LONG = 255, 254
_ROWS_JOINED = 500
"""At a time: what is joined stays in the processor's cache, and its memory is used again."""
_NOTHING_BETWEEN = pa.scalar(b"", pa.large_binary())


def validity(array: pa.Array) -> npt.NDArray[np.bool_]:
    """Which values are stated."""
    bits = array.buffers()[0]
    if bits is None or array.null_count == 0:
        return np.full(len(array), array.null_count == 0)
    packed = np.frombuffer(bits, np.uint8)
    return np.unpackbits(packed, bitorder="little", count=array.offset + len(array))[array.offset :].view(np.bool_)


def offsets_of(array: pa.Array) -> npt.NDArray[np.int32]:
    """Where each value of a text or list column begins, and the last one ends."""
    return np.frombuffer(array.buffers()[1], np.int32)[array.offset : array.offset + len(array) + 1]


def _running(counts: npt.NDArray[np.generic]) -> Numbers:
    """Running totals, from 0."""
    total = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=total[1:])
    return total


@dataclass
class _Written:
    """Parts of the rows' bytes, in order: of each part, every row has one piece, which may be empty."""

    rows: int
    parts: list[pa.Array] = field(default_factory=list)

    def add(self, bounds: npt.NDArray[np.generic], data: pa.Buffer) -> None:
        """A part: row ``i`` has the bytes from ``bounds[i]`` to ``bounds[i + 1]``."""
        bounds = np.ascontiguousarray(bounds, np.int64)
        if bounds[-1] > bounds[0]:
            self.parts.append(pa.Array.from_buffers(pa.large_binary(), self.rows, [None, pa.py_buffer(bounds), data]))


@dataclass
class _Level:
    """Everything that has one value an entry: columns, and fields of structs in them, down to the lists."""

    bounds: Numbers
    heads: npt.NDArray[np.uint8]
    data: list[tuple[npt.NDArray[np.generic], pa.Buffer]] = field(default_factory=list)
    lists: list[tuple[pa.Array, Numbers]] = field(default_factory=list)

    def lengths(self, column: int, lengths: npt.NDArray[np.generic], stated: npt.NDArray[np.bool_] | None) -> None:
        head = np.minimum(lengths, _LONG)
        if stated is not None:
            head[~stated] = _NULL
        self.heads[:, column] = head
        long = head == _LONG
        if long.any():
            self.data.append((_running(long)[self.bounds] * 4, pa.py_buffer(lengths[long].astype("<u4"))))

    def texts(self, column: int, array: pa.Array) -> None:
        stated = validity(array) if array.null_count else None
        offsets = offsets_of(array)
        if stated is not None and np.diff(offsets)[~stated].any():
            array = array.fill_null(b"" if pa.types.is_binary(array.type) else "")
            offsets = offsets_of(array)
        self.lengths(column, np.diff(offsets), stated)
        if offsets[-1] > offsets[0]:
            self.data.append((offsets[self.bounds], array.buffers()[2]))

    def items(self, column: int, array: pa.Array) -> None:
        stated = validity(array) if array.null_count else None
        offsets: Numbers = offsets_of(array).astype(np.int64)
        lengths = np.diff(offsets)
        if stated is not None and lengths[~stated].any():
            lengths[~stated] = 0
            offsets, values = _running(lengths), array.flatten()
        else:
            values = array.values.slice(offsets[0], offsets[-1] - offsets[0])
            offsets -= offsets[0]
        self.lengths(column, lengths, stated)
        if len(values):
            self.lists.append((values, offsets[self.bounds]))

    def numbers(self, column: int, array: pa.Array) -> None:
        bounds = self.bounds
        self.heads[:, column] = 1
        if array.null_count:
            stated = validity(array)
            self.heads[~stated, column] = _NULL
            bounds, array = _running(stated)[bounds], array.drop_null()
        if pa.types.is_boolean(array.type):
            array = array.cast(pa.uint8())
        width = array.type.bit_width // 8
        self.data.append((bounds * width, array.buffers()[1].slice(array.offset * width, len(array) * width)))


def _width(kind: pa.DataType) -> int:
    return 1 + sum(_width(one.type) for one in kind) if pa.types.is_struct(kind) else 1


def _below(array: pa.Array) -> Iterator[pa.Array]:
    """A column and, for a struct, the columns under it; under one that is null all are null."""
    yield array
    if pa.types.is_struct(array.type):
        fields = array.flatten() if array.null_count else map(array.field, range(array.type.num_fields))
        for one in fields:
            yield from _below(one)


def _write(arrays: Sequence[pa.Array], bounds: Numbers, written: _Written) -> None:
    entries = len(arrays[0])
    heads = np.empty((entries, sum(_width(array.type) for array in arrays)), np.uint8)
    level = _Level(bounds, heads)
    for column, array in enumerate(one for top in arrays for one in _below(top)):
        kind = array.type
        if pa.types.is_struct(kind):
            heads[:, column] = np.where(validity(array), 1, _NULL) if array.null_count else 1
        elif array.null_count == entries:
            heads[:, column] = _NULL
        elif pa.types.is_string(kind) or pa.types.is_binary(kind):
            level.texts(column, array)
        elif pa.types.is_list(kind):
            level.items(column, array)
        elif pa.types.is_primitive(kind) or pa.types.is_decimal128(kind):
            level.numbers(column, array)
        else:
            message = f"there is no canonical form for {kind}"
            raise TypeError(message)
    written.add(bounds * heads.shape[1], pa.py_buffer(heads))
    for places, data in level.data:
        written.add(places, data)
    for values, places in level.lists:
        _write([values], places, written)


def canonical_rows(arrays: Sequence[pa.Array]) -> Iterator[pa.LargeBinaryArray]:
    """The rows of columns as bytes: two rows of the same types have the same bytes only if they are equal.

    A row is written level by level; a level holds what has one value an entry: first the columns, with the fields of
    structs in them, then of each list its items, with the fields of structs in those. Of a level there is first one
    head an entry and column: 255 is null, else it is the length of a text or list, where 254 is 254 or more, and 1 for
    everything else. Then, column by column: the lengths of 254 or more, 4 bytes each, and the values, one behind the
    other, numbers little-endian in the width of their type. Then the levels of the lists, in the order of the columns.

    So who knows the types can read a row back without looking ahead: a row is one entry of the first level, the heads
    of a level say how many lengths, bytes of text and values follow and how many entries the levels below have. What
    can be read back can't stand for two rows. Nothing of it depends on the rows before or after, or on what lies hidden
    in the columns under a null.

    Args:
        arrays: Columns of one length, of texts, numbers, booleans, decimals, and lists and structs of them.

    Yields:
        Bytes of some rows, in order, until all are done.

    Raises:
        TypeError: There is a column of another type.
    """
    rows = len(arrays[0])
    written = _Written(rows)
    if rows:
        _write(arrays, np.arange(rows + 1, dtype=np.int64), written)
    for start in range(0, rows, _ROWS_JOINED):
        pieces = [part.slice(start, _ROWS_JOINED) for part in written.parts]
        yield pc.binary_join_element_wise(*pieces, _NOTHING_BETWEEN)
