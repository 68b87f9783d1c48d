"""The document ``bindery read --json`` prints. Its schema is published in ``docs/read.schema.json``.

Records are flat here, as a person or a script asks for them; the blocks they are merged by are ``catalogue/record``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.facts import Facts
from bindery.catalogue.record import Descriptive, Extent, Price, ProductSupply, Record
from bindery.cli.document_model import Counts, FindingPart, MessagePart, ReadDocument, RecordPart
from bindery.findings import Finding
from bindery.home import PROJECT
from bindery.quality.codes import unknown_codes
from bindery.reading import Batch, Message, MessageFacts, ParsedRecord, parsed_records
from bindery.steps.derive import records_table
from bindery.trade.codelists import DEFAULT_ISSUE
from bindery.trade.encodings import iana_name

TRACKS, TOTAL_DURATION = "11", "09"
ORIGINAL_TITLE = "03"

_TEXTS = ("composition", "contributor_statement", "edition_statement")
_LISTS = (
    "product_form_details",
    "product_content_types",
    "technical_protections",
    "titles",
    "collections",
    "contributors",
    "languages",
    "extents",
    "edition_types",
    "subjects",
    "audiences",
    "audience_ranges",
    "parts",
)
"""What is shown of block 1 as it is."""


Tell = Callable[[int, int], None]
"""Is told how far reading is: records so far, and the byte after the last."""


def _tell_nobody(_records: int, _byte_end: int) -> None: ...


def document_of(
    path: Path,
    message: Message,
    *,
    records: bool,
    everything: bool,
    codelists: int = DEFAULT_ISSUE,
    tell: Tell = _tell_nobody,
) -> ReadDocument:
    """Reads a message to its end and says what is in it.

    Args:
        path: The file as received.
        message: It, opened.
        records: Whether to carry the records along.
        everything: Whether those out of scope are among them.
        codelists: Issue of the code lists that its codes are judged by.
        tell: Is told how far it is.
    """
    counts, findings = Counts(), list[Finding]()
    listed: list[RecordPart] = []
    for batch in message.batches():
        table = records_table(batch, None, test_records=False)
        findings += batch.findings
        findings += unknown_codes(table, issue=codelists, release=message.facts.release)
        _count(counts, table)
        if records:
            listed += _listed(batch, table, everything=everything)
        tell(counts.received, table["source"][-1]["byte_end"].as_py() if table.num_rows else 0)
    counts.no_product = message.facts.no_product
    return ReadDocument(
        message=_message_part(path, message.facts),
        counts=counts,
        findings=[
            FindingPart.model_validate({name: value for name, value in finding.items() if name != "position"})
            for finding in _in_order(findings, message.counts.findings)
        ],
        unmapped=dict(sorted(message.counts.unmapped.items())),
        records=listed if records else None,
    )


def _count(counts: Counts, table: pa.Table) -> None:
    read = table.filter(table["readable"])
    counts.received += table.num_rows
    counts.read += read.num_rows
    counts.unreadable += table.num_rows - read.num_rows
    counts.out_of_scope += pc.sum(pc.equal(read["scope"], "not_audio"), min_count=0).as_py()
    counts.test += pc.sum(pc.equal(read["scope"], "test"), min_count=0).as_py()


def _listed(batch: Batch, table: pa.Table, *, everything: bool) -> Iterator[RecordPart]:
    """Those of a batch that are to be shown."""
    wanted = table["readable"] if everything else pc.and_(table["readable"], pc.equal(table["scope"], "in"))
    rows = table.filter(wanted).to_pylist()
    for parsed, row in zip(parsed_records(Batch(batch.table.filter(wanted))), rows, strict=True):
        if parsed.record is not None:
            yield record_part(parsed, parsed.record, cast("Facts", row), row["scope"])


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
        encoding=iana_name(facts.encoding) if facts.encoding else None,
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
            "record_source_type": record["record_source_type"],
            "record_source_name": record["record_source_name"],
            "identifiers": record["identifiers"],
            **_descriptive(descriptive),
            "publication_date": _publication_date(record, facts),
            "dates": publishing["dates"] if publishing else [],
            "publishers": publishing["publishers"] if publishing else [],
            "imprints": publishing["imprints"] if publishing else [],
            "country": publishing["country"] if publishing else None,
            "descriptions": collateral["texts"] if collateral else [],
            "resources": collateral["resources"] if collateral else [],
            "chapters": content["chapters"] if content else [],
            "sales_rights": [
                {"type": right["type"], **right["territory"], "restrictions": right["restrictions"]}
                for right in (publishing["sales_rights"] if publishing else [])
            ],
            "row_sales_rights_type": publishing["row_sales_rights_type"] if publishing else None,
            "restrictions": publishing["restrictions"] if publishing else [],
            "prices": list(_prices(record)),
            "markets": [_market(market) for market in record["supply"] or []],
            "related_products": related["products"] if related else [],
            "related_works": related["works"] if related else [],
            "unmapped": {one["path"]: one["count"] for one in record["unmapped"]},
            "source": record["source"],
        }
    )


def _descriptive(block: Descriptive | None) -> dict[str, Any]:
    return {
        **{name: block[name] if block else [] for name in _LISTS},  # type: ignore[literal-required]  # all are keys
        **{name: block[name] if block else None for name in _TEXTS},  # type: ignore[literal-required]  # all are keys
        "original_title": _original_title(block),
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
                    "conditions": price["conditions"],
                    "status": price["status"],
                    "amount": _as_stated(price),
                    "currency": price["currency"],
                    "unpriced": price["unpriced"] or supply["unpriced"],
                    **price["territory"],
                    "from": edges.get("14"),
                    "until": edges.get("15"),
                    "dates": price["dates"],
                    "taxes": price["taxes"],
                    "supplier_role": supply["supplier_role"],
                    "supplier_name": supply["supplier_name"],
                    "availability": supply["availability"],
                    "market": market["market"],
                }


def _market(market: ProductSupply) -> dict[str, Any]:
    return {
        "reference": market["market_reference"],
        **market["market"],
        "status": market["market_status"],
        "dates": market["market_dates"],
        "restrictions": market["market_restrictions"],
        "supplies": [
            {name: value for name, value in supply.items() if name != "prices"} for supply in market["supplies"]
        ],
    }


def _as_stated(price: Price) -> str | None:
    """An amount with the decimals it was sent with; what was sent where that is no amount."""
    raw, amount = price["raw_amount"], price["amount"]
    if raw is None or amount is None or re.fullmatch(r"[0-9]+(\.[0-9]+)?", raw):
        return raw
    return f"{amount.normalize():f}"


def publish_schema(path: Path) -> None:
    """Writes the document's JSON Schema, for ``docs/read.schema.json``."""
    schema = ReadDocument.model_json_schema(mode="serialization")
    path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    publish_schema(PROJECT / "docs" / "read.schema.json")
