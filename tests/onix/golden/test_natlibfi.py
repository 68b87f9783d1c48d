"""NatLibFi/melinda-record-import-transformer-onix (MIT): one product a file, with the value a function of theirs gives.

Otherwise, on purpose:

- contributors: theirs joins two entries of one name and drops an AI author (UnnamedPersons 09); ours keeps both as
  sent, with the code. The names, the roles of each and the code are the same.
- collections: theirs takes no title of a subcollection (level 03); ours does, so that a series isn't lost.
- a Supplier's ``SenderName`` is in no release of ONIX; it is counted as unmapped.
- an ISBN with a bad check digit is left out by theirs; ours keeps what was sent among the identifiers and takes it for
  nothing: ``isbn13`` is the good one.
- an ISMN is never an ISBN; it is kept among the identifiers.
- what only MARC or their settings state (record validation, filters' errors, fields 006-008, 336-347 and 655, most of
  convert-product and filter-product) says nothing about reading; those files are read all the same, in
  ``test_every_file``.
- 100 hours and more: MARC has no room for them (no 306 field); the length is the same.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus
from tests.onix.golden.natlibfi import ELSEWHERE, FUNCTIONS, Json
from tests.onix.golden.reading import document, pairs, record, records

pytestmark = needs_corpus

ROOT = "NatLibFi+melinda-record-import-transformer-onix"
UTILS = f"{ROOT}/transform/product-utils"
ELECTRONIC = f"{ROOT}/transform/generators/electronic/generate-3xx-electronic"


def _function(folder: Path) -> str:
    parts = folder.relative_to(CORPUS / ROOT).parts
    return "/".join(parts[1:3] if parts[1] != "generators" else parts[2:4])


def _cases() -> list[tuple[str, str]]:
    """Function and folder of each case that states a value."""
    folders = sorted(path.parent for path in (CORPUS / ROOT).rglob("metadata.json"))
    stated = [
        folder for folder in folders if "expectedValue" in json.loads((folder / "metadata.json").read_text("utf-8"))
    ]
    return [(_function(folder), str(folder.relative_to(CORPUS))) for folder in stated]


def _stated(folder: str) -> Any:
    return json.loads((CORPUS / folder / "metadata.json").read_text("utf-8"))["expectedValue"]


def test_every_function_with_a_stated_value_is_accounted_for() -> None:
    found = {function for function, _ in _cases()}
    assert found == FUNCTIONS.keys() | ELSEWHERE.keys()
    assert not FUNCTIONS.keys() & ELSEWHERE.keys()


@pytest.mark.parametrize(
    ("function", "folder"),
    [pytest.param(*case, id="/".join(case[1].split("/")[-2:])) for case in _cases() if case[0] in FUNCTIONS],
)
def test_value_of_a_function(function: str, folder: str) -> None:
    assert FUNCTIONS[function](record(f"{folder}/input.xml")) == _stated(folder)


@pytest.mark.parametrize(("case", "isbn13", "problem"), [("01", "9789522223562", None), ("02", None, "missing")])
def test_get_isbn(case: str, isbn13: str | None, problem: str | None) -> None:
    """01 states two good ISBNs of different books (978-952-222-356-2 and 951-861-386-9), which clash here."""
    read, stated = record(f"{UTILS}/get-isbn/{case}/input.xml"), _stated(f"{UTILS}/get-isbn/{case}")
    ids = pairs(read["identifiers"], "type", "value")
    assert {("15", value) for value in stated["isbn13"]} | {("02", value) for value in stated["isbn10"]} <= set(ids)
    if case == "01":
        assert (read["isbn13"], read["isbn_problem"]) == (None, "clash")
        assert ("15", "978-952-222-356-0") in ids
    else:
        assert (read["isbn13"], read["isbn_problem"]) == (isbn13, problem)


def test_get_ismn_and_error_payload() -> None:
    read, stated = record(f"{UTILS}/get-ismn/01/input.xml"), _stated(f"{UTILS}/get-ismn/01")
    ids = pairs(read["identifiers"], "type", "value")
    assert ("25", stated["ismn13"][0]) in ids
    assert ("05", stated["ismn10"][0]) in ids
    read = record(f"{UTILS}/create-common-error-payload/01/input.xml")
    values = [read["record_reference"], *(one["value"] for one in read["identifiers"])]
    assert values == _stated(f"{UTILS}/create-common-error-payload/01")["standardIdentifiers"]
    assert read["isbn13"] == "9789522223562"
    assert read["titles"][0]["elements"][0]["text"] == "foo-title"


@pytest.mark.parametrize("case", ["01", "02"])
def test_get_extent_information(case: str) -> None:
    """A duration in discs without value and unit says nothing, in theirs and ours."""
    stated = [
        (one["extType"], one["extValue"], one["extUnit"]) for one in _stated(f"{UTILS}/get-extent-information/{case}")
    ]
    read = record(f"{UTILS}/get-extent-information/{case}/input.xml")
    assert pairs(read["extents"], "type", "value", "unit") == stated


def test_get_publishing_dates() -> None:
    read, stated = record(f"{UTILS}/get-publishing-dates/01/input.xml"), _stated(f"{UTILS}/get-publishing-dates/01")
    dates = {(role, raw): date for role, raw, date in pairs(read["dates"], "role", "raw", "date")}
    assert {(one["role"], one["rawValue"]): dates[one["role"], one["rawValue"]][:4] for one in stated} == {
        (one["role"], one["rawValue"]): one["year"] for one in stated
    }
    assert dates["01", "foo2020"] is None
    assert read["publication_date"] == "2020"


def test_get_collection_information() -> None:
    read, stated = (
        record(f"{UTILS}/get-collection-information/01/input.xml"),
        _stated(f"{UTILS}/get-collection-information/01"),
    )
    first, second = read["collections"]
    assert [(one["type"], one["part_number"]) for one in (first, second)] == [
        (one["type"], one["partNumber"] or one["sequenceNumbers"][0]) for one in stated
    ]
    assert (first["title"], second["title"]) == ("Unknown series", stated[1]["title"])
    assert [one["value"] for one in second["identifiers"] if one["type"] == "02"] == stated[1]["issnIdentifiers"]
    assert record(f"{UTILS}/get-collection-information/02/input.xml")["collections"] == []


@pytest.mark.parametrize(("case", "name"), [("01", "FOO-supplier"), ("02", None), ("03", "FOO-supplier")])
def test_get_source(case: str, name: str | None) -> None:
    read = record(f"{UTILS}/get-source/{case}/input.xml")
    assert [supply["supplier_name"] for market in read["markets"] for supply in market["supplies"]] == [name]
    unmapped = {"Product/ProductSupply/SupplyDetail/Supplier/SenderName": 1} if case in {"02", "03"} else {}
    assert read["unmapped"] == unmapped


@pytest.mark.parametrize("case", ["01", "02", "03", "04"])
def test_get_contributors(case: str) -> None:
    folder = f"{ROOT}/transform/record-utils/get-contributors/{case}"
    stated = [one for one in (_stated(folder)["mainAuthor"], *_stated(folder)["contributors"]) if one]
    ours: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    artificial = set()
    for one in record(f"{folder}/input.xml")["contributors"]:
        person = (one["name"], one["name_inverted"], one["corporate_name"])
        ours[person] += [role for role in one["roles"] if role not in ours[person]]
        artificial |= {person} if one["unnamed"] == "09" else set()
    theirs = {(one["personName"], one["personNameInverted"], one["corporateName"]): one["roleCodes"] for one in stated}
    assert {person: sorted(roles) for person, roles in ours.items() if person not in artificial} == {
        person: sorted(roles) for person, roles in theirs.items()
    }
    assert artificial == ({("Maija Meikäläinen", "Meikäläinen, Maija", None)} if case == "04" else set())


def test_get_record_main_langs() -> None:
    """Theirs leaves out a code that has not three letters; ours keeps it as sent, and the first is the language."""
    folder = f"{ROOT}/transform/record-utils/get-record-main-langs/01"
    read = record(f"{folder}/input.xml")
    texts = [code for role, code in pairs(read["languages"], "role", "code") if role == "01"]
    assert [code for code in texts if len(code) == 3] == _stated(folder) == ["fin", "eng"]
    assert read["language"] == "fin"


@pytest.mark.parametrize(
    ("case", "seconds", "shown"),
    [
        ("generate-300-electronic/03", 2 * 3600 + 25 * 60, "1 verkkoaineisto (2 h 25 min)"),
        ("generate-300-electronic/04", 2 * 3600 + 25 * 60 + 10, "1 verkkoaineisto (2 h 25 min 10 s)"),
        ("generate-300-electronic/05", 100 * 3600 + 10 * 60 + 10, "1 verkkoaineisto (100 h 10 min 10 s)"),
        ("generate-300-electronic/09", 2 * 3600 + 25 * 60, "1 verkkoaineisto (2 h 25 min)"),
        ("generate-300-electronic/10", None, "1 verkkoaineisto"),
        ("generate-306-electronic/02", 12 * 3600 + 13 * 60 + 5, "121305"),
        ("generate-306-electronic/03", 12 * 3600 + 13 * 60, "121300"),
        ("generate-306-electronic/04", 112 * 3600 + 13 * 60, None),
        ("generate-306-electronic/05", None, None),
    ],
)
def test_duration(case: str, seconds: int | None, shown: str | None) -> None:
    read = record(f"{ELECTRONIC}/{case}/input.xml")
    assert (read["is_audio"], read["duration_seconds"]) == (True, seconds)
    fields = json.loads((CORPUS / ELECTRONIC / case / "output.json").read_text("utf-8"))
    assert next((field["subfields"][0]["value"] for field in fields), None) == shown


@pytest.mark.parametrize(("case", "languages"), [("01", [("01", "fin")]), ("03", [("01", "fin"), ("02", "eng")])])
def test_languages_of_a_translation(case: str, languages: list[tuple[str, str]]) -> None:
    folder = f"{ROOT}/transform/generators/common/generate-0xx-common/generate-041-common/{case}"
    read = record(f"{folder}/input.xml")
    assert sorted(pairs(read["languages"], "role", "code")) == languages
    assert read["language"] == "fin"


def test_isbn_of_an_mp3() -> None:
    read = record(f"{ROOT}/transform/generators/common/generate-0xx-common/generate-020-common/01/input.xml")
    assert (read["isbn13"], read["is_audio"]) == ("9789515174703", True)
    music = record(f"{ROOT}/transform/generators/common/generate-0xx-common/generate-024-common/01/input.xml")
    assert music["isbn13"] is None
    assert ("25", "9790900176509") in pairs(music["identifiers"], "type", "value")


@pytest.mark.parametrize(
    ("case", "form"), [("01", "BA"), ("02", "AJ"), ("03", "AJ"), ("04", "AJ"), ("07", "ZJ"), ("08", None)]
)
def test_product_forms_of_the_filter(case: str, form: str | None) -> None:
    """Their filter passes what its settings allow; ours leaves out what isn't audio and keeps what states no form."""
    read = record(f"{ROOT}/filter/product-form/{case}/input.xml")
    assert (read["product_form"], read["scope"]) == (form, "in" if form in {"AJ", None} else "not_audio")


