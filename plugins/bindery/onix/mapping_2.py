"""ONIX 2.1 to the record model: its flat list of elements is sorted into the blocks of 3.x.

Codes that 3.x gives a new meaning or list are translated by the tables of ``codes_2``, and kept raw otherwise.
"""

from __future__ import annotations

from collections.abc import Collection as Codes

from bindery.catalogue.record import (
    Audience,
    Collateral,
    Collection,
    DatedRole,
    Descriptive,
    Extent,
    Identifier,
    Language,
    Price,
    ProductSupply,
    Publisher,
    Publishing,
    Related,
    Resource,
    SalesRights,
    Subject,
    Supply,
    Tax,
    Territory,
    Text,
    Title,
)
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
    Defaults,
    amount,
    audience_ranges,
    contributor,
    dates,
    extents,
    identifiers,
    languages,
    product_parts,
    restrictions,
    subject,
    text,
    with_default_language,
)
from bindery.onix.tree import Node
from bindery.trade.dates import dated_role


def product_identifiers(node: Node) -> list[Identifier]:
    """ProductIdentifier composites, and the single elements of early 2.1."""
    found = identifiers(node, "ProductIdentifier", "ProductIDType")
    for element, kind in OLD_IDENTIFIERS.items():
        found += [{"type": kind, "type_name": None, "value": value} for value in node.values(element)]
    return found


def descriptive(node: Node, defaults: Defaults) -> Descriptive:
    """What 3.x calls block 1."""
    pages: list[Extent] = [{"type": "00", "value": value, "unit": "03"} for value in node.values("NumberOfPages")]
    return {
        "composition": None,
        "product_form": node.value("ProductForm"),
        "product_form_details": node.values("ProductFormDetail"),
        "primary_content_type": None,
        "product_content_types": node.values("ProductContentType"),
        "technical_protections": [],
        "titles": _titles(node),
        "collections": [_series(series) for series in node.all("Series")],
        "contributors": [contributor(person) for person in node.all("Contributor")],
        "contributor_statement": node.value("ContributorStatement"),
        "edition_types": node.values("EditionTypeCode"),
        "edition_statement": node.value("EditionStatement"),
        "languages": with_default_language(_languages(node), defaults),
        "extents": pages + extents(node),
        "subjects": _subjects(node),
        "audiences": _audiences(node),
        "audience_ranges": audience_ranges(node),
        "parts": product_parts(node, "ContainedItem", ("ItemQuantity",)),
    }


def _title(kind: str | None, node: Node, text_element: str) -> Title:
    return {
        "type": kind,
        "elements": [
            {
                "level": "01",
                "text": node.value(text_element),
                "prefix": node.value("TitlePrefix"),
                "without_prefix": node.value("TitleWithoutPrefix"),
                "subtitle": node.value("Subtitle"),
                "part_number": None,
            }
        ],
    }


def _titles(node: Node) -> list[Title]:
    found = [_title(title.value("TitleType"), title, "TitleText") for title in node.all("Title")]
    if node.has("DistinctiveTitle", "TitleWithoutPrefix"):
        found.append(_title("01", node, "DistinctiveTitle"))
    return found


def _series(node: Node) -> Collection:
    titles = (title.value("TitleText", "TitleWithoutPrefix") for title in node.all("Title"))
    return {
        "type": None,
        "title": node.value("TitleOfSeries") or next((title for title in titles if title), None),
        "part_number": node.value("NumberWithinSeries"),
        "identifiers": identifiers(node, "SeriesIdentifier", "SeriesIDType"),
    }


def _languages(node: Node) -> list[Language]:
    found: list[Language] = languages(node)
    found += [{"role": "01", "code": code} for code in node.values("LanguageOfText")]
    found += [{"role": "02", "code": code} for code in node.values("OriginalLanguage")]
    return found


def _subjects(node: Node) -> list[Subject]:
    found: list[Subject] = []
    for element, version, scheme in (
        ("BASICMainSubject", "BASICVersion", "10"),
        ("BICMainSubject", "BICVersion", "12"),
    ):
        code = node.value(element)
        if code:
            found.append(
                {
                    "scheme": scheme,
                    "scheme_name": None,
                    "version": node.value(version),
                    "code": code,
                    "heading": None,
                    "main": True,
                }
            )
    found += [subject(one, scheme_element="MainSubjectSchemeIdentifier", main=True) for one in node.all("MainSubject")]
    found += [subject(one) for one in node.all("Subject")]
    return found


