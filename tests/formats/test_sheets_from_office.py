"""What spreadsheet programs do to sheets, and what strangers put into them."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from bindery.errors import RefusedError
from bindery.findings import Finding
from bindery.formats.cells import is_formula
from bindery.formats.container import unpacked
from bindery.formats.kind import Kind, kind_of
from bindery.formats.mapping import load_column_mapping
from bindery.steps.read import open_message
from tests.catalogue.one_record import facts_of
from tests.formats.sheets import old_workbook, read_sheet, record

HEADING = ["ISBN", "Record ID", "Title", "Authors", "Duration", "Publication date", "Price USD", "Description"]


def _book(tmp_path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([*HEADING], *rows):
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def _csv(tmp_path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "sheet.csv"
    path.write_bytes("\r\n".join((",".join(HEADING), *rows, "")).encode(encoding))
    return path


def _told(findings: list[Finding]) -> list[tuple[str | None, str]]:
    return [(one["path"], one["text"]) for one in findings]


@pytest.mark.parametrize(
    ("cell", "isbn"),
    [
        ("9783161484100", "9783161484100"),
        ("978-3-16-148410-0", "9783161484100"),
        ("9783161484100.0", "9783161484100"),
        ('"=""9783161484100"""', "9783161484100"),
        ("'9783161484100", "9783161484100"),
        ("ISBN 978 3 16 148410 0", "9783161484100"),
        ("0306406152", "9780306406157"),
        ("306406152", "9780306406157"),
        ("30640615-2", None),
        ("9.78316E+12", None),
        ('"9,78316E+12"', None),
        ("9783161484101", None),
        ("12345678", None),
    ],
)
def test_isbns_that_spreadsheets_mangle(tmp_path: Path, cell: str, isbn: str | None) -> None:
    _, (parsed,) = read_sheet(_csv(tmp_path, f"{cell},r-1,T,,,,,"), "house_sheet")
    assert facts_of(record(parsed))["isbn13"] == isbn
    said = [one["text"] for one in parsed.findings if one["path"] == "column:ISBN"]
    if isbn is None:
        assert "is no ISBN" in said[0]
        assert ("lost its last digits" in said[0]) == ("E+" in cell)
    else:
        assert bool(said) == (cell == "306406152"), "zeros put back are said so; nothing else changed what it means"


def test_excels_unicode_text_is_read(tmp_path: Path) -> None:
    rows = ["\t".join(HEADING), '9783161484100\tr-1\tСвет ਊ\tÅsa Öl\t2 hrs\t2026\t9.99\t"two\r\nlines"', "\tr-2\tB"]
    path = tmp_path / "sheet.txt"
    data = "\r\n".join((*rows, "")).encode("utf-16")
    path.write_bytes(data)
    assert kind_of(path) is Kind.TEXT
    sheet, (first, second) = read_sheet(path, "house_sheet")
    facts = facts_of(record(first))
    assert (facts["isbn13"], facts["title"], facts["authors"]) == ("9783161484100", "Свет ਊ", ["Åsa Öl"])
    assert (facts["description"], sheet.facts.encoding) == ("two\nlines", "utf-16-le")
    for parsed, row in ((first, rows[1]), (second, rows[2])):
        assert data[parsed.source["byte_start"] : parsed.source["byte_end"]].decode("utf-16-le") == row
    assert [one.source["line"] for one in (first, second)] == [2, 4]


def test_utf_16_without_its_mark_and_of_the_other_order(tmp_path: Path) -> None:
    sheet, (parsed,) = read_sheet(_csv(tmp_path, ",r-1,Åland,,,,,", encoding="utf-16-be"), "house_sheet")
    assert (facts_of(record(parsed))["title"], sheet.facts.encoding) == ("Åland", "utf-16-be")


