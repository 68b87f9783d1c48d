"""Where the records of a message begin and end, by byte.

Records are found without parsing them, so that a malformed one never costs its neighbours, and so that a record can be
found again in the archived bytes (law 4). Works over anything that is read like bytes, an ``mmap`` above all, and holds
no more than one window of it at a time. Records that lie plainly one after the other are found by ``plain``; the walk
over every tag, which decides what a record is, goes on wherever something else is met.

Inside a record, a comment or CDATA section that never ends, or ends only in another record, is taken for damage of this
record alone: its opening is passed over, and the next record's start tag ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat
from typing import Literal, NamedTuple

import numpy as np

from bindery.errors import RefusedError
from bindery.onix.plain import Buffer, PlainRecords
from bindery.onix.prolog import Root

__all__ = ["Buffer", "Part", "split"]

INCOMPLETE = "F1"

_TOKEN = re.compile(
    rb"<(?:(!--)|(!\[CDATA\[)|(\?)"
    rb"|(/?)([^\s<>/:!?\"'=&]{1,60}:)?(Product|product|ONIXMessage|ONIXmessage|Header|header|NoProduct|x507)(?=[\s/>]))"
)
_TAG_END = re.compile(rb"(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>")
_CONSTRUCTS = {1: (b"<!--", b"-->"), 2: (b"<![CDATA[", b"]]>"), 3: (b"<?", b"?>")}
_BLANK = re.compile(rb"\s*+")
_PIECE = 4_096
_RECORD_START = re.compile(rb"<(?:[^\s<>/:]{1,60}:)?[Pp]roduct(?=[\s/>])")
_RECORD_END = re.compile(rb"</(?:[^\s<>/:]{1,60}:)?[Pp]roduct(?=[\s>])")
_RECORD_TAG = re.compile(rb"</?(?:[^\s<>/:]{1,60}:)?[Pp]roduct(?=[\s/>])")
_AFTER_ROOT = re.compile(rb"(?:\s++|<!--(?:(?!--).)*+-->|<\?(?:(?!\?>).)*+\?>)*+\Z", re.DOTALL)


class Part(NamedTuple):
    """A stretch of the message.

    Attributes:
        kind: ``record``, ``header``, ``no_product``, or ``other``: what lies between these, be it an extension, a
            series record of 2.1, or a record whose own tags are damaged.
        byte_start: Offset of the first byte.
        byte_end: Offset after the last byte.
        line: Line of the first byte, from 1.
        problem: Why a record's bounds are in doubt; it is then unreadable.
    """

    kind: Literal["record", "header", "no_product", "other"]
    byte_start: int
    byte_end: int
    line: int
    problem: str | None = None


class _Lines:
    """Line numbers of rising offsets."""

    def __init__(self, buffer: Buffer) -> None:
        self.buffer, self.at, self.line = buffer, 0, 1

    def of(self, offset: int) -> int:
        step = 1 << 20
        while self.at < offset:
            upto = min(offset, self.at + step)
            letters = np.frombuffer(self.buffer[self.at : upto], np.uint8)
            self.line += int(np.count_nonzero(letters == ord("\n")))
            self.at = upto
        return self.line


def split(buffer: Buffer, root: Root, name: str, *, walk: bool = False) -> Iterator[Part]:
    """The parts of a message, in order. Their ranges don't overlap, and hold everything but white space and comments.

    Args:
        buffer: The message, in an encoding where tags can be found in the bytes.
        root: Its root, an ONIX message or a bare Product.
        name: The file's name, for errors.
        walk: Walk over every tag, plain records too. The parts are the same; it takes ten times as long.

    Yields:
        One part after the other.

    Raises:
        RefusedError: The root never ends, or something follows its end (rule F1). Raised before the first part where
            the end of the bytes shows it.
    """
    _check_end(buffer, root, name)
    if root.empty:
        if root.name in {"Product", "product"}:
            yield Part("record", root.start, root.end, _Lines(buffer).of(root.start))
        return
    yield from _Splitter(buffer, root, name).parts(walk=walk)


def _check_end(buffer: Buffer, root: Root, name: str) -> None:
    """Refuses a message whose last thing isn't its root's end tag."""
    end = root.end
    if not root.empty:
        closing = f"</{root.prefix}{root.name}".encode()
        at = buffer.rfind(closing)
        tag = re.compile(re.escape(closing) + rb"\s*>").match(buffer, at) if at >= root.end else None
        if tag is None:
            raise _incomplete(name, root, len(buffer))
        end = tag.end()
    if not _AFTER_ROOT.match(buffer, end):
        what = f"{name} goes on after the end of its {root.name}, at byte {end:,}."
        raise RefusedError(what, fix="Ask the sender for one message a file.", rule=INCOMPLETE)


def _incomplete(name: str, root: Root, size: int) -> RefusedError:
    what = (
        f"{name} is an incomplete upload: {root.name} is not closed in its {size:,} bytes. Nothing of it was applied."
    )
    return RefusedError(what, fix="Wait for the upload to finish, or ask the sender to send it again.", rule=INCOMPLETE)


class _Splitter:
    """One walk over the tags of a message. ``opened`` is the start of the record we are in, else None."""

    def __init__(self, buffer: Buffer, root: Root, name: str) -> None:
        self.buffer, self.root, self.name = buffer, root, name
        self.lines = _Lines(buffer)
        self.bare = root.name in {"Product", "product"}
        self.at = root.start if self.bare else root.end
        self.loose_from = self.at
        self.loose: tuple[int, int] | None = None
        self.opened: int | None = None
        self.prefix = b""
        self.past_header = False
        self.closed = False
        self._found: dict[bytes | re.Pattern[bytes], int] = {}

    def parts(self, *, walk: bool) -> Iterator[Part]:
        """Walks to the root's end tag, and takes plain records as they come unless every tag is to be walked over."""
        plain = None if walk or self.bare else PlainRecords(self.buffer, self.root)
        while not self.closed:
            if plain is not None and self.opened is None and self.loose is None and self.loose_from == self.at:
                yield from self._plain(plain)
            token = _TOKEN.search(self.buffer, self.at)
            if token is None:
                raise _incomplete(self.name, self.root, len(self.buffer))
            if token.lastindex is not None and token.lastindex <= 3:
                self._pass_over(token)
            elif self.opened is None:
                yield from self._between(token)
            else:
                yield from self._inside(token)
        if not _AFTER_ROOT.match(self.buffer, self.at):
            what = f"{self.name} goes on after the end of its {self.root.name}, at byte {self.at:,}."
            raise RefusedError(what, fix="Ask the sender for one message a file.", rule=INCOMPLETE)

    def _plain(self, plain: PlainRecords) -> Iterator[Part]:
        for found in plain.after(self.at):
            starts, ends = found.starts.tolist(), found.ends.tolist()
            lines = (found.lines + self.lines.of(starts[0])).tolist()
            # As Part._make does, but without a call in Python for each.
            columns = zip(repeat("record"), starts, ends, lines, repeat(None), strict=False)
            yield from map(tuple.__new__, repeat(Part), columns)
            self.lines.at, self.lines.line = starts[-1], lines[-1]
            self.at = self.loose_from = ends[-1]
            self.past_header = True

    def _pass_over(self, token: re.Match[bytes]) -> None:
        """Goes behind a comment, CDATA section or processing instruction; behind its opening if it doesn't end."""
        opening, ending = _CONSTRUCTS[token.lastindex or 1]
        end = self._next(ending, token.end())
        whole = end >= 0 and not self._runs_into_another_record(token.end(), end, opening)
        self.at = end + len(ending) if whole else token.end()
        if self.opened is None:
            self._add_loose(token.start())
            if not whole or opening == b"<![CDATA[":
                self.loose = (self.loose[0] if self.loose else token.start(), self.at)
            self.loose_from = self.at

    def _runs_into_another_record(self, start: int, end: int, opening: bytes) -> bool:
        """Whether what seems to be one construct is the opening of one that never ends, and the ending of another."""
        if not start <= self._next(_RECORD_TAG, start) < end:
            return False
        # A comment may hold whole records; but no comment holds another's opening, and no sender nests CDATA.
        if opening == b"<?" or start <= self._next(opening, start) < end:
            return True
        # The open record ends in it, and the next begins.
        leaves = self.opened is not None and self._next(_RECORD_END, start) == self._next(_RECORD_TAG, start)
        return leaves and start <= self._next(_RECORD_START, start) < end

    def _next(self, what: bytes | re.Pattern[bytes], start: int) -> int:
        """Where it comes next, -1 for never. Remembered, so that a message full of openings isn't searched for each."""
        known = self._found.get(what)
        if known is None or 0 <= known < start:
            if isinstance(what, bytes):
                known = self.buffer.find(what, start)
            else:
                found = what.search(self.buffer, start)
                known = found.start() if found else -1
            self._found[what] = known
        return known

    def _between(self, token: re.Match[bytes]) -> Iterator[Part]:
        name, closing = token.group(6).decode(), bool(token.group(4))
        self._add_loose(token.start())
        tag_end = self._tag_end(token)
        if name in {"Product", "product"} and not closing:
            yield from self._flush_loose()
            yield from self._open(token, tag_end)
        elif closing and name == self.root.name:
            yield from self._flush_loose()
            self.at, self.closed = tag_end, True
        elif name in {"Header", "header"} and not closing and not self.past_header:
            self.past_header = True
            yield from self._flush_loose()
            yield from self._header(token, tag_end)
        elif name in {"NoProduct", "x507"} and not closing:
            yield from self._flush_loose()
            yield self._part("no_product", token.start(), tag_end)
            self.at = self.loose_from = tag_end
        elif name in {"NoProduct", "x507"}:
            self.at = self.loose_from = tag_end
        else:
            self.loose = (self.loose[0] if self.loose else token.start(), tag_end)
            self.at = self.loose_from = tag_end

    def _open(self, token: re.Match[bytes], tag_end: int) -> Iterator[Part]:
        self.past_header = True
        self.at = tag_end
        if self.buffer[tag_end - 2 : tag_end] == b"/>":
            yield self._part("record", token.start(), tag_end)
            self.loose_from = tag_end
            self.closed = self.bare
        else:
            self.opened, self.prefix = token.start(), token.group(5) or b""

    def _inside(self, token: re.Match[bytes]) -> Iterator[Part]:
        opened = self.opened if self.opened is not None else 0
        name, closing = token.group(6).decode(), bool(token.group(4))
        ours = (token.group(5) or b"") == self.prefix
        self.at = self._tag_end(token)
        if name in {"Product", "product"} and ours:
            self.opened = None
            if closing:
                yield self._part("record", opened, self.at)
                self.loose_from, self.closed = self.at, self.bare
            else:
                yield self._unclosed(opened, token.start())
                yield from self._open(token, self.at)
        elif closing and name == self.root.name and not self.bare:
            self.opened, self.closed = None, True
            yield self._unclosed(opened, token.start())

    def _unclosed(self, start: int, end: int) -> Part:
        return self._part("record", start, self._stripped(start, end), "the record's end tag is missing")

    def _stripped(self, start: int, end: int) -> int:
        """Where the last byte between two offsets ends that isn't white space."""
        while start < end:
            piece = self.buffer[max(start, end - _PIECE) : end]
            kept = len(piece.rstrip())
            end -= len(piece) - kept
            if kept:
                break
        return end

    def _header(self, token: re.Match[bytes], tag_end: int) -> Iterator[Part]:
        if self.buffer[tag_end - 2 : tag_end] != b"/>":
            closing = b"</" + (token.group(5) or b"") + token.group(6)
            end = re.compile(re.escape(closing) + rb"\s*>").search(self.buffer, tag_end)
            if end is None:
                what = f"{self.name} has a header that never ends."
                raise RefusedError(what, fix="Ask the sender to send the file again.", rule=INCOMPLETE)
            tag_end = end.end()
        yield self._part("header", token.start(), tag_end)
        self.at = self.loose_from = tag_end

    def _tag_end(self, token: re.Match[bytes]) -> int:
        tag = _TAG_END.match(self.buffer, token.end())
        return tag.end() if tag else token.end()

    def _add_loose(self, upto: int) -> None:
        """Notes what lies between records and isn't a comment or white space."""
        start, end = self.loose_from, self._stripped(self.loose_from, upto)
        if start < end:
            blank = _BLANK.match(self.buffer, start)
            start = blank.end() if blank else start
            self.loose = (self.loose[0] if self.loose else start, end)
        self.loose_from = upto

    def _flush_loose(self) -> Iterator[Part]:
        if self.loose is None:
            return
        (start, end), self.loose = self.loose, None
        yield self._part("other", start, end)

    def _part(
        self, kind: Literal["record", "header", "no_product", "other"], start: int, end: int, problem: str | None = None
    ) -> Part:
        return Part(kind, start, end, self.lines.of(start), problem)
