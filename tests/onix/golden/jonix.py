"""jonix's JSON to our document's names: it states the whole product, with the names of codes instead of codes."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from bindery.home import PROJECT
from tests.corpus import SHARED

ISSUE_73 = SHARED / "reference" / "rognlien+onix-viewer" / "tools" / "data" / "onix-codelists.json"
"""All code lists; the ones we ship lack some that jonix names, and ours of 2014 has the lists 3.x dropped."""

Json = dict[str, Any]


def products(path: Path) -> list[Json]:
    """The objects of a file, which stand one after another without a list."""
    text, decoder, found, at = path.read_text("utf-8"), json.JSONDecoder(), [], 0
    while at < len(text):
        one, end = decoder.raw_decode(text, at)
        found.append(one)
        at = end + len(text[end:]) - len(text[end:].lstrip())
    return found


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]", "", name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9A-Za-z]+", "_", plain).strip("_")


@cache
def _codes(number: str) -> dict[str, str]:
    """Codes of a list by jonix's name for them, newest issue last."""
    found: dict[str, str] = {}
    for issue in ("27", "68"):
        shipped = json.loads((PROJECT / "include" / "codelists" / f"issue_{issue}.json").read_text("utf-8"))["lists"]
        found |= {_slug(name): code for code, name in shipped.get(number, {}).items()}
    for one in json.loads(ISSUE_73.read_text("utf-8"))["ONIXCodeTable"]["CodeList"]:
        if str(one["CodeListNumber"]) == number:
            found |= {_slug(code["CodeDescription"]): code["CodeValue"] for code in one["Code"]}
    return found


def code(number: int, holder: Any) -> str | None:
    """The code that jonix names; it cuts long names short at a semicolon or a comma."""
    if holder is None:
        return None
    name, codes = holder["value"], _codes(str(number))
    if name in codes:
        return codes[name]
    (found,) = {known for slug, known in codes.items() if slug.startswith(name)} or {f"list {number}: no {name}"}
    return found


def named(number: int, name: str | None) -> str | None:
    """The code of a name as the code list spells it."""
    return code(number, {"value": _slug(name)}) if name else None


def codes(number: int, holders: Iterable[Json] | None) -> list[str | None]:
    """The codes that jonix names."""
    return [code(number, one) for one in holders or []]


def value(holder: Json | None) -> Any:
    """What an element holds."""
    return holder["value"] if holder else None


def values(holders: Iterable[Json] | None) -> list[Any]:
    """What elements hold."""
    return [one["value"] for one in holders or []]


def words(number: int, holder: Json | None) -> list[str]:
    """Codes of an element that lists several, sorted as jonix does: it keeps a set."""
    return sorted(filter(None, (code(number, {"value": name}) for name in value(holder) or [])))


def same(text: str | None) -> str | None:
    """A text without white space and escapes, of which there may be two: jonix keeps both as they are in the file."""
    return re.sub(r"\s+", "", html.unescape(html.unescape(text))) if text else None


def number(text: Any) -> Decimal | None:
    """A number, however it is written."""
    return None if text is None else Decimal(str(text)).normalize()


def identifiers(holders: Iterable[Json] | None, kind: str, number: int) -> list[tuple[Any, ...]]:
    """Type, name of the type, and value."""
    return [(code(number, one[kind]), value(one.get("idTypeName")), value(one["idValue"])) for one in holders or []]


def languages(holder: Json) -> list[tuple[Any, ...]]:
    """Role and code. Where none is stated ours is the header's default, which jonix leaves to its caller."""
    stated = [(code(22, one["languageRole"]), code(74, one["languageCode"])) for one in holder.get("languages", [])]
    return stated or [("01", "eng")]


def territory(holder: Json | None) -> tuple[list[str], ...]:
    """Countries and regions included, countries and regions excluded."""
    holder = holder or {}
    return (
        words(91, holder.get("countriesIncluded")),
        words(49, holder.get("regionsIncluded")),
        words(91, holder.get("countriesExcluded")),
        words(49, holder.get("regionsExcluded")),
    )


