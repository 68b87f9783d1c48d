"""Texts of nodes as Arrow arrays: copied and unescaped in compiled code, not one by one."""

# mypy: disable-error-code="assignment"
# In compiled code an int and a numpy integer are the same; mypy tells them apart.
from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bindery.onix.compiled import compiled
from bindery.onix.shred import ESCAPED, MARKUP, reference

Ints = npt.NDArray[np.int32]

_AND, _CR, _LF, _LT, _GT = 38, 13, 10, 60, 62
_SLACK = 8
"""Bytes are copied eight at a time, so up to seven more than asked for are written."""


def as_words(data: Any) -> Any:
    """The bytes as 64-bit numbers, one at each offset but the last seven."""
    buffer = memoryview(data)
    return np.ndarray((buffer.nbytes - 7,), "<u8", buffer, strides=(1,))


@compiled
def _put_character(data: Any, at: Any, character: Any) -> Any:
    if character < 0x80:
        data[at] = character
        return at + 1
    if character < 0x800:
        data[at], data[at + 1] = 0xC0 | character >> 6, 0x80 | character & 63
        return at + 2
    if character < 0x10000:
        data[at], data[at + 1] = 0xE0 | character >> 12, 0x80 | character >> 6 & 63
        data[at + 2] = 0x80 | character & 63
        return at + 3
    data[at], data[at + 1] = 0xF0 | character >> 18, 0x80 | character >> 12 & 63
    data[at + 2], data[at + 3] = 0x80 | character >> 6 & 63, 0x80 | character & 63
    return at + 4


@compiled
def _unescape(buf: Any, start: Any, end: Any, data: Any, to: Any, in_markup: Any) -> Any:
    """Copies a text with its references resolved and its line ends made one; in markup, ``<``, ``>``, ``&`` stay so."""
    at = start
    while at < end:
        byte = buf[at]
        if byte == _AND:
            character, after = reference(buf, at)
            if in_markup and (character == _AND or character == _LT or character == _GT):
                while at < after:
                    data[to] = buf[at]
                    at, to = at + 1, to + 1
            else:
                to = _put_character(data, to, character)
                at = after
        elif byte == _CR:
            data[to] = _LF
            to += 1
            at += 2 if at + 1 < end and buf[at + 1] == _LF else 1
        else:
            data[to] = byte
            at, to = at + 1, to + 1
    return to


@compiled
def _copy_all(
    buf: Any, words: Any, chosen: Any, starts: Any, ends: Any, flags: Any, offsets: Any, data: Any, data_words: Any
) -> Any:
    to = 0
    for i in range(chosen.shape[0]):
        node = chosen[i]
        offsets[i] = to
        if node < 0:
            continue
        start, end = np.int64(starts[node]), np.int64(ends[node])
        if flags[node] & ESCAPED:
            to = _unescape(buf, start, end, data, to, (flags[node] & MARKUP) != 0)
        else:
            at, there = start, to
            while at < end:
                data_words[there] = words[at]
                at, there = at + 8, there + 8
            to += end - start
    offsets[chosen.shape[0]] = to
    return to


@compiled
def _count_words(buf: Any, chosen: Any, starts: Any, ends: Any, counts: Any) -> Any:
    total = 0
    for i in range(chosen.shape[0]):
        inside, found = False, 0
        for at in range(starts[chosen[i]], ends[chosen[i]]):
            blank = buf[at] <= 32
            found += inside and blank
            inside = not blank
        found += inside
        counts[i] = found
        total += found
    return total


@compiled
def _copy_words(buf: Any, chosen: Any, starts: Any, ends: Any, offsets: Any, data: Any) -> Any:
    to, word = 0, 0
    for i in range(chosen.shape[0]):
        inside = False
        for at in range(starts[chosen[i]], ends[chosen[i]]):
            blank = buf[at] <= 32
            if not blank:
                if not inside:
                    offsets[word] = to
                    word += 1
                data[to] = buf[at]
                to += 1
            inside = not blank
    offsets[word] = to
    return to


def _strings(count: int, offsets: Ints, data: Any, used: int, valid: npt.NDArray[np.bool_] | None) -> pa.Array:
    bitmap = None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data[:used]), bitmap)


def texts(buf: Any, words: Any, chosen: Ints, starts: Ints, ends: Ints, flags: Any) -> pa.Array:
    """The texts of nodes, unescaped.

    Args:
        buf: The bytes nodes lie in.
        words: The same as words.
        chosen: Nodes; -1 for none.
        starts: Where each node's text begins.
        ends: Where it ends.
        flags: Each node's flags.

    Returns:
        A string array, null where there is no node.
    """
    there = chosen >= 0
    every = bool(there.all())
    inside = chosen if every else chosen[there]
    size = int((ends[inside] - starts[inside]).sum(dtype=np.int64))
    offsets, data = np.empty(len(chosen) + 1, np.int32), np.empty(size + _SLACK, np.uint8)
    used = _copy_all(buf, words, chosen, starts, ends, flags, offsets, data, as_words(data))
    return _strings(len(chosen), offsets, data, used, None if every else there)


def split_words(buf: Any, chosen: Ints, starts: Ints, ends: Ints) -> tuple[pa.Array, Ints]:
    """The words, split at white space, of nodes without references; and how many each node has."""
    counts = np.empty(len(chosen), np.int32)
    total = _count_words(buf, chosen, starts, ends, counts)
    size = int((ends[chosen] - starts[chosen]).sum(dtype=np.int64))
    offsets, data = np.empty(total + 1, np.int32), np.empty(size + _SLACK, np.uint8)
    used = _copy_words(buf, chosen, starts, ends, offsets, data)
    return _strings(total, offsets, data, used, None), counts