def _audiences(node: Node) -> list[Audience]:
    found: list[Audience] = [{"type": "01", "value": code} for code in node.values("AudienceCode")]
    for one in node.all("Audience"):
        value = one.value("AudienceCodeValue")
        if value:
            found.append({"type": one.value("AudienceCodeType") or "", "value": value})
    return found


def collateral(node: Node) -> Collateral:
    """What 3.x calls block 2."""
    texts = text("02", node.first("Annotation")) + text("03", node.first("MainDescription"))
    for other in node.all("OtherText"):
        texts += _other_text(other)
    resources = [one for media in node.all("MediaFile") for one in _media(media)]
    link = node.value("CoverImageLink")
    if link:
        resources.append(_resource("01", "03", link, []))
    return {"texts": texts, "resources": resources}


def _translated(node: Node, name: str, known: Codes[str]) -> str:
    """A code that 3.x has another one for; one that it hasn't is left over, so that it is counted."""
    code = node.peek(name) or ""
    return node.value(name) or "" if code in known else code


def _other_text(node: Node) -> list[Text]:
    if not node.has("Text"):
        return []
    code = _translated(node, "TextTypeCode", TEXT_TYPES.keys() | TEXT_AUDIENCES.keys())
    audiences = [TEXT_AUDIENCES[code]] if code in TEXT_AUDIENCES else []
    body, text_format = node.first("Text"), node.value("TextFormat")
    return text(TEXT_TYPES.get(code, "01"), body, audiences=audiences, text_format=text_format)


def _resource(content_type: str, mode: str | None, link: str, when: list[DatedRole]) -> Resource:
    return {
        "content_type": content_type,
        "audiences": [],
        "mode": mode,
        "form": None,
        "link": link,
        "features": [],
        "dates": when,
    }


def _media(node: Node) -> list[Resource]:
    if not node.has("MediaFileLink"):
        return []
    content_type, mode = RESOURCES.get(_translated(node, "MediaFileTypeCode", RESOURCES.keys()), ("", None))
    updated = node.value("MediaFileDate")
    when = [dated_role("17", updated, None)] if updated else []
    return [_resource(content_type, mode, link, when) for link in node.values("MediaFileLink")]


def publishing(node: Node) -> Publishing:
    """What 3.x calls block 4. ``ROW`` as a territory is 3.x's ROWSalesRightsType (AUDIOBOOKS 0.4)."""
    imprints = [name for imprint in node.all("Imprint") for name in imprint.values("ImprintName")]
    publishers = [_publisher(publisher) for publisher in node.all("Publisher")]
    publishers += [{"role": None, "name": name, "identifiers": []} for name in node.values("PublisherName")]
    rights, rest_of_world = _sales_rights(node)
    return {
        "imprints": imprints + node.values("ImprintName"),
        "publishers": publishers,
        "country": node.value("CountryOfPublication"),
        "status": node.value("PublishingStatus"),
        "dates": [dated_role(role, raw, None) for name, role in SINGLE_DATES.items() for raw in node.values(name)],
        "sales_rights": rights,
        "row_sales_rights_type": rest_of_world,
        "restrictions": restrictions(node),
    }


def _publisher(node: Node) -> Publisher:
    role, name, code = node.value("PublishingRole"), node.value("PublisherName"), node.value("NameCodeValue")
    ids: list[Identifier] = []
    if code:
        ids = [{"type": node.value("NameCodeType") or "", "type_name": node.value("NameCodeTypeName"), "value": code}]
    return {"role": role, "name": name, "identifiers": ids}


