"""Records that lie plainly one after the other, found a window at a time in compiled code.

Walking over every tag costs more than all the rest of reading. Most of a message needs no walk: where a record's start
tag is followed by its own end tag, with no other tag of that name in between, nothing in it can move its bounds but a
comment, a CDATA section or a processing instruction that runs over them, or the root's end. All of these are found by
three bytes each, which a processor compares many at a time. What is not plain is left to the walk of ``split``.
"""

# mypy: disable-error-code="assignment"
# In compiled code an int and a numpy integer are the same; mypy tells them apart.
from __future__ import annotations

from collections.abc import Iterator
from mmap import mmap
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bindery.onix.compiled import compiled
from bindery.onix.prolog import Root

Buffer = bytes | mmap

WINDOW = 1 << 19
"""Bytes looked at together: small enough for a processor's cache. A longer record is left to the walk."""

_BLOCK = 64
"""Bytes compared together; their line feeds have to fit in eight bits."""

_GAP = 1_000
"""Bytes of white space between two records, at most; a bound, lest a long stretch be looked at again and again."""

_NAME = len("Product")
_LT, _GT, _SLASH, _COLON, _BANG, _ASK, _QUOT, _APOS, _NEWLINE = b"<>/:!?\"'\n"
_X, _UPPER_M, _LOWER_M, _P, _D, _U = b"XMmpdu"
_CASE = 32
_NONE = np.uint8(255)
_ONE, _THREE, _FOUR, _SEVEN = np.uint64(1), np.uint64(3), np.uint64(4), np.uint64(7)

_RODUCT, _ONI, _ESSAGE = (np.frombuffer(letters, np.uint8) for letters in (b"roduct", b"ONI", b"essage"))
_COMMENT, _COMMENT_END = (np.frombuffer(letters, np.uint8) for letters in (b"!--", b"-->"))
_CDATA, _CDATA_END = (np.frombuffer(letters, np.uint8) for letters in (b"![CDATA[", b"]]>"))
_INSTRUCTION_END = np.frombuffer(b"?>", np.uint8)


class Found(NamedTuple):
    """Plain records, by column.

    Attributes:
        starts: Offsets of their first bytes.
        ends: Offsets behind their last bytes.
        lines: Line breaks between the first one's start and theirs.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]


@compiled
def _is_at(buf: Any, at: Any, letters: Any) -> Any:
    if at < 0 or at + letters.shape[0] > buf.shape[0]:
        return False
    for i in range(letters.shape[0]):  # noqa: SIM110 - compiled code has no generators
        if buf[at + i] != letters[i]:
            return False
    return True


@compiled
def _is_space(byte: Any) -> Any:
    return byte == 32 or 9 <= byte <= 13


@compiled
def _is_name(buf: Any, at: Any) -> Any:
    """Whether Product or product is here, and may be a tag's name."""
    before, behind = buf[at - 1], buf[at + _NAME]
    if not (behind == _GT or behind == _SLASH or _is_space(behind)):
        return False
    if not (before == _LT or before == _COLON or (before == _SLASH and at > 1 and buf[at - 2] == _LT)):
        return False
    return buf[at] | _CASE == _P and _is_at(buf, at + 1, _RODUCT)


@compiled
def _stands_out(buf: Any, at: Any) -> Any:
    """Whether a few bytes look like a place that matters. Without branches, as vector instructions are."""
    byte, following = buf[at], buf[at + _ONE]
    name = (buf[at + _THREE] == _D) & (buf[at + _FOUR] == _U) & (buf[at + _SEVEN] <= _GT)
    construct = (buf[at - _ONE] == _LT) & ((byte == _BANG) | (byte == _ASK))
    root = (byte == _X) & ((following == _UPPER_M) | (following == _LOWER_M))
    return name | construct | root