def test_denied_subjects_can_be_seen() -> None:
    denied = {
        case: ("24", "FOO")
        in pairs(record(f"{ROOT}/filter/subject-code/{case}/input.xml")["subjects"], "scheme", "code")
        for case in ("01", "02", "03", "04")
    }
    assert denied == {"01": False, "02": False, "03": True, "04": True}


def test_a_test_record_is_out_of_scope() -> None:
    """convert-product/05: theirs refuses NotificationType 89 as not allowed; ours keeps test records apart (List 1)."""
    folder = f"{ROOT}/transform/convert-product/05"
    assert (
        "NotificationType of 89"
        in json.loads((CORPUS / folder / "metadata.json").read_text("utf-8"))["expectedConversionError"]
    )
    read = document(f"{folder}/input.xml")
    assert (read["counts"]["test"], read["records"][0]["scope"], read["records"][0]["notification_type"]) == (
        1,
        "test",
        "89",
    )


@pytest.mark.parametrize("case", ["01", "02", "03", "04", "05", "06", "07"])
def test_messages_of_the_pipeline(case: str) -> None:
    """04 (a duplicate) and 05 (no title) fail in their import, 06 is another sender's; all can be read."""
    read = document(f"{ROOT}/transform/transform-pipeline/{case}/input.xml")
    senders = {"06": "unknown source", "07": None}
    assert read["message"]["sender"] == senders.get(case, "foo-source")
    assert read["message"]["sent_at"] == "2025-12-12T00:00:00Z"
    one, *again = records(f"{ROOT}/transform/transform-pipeline/{case}/input.xml")
    assert len(again) == (case == "04")
    assert one["isbn13"] == "9789515174703"
    assert (one["title"] is None) == (case == "05")
    assert (one["notification_type"], one["record_reference"]) == ("01" if case == "03" else "03", None)


def test_a_message_without_sender_names_its_supplier() -> None:
    one: Json = record(f"{ROOT}/transform/transform-pipeline/07/input.xml")
    assert one["markets"][0]["supplies"][0]["supplier_name"] == "foo-source"
