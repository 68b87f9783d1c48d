"""ONIX 2.1 to the record model: its flat list of elements is sorted into the blocks of 3.x.

Codes that 3.x gives a new meaning or list are translated by the tables of ``codes_2``, and kept raw otherwise. Each
function takes the products of many records.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.record import (
    Collateral,
    Collection,
    Descriptive,
    Extent,
    Identifier,
    Language,
    Price,
    PriceCondition,
    ProductSupply,
    Publisher,
    Publishing,
    Related,
    RelatedProduct,
    RelatedWork,
    Resource,
    ResourceFeature,
    Restriction,
    SalesRights,
    Subject,
    Supply,
    Tax,
    Territory,
    Title,
    TitleElement,
)
from bindery.catalogue.record_schema import arrow_type
from bindery.onix.codes_2 import (
    AVAILABILITIES,
    OLD_IDENTIFIERS,
    RESOURCES,
    REST_OF_WORLD,
    SINGLE_DATES,
    TEXT_AUDIENCES,
    TEXT_TYPES,
)
from bindery.onix.parts import (
    STRINGS,
    Defaults,
    Part,
    amounts,
    audience_ranges,
    audiences,
    blank,
    contributors,
    dated,
    dates,
    defaulted,
    extent_rows,
    identifier_rows,
    identifiers,
    kept,
    language_rows,
    languages,
    product_parts,
    restrictions,
    single_dates,
    some,
    stated,
    subject_rows,
    texts,
    translated,
)
from bindery.onix.rows import Rows, constant, empty_lists, joined_lists, lists, struct

_DATES = arrow_type(Resource).field("dates").type


def product_identifiers(rows: Rows) -> pa.Array:
    """ProductIdentifier composites, and the single elements of early 2.1."""
    parts = [identifier_rows(rows, "ProductIdentifier", "ProductIDType")]
    for element, kind in OLD_IDENTIFIERS.items():
        one = rows.all(element)
        value = one.text()
        found = struct(Identifier, type=constant(kind, len(one)), type_name=constant(None, len(one)), value=value)
        parts.append(kept(one, found, value))
    return joined_lists(parts, len(rows))


def descriptive(rows: Rows, defaults: Defaults) -> pa.Array:
    """What 3.x calls block 1."""
    count = len(rows)
    return struct(
        Descriptive,
        composition=constant(None, count),
        product_form=rows.value("ProductForm"),
        product_form_details=rows.values("ProductFormDetail"),
        primary_content_type=constant(None, count),
        product_content_types=rows.values("ProductContentType"),
        technical_protections=empty_lists(count, pa.string()),
        titles=_titles(rows),
        collections=_series(rows),
        contributors=contributors(rows),
        contributor_statement=rows.value("ContributorStatement"),
        edition_types=rows.values("EditionTypeCode"),
        edition_statement=rows.value("EditionStatement"),
        languages=languages(rows, _languages(rows), defaults),
        extents=joined_lists([_pages(rows), extent_rows(rows)], count),
        subjects=_subjects(rows),
        audiences=audiences(rows),
        audience_ranges=audience_ranges(rows),
        parts=product_parts(rows, "ContainedItem", ("ItemQuantity",)),
    )


def _pages(rows: Rows) -> Part:
    one = rows.all("NumberOfPages")
    value = one.text()
    found = struct(Extent, type=constant("00", len(one)), value=value, unit=constant("03", len(one)))
    return kept(one, found, value)


def _title_of(rows: Rows, kind: pa.Array, text_element: str) -> pa.Array:
    """One title each, of one level."""
    count = len(rows)
    element = struct(
        TitleElement,
        level=constant("01", count),
        text=rows.value(text_element),
        prefix=rows.value("TitlePrefix"),
        without_prefix=rows.value("TitleWithoutPrefix"),
        subtitle=rows.value("Subtitle"),
        part_number=constant(None, count),
    )
    return struct(Title, type=kind, elements=lists(np.arange(count), element, count))


def _titles(rows: Rows) -> pa.Array:
    """Title composites, then the title as elements of the product itself."""
    one = rows.all("Title")
    parts: list[Part] = [(one.above, _title_of(one, one.value("TitleType"), "TitleText"))]
    bare = rows.has("DistinctiveTitle", "TitleWithoutPrefix")
    if bare.any():
        itself = rows.where(bare)
        found = _title_of(itself, constant("01", len(itself)), "DistinctiveTitle")
        parts.append((np.flatnonzero(bare), found))
    return joined_lists(parts, len(rows))


def _series(rows: Rows) -> pa.Array:
    one = rows.all("Series")
    title, paths = one.value("TitleOfSeries"), ("Title/TitleText", "Title/TitleWithoutPrefix")
    otherwise = one.value(*paths)
    one.leave(stated(title), *paths)
    found = struct(
        Collection,
        type=constant(None, len(one)),
        title=pc.coalesce(title, otherwise),
        part_number=one.value("NumberWithinSeries"),
        identifiers=identifiers(one, "SeriesIdentifier", "SeriesIDType"),
    )
    return one.listed(found)


def _languages(rows: Rows) -> list[Part]:
    parts = [language_rows(rows)]
    for element, role in (("LanguageOfText", "01"), ("OriginalLanguage", "02")):
        one = rows.all(element)
        code = one.text()
        parts.append(kept(one, struct(Language, role=constant(role, len(one)), code=code), code))
    return parts


def _subjects(rows: Rows) -> pa.Array:
    """Main subjects first: as single elements, then as composites."""
    count = len(rows)
    parts: list[Part] = []
    for element, version, scheme in (
        ("BASICMainSubject", "BASICVersion", "10"),
        ("BICMainSubject", "BICVersion", "12"),
    ):
        code, edition = rows.value(element), rows.value(version)
        rows.leave(~stated(code), version)
        found = struct(
            Subject,
            scheme=constant(scheme, count),
            scheme_name=constant(None, count),
            version=edition,
            code=code,
            heading=constant(None, count),
            main=pa.repeat(pa.scalar(True), count),  # noqa: FBT003 - a value, not a flag
        )
        parts.append(some(np.arange(count), found, code))
    parts.append(subject_rows(rows, "MainSubject", "MainSubjectSchemeIdentifier", main=True))
    parts.append(subject_rows(rows))
    return joined_lists(parts, count)


def collateral(rows: Rows) -> pa.Array:
    """What 3.x calls block 2."""
    parts: list[Part] = []
    for element, kind in (("Annotation", "02"), ("MainDescription", "03")):
        one = rows.first(element)
        parts.append(texts(one, constant(kind, len(one)), empty_lists(len(one), pa.string())))
    parts.append(_other_texts(rows))
    return struct(Collateral, texts=joined_lists(parts, len(rows)), resources=joined_lists(_resources(rows), len(rows)))


def _other_texts(rows: Rows) -> Part:
    one = rows.among("OtherText", "Text")
    code, form, body = blank(one.value("TextTypeCode")), one.value("TextFormat"), one.first("Text")
    one.leave(~_are_among(code, TEXT_TYPES.keys() | TEXT_AUDIENCES.keys()), "TextTypeCode")
    place = pa.array(body.above)
    kinds = translated(code, lambda text: TEXT_TYPES.get(text, "01"))
    meant_for = translated(code, lambda text: [TEXT_AUDIENCES[text]] if text in TEXT_AUDIENCES else [], STRINGS)
    above, found = texts(body, kinds.take(place), meant_for.take(place), text_format=form.take(place))
    return one.above[above], found


def _are_among(codes: pa.Array, known: Iterable[str]) -> np.ndarray:
    """Which codes 3.x has another one for; others are left over, so that they are counted."""
    return np.asarray(pc.is_in(codes, pa.array(sorted(known))))


def _resource(content_type: pa.Array, mode: pa.Array, link: pa.Array, when: pa.Array) -> pa.Array:
    count = len(link)
    return struct(
        Resource,
        content_type=content_type,
        audiences=empty_lists(count, pa.string()),
        mode=mode,
        form=constant(None, count),
        link=link,
        features=empty_lists(count, arrow_type(ResourceFeature)),
        dates=when,
    )


def _resources(rows: Rows) -> list[Part]:
    """MediaFile composites, then the bare link of a cover."""
    one = rows.among("MediaFile", "MediaFileLink")
    code, updated, links = blank(one.value("MediaFileTypeCode")), one.value("MediaFileDate"), one.all("MediaFileLink")
    one.leave(~_are_among(code, RESOURCES.keys()), "MediaFileTypeCode")
    place = pa.array(links.above)
    date = dated(constant("17", len(one)), updated, constant(None, len(one)))
    when = lists(*some(np.arange(len(one)), date, updated), len(one)).take(place)
    kinds = translated(code, lambda text: RESOURCES.get(text, ("", None))[0]).take(place)
    modes = translated(code, lambda text: RESOURCES.get(text, ("", None))[1]).take(place)
    link = links.text()
    media = some(one.above[links.above], _resource(kinds, modes, link, when), link)
    cover = rows.value("CoverImageLink")
    count = len(rows)
    no_dates = empty_lists(count, _DATES.value_type)
    found = _resource(constant("01", count), constant("03", count), cover, no_dates)
    return [media, some(np.arange(count), found, cover)]


def publishing(rows: Rows) -> pa.Array:
    """What 3.x calls block 4. ``ROW`` as a territory is 3.x's ROWSalesRightsType (AUDIOBOOKS 0.4)."""
    rights, rest_of_world = _sales_rights(rows)
    return struct(
        Publishing,
        imprints=_imprints(rows),
        publishers=_publishers(rows),
        country=rows.value("CountryOfPublication"),
        status=rows.value("PublishingStatus"),
        dates=single_dates(rows, SINGLE_DATES),
        sales_rights=rights,
        row_sales_rights_type=rest_of_world,
        restrictions=restrictions(rows),
    )