def test_utf_16_that_breaks_off_in_a_character_is_refused(tmp_path: Path) -> None:
    path = _csv(tmp_path, ",r-1,T,,,,,", encoding="utf-16")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(RefusedError, match="UTF-16"):
        read_sheet(path, "house_sheet")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_excels_csv_for_the_macintosh_is_read(tmp_path: Path, encoding: str) -> None:
    rows = ["ISBN,Record ID,Title", ',r-1,"Blå\rog gul"', ",r-2,B", ",r-3,C"]
    data = ("\r".join(rows) + "\r").encode(encoding)
    (tmp_path / "sheet.csv").write_bytes(data)
    _, parsed = read_sheet(tmp_path / "sheet.csv", "house_sheet")
    assert [one.record_reference for one in parsed] == ["r-1", "r-2", "r-3"]
    pieces = [data[one.source["byte_start"] : one.source["byte_end"]].decode(encoding) for one in parsed]
    assert pieces == rows[1:]


@pytest.mark.parametrize("heading", [b"a\rb\nc", b'"a', b"\0\0\0", b",,,", b'x"y"z,"'])
def test_any_heading_is_read_or_refused(tmp_path: Path, heading: bytes) -> None:
    (tmp_path / "sheet.csv").write_bytes(heading + b"\n1,2,3\n")
    with pytest.raises(RefusedError):
        read_sheet(tmp_path / "sheet.csv", "house_sheet")


def test_excels_own_first_line_says_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("sep=;\nISBN;Record ID;Title\n;r-1;One, Two, Three\n", "utf-8")
    _, (parsed,) = read_sheet(path, "house_sheet")
    assert (facts_of(record(parsed))["title"], parsed.source["line"]) == ("One, Two, Three", 3)


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("dmy", "04-08-08", "2008-08-04"),
        ("dmy", "04-08-2008", "2008-08-04"),
        ("dmy", "4.8.08", "2008-08-04"),
        ("mdy", "11/17/20", "2020-11-17"),
        ("dmy", "01-01-69", "1969-01-01"),
        ("dmy", "31-12-68", "2068-12-31"),
        ("dmy", "20120810", "2012-08-10"),
        ("mdy", "31-12-20", None),
        ("iso", "04-08-08", None),
    ],
)
def test_dates_of_two_digit_years_in_the_declared_order(tmp_path: Path, order: str, text: str, day: str | None) -> None:
    mapping = load_column_mapping("house_sheet").model_copy(update={"date_order": order})
    _, (parsed,) = read_sheet(_csv(tmp_path, f",r-1,T,,,{text},,"), mapping)
    publishing = record(parsed)["publishing"]
    assert publishing is not None
    assert [(one["date"], one["raw"]) for one in publishing["dates"]] == [(day, text)]
    assert bool(parsed.findings) == (day is None)


@pytest.mark.parametrize("digits", [10, 5_000, 100_000])
def test_a_length_beyond_all_books_is_reported(tmp_path: Path, digits: int) -> None:
    _, parsed = read_sheet(
        _csv(tmp_path, f",r-1,T,,{'9' * digits}h,,,", f",r-2,T,,PT1{'0' * digits}S,,,"), "house_sheet"
    )
    assert [[one["path"] for one in row.findings] for row in parsed] == [["column:Duration"], ["column:Duration"]]


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("=cmd|' /C calc'!A0", True),
        ("@SUM(1+1)*cmd|' /C calc'!A0", True),
        ("+44 call me", True),
        ("-cmd|x", True),
        ("=1+1", True),
        ('="9783161484100"', False),
        ("-12.50", False),
        ("+9", False),
        ("- and then it began", False),
        ("---", False),
        ("A = B", False),
    ],
)
def test_what_a_spreadsheet_program_would_run(text: str, formula: bool) -> None:  # noqa: FBT001 - a table
    assert is_formula(text) is formula


def test_a_formula_in_a_csv_cell_is_text_and_told(tmp_path: Path) -> None:
    _, (parsed,) = read_sheet(_csv(tmp_path, ',r-1,=HYPERLINK(""x""),,,,9.99,@SUM(1)'), "house_sheet")
    assert facts_of(record(parsed))["title"] == '=HYPERLINK(""x"")'
    assert [one["path"] for one in parsed.findings] == ["column:title", "column:description"]
    assert all(one["rule"] == "W15" and "not run" in one["text"] for one in parsed.findings)


