from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bindery.catalogue.record import Record
from bindery.errors import ConfigurationError, RefusedError
from bindery.formats.kind import Kind
from bindery.formats.mapping import load_mapping
from bindery.formats.spreadsheet import SheetMessage, read_spreadsheet
from bindery.reading import ParsedRecord

HEADING = (
    "ISBN,Record ID,Title,Subtitle,Authors,Narrators,Language,Publisher,Imprint,Series,Number in series,Description,"
    "Subjects (BISAC),Abridged,Duration,Publication date,Status,Availability,Price USD,Price EUR,Price GBP,"
    "Territories included,Territories excluded,Cover URL"
)
ROW = (
    '978-3-16-148410-0,r-1,The Light,A Novel,Ann Ray; Bo Li,Cy Dee,English,House,Lamp,Coast,2,"A ""bright"" book,\n'
    'over two lines",FIC022000 FIC000000,no,2 hrs and 20 mins,2026-03-01,active,available,9.99,"1,299.00",,WORLD,'
    "US CA,https://media.example/1.jpg"
)
SECOND = "9780306406157,r-2,Other,,,,ger,,,,,,,yes,9:12:00,2026,Withdrawn,withdrawn,,,5,GB IE,,"


def _read(
    tmp_path: Path, data: bytes, kind: Kind = Kind.TEXT, **changes: object
) -> tuple[SheetMessage, list[ParsedRecord]]:
    path = tmp_path / "sheet"
    path.write_bytes(data)
    mapping = load_mapping("house_sheet").model_copy(update=changes)
    with read_spreadsheet(path, mapping, kind) as sheet:
        return sheet, list(sheet.records())


def _record(parsed: ParsedRecord) -> Record:
    assert parsed.record is not None
    return parsed.record


def _csv(*rows: str) -> bytes:
    return "\n".join((HEADING, *rows, "")).encode()


def test_a_row_is_a_full_record(tmp_path: Path) -> None:
    _, (parsed, _) = _read(tmp_path, _csv(ROW, SECOND))
    record = _record(parsed)
    assert (record["record_reference"], record["notification_type"], record["kind"]) == ("r-1", "03", "full")
    assert record["identifiers"] == [{"type": "15", "type_name": None, "value": "9783161484100"}]
    block = record["descriptive"]
    assert block is not None
    assert (block["product_form"], block["titles"][0]["elements"][0]["subtitle"]) == ("AJ", "A Novel")
    assert [(one["roles"], one["name"]) for one in block["contributors"]] == [
        (["A01"], "Ann Ray"),
        (["A01"], "Bo Li"),
        (["E07"], "Cy Dee"),
    ]
    assert block["languages"] == [{"role": "08", "code": "eng"}]
    assert block["extents"] == [{"type": "09", "value": "8400", "unit": "06"}]
    assert block["edition_types"] == ["UBR"]
    assert [(one["code"], one["main"]) for one in block["subjects"]] == [("FIC022000", True), ("FIC000000", False)]
    assert record["collateral"] is not None
    assert record["collateral"]["texts"][0]["raw"] == 'A "bright" book,\nover two lines'


def test_rights_status_and_prices_of_a_row(tmp_path: Path) -> None:
    _, (first, second) = _read(tmp_path, _csv(ROW, SECOND))
    record = _record(first)
    assert record["publishing"] is not None
    assert [(one["type"], one["territory"]) for one in record["publishing"]["sales_rights"]] == [
        ("02", _territory(regions=["WORLD"], without=["US", "CA"])),
        ("03", _territory(countries=["US", "CA"])),
    ]
    assert record["publishing"]["status"] == "04"
    assert record["supply"] is not None
    prices = record["supply"][0]["supplies"][0]["prices"]
    assert [(one["currency"], one["amount"]) for one in prices] == [("USD", Decimal("9.99")), ("EUR", Decimal("1299"))]
    withdrawn = _record(second)
    assert withdrawn["publishing"] is not None
    assert withdrawn["supply"] is not None
    assert (withdrawn["publishing"]["status"], withdrawn["publishing"]["row_sales_rights_type"]) == ("11", "03")
    assert withdrawn["publishing"]["dates"][0]["precision"] == "year"
    assert withdrawn["supply"][0]["supplies"][0]["availability"] == "46"


def _territory(
    countries: list[str] | None = None, regions: list[str] | None = None, without: list[str] | None = None
) -> dict[str, list[str]]:
    return {
        "countries_included": countries or [],
        "regions_included": regions or [],
        "countries_excluded": without or [],
        "regions_excluded": [],
    }


def test_source_finds_each_row_again(tmp_path: Path) -> None:
    data = _csv(ROW, SECOND)
    _, parsed = _read(tmp_path, data)
    pieces = [data[one.source["byte_start"] : one.source["byte_end"]].decode() for one in parsed]
    assert pieces == [ROW, SECOND]
    assert [one.source["line"] for one in parsed] == [2, 4]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    heading = HEADING.replace(",", delimiter)
    row = delimiter.join(["9783161484100", "r-1", "Café “Noir”"])
    sheet, (parsed,) = _read(tmp_path, f"{heading}\r\n{row}\r\n".encode(encoding))
    descriptive = _record(parsed)["descriptive"]
    assert descriptive is not None
    assert descriptive["titles"][0]["elements"][0]["text"] == "Café “Noir”"
    warned = [finding["rule"] for finding in sheet.counts.findings]
    assert warned == (["F4"] if encoding == "cp1252" else [])


