"""jonix's JSON of ONIX 2.1 to our document's names.

Where we write an element of 2.1 as 3.x has it, the code of 3.x is typed in here from the code lists.
"""

from __future__ import annotations

from typing import Any

from tests.onix.golden.jonix import (
    Json,
    audience_ranges,
    code,
    codes,
    contributor,
    dates,
    identifiers,
    languages,
    number,
    same,
    value,
    words,
)

TEXTS = {
    "Main_description": "03",
    "Short_description_annotation": "02",
    "Long_description": "03",
    "Biographical_note": "12",
    "Review_quote": "06",
    "Review_text": "06",
    "Table_of_contents": "04",
    "Excerpt_from_book": "14",
    "Description_for_reader": "16",
    "Promotional_headline": "10",
}
"""List 33's names, to List 153."""
RESOURCES = {
    "Image_front_cover": ("01", "03"),
    "Image_front_cover_thumbnail": ("27", "03"),
    "Image_contributor_s": ("04", "03"),
}
"""List 38's names, to Lists 158 and 159."""
DATES = {"publicationDate": "01", "tradeAnnouncementDate": "10", "yearFirstPublished": "11", "outOfPrintDate": "13"}
"""Elements, to List 163."""

OLD_AVAILABILITIES = {"Available": "20"}
"""List 54's names, to List 65."""


def expected_2(product: Json) -> Json:
    """A product of 2.1."""
    rights, rest = _rights(product)
    pages = [("00", number(value(product["numberOfPages"])), "03")] if "numberOfPages" in product else []
    works = identifiers(product.get("workIdentifiers"), "workIDType", 16)
    return {
        "record_reference": value(product["recordReference"]),
        "notification_type": code(1, product["notificationType"]),
        "record_source_type": code(3, product.get("recordSourceType")),
        "record_source_name": value(product.get("recordSourceName")),
        "identifiers": identifiers(product["productIdentifiers"], "productIDType", 5),
        "product_form": code(7, product.get("productForm")),
        "product_form_details": codes(78, product.get("productFormDetails")),
        "titles": [_title(one) for one in product["titles"]],
        "collections": [
            (None, value(one["titleOfSeries"]), value(one.get("numberWithinSeries")))
            for one in product.get("seriess", [])
        ],
        "contributors": [contributor(one) for one in product.get("contributors", [])],
        "contributor_statement": same(value(product.get("contributorStatement"))),
        "edition_types": codes(21, product.get("editionTypeCodes")),
        "languages": languages(product),
        "extents": pages
        + [
            (code(23, one["extentType"]), number(value(one["extentValue"])), code(24, one["extentUnit"]))
            for one in product.get("extents", [])
        ],
        "subjects": _subjects(product),
        "audiences": [("01", audience) for audience in codes(28, product.get("audienceCodes"))]
        + [
            (code(29, one["audienceCodeType"]), value(one["audienceCodeValue"])) for one in product.get("audiences", [])
        ],
        "audience_ranges": audience_ranges(product),
        "parts": [
            (code(7, one["productForm"]), codes(78, one["productFormDetails"]), value(one["itemQuantity"]))
            for one in product.get("containedItems", [])
        ],
        "descriptions": [
            (TEXTS[value(one["textTypeCode"])], [], same(value(one["text"]))) for one in product.get("otherTexts", [])
        ],
        "resources": [
            (
                *RESOURCES[value(one["mediaFileTypeCode"])],
                value(one["mediaFileLink"]),
                [("17", value(one["mediaFileDate"]))],
            )
            for one in product.get("mediaFiles", [])
        ],
        "imprints": [value(one["imprintName"]) for one in product["imprints"]],
        "publishers": [_publisher(one) for one in product["publishers"]],
        "country": code(91, product.get("countryOfPublication")),
        "publishing_status": code(64, product.get("publishingStatus")),
        "dates": sorted((role, value(product[name])) for name, role in DATES.items() if name in product),
        "sales_rights": rights,
        "row_sales_rights_type": rest,
        "restrictions": [
            (
                code(71, one["salesRestrictionType"]),
                [value(outlet["salesOutletName"]) for outlet in one["salesOutlets"]],
                value(one["salesRestrictionDetail"]),
            )
            for one in product.get("salesRestrictions", [])
        ],
        "related_works": [("01", works)] if works else [],
        "related_products": [
            (codes(51, [one["relationCode"]]), identifiers(one["productIdentifiers"], "productIDType", 5))
            for one in product.get("relatedProducts", [])
        ],
        "markets": [_market(one) for one in product["supplyDetails"]]
        + [_represented(one) for one in product.get("marketRepresentations", [])],
        "prices": [_price(one) for supply in product["supplyDetails"] for one in supply["prices"]],
    }


