"""The document ``bindery read --json`` prints (see ``document``); the parts of a record are in ``document_parts``."""

from __future__ import annotations

from typing import Literal

from bindery.cli.document_parts import (
    AudiencePart,
    AudienceRangePart,
    ChapterPart,
    CollectionPart,
    ContributorPart,
    DatePart,
    ExtentPart,
    IdentifierPart,
    LanguagePart,
    MarketPart,
    Part,
    PricePart,
    ProductPartPart,
    PublisherPart,
    RelatedProductPart,
    RelatedWorkPart,
    ResourcePart,
    RestrictionPart,
    SalesRightsPart,
    SourcePart,
    SubjectPart,
    TextPart,
    TitlePart,
)


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
    identifiers: list[IdentifierPart]
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
    titles: list[TitlePart]
    collections: list[CollectionPart]
    contributors: list[ContributorPart]
    contributor_statement: str | None
    authors: list[str]
    narrators: list[str]
    narration_type: str
    languages: list[LanguagePart]
    language: str | None
    duration_seconds: int | None
    track_count: int | None
    extents: list[ExtentPart]
    edition_types: list[str]
    edition_statement: str | None
    abridged: Literal["yes", "no", "unknown"]
    subjects: list[SubjectPart]
    audiences: list[AudiencePart]
    audience_ranges: list[AudienceRangePart]
    parts: list[ProductPartPart]
    publisher: str | None
    publishers: list[PublisherPart]
    imprint: str | None
    imprints: list[str]
    country: str | None
    publishing_status: str | None
    dates: list[DatePart]
    publication_date: str | None
    descriptions: list[TextPart]
    resources: list[ResourcePart]
    chapters: list[ChapterPart]
    sales_rights: list[SalesRightsPart]
    row_sales_rights_type: str | None
    restrictions: list[RestrictionPart]
    rights_status: str
    sale_countries: list[str]
    subscription_countries: list[str]
    availability: str | None
    prices: list[PricePart]
    markets: list[MarketPart]
    related_products: list[RelatedProductPart]
    related_works: list[RelatedWorkPart]
    unmapped: dict[str, int]
    source: SourcePart


class ReadDocument(Part):
    """What ``bindery read --json`` prints for one file; ``records`` is there with ``--records`` only."""

    message: MessagePart
    counts: Counts
    findings: list[FindingPart]
    unmapped: dict[str, int]
    records: list[RecordPart] | None = None
