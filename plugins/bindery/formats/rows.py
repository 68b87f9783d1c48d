"""Rows of a CSV file, in whatever delimiter and encoding it comes, with where each is in the file."""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from bindery.catalogue.record import Source
from bindery.errors import RefusedError
from bindery.formats.kind import wide_encoding

DELIMITERS = ",;\t|"
ROW_LIMIT = 5_000_000
_LINES_LIMIT = 2_000
_CHUNK = 1 << 16
_DECLARED = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One row. ``problem`` says why its cells can't be told apart; then there are none. ``warning`` asks for care.

    ``formulas`` are a workbook's cells that are calculated: place and formula.

    ``source`` of a CSV row is its bytes and its first line. A row of a workbook has no bytes of its own: the range is
    the whole file, and ``line`` is the row's number in the sheet.
    """

    cells: tuple[str, ...]
    source: Source
    raw: bytes
    problem: str | None = None
    warning: str | None = None
    formulas: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written. ``warning`` says what had to be assumed."""

    encoding: str
    bom: int
    warning: str | None = None
    feed: bytes = b"\n"


def detect(path: Path, name: str) -> Dialect:
    """The encoding of a CSV file: by byte order mark or zero bytes, else UTF-8, else cp1252, which spreadsheets write.

    Raises:
        RefusedError: It is none of these (rule F4).
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    if head.startswith(codecs.BOM_UTF8):
        return Dialect("utf-8", len(codecs.BOM_UTF8))
    wide = wide_encoding(head[:256])
    if wide:
        if _first_bad(path, wide) is not None:
            what = f"{name} is text in UTF-16 that breaks off or is damaged."
            raise RefusedError(what, fix="Save it as 'CSV UTF-8' and send it again.", rule="F4")
        bom = 2 if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else 0
        return Dialect(wide, bom, feed="\n".encode(wide))
    # Excel still offers 'CSV (Macintosh)', whose lines end as on the first of them.
    feed = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
    bad = _first_bad(path, "utf-8")
    if bad is None:
        return Dialect("utf-8", 0, feed=feed)
    if _first_bad(path, "cp1252") is None:
        return Dialect("cp1252", 0, f"The file isn't UTF-8 (byte {bad}); it was read as cp1252.", feed)
    what = f"{name} is in no encoding that is read: byte {bad} is not UTF-8, and others are not cp1252."
    raise RefusedError(what, fix="Save it as 'CSV UTF-8'.", rule="F4")


def _first_bad(path: Path, encoding: str) -> str | None:
    """The first byte that an encoding doesn't know; None where it can read the whole file."""
    try:
        with path.open("r", encoding=encoding, newline="") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError as error:
        return f"0x{error.object[error.start]:02x}"
    return None


class _Line(bytes):
    """A line, or the beginning of one that is longer than a row may be: ``rest`` counts what was left out of it."""

    rest = 0


class _Lines:
    """Lines of a file as bytes, up to and with their line feed, whatever its encoding makes of that."""

    def __init__(self, file: IO[bytes], feed: bytes) -> None:
        self._file, self._feed = file, feed
        self._ahead = b""

    def next(self) -> _Line:
        """The next line; the beginning of one that is longer than a row may be; empty at the end."""
        line = _Line(self._piece())
        last = line[-len(self._feed) :]
        while len(line) >= ROW_LIMIT and last != self._feed and (more := self._piece()):
            line.rest += len(more)
            last = more[-len(self._feed) :]
        return line

    def _piece(self) -> bytes:
        if self._feed == b"\n":
            return self._file.readline(ROW_LIMIT)
        seen = 0
        while not (end := self._end(seen)):
            seen = len(self._ahead)
            more = self._file.read(_CHUNK)
            if not more or seen >= ROW_LIMIT:
                end = len(self._ahead)
                self._ahead += more
                break
            self._ahead += more
        line, self._ahead = self._ahead[:end], self._ahead[end:]
        return line

    def _end(self, seen: int) -> int:
        """The byte after the first line feed; 0 where there is none. Its bytes may also be halves of two characters."""
        at = self._ahead.find(self._feed, max(0, seen - 1))
        while at != -1 and at % len(self._feed):
            at = self._ahead.find(self._feed, at + 1)
        return at + len(self._feed) if at != -1 else 0