def _sales_rights(node: Node) -> tuple[list[SalesRights], str | None]:
    found: list[SalesRights] = []
    rest_of_world = None
    stated = [(one.value("SalesRightsType") or "", one) for one in node.all("SalesRights")]
    stated += [("03", one) for one in node.all("NotForSale")]
    for kind, one in stated:
        countries, regions = one.words("RightsCountry"), one.words("RightsTerritory")
        if REST_OF_WORLD in regions:
            rest_of_world = rest_of_world or kind
            regions = [region for region in regions if region != REST_OF_WORLD]
            if not countries and not regions:
                continue
        found.append({"type": kind, "territory": _territory(countries, regions), "restrictions": []})
    return found, rest_of_world


def _territory(
    countries: list[str], regions: list[str], without: list[str] | None = None, outside: list[str] | None = None
) -> Territory:
    return {
        "countries_included": countries,
        "regions_included": regions,
        "countries_excluded": without or [],
        "regions_excluded": outside or [],
    }


def related(node: Node) -> Related:
    """What 3.x calls block 5. A work identifier says which work this product is a manifestation of (List 164, 01)."""
    works = identifiers(node, "WorkIdentifier", "WorkIDType")
    return {
        "works": [{"relation": "01", "identifiers": works}] if works else [],
        "products": [
            {
                "relations": product.values("RelationCode"),
                "identifiers": product_identifiers(product),
                "product_form": product.value("ProductForm"),
            }
            for product in node.all("RelatedProduct")
        ],
    }


def supply(node: Node, defaults: Defaults) -> list[ProductSupply]:
    """What 3.x calls block 6: a market for each SupplyDetail, and one for each MarketRepresentation."""
    found = [_product_supply(detail, defaults) for detail in node.all("SupplyDetail")]
    return found + [_market(market) for market in node.all("MarketRepresentation")]


def _product_supply(node: Node, defaults: Defaults) -> ProductSupply:
    on_sale, expected = node.value("OnSaleDate"), node.value("ExpectedShipDate")
    date_format = node.value("DateFormat") if expected else None
    when = [dated_role("02", on_sale, None)] if on_sale else []
    when += [dated_role("08", expected, date_format)] if expected else []
    stated = node.value("ProductAvailability")
    old = None if stated else node.value("AvailabilityCode")
    supplies: list[Supply] = [
        {
            "supplier_role": node.value("SupplierRole"),
            "supplier_name": node.value("SupplierName"),
            "availability": stated or (AVAILABILITIES.get(old, old) if old else None),
            "unpriced": node.value("UnpricedItemType"),
            "dates": when,
            "prices": [_price(price, defaults) for price in node.all("Price")],
        }
    ]
    return {
        "market_reference": None,
        "market": _territory(
            node.words("SupplyToCountry"), node.words("SupplyToTerritory"), node.words("SupplyToCountryExcluded")
        ),
        "market_restrictions": [],
        "market_status": None,
        "market_dates": [],
        "supplies": supplies,
    }


def _market(node: Node) -> ProductSupply:
    return {
        "market_reference": None,
        "market": _territory(
            node.words("MarketCountry"), node.words("MarketTerritory"), node.words("MarketCountryExcluded")
        ),
        "market_restrictions": [],
        "market_status": node.value("MarketPublishingStatus"),
        "market_dates": dates(node, "MarketDate", "MarketDateRole"),
        "supplies": [],
    }


def _price(node: Node, defaults: Defaults) -> Price:
    raw = node.value("PriceAmount")
    edges = (("PriceEffectiveFrom", "14"), ("PriceEffectiveUntil", "15"))
    taxes: list[Tax] = []
    for number in ("1", "2"):
        rate, percent = node.value(f"TaxRateCode{number}"), node.value(f"TaxRatePercent{number}")
        if rate or percent:
            taxes.append({"type": None, "rate_code": rate, "percent": percent})
    return {
        "type": node.value("PriceTypeCode") or defaults.price_type,
        "qualifier": node.value("PriceQualifier"),
        "conditions": [],
        "status": node.value("PriceStatus"),
        "raw_amount": raw,
        "amount": amount(raw),
        "currency": node.value("CurrencyCode") or defaults.currency,
        "unpriced": None,
        "territory": _territory(
            node.words("CountryCode"),
            node.words("Territory"),
            node.words("CountryExcluded"),
            node.words("TerritoryExcluded"),
        ),
        "dates": [dated_role(role, when, None) for name, role in edges if (when := node.value(name))],
        "taxes": taxes,
    }