def _title(one: Json) -> tuple[Any, ...]:
    names = ("titleText", "titlePrefix", "titleWithoutPrefix", "subtitle")
    return code(15, one["titleType"]), [("01", *(value(one.get(name)) for name in names), None)]


def _subjects(product: Json) -> list[tuple[Any, ...]]:
    main = [
        (scheme, value(product.get(version)), value(product[name]), None, True)
        for name, version, scheme in (
            ("basicMainSubject", "basicVersion", "10"),
            ("bicMainSubject", "bicVersion", "12"),
        )
        if name in product
    ]
    return main + [
        (
            code(27, one["subjectSchemeIdentifier"]),
            value(one.get("subjectSchemeVersion")),
            value(one.get("subjectCode")),
            same(value(one.get("subjectHeadingText"))),
            False,
        )
        for one in product.get("subjects", [])
    ]


def _publisher(one: Json) -> tuple[Any, ...]:
    ids = []
    if "nameCodeValue" in one:
        ids = [(code(44, one["nameCodeType"]), value(one.get("nameCodeTypeName")), value(one["nameCodeValue"]))]
    return code(45, one.get("publishingRole")), value(one["publisherName"]), ids


def _rights(product: Json) -> tuple[list[tuple[Any, ...]], str | None]:
    """2.1's NotForSale is type 03 of List 46."""
    stated = [(code(46, one["salesRightsType"]), one) for one in product.get("salesRightss", [])]
    stated += [("03", one) for one in product.get("notForSales", [])]
    found = []
    for kind, one in stated:
        countries = [country for holder in one.get("rightsCountrys", []) for country in words(91, holder)]
        found.append((kind, (countries, words(49, one.get("rightsTerritory")), [], [])))
    return found, None


def _market(one: Json) -> tuple[Any, ...]:
    countries = [country for holder in one.get("supplyToCountrys", []) for country in words(91, holder)]
    when = [("02", value(one["onSaleDate"]))] if "onSaleDate" in one else []
    when += [("08", value(one["expectedShipDate"]))] if "expectedShipDate" in one else []
    availability = code(65, one.get("productAvailability")) or OLD_AVAILABILITIES.get(
        value(one.get("availabilityCode"))
    )
    return (
        (countries, [], [], []),
        None,
        [],
        [(code(93, one.get("supplierRole")), value(one["supplierName"]), availability, when)],
    )


def _represented(one: Json) -> tuple[Any, ...]:
    area = (value(one.get("marketCountry")) or [], value(one.get("marketTerritory")) or [], [], [])
    return area, value(one["marketPublishingStatus"]), dates(one["marketDates"], "marketDateRole", 163), []


def _price(one: Json) -> tuple[Any, ...]:
    countries = [code(91, holder) for holder in one.get("countryCodes", [])]
    taxes = []
    if "taxRateCode1" in one or "taxRatePercent1" in one:
        taxes = [(None, code(62, one.get("taxRateCode1")), number(value(one.get("taxRatePercent1"))))]
    return (
        code(58, one["priceTypeCode"]),
        code(59, one.get("priceQualifier")),
        None,
        number(value(one["priceAmount"])),
        code(96, one["currencyCode"]),
        (countries, words(49, one.get("territory")), [], []),
        taxes,
    )
