"""ONIX 3.0 and 3.1 blocks to the record model: what each element becomes.

The two releases differ little in what we read: 3.1 dropped elements (AUDIOBOOKS 1.12), and this mapping reads them
where they still occur. Each function takes the element of a block, in reference names.
"""

from __future__ import annotations

from bindery.catalogue.record import (
    Audience,
    Chapter,
    Collateral,
    Collection,
    Content,
    Descriptive,
    Price,
    PriceCondition,
    Production,
    ProductSupply,
    Publisher,
    Publishing,
    Related,
    Resource,
    SalesRights,
    Supply,
    Tax,
    Text,
    Title,
    TitleElement,
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
    territory,
    text,
    with_default_language,
)
from bindery.onix.tree import Node
from bindery.trade.durations import run_time

PRODUCT_LEVEL, COLLECTION_LEVELS = "01", ("02", "03")
"""List 149."""


def descriptive(node: Node, defaults: Defaults) -> Descriptive:
    """Block 1."""
    titles = [_title(detail) for detail in node.all("TitleDetail")]
    collections = [_collection(collection) for collection in node.all("Collection")]
    return {
        "composition": node.value("ProductComposition"),
        "product_form": node.value("ProductForm"),
        "product_form_details": node.values("ProductFormDetail"),
        "primary_content_type": node.value("PrimaryContentType"),
        "product_content_types": node.values("ProductContentType"),
        "technical_protections": node.values("EpubTechnicalProtection"),
        "titles": titles,
        "collections": collections + _collections_in_titles(titles, collections),
        "contributors": [contributor(person) for person in node.all("Contributor")],
        "contributor_statement": node.value("ContributorStatement"),
        "edition_types": node.values("EditionType"),
        "edition_statement": node.value("EditionStatement"),
        "languages": with_default_language(languages(node), defaults),
        "extents": extents(node),
        "subjects": [subject(one) for one in node.all("Subject")],
        "audiences": _audiences(node),
        "audience_ranges": audience_ranges(node),
        "parts": product_parts(node, "ProductPart", ("NumberOfItemsOfThisForm", "NumberOfCopies")),
    }


def _audiences(node: Node) -> list[Audience]:
    coded: list[Audience] = [{"type": "01", "value": code} for code in node.values("AudienceCode")]
    for one in node.all("Audience"):
        value = one.value("AudienceCodeValue")
        if value:
            coded.append({"type": one.value("AudienceCodeType") or "", "value": value})
    return coded


def _title_element(node: Node) -> TitleElement:
    return {
        "level": node.value("TitleElementLevel"),
        "text": node.value("TitleText"),
        "prefix": node.value("TitlePrefix"),
        "without_prefix": node.value("TitleWithoutPrefix"),
        "subtitle": node.value("Subtitle"),
        "part_number": node.value("PartNumber"),
    }


def _title(node: Node) -> Title:
    return {
        "type": node.value("TitleType"),
        "elements": [_title_element(element) for element in node.all("TitleElement")],
    }


def full_text(element: TitleElement) -> str | None:
    """The title of one level, with its prefix where that was sent apart."""
    return element["text"] or " ".join(filter(None, (element["prefix"], element["without_prefix"]))) or None


def _name_of(element: Node) -> str | None:
    """The title of one level, and nothing else of it: what isn't taken is left over and counted."""
    text = element.value("TitleText")
    return text or " ".join(filter(None, (element.value("TitlePrefix"), element.value("TitleWithoutPrefix")))) or None


def _is_named(element: Node) -> bool:
    return any(element.peek(name) for name in ("TitleText", "TitlePrefix", "TitleWithoutPrefix"))


def _collection(node: Node) -> Collection:
    """A series. Its number may stand on its own level, on the product's, or in a CollectionSequence (ONIX P.5)."""
    kind, ids = node.value("CollectionType"), identifiers(node, "CollectionIdentifier", "CollectionIDType")
    elements = [element for detail in node.all("TitleDetail") for element in detail.all("TitleElement")]
    own = (one for one in elements if one.peek("TitleElementLevel") != PRODUCT_LEVEL and _is_named(one))
    named = next(own, elements[0] if elements else None)
    if named:
        named.value("TitleElementLevel")
    number = next((number for element in elements if (number := element.value("PartNumber"))), None)
    sequences = (sequence.value("CollectionSequenceNumber") for sequence in node.all("CollectionSequence"))
    return {
        "type": kind,
        "title": _name_of(named) if named else None,
        "part_number": number or next((one for one in sequences if one), None),
        "identifiers": ids,
    }


