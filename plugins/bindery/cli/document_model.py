"""The document ``bindery read --json`` prints (see ``document``), where it differs from the record model."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bindery.catalogue.record import (
    Audience,
    AudienceRange,
    Chapter,
    Collection,
    Contributor,
    DatedRole,
    Extent,
    Identifier,
    Language,
    PriceCondition,
    ProductPart,
    Publisher,
    RelatedProduct,
    RelatedWork,
    Resource,
    Restriction,
    Source,
    Subject,
    Tax,
    Territory,
    Text,
    Title,
)


class Part(BaseModel):
    """A part of the document: a name it doesn't have is a mistake of ours, and fails."""

    # Holds for the parts of the record model in it, too.
    model_config = ConfigDict(extra="forbid")


class MessagePart(Part):
    """``sha256`` is of the bytes as received. ``encoding`` is an IANA name in lower case.

    ``scope`` is null: full or delta is the feed's to say.
    """

    name: str
    sha256: str
    format: str
    release: str | None
    tags: Literal["reference", "short", "mixed"] | None
    encoding: str | None
    sender: str | None
    sent_at: str | None
    message_number: str | None
    scope: Literal["full", "delta"] | None


class Counts(Part):
    """``received`` is ``read`` and ``unreadable``; ``out_of_scope`` (not audio) and ``test`` are among ``read``."""

    received: int = 0
    read: int = 0
    unreadable: int = 0
    out_of_scope: int = 0
    test: int = 0
    no_product: bool = False


class FindingPart(Part):
    """``line`` counts from 1; ``byte_start`` is the offset in the file once unpacked."""

    rule: str
    severity: Literal["block", "hold_part", "warn", "tip"]
    record_reference: str | None
    path: str | None
    line: int | None
    byte_start: int | None
    text: str
    fix: str


class TerritoryPart(Part):
    """Countries: List 91. Regions: List 49."""

    countries_included: list[str]
    regions_included: list[str]
    countries_excluded: list[str]
    regions_excluded: list[str]


class SalesRightsPart(TerritoryPart):
    """``type``: List 46."""

    type: str
    restrictions: list[Restriction]


class PricePart(TerritoryPart):
    """``amount`` is a decimal, or what was sent where that is none. ``from`` and ``until``: List 173, 14 and 15.

    ``market``, ``availability`` and the supplier are those of the SupplyDetail the price stands in.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    type: str | None
    qualifier: str | None
    conditions: list[PriceCondition]
    status: str | None
    amount: str | None
    currency: str | None
    unpriced: str | None
    valid_from: str | None = Field(alias="from")
    until: str | None
    dates: list[DatedRole]
    taxes: list[Tax]
    supplier_role: str | None
    supplier_name: str | None
    availability: str | None
    market: Territory


class SupplyPart(Part):
    """``supplier_role``: List 93. ``availability``: List 65. ``unpriced``: List 57. Its prices are in ``prices``."""

    supplier_role: str | None
    supplier_name: str | None
    availability: str | None
    unpriced: str | None
    dates: list[DatedRole]


class MarketPart(TerritoryPart):
    """``status``: List 68."""

    reference: str | None
    status: str | None
    dates: list[DatedRole]
    restrictions: list[Restriction]
    supplies: list[SupplyPart]


class RecordPart(Part):
    """One record. Codes are kept as sent; ``country`` is that of publication."""

    position: int
    scope: Literal["in", "not_audio", "test"]
    record_reference: str | None
    notification_type: str | None
    kind: Literal["full", "block", "delete"]
    deletion_text: list[str]
    touches: list[str]
    record_source_type: str | None
    record_source_name: str | None
    isbn13: str | None
    isbn_problem: str | None
    identifiers: list[Identifier]
    is_audio: bool | None
    composition: str | None
    product_form: str | None
    product_form_details: list[str]
    primary_content_type: str | None
    product_content_types: list[str]
    technical_protections: list[str]
    title: str | None
    subtitle: str | None
    original_title: str | None
    titles: list[Title]
    collections: list[Collection]
    contributors: list[Contributor]
    contributor_statement: str | None
    authors: list[str]
    narrators: list[str]
    narration_type: str
    languages: list[Language]
    language: str | None
    duration_seconds: int | None
    track_count: int | None
    extents: list[Extent]
    edition_types: list[str]
    edition_statement: str | None
    abridged: Literal["yes", "no", "unknown"]
    subjects: list[Subject]
    audiences: list[Audience]
    audience_ranges: list[AudienceRange]
    parts: list[ProductPart]
    publisher: str | None
    publishers: list[Publisher]
    imprint: str | None
    imprints: list[str]
    country: str | None
    publishing_status: str | None
    dates: list[DatedRole]
    publication_date: str | None
    descriptions: list[Text]
    resources: list[Resource]
    chapters: list[Chapter]
    sales_rights: list[SalesRightsPart]
    row_sales_rights_type: str | None
    restrictions: list[Restriction]
    rights_status: str
    sale_countries: list[str]
    subscription_countries: list[str]
    availability: str | None
    prices: list[PricePart]
    markets: list[MarketPart]
    related_products: list[RelatedProduct]
    related_works: list[RelatedWork]
    unmapped: dict[str, int]
    source: Source


class ReadDocument(Part):
    """What ``bindery read --json`` prints for one file; ``records`` is there with ``--records`` only."""

    message: MessagePart
    counts: Counts
    findings: list[FindingPart]
    unmapped: dict[str, int]
    records: list[RecordPart] | None = None
