"""ONIX 3.0 and 3.1 blocks to the record model: what each element becomes.

The two releases differ little in what we read: 3.1 dropped elements (AUDIOBOOKS 1.12), and this mapping reads them
where they still occur. Each function takes the elements of a block, one for each record that has it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from bindery.catalogue.record import (
    Chapter,
    Collateral,
    Collection,
    ConditionQuantity,
    Content,
    Descriptive,
    Price,
    PriceCondition,
    Production,
    ProductSupply,
    Publisher,
    Publishing,
    Related,
    RelatedProduct,
    RelatedWork,
    Resource,
    ResourceFeature,
    SalesRights,
    Supply,
    Tax,
    Title,
    TitleElement,
)
from bindery.catalogue.record_schema import arrow_type
from bindery.onix.parts import (
    Defaults,
    Part,
    amounts,
    audience_ranges,
    audiences,
    blank,
    contributors,
    dates,
    defaulted,
    extent_rows,
    identifiers,
    language_rows,
    languages,
    product_parts,
    restrictions,
    stated,
    subject_rows,
    territory,
    texts,
    translated,
)
from bindery.onix.rows import Rows, constant, empty_lists, joined, joined_lists, lists, struct
from bindery.onix.tree import Node
from bindery.trade.durations import run_times

PRODUCT_LEVEL, COLLECTION_LEVELS = "01", ("02", "03")
"""List 149."""


def descriptive(rows: Rows, defaults: Defaults) -> pa.Array:
    """Block 1."""
    titles = rows.all("TitleDetail")
    elements = titles.all("TitleElement")
    title_elements = _title_elements(elements)
    return struct(
        Descriptive,
        composition=rows.value("ProductComposition"),
        product_form=rows.value("ProductForm"),
        product_form_details=rows.values("ProductFormDetail"),
        primary_content_type=rows.value("PrimaryContentType"),
        product_content_types=rows.values("ProductContentType"),
        technical_protections=rows.values("EpubTechnicalProtection"),
        titles=titles.listed(struct(Title, type=titles.value("TitleType"), elements=elements.listed(title_elements))),
        collections=_collections(rows, titles.above[elements.above], title_elements),
        contributors=contributors(rows),
        contributor_statement=rows.value("ContributorStatement"),
        edition_types=rows.values("EditionType"),
        edition_statement=rows.value("EditionStatement"),
        languages=languages(rows, [language_rows(rows)], defaults),
        extents=lists(*extent_rows(rows), len(rows)),
        subjects=lists(*subject_rows(rows), len(rows)),
        audiences=audiences(rows),
        audience_ranges=audience_ranges(rows),
        parts=product_parts(rows, "ProductPart", ("NumberOfItemsOfThisForm", "NumberOfCopies")),
    )


def _title_elements(rows: Rows) -> pa.Array:
    return struct(
        TitleElement,
        level=rows.value("TitleElementLevel"),
        text=rows.value("TitleText"),
        prefix=rows.value("TitlePrefix"),
        without_prefix=rows.value("TitleWithoutPrefix"),
        subtitle=rows.value("Subtitle"),
        part_number=rows.value("PartNumber"),
    )


def full_texts(elements: pa.Array) -> pa.Array:
    """The title of each level, with its prefix where that was sent apart."""
    return pc.coalesce(elements.field("text"), joined(elements.field("prefix"), elements.field("without_prefix")))


def _firsts(above: np.ndarray, values: pa.Array, count: int) -> tuple[pa.Array, np.ndarray]:
    """The first value that is stated for each row above; and which values these are."""
    chosen = np.flatnonzero(stated(values))
    rows, first = np.unique(above[chosen], return_index=True)
    place = np.full(count, -1, np.int64)
    place[rows] = chosen[first]
    taken = np.zeros(len(values), np.bool_)
    taken[chosen[first]] = True
    return values.take(pa.array(place, mask=place < 0)), taken


_NAME_PARTS = ("TitlePrefix", "TitleWithoutPrefix")


def _names(elements: Rows) -> pa.Array:
    """The title of each level; its prefix is left over where the whole is stated."""
    text, apart = elements.value("TitleText"), joined(*(elements.value(part) for part in _NAME_PARTS))
    elements.leave(stated(text), *_NAME_PARTS)
    return pc.coalesce(text, apart)


def _collections(rows: Rows, title_rows: np.ndarray, title_elements: pa.Array) -> pa.Array:
    """Series, and those named only in the product's own title (AUDIOBOOKS 1.5): read both, don't duplicate."""
    one = rows.all("Collection")
    parts: list[Part] = []
    if len(one):
        found = struct(
            Collection,
            type=one.value("CollectionType"),
            **_series(one),
            identifiers=identifiers(one, "CollectionIdentifier", "CollectionIDType"),
        )
        parts.append((one.above, found))
    parts.append(_collections_in_titles(title_rows, title_elements, parts))
    return joined_lists(parts, len(rows))


def _series(rows: Rows) -> dict[str, pa.Array]:
    """Title and number of series; what else their titles say is left over.

    The number may stand on the series' own level, on the product's, or in a CollectionSequence (ONIX P.5).
    """
    details = rows.all("TitleDetail")
    elements = details.all("TitleElement")
    above, count = details.above[elements.above], len(rows)
    level, names, number = elements.value("TitleElementLevel"), _names(elements), elements.value("PartNumber")
    is_own = np.asarray(pc.fill_null(pc.not_equal(level, PRODUCT_LEVEL), fill_value=True))
    of_series, own = _firsts(above, pc.if_else(pa.array(is_own), names, None), count)
    has_own = stated(of_series)[above]
    # Where no level is the series' own, the first one names it.
    _, first = np.unique(above, return_index=True)
    named = own | (~has_own & np.isin(np.arange(len(above)), first))
    elements.leave(~named, "TitleElementLevel", "TitleText", *_NAME_PARTS)
    title, _ = _firsts(above, pc.if_else(pa.array(named), names, None), count)
    part_number, numbered = _firsts(above, number, count)
    elements.leave(~numbered, "PartNumber")
    sequence = rows.value("CollectionSequence/CollectionSequenceNumber")
    rows.leave(stated(part_number), "CollectionSequence/CollectionSequenceNumber")
    return {"title": title, "part_number": pc.coalesce(part_number, sequence)}


def _collections_in_titles(above: np.ndarray, elements: pa.Array, known: list[Part]) -> Part:
    """Level 02 or 03 of a product's own title, where no Collection of that name is stated."""
    of_series = np.asarray(pc.is_in(elements.field("level"), pa.array(COLLECTION_LEVELS)))
    of_series &= stated(full_texts(elements))
    seen = {pair for rows, found in known for pair in zip(rows.tolist(), found.field("title").to_pylist(), strict=True)}
    chosen, titles = [], []
    names = full_texts(elements)
    for place in np.flatnonzero(of_series).tolist():
        pair = (int(above[place]), names[place].as_py())
        if pair not in seen:
            seen.add(pair)
            chosen.append(place)
            titles.append(pair[1])
    count = len(chosen)
    found = struct(
        Collection,
        type=constant(None, count),
        title=pa.array(titles, pa.string()),
        part_number=elements.field("part_number").take(pa.array(chosen, pa.int64())),
        identifiers=empty_lists(count, arrow_type(Collection).field("identifiers").type.value_type),
    )
    return above[chosen], found


