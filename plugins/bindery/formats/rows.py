"""Rows of a sheet: CSV in whatever delimiter and encoding it comes, and XLSX; with where each row is in the file."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import openpyxl

from bindery.catalogue.record import Source
from bindery.errors import RefusedError

DELIMITERS = ",;\t|"
ROW_LIMIT = 5_000_000
_LINES_LIMIT = 2_000
_ROOT_AT_ONCE = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:\s++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->)*+<[A-Za-z_]", re.DOTALL
)
_NOT_A_WORKBOOK = (LookupError, ValueError, TypeError, OSError, SyntaxError, EOFError, AttributeError)
"""What openpyxl raises on workbooks that are damaged; it has no error of its own for them. lxml's is a SyntaxError."""


@dataclass(frozen=True)
class Row:
    """One row. ``problem`` says why its cells can't be told apart; then there are none. ``warning`` asks for care.

    ``source`` of a CSV row is its bytes and its first line. A row of a workbook has no bytes of its own: the range is
    the whole file, and ``line`` is the row's number in the sheet.
    """

    cells: tuple[str, ...]
    source: Source
    raw: bytes
    problem: str | None = None
    warning: str | None = None


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written. ``warning`` says what had to be assumed."""

    encoding: str
    bom: int
    warning: str | None = None


def detect(path: Path, name: str) -> Dialect:
    """The encoding of a CSV file: by byte order mark, else UTF-8, else cp1252, which spreadsheets write.

    Raises:
        RefusedError: It is none of these (rule F4).
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return Dialect("utf-8", 3)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        fix = "Save it as 'CSV UTF-8'. Other encodings of two bytes a character are not read."
        raise RefusedError(f"{name} is text in UTF-16.", fix=fix, rule="F4")
    first_bad = None
    for encoding in ("utf-8", "cp1252"):
        try:
            with path.open("r", encoding=encoding, newline="") as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError as error:
            first_bad = first_bad or f"0x{error.object[error.start]:02x}"
            continue
        warning = f"The file isn't UTF-8 (byte {first_bad}); it was read as cp1252." if first_bad else None
        return Dialect(encoding, 0, warning)
    what = f"{name} is in no encoding that is read: byte {first_bad} is not UTF-8, and others are not cp1252."
    raise RefusedError(what, fix="Save it as 'CSV UTF-8'.", rule="F4")


class CsvRows:
    """Rows of a CSV file. A quote that is never closed costs its own line, not those after it."""

    def __init__(self, file: IO[bytes], dialect: Dialect) -> None:
        self._file, self._dialect = file, dialect
        file.seek(dialect.bom)
        self._offset, self._line = dialect.bom, 1
        self._waiting: deque[bytes] = deque()
        self.delimiter = ","
        self.width = 0

    def header(self, wanted: set[str]) -> tuple[str, ...]:
        """The first row that isn't blank, in the delimiter that brings most of the wanted headings to light."""
        while line := self._next_line():
            if line.strip():
                break
            self._advance([line])
        text = line.decode(self._dialect.encoding)
        rows = {mark: _heading(text, mark) for mark in DELIMITERS}
        self.delimiter = max(
            DELIMITERS, key=lambda mark: (len(wanted & {folded(c) for c in rows[mark]}), len(rows[mark]))
        )
        self._waiting.appendleft(line)
        first = self._read()
        self.width = len(first.cells)
        return first.cells

    def __iter__(self) -> Iterator[Row]:
        while self._waiting or self._peek():
            row = self._read()
            if row.problem or any(row.cells):
                yield row

    def _peek(self) -> bool:
        line = self._file.readline()
        if line:
            self._waiting.append(line)
        return bool(line)

    def _next_line(self) -> bytes:
        return self._waiting.popleft() if self._waiting else self._file.readline()

    def _read(self) -> Row:
        taken: list[bytes] = []
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
        warning = None
        if not problem and self.width and any(cells) and len(cells) != self.width:
            cells, problem, warning = _fitted(cells, self.width, cut_off=not taken[-1].endswith((b"\n", b"\r")))
        if problem and len(taken) > 1:
            self._waiting.extendleft(reversed(taken[1:]))
            taken = taken[:1]
        return self._row(taken, () if problem else tuple(cell.strip() for cell in cells), problem, warning)

    def _row(self, taken: list[bytes], cells: tuple[str, ...], problem: str | None, warning: str | None) -> Row:
        raw = b"".join(taken)
        kept = len(raw.rstrip(b"\r\n"))
        source: Source = {"byte_start": self._offset, "byte_end": self._offset + kept, "line": self._line}
        self._advance(taken)
        return Row(cells, source, raw[:kept], problem, warning)

    def _advance(self, taken: list[bytes]) -> None:
        self._offset += sum(map(len, taken))
        self._line += len(taken)


def _heading(line: str, delimiter: str) -> list[str]:
    """The cells of a heading; none where a cell is longer than a cell may be."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
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


def folded(heading: str) -> str:
    """A heading without differences of case and spacing."""
    return " ".join(heading.split()).casefold()


def check_workbook(path: Path, name: str) -> None:
    """Refuses a workbook whose XML declares a DOCTYPE: no spreadsheet program writes one (rule F3).

    A part whose first element doesn't show at once might hide one, behind a long comment or in another encoding.
    """
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                head = part.read(1 << 16)
            is_xml = entry.filename.lower().endswith((".xml", ".rels"))
            if b"<!DOCTYPE" in head or (is_xml and not _ROOT_AT_ONCE.match(head)):
                what = f"{name} holds a part that has or hides a DOCTYPE ({entry.filename})."
                raise RefusedError(what, fix="Ask the sender to save the sheet again.", rule="F3")


def xlsx_rows(path: Path, sheet: str | None, name: str) -> Generator[Row]:
    """Rows of a sheet of a workbook, its heading among them, without blank ones.

    Raises:
        RefusedError: It isn't a workbook that can be read, or it has no such sheet.
    """
    size = path.stat().st_size
    try:
        check_workbook(path, name)
        with path.open("rb") as file, closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
            if sheet is not None and sheet not in book.sheetnames:
                what = f"{name} has no sheet {sheet!r}; it has {', '.join(book.sheetnames)}."
                raise RefusedError(what, fix="Ask the sender for the sheet, or correct the column mapping.", rule="F5")
            chosen = book[sheet] if sheet else book.worksheets[0]
            for number, values in enumerate(chosen.iter_rows(values_only=True), 1):
                cells = tuple(as_text(value) for value in values)
                if any(cells):
                    yield Row(cells, {"byte_start": 0, "byte_end": size, "line": number}, "\x1f".join(cells).encode())
    except (*_NOT_A_WORKBOOK, zipfile.BadZipFile, zlib.error) as error:
        what = f"{name} can't be read as a workbook ({type(error).__name__}: {error})."
        raise RefusedError(what, fix="Ask the sender to save and upload it again.", rule="F1") from None


def as_text(value: Any) -> str:
    """A workbook's cell as it would be typed: no exponents, no time where there is only a day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # Nine decimals are what a price may have; what comes after them is how binary numbers are stored.
        return f"{value:.9f}".rstrip("0").rstrip(".")
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="minutes")
    return re.sub(r"\s+\Z", "", str(value)).lstrip()
