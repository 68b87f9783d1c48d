"""A supplier's sheet, CSV or XLSX, to records: one row is one full record (notification type 03).

Each row is read by the feed's column mapping. A cell that can't be read is reported and left out; the row is kept. A
row whose cells have shifted is unreadable: a price in the wrong column is worse than none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType

from bindery.errors import RefusedError
from bindery.findings import Finding, Severity
from bindery.formats.cells import Cells, record_of
from bindery.formats.kind import Kind
from bindery.formats.mapping import ColumnMapping
from bindery.formats.rows import CsvRows, Dialect, Row, detect, folded, xlsx_rows
from bindery.reading import Counts, MessageFacts, ParsedRecord, ReadOneByOne


class SheetMessage(ReadOneByOne, AbstractContextManager["SheetMessage"]):
    """An open sheet. Use as a context manager; iterate ``records()`` once."""

    def __init__(self, path: Path, mapping: ColumnMapping, kind: Kind, *, name: str | None = None) -> None:
        """Opens the sheet and reads its heading.

        Args:
            path: The file, uncompressed.
            mapping: What its columns mean.
            kind: ``TEXT`` or ``XLSX``.
            name: What to call it in errors.

        Raises:
            RefusedError: It isn't a sheet that fits the mapping.
        """
        self.name, self.mapping = name or path.name, mapping
        self.facts, self.counts = MessageFacts(format="spreadsheet"), Counts()
        self._open = ExitStack()
        try:
            self._rows, heading = self._open_rows(path, kind)
            self._columns = self._columns_of(heading)
        except BaseException:
            self._open.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _open_rows(self, path: Path, kind: Kind) -> tuple[Iterator[Row], tuple[str, ...]]:
        if kind is Kind.XLSX:
            rows = xlsx_rows(path, self.mapping.sheet, self.name)
            self._open.callback(rows.close)
            return rows, next((row.cells for row in rows), ())
        if kind is Kind.EMPTY:
            raise RefusedError(f"{self.name} is empty (0 bytes).", fix="Ask the sender for the file again.", rule="F1")
        dialect: Dialect = detect(path, self.name)
        self.facts.encoding = dialect.encoding
        if dialect.warning:
            self._warn("F4", dialect.warning, "Sender: save it as 'CSV UTF-8'.")
        csv_rows = CsvRows(self._open.enter_context(path.open("rb")), dialect)
        heading = csv_rows.header({folded(one) for one in self.mapping.headings()})
        return iter(csv_rows), heading

    def _columns_of(self, heading: tuple[str, ...]) -> dict[str, int]:
        """Place of each heading. Without ISBN and title it is another sheet; other missing columns are reported."""
        places = {folded(one): place for place, one in reversed(list(enumerate(heading))) if one}
        missing = [one for one in self.mapping.headings() if folded(one) not in places]
        needed = [one for one in missing if one in {self.mapping.columns.isbn, self.mapping.columns.title}]
        if needed:
            seen = ", ".join(one for one in heading if one)[:200] or "nothing"
            what = f"{self.name} has no column {' and '.join(repr(one) for one in needed)}; its heading says: {seen}."
            raise RefusedError(what, fix="Ask the sender for the agreed columns, or correct the mapping.", rule="F5")
        if missing:
            text = f"Columns are missing: {', '.join(missing)}."
            self._warn("F5", text, "Sender: send every agreed column, empty where there is nothing to say.")
        return places

    def records(self) -> Iterator[ParsedRecord]:
        """The rows, in order."""
        known = {folded(one) for one in self.mapping.headings()}
        extra = {heading: place for heading, place in self._columns.items() if heading not in known}
        fingerprint = self.mapping.fingerprint().encode()
        headings = "\x1f".join(self._columns).encode()
        position = -1
        for position, row in enumerate(self._rows):
            bytes_hash = hashlib.sha256(b"\0".join((fingerprint, headings, row.raw))).hexdigest()
            parsed = ParsedRecord(position, row.source, bytes_hash)
            if row.problem:
                parsed.findings = [_unreadable(row, position)]
            else:
                self._read_row(parsed, row, extra)
            yield parsed
        if position < 0:
            self._warn("F16", "The sheet has a heading and no rows.", "Sender: send no file where nothing changed.")

    def _read_row(self, parsed: ParsedRecord, row: Row, extra: dict[str, int]) -> None:
        cells = Cells(self.mapping, self._columns, row.cells)
        record = record_of(cells, row.source)
        if row.warning:
            cells.complain(self.mapping.columns.isbn, row.warning)
        record["unmapped"] = [
            {"path": f"column:{heading}", "count": 1}
            for heading, place in sorted(extra.items())
            if place < len(row.cells) and row.cells[place]
        ]
        for element in record["unmapped"]:
            self.counts.unmapped[element["path"]] += 1
        parsed.record, parsed.record_reference = record, record["record_reference"] or None
        if parsed.record_reference is None:
            text = "The row has neither a record ID nor an ISBN, so it can't be told from others."
            cells.problems.append(("R1", self.mapping.columns.isbn, text))
        parsed.findings = [
            Finding(
                rule=rule,
                severity=Severity.BLOCK if rule == "R1" else Severity.WARN,
                position=parsed.position,
                record_reference=parsed.record_reference,
                path=f"column:{column}",
                line=row.source["line"],
                byte_start=row.source["byte_start"],
                text=text,
                fix=f"Sender: correct the column {column!r}.",
            )
            for rule, column, text in cells.problems
        ]

    def _warn(self, rule: str, text: str, fix: str) -> None:
        self.counts.findings.append(
            Finding(
                rule=rule,
                severity=Severity.WARN,
                position=None,
                record_reference=None,
                path=None,
                line=None,
                byte_start=None,
                text=text,
                fix=fix,
            )
        )


def _unreadable(row: Row, position: int) -> Finding:
    return Finding(
        rule="F1",
        severity=Severity.BLOCK,
        position=position,
        record_reference=None,
        path=None,
        line=row.source["line"],
        byte_start=row.source["byte_start"],
        text=f"The row can't be read. {row.problem}",
        fix="Sender: quote cells that hold the delimiter or a line break, and send the row again.",
    )


def read_spreadsheet(path: Path, mapping: ColumnMapping, kind: Kind, *, name: str | None = None) -> SheetMessage:
    """Opens a sheet for reading: see ``SheetMessage``.

    Raises:
        RefusedError: It isn't a sheet that fits the mapping.
    """
    return SheetMessage(path, mapping, kind, name=name)
