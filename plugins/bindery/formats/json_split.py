"""A JSON document's records one by one, with where each is in it, in bounded memory.

ijson streams too, but says neither where an item begins nor what comes after a broken one. The document is mapped into
memory, not read: what is searched for are strings and brackets, and each record is then parsed by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from mmap import mmap
from typing import NamedTuple

from bindery.formats.paths import ITEM

RECORD_LIMIT = 32 << 20
"""Bytes of one record, and of all that is around the records."""

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(rb"(" + _STRING + rb')|([{\[])|([}\]])|(:)|(,)|([^\s{}\[\]:,"]++)|"', re.DOTALL)
_BRACKET = re.compile(_STRING + rb'|([{\[])|([}\]])|"', re.DOTALL)
_CLOSING = {ord("{"): ord("}"), ord("["): ord("]")}
_DEPTH_LIMIT = 1000


class BrokenJsonError(ValueError):
    """The document's brackets and strings don't fit together, or it breaks off. ``at`` is the byte."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.at = at


class Span(NamedTuple):
    """Where a record is: its first byte, and the one after its last."""

    start: int
    end: int


class Splitter:
    """Walks through a document once.

    Attributes:
        outside: After the walk, what is around the records: the document with nothing in their lists.
        found: Whether a list (or object) of records was there at all.
    """

    def __init__(self, document: mmap, wanted: frozenset[tuple[str, ...]], start: int = 0) -> None:
        """Prepares the walk.

        Args:
            document: The bytes.
            wanted: Paths of keys at which records are; ``()`` is the document itself.
            start: The first byte, after a byte order mark.
        """
        self._document, self._wanted, self._start = document, wanted, start
        self._pieces: list[bytes] = []
        self._kept = 0
        self.found = False

    @property
    def outside(self) -> bytes:
        """What is around the records."""
        return b"".join(self._pieces)

    def spans(self) -> Iterator[Span]:
        """The records, in order.

        Raises:
            BrokenJsonError: The document is no JSON from a point on.
        """
        position = self._start
        while (begin := self._next(position)) is not None:
            walk = _Walk(self._document, begin)
            kept_from = begin
            for at, path in walk.values():
                if path not in self._wanted:
                    continue
                self.found = True
                self._keep(kept_from, at)
                for span in self._records_at(at):
                    yield span
                    position = span.end
                kept_from = self._end
                walk.skip_to(self._end)
            self._keep(kept_from, walk.end)
            position = walk.end

    def _records_at(self, at: int) -> Iterator[Span]:
        """The items of a list, or the one value that is no list."""
        if self._document[at] != ord("["):
            self._end = end_of(self._document, at)
            yield Span(at, self._end)
            return
        self._pieces.append(b"[]")
        position, comma, first = at + 1, False, True
        while True:
            token = _TOKEN.search(self._document, position)
            if token is None:
                raise BrokenJsonError("It breaks off within the list of records", len(self._document))
            if token.lastindex == 3 and token[3] == b"]" and (comma or first):
                self._end = token.end()
                return
            if (token.lastindex == 5) != comma or token.lastindex in {3, 4, None}:
                raise BrokenJsonError(f"{token[0][:20]!r} is where a record or a comma should be", token.start())
            if comma:
                position, comma = token.end(), False
                continue
            end = end_of(self._document, token.start())
            yield Span(token.start(), end)
            position, comma, first = end, True, False

    def _keep(self, start: int, end: int) -> None:
        self._kept += end - start
        if self._kept > RECORD_LIMIT:
            raise BrokenJsonError(f"There are more than {RECORD_LIMIT:,} bytes beside the records", start)
        self._pieces.append(self._document[start:end])

    def _next(self, position: int) -> int | None:
        token = _TOKEN.search(self._document, position)
        return token.start() if token else None


class _Walk:
    """The values of one document, each with the keys that lead to it."""

    def __init__(self, document: mmap, start: int) -> None:
        self._document, self._position = document, start
        self.end = start

    def skip_to(self, position: int) -> None:
        """Goes on after a value that was looked at elsewhere."""
        self._position = position

    def values(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Where each value begins, and its path; outer ones first."""
        path: list[str] = []
        closers = bytearray()
        key: bytes | None = None
        while True:
            token = _TOKEN.search(self._document, self._position)
            if token is None or token.lastindex is None:
                raise BrokenJsonError("It breaks off", len(self._document))
            self._position = token.end()
            kind, mark = token.lastindex, self._document[token.start()]
            if kind == 3:
                if not closers or closers.pop() != mark:
                    raise BrokenJsonError(f"{chr(mark)!r} closes nothing that is open", token.start())
                path.pop()
                key = None
            elif kind == 1 and closers[-1:] == b"}" and key is None:
                key = token[1]
                continue
            elif kind in {4, 5}:
                key = None if kind == 5 else key
                continue
            else:
                step = [] if not closers else [ITEM if closers[-1:] == b"]" else _key(key, token.start())]
                before = self._position
                yield token.start(), (*path[1:], *step)
                if self._position == before and kind == 2:
                    self._open(closers, path, step, mark)
                key = None
            if not closers:
                self.end = self._position
                return

    def _open(self, closers: bytearray, path: list[str], step: list[str], mark: int) -> None:
        if len(closers) >= _DEPTH_LIMIT:
            raise BrokenJsonError(f"It is nested more than {_DEPTH_LIMIT} deep", self._position)
        closers.append(_CLOSING[mark])
        path.append(step[0] if step else "")


def _key(raw: bytes | None, at: int) -> str:
    if raw is None:
        raise BrokenJsonError("There is a value without a key", at)
    return raw[1:-1].decode("utf-8", "replace")


def end_of(document: mmap, start: int) -> int:
    """The byte after a value.

    Raises:
        BrokenJsonError: Its brackets don't fit together, or it breaks off.
    """
    first = _TOKEN.match(document, start)
    if first is None or first.lastindex is None:
        raise BrokenJsonError("It breaks off", start)
    if first.lastindex in {1, 6}:
        return first.end()
    closers = bytearray()
    for token in _BRACKET.finditer(document, start):
        if token.lastindex == 1:
            closers.append(_CLOSING[token[1][0]])
        elif token.lastindex == 2:
            if closers.pop() != token[2][0]:
                raise BrokenJsonError(f"{token[2].decode()!r} closes what was not opened by it", token.start())
            if not closers:
                return token.end()
        elif token[0] == b'"':
            raise BrokenJsonError("It breaks off within a string", token.start())
    raise BrokenJsonError("It breaks off", start)


def paths_in(document: mmap, start: int, limit: int) -> set[tuple[str, ...]]:
    """The paths of keys of a document, as far as they begin within the first ``limit`` bytes; of a broken one too."""
    seen: set[tuple[str, ...]] = set()
    try:
        for at, path in _Walk(document, start).values():
            if at > limit:
                break
            seen.add(path)
    except BrokenJsonError:
        # What is wrong with it is said when it is read.
        return seen
    return seen