def _collections_in_titles(titles: list[Title], stated: list[Collection]) -> list[Collection]:
    """Series named only in the product's own title, level 02 or 03 (AUDIOBOOKS 1.5): read both, don't duplicate."""
    known = {collection["title"] for collection in stated}
    found: list[Collection] = []
    for title in titles:
        for element in title["elements"]:
            name = full_text(element)
            if element["level"] in COLLECTION_LEVELS and name and name not in known:
                known.add(name)
                found.append({"type": None, "title": name, "part_number": element["part_number"], "identifiers": []})
    return found


def collateral(node: Node) -> Collateral:
    """Block 2: texts and supporting resources, one resource for each version of it."""
    return {
        "texts": [one for held in node.all("TextContent") if held.has("Text") for one in _texts(held)],
        "resources": [
            one for held in node.all("SupportingResource") if held.has("ResourceVersion") for one in _resources(held)
        ],
    }


def _texts(node: Node) -> list[Text]:
    kind, audiences = node.value("TextType") or "", node.values("ContentAudience")
    return [read for body in node.all("Text") for read in text(kind, body, audiences=audiences)]


def _resources(node: Node) -> list[Resource]:
    kind, mode = node.value("ResourceContentType") or "", node.value("ResourceMode")
    audiences = node.values("ContentAudience")
    found: list[Resource] = []
    for version in node.all("ResourceVersion"):
        features = [
            (feature.value("ResourceVersionFeatureType"), feature.value("FeatureValue"))
            for feature in version.all("ResourceVersionFeature")
        ]
        form, when = version.value("ResourceForm"), dates(version, "ContentDate", "ContentDateRole")
        links: list[str | None] = [*version.values("ResourceLink")]
        found += [
            {
                "content_type": kind,
                "audiences": audiences,
                "mode": mode,
                "form": form,
                "link": link,
                "features": [{"type": one or "", "value": value} for one, value in features],
                "dates": when,
            }
            for link in links or [None]
        ]
    return found


def content(node: Node) -> Content:
    """Block 3: audiovisual items become chapters; other items are left over (AUDIOBOOKS 1.6)."""
    return {"chapters": [_chapter(item) for item in node.all("ContentItem") if item.has("AVItem")]}


def _chapter(item: Node) -> Chapter:
    av = next(item.all("AVItem"))
    run = av.first("TimeRun")
    elements = (element for detail in item.all("TitleDetail") for element in detail.all("TitleElement"))
    title = next((name for element in elements if (name := _name_of(element))), None)
    if title is None:
        title = " ".join(filter(None, (item.value("ComponentTypeName"), item.value("ComponentNumber")))) or None
    return {
        "sequence": item.value("LevelSequenceNumber"),
        "type": av.value("AVItemType"),
        "title": title,
        "start_seconds": _seconds(run, "StartTime"),
        "end_seconds": _seconds(run, "EndTime"),
        "duration_seconds": _seconds(av, "AVDuration"),
    }


def _seconds(node: Node | None, name: str) -> float | None:
    """A time of a chapter; one that can't be read is left over, so that it is counted."""
    seconds = run_time((node.peek(name) if node else None) or "")
    if node and seconds is not None:
        node.value(name)
    return seconds


def publishing(node: Node) -> Publishing:
    """Block 4. In 3.0 a sales restriction may also stand free in the block (AUDIOBOOKS 1.8)."""
    imprints = [name for imprint in node.all("Imprint") for name in imprint.values("ImprintName")]
    return {
        "imprints": imprints,
        "publishers": [_publisher(publisher) for publisher in node.all("Publisher")],
        "country": node.value("CountryOfPublication"),
        "status": node.value("PublishingStatus"),
        "dates": dates(node, "PublishingDate", "PublishingDateRole"),
        "sales_rights": [_sales_rights(rights) for rights in node.all("SalesRights")],
        "row_sales_rights_type": node.value("ROWSalesRightsType"),
        "restrictions": restrictions(node),
    }


