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

import pyarrow as pa

from bindery.catalogue.facts import Facts
from bindery.catalogue.facts_of import facts_of
from bindery.catalogue.record import Descriptive, Extent, Record
from bindery.catalogue.record_schema import RECORDS_SCHEMA
from bindery.cli.document_model import Counts, FindingPart, MessagePart, ReadDocument, RecordPart
from bindery.findings import Finding
from bindery.home import PROJECT
from bindery.quality.codes import unknown_codes
from bindery.reading import Message, MessageFacts, ParsedRecord
from bindery.steps.read import row_of, scope_of
from bindery.trade.codelists import DEFAULT_ISSUE

TRACKS, TOTAL_DURATION = "11", "09"
_BATCH = 1_000
ORIGINAL_TITLE, DISTINCTIVE_TITLE = "03", "01"


def document_of(
    path: Path, message: Message, *, records: bool, everything: bool, codelists: int = DEFAULT_ISSUE
) -> ReadDocument:
    """Reads a message to its end and says what is in it.

    Args:
        path: The file as received.
        message: It, opened.
        records: Whether to carry the records along.
        everything: Whether those out of scope are among them.
        codelists: Issue of the code lists that its codes are judged by.
    """
    counts, listed, findings = Counts(), [], []
    codes = _Codes(message, codelists)
    for parsed in message.records():
        counts.received += 1
        findings += parsed.findings
        codes.add(parsed)
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
            for finding in _in_order([*findings, *codes.findings()], message.counts.findings)
        ],
        unmapped=dict(sorted(message.counts.unmapped.items())),
        records=listed if records else None,
    )


class _Codes:
    """Judges the codes of records a table at a time, as the step that reads does."""

    def __init__(self, message: Message, issue: int) -> None:
        self._message, self._issue = message, issue
        self._rows: list[dict[str, Any]] = []
        self._found: list[Finding] = []

    def add(self, parsed: ParsedRecord) -> None:
        self._rows.append(row_of(parsed, test_records=False))
        if len(self._rows) >= _BATCH:
            self._judge()

    def findings(self) -> list[Finding]:
        self._judge()
        return self._found

    def _judge(self) -> None:
        table = pa.Table.from_pylist(self._rows, schema=RECORDS_SCHEMA)
        self._rows = []
        self._found += unknown_codes(table, issue=self._issue, release=self._message.facts.release)


def _in_order(of_records: list[Finding], of_message: list[Finding]) -> list[Finding]:
    """By record, then those about the message as a whole."""
    return [*sorted(of_records, key=lambda one: one["position"] or 0), *of_message]


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
            "audiences": [dict(one) for one in descriptive["audiences"]] if descriptive else [],
            "audience_ranges": [dict(one) for one in descriptive["audience_ranges"]] if descriptive else [],
            "parts": [dict(one) for one in descriptive["parts"]] if descriptive else [],
            "resources": [dict(resource) for resource in collateral["resources"]] if collateral else [],
            "chapters": [dict(chapter) for chapter in content["chapters"]] if content else [],
            "sales_rights": [
                {"type": right["type"], **right["territory"], "restrictions": right["restrictions"]}
                for right in (publishing["sales_rights"] if publishing else [])
            ],
            "row_sales_rights_type": publishing["row_sales_rights_type"] if publishing else None,
            "restrictions": publishing["restrictions"] if publishing else [],
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
                    "conditions": [dict(one) for one in price["conditions"]],
                    "status": price["status"],
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