def _imprints(rows: Rows) -> pa.Array:
    parts = []
    for path in ("Imprint/ImprintName", "ImprintName"):
        one = rows.all(path)
        name = one.text()
        parts.append(kept(one, name, name))
    return joined_lists(parts, len(rows))


def _publishers(rows: Rows) -> pa.Array:
    one, names = rows.all("Publisher"), rows.all("PublisherName")
    code = one.value("NameCodeValue")
    identifier = struct(
        Identifier, type=blank(one.value("NameCodeType")), type_name=one.value("NameCodeTypeName"), value=code
    )
    one.leave(~stated(code), "NameCodeType", "NameCodeTypeName")
    found = struct(
        Publisher,
        role=one.value("PublishingRole"),
        name=one.value("PublisherName"),
        identifiers=lists(*some(np.arange(len(one)), identifier, code), len(one)),
    )
    bare = names.text()
    count = len(names)
    unroled = struct(
        Publisher,
        role=constant(None, count),
        name=bare,
        identifiers=empty_lists(count, arrow_type(Identifier)),
    )
    return joined_lists([(one.above, found), kept(names, unroled, bare)], len(rows))


def _sales_rights(rows: Rows) -> tuple[pa.Array, pa.Array]:
    """SalesRights, then NotForSale, which is type 03; and what ``ROW`` among their territories says."""
    parts: list[Part] = []
    for element in ("SalesRights", "NotForSale"):
        one = rows.all(element)
        kind = blank(one.value("SalesRightsType")) if element == "SalesRights" else constant("03", len(one))
        found = struct(
            SalesRights,
            type=kind,
            territory=_territory(one, "RightsCountry", "RightsTerritory"),
            restrictions=empty_lists(len(one), arrow_type(Restriction)),
        )
        parts.append((one.above, found))
    above, found = np.concatenate([part[0] for part in parts]), pa.concat_arrays([part[1] for part in parts])
    regions = found.field("territory").field("regions_included")
    if pc.any(pc.equal(regions.flatten(), REST_OF_WORLD)).as_py():
        return _without_rest_of_world(above, found, len(rows))
    return joined_lists(parts, len(rows)), constant(None, len(rows))


