"""The parts of a record in the document ``bindery read --json`` prints: the record model's, as JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of the document: a name it doesn't have is a mistake of ours, and fails."""

    model_config = ConfigDict(extra="forbid")


class IdentifierPart(Part):
    """An identifier as sent."""

    type: str
    type_name: str | None
    value: str


class TitleElementPart(Part):
    """``level``: List 149 (01 product, 02 collection)."""

    level: str | None
    text: str | None
    prefix: str | None
    without_prefix: str | None
    subtitle: str | None
    part_number: str | None


class TitlePart(Part):
    """``type``: List 15 (01 distinctive, 03 in the original language)."""

    type: str | None
    elements: list[TitleElementPart]


class CollectionPart(Part):
    """A series. ``type``: List 148. Identifiers: List 13."""

    type: str | None
    title: str | None
    part_number: str | None
    identifiers: list[IdentifierPart]


class ContributorPart(Part):
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


class LanguagePart(Part):
    """``role``: List 22. ``code``: List 74."""

    role: str
    code: str


class ExtentPart(Part):
    """``type``: List 23. ``unit``: List 24."""

    type: str
    value: str
    unit: str


class SubjectPart(Part):
    """``scheme``: List 27."""

    scheme: str
    scheme_name: str | None
    version: str | None
    code: str | None
    heading: str | None
    main: bool


class AudiencePart(Part):
    """``type``: List 29. ``value``: List 28 where the type is 01."""

    type: str
    value: str


class AudienceRangePart(Part):
    """``qualifier``: List 30. ``precisions``: List 31, one a bound."""

    qualifier: str | None
    precisions: list[str]
    bounds: list[str]


class ProductPartPart(Part):
    """One item of a product of several."""

    is_primary: bool
    product_form: str | None
    product_form_details: list[str]
    product_content_types: list[str]
    identifiers: list[IdentifierPart]
    quantity: str | None


class DatePart(Part):
    """``date`` is ISO 8601 cut to ``precision``."""

    role: str
    raw: str
    format: str | None
    date: str | None
    precision: Literal["year", "month", "day", "time"] | None


class TextPart(Part):
    """``type``: List 153. ``audiences``: List 154. ``html`` is cleaned; ``raw`` is as sent."""

    type: str
    audiences: list[str]
    language: str | None
    html: str
    raw: str


class ResourceFeaturePart(Part):
    """``type``: List 162."""

    type: str
    value: str | None


class ResourcePart(Part):
    """``content_type``: List 158. ``audiences``: List 154. ``mode``: List 159. ``form``: List 161."""

    content_type: str
    audiences: list[str]
    mode: str | None
    form: str | None
    link: str | None
    features: list[ResourceFeaturePart]
    dates: list[DatePart]


class ChapterPart(Part):
    """Times in seconds from the beginning of the book."""

    sequence: str | None
    type: str | None
    title: str | None
    start_seconds: float | None
    end_seconds: float | None
    duration_seconds: float | None


class PublisherPart(Part):
    """``role``: List 45. Identifiers: List 44."""

    role: str | None
    name: str | None
    identifiers: list[IdentifierPart]


class RestrictionPart(Part):
    """``type``: List 71."""

    type: str
    outlets: list[str]
    note: str | None


class TerritoryPart(Part):
    """Countries: List 91. Regions: List 49."""

    countries_included: list[str]
    regions_included: list[str]
    countries_excluded: list[str]
    regions_excluded: list[str]


class SalesRightsPart(TerritoryPart):
    """``type``: List 46."""

    type: str
    restrictions: list[RestrictionPart]


class TaxPart(Part):
    """``type``: List 171. ``rate_code``: List 62."""

    type: str | None
    rate_code: str | None
    percent: str | None


class ConditionQuantityPart(Part):
    """``type``: List 168. ``unit``: List 169."""

    type: str | None
    value: str | None
    unit: str | None


class PriceConditionPart(Part):
    """``type``: List 167."""

    type: str | None
    quantities: list[ConditionQuantityPart]


class PricePart(TerritoryPart):
    """``amount`` is a decimal, or what was sent where that is none. ``from`` and ``until``: List 173, 14 and 15.

    ``market``, ``availability`` and the supplier are those of the SupplyDetail the price stands in.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    type: str | None
    qualifier: str | None
    conditions: list[PriceConditionPart]
    status: str | None
    amount: str | None
    currency: str | None
    unpriced: str | None
    valid_from: str | None = Field(alias="from")
    until: str | None
    dates: list[DatePart]
    taxes: list[TaxPart]
    supplier_role: str | None
    supplier_name: str | None
    availability: str | None
    market: TerritoryPart


class SupplyPart(Part):
    """``supplier_role``: List 93. ``availability``: List 65. ``unpriced``: List 57. Its prices are in ``prices``."""

    supplier_role: str | None
    supplier_name: str | None
    availability: str | None
    unpriced: str | None
    dates: list[DatePart]


class MarketPart(TerritoryPart):
    """``status``: List 68."""

    reference: str | None
    status: str | None
    dates: list[DatePart]
    restrictions: list[RestrictionPart]
    supplies: list[SupplyPart]


class RelatedProductPart(Part):
    """``relations``: List 51."""

    relations: list[str]
    identifiers: list[IdentifierPart]
    product_form: str | None


class RelatedWorkPart(Part):
    """``relation``: List 164. Identifiers: List 16."""

    relation: str
    identifiers: list[IdentifierPart]


class SourcePart(Part):
    """Where the record is in the file once unpacked; of UTF-16 and UTF-32, in its form in UTF-8."""

    byte_start: int
    byte_end: int
    line: int
