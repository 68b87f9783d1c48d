"""The record model: one product as one supplier states it in one message, whatever format it came in.

It is the meeting place of the rooms that read (``onix``, ``formats``), judge (``quality``), merge (``catalogue``) and
send (``delivery``). The blocks are those of ONIX for Books 3.x, because a block update (notification type 04) replaces
whole blocks (AUDIOBOOKS 1.3); other formats and ONIX 2.1 are mapped onto the same blocks. Codes are kept raw, as sent;
what they mean is read from the code lists. A list with nothing in it is ``[]``; a value not stated is ``None``, never a
default (FEATURES N5). The Arrow form of the same model is in ``record_schema``, and a test holds the two together.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from typing_extensions import TypedDict

Kind = Literal["full", "block", "delete"]
"""What a notification does: replace the whole record (01-03), replace some blocks (04; 12-14 in 2.1), delete (05)."""

BLOCKS = ("descriptive", "collateral", "content", "publishing", "related", "production", "supply")
"""Block names, in the order of ONIX 3.1; each is a column of the record."""


class Identifier(TypedDict):
    """An identifier as sent. ``type``: List 5 for products, 44 for names, 16 for works, 13 for collections."""

    type: str
    type_name: str | None
    value: str


class TitleElement(TypedDict):
    """One level of a title. ``level``: List 149 (01 product, 02 collection, 04 content item)."""

    level: str | None
    text: str | None
    prefix: str | None
    without_prefix: str | None
    subtitle: str | None
    part_number: str | None


class Title(TypedDict):
    """``type``: List 15 (01 distinctive, 03 in original language)."""

    type: str | None
    elements: list[TitleElement]


class Collection(TypedDict):
    """A series. ``type``: List 148."""

    type: str | None
    title: str | None
    part_number: str | None
    identifiers: list[Identifier]


class Contributor(TypedDict):
    """``roles``: List 17. ``unnamed``: List 19. ``name`` is in reading order. ``biography`` is cleaned HTML."""

    sequence: int | None
    roles: list[str]
    name: str | None
    name_inverted: str | None
    names_before_key: str | None
    key_names: str | None
    corporate_name: str | None
    unnamed: str | None
    alternative_names: list[str]
    identifiers: list[Identifier]
    biography: str | None


class Language(TypedDict):
    """``role``: List 22. ``code``: List 74."""

    role: str
    code: str


class Extent(TypedDict):
    """``type``: List 23. ``unit``: List 24. ``value`` as sent."""

    type: str
    value: str
    unit: str


class Subject(TypedDict):
    """``scheme``: List 27 (26 for 2.1's main subject)."""

    scheme: str
    scheme_name: str | None
    version: str | None
    code: str | None
    heading: str | None
    main: bool


class Audience(TypedDict):
    """``type``: List 29. ``value``: List 28 where the type is 01."""

    type: str
    value: str


class AudienceRange(TypedDict):
    """Ages or grades. ``qualifier``: List 30. ``precisions``: List 31 (01, 03 from, 04 to), one a bound."""

    qualifier: str | None
    precisions: list[str]
    bounds: list[str]


class ProductPart(TypedDict):
    """One item of a product of several. ``quantity``: how often it is in it, as sent."""

    is_primary: bool
    product_form: str | None
    product_form_details: list[str]
    product_content_types: list[str]
    identifiers: list[Identifier]
    quantity: str | None


class Descriptive(TypedDict):
    """Block 1, DescriptiveDetail."""

    composition: str | None
    product_form: str | None
    product_form_details: list[str]
    primary_content_type: str | None
    product_content_types: list[str]
    technical_protections: list[str]
    titles: list[Title]
    collections: list[Collection]
    contributors: list[Contributor]
    contributor_statement: str | None
    edition_types: list[str]
    edition_statement: str | None
    languages: list[Language]
    extents: list[Extent]
    subjects: list[Subject]
    audiences: list[Audience]
    audience_ranges: list[AudienceRange]
    parts: list[ProductPart]


class DatedRole(TypedDict):
    """A date with its role (List 163 publishing, 166 supply, 155 content, 173 price) as sent, and what it means.

    ``date`` is ISO 8601 cut to its ``precision`` (year, month, day, time); None where it could not be read.
    """

    role: str
    raw: str
    format: str | None
    date: str | None
    precision: Literal["year", "month", "day", "time"] | None


class Text(TypedDict):
    """``type``: List 153. ``audiences``: List 154. ``html`` is cleaned; ``raw`` is as sent."""

    type: str
    audiences: list[str]
    language: str | None
    html: str
    raw: str


class ResourceFeature(TypedDict):
    """``type``: List 162."""

    type: str
    value: str | None


class Resource(TypedDict):
    """``content_type``: List 158. ``audiences``: List 154. ``mode``: List 159. ``form``: List 161."""

    content_type: str
    audiences: list[str]
    mode: str | None
    form: str | None
    link: str | None
    features: list[ResourceFeature]
    dates: list[DatedRole]


class Collateral(TypedDict):
    """Block 2, CollateralDetail."""

    texts: list[Text]
    resources: list[Resource]


class Chapter(TypedDict):
    """One AVItem of Block 3. Times in seconds from the beginning of the book."""

    sequence: str | None
    type: str | None
    title: str | None
    start_seconds: float | None
    end_seconds: float | None
    duration_seconds: float | None


class Content(TypedDict):
    """Block 3, ContentDetail."""

    chapters: list[Chapter]


class Publisher(TypedDict):
    """``role``: List 45."""

    role: str | None
    name: str | None
    identifiers: list[Identifier]


class Restriction(TypedDict):
    """``type``: List 71."""

    type: str
    outlets: list[str]
    note: str | None


class Territory(TypedDict):
    """Codes as sent, split at white space. Countries: List 91. Regions: List 49."""

    countries_included: list[str]
    regions_included: list[str]
    countries_excluded: list[str]
    regions_excluded: list[str]


class SalesRights(TypedDict):
    """``type``: List 46."""

    type: str
    territory: Territory
    restrictions: list[Restriction]


class Publishing(TypedDict):
    """Block 4, PublishingDetail. ``status``: List 64. ``row_sales_rights_type``: List 46."""

    imprints: list[str]
    publishers: list[Publisher]
    country: str | None
    status: str | None
    dates: list[DatedRole]
    sales_rights: list[SalesRights]
    row_sales_rights_type: str | None
    restrictions: list[Restriction]


class RelatedWork(TypedDict):
    """``relation``: List 164."""

    relation: str
    identifiers: list[Identifier]


class RelatedProduct(TypedDict):
    """``relations``: List 51."""

    relations: list[str]
    identifiers: list[Identifier]
    product_form: str | None


class Related(TypedDict):
    """Block 5, RelatedMaterial."""

    works: list[RelatedWork]
    products: list[RelatedProduct]


class Production(TypedDict):
    """Block 8, ProductionDetail, kept as sent."""

    raw: str


class Tax(TypedDict):
    """``type``: List 171. ``rate_code``: List 62. ``percent`` as sent."""

    type: str | None
    rate_code: str | None
    percent: str | None


class ConditionQuantity(TypedDict):
    """``type``: List 168. ``unit``: List 169. ``value`` as sent."""

    type: str | None
    value: str | None
    unit: str | None


class PriceCondition(TypedDict):
    """What a price depends on, such as a number of loans. ``type``: List 167."""

    type: str | None
    quantities: list[ConditionQuantity]


class Price(TypedDict):
    """One price. ``type``: List 58. ``qualifier``: List 59. ``status``: List 61. ``unpriced``: List 57.

    ``amount`` is None where it is unpriced or could not be read; ``raw_amount`` is as sent. ``type`` and ``currency``
    have the header's defaults applied.
    """

    type: str | None
    qualifier: str | None
    conditions: list[PriceCondition]
    status: str | None
    raw_amount: str | None
    amount: Decimal | None
    currency: str | None
    unpriced: str | None
    territory: Territory
    dates: list[DatedRole]
    taxes: list[Tax]


class Supply(TypedDict):
    """SupplyDetail. ``supplier_role``: List 93. ``availability``: List 65. ``unpriced``: List 57."""

    supplier_role: str | None
    supplier_name: str | None
    availability: str | None
    unpriced: str | None
    dates: list[DatedRole]
    prices: list[Price]


class ProductSupply(TypedDict):
    """Block 6, one market. ``market_status``: List 68."""

    market_reference: str | None
    market: Territory
    market_restrictions: list[Restriction]
    market_status: str | None
    market_dates: list[DatedRole]
    supplies: list[Supply]


class Source(TypedDict):
    """Where the record's bytes are in the archived message (law 4). ``line`` counts from 1."""

    byte_start: int
    byte_end: int
    line: int


class UnmappedElement(TypedDict):
    """An element the model has no place for: counted, and kept in the archived bytes (FEATURES P7)."""

    path: str
    count: int


class Record(TypedDict):
    """One product as one supplier states it in one message.

    ``touches`` names the blocks this record replaces: all of them for a full record, those present (an empty one
    clears) for a block update, none for a delete. A block it touches and that is None is cleared.
    """

    record_reference: str
    notification_type: str
    kind: Kind
    deletion_text: list[str]
    record_source_type: str | None
    record_source_name: str | None
    identifiers: list[Identifier]
    touches: list[str]
    descriptive: Descriptive | None
    collateral: Collateral | None
    content: Content | None
    publishing: Publishing | None
    related: Related | None
    production: Production | None
    supply: list[ProductSupply] | None
    unmapped: list[UnmappedElement]
    source: Source
