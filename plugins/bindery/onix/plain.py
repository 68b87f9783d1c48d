"""Records that lie plainly one after the other, found a window at a time.

Walking over every tag costs more than all the rest of reading. Most of a message needs no walk: where a record's start
tag is followed by its own end tag, with no other tag of that name in between, nothing in it can move its bounds but a
comment, a CDATA section or a processing instruction that runs over them, or the root's end. Three letters give those
away (``!``, ``?`` and the X of ONIXMessage). What is not plain is left to the walk of ``split``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from mmap import mmap
from typing import NamedTuple

import numpy as np

from bindery.onix.prolog import Root

Buffer = bytes | mmap

WINDOW = 1 << 19
"""Bytes looked at together: small enough for a processor's cache. A longer record is left to the walk."""

_GAP = 1_000
"""Bytes of white space between two records, at most; a bound, lest a long stretch be looked at again and again."""
_NAME = len("Product")
_D, _GREATER, _NEWLINE = b"d>\n"
_DU, _UC = (np.frombuffer(word, np.uint16)[0] for word in (b"du", b"uc"))
"""Pro|du|ct at an odd offset, Prod|uc|t at an even one: letters that are seldom met elsewhere."""
_TAG_END = re.compile(rb"(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>")
_ROOTS = (b"ONIXMessage", b"ONIXmessage")
_CONSTRUCTS = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<![CDATA[", b"]]>"))


def _table(letters: bytes) -> np.ndarray[tuple[int], np.dtype[np.bool]]:
    table = np.zeros(256, np.bool)
    table[list(letters)] = True
    return table


_FOLLOWS_NAME = _table(b" \t\n\r\f\v/>")
_PRECEDES_NAME = _table(b"</:")


class Found(NamedTuple):
    """Plain records, by column.

    Attributes:
        starts: Offsets of their first bytes.
        ends: Offsets behind their last bytes.
        lines: Line breaks since the start of the record before; 0 for the first.
    """

    starts: list[int]
    ends: list[int]
    lines: list[int]


class _Window:
    """A stretch of the message and what may matter in it: ``names`` that may be a record's tag's, and ``odd`` places.

    Offsets in it are relative to ``start``.
    """

    def __init__(self, buffer: Buffer, start: int) -> None:
        self.start = start
        self.text = buffer[start : start + WINDOW]
        self.end = start + len(self.text)
        self.last = self.end == len(buffer)
        letters = np.frombuffer(self.text, np.uint8)
        self.breaks = letters == _NEWLINE
        self.names = _names(letters)
        self.odd = sorted(_odd(self.text))


def _names(letters: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> list[int]:
    """Where Product may stand as a tag's name, looked for by words of two letters, for numpy is fast on these."""
    words = np.frombuffer(letters, np.uint16, len(letters) // 2)
    hits = words == _DU
    np.logical_or(hits, words == _UC, out=hits)
    at = hits.nonzero()[0] * 2
    at -= np.where(letters[at] == _D, len("Pro"), len("Prod"))
    at = at[(at > 0) & (at < len(letters) - _NAME)]
    at = at[_FOLLOWS_NAME[letters[at + _NAME]]]
    found: list[int] = at[_PRECEDES_NAME[letters[at - 1]]].tolist()
    return found


def _odd(text: bytes) -> Iterator[int]:
    for letter in (b"!", b"?"):
        at = text.find(letter, 1)
        while at >= 0:
            if text[at - 1] == ord("<"):
                yield at - 1
            at = text.find(letter, at + 1)
    at = text.find(b"X", 3)
    while at >= 0:
        if text.startswith(_ROOTS, at - 3):
            yield at - 3
        at = text.find(b"X", at + 1)


class PlainRecords:
    """Finds plain records in a message. Windows are kept, so that asking again nearby costs nothing."""

    def __init__(self, buffer: Buffer, root: Root) -> None:
        prefix = root.prefix.encode()
        self.buffer = buffer
        self.openings = tuple(b"<" + prefix + name for name in (b"Product", b"product"))
        self.closings = tuple(b"</" + prefix + name + b">" for name in (b"Product", b"product"))
        self.tag, self.closing = len(self.openings[0]), len(self.closings[0])
        self.window: _Window | None = None

    def after(self, at: int) -> Iterator[Found]:
        """The plain records that follow one another from a place between two records on.

        Args:
            at: The place. Nothing may be open there.

        Yields:
            A window's records. The walk goes on behind the last of them.
        """
        while at < len(self.buffer):
            window = self.window
            if window is None or not window.start <= at < window.end:
                window = self.window = _Window(self.buffer, at)
            found, cut_off = self._in(window, at - window.start)
            if found.ends:
                yield found
                at = found.ends[-1]
            if not cut_off or window.last or at == window.start:
                return
            self.window = None

    def _in(self, window: _Window, at: int) -> tuple[Found, bool]:
        """Those of a window from a place on, and whether they end because the window does."""
        text, names, start, breaks, odd = window.text, window.names, window.start, window.breaks, window.odd
        found = starts, ends, lines = Found([], [], [])
        k, before = bisect_left(names, at), -1
        while k < len(names):
            opening = names[k] - self.tag + _NAME
            if not (opening == at or _is_blank(text, at, opening)) or not text.startswith(self.openings, opening):
                return found, False
            if k + 1 == len(names):
                return found, True
            behind = opening + self.tag
            if text[behind] != _GREATER:
                behind = _behind(text, behind)
            closing = names[k + 1] - self.closing + _NAME + 1
            if not (behind and text.startswith(self.closings, closing)):
                return found, False
            if odd and not _keeps_within(window, behind, closing):
                return found, False
            starts.append(start + opening)
            lines.append(int(np.count_nonzero(breaks[before:opening])) if before >= 0 else 0)
            at, k, before = closing + self.closing, k + 2, opening
            ends.append(start + at)
        return found, len(text) - at <= _GAP and len(text[at:].lstrip()) <= self.tag


def _is_blank(text: bytes, start: int, end: int) -> bool:
    return end - start <= _GAP and text[start:end].isspace()


def _behind(text: bytes, name_end: int) -> int:
    """The offset behind a start tag; 0 where the tag is empty, or damaged."""
    tag = _TAG_END.match(text, name_end)
    return 0 if tag is None or text[tag.end() - 2] == ord("/") else tag.end()


def _keeps_within(window: _Window, start: int, end: int) -> bool:
    """Whether every comment, CDATA section and instruction between a record's tags ends there, and no root does.

    None of them holds a record's tag, for there is none between these two; so what they hold can't matter.
    """
    text, behind = window.text, start
    k = bisect_left(window.odd, start)
    while k < len(window.odd) and (at := window.odd[k]) < end:
        k += 1
        if at < behind:
            continue
        if text.startswith(_ROOTS, at):
            return False
        for opening, ending in _CONSTRUCTS:
            if text.startswith(opening, at):
                found = text.find(ending, at + len(opening), end)
                if found < 0:
                    return False
                behind = found + len(ending)
    return True