def collateral(rows: Rows) -> pa.Array:
    """Block 2: texts and supporting resources, one resource for each version of it."""
    held = rows.among("TextContent", "Text")
    bodies = held.all("Text")
    kinds, audience = held.value("TextType"), held.values("ContentAudience")
    place = pa.array(bodies.above)
    above, found = texts(bodies, kinds.take(place), audience.take(place))
    return struct(Collateral, texts=lists(held.above[above], found, len(rows)), resources=_resources(rows))


def _resources(rows: Rows) -> pa.Array:
    """One for each link of each version; a version without a link is one too."""
    one = rows.among("SupportingResource", "ResourceVersion")
    versions = one.all("ResourceVersion")
    features = versions.all("ResourceVersionFeature")
    links = versions.all("ResourceLink")
    link = links.text()
    linked, link = links.above[stated(link)], link.drop_null()
    linkless = np.setdiff1d(np.arange(len(versions)), linked)
    version = np.concatenate([linked, linkless])
    order = np.argsort(version, kind="stable")
    place = pa.array(version[order])
    resource = pa.array(versions.above[version[order]])
    feature = struct(
        ResourceFeature,
        type=blank(features.value("ResourceVersionFeatureType")),
        value=features.value("FeatureValue"),
    )
    found = struct(
        Resource,
        content_type=blank(one.value("ResourceContentType")).take(resource),
        audiences=one.values("ContentAudience").take(resource),
        mode=one.value("ResourceMode").take(resource),
        form=versions.value("ResourceForm").take(place),
        link=pa.concat_arrays([link, constant(None, len(linkless))]).take(pa.array(order)),
        features=features.listed(feature).take(place),
        dates=dates(versions, "ContentDate", "ContentDateRole").take(place),
    )
    return lists(one.above[np.asarray(resource)], found, len(rows))


def content(rows: Rows) -> pa.Array:
    """Block 3: audiovisual items become chapters; other items are left over (AUDIOBOOKS 1.6)."""
    items = rows.among("ContentItem", "AVItem")
    details = items.all("TitleDetail")
    inner = details.all("TitleElement")
    titles, named = _firsts(details.above[inner.above], _names(inner), len(items))
    inner.leave(~named, "TitleText", *_NAME_PARTS)
    parts = ("ComponentTypeName", "ComponentNumber")
    component = joined(*(items.value(part) for part in parts))
    items.leave(stated(titles), *parts)
    chapters = struct(
        Chapter,
        sequence=items.value("LevelSequenceNumber"),
        type=items.value("AVItem/AVItemType"),
        title=pc.coalesce(titles, component),
        start_seconds=_run_times(items, "AVItem/TimeRun/StartTime"),
        end_seconds=_run_times(items, "AVItem/TimeRun/EndTime"),
        duration_seconds=_run_times(items, "AVItem/AVDuration"),
    )
    return struct(Content, chapters=items.listed(chapters))