def test_a_workbooks_formula_is_its_stored_result_and_told(tmp_path: Path) -> None:
    path = _book(tmp_path, ["9783161484100", "r-1", "T", None, None, None, "=6.66*1.2", "=cmd|' /C calc'!A0"])
    _rewrite_sheet(path, "<f>6.66*1.2</f><v></v>", "<f>6.66*1.2</f><v>7.99</v>")
    _, (parsed,) = read_sheet(path, "house_sheet", Kind.XLSX)
    assert facts_of(record(parsed))["price_amount"] == Decimal("7.99")
    assert facts_of(record(parsed))["description"] is None
    assert _told(parsed.findings) == [
        (
            "column:price usd",
            "The cell is calculated ('=6.66*1.2'); its last result '7.99' was taken, and it was not run.",
        ),
        (
            "column:description",
            "The cell is calculated (\"=cmd|' /C calc'!A0\"); no result of it is stored, and it was not run.",
        ),
    ]


def _rewrite_sheet(path: Path, old: str, new: str) -> None:
    """Changes a workbook's first sheet as openpyxl would not write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    assert old in sheet
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(old, new, 1).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_an_old_workbook_is_read_like_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "titles.xls"
    path.write_bytes(
        old_workbook([[*HEADING], [9783161484100.0, "r-1", "Ånd", "Ann Ray; Bo Li", "2 hrs", 2026.0, 9.99, "=1+1"]])
    )
    with open_message(path, message_format="spreadsheet", mapping="house_sheet") as message:
        (parsed,) = message.records()
    facts = facts_of(record(parsed))
    assert (facts["isbn13"], facts["title"], facts["authors"]) == ("9783161484100", "Ånd", ["Ann Ray", "Bo Li"])
    assert (facts["duration_seconds"], facts["price_amount"]) == (7200, Decimal("9.99"))
    assert parsed.source == {"byte_start": 0, "byte_end": path.stat().st_size, "line": 2}
    assert [one["path"] for one in parsed.findings] == ["column:description"]


def test_an_old_workbook_without_the_declared_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "titles.xls"
    path.write_bytes(old_workbook([[*HEADING]]))
    mapping = load_column_mapping("house_sheet").model_copy(update={"sheet": "Prices"})
    with pytest.raises(RefusedError, match="no sheet 'Prices'; it has Titles"):
        read_sheet(path, mapping, Kind.XLS)


def test_an_old_workbook_of_more_names_than_a_pipe_holds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "titles.xls"
    path.write_bytes(old_workbook([["x"]], tuple(f"{number:04}".ljust(31, "é") for number in range(1_400))))
    mapping = load_column_mapping("house_sheet").model_copy(update={"sheet": "Prices"})
    with pytest.raises(RefusedError, match="no sheet 'Prices'; it has 0000é") as caught:
        read_sheet(path, mapping, Kind.XLS)
    assert len(caught.value.what) < 1_000


def test_an_old_workbook_with_a_cell_in_its_last_corner_costs_no_more_than_its_process_may(tmp_path: Path) -> None:
    path = tmp_path / "titles.xls"
    rows: list[list[str | float]] = [[*HEADING], ["", "r-1", "T"], *[[] for _ in range(65_533)], [""] * 255 + ["far"]]
    path.write_bytes(old_workbook(rows))
    _, parsed = read_sheet(path, "house_sheet", Kind.XLS)
    assert [one.record_reference for one in parsed] == ["r-1", None]


@pytest.mark.parametrize("cut", [600, 1500, 2000])
def test_a_damaged_old_workbook_is_refused_with_what_to_do(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "titles.xls"
    path.write_bytes(old_workbook([[*HEADING]])[:cut] + b"\xff" * 40)
    with pytest.raises(RefusedError) as caught:
        read_sheet(path, "house_sheet", Kind.XLS)
    assert "titles.xls" in caught.value.what
    assert "XLSX or CSV" in caught.value.fix


def test_a_workbook_with_a_password_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "secret.xlsx"
    directory = "EncryptedPackage\0\0".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(1024, b"\0") + directory)
    with (
        pytest.raises(RefusedError, match=r"secret\.xlsx looks like an Excel workbook with a password") as caught,
        open_message(path, message_format="spreadsheet", mapping="house_sheet"),
    ):
        pass
    assert (caught.value.rule, "without a password" in caught.value.fix) == ("F2", True)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = _book(tmp_path, ["9783161484100", "r-1", "T"])
    _rewrite_sheet(path, "</row></sheetData>", "")
    with pytest.raises(RefusedError, match="can't be read as a workbook"):
        read_sheet(path, "house_sheet", Kind.XLSX)


def test_a_workbook_that_is_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = _book(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(20 << 20))
    with pytest.raises(RefusedError, match="bomb"), unpacked(path):
        pass


def test_a_workbook_with_a_cell_in_its_last_corner_is_no_bomb(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING)
    sheet.append([None, "r-1", "T"])
    sheet["XFD1048576"] = "far"
    book.save(tmp_path / "wide.xlsx")
    _, parsed = read_sheet(tmp_path / "wide.xlsx", "house_sheet", Kind.XLSX)
    assert [one.record_reference for one in parsed] == ["r-1", None]
    assert parsed[1].source["line"] == 1048576


def test_a_row_numbered_beyond_any_sheet_is_refused(tmp_path: Path) -> None:
    path = _book(tmp_path, ["9783161484100", "r-1", "T"])
    _rewrite_sheet(path, '<row r="2">', '<row r="99999999999">')
    _rewrite_sheet(path, 'r="A2"', 'r="A99999999999"')
    with pytest.raises(RefusedError, match="more than 1,048,576 rows"):
        read_sheet(path, "house_sheet", Kind.XLSX)


def test_columns_without_a_heading_and_doubled_ones_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Record ID,ISBN,Title,,Title\nr-1,9783161484100,T,left over,other title\n", "utf-8")
    sheet, _ = read_sheet(path, "house_sheet")
    assert dict(sheet.counts.unmapped) == {"column:#4": 1, "column:title #5": 1}


def test_gtins_keep_or_get_back_their_zeros(tmp_path: Path) -> None:
    mapping = load_column_mapping("house_sheet")
    columns = mapping.columns.model_copy(update={"gtin": mapping.columns.isbn, "isbn": None})
    path = _csv(tmp_path, *(f"{cell},r-{cell},T,,,,," for cell in ("036000291452", "36000291452", "36000291453")))
    _, parsed = read_sheet(path, mapping.model_copy(update={"columns": columns}))
    assert [record(one)["identifiers"][0] for one in parsed] == [
        {"type": "03", "type_name": None, "value": value} for value in ("0036000291452", "0036000291452", "36000291453")
    ]
    assert [len(one.findings) for one in parsed] == [0, 1, 1]


def test_a_heading_that_comes_with_words_before_the_value(tmp_path: Path) -> None:
    path = tmp_path / "listing.csv"
    path.write_text(
        "name,author,narrator,time,releasedate,language,stars,price\n"
        'The Pier,"Writtenby:IdaHolm,OleBerg",Narratedby:MayLind,1 hr and 1 min,04-08-08,English,None yet,"1,256.00"\n',
        "utf-8",
    )
    sheet, (parsed,) = read_sheet(path, "audible")
    facts = facts_of(record(parsed))
    assert (facts["authors"], facts["narrators"]) == (["IdaHolm", "OleBerg"], ["MayLind"])
    assert (facts["duration_seconds"], str(facts["publication_date"])) == (3660, "2008-08-04")
    assert (facts["price_amount"], facts["language"]) == (Decimal("1256.00"), "eng")
    assert dict(sheet.counts.unmapped) == {"column:stars": 1}


def test_a_line_longer_than_a_row_may_be_costs_no_memory_and_no_neighbour(tmp_path: Path) -> None:
    path = _csv(tmp_path, f",r-1,{'x' * 11_000_000},,,,,", ",r-2,T,,,,,")
    _, parsed = read_sheet(path, "house_sheet")
    assert parsed[0].record is None
    assert parsed[-1].record_reference == "r-2"
