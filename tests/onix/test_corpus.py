"""Values that the projects the corpus comes from state in their own tests (GOLDEN.md)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bindery.catalogue.record import Record
from bindery.errors import RefusedError
from bindery.onix.read import read_onix
from bindery.reading import ParsedRecord
from tests.catalogue.one_record import facts_of
from tests.corpus import CORPUS, manifest, needs_corpus

pytestmark = needs_corpus

ELIBRI = "elibri+elibri_onix"
JAERITH = "jaerith+ONIX-Data/OnixData.Standard.BaseTests/Samples"


def _read(path: str) -> list[ParsedRecord]:
    with read_onix(CORPUS / path) as message:
        return list(message.records())


def _records(path: str) -> list[Record]:
    return [one.record for one in _read(path) if one.record]


def _descriptive(path: str) -> Any:
    return _records(path)[0]["descriptive"]


def _status(path: str) -> tuple[str, str | None]:
    record = _records(f"{ELIBRI}/{path}")[0]
    return record["notification_type"], record["publishing"]["status"] if record["publishing"] else None


def test_every_message_is_read_or_refused_with_a_reason() -> None:
    refused, read = [], 0
    for row in manifest():
        if row["format"] != "ONIX":
            continue
        try:
            parsed = _read(row["path"])
        except RefusedError as error:
            refused.append((row["path"], error))
            continue
        read += 1
        assert len(parsed) == int(row["n_products"]), row["path"]
        assert all(one.record or one.findings for one in parsed)
    assert read > 300
    kinds = {row["path"]: row["kind"] for row in manifest()}
    assert all(error.what and error.fix for _, error in refused)
    whole = [path for path, _ in refused if not kinds[path].startswith(("fragment", "other"))]
    assert sorted(path.rpartition("/")[2] for path in whole) == [
        "oapen_metadata_download_invalid.xml",
        "oapen_metadata_parsed_invalid.xml",
        "product_google_sample_onix_2.1.xml",
    ], "two truncated downloads, and two products without a root"


@pytest.mark.parametrize(
    ("reference", "short"),
    [
        ("zach-m+jonix/single-book-onix3.xml", "zach-m+jonix/single-book-onix3-short.xml"),
        ("zach-m+jonix/Onix3.1-single-ref.xml", "zach-m+jonix/Onix3.1-single-short.xml"),
        (f"{JAERITH}/Onix3sample_refnames_blockupdate.xml", f"{JAERITH}/Onix3sample_shorttags_blockupdate.xml"),
    ],
)
def test_twins_give_equal_records(reference: str, short: str) -> None:
    def bare(path: str) -> list[dict[str, object]]:
        return [{name: value for name, value in one.items() if name != "source"} for one in _records(path)]

    long = bare(reference)
    if reference.endswith("single-book-onix3.xml"):
        # The two files state different years for one subject scheme; everything else of them is equal.
        block: Any = long[0]["descriptive"]
        assert block["subjects"][4]["version"] == "2017"
        block["subjects"][4]["version"] = "2009"
    assert long == bare(short)


def test_elibri_audiobook() -> None:
    record = _records(f"{ELIBRI}/onix_audiobook_example.xml")[0]
    facts = facts_of(record)
    assert (facts["product_form"], facts["isbn13"], facts["duration_seconds"]) == ("AJ", "9788380625952", 524 * 60)
    assert facts["is_audio"] is True
    assert record["collateral"] is not None
    (sample,) = [one for one in record["collateral"]["resources"] if one["content_type"] == "15"]
    assert (sample["mode"], sample["link"] or "") == ("02", sample["link"])
    assert {one["type"]: one["value"] for one in sample["features"]} == {
        "01": "A103",
        "06": "0bf20c528f323dd2a6d91627ccddf52e",
        "07": "2589928",
    }
    assert sample["dates"][0]["date"] == "2019-07-12T21:58+00:00"
    assert record["supply"] is not None
    price = record["supply"][0]["supplies"][0]["prices"][0]
    assert price["amount"] == Decimal("34.90")


def test_elibri_duration_of_a_disc() -> None:
    assert facts_of(_records(f"{ELIBRI}/onix_audiobook_extent_example.xml")[0])["duration_seconds"] == 340 * 60


def test_elibri_cloned_voice_keeps_its_name_and_its_nature() -> None:
    people = _descriptive(f"{ELIBRI}/audiobook_ai_cloned_voice.xml")["contributors"]
    assert [
        (one["unnamed"], one["name"] or one["alternative_names"][0]) for one in people if "E07" in one["roles"]
    ] == [("08", "Tomasz Kowalik")]


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("onix_announced_product_example.xml", ("01", "02")),
        ("onix_preorder_product_example.xml", ("02", "02")),
        ("onix_published_product_example.xml", ("03", "04")),
        ("onix_out_of_print_product_example.xml", ("03", "07")),
        ("onix_cancelled_product_example.xml", ("02", "01")),
        ("onix_indefinitely_postponed_product_example.xml", ("02", "03")),
    ],
)
def test_elibri_statuses(path: str, codes: tuple[str, str]) -> None:
    assert _status(path) == codes


def test_elibri_dates_keep_their_precision() -> None:
    dates = {}
    for name in ("announced", "published"):
        publishing = _records(f"{ELIBRI}/onix_{name}_product_example.xml")[0]["publishing"]
        assert publishing is not None
        dates[name] = [one["date"] for one in publishing["dates"] if one["role"] == "01"]
    assert dates == {"announced": ["2011"], "published": ["2011-02"]}


def test_elibri_delete() -> None:
    record = _records(f"{ELIBRI}/onix_deleted_product_example.xml")[0]
    assert (record["kind"], record["deletion_text"]) == ("delete", ["Błędnie założony rekord"])


def test_elibri_identifiers_and_titles() -> None:
    record = _records(f"{ELIBRI}/onix_record_identifiers_example.xml")[0]
    assert record["record_reference"] == "fdb8fa072be774d97a97"
    assert ("01", "Olesiejuk", "355006") in [(i["type"], i["type_name"], i["value"]) for i in record["identifiers"]]
    titles = {
        title["type"]: title["elements"][-1] for title in _descriptive(f"{ELIBRI}/onix_titles_example.xml")["titles"]
    }
    assert titles["01"]["text"] == "Światu nie mamy czego zazdrościć."
    assert titles["01"]["subtitle"] == "Zwyczajne losy mieszkańców Korei Północnej."
    assert titles["03"]["text"] == "Nothing to Envy: Ordinary Lives in North Korea"


def test_elibri_series() -> None:
    series = _descriptive(f"{ELIBRI}/onix_series_memberships_example.xml")["collections"]
    assert [(one["title"], one["part_number"]) for one in series] == [("Lektury szkolne", "2"), ("Dla Bystrzaków", "1")]
    (thorgal,) = _descriptive(f"{ELIBRI}/onix_title_with_collection_example.xml")["collections"]
    assert (thorgal["title"], thorgal["part_number"]) == ("Thorgal", "33")


def test_elibri_contributors() -> None:
    assert _descriptive(f"{ELIBRI}/onix_no_contributors_example.xml")["contributors"] == []
    assert _descriptive(f"{ELIBRI}/onix_collective_work_example.xml")["contributors"][0]["unnamed"]


@pytest.mark.parametrize("name", ["Onix3sample_refnames_badchar.xml", "Onix3sample_refnames_badchar_2.xml"])
def test_jaerith_a_control_character_costs_one_record_of_three(name: str) -> None:
    assert [one.record is None for one in _read(f"{JAERITH}/{name}")].count(True) == 1
    assert len(_read(f"{JAERITH}/{name}")) == 3


def test_jaerith_onix_3() -> None:
    record = _records(f"{JAERITH}/Onix3sample_refnames.xml")[0]
    facts = facts_of(record)
    assert (facts["isbn13"], facts["product_form"], facts["language"]) == ("9780007232833", "BC", "eng")
    assert facts["series"] == "The Martin Beck series"
    assert record["publishing"] is not None
    assert "2006-08-07" in [one["date"] for one in record["publishing"]["dates"]]
    amounts = {
        (price["currency"], price["amount"])
        for market in record["supply"] or []
        for supply in market["supplies"]
        for price in supply["prices"]
    }
    assert {("GBP", Decimal("7.99")), ("USD", Decimal("10.99"))} <= amounts


def test_jaerith_onix_2() -> None:
    record = _records(f"{JAERITH}/Onix2CoreDataSample1.xml")[0]
    facts = facts_of(record)
    assert (facts["isbn13"], facts["isbn_problem"]) == (None, "check_digit")
    assert (facts["title"], facts["product_form"], facts["language"]) == ("Le Merde, C'est La Vie", "DG", "fre")
    block = record["descriptive"]
    assert block is not None
    assert {"type": "00", "value": "136", "unit": "03"} in block["extents"]
    assert ("10", "FIC027000") in [(one["scheme"], one["code"]) for one in block["subjects"]]
    assert record["supply"] is not None
    prices = [price for market in record["supply"] for one in market["supplies"] for price in one["prices"]]
    assert ("USD", Decimal("6.99")) in [(price["currency"], price["amount"]) for price in prices]


def test_yob_counts_and_entities() -> None:
    assert len(_read("yob+onix/Bookwise_July_2008.xml")) == 346
    record = _records("yob+onix/entities.xml")[0]
    assert (record["record_reference"], facts_of(record)["title"]) == ("9780732287573", "High Noon–in Nimbin")


def test_yob_latin_1_without_declaration_is_read_and_said_so() -> None:
    (parsed,) = _read("yob+onix/aau.xml")
    assert "F4" in [finding["rule"] for finding in parsed.findings]
    assert parsed.record is not None
    assert parsed.record["descriptive"] is not None
    assert parsed.record["descriptive"]["contributors"][0]["name_inverted"] == "Melo,Patr¡cia"


def test_yob_a_bad_date_does_not_lose_the_record() -> None:
    record = _records("yob+onix/product_invalid_pubdate.xml")[0]
    assert record["publishing"] is not None
    assert [one["date"] for one in record["publishing"]["dates"] if one["role"] == "01"] == [None]
    assert record["descriptive"] is not None
    assert "VXFC1" in [one["code"] for one in record["descriptive"]["subjects"]]


def test_yob_product() -> None:
    record = _records("yob+onix/product.xml")[0]
    assert (record["record_reference"], record["notification_type"]) == ("365-9780194351898", "03")
    assert facts_of(record)["publication_date"] is not None
    assert str(facts_of(record)["publication_date"]) == "1998-09-01"
    price = _records("yob+onix/usd.xml")[0]["supply"]
    assert price is not None
    assert price[0]["supplies"][0]["prices"][0]["amount"] == Decimal("99.95")
