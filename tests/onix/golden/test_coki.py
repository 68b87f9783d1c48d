"""The-Academic-Observatory (Apache-2.0): the rows oaebu-workflows makes of ONIX, and files of its ONIX parser.

Compared is every column the record model has a place for; of OAPEN, whose rows keep few columns, every one that is
filled. What their workflow adds of its own is undone first: inverted names made of the parts, keywords joined by a
semicolon, one row of RelatedProducts for each identifier and none for the product's own. Otherwise, on purpose:

- the OAPEN product with an unknown TitleElementLevel: they drop the product, we keep the code as sent and the record;
  a record is not lost for a code that decides neither rights nor availability (AUDIOBOOKS section 5, row 12).
- rows they make for each related edition (three of the five of ``test_table.json``) are no records.
- dates are numbers in their rows (20200101), and raw text in ours.

``test_subjects_input.json`` is no ONIX but rows again, whose keywords their workflow joins; the same joining is undone
above, for Thoth's rows.

Not in the record model: LCCN, edition number, city, copyright, websites, country of manufacture, reviews' sources.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bindery.errors import RefusedError
from tests.corpus import CORPUS, needs_corpus
from tests.onix.golden.jonix import ISSUE_73, Json, named, same, without_tags
from tests.onix.golden.reading import document, pairs, record, records

pytestmark = [
    needs_corpus,
    pytest.mark.skipif(
        not ISSUE_73.is_file(), reason=f"no code lists at {ISSUE_73}, which the rows' names are read by"
    ),
]

ROWS = "The-Academic-Observatory+oaebu-workflows"
PARSER = "The-Academic-Observatory+onix-parser"

IDENTIFIERS = {"ISBN13": "15", "ISBN10": "02", "GTIN_13": "03", "DOI": "06", "PID_Proprietary": "01"}
"""Columns, to List 5."""
NAME_IDENTIFIERS = {"ISNI": "16", "ORCID": "21", "Proprietary": "01"}
"""Columns, to List 44."""
KEYWORDS = "20"
"""List 27."""


def _rows(path: Path) -> list[Json]:
    text = path.read_text("utf-8")
    return json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.splitlines()]


def _identifiers(row: Json) -> set[tuple[str, str]]:
    return {(kind, str(row[name])) for name, kind in IDENTIFIERS.items() if row.get(name)}


def _stated(row: Json) -> Json:
    return {
        "record_reference": row["RecordRef"],
        "record_source_type": named(3, row.get("RecordSourceType")),
        "record_source_name": row.get("RecordSourceName"),
        "product_form": named(150, row["ProductForm"]),
        "identifiers": _identifiers(row),
        "titles": [_title(one) for one in row["TitleDetails"]],
        "collections": [
            (named(148, one["CollectionType"]), one["TitleDetails"][0]["TitleElements"][0]["TitleText"])
            for one in row["Collections"]
        ],
        "contributors": [_contributor(one) for one in row["Contributors"]],
        "languages": [(named(22, one["LanguageRole"]), one["LanguageCode"]) for one in row["Languages"]],
        "subjects": [_subject(one) for one in row["Subjects"]],
        "imprints": [one["ImprintName"] for one in row.get("Imprints", [])],
        "publishers": [(named(45, one["PublishingRole"]), one["PublisherName"]) for one in row.get("Publishers", [])],
        "dates": [(named(163, one["PublishingDateRole"]), str(one["Date"])) for one in row.get("PublishingDates", [])],
        "descriptions": [
            (named(153, one["TextType"]), same(text)) for one in row.get("TextContent", []) for text in one["Text"]
        ],
        "related_products": {
            (named(51, code), *identifier)
            for one in row["RelatedProducts"]
            for code in one["ProductRelationCodes"]
            for identifier in _identifiers(one)
            if identifier != ("15", row["ISBN13"])
        },
        "related_works": [
            (named(164, one["WorkRelationCode"]), [str(held["IDValue"]) for held in one["WorkIdentifiers"]])
            for one in row["RelatedWorks"]
        ],
    }


def _title(one: Json) -> tuple[Any, ...]:
    names = ("TitleText", "TitlePrefix", "TitleWithoutPrefix", "Subtitle")
    return named(15, one["TitleType"].partition(";")[0]), [
        (named(149, element["TitleElementLevel"]), *(element.get(name) for name in names))
        for element in one["TitleElements"]
    ]


def _contributor(one: Json) -> tuple[Any, ...]:
    notes = [note["Note"] for note in one["BiographicalNotes"]]
    identifiers = {(kind, str(one[name])) for name, kind in NAME_IDENTIFIERS.items() if one.get(name)}
    named_parts = (one.get("NamesBeforeKey"), one.get("KeyNames"))
    return (
        one.get("SequenceNumber"),
        [named(17, role) for role in one["Roles"]],
        one.get("PersonName") or " ".join(filter(None, named_parts)) or None,
        *named_parts,
        one.get("CorprorateName"),
        identifiers,
        same(notes[0]) if notes else None,
    )


def _subject(one: Json) -> tuple[Any, ...]:
    headings = [heading for heading in one["SubjectHeadingText"] if heading]
    version = one.get("SubjectSchemeVersion")
    return (
        named(27, one["SubjectSchemeIdentifier"]),
        None if version is None else float(version),
        one.get("SubjectCode"),
        headings[0] if headings else None,
        one["MainSubject"],
    )


def _with_keywords_joined(subjects: list[Json]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for subject in subjects:
        version = None if subject["version"] is None else float(subject["version"])
        heading, at = subject["heading"], next((at for at, one in enumerate(found) if one[0] == KEYWORDS), None)
        if subject["scheme"] == KEYWORDS and heading and at is not None and found[at][3]:
            found[at] = (*found[at][:3], f"{found[at][3]}; {heading}", found[at][4])
        else:
            found.append((subject["scheme"], version, subject["code"], heading, subject["main"]))
    return found


def _ours(one: Json) -> Json:
    kept = set(IDENTIFIERS.values())
    own = {pair for pair in pairs(one["identifiers"], "type", "value") if pair[0] == "15"}
    return one | {
        "identifiers": {pair for pair in pairs(one["identifiers"], "type", "value") if pair[0] in kept},
        "titles": [
            (title["type"], pairs(title["elements"], "level", "text", "prefix", "without_prefix", "subtitle"))
            for title in one["titles"]
        ],
        "collections": pairs(one["collections"], "type", "title"),
        "contributors": [
            (
                *(person[name] for name in ("sequence", "roles", "name")),
                *(person[name] for name in ("names_before_key", "key_names", "corporate_name")),
                set(pairs(person["identifiers"], "type", "value")),
                same(without_tags(person["biography"])),
            )
            for person in one["contributors"]
        ],
        "languages": pairs(one["languages"], "role", "code"),
        "subjects": _with_keywords_joined(one["subjects"]),
        "publishers": pairs(one["publishers"], "role", "name"),
        "dates": pairs(one["dates"], "role", "raw"),
        "descriptions": [(text["type"], same(without_tags(text["raw"]))) for text in one["descriptions"]],
        "related_products": {
            (code, *identifier)
            for other in one["related_products"]
            for code in other["relations"]
            for identifier in pairs(other["identifiers"], "type", "value")
            if identifier[0] in kept and identifier not in own
        },
        "related_works": [
            (work["relation"], [held["value"] for held in work["identifiers"]]) for work in one["related_works"]
        ],
    }


@pytest.mark.parametrize(
    ("message", "rows", "matched"),
    [
        ("onix_telescope/20210330_CURTINPRESS_ONIX.xml", "onix_telescope/20210330_CURTINPRESS_ONIX.json", 1),
        ("tests/fixtures/onix_utils/input_metadata.xml", "tests/fixtures/onix_utils/output_metadata.jsonl", 2),
        ("oapen_metadata_telescope/metadata_download_valid.xml", "oapen_metadata_telescope/test_table.json", 2),
        ("thoth_telescope/extracted_thoth_0.xml", "thoth_telescope/test_table.json", 2),
    ],
)
def test_rows(message: str, rows: str, matched: int) -> None:
    read = {one["record_reference"]: one for one in records(f"{ROWS}/{message}")}
    stated = [row for row in _rows(CORPUS / ROWS / rows) if row["RecordRef"] in read]
    assert len({row["RecordRef"] for row in stated}) == matched
    for row in stated:
        ours, theirs = _ours(read[row["RecordRef"]]), _stated(row)
        if "OAPEN" in row["RecordRef"]:
            theirs = {field: value for field, value in theirs.items() if value}
            assert len(theirs) >= 8
        assert {field: (ours[field], value) for field, value in theirs.items() if ours[field] != value} == {}


def test_a_product_with_an_unknown_level_of_its_title_is_kept() -> None:
    kept = records(f"{ROWS}/oapen_metadata_telescope/invalid_products_removed.xml")
    (rejected,) = records(f"{ROWS}/oapen_metadata_telescope/invalid_products.xml")
    everything = records(f"{ROWS}/oapen_metadata_telescope/parsed_valid.xml")
    references = {one["record_reference"] for one in [*kept, rejected]}
    assert len(references) == 3
    assert references == {one["record_reference"] for one in everything}
    levels = [element["level"] for title in rejected["titles"] for element in title["elements"]]
    assert set(levels) - {"01", "02", "03", "04", "05", "06"}, "the code is kept as sent"


@pytest.mark.parametrize("name", ["oapen_metadata_download_invalid.xml", "oapen_metadata_parsed_invalid.xml"])
def test_a_truncated_download_is_refused(name: str) -> None:
    with pytest.raises(RefusedError, match="incomplete upload") as caught:
        document(f"{ROWS}/fixtures/oapen_metadata/{name}")
    assert caught.value.rule == "F1"


@pytest.mark.parametrize(
    ("name", "notification", "kind", "touches"),
    [
        (
            "full_test.xml",
            "03",
            "full",
            ["descriptive", "collateral", "content", "publishing", "related", "production", "supply"],
        ),
        ("update_test.xml", "04", "block", []),
        ("delete_test.xml", "05", "delete", []),
    ],
)
def test_a_full_record_an_update_and_a_delete_of_one_record(
    name: str, notification: str, kind: str, touches: list[str]
) -> None:
    read, message = record(f"{PARSER}/{name}"), document(f"{PARSER}/{name}")["message"]
    assert (message["sender"], message["release"], message["sent_at"]) == (
        "Academic Observatory",
        "3.0",
        "2021-02-15T03:03:00Z",
    )
    assert (read["record_reference"], read["notification_type"], read["kind"]) == ("some.test.data", notification, kind)
    assert (read["touches"], read["record_source_type"]) == (touches, "04")
    assert ("15", "9780000000000") in pairs(read["identifiers"], "type", "value")
    assert (read["isbn13"], read["isbn_problem"]) == (None, "check_digit"), "its last digit would be 2"