@compiled
def _matters(buf: Any, at: Any) -> Any:
    """Whether a place that stands out may bear on where records begin and end: see ``_places``."""
    byte = buf[at]
    if byte == _BANG or byte == _ASK:
        return buf[at - 1] == _LT
    if byte == _X:
        return _is_at(buf, at - 3, _ONI) and _is_at(buf, at + 2, _ESSAGE)
    return _is_name(buf, at)


@compiled
def _places(buf: Any, places: Any, feeds: Any) -> Any:
    """Where a record's name is, or the ``!`` or ``?`` of what may run over a bound, or the X of a root's name.

    Args:
        buf: The bytes.
        places: To be filled.
        feeds: To be filled: line feeds before each place.

    Returns:
        How many there are.
    """
    made, seen, at, end = 0, 0, 1, buf.shape[0] - _NAME
    while at < end:
        if at + _BLOCK <= end:
            # Numbers of eight bits and unsigned indexes: else this isn't compiled to vector instructions.
            base, first, lines = np.uint64(at), _NONE, np.uint8(0)
            for k in range(_BLOCK):
                first = min(first, np.uint8(k) if _stands_out(buf, base + np.uint64(k)) else _NONE)
                lines = np.uint8(lines + np.uint8(buf[base + np.uint64(k)] == _NEWLINE))
            if first == _NONE:
                seen += lines
                at += _BLOCK
                continue
            lines = np.uint8(0)
            for k in range(_BLOCK):
                is_before = np.uint8(k) < first
                lines = np.uint8(lines + np.uint8((buf[base + np.uint64(k)] == _NEWLINE) & is_before))
            seen += lines
            at += first
        if _stands_out(buf, np.uint64(at)) and _matters(buf, at):
            places[made], feeds[made] = at, seen
            made += 1
        seen += buf[at] == _NEWLINE
        at += 1
    return made


@compiled
def _behind(buf: Any, at: Any) -> Any:
    """From behind a start tag's name: the offset behind the tag; 0 where it is empty, or damaged."""
    quote = 0
    while at < buf.shape[0]:
        byte = buf[at]
        if byte == _LT:
            return 0
        if quote:
            quote = 0 if byte == quote else quote
        elif byte == _QUOT or byte == _APOS:
            quote = byte
        elif byte == _GT:
            return 0 if buf[at - 1] == _SLASH else at + 1
        at += 1
    return 0


@compiled
def _find(buf: Any, letters: Any, start: Any, end: Any) -> Any:
    """Where these letters end, -1 for nowhere."""
    for at in range(start, end - letters.shape[0] + 1):
        if _is_at(buf, at, letters):
            return at + letters.shape[0]
    return -1


@compiled
def _construct_end(buf: Any, at: Any, end: Any) -> Any:
    """From its ``!`` or ``?`` on: where a comment, CDATA section or instruction ends, -1 for nowhere before ``end``."""
    if buf[at] == _ASK:
        return _find(buf, _INSTRUCTION_END, at + 1, end)
    if _is_at(buf, at, _COMMENT):
        return _find(buf, _COMMENT_END, at + _COMMENT.shape[0], end)
    if _is_at(buf, at, _CDATA):
        return _find(buf, _CDATA_END, at + _CDATA.shape[0], end)
    return at


@compiled
def _keeps_within(buf: Any, places: Any, first: Any, last: Any, start: Any, end: Any) -> Any:
    """Whether every comment, CDATA section and instruction between a record's tags ends there, and no root does.

    None of them holds a record's tag, for there is none between these two; so what they hold can't matter.
    """
    for k in range(first, last):
        at = places[k]
        if at < start:
            continue
        if buf[at] == _X:
            return False
        start = _construct_end(buf, at, end)
        if start < 0:
            return False
    return True


@compiled
def _gap(buf: Any, at: Any) -> Any:
    """Bytes of white space from here on, as far as these may be between two records."""
    end = min(buf.shape[0], at + _GAP + 1)
    gap = 0
    while at + gap < end and _is_space(buf[at + gap]):
        gap += 1
    return gap


