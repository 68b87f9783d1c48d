"""jaerith/ONIX-Data (Apache-2.0).

Addressee ``BooksBooksBooks.com`` and measures (width 130 mm) have no place in what we read of a message and a record.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.corpus import needs_corpus
from tests.onix.golden.reading import document, pairs, record, records

pytestmark = needs_corpus

ROOT = "jaerith+ONIX-Data/OnixData.Standard.BaseTests/Samples"
BENCHMARKS = "jaerith+ONIX-Data/OnixData.Standard.Benchmarks/Samples"

STATED: list[tuple[str, dict[str, Any]]] = [
    *[
        (
            name,
            {
                "isbn13": "9780007232833",
                "isbn_problem": None,
                "title": "Roseanna",
                "product_form": "BC",
                "language": "eng",
                "publication_date": "2006-08-07",
                "original_title": None,
            },
        )
        for name in ("Onix3sample_refnames.xml", "Onix3sample_shorttags.xml")
    ],
    (
        "Onix2CoreDataSample1.xml",
        {
            "isbn13": None,
            "isbn_problem": "check_digit",
            "title": "Le Merde, C'est La Vie",
            "product_form": "DG",
            "product_form_details": ["E200"],
            "language": "fre",
            "publication_date": "2018-03-28",
        },
    ),
    (
        "Onix2CoreDataSample1ShortTags.xml",
        {
            "isbn13": None,
            "isbn_problem": "check_digit",
            "title": "Generic Title",
            "subtitle": "Bland and Boring",
            "language": "eng",
        },
    ),
]


@pytest.mark.parametrize(("name", "stated"), STATED, ids=[name for name, _ in STATED])
def test_stated_values(name: str, stated: dict[str, Any]) -> None:
    read = record(f"{ROOT}/{name}")
    assert {field: read[field] for field in stated} == stated


@pytest.mark.parametrize(("style", "dollars"), [("refnames", "10.99"), ("shorttags", "7.99")])
def test_a_product_of_3_0(style: str, dollars: str) -> None:
    message, read = document(f"{ROOT}/Onix3sample_{style}.xml")["message"], record(f"{ROOT}/Onix3sample_{style}.xml")
    assert (message["sender"], message["message_number"], message["sent_at"]) == (
        "Global Bookinfo",
        "231",
        "2010-05-10T15:15:00Z",
    )
    author = read["contributors"][0]
    assert (author["key_names"], author["name"]) == ("Sjöwall", "Maj Sjöwall")
    assert ("01", "7421") in pairs(author["identifiers"], "type", "value")
    assert pairs(read["collections"], "title", "part_number") == [("The Martin Beck series", "1")]
    assert ("10", "FIC022000") in pairs(read["subjects"], "scheme", "code")
    assert ("00", "245", "03") in pairs(read["extents"], "type", "value", "unit")
    assert {("GBP", "7.99"), ("USD", dollars)} <= set(pairs(read["prices"], "currency", "amount"))
    assert ("03", "9780007232833") in pairs(read["identifiers"], "type", "value")


def test_isbn_10_of_the_reference_file() -> None:
    """GOLDEN.md states an ISBN-10 (0007232837); the library derives it from the ISBN-13, the file doesn't state it."""
    assert pairs(record(f"{ROOT}/Onix3sample_refnames.xml")["identifiers"], "type") == [("03",), ("15",)]


def test_a_product_of_2_1_not_for_sale_in_the_us() -> None:
    read = record(f"{ROOT}/Onix2CoreDataSample1.xml")
    assert ("03", "9782234567890") in pairs(read["identifiers"], "type", "value")
    assert ("00", "136", "03") in pairs(read["extents"], "type", "value", "unit")
    assert ("10", "FIC027000") in pairs(read["subjects"], "scheme", "code")
    assert ("USD", "6.99") in pairs(read["prices"], "currency", "amount")
    assert ("03", ["US"]) in pairs(read["sales_rights"], "type", "countries_included")
    assert "US" not in read["sale_countries"]


def test_a_product_of_2_1_in_short_tags() -> None:
    read = record(f"{ROOT}/Onix2CoreDataSample1ShortTags.xml")
    assert ("15", "9781234567890") in pairs(read["identifiers"], "type", "value")
    assert ("00", "250", "03") in pairs(read["extents"], "type", "value", "unit")
    assert ("USD", "19.95") in pairs(read["prices"], "currency", "amount")
    assert pairs(read["audience_ranges"], "precisions", "bounds") == [(["03", "04"], ["15", "99"])]
    related = {one["value"] for product in read["related_products"] for one in product["identifiers"]}
    assert "9781234567891" in related


@pytest.mark.parametrize("name", ["Onix3sample_refnames_badchar.xml", "Onix3sample_refnames_badchar_2.xml"])
def test_a_control_character_costs_one_record_of_three(name: str) -> None:
    read = document(f"{ROOT}/{name}")
    assert (read["counts"]["received"], read["counts"]["read"], read["counts"]["unreadable"]) == (3, 2, 1)
    (found,) = [finding for finding in read["findings"] if finding["rule"] == "F1"]
    assert (found["severity"], found["path"]) == ("block", "Product")
    assert found["line"] is not None
    assert found["byte_start"] is not None


@pytest.mark.parametrize("style", ["refnames", "shorttags"])
def test_a_block_update_touches_the_supply_alone(style: str) -> None:
    read = record(f"{ROOT}/Onix3sample_{style}_blockupdate.xml")
    assert (read["notification_type"], read["kind"], read["touches"]) == ("04", "block", ["supply"])
    assert (read["is_audio"], read["title"], read["publisher"]) == (None, None, None)
    assert ("GBP", "8.99") in pairs(read["prices"], "currency", "amount")


@pytest.mark.parametrize("tags", ["", "ShortTags"])
def test_versions_of_a_cover(tags: str) -> None:
    covers = record(f"{ROOT}/Onix3SupportingResourceSample1{tags}.xml")["resources"]
    assert [(cover["content_type"], pairs(cover["features"], "type", "value")) for cover in covers] == [
        ("01", [("01", "D504")]),
        ("01", [("01", "D502"), ("02", "171"), ("03", "125")]),
    ]
    assert [cover["link"].rpartition(".")[2] for cover in covers] == ["tif", "jpg"]
    assert {date["role"] for cover in covers for date in cover["dates"]} == {"17"}


@pytest.mark.parametrize(("path", "release"), [("Legacy", "2.1"), ("V3", "3.0")])
def test_500_copies_of_a_product_are_500_records(path: str, release: str) -> None:
    """What to do with one RecordReference 500 times is the catalogue's to say (rule Q1); reading keeps them all."""
    file = f"{BENCHMARKS}/{path}/Sample-500-Products.xml"
    assert document(file)["message"]["release"] == release
    read = records(file)
    assert len(read) == 500
    assert len({one["record_reference"] for one in read}) == 1
    assert len({one["source"]["byte_start"] for one in read}) == 500
