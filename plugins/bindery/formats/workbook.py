"""Rows of a workbook: XLSX within this process, and the old XLS through another one.

python-calamine reads both faster, but holds a sheet as a full rectangle: a workbook of 5 kB with one cell in its last
corner makes it ask for more memory than there is, and abort. openpyxl reads XLSX row by row; for XLS see ``xls``.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from itertools import repeat
from pathlib import Path
from typing import IO, Any

import openpyxl

from bindery.errors import RefusedError
from bindery.formats.rows import Row

_NOT_A_WORKBOOK = (LookupError, ValueError, TypeError, OSError, SyntaxError, EOFError, AttributeError)
"""What openpyxl raises on workbooks that are damaged; it has no error of its own for them. lxml's is a SyntaxError."""

# It warns of styles and extensions that it leaves out; nobody here asks for them.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")

MOST_SHEETS_TOLD = 20

ROW_LIMIT = 1_048_576
"""Rows of the largest sheet that Excel writes."""

CELL_LIMIT = 50_000_000
"""Cells up to the last one of each row, empty ones among them."""

_ROOT_AT_ONCE = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:\s++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->)*+<[A-Za-z_]", re.DOTALL
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CHUNK = 1 << 20


def xlsx_rows(path: Path, sheet: str | None, name: str) -> Generator[Row]:
    """Rows of a sheet of a workbook, its heading among them, without blank ones.

    A formula's cell is what its program last came to; it is never calculated here, and named in the row.

    Raises:
        RefusedError: It isn't a workbook that can be read, or it has no such sheet.
    """
    size = path.stat().st_size
    try:
        calculated = _check_parts(path, name)
        with ExitStack() as opened:
            results = _opened(path, sheet, name, opened, data_only=True)
            formulas: Iterator[Any] = repeat(())
            if calculated:
                formulas = _opened(path, sheet, name, opened, data_only=False)
            spanned = 0
            for number, (values, written) in enumerate(zip(results, formulas, strict=False), 1):
                spanned += len(values)
                if number > ROW_LIMIT or spanned > CELL_LIMIT:
                    what = f"{name} spans more than {ROW_LIMIT:,} rows or {CELL_LIMIT:,} cells: it looks like a bomb."
                    raise RefusedError(what, fix="Ask the sender for a sheet without cells far out.", rule="F2")
                cells = tuple(as_text(value) for value in values)
                found = tuple((place, text) for place, text in enumerate(map(_formula, written)) if text)
                if any(cells) or found:
                    yield Row(
                        cells,
                        {"byte_start": 0, "byte_end": size, "line": number},
                        "\x1f".join(cells).encode(),
                        formulas=found,
                    )
    except (*_NOT_A_WORKBOOK, zipfile.BadZipFile, zlib.error) as error:
        what = f"{name} can't be read as a workbook ({type(error).__name__}: {error})."
        raise RefusedError(what, fix="Ask the sender to save and upload it again.", rule="F1") from None


def _opened(path: Path, sheet: str | None, name: str, opened: ExitStack, *, data_only: bool) -> Iterator[Any]:
    file = opened.enter_context(path.open("rb"))
    book = opened.enter_context(closing(openpyxl.load_workbook(file, read_only=True, data_only=data_only)))
    if sheet is not None and sheet not in book.sheetnames:
        raise no_such_sheet(name, sheet, book.sheetnames)
    chosen = book[sheet] if sheet else book.worksheets[0]
    # Rows end with their last cell then, instead of where the sheet says that it ends.
    chosen.reset_dimensions()
    return iter(chosen.iter_rows(values_only=data_only))


def no_such_sheet(name: str, sheet: str, there: list[str]) -> RefusedError:
    """The refusal of a workbook that lacks the declared sheet."""
    names = ", ".join(there[:MOST_SHEETS_TOLD]) + ", …" * (len(there) > MOST_SHEETS_TOLD)
    what = f"{name} has no sheet {sheet!r}; it has {names}."
    return RefusedError(what, fix="Ask the sender for the sheet, or correct the column mapping.", rule="F5")


def _formula(cell: Any) -> str | None:
    """A cell's formula; None where it has none. Array formulas and data tables are objects of their own."""
    if cell is None or getattr(cell, "data_type", None) != "f":
        return None
    return str(getattr(cell.value, "text", None) or cell.value)


def _check_parts(path: Path, name: str) -> bool:
    """Refuses a workbook whose XML declares a DOCTYPE: no spreadsheet program writes one (rule F3).

    A part whose first element doesn't show at once might hide one, behind a long comment or in another encoding.

    Returns:
        Whether a sheet holds formulas.
    """
    formulas = False
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            is_xml = entry.filename.lower().endswith((".xml", ".rels"))
            with archive.open(entry) as part:
                head = part.read(1 << 16)
                if b"<!DOCTYPE" in head or (is_xml and not _ROOT_AT_ONCE.match(head)):
                    what = f"{name} holds a part that has or hides a DOCTYPE ({entry.filename})."
                    raise RefusedError(what, fix="Ask the sender to save the sheet again.", rule="F3")
                if entry.filename.startswith("xl/worksheets/"):
                    formulas = formulas or _holds_formula(head, part)
    return formulas


def _holds_formula(head: bytes, part: IO[bytes]) -> bool:
    tail = b""
    while head:
        if _FORMULA.search(tail + head):
            return True
        tail, head = head[-32:], part.read(_CHUNK)
    return False


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
    if isinstance(value, dt.timedelta):
        return _clock(value)
    return re.sub(r"\s+\Z", "", str(value)).lstrip()


def _clock(value: dt.timedelta) -> str:
    """A time of more than a day, as workbooks hold lengths, in hours: never '1 day, 3:00:00'."""
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