def test_cells_that_cannot_be_read_are_reported_and_left_out(tmp_path: Path) -> None:
    row = "9.78316E+12,r-9,T,,,,Klingon?,,,,,,,perhaps,9:12,1st of May,live,soon,free,,,,,"
    _, (parsed,) = _read(tmp_path, _csv(row))
    columns = [finding["path"] for finding in parsed.findings]
    assert columns == [
        "column:ISBN",
        "column:Language",
        "column:Abridged",
        "column:Duration",
        "column:Status",
        "column:Publication date",
        "column:Availability",
        "column:Price USD",
    ]
    assert _record(parsed)["identifiers"][0]["value"] == "9.78316E+12", "kept as sent, for a person to see"


def test_dates_are_read_in_the_declared_order(tmp_path: Path) -> None:
    row = SECOND.replace("2026,", "03/04/2026,")
    _, (parsed,) = _read(tmp_path, _csv(row), date_order="dmy")
    publishing = _record(parsed)["publishing"]
    assert publishing is not None
    assert publishing["dates"][0]["date"] == "2026-04-03"


def test_a_row_with_shifted_cells_is_unreadable_and_its_neighbours_whole(tmp_path: Path) -> None:
    _, parsed = _read(tmp_path, _csv(SECOND, "9780306406157,r-3,Two, titles" + "," * 24 + "x", SECOND))
    assert [one.record is None for one in parsed] == [False, True, False]
    assert parsed[1].findings[0]["severity"] == "block"


def test_cells_missing_at_the_end_are_empty_unless_the_file_was_cut_off(tmp_path: Path) -> None:
    _, (whole, cut) = _read(tmp_path, _csv("9780306406157,r-3,Short", "9780306406157,r-4,Cut of")[:-1])
    assert _record(whole)["record_reference"] == "r-3"
    assert [finding["severity"] for finding in whole.findings] == ["warn"]
    assert cut.record is None


def test_a_voice_that_is_no_persons_is_said_so(tmp_path: Path) -> None:
    _, (parsed,) = _read(tmp_path, _csv(SECOND.replace("r-2,Other,,,", "r-2,Other,,,AI voice")))
    descriptive = _record(parsed)["descriptive"]
    assert descriptive is not None
    assert [(one["roles"], one["name"], one["unnamed"]) for one in descriptive["contributors"]] == [
        (["E07"], None, "07")
    ]


def test_an_unclosed_quote_costs_its_own_line(tmp_path: Path) -> None:
    _, parsed = _read(tmp_path, _csv(SECOND, '9780306406157,r-3,"Never closed', SECOND, SECOND))
    assert [one.record is None for one in parsed] == [False, True, False, False]


def test_columns_nobody_asked_for_are_counted(tmp_path: Path) -> None:
    data = f"{HEADING},Shoe size\n{SECOND},42\n".encode()
    sheet, _ = _read(tmp_path, data)
    assert dict(sheet.counts.unmapped) == {"column:shoe size": 1}


def test_a_sheet_without_isbn_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no column 'ISBN'"):
        _read(tmp_path, b"Name,Age\nx,1\n")


def test_a_sheet_without_rows_is_read_with_a_warning(tmp_path: Path) -> None:
    sheet, parsed = _read(tmp_path, _csv())
    assert (parsed, [finding["rule"] for finding in sheet.counts.findings]) == ([], ["F16"])


def test_a_mapping_that_does_not_exist_is_our_mistake() -> None:
    with pytest.raises(ConfigurationError, match="no mapping 'nope'"):
        load_mapping("nope")


def test_a_wrong_mapping_names_its_file_and_every_mistake(tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text("columns: {isbn: ISBN, titel: Title}\nprices: [{at: Price, curency: EUR}]\n", "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_mapping("sheet", tmp_path)
    assert str(path) in caught.value.what
    for mistake in ("what: field required", "columns.titel: there is no such key; did you mean 'title'?"):
        assert mistake in caught.value.what
    assert "prices.0.curency: there is no such key; did you mean 'currency'?" in caught.value.what


def test_a_workbook_is_read_like_a_csv_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING.split(","))
    row: list[object] = [None] * 24
    row[0], row[1], row[2], row[15], row[18] = 9783161484100.0, 77, "T", dt.datetime(2026, 3, 1), 9.99  # noqa: DTZ001 - workbooks know no zones
    sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    message, (parsed,) = _read(tmp_path, path.read_bytes(), Kind.XLSX)
    record = _record(parsed)
    assert (record["identifiers"][0]["value"], record["record_reference"]) == ("9783161484100", "77")
    assert record["publishing"] is not None
    assert record["publishing"]["dates"][0]["date"] == "2026-03-01"
    assert record["supply"] is not None
    assert record["supply"][0]["supplies"][0]["prices"][0]["amount"] == Decimal("9.99")
    assert (parsed.source["byte_start"], parsed.source["line"]) == (0, 2)
    assert message.facts.format == "spreadsheet"


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_rows_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    try:
        _, parsed = _read(tmp_path_factory.getbasetemp(), _csv(SECOND) + data + b"\n")
    except RefusedError:
        return
    assert _record(parsed[0])["record_reference"] == "r-2"
    assert all(one.record or one.findings for one in parsed)