def _publisher(node: Node) -> Publisher:
    return {
        "role": node.value("PublishingRole"),
        "name": node.value("PublisherName"),
        "identifiers": identifiers(node, "PublisherIdentifier", "PublisherIDType"),
    }


def _sales_rights(node: Node) -> SalesRights:
    return {
        "type": node.value("SalesRightsType") or "",
        "territory": territory(node.first("Territory")),
        "restrictions": restrictions(node),
    }


def related(node: Node) -> Related:
    """Block 5."""
    return {
        "works": [
            {
                "relation": work.value("WorkRelationCode") or "",
                "identifiers": identifiers(work, "WorkIdentifier", "WorkIDType"),
            }
            for work in node.all("RelatedWork")
        ],
        "products": [
            {
                "relations": product.values("ProductRelationCode"),
                "identifiers": identifiers(product, "ProductIdentifier", "ProductIDType"),
                "product_form": product.value("ProductForm"),
            }
            for product in node.all("RelatedProduct")
        ],
    }


def production(node: Node) -> Production:
    """Block 8, kept whole, in reference names."""
    return {"raw": node.as_xml()}


def product_supply(node: Node, defaults: Defaults) -> ProductSupply:
    """Block 6, one market. Without Market, the whole area of the sales rights is meant (AUDIOBOOKS 1.10)."""
    markets = list(node.all("Market"))
    market = territory(None)
    for one in markets:
        stated = territory(one.first("Territory"))
        market = {
            "countries_included": market["countries_included"] + stated["countries_included"],
            "regions_included": market["regions_included"] + stated["regions_included"],
            "countries_excluded": market["countries_excluded"] + stated["countries_excluded"],
            "regions_excluded": market["regions_excluded"] + stated["regions_excluded"],
        }
    detail = node.first("MarketPublishingDetail")
    return {
        "market_reference": node.value("MarketReference"),
        "market": market,
        "market_restrictions": [restriction for one in markets for restriction in restrictions(one)],
        "market_status": detail.value("MarketPublishingStatus") if detail else None,
        "market_dates": dates(detail, "MarketDate", "MarketDateRole") if detail else [],
        "supplies": [_supply(supply, defaults) for supply in node.all("SupplyDetail")],
    }


def _supply(node: Node, defaults: Defaults) -> Supply:
    supplier = node.first("Supplier")
    return {
        "supplier_role": supplier.value("SupplierRole") if supplier else None,
        "supplier_name": supplier.value("SupplierName") if supplier else None,
        "availability": node.value("ProductAvailability"),
        "unpriced": node.value("UnpricedItemType"),
        "dates": dates(node, "SupplyDate", "SupplyDateRole"),
        "prices": [_price(price, defaults) for price in node.all("Price")],
    }


def _price(node: Node, defaults: Defaults) -> Price:
    raw = node.value("PriceAmount")
    return {
        "type": node.value("PriceType") or defaults.price_type,
        "qualifier": node.value("PriceQualifier"),
        "conditions": [_condition(one) for one in node.all("PriceCondition")],
        "status": node.value("PriceStatus"),
        "raw_amount": raw,
        "amount": amount(raw),
        "currency": node.value("CurrencyCode") or defaults.currency,
        "unpriced": node.value("UnpricedItemType"),
        "territory": territory(node.first("Territory")),
        "dates": dates(node, "PriceDate", "PriceDateRole"),
        "taxes": [_tax(tax) for tax in node.all("Tax")],
    }


def _condition(node: Node) -> PriceCondition:
    return {
        "type": node.value("PriceConditionType"),
        "quantities": [
            {
                "type": one.value("PriceConditionQuantityType"),
                "value": one.value("Quantity"),
                "unit": one.value("QuantityUnit"),
            }
            for one in node.all("PriceConditionQuantity")
        ],
    }


def _tax(node: Node) -> Tax:
    return {
        "type": node.value("TaxType"),
        "rate_code": node.value("TaxRateCode"),
        "percent": node.value("TaxRatePercent"),
    }
