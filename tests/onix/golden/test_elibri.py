"""elibri/elibri_onix (MIT): a Polish feed of 3.0 and 3.1, with audiobooks, deletes and library lending.

Read otherwise than its gem states, on purpose:

- authors ``praca zbiorowa`` (collective work) is the gem's Polish word for UnnamedPersons 04; ours keeps the code and
  invents no name.
- the narrator's name beside a cloned voice is an alternative name in the file, and stays one; it is the shown narrator.
- ``licence until`` (2025-03-07) is PublishingDate role 13 (out of print, deletion) and is kept as that.
- file size ``1`` is 1.22 in the file; the gem rounds it.
- ``restricted to Poland`` is the territory PL, without a rest of world: not sellable elsewhere.

No place in the record model, and counted as unmapped: number of illustrations, loans of a lending price
(PriceConstraint), end of a sales restriction, usage constraints of an e-book, extra attributes of the root.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.corpus import needs_corpus
from tests.onix.golden.reading import document, pairs, record, records

pytestmark = needs_corpus

ROOT = "elibri+elibri_onix"

STATED: list[tuple[str, dict[str, Any]]] = [
    (
        "onix_audiobook_example",
        {
            "product_form": "AJ",
            "is_audio": True,
            "isbn13": "9788380625952",
            "duration_seconds": 524 * 60,
            "track_count": None,
            "title": "Kwiaty dla Algernona",
            "original_title": "Flowers for Algernon",
            "authors": ["Daniel Keyes"],
            "narrators": ["Maciej Kowalik"],
            "narration_type": "human",
            "technical_protections": ["02"],
            "publication_date": "2019-07-24",
            "availability": "20",
        },
    ),
    ("onix_audiobook_extent_example", {"product_form": "AC", "is_audio": True, "duration_seconds": 340 * 60}),
    (
        "audiobook_ai_cloned_voice",
        {"narrators": ["Tomasz Kowalik"], "narration_type": "voice_replica", "duration_seconds": 524 * 60},
    ),
    (
        "onix_announced_product_example",
        {"notification_type": "01", "publishing_status": "02", "publication_date": "2011"},
    ),
    (
        "onix_preorder_product_example",
        {"notification_type": "02", "publishing_status": "02", "publication_date": "2011-02-10"},
    ),
    (
        "onix_published_product_example",
        {"notification_type": "03", "publishing_status": "04", "publication_date": "2011-02"},
    ),
    ("onix_out_of_print_product_example", {"notification_type": "03", "publishing_status": "07"}),
    ("onix_cancelled_product_example", {"notification_type": "02", "publishing_status": "01"}),
    ("onix_indefinitely_postponed_product_example", {"notification_type": "02", "publishing_status": "03"}),
    (
        "onix_deleted_product_example",
        {
            "notification_type": "05",
            "kind": "delete",
            "touches": [],
            "deletion_text": ["Błędnie założony rekord"],
        },
    ),
    ("onix_record_identifiers_example", {"record_reference": "fdb8fa072be774d97a97", "isbn13": "9788324799992"}),
    (
        "onix_titles_example",
        {
            "title": "Światu nie mamy czego zazdrościć.",
            "subtitle": "Zwyczajne losy mieszkańców Korei Północnej.",
            "original_title": "Nothing to Envy: Ordinary Lives in North Korea",
        },
    ),
    ("onix_title_with_collection_example", {"title": "Statek-Miecz"}),
    ("onix_no_contributors_example", {"contributors": [], "authors": [], "narrators": [], "narration_type": "unknown"}),
    ("onix_collective_work_example", {"authors": []}),
    ("onix_contributors_example", {"authors": ["Św. Tomasz z Akwinu"]}),
    ("onix_epub_details_example", {"product_form_details": ["E101", "E127"], "technical_protections": ["02"]}),
    ("onix_publisher_info_example", {"publisher": "G+J Gruner+Jahr Polska", "imprint": "National Geographic"}),
    (
        "eisbn-pl-sample",
        {"record_reference": "pl-eisbn-1401255", "isbn13": "9788394063641", "title": "Innowacja i tradycja"},
    ),
]


@pytest.mark.parametrize(("name", "stated"), STATED, ids=[name for name, _ in STATED])
def test_stated_values(name: str, stated: dict[str, Any]) -> None:
    read = record(f"{ROOT}/{name}.xml")
    assert {field: read[field] for field in stated} == stated


def test_sample_and_price_of_an_audiobook() -> None:
    read = record(f"{ROOT}/onix_audiobook_example.xml")
    (sample,) = [one for one in read["resources"] if one["content_type"] == "15"]
    assert (sample["mode"], sample["form"]) == ("02", "02")
    assert sample["link"].endswith("/kwiaty-dla-algernona-fragment.mp3")
    assert pairs(sample["features"], "type", "value") == [
        ("01", "A103"),
        ("06", "0bf20c528f323dd2a6d91627ccddf52e"),
        ("07", "2589928"),
    ]
    assert pairs(sample["dates"], "role", "date") == [("17", "2019-07-12T21:58+00:00")]
    (price,) = read["prices"]
    assert (float(price["amount"]), price["currency"], price["type"]) == (34.90, "PLN", "02")
    assert price["taxes"] == [{"type": "01", "rate_code": None, "percent": "23"}]
    assert pairs(read["dates"], "role", "date") == [("01", "2019-07-24"), ("13", "2025-03-07")]
    assert pairs(read["publishers"][0]["identifiers"], "type_name", "value") == [("ElibriPublisherCode", "17")]


def test_a_cloned_voice_keeps_its_name_and_its_nature() -> None:
    (voice,) = [one for one in record(f"{ROOT}/audiobook_ai_cloned_voice.xml")["contributors"] if "E07" in one["roles"]]
    assert (voice["unnamed"], voice["name"], voice["alternative_names"]) == ("08", None, ["Tomasz Kowalik"])


def test_a_collective_work_has_unnamed_persons() -> None:
    (person,) = record(f"{ROOT}/onix_collective_work_example.xml")["contributors"]
    assert (person["unnamed"], person["roles"], person["name"]) == ("04", ["A01"], None)


def test_author_and_translator() -> None:
    assert pairs(
        record(f"{ROOT}/onix_contributors_example.xml")["contributors"],
        "sequence",
        "roles",
        "name",
        "names_before_key",
        "key_names",
    ) == [
        (1, ["A01"], "Św. Tomasz z Akwinu", "Św.", "Tomasz z Akwinu"),
        (2, ["B06"], "prof. ks. Henryk von Hausswolff OP", "Henryk", "Hausswolff"),
    ]


def test_the_date_before_which_no_order_is_taken() -> None:
    dates = record(f"{ROOT}/onix_preorder_product_example.xml")["dates"]
    assert pairs(dates, "role", "date") == [("01", "2011-02-10"), ("27", "2011-02-01")]


def test_precision_of_dates() -> None:
    for name, stated in (("announced", ("2011", "year")), ("published", ("2011-02", "month"))):
        dates = record(f"{ROOT}/onix_{name}_product_example.xml")["dates"]
        assert pairs([one for one in dates if one["role"] == "01"], "date", "precision") == [stated]


def test_extents_of_an_e_book() -> None:
    read = record(f"{ROOT}/onix_ebook_extent_example.xml")
    assert pairs(read["extents"], "type", "value", "unit") == [("22", "1.22", "19"), ("00", "150", "03")]
    assert read["duration_seconds"] is None
    assert read["unmapped"] == {
        "Product/DescriptiveDetail/NumberOfIllustrations": 1,
        "Product/PublishingDetail/CityOfPublication": 1,
    }


def test_identifiers_of_all_kinds() -> None:
    assert pairs(
        record(f"{ROOT}/onix_record_identifiers_example.xml")["identifiers"], "type", "type_name", "value"
    ) == [
        ("15", None, "9788324799992"),
        ("03", None, "9788324788882"),
        ("01", "Olesiejuk", "355006"),
    ]


def test_series_and_their_numbers() -> None:
    series = record(f"{ROOT}/onix_series_memberships_example.xml")["collections"]
    assert pairs(series, "title", "part_number") == [("Lektury szkolne", "2"), ("Dla Bystrzaków", "1")]
    thorgal = record(f"{ROOT}/onix_title_with_collection_example.xml")["collections"]
    assert pairs(thorgal, "title", "part_number") == [("Thorgal", "33")]


def test_a_product_restricted_to_poland_and_one_that_is_not() -> None:
    poland, world = records(f"{ROOT}/onix_territorial_rights_example.xml")
    assert poland["record_reference"] == world["record_reference"] == "fdb8fa072be774d97a97"
    assert [(right["type"], right["countries_included"]) for right in poland["sales_rights"]] == [("01", ["PL"])]
    assert [(right["type"], right["regions_included"]) for right in world["sales_rights"]] == [("01", ["WORLD"])]
    assert poland["sale_countries"] == ["PL"]
    assert {"PL", "DE", "US"} <= set(world["sale_countries"])


def test_prices_for_loans_are_told_from_the_price_for_sale() -> None:
    message, read = document(f"{ROOT}/lending_example.xml")["message"], record(f"{ROOT}/lending_example.xml")
    assert message["release"] == "3.1"
    named = ("supplier_role", "qualifier", "amount", "currency")
    stated = [
        (role, qualifier, float(amount), currency)
        for role, qualifier, amount, currency in pairs(read["prices"], *named)
    ]
    assert stated == [("01", None, 49.90, "PLN"), ("10", "10", 34.0, "PLN"), ("10", "10", 20.0, "PLN")]
    assert {tax["percent"] for price in read["prices"] for tax in price["taxes"]} == {"5"}
    limits = "Product/ProductSupply/SupplyDetail/Price/PriceConstraint/PriceConstraintLimit/Quantity"
    assert read["unmapped"][limits] == 6, "25 loans, 2 at a time, 36 months, from a day; 10 loans, 1 at a time"


def test_a_root_that_is_not_namespace_well_formed_is_read() -> None:
    message = document(f"{ROOT}/eisbn-pl-sample.xml")["message"]
    assert (message["release"], message["sender"], message["message_number"]) == ("3.0", "Serwis e-ISBN", "2099")
    assert message["sent_at"] == "2019-12-30T11:22:00Z"


def test_a_restriction_names_its_outlet() -> None:
    read = record(f"{ROOT}/onix_sale_restrictions_example.xml")
    assert read["restrictions"] == [{"type": "04", "outlets": ["Empik"], "note": None}]
    assert read["unmapped"]["Product/PublishingDetail/SalesRestriction/EndDate"] == 1


def test_ages_texts_and_relations() -> None:
    ages = record(f"{ROOT}/onix_audience_range_example.xml")["audience_ranges"]
    assert pairs(ages, "qualifier", "precisions", "bounds") == [("18", ["03"], ["7"]), ("18", ["04"], ["10"])]
    texts = record(f"{ROOT}/onix_texts_example.xml")["descriptions"]
    assert pairs(texts, "type", "html")[2] == ("03", "<p>Opis książki</p> <p>[...]</p>")
    (other,) = record(f"{ROOT}/onix_related_products_example.xml")["related_products"]
    assert (other["relations"], other["identifiers"][0]["value"]) == (["24"], "c486ef9c55659d3e123b")
