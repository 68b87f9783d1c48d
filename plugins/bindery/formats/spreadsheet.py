"""A supplier's sheet, CSV, XLSX or XLS, to records: one row is one full record (notification type 03).

Each row is read by the feed's column mapping. A cell that can't be read is reported and left out; the row is kept. A
row whose cells have shifted is unreadable: a price in the wrong column is worse than none. No formula is ever run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bindery.errors import RefusedError
from bindery.formats.cells import Cells
from bindery.formats.kind import Kind
from bindery.formats.mapping import ColumnMapping
from bindery.formats.message import MappedMessage, unreadable
from bindery.formats.places import Place
from bindery.formats.rows import CsvRows, Dialect, Row, detect, folded
from bindery.formats.values import VALUE_RULE, Problem
from bindery.formats.workbook import xlsx_rows
from bindery.formats.xls import xls_rows
from bindery.reading import ParsedRecord

_SHOWN = 80


class SheetMessage(MappedMessage):
    """An open sheet. Use as a context manager; iterate ``records()`` once."""

    def __init__(self, path: Path, mapping: ColumnMapping, kind: Kind, *, name: str | None = None) -> None:
        """Opens the sheet and reads its heading.

        Args:
            path: The file, uncompressed.
            mapping: What its columns mean.
            kind: ``TEXT``, ``XLSX`` or ``XLS``.
            name: What to call it in errors.

        Raises:
            RefusedError: It isn't a sheet that fits the mapping.
        """
        super().__init__(mapping, "spreadsheet", name or path.name)
        self.mapping = mapping
        try:
            self._rows, self._heading = self._open_rows(path, kind)
            self._columns = self._columns_of(self._heading)
        except BaseException:
            self._opened.close()
            raise

    def _open_rows(self, path: Path, kind: Kind) -> tuple[Iterator[Row], tuple[str, ...]]:
        if kind in {Kind.XLSX, Kind.XLS}:
            rows = (xlsx_rows if kind is Kind.XLSX else xls_rows)(path, self.mapping.sheet, self.name)
            self._opened.callback(rows.close)
            return rows, next((row.cells for row in rows), ())
        if kind is Kind.EMPTY:
            raise RefusedError(f"{self.name} is empty (0 bytes).", fix="Ask the sender for the file again.", rule="F1")
        dialect: Dialect = detect(path, self.name)
        self.facts.encoding = dialect.encoding
        if dialect.warning:
            self._warn("F4", dialect.warning, "Sender: save it as 'CSV UTF-8'.")
        csv_rows = CsvRows(self._opened.enter_context(path.open("rb")), dialect)
        heading = csv_rows.header({folded(one) for one in self.mapping.headings()})
        return iter(csv_rows), heading

    def _columns_of(self, heading: tuple[str, ...]) -> dict[str, int]:
        """Place of each heading. Without ID and title it is another sheet; other missing columns are reported.

        A column without a heading, and the second of the same, get names of their own, so that what is in them counts.
        """
        places: dict[str, int] = {}
        for place, one in enumerate(heading):
            known = folded(one) if one else f"#{place + 1}"
            places[f"{known} #{place + 1}" if known in places else known] = place
        needed = [self.mapping.columns.isbn or self.mapping.columns.record_reference, self.mapping.columns.title]
        lacking = [place.at[0] for place in needed if place and place.at and not _is_there(place, places)]
        if lacking:
            seen = ", ".join(one for one in heading if one)[:200] or "nothing"
            what = f"{self.name} has no column {' and '.join(map(repr, lacking))}; its heading says: {seen}."
            raise RefusedError(what, fix="Ask the sender for the agreed columns, or correct the mapping.", rule="F5")
        missing = [one for one in self.mapping.headings() if folded(one) not in places]
        if missing:
            text = f"Columns are missing: {', '.join(missing)}."
            self._warn("F5", text, "Sender: send every agreed column, empty where there is nothing to say.")
        return places

    def records(self) -> Iterator[ParsedRecord]:
        """The rows, in order."""
        headings = "\x1f".join(folded(one) for one in self._heading).encode()
        position = -1
        for position, row in enumerate(self._rows):
            parsed = self._parsed(position, row.source, headings, row.raw)
            if row.problem:
                fix = "Sender: quote cells that hold the delimiter or a line break, and send the row again."
                parsed.findings = [unreadable(parsed, f"The row can't be read. {row.problem}", fix)]
            else:
                cells = Cells(self.mapping, self._columns, row.cells)
                self._read(parsed, cells, self._minded(cells, row))
            yield parsed
        if position < 0:
            self._warn("F16", "The sheet has a heading and no rows.", "Sender: send no file where nothing changed.")

    def _minded(self, cells: Cells, row: Row) -> list[Problem]:
        """What a person should know of a row that was read."""
        names = {place: heading for heading, place in self._columns.items()}
        found = [Problem(VALUE_RULE, "", row.warning)] if row.warning else []
        for heading in cells.formulas():
            text = "The cell is a formula to a spreadsheet program; it was taken as text, and not run."
            found.append(Problem(VALUE_RULE, f"column:{heading}", text))
        for place, formula in row.formulas:
            result = row.cells[place] if place < len(row.cells) else ""
            taken = f"its last result {result[:_SHOWN]!r} was taken" if result else "no result of it is stored"
            text = f"The cell is calculated ({formula[:_SHOWN]!r}); {taken}, and it was not run."
            found.append(Problem(VALUE_RULE, f"column:{names.get(place, f'#{place + 1}')}", text))
        return found


def _is_there(place: Place, places: dict[str, int]) -> bool:
    return any(folded(heading) in places for heading in place.at)


def read_spreadsheet(path: Path, mapping: ColumnMapping, kind: Kind, *, name: str | None = None) -> SheetMessage:
    """Opens a sheet for reading: see ``SheetMessage``.

    Raises:
        RefusedError: It isn't a sheet that fits the mapping.
    """
    return SheetMessage(path, mapping, kind, name=name)
