"""The document ``bindery read --json`` prints. Its schema is published in ``docs/read.schema.json``.

Records are flat here, as a person or a script asks for them; the blocks they are merged by are ``catalogue/record``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bindery.catalogue.facts import Facts
from bindery.catalogue.facts_of import facts_of
from bindery.catalogue.record import Descriptive, Extent, Record
from bindery.home import PROJECT
from bindery.reading import Message, MessageFacts, ParsedRecord
from bindery.steps.read import scope_of

TRACKS, TOTAL_DURATION = "11", "09"
ORIGINAL_TITLE, DISTINCTIVE_TITLE = "03", "01"


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


def document_of(path: Path, message: Message, *, records: bool, everything: bool) -> ReadDocument:
    """Reads a message to its end and says what is in it.

    Args:
        path: The file as received.
        message: It, opened.
        records: Whether to carry the records along.
        everything: Whether those out of scope are among them.
    """
    counts, listed, findings = Counts(), [], []
    for parsed in message.records():
        counts.received += 1
        findings += parsed.findings
        if parsed.record is None:
            counts.unreadable += 1
            continue
        counts.read += 1
        facts = facts_of(parsed.record)
        scope = scope_of(parsed.record, facts, test_records=False)
        counts.out_of_scope += scope == "not_audio"
        counts.test += scope == "test"
        if records and (everything or scope == "in"):
            listed.append(record_part(parsed, parsed.record, facts, scope))
    counts.no_product = message.facts.no_product
    return ReadDocument(
        message=_message_part(path, message.facts),
        counts=counts,
        findings=[
            FindingPart.model_validate({name: value for name, value in finding.items() if name != "position"})
            for finding in [*findings, *message.counts.findings]
        ],
        unmapped=dict(sorted(message.counts.unmapped.items())),
        records=listed if records else None,
    )


def _message_part(path: Path, facts: MessageFacts) -> MessagePart:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return MessagePart(
        name=path.name,
        sha256=sha256,
        format=facts.format,
        release=facts.release,
        tags=facts.tags,
        encoding=facts.encoding,
        sender=facts.sender,
        sent_at=_moment(facts.sent_at),
        message_number=facts.message_number,
        scope=None,
    )


def _moment(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def record_part(
    parsed: ParsedRecord, record: Record, facts: Facts, scope: Literal["in", "not_audio", "test"]
) -> RecordPart:
    """A record, flat."""
    descriptive, collateral, publishing = record["descriptive"], record["collateral"], record["publishing"]
    related, content = record["related"], record["content"]
    return RecordPart.model_validate(
        {
            **{name: facts[name] for name in RecordPart.model_fields if name in facts},  # type: ignore[literal-required]  # checked in the comprehension
            "position": parsed.position,
            "scope": scope,
            "record_reference": parsed.record_reference,
            "notification_type": record["notification_type"] or None,
            "kind": record["kind"],
            "deletion_text": record["deletion_text"],
            "touches": record["touches"],
            "identifiers": record["identifiers"],
            **_descriptive(descriptive),
            "publication_date": _publication_date(record, facts),
            "dates": publishing["dates"] if publishing else [],
            "descriptions": [dict(text) for text in collateral["texts"]] if collateral else [],
            "resources": [dict(resource) for resource in collateral["resources"]] if collateral else [],
            "chapters": [dict(chapter) for chapter in content["chapters"]] if content else [],
            "sales_rights": [
                {"type": right["type"], **right["territory"], "restrictions": right["restrictions"]}
                for right in (publishing["sales_rights"] if publishing else [])
            ],
            "row_sales_rights_type": publishing["row_sales_rights_type"] if publishing else None,
            "prices": list(_prices(record)),
            "related_products": [dict(one) for one in related["products"]] if related else [],
            "related_works": [dict(one) for one in related["works"]] if related else [],
            "unmapped": {one["path"]: one["count"] for one in record["unmapped"]},
            "source": record["source"],
        }
    )


def _descriptive(block: Descriptive | None) -> dict[str, Any]:
    names = ("product_form_details", "contributors", "languages", "extents", "edition_types", "subjects")
    return {
        **{name: block[name] if block else [] for name in names},  # type: ignore[literal-required]  # all are keys
        "original_title": _original_title(block),
        "collections": [
            {"title": one["title"], "part_number": one["part_number"]}
            for one in (block["collections"] if block else [])
        ],
        "track_count": _track_count(block["extents"] if block else []),
    }


def _original_title(block: Descriptive | None) -> str | None:
    for title in block["titles"] if block else []:
        if title["type"] == ORIGINAL_TITLE and title["elements"]:
            element = title["elements"][0]
            joined = " ".join(filter(None, (element["prefix"], element["without_prefix"])))
            return element["text"] or joined or None
    return None


def _track_count(extents: list[Extent]) -> int | None:
    """A total duration in tracks is a number of tracks (AUDIOBOOKS 1.5)."""
    counts = (one["value"] for one in extents if one["type"] == TOTAL_DURATION and one["unit"] == TRACKS)
    return next((int(count) for count in counts if count.isascii() and count.isdigit() and len(count) < 10), None)


def _publication_date(record: Record, facts: Facts) -> str | None:
    """As exact as it is stated: a year stays a year."""
    publishing = record["publishing"]
    stated = [one for one in (publishing["dates"] if publishing else []) if one["role"] == "01" and one["date"]]
    if stated and facts["publication_date"]:
        return stated[0]["date"]
    return None


def _prices(record: Record) -> Iterator[dict[str, Any]]:
    for market in record["supply"] or []:
        for supply in market["supplies"]:
            for price in supply["prices"]:
                edges = {one["role"]: one["date"] for one in price["dates"]}
                yield {
                    "type": price["type"],
                    "qualifier": price["qualifier"],
                    "amount": price["raw_amount"] if price["amount"] is None else f"{price['amount']:f}",
                    "currency": price["currency"],
                    "unpriced": price["unpriced"] or supply["unpriced"],
                    **price["territory"],
                    "from": edges.get("14"),
                    "until": edges.get("15"),
                    "dates": [dict(one) for one in price["dates"]],
                    "taxes": [dict(one) for one in price["taxes"]],
                    "availability": supply["availability"],
                    "market": dict(market["market"]),
                }


def publish_schema(path: Path) -> None:
    """Writes the document's JSON Schema, for ``docs/read.schema.json``."""
    schema = ReadDocument.model_json_schema(mode="serialization")
    path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    publish_schema(PROJECT / "docs" / "read.schema.json")