def _without_rest_of_world(above: np.ndarray, found: pa.Array, count: int) -> tuple[pa.Array, pa.Array]:
    order = np.argsort(above, kind="stable")
    rights: list[list[object]] = [[] for _ in range(count)]
    rest: list[str | None] = [None] * count
    for row, right in zip(above[order].tolist(), found.take(pa.array(order)).to_pylist(), strict=True):
        where = right["territory"]
        if REST_OF_WORLD in where["regions_included"]:
            rest[row] = rest[row] or right["type"]
            where["regions_included"] = [code for code in where["regions_included"] if code != REST_OF_WORLD]
            if not where["countries_included"] and not where["regions_included"]:
                continue
        rights[row].append(right)
    return pa.array(rights, pa.list_(arrow_type(SalesRights))), pa.array(rest, pa.string())


def _territory(rows: Rows, countries: str, regions: str, without: str = "", outside: str = "") -> pa.Array:
    nothing = empty_lists(len(rows), pa.string())
    return struct(
        Territory,
        countries_included=rows.words(countries),
        regions_included=rows.words(regions),
        countries_excluded=rows.words(without) if without else nothing,
        regions_excluded=rows.words(outside) if outside else nothing,
    )


def related(rows: Rows) -> pa.Array:
    """What 3.x calls block 5. A work identifier says which work this product is a manifestation of (List 164, 01)."""
    works, products = identifiers(rows, "WorkIdentifier", "WorkIDType"), rows.all("RelatedProduct")
    named = np.flatnonzero(np.asarray(pc.list_value_length(works)))
    work = struct(RelatedWork, relation=constant("01", len(named)), identifiers=works.take(pa.array(named)))
    product = struct(
        RelatedProduct,
        relations=products.values("RelationCode"),
        identifiers=product_identifiers(products),
        product_form=products.value("ProductForm"),
    )
    return struct(Related, works=lists(named, work, len(rows)), products=products.listed(product))


