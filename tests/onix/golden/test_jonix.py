"""zach-m/jonix (Apache-2.0): its JSON beside each file is the whole product, parsed by a library of its own.

Not compared, because the record model has no place for it: measures, classifications, prizes, cited contents, stock,
discounts, returns, websites, supplier and imprint identifiers, country of manufacture, city, copyright, sets, barcodes
(all are counted as unmapped). jonix's extra rounds (a JSON's length in characters) say nothing about the product.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.corpus import CORPUS, needs_corpus
from tests.onix.golden.jonix import ISSUE_73, Json, expected_3, number, products, same, without_tags
from tests.onix.golden.jonix_2 import expected_2
from tests.onix.golden.reading import document, pairs, records

pytestmark = [
    needs_corpus,
    pytest.mark.skipif(not ISSUE_73.is_file(), reason=f"no code lists at {ISSUE_73}, which jonix's names are read by"),
]

ROOT = "zach-m+jonix"


def _ids(parts: list[Json]) -> list[tuple[Any, ...]]:
    return pairs(parts, "type", "type_name", "value")


def _area(one: Json) -> tuple[Any, ...]:
    return tuple(sorted(one[f"{what}_{how}"]) for how in ("included", "excluded") for what in ("countries", "regions"))


def _market(one: Json) -> tuple[Any, ...]:
    supplies = [
        (*values, pairs(dates, "role", "raw"))
        for *values, dates in pairs(one["supplies"], "supplier_role", "supplier_name", "availability", "dates")
    ]
    return _area(one), one["status"], pairs(one["dates"], "role", "raw"), supplies


def _contributor(one: Json) -> tuple[Any, ...]:
    named = ("sequence", "roles", "name", "name_inverted", "names_before_key", "key_names")
    return *(one[name] for name in named), _ids(one["identifiers"]), same(without_tags(one["biography"]))


def _price(one: Json) -> tuple[Any, ...]:
    taxes = [
        (kind, rate, number(percent)) for kind, rate, percent in pairs(one["taxes"], "type", "rate_code", "percent")
    ]
    return (
        *(one[name] for name in ("type", "qualifier", "status")),
        number(one["amount"]),
        one["currency"],
        _area(one),
        taxes,
    )


def _title(one: Json) -> tuple[Any, ...]:
    names = ("level", "text", "prefix", "without_prefix", "subtitle", "part_number")
    return one["type"], pairs(one["elements"], *names)


def _resource(one: Json) -> tuple[Any, ...]:
    named = ("content_type", "audiences", "mode", "form", "link")
    features = pairs(one["features"], "type", "value")
    return *(one[name] for name in named), features, pairs(one["dates"], "role", "raw")


def _subject(one: Json) -> tuple[Any, ...]:
    return one["scheme"], one["version"], one["code"], same(one["heading"]), one["main"]


def _ours(one: Json) -> Json:
    """Our record in the terms that jonix states it in."""
    return one | {
        "identifiers": _ids(one["identifiers"]),
        "titles": [_title(title) for title in one["titles"]],
        "collections": pairs(one["collections"], "type", "title", "part_number"),
        "contributors": [_contributor(person) for person in one["contributors"]],
        "contributor_statement": same(one["contributor_statement"]),
        "languages": pairs(one["languages"], "role", "code"),
        "extents": [
            (kind, number(value), unit) for kind, value, unit in pairs(one["extents"], "type", "value", "unit")
        ],
        "subjects": [_subject(subject) for subject in one["subjects"]],
        "audiences": pairs(one["audiences"], "type", "value"),
        "audience_ranges": pairs(one["audience_ranges"], "qualifier", "precisions", "bounds"),
        "parts": pairs(one["parts"], "product_form", "product_form_details", "quantity"),
        "descriptions": [(text["type"], text["audiences"], same(text["raw"])) for text in one["descriptions"]],
        "resources": [_resource(resource) for resource in one["resources"]],
        "publishers": [(who["role"], who["name"], _ids(who["identifiers"])) for who in one["publishers"]],
        "dates": pairs(one["dates"], "role", "raw"),
        "sales_rights": [(right["type"], _area(right)) for right in one["sales_rights"]],
        "restrictions": pairs(one["restrictions"], "type", "outlets", "note"),
        "related_works": [(work["relation"], _ids(work["identifiers"])) for work in one["related_works"]],
        "related_products": [(other["relations"], _ids(other["identifiers"])) for other in one["related_products"]],
        "markets": [_market(market) for market in one["markets"]],
        "prices": [_price(price) for price in one["prices"]],
    }


def _differences(ours: Json, stated: Json) -> dict[str, tuple[Any, Any]]:
    return {field: (ours[field], value) for field, value in stated.items() if ours[field] != value}


def _ours_2(one: Json) -> Json:
    """2.1 states neither the form of a resource nor its features; its dates have no order."""
    ours = _ours(one)
    resources = [(kind, mode, link, dates) for kind, _, mode, _, link, _, dates in ours["resources"]]
    return ours | {"resources": resources, "dates": sorted(ours["dates"])}


@pytest.mark.parametrize(
    ("name", "release", "count"),
    [
        ("samples/onix3-single", "3.0", 1),
        ("samples/onix3-multiple", "3.0", 21),
        ("single-book-onix3", "3.0", 1),
        ("single-book-onix3-short", "3.0", 1),
    ],
)
def test_all_of_a_product_of_3_0(name: str, release: str, count: int) -> None:
    read, stated = records(f"{ROOT}/{name}.xml"), products(CORPUS / ROOT / f"{name}.json")
    assert document(f"{ROOT}/{name}.xml")["message"]["release"] == release
    assert len(read) == len(stated) == count
    for ours, theirs in zip(read, stated, strict=True):
        assert _differences(_ours(ours), expected_3(theirs)) == {}


@pytest.mark.parametrize(
    ("name", "count"), [("samples/onix2-single", 1), ("samples/onix2-multiple", 21), ("single-book-onix2", 1)]
)
def test_all_of_a_product_of_2_1(name: str, count: int) -> None:
    read, stated = records(f"{ROOT}/{name}.xml"), products(CORPUS / ROOT / f"{name}.json")
    assert document(f"{ROOT}/{name}.xml")["message"]["release"] == "2.1"
    assert len(read) == len(stated) == count
    for ours, theirs in zip(read, stated, strict=True):
        assert _differences(_ours_2(ours), expected_2(theirs)) == {}


@pytest.mark.parametrize("name", ["onix2-multiple", "onix3-multiple"])
def test_a_record_reference_that_occurs_twice_stays_two_records(name: str) -> None:
    references = [one["record_reference"] for one in records(f"{ROOT}/samples/{name}.xml")]
    assert (len(references), len(set(references))) == (21, 20)


def test_release_3_1_is_told_from_3_0() -> None:
    for style in ("ref", "short"):
        message = document(f"{ROOT}/Onix3.1-single-{style}.xml")["message"]
        assert (message["release"], message["tags"]) == ("3.1", {"ref": "reference", "short": "short"}[style])
    assert re.fullmatch(r"[0-9a-f]{64}", message["sha256"])
