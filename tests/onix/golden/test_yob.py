"""yob/onix (MIT): ONIX 2.1 of 2008 and fragments of it.

aau.xml: its project says that bytes which aren't the declared (or assumed) encoding must be refused, and that the
first contributor is ``Melo,Patr¡cia`` once iso-8859-1 is forced. We decide otherwise by default (AUDIOBOOKS section 5,
row 6): the record's raw bytes are tried as UTF-8 and then as windows-1252, strictly, and what was assumed is a finding
(F4) at the record, with its byte. Nothing is ever replaced, a record that is partly UTF-8 is damaged and not read, and
the others of the message don't suffer. Refusing the file would keep a whole catalogue out for one letter; the value is
the same as the forced one. Who wants the strict way names the encoding: ``--encoding utf-8`` makes the record
unreadable, ``--encoding iso-8859-1`` reads it without a finding.

No place in the record model: height, width and weight, number of the edition, stock. ``Height`` and the like are early
2.1's; they are counted as unmapped.
"""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from bindery.cli import build
from tests.corpus import CORPUS, needs_corpus
from tests.onix.golden.reading import document, document_at, pairs, record

pytestmark = needs_corpus

ROOT = "yob+onix"

STATED: list[tuple[str, dict[str, Any]]] = [
    ("entities.xml", {"record_reference": "9780732287573", "title": "High Noon–in Nimbin"}),
    ("extra_entities.xml", {"title": "Ipod® & Itunes® for Dummies®, 4th Edition"}),
    ("short_tags.xml", {"title": "The Acts of the Apostles", "isbn13": "9781602581869"}),
    (
        "product.xml",
        {
            "record_reference": "365-9780194351898",
            "notification_type": "03",
            "product_form": "BC",
            "publishing_status": "04",
            "publication_date": "1998-09-01",
            "isbn13": "9780194351898",
        },
    ),
    (
        "product_invalid_pubdate.xml",
        {
            "publication_date": None,
            "dates": [{"role": "01", "raw": "00000000", "format": None, "date": None, "precision": None}],
        },
    ),
]


@pytest.mark.parametrize(("name", "stated"), STATED, ids=[name for name, _ in STATED])
def test_stated_values(name: str, stated: dict[str, Any]) -> None:
    read = record(f"{ROOT}/{name}")
    assert {field: read[field] for field in stated} == stated


@pytest.mark.parametrize(("name", "count"), [("Bookwise_July_2008.xml", 346), ("jul.xml", 238)])
def test_counts(name: str, count: int) -> None:
    counts = document(f"{ROOT}/{name}")["counts"]
    assert (counts["received"], counts["read"], counts["unreadable"]) == (count, count, 0)


def test_identifiers_pages_years_and_subjects_of_a_product() -> None:
    read = record(f"{ROOT}/product.xml")
    assert pairs(read["identifiers"], "type", "value") == [
        ("02", "0194351890"),
        ("03", "9780194351898"),
        ("15", "9780194351898"),
    ]
    assert len(read["titles"]) == 1
    assert pairs(read["extents"], "type", "value", "unit") == [("00", "100", "03")]
    assert ("11", "1998") in pairs(read["dates"], "role", "date")
    assert ("12", "EB", True) in pairs(read["subjects"], "scheme", "code", "main")
    for name in ("EditionNumber", "Height", "Width", "Weight", "SupplyDetail/Stock/OnHand"):
        assert read["unmapped"][f"Product/{name}"] == 1


def test_a_bad_date_does_not_lose_the_record() -> None:
    subjects = record(f"{ROOT}/product_invalid_pubdate.xml")["subjects"]
    assert ("12", "VXFC1", True) in pairs(subjects, "scheme", "code", "main")


def test_the_first_price() -> None:
    prices = record(f"{ROOT}/usd.xml")["prices"]
    assert pairs(prices, "type", "amount", "currency", "from")[:2] == [
        ("01", "99.95", "USD", "2009-10-25"),
        ("01", "66.99", "GBP", "2009-10-25"),
    ]


def test_short_tags_are_read_by_their_reference_names() -> None:
    read = document(f"{ROOT}/short_tags.xml")
    assert (read["message"]["sender"], read["message"]["tags"]) == ("Baylor University Press", "short")
    assert not [path for path in read["unmapped"] if any(part[:1].islower() for part in path.split("/"))]


@pytest.mark.parametrize("name", ["aau.xml", "no_xml_declaration.xml"])
def test_latin_1_without_declaration_is_read_and_said_so(name: str) -> None:
    read = document(f"{ROOT}/{name}")
    assert read["message"]["encoding"] == "utf-8"
    (found,) = [finding for finding in read["findings"] if finding["rule"] == "F4"]
    assert found["severity"] == "warn"
    assert found["text"] == "A byte 0xa1 is not utf-8; the record was read as windows-1252."
    raw = (CORPUS / ROOT / name).read_bytes()
    assert raw[found["byte_start"]] == 0xA1
    assert read["records"][0]["contributors"][0]["name_inverted"] == "Melo,Patr¡cia"


def test_latin_1_is_read_without_a_finding_where_it_is_forced() -> None:
    read = document_at(CORPUS / ROOT / "aau.xml", encoding="iso-8859-1")
    assert read["message"]["encoding"] == "iso-8859-1"
    assert "F4" not in {finding["rule"] for finding in read["findings"]}
    assert read["records"][0]["contributors"][0]["name_inverted"] == "Melo,Patr¡cia"


def test_latin_1_is_refused_where_utf_8_is_forced() -> None:
    read = document_at(CORPUS / ROOT / "aau.xml", encoding="utf-8")
    assert (read["counts"]["unreadable"], read["records"]) == (1, [])
    (found,) = [finding for finding in read["findings"] if finding["rule"] == "F4"]
    assert (found["severity"], found["record_reference"]) == ("block", "9780747595175")
    result = CliRunner().invoke(build(), ["read", "--encoding", "utf-8", str(CORPUS / ROOT / "aau.xml")])
    assert result.exit_code == 1