def dates(holders: Iterable[Json] | None, kind: str, number: int) -> list[tuple[Any, ...]]:
    """Role and date as sent."""
    return [(code(number, one[kind]), value(one["date"])) for one in holders or []]


def expected_3(product: Json) -> Json:
    """A product of 3.x."""
    block = {name: product.get(name, {}) for name in ("descriptiveDetail", "collateralDetail", "publishingDetail")}
    return {
        "record_reference": value(product["recordReference"]),
        "notification_type": code(1, product["notificationType"]),
        "record_source_type": code(3, product.get("recordSourceType")),
        "record_source_name": value(product.get("recordSourceName")),
        "identifiers": identifiers(product["productIdentifiers"], "productIDType", 5),
        **_descriptive_3(block["descriptiveDetail"]),
        **_collateral_3(block["collateralDetail"]),
        **_publishing_3(block["publishingDetail"]),
        "related_works": [
            (code(164, one["workRelationCode"]), identifiers(one["workIdentifiers"], "workIDType", 16))
            for one in product.get("relatedMaterial", {}).get("relatedWorks", [])
        ],
        "related_products": [
            (codes(51, one["productRelationCodes"]), identifiers(one["productIdentifiers"], "productIDType", 5))
            for one in product.get("relatedMaterial", {}).get("relatedProducts", [])
        ],
        "markets": [_market_3(one) for one in product.get("productSupplys", [])],
        "prices": [
            _price_3(price)
            for market in product.get("productSupplys", [])
            for supply in market["supplyDetails"]
            for price in supply.get("prices", [])
        ],
    }


def _descriptive_3(detail: Json) -> Json:
    return {
        "composition": code(2, detail.get("productComposition")),
        "product_form": code(150, detail.get("productForm")),
        "product_form_details": codes(175, detail.get("productFormDetails")),
        "titles": [_title_3(one) for one in detail["titleDetails"]],
        "collections": [_collection_3(one) for one in detail.get("collections", [])],
        "contributors": [contributor(one) for one in detail.get("contributors", [])],
        "contributor_statement": same(next(iter(values(detail.get("contributorStatements"))), None)),
        "languages": languages(detail),
        "extents": [
            (code(23, one["extentType"]), number(value(one["extentValue"])), code(24, one["extentUnit"]))
            for one in detail.get("extents", [])
        ],
        "subjects": [
            (
                code(27, one["subjectSchemeIdentifier"]),
                value(one.get("subjectSchemeVersion")),
                value(one.get("subjectCode")),
                same(next(iter(values(one.get("subjectHeadingTexts"))), None)),
                "mainSubject" in one,
            )
            for one in detail.get("subjects", [])
        ],
        "audiences": [
            (code(29, one["audienceCodeType"]), value(one["audienceCodeValue"])) for one in detail.get("audiences", [])
        ],
        "audience_ranges": audience_ranges(detail),
    }


def audience_ranges(holder: Json) -> list[tuple[Any, ...]]:
    return [
        (
            code(30, one["audienceRangeQualifier"]),
            codes(31, one["audienceRangePrecisions"]),
            values(one["audienceRangeValues"]),
        )
        for one in holder.get("audienceRanges", [])
    ]


def _title_3(detail: Json) -> tuple[Any, ...]:
    names = ("titleText", "titlePrefix", "titleWithoutPrefix", "subtitle", "partNumber")
    return code(15, detail["titleType"]), [
        (code(149, one["titleElementLevel"]), *(value(one.get(name)) for name in names))
        for one in detail["titleElements"]
    ]


def _collection_3(one: Json) -> tuple[Any, ...]:
    elements = [element for detail in one.get("titleDetails", []) for element in detail["titleElements"]]
    named = next(element for element in elements if value(element["titleElementLevel"]) == "Collection_level")
    parts = (value(named.get("titlePrefix")), value(named.get("titleText") or named.get("titleWithoutPrefix")))
    numbers = [value(element.get("partNumber")) for element in elements]
    numbers += [value(sequence["collectionSequenceNumber"]) for sequence in one.get("collectionSequences", [])]
    return (
        code(148, one["collectionType"]),
        " ".join(filter(None, parts)),
        next((found for found in numbers if found), None),
    )


