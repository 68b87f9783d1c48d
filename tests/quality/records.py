"""Records made by hand: a good one, and the parts that tests change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bindery.catalogue.record import BLOCKS
from bindery.catalogue.record_schema import RECORDS_SCHEMA
from bindery.claims import ReadMessage, Receipt
from bindery.home import Home
from bindery.quality.judge import FINDINGS_SCHEMA

DESCRIPTION = "A young woman in Highbury sets out to arrange the lives of her friends, and finds her own."


def contributor(**changes: Any) -> dict[str, Any]:
    isni = {"type": "16", "type_name": None, "value": "0000000121268987"}
    good = {"sequence": 1, "roles": ["E07"], "name": "Jane Roe", "alternative_names": [], "identifiers": [isni]}
    return good | changes


def subject(scheme: str, code: str) -> dict[str, Any]:
    return {"scheme": scheme, "code": code, "main": True}


def text(kind: str, audiences: list[str]) -> dict[str, Any]:
    return {"type": kind, "audiences": audiences, "html": DESCRIPTION, "raw": DESCRIPTION}


def price(amount: str | None, currency: str | None) -> dict[str, Any]:
    return {
        "market_reference": None,
        "supplies": [{"prices": [{"type": "02", "raw_amount": amount, "currency": currency}]}],
    }


def descriptive(**changes: Any) -> dict[str, Any]:
    good = {
        "contributors": [contributor()],
        "subjects": [subject("93", "FBC")],
        "audiences": [{"type": "01", "value": "01"}],
    }
    return good | changes


def record(position: int = 0, **changes: Any) -> dict[str, Any]:
    """A full record that no rule has anything to say about, with some columns changed."""
    good = {
        "position": position,
        "readable": True,
        "is_known": False,
        "scope": "in",
        "bytes_hash": f"bytes-{position}",
        "content_hash": f"content-{position}",
        "record_reference": f"com.example.{position:04}",
        "notification_type": "03",
        "kind": "full",
        "identifiers": [{"type": "15", "value": "9783161484100"}],
        "touches": list(BLOCKS),
        "isbn13": "9783161484100",
        "isbn_problem": None,
        "is_audio": True,
        "product_form": "AJ",
        "title": "Emma",
        "authors": ["Jane Austen"],
        "narrators": ["Jane Roe"],
        "narration_type": "human",
        "language": "eng",
        "duration_seconds": 41_400,
        "abridged": "no",
        "main_subject": "FBC",
        "description": DESCRIPTION,
        "cover_link": "https://example.com/emma.jpg",
        "publication_date": date(2026, 3, 1),
        "rights_status": "known",
        "sale_countries": ["GB"],
        "subscription_countries": [],
        "price_count": 1,
        "price_amount": Decimal("19.99"),
        "price_currency": "EUR",
        "price_problem": None,
        "descriptive": descriptive(),
        "collateral": {"texts": [text("03", ["00"])], "resources": []},
        "supply": [price("19.99", "EUR")],
        "unmapped": [],
        "source": {"byte_start": 1000 * position, "byte_end": 1000 * position + 999, "line": 10 * position + 1},
    }
    return good | changes


def block_update(position: int = 0, *touches: str, **changes: Any) -> dict[str, Any]:
    """A block update with nothing but its header and the blocks named."""
    kept = ("position", "readable", "is_known", "scope", "record_reference", "identifiers", "isbn13", "source")
    header = {name: value for name, value in record(position).items() if name in kept}
    header |= {"notification_type": "04", "kind": "block", "touches": list(touches), "narrators": []}
    return header | {"narration_type": "unknown", "abridged": "unknown", "rights_status": "none"} | changes


def delete(position: int = 0, **changes: Any) -> dict[str, Any]:
    """A delete with reference and type alone."""
    return block_update(position) | {"notification_type": "05", "kind": "delete", "identifiers": []} | changes


def unreadable(position: int = 0, **changes: Any) -> dict[str, Any]:
    kept = ("position", "bytes_hash", "source")
    return (
        {name: value for name, value in record(position).items() if name in kept}
        | {"readable": False, "is_known": False}
        | changes
    )


def finding(rule: str, severity: str, position: int | None, **changes: Any) -> dict[str, Any]:
    said = {"path": "Product", "text": "Something is wrong.", "fix": "Correct it."}
    return {"rule": rule, "severity": severity, "position": position} | said | changes


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(records, schema=RECORDS_SCHEMA), path)
    return path


def message(
    home: Home,
    records: list[dict[str, Any]],
    findings: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> ReadMessage:
    """A message as reading leaves it, its files in the home."""
    receipt = Receipt(
        supplier="example",
        feed="example_audio",
        feed_day=date(2026, 3, 1),
        name="2026-03-01/onix.xml",
        message_id="ab" * 32,
        path="archive/ab",
        size=1,
    )
    work = home.work("example", receipt.message_id)
    work.mkdir(parents=True, exist_ok=True)
    write(work / "records.parquet", records)
    pq.write_table(pa.Table.from_pylist(findings or [], schema=FINDINGS_SCHEMA), work / "read_findings.parquet")
    fields: dict[str, Any] = {
        "receipt": receipt,
        "work": str(work.relative_to(home.root)),
        "format": "onix",
        "sent_at": datetime(2026, 3, 1, tzinfo=UTC),
        "scope": "delta",
        "ordering_key": "2026-03-01",
        "received": len(records),
        "unreadable": sum(not one.get("readable") for one in records),
        "not_audio": sum(one.get("scope") == "not_audio" for one in records),
        "test": sum(one.get("scope") == "test" for one in records),
    }
    return ReadMessage(**fields | changes)
