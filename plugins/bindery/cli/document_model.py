"""The parts of the document ``bindery read --json`` prints (see ``document``)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MessagePart(_Part):
    """``sha256`` is of the bytes as received. ``scope`` is null: full or delta is the feed's to say."""

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


class Counts(_Part):
    """``received`` is ``read`` and ``unreadable``; ``out_of_scope`` (not audio) and ``test`` are among ``read``."""

    received: int = 0
    read: int = 0
    unreadable: int = 0
    out_of_scope: int = 0
    test: int = 0
    no_product: bool = False


class FindingPart(_Part):
    """``line`` counts from 1; ``byte_start`` is the offset in the file once unpacked."""

    rule: str
    severity: Literal["block", "hold_part", "warn", "tip"]
    record_reference: str | None
    path: str | None
    line: int | None
    byte_start: int | None
    text: str
    fix: str


class IdentifierPart(_Part):
    """An identifier as sent."""

    type: str
    type_name: str | None
    value: str


class CollectionPart(_Part):
    """A series."""

    title: str | None
    part_number: str | None


class ContributorPart(_Part):
    """``roles``: List 17. ``unnamed``: List 19."""

    sequence: int | None
    roles: list[str]
    name: str | None
    name_inverted: str | None
    names_before_key: str | None
    key_names: str | None
    corporate_name: str | None
    unnamed: str | None
    alternative_names: list[str]
    identifiers: list[IdentifierPart]
    biography: str | None


class LanguagePart(_Part):
    """``role``: List 22. ``code``: List 74."""

    role: str
    code: str


class ExtentPart(_Part):
    """``type``: List 23. ``unit``: List 24."""

    type: str
    value: str
    unit: str


class SubjectPart(_Part):
    """``scheme``: List 27."""

    scheme: str
    scheme_name: str | None
    version: str | None
    code: str | None
    heading: str | None
    main: bool


class DatePart(_Part):
    """``date`` is ISO 8601 cut to ``precision``."""

    role: str
    raw: str
    format: str | None
    date: str | None
    precision: Literal["year", "month", "day", "time"] | None


class RestrictionPart(_Part):
    """``type``: List 71."""

    type: str
    outlets: list[str]
    note: str | None


class TerritoryPart(_Part):
    """Countries: List 91. Regions: List 49."""

    countries_included: list[str]
    regions_included: list[str]
    countries_excluded: list[str]
    regions_excluded: list[str]


class SalesRightsPart(TerritoryPart):
    """``type``: List 46."""

    type: str
    restrictions: list[RestrictionPart]


class PricePart(TerritoryPart):
    """``amount`` is a decimal, or what was sent where that is none. ``from`` and ``until``: List 173, 14 and 15."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    type: str | None
    qualifier: str | None
    conditions: list[dict[str, Any]]
    status: str | None
    amount: str | None
    currency: str | None
    unpriced: str | None
    valid_from: str | None = Field(alias="from")
    until: str | None
    dates: list[DatePart]
    taxes: list[dict[str, Any]]
    availability: str | None
    market: TerritoryPart


class SourcePart(_Part):
    """Where the record is in the file."""

    byte_start: int
    byte_end: int
    line: int


class RecordPart(_Part):
    """One record. Lists and dictionaries not detailed here are as in the record model."""

    position: int
    scope: Literal["in", "not_audio", "test"]
    record_reference: str | None
    notification_type: str | None
    kind: Literal["full", "block", "delete"]
    deletion_text: list[str]
    touches: list[str]
    isbn13: str | None
    isbn_problem: str | None
    identifiers: list[IdentifierPart]
    is_audio: bool | None
    product_form: str | None
    product_form_details: list[str]
    primary_content_type: str | None
    title: str | None
    subtitle: str | None
    original_title: str | None
    collections: list[CollectionPart]
    contributors: list[ContributorPart]
    authors: list[str]
    narrators: list[str]
    narration_type: str
    languages: list[LanguagePart]
    language: str | None
    duration_seconds: int | None
    track_count: int | None
    extents: list[ExtentPart]
    edition_types: list[str]
    abridged: Literal["yes", "no", "unknown"]
    subjects: list[SubjectPart]
    audiences: list[dict[str, Any]]
    audience_ranges: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    publisher: str | None
    imprint: str | None
    publishing_status: str | None
    dates: list[DatePart]
    publication_date: str | None
    descriptions: list[dict[str, Any]]
    resources: list[dict[str, Any]]
    chapters: list[dict[str, Any]]
    sales_rights: list[SalesRightsPart]
    row_sales_rights_type: str | None
    restrictions: list[RestrictionPart] = Field(description="Sales restrictions of the whole record.")
    rights_status: str
    sale_countries: list[str]
    subscription_countries: list[str]
    availability: str | None
    prices: list[PricePart]
    related_products: list[dict[str, Any]]
    related_works: list[dict[str, Any]]
    unmapped: dict[str, int]
    source: SourcePart


class ReadDocument(_Part):
    """What ``bindery read --json`` prints for one file; ``records`` is there with ``--records`` only."""

    message: MessagePart
    counts: Counts
    findings: list[FindingPart]
    unmapped: dict[str, int]
    records: list[RecordPart] | None = None