def supply(rows: Rows, defaults: Defaults) -> pa.Array:
    """What 3.x calls block 6: a market for each SupplyDetail, and one for each MarketRepresentation."""
    details, markets = rows.all("SupplyDetail"), rows.all("MarketRepresentation")
    count = len(markets)
    market = struct(
        ProductSupply,
        market_reference=constant(None, count),
        market=_territory(markets, "MarketCountry", "MarketTerritory", "MarketCountryExcluded"),
        market_restrictions=empty_lists(count, arrow_type(Restriction)),
        market_status=markets.value("MarketPublishingStatus"),
        market_dates=dates(markets, "MarketDate", "MarketDateRole"),
        supplies=empty_lists(count, arrow_type(Supply)),
    )
    return joined_lists([(details.above, _product_supply(details, defaults)), (markets.above, market)], len(rows))


def _product_supply(rows: Rows, defaults: Defaults) -> pa.Array:
    count = len(rows)
    on_sale, expected, form = rows.value("OnSaleDate"), rows.value("ExpectedShipDate"), rows.value("DateFormat")
    rows.leave(~stated(expected), "DateFormat")
    when = [
        some(np.arange(count), dated(constant("02", count), on_sale, constant(None, count)), on_sale),
        some(np.arange(count), dated(constant("08", count), expected, form), expected),
    ]
    availability = rows.value("ProductAvailability")
    old = translated(rows.value("AvailabilityCode"), lambda code: AVAILABILITIES.get(code, code))
    rows.leave(stated(availability), "AvailabilityCode")
    prices = rows.all("Price")
    supply = struct(
        Supply,
        supplier_role=rows.value("SupplierRole"),
        supplier_name=rows.value("SupplierName"),
        availability=pc.coalesce(availability, old),
        unpriced=rows.value("UnpricedItemType"),
        dates=joined_lists(when, count),
        prices=prices.listed(_price(prices, defaults)),
    )
    return struct(
        ProductSupply,
        market_reference=constant(None, count),
        market=_territory(rows, "SupplyToCountry", "SupplyToTerritory", "SupplyToCountryExcluded"),
        market_restrictions=empty_lists(count, arrow_type(Restriction)),
        market_status=constant(None, count),
        market_dates=empty_lists(count, _DATES.value_type),
        supplies=lists(np.arange(count), supply, count),
    )


def _price(rows: Rows, defaults: Defaults) -> pa.Array:
    raw, count = rows.value("PriceAmount"), len(rows)
    return struct(
        Price,
        type=defaulted(rows.value("PriceTypeCode"), defaults.price_type),
        qualifier=rows.value("PriceQualifier"),
        conditions=empty_lists(count, arrow_type(PriceCondition)),
        status=rows.value("PriceStatus"),
        raw_amount=raw,
        amount=amounts(raw),
        currency=defaulted(rows.value("CurrencyCode"), defaults.currency),
        unpriced=constant(None, count),
        territory=_territory(rows, "CountryCode", "Territory", "CountryExcluded", "TerritoryExcluded"),
        dates=single_dates(rows, {"PriceEffectiveFrom": "14", "PriceEffectiveUntil": "15"}),
        taxes=_taxes(rows),
    )


def _taxes(rows: Rows) -> pa.Array:
    """2.1 has room for two rates, by number."""
    parts = []
    for number in ("1", "2"):
        rate, percent = rows.value(f"TaxRateCode{number}"), rows.value(f"TaxRatePercent{number}")
        found = struct(Tax, type=constant(None, len(rows)), rate_code=rate, percent=percent)
        parts.append(some(np.arange(len(rows)), found, pc.coalesce(rate, percent)))
    return joined_lists(parts, len(rows))