@compiled
def _records(buf: Any, at: Any, places: Any, feeds: Any, prefix: Any, found: Any) -> Any:
    """The plain records from a place between two on.

    Args:
        buf: The window.
        at: The place.
        places: Of the window.
        feeds: Line feeds before these.
        prefix: The root's, with its colon.
        found: To be filled: offsets where the records start and end, and line feeds before them.

    Returns:
        How many there are, and whether they end because the window does.
    """
    made, k, lead = 0, np.searchsorted(places, at), prefix.shape[0]
    while True:
        gap = _gap(buf, at)
        opening = at + gap
        if k == places.shape[0]:
            return made, gap <= _GAP and buf.shape[0] - opening <= 1 + lead + _NAME
        name = places[k]
        if gap > _GAP or name != opening + 1 + lead or buf[opening] != _LT or not _is_at(buf, opening + 1, prefix):
            return made, False
        if buf[name] | _CASE != _P:
            return made, False
        last = k + 1
        while last < places.shape[0] and buf[places[last]] | _CASE != _P:
            last += 1
        if last == places.shape[0]:
            return made, True
        behind = _behind(buf, name + _NAME)
        closing = places[last]
        tag = closing - lead - 2
        if behind == 0 or buf[closing + _NAME] != _GT or buf[tag] != _LT or buf[tag + 1] != _SLASH:
            return made, False
        if not (_is_at(buf, tag + 2, prefix) and _keeps_within(buf, places, k + 1, last, behind, tag)):
            return made, False
        at = closing + _NAME + 1
        found[0, made], found[1, made], found[2, made] = opening, at, feeds[k]
        made, k = made + 1, last + 1


class _Window(NamedTuple):
    """A stretch of the message, and by offset in it the places that matter and the line feeds before these."""

    start: int
    end: int
    places: npt.NDArray[np.int32]
    feeds: npt.NDArray[np.int32]


class PlainRecords:
    """Finds plain records in a message. A window's places are kept, so that asking again nearby costs nothing."""

    def __init__(self, buffer: Buffer, root: Root) -> None:
        self._buffer = buffer
        self._size = WINDOW
        self._prefix = np.frombuffer(root.prefix.encode(), np.uint8)
        self._window: _Window | None = None
        # A record has two places, and these lie two bytes apart at least.
        self._found = np.empty((3, WINDOW // 4 + 1), np.int64)

    def after(self, at: int) -> Iterator[Found]:
        """The plain records that follow one another from a place between two records on.

        Args:
            at: The place. Nothing may be open there.

        Yields:
            A window's records. The walk goes on behind the last of them.
        """
        while at < len(self._buffer):
            window = self._window
            if window is None or not window.start <= at < window.end:
                window = self._window = self._look(at)
            found, cut_off = self._in(window, at)
            if found:
                yield found
                at = int(found.ends[-1])
            if not cut_off or window.end == len(self._buffer) or at == window.start:
                return
            self._window = None

    def _letters(self, start: int, end: int) -> npt.NDArray[np.uint8]:
        """The bytes where they lie. What is mapped can't be closed while this is held."""
        return np.frombuffer(self._buffer, np.uint8, end - start, start)

    def _look(self, start: int) -> _Window:
        end = min(start + self._size, len(self._buffer))
        places, feeds = np.empty((2, (end - start) // 2 + 1), np.int32)
        count = _places(self._letters(start, end), places, feeds)
        return _Window(start, end, places[:count], feeds[:count])

    def _in(self, window: _Window, at: int) -> tuple[Found | None, bool]:
        """Those of a window from a place on, and whether they end because the window does."""
        letters = self._letters(window.start, window.end)
        made, cut_off = _records(letters, at - window.start, window.places, window.feeds, self._prefix, self._found)
        if not made:
            return None, cut_off
        starts, ends, lines = self._found[:, :made]
        return Found(starts + window.start, ends + window.start, lines - lines[0]), cut_off
