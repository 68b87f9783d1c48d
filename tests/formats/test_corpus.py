"""Real sheets and JSON, with what their projects or their text say of them (GOLDEN.md, section 8)."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bindery.catalogue.record import Record
from bindery.errors import RefusedError
from bindery.formats.json_message import mapping_of, read_json
from bindery.formats.kind import Kind, kind_of
from bindery.formats.mapping import load_json_mapping
from bindery.reading import ParsedRecord
from tests.catalogue.one_record import facts_of
from tests.corpus import CORPUS, manifest, needs_corpus
from tests.formats.sheets import MAPPINGS, read_sheet, record

pytestmark = [needs_corpus, pytest.mark.slow]

BLINKBOX = CORPUS / "blinkboxbooks+spreadsheet-processor"
PALACE = CORPUS / "ThePalaceProject+circulation"
PLAYER = CORPUS / "ThePalaceProject+android-audiobook"
AUDIBLE = CORPUS / "SehbazSingh+Audible-sql-data-cleaning-project"
BEST_SELLERS = CORPUS / "rickysoo+audiobooks"
SHEETS, OBJECTS = (".csv", ".xls", ".xlsx"), (".json", ".jsonl")


def _json(path: Path, mapping: str | None = None) -> list[ParsedRecord]:
    found = load_json_mapping(mapping, MAPPINGS) if mapping else mapping_of(path, path.name)
    with read_json(path, found) as message:
        return list(message.records())


def _facts(path: Path, number: int = 0) -> Any:
    return facts_of(record(_json(path)[number]))


@pytest.mark.parametrize(
    "row", [row for row in manifest() if row["path"].endswith(OBJECTS)], ids=lambda row: row["path"]
)
def test_every_json_file_is_read_or_refused_with_the_right_reason(row: dict[str, str]) -> None:
    path = CORPUS / row["path"]
    assert kind_of(path) is Kind.JSON
    # Two that the manifest calls manifests lack what makes one, and nothing else in them says so.
    other = path.name in {"audiobook_metadata.json", "overdrive_metadata_series.json"}
    if row["format"].startswith(("OPDS 2", "audiobook manifest")) and not other:
        parsed = _json(path)
        assert len(parsed) == int(row["n_products"])
        assert all(one.record for one in parsed)
    else:
        with pytest.raises(RefusedError, match="doesn't show whose") as caught:
            _json(path)
        assert caught.value.rule == "F5"


def test_blinkbox_books_sheets_say_what_the_onix_beside_them_says() -> None:
    for name, kind in (
        ("examples/example_spreadsheet.xls", Kind.XLS),
        ("spec/data/example_spreadsheet.xlsx", Kind.XLSX),
    ):
        sheet, (parsed,) = read_sheet(BLINKBOX / name, "blinkbox", kind)
        found = record(parsed)
        facts = facts_of(found)
        assert [one["text"] for one in parsed.findings] == ["'9780111222333' is no ISBN: its check digit is wrong."]
        assert (found["identifiers"][0]["value"], facts["title"], facts["subtitle"]) == (
            "9780111222333",
            "The Title of the Book",
            "Subtitle of book",
        )
        assert found["collateral"] is not None
        assert found["collateral"]["texts"][0]["html"] == "<p>A description <em>with HTML</em></p>"
        assert [(one["content_type"], one["link"]) for one in found["collateral"]["resources"]] == [
            ("04", "http://path.to/image.jpg")
        ]
        _assert_blinkbox_terms(found)
        assert dict(sheet.counts.unmapped) == {"column:page count": 1}


def _assert_blinkbox_terms(found: Record) -> None:
    descriptive, publishing, supply = found["descriptive"], found["publishing"], found["supply"]
    assert descriptive is not None
    assert publishing is not None
    assert supply is not None
    people = [
        (one["roles"], one["name"], one["name_inverted"], one["biography"]) for one in descriptive["contributors"]
    ]
    assert people == [
        (["A01"], "Iain Macintosh", "Macintosh, Iain", "<p>Bio for contributor 1</p>"),
        (["A01"], "Kenny Millar", "Millar, Kenny", "<p>Bio for contributor 2</p>"),
        (["A12"], "Neil White", "White, Neil", None),
    ]
    prices = [(one["type"], one["amount"], one["currency"]) for one in supply[0]["supplies"][0]["prices"]]
    assert prices == [("01", Decimal("6.66"), "GBP"), ("02", Decimal("7.99"), "GBP")]
    assert publishing["dates"][0]["date"] == "2012-08-10"
    assert (publishing["imprints"], publishing["publishers"][0]["name"]) == (["Imprint name"], "Publisher name")
    assert publishing["sales_rights"][0]["type"] == "01"
    assert publishing["sales_rights"][0]["territory"]["countries_included"] == ["GB", "IE"]
    assert descriptive["languages"][0]["code"] == "eng"
    subjects = [(one["scheme"], one["code"], one["main"]) for one in descriptive["subjects"]]
    assert subjects == [("10", "SPO015000", True), ("10", "FIC005000", False)]


@pytest.mark.parametrize("name", ["mobcast_format.xls", "proprietary_format.xls"])
def test_sheets_of_other_columns_are_refused(name: str) -> None:
    with pytest.raises(RefusedError, match="no column 'eISBN 13'") as caught:
        read_sheet(BLINKBOX / "examples" / name, "blinkbox", Kind.XLS)
    assert caught.value.rule == "F5"


def test_the_invalid_sheets_row_is_reported_cell_by_cell() -> None:
    _, (parsed,) = read_sheet(BLINKBOX / "spec/data/example_invalid_spreadsheet.xlsx", "blinkbox", Kind.XLSX)
    facts = facts_of(record(parsed))
    assert (facts["isbn13"], facts["isbn_problem"], facts["title"]) == (None, "malformed", None)
    assert [(one["path"], one["text"].split(".")[0]) for one in parsed.findings] == [
        ("column:eISBN 13", "'not an isbn' is no ISBN"),
        ("column:Contributor 1 Role", "'Iain Macintosh' has no role"),
        ("column:Territories", "'KJGASDFJKHGSDG': no country (List 91) and no region (List 49)"),
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not AUDIBLE.is_dir(), reason=f"no listing at {AUDIBLE}")
def test_audibles_listing_reads_as_it_was_cleaned() -> None:
    _, parsed = read_sheet(AUDIBLE / "audible_uncleaned.csv", "audible")
    cleaned = _rows(AUDIBLE / "audible_cleaned.csv")
    assert len(parsed) == len(cleaned) == 43
    for one, wanted in zip(parsed, cleaned, strict=True):
        facts = facts_of(record(one))
        assert facts["title"] == wanted["name"]
        assert (",".join(facts["authors"]), ",".join(facts["narrators"])) == (wanted["author"], wanted["narrator"])
        assert facts["duration_seconds"] == int(wanted["time"]) * 60
        assert facts["publication_date"] == date.fromisoformat(wanted["releasedate"])
        assert facts["language"] == {"English": "eng", "Hindi": "hin"}[wanted["language"]]
        assert facts["price_amount"] == Decimal(wanted["price"])


@pytest.mark.skipif(not BEST_SELLERS.is_dir(), reason=f"no listing at {BEST_SELLERS}")
def test_audibles_best_sellers_read_as_they_were_cleaned() -> None:
    _, parsed = read_sheet(BEST_SELLERS / "audiobooks-original-20201212.csv", "audible_us")
    cleaned = _rows(BEST_SELLERS / "audiobooks-cleaned-20201212.csv")
    assert len(parsed) == len(cleaned) == 100
    for one, wanted in zip(parsed, cleaned, strict=True):
        facts = facts_of(record(one))
        assert (facts["title"], facts["subtitle"] or "") == (wanted["Title"], wanted["Subtitle"])
        assert (", ".join(facts["authors"]), facts["duration_seconds"]) == (
            wanted["Author"],
            int(wanted["Length"]) * 60,
        )
        assert facts["publication_date"] == date.fromisoformat(wanted["Release"])
        assert facts["price_amount"] == (Decimal(wanted["Price"]) if wanted["Price"] not in {"", "0"} else None)
        assert facts["language"] == "eng"


def test_overdrives_length_is_that_of_the_last_format() -> None:
    (parsed,) = _json(PALACE / "overdrive/audiobook.json", "overdrive")
    facts = facts_of(record(parsed))
    assert facts["duration_seconds"] == 44438, "12:20:38"
    assert (facts["title"], facts["authors"], facts["narrators"]) == (
        "Pride and Prejudice",
        ["Jane Austen"],
        ["Kate Kellgren"],
    )
    assert (facts["publisher"], facts["abridged"], facts["language"]) == ("Duke Classics", "no", "eng")
    assert facts["main_subject"] == "10:FIC004000"


def test_an_opds_feed_of_two_kinds() -> None:
    facts = _facts(PALACE / "opds2/feed.json")
    assert (facts["isbn13"], facts["title"], facts["authors"]) == ("9783161484100", "Moby-Dick", ["Herman Melville"])
    assert (facts["duration_seconds"], facts["language"], facts["is_audio"]) == (100, "eng", True)
    assert (facts["publisher"], facts["publication_date"]) == ("Test Publisher", date(2015, 9, 29))
    assert facts["cover_link"] == "http://example.org/cover.jpg"
    paper = _facts(PALACE / "opds2/feed.json", 1)
    assert (paper["is_audio"], paper["authors"]) == (False, ["Mark Twain", "Samuel Langhorne Clemens"])


def test_de_marques_audiobooks_call_themselves_books() -> None:
    facts = _facts(PALACE / "odl/feed-audiobook-no-streaming.json")
    assert (facts["isbn13"], facts["title"], facts["narrators"]) == ("9781603937221", "Gun Runner", ["Oliver Wyman"])
    assert (facts["duration_seconds"], facts["is_audio"]) == (64920, True)
    assert facts["authors"] == ["Larry Correia", "John Brown"]
    startalk = _facts(PALACE / "odl/unlimited-access-title.json")
    assert (startalk["title"], startalk["publication_date"]) == ("StarTalk", date(2022, 1, 1))
    assert startalk["authors"] == ["Neil deGrasse Tyson", "Jeffrey Lee Simons", "Charles Liu", "Jesse Bickford"]


def test_readiums_own_example() -> None:
    (parsed,) = _json(CORPUS / "readium+webpub-manifest/examples/Flatland/manifest.json")
    found = record(parsed)
    facts = facts_of(found)
    assert (facts["title"], facts["subtitle"]) == ("Flatland", "A Romance of Many Dimensions")
    assert (facts["authors"], facts["narrators"]) == (["Edwin Abbott Abbott"], ["Ruth Golding"])
    assert (facts["duration_seconds"], facts["abridged"], facts["publication_date"]) == (
        15153,
        "no",
        date(2008, 10, 12),
    )
    assert facts["cover_link"] == "https://www.archive.org/download/LibrivoxCdCoverArt12/Flatland_1109.jpg"
    assert found["content"] is not None
    chapters = found["content"]["chapters"]
    assert (chapters[0]["title"], chapters[0]["duration_seconds"], chapters[1]["start_seconds"]) == (
        "Part 1, Sections 1 - 3",
        1371,
        1371,
    )
    assert _facts(CORPUS / "readium+webpub-manifest/examples/MobyDick/manifest.json")["is_audio"] is False


@pytest.mark.parametrize(
    ("name", "title", "author", "seconds"),
    [
        ("audible/demon.json", "The Demon's Covenant", "Sarah Rees Brennan", 51693),
        ("bestnewhorror.audiobook-manifest.json", "Best New Horror", "Joe Hill", 3420),
        ("feedbooks_0.json", "Gleams of Sunshine", "Joseph Horatio Chant", 22173),
        ("feedbooks_1.json", "Rise of the Dragons, Book 1", "Angie Sage", None),
        ("findaway-20201015.json", "Man Riding West", "Louis L'Amour", 3333),
        ("igen.json", "iGen", "Jean M. Twenge", 35570),
    ],
)
def test_manifests_as_players_get_them(name: str, title: str, author: str, seconds: int | None) -> None:
    facts = _facts(PLAYER / name)
    assert (facts["title"], facts["authors"], facts["duration_seconds"]) == (title, [author], seconds)
    assert facts["is_audio"] is True


def test_every_kind_of_sheet_and_json_of_the_corpus_was_met() -> None:
    kinds = Counter(kind_of(CORPUS / row["path"]) for row in manifest() if row["path"].endswith((*SHEETS, *OBJECTS)))
    assert kinds == {Kind.JSON: 328, Kind.XLS: 3, Kind.XLSX: 2, Kind.TEXT: 1}


def test_a_sheet_that_is_a_report_is_refused_by_its_heading() -> None:
    with pytest.raises(RefusedError, match="no column 'ISBN' and 'Title'"):
        read_sheet(PALACE / "customlists/example-report-output.csv", "house_sheet")