def contributor(one: Json) -> tuple[Any, ...]:
    parts = [value(one.get(name)) for name in ("titlesBeforeNames", "namesBeforeKey", "keyNames")]
    notes = one.get("biographicalNotes") or [one.get("biographicalNote")]
    sequence = value(one.get("sequenceNumber"))
    return (
        None if sequence is None else int(sequence),
        codes(17, one["contributorRoles"]),
        value(one.get("personName")) or " ".join(filter(None, parts)) or None,
        value(one.get("personNameInverted")),
        parts[1],
        parts[2],
        identifiers(one.get("nameIdentifiers"), "nameIDType", 44),
        same(without_tags(value(notes[0]))),
    )


def without_tags(text: str | None) -> str | None:
    """Without tags, which are cleaned in ours; twice unescaped, because some are escaped twice."""
    return re.sub(r"<[^<>]*>", "", html.unescape(html.unescape(text))) if text else None


def _collateral_3(detail: Json) -> Json:
    return {
        "descriptions": [
            (code(153, one["textType"]), codes(154, one["contentAudiences"]), same(value(body)))
            for one in detail.get("textContents", [])
            for body in one["texts"]
        ],
        "resources": [
            (
                code(158, one["resourceContentType"]),
                codes(154, one["contentAudiences"]),
                code(159, one["resourceMode"]),
                code(161, version["resourceForm"]),
                value(link),
                [
                    (code(162, feature["resourceVersionFeatureType"]), value(feature["featureValue"]))
                    for feature in version.get("resourceVersionFeatures", [])
                ],
                dates(version.get("contentDates"), "contentDateRole", 155),
            )
            for one in detail.get("supportingResources", [])
            for version in one["resourceVersions"]
            for link in version["resourceLinks"]
        ],
    }


def _publishing_3(detail: Json) -> Json:
    return {
        "imprints": [value(one["imprintName"]) for one in detail.get("imprints", [])],
        "publishers": [
            (
                code(45, one["publishingRole"]),
                value(one["publisherNames"][0]),
                identifiers(one.get("publisherIdentifiers"), "publisherIDType", 44),
            )
            for one in detail.get("publishers", [])
        ],
        "country": code(91, detail.get("countryOfPublication")),
        "publishing_status": code(64, detail.get("publishingStatus")),
        "dates": dates(detail.get("publishingDates"), "publishingDateRole", 163),
        "sales_rights": [
            (code(46, one["salesRightsType"]), territory(one["territory"])) for one in detail.get("salesRightss", [])
        ],
        "row_sales_rights_type": code(46, detail.get("rowSalesRightsType")),
    }


def _market_3(one: Json) -> tuple[Any, ...]:
    detail = one.get("marketPublishingDetail", {})
    (area,) = [market["territory"] for market in one.get("markets", [])] or [None]
    return (
        territory(area),
        code(68, detail.get("marketPublishingStatus")),
        dates(detail.get("marketDates"), "marketDateRole", 163),
        [
            (
                code(93, supply["supplier"].get("supplierRole")),
                value(supply["supplier"].get("supplierName")),
                code(65, supply["productAvailability"]),
                dates(supply.get("supplyDates"), "supplyDateRole", 166),
            )
            for supply in one["supplyDetails"]
        ],
    )


def _price_3(one: Json) -> tuple[Any, ...]:
    return (
        code(58, one.get("priceType")),
        code(59, one.get("priceQualifier")),
        code(61, one.get("priceStatus")),
        number(value(one["priceAmount"])),
        code(96, one.get("currencyCode")),
        territory(one.get("territory")),
        [
            (code(171, tax.get("taxType")), code(62, tax.get("taxRateCode")), number(value(tax.get("taxRatePercent"))))
            for tax in one.get("taxs", [])
        ],
    )