def _run_times(rows: Rows, path: str) -> pa.Array:
    """Times of chapters; those that can't be read are left over."""
    said = rows.value(path)
    seconds = run_times(said)
    rows.leave(stated(said) & ~stated(seconds), path)
    return seconds


def publishing(rows: Rows) -> pa.Array:
    """Block 4. In 3.0 a sales restriction may also stand free in the block (AUDIOBOOKS 1.8)."""
    publishers, rights = rows.all("Publisher"), rows.all("SalesRights")
    publisher = struct(
        Publisher,
        role=publishers.value("PublishingRole"),
        name=publishers.value("PublisherName"),
        identifiers=identifiers(publishers, "PublisherIdentifier", "PublisherIDType"),
    )
    right = struct(
        SalesRights,
        type=blank(rights.value("SalesRightsType")),
        territory=territory(rights),
        restrictions=restrictions(rights),
    )
    return struct(
        Publishing,
        imprints=rows.values("Imprint/ImprintName"),
        publishers=publishers.listed(publisher),
        country=rows.value("CountryOfPublication"),
        status=rows.value("PublishingStatus"),
        dates=dates(rows, "PublishingDate", "PublishingDateRole"),
        sales_rights=rights.listed(right),
        row_sales_rights_type=rows.value("ROWSalesRightsType"),
        restrictions=restrictions(rows),
    )


def related(rows: Rows) -> pa.Array:
    """Block 5."""
    works, products = rows.all("RelatedWork"), rows.all("RelatedProduct")
    work = struct(
        RelatedWork,
        relation=blank(works.value("WorkRelationCode")),
        identifiers=identifiers(works, "WorkIdentifier", "WorkIDType"),
    )
    product = struct(
        RelatedProduct,
        relations=products.values("ProductRelationCode"),
        identifiers=identifiers(products, "ProductIdentifier", "ProductIDType"),
        product_form=products.value("ProductForm"),
    )
    return struct(Related, works=works.listed(work), products=products.listed(product))


def production(rows: Rows) -> pa.Array:
    """Block 8, kept whole, in reference names."""
    return struct(Production, raw=translated(rows.text(), _in_reference_names))


def _in_reference_names(inner: str) -> str:
    return Node(etree.fromstring(f"<ProductionDetail>{inner}</ProductionDetail>")).as_xml()


def product_supply(rows: Rows, defaults: Defaults) -> pa.Array:
    """Block 6, one market. Without Market, the whole area of the sales rights is meant (AUDIOBOOKS 1.10)."""
    supplies = rows.all("SupplyDetail")
    return struct(
        ProductSupply,
        market_reference=rows.value("MarketReference"),
        market=territory(rows, "Market/Territory"),
        market_restrictions=restrictions(rows, "Market/SalesRestriction"),
        market_status=rows.value("MarketPublishingDetail/MarketPublishingStatus"),
        market_dates=dates(rows, "MarketPublishingDetail/MarketDate", "MarketDateRole"),
        supplies=supplies.listed(_supply(supplies, defaults)),
    )


def _supply(rows: Rows, defaults: Defaults) -> pa.Array:
    prices = rows.all("Price")
    return struct(
        Supply,
        supplier_role=rows.value("Supplier/SupplierRole"),
        supplier_name=rows.value("Supplier/SupplierName"),
        availability=rows.value("ProductAvailability"),
        unpriced=rows.value("UnpricedItemType"),
        dates=dates(rows, "SupplyDate", "SupplyDateRole"),
        prices=prices.listed(_price(prices, defaults)),
    )


def _price(rows: Rows, defaults: Defaults) -> pa.Array:
    raw, taxes = rows.value("PriceAmount"), rows.all("Tax")
    tax = struct(
        Tax,
        type=taxes.value("TaxType"),
        rate_code=taxes.value("TaxRateCode"),
        percent=taxes.value("TaxRatePercent"),
    )
    return struct(
        Price,
        type=defaulted(rows.value("PriceType"), defaults.price_type),
        qualifier=rows.value("PriceQualifier"),
        conditions=_conditions(rows),
        status=rows.value("PriceStatus"),
        raw_amount=raw,
        amount=amounts(raw),
        currency=defaulted(rows.value("CurrencyCode"), defaults.currency),
        unpriced=rows.value("UnpricedItemType"),
        territory=territory(rows),
        dates=dates(rows, "PriceDate", "PriceDateRole"),
        taxes=taxes.listed(tax),
    )


def _conditions(rows: Rows) -> pa.Array:
    one = rows.all("PriceCondition")
    quantities = one.all("PriceConditionQuantity")
    quantity = struct(
        ConditionQuantity,
        type=quantities.value("PriceConditionQuantityType"),
        value=quantities.value("Quantity"),
        unit=quantities.value("QuantityUnit"),
    )
    return one.listed(
        struct(PriceCondition, type=one.value("PriceConditionType"), quantities=quantities.listed(quantity))
    )
