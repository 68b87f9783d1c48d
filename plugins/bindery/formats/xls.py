"""Rows of the old Excel format (BIFF), read by python-calamine in a process of its own.

What reads a format of the nineties from strangers may abort, or ask for more memory than there is: a sheet is held as a
full rectangle, which is half a gigabyte for a cell in the last corner. In another process, with its memory and time
limited, that costs one file.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import python_calamine

from bindery.errors import RefusedError
from bindery.formats.rows import Row
from bindery.formats.workbook import as_text, no_such_sheet

MEMORY_LIMIT = 2 << 30
"""Bytes of address space. The largest sheet that the format allows fits."""

TIME_LIMIT = 300
"""Seconds of processor time."""

_ENCRYPTED, _NO_SHEET, _DAMAGED = 3, 4, 5
_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from bindery.formats.xls import main; main()"


def xls_rows(path: Path, sheet: str | None, name: str) -> Generator[Row]:
    """Rows of a sheet of an old workbook, its heading among them, without blank ones.

    Raises:
        RefusedError: It isn't a workbook that can be read, or it has no such sheet.
    """
    size = path.stat().st_size
    # Isolated, so that neither the environment nor the working folder decides what it imports.
    command = [sys.executable, "-I", "-c", _PROGRAM, str(Path(__file__).resolve().parents[2]), str(path)]
    command += [sheet] if sheet else []
    with (
        # A file, not a pipe: nobody empties a pipe while rows are waited for, and the names of sheets may fill it.
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaint,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaint, text=True) as reader,  # noqa: S603 - our own program
    ):
        try:
            for line in reader.stdout or ():
                number, *values = json.loads(line)
                cells = tuple(values)
                yield Row(cells, {"byte_start": 0, "byte_end": size, "line": number}, "\x1f".join(cells).encode())
            reader.wait()
            complaint.seek(0)
            told = complaint.read()
        finally:
            reader.kill()
    if reader.returncode:
        raise _refusal(name, sheet, reader.returncode, told)


def _refusal(name: str, sheet: str | None, code: int, told: str) -> RefusedError:
    if code == _ENCRYPTED:
        fix = "Ask the sender for the file without a password."
        return RefusedError(f"{name} is an old Excel workbook with a password.", fix=fix, rule="F2")
    if code == _NO_SHEET:
        return no_such_sheet(name, sheet or "", told.splitlines())
    reason = told.strip().splitlines()[-1] if code == _DAMAGED and told.strip() else f"its reader ended with {code}"
    what = f"{name} can't be read as an old Excel workbook ({reason})."
    return RefusedError(what, fix="Ask the sender to save it as XLSX or CSV and send that.", rule="F1")


def main() -> None:
    """Prints the rows of ``sys.argv[1]`` as JSON arrays, one a line: the row's number, then its cells as texts."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (TIME_LIMIT, TIME_LIMIT))
    sys.exit(_print_rows(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))


def _print_rows(path: str, sheet: str | None) -> int:
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        if sheet is not None and sheet not in book.sheet_names:
            sys.stderr.write("\n".join(book.sheet_names))
            return _NO_SHEET
        chosen = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        for number, row in enumerate(chosen.iter_rows(), 1):
            if row.count("") == len(row):
                continue
            cells = [as_text(value) for value in row]
            if any(cells):
                sys.stdout.write(json.dumps([number, *cells]) + "\n")
    except python_calamine.PasswordError:
        return _ENCRYPTED
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return _DAMAGED
    return 0