class CsvRows:
    """Rows of a CSV file. A quote that is never closed costs its own line, not those after it."""

    def __init__(self, file: IO[bytes], dialect: Dialect) -> None:
        self._lines, self._dialect = _Lines(file, dialect.feed), dialect
        file.seek(dialect.bom)
        self._offset, self._line = dialect.bom, 1
        self._waiting: deque[_Line] = deque()
        self.delimiter = ","
        self.width = 0

    def header(self, wanted: set[str]) -> tuple[str, ...]:
        """The first row that isn't blank, in the delimiter that brings most of the wanted headings to light."""
        while line := self._next_line():
            if line.strip(b"\0 \t\r\n"):
                break
            self._advance([line])
        text = line.decode(self._dialect.encoding)
        declared = _DECLARED.fullmatch(text.strip())
        if declared:
            # Excel's own first line, which says what the delimiter is.
            self._advance([line])
            self.delimiter = declared[1]
            return self._heading()
        rows = {mark: _cells_of(text, mark) for mark in DELIMITERS}
        self.delimiter = max(
            DELIMITERS, key=lambda mark: (len(wanted & {folded(c) for c in rows[mark]}), len(rows[mark]))
        )
        self._waiting.appendleft(line)
        return self._heading()

    def _heading(self) -> tuple[str, ...]:
        first = self._read()
        self.width = len(first.cells)
        return first.cells

    def __iter__(self) -> Iterator[Row]:
        while self._waiting or self._peek():
            row = self._read()
            if row.problem or any(row.cells):
                yield row

    def _peek(self) -> bool:
        line = self._lines.next()
        if line:
            self._waiting.append(line)
        return bool(line)

    def _next_line(self) -> _Line:
        return self._waiting.popleft() if self._waiting else self._lines.next()

    def _read(self) -> Row:
        taken: list[_Line] = []
        size = 0

        def lines() -> Iterator[str]:
            nonlocal size
            while len(taken) < _LINES_LIMIT and size < ROW_LIMIT and (line := self._next_line()):
                taken.append(line)
                size += len(line)
                yield line.decode(self._dialect.encoding)

        problem = None
        cells: list[str] = []
        try:
            cells = next(csv.reader(lines(), delimiter=self.delimiter, strict=True), [])
        except csv.Error as error:
            problem = f"Its cells can't be told apart ({error})."
        if taken and taken[0].rest:
            problem = f"It has more than {ROW_LIMIT:,} bytes."
        warning = None
        if not problem and self.width and any(cells) and len(cells) != self.width:
            cells, problem, warning = _fitted(
                cells, self.width, cut_off=not taken[-1].endswith((self._dialect.feed, b"\r"))
            )
        if problem and len(taken) > 1:
            self._waiting.extendleft(reversed(taken[1:]))
            taken = taken[:1]
        return self._row(taken, () if problem else tuple(cell.strip() for cell in cells), problem, warning)

    def _row(self, taken: list[_Line], cells: tuple[str, ...], problem: str | None, warning: str | None) -> Row:
        raw = b"".join(taken)
        kept = len(raw) - _end_length(raw, self._dialect.encoding)
        end = self._offset + kept + sum(line.rest for line in taken)
        source: Source = {"byte_start": self._offset, "byte_end": end, "line": self._line}
        self._advance(taken)
        return Row(cells, source, raw[:kept], problem, warning)

    def _advance(self, taken: list[_Line]) -> None:
        self._offset += sum(len(line) + line.rest for line in taken)
        self._line += len(taken)


def _cells_of(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return []


def _fitted(cells: list[str], width: int, *, cut_off: bool) -> tuple[list[str], str | None, str | None]:
    """A row whose cells aren't as many as its heading's: its cells, why it can't be read, what to mind.

    Spreadsheets leave out empty cells at the end, so cells missing there are empty. A last row without a line end may
    have been cut off, and one with cells too many has shifted.
    """
    told = f"It has {len(cells)} cells; the heading has {width}."
    if len(cells) < width and not cut_off:
        return cells, None, f"{told} Those missing at its end were taken for empty."
    if len(cells) > width and not any(cells[width:]):
        return cells[:width], None, None
    return [], told, None


def _end_length(raw: bytes, encoding: str) -> int:
    """How many bytes its line ends take at the end of a row."""
    ends = [mark.encode(encoding) for mark in "\r\n"]
    kept = len(raw)
    while raw[:kept].endswith(tuple(ends)):
        kept -= len(ends[0])
    return len(raw) - kept


@lru_cache(4096)
def folded(heading: str) -> str:
    """A heading without differences of case and spacing."""
    return " ".join(heading.split()).casefold()
