"""Messages as the readers and the judge leave them: a work folder each, and the claims that lead to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq

from bindery.catalogue.merging import Run
from bindery.catalogue.record import BLOCKS, ProductSupply, Publishing, SalesRights
from bindery.catalogue.record_schema import RECORDS_SCHEMA
from bindery.claims import GatedMessage, JudgedMessage, MergeResult, ReadMessage, Receipt, StagedMessage
from bindery.feeds.declaration import Absence, Feed, FolderTransport
from bindery.home import Home
from bindery.steps import merge, stage
from bindery.trade.dates import dated_role
from bindery.warehouse import Warehouse, duckdb
from tests.trade.builders import market, price, publishing, right, supply, territory

DAY = date(2026, 3, 1)
RUN = Run(day=DAY, at=datetime(2026, 3, 1, 6, tzinfo=UTC), name="test")
ISBN_A = "9780000000019"
ISBN_B = "9780000000026"
ISBN_C = "9780000000033"


@dataclass(frozen=True)
class Sent:
    """One record as sent. ``blocks`` gives each block touched a text; None clears it."""

    reference: str | None = "r1"
    kind: str = "full"
    isbn13: str | None = ISBN_A
    blocks: tuple[tuple[str, str | None], ...] = ()
    publishing_withdrawal: str | None = None
    supply_withdrawal: str | None = None
    sale: tuple[str, ...] = ("GB", "US")
    subscription: tuple[str, ...] = ("GB",)
    verdict: str = "pass"
    form: str = "AJ"

    @property
    def content_hash(self) -> str:
        said = (self.reference, self.kind, self.isbn13, self.blocks, self.publishing_withdrawal)
        return digest(said, self.supply_withdrawal, self.sale, self.subscription, self.form)

    @property
    def touches(self) -> tuple[str, ...]:
        return BLOCKS if self.kind == "full" else tuple(name for name, _ in self.blocks)

    def states(self, block: str) -> bool:
        return dict(self.blocks).get(block) is not None

    @property
    def withdrawal(self) -> str | None:
        return "notification:05" if self.kind == "delete" else self.publishing_withdrawal or self.supply_withdrawal


def full(text: str = "a", *, reference: str = "r1", **said: Any) -> Sent:
    blocks = said.pop("blocks", tuple((block, text) for block in BLOCKS))
    return Sent(reference=reference, blocks=blocks, **said)


def block(*blocks: tuple[str, str | None], reference: str = "r1", **said: Any) -> Sent:
    return Sent(reference=reference, kind="block", blocks=blocks, **said)


def delete(*, reference: str = "r1", isbn13: str | None = None, **said: Any) -> Sent:
    return Sent(reference=reference, kind="delete", isbn13=isbn13, sale=(), subscription=(), **said)


@dataclass(frozen=True)
class Message:
    supplier: str
    key: str
    records: tuple[Sent, ...]
    held: bool = False
    name: str = field(default="")
    feed: str = ""
    scope: Literal["full", "delta"] = "delta"

    @property
    def of_feed(self) -> str:
        return self.feed or f"{self.supplier}_daily"

    @property
    def message_id(self) -> str:
        return digest(self.supplier, self.key, self.records)


def message(supplier: str, key: str, *records: Sent, held: bool = False, **said: Any) -> Message:
    return Message(supplier, key, records, held, f"{supplier}-{key}.xml", **said)


def digest(*said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()


def feed_of(supplier: str, precedence: int = 100, *, name: str = "", absence: Absence | None = None) -> Feed:
    return Feed(
        name=name or f"{supplier}_daily",
        supplier=supplier,
        title=supplier,
        owner="tests",
        transport=FolderTransport(kind="folder", path="in"),
        precedence=precedence,
        absence=absence or Absence(),
    )


PUBLISHED = date(2026, 4, 1)
PRICE, CURRENCY = Decimal("9.99"), "GBP"


def _rights(sent: Sent) -> list[SalesRights]:
    """Rights that allow what the record's facts say, and no more (Lists 46, 71)."""
    sale, subscription = set(sent.sale), set(sent.subscription)
    allowed = {(): sale & subscription, ("12",): sale - subscription, ("13",): subscription - sale}
    rights = [right("02", *limits, inc=" ".join(sorted(where))) for limits, where in allowed.items() if where]
    # For sale in a part of a country: nowhere that we offer, and yet no withdrawal.
    return rights or [right("02", reg="US-CA")]


def _stated_code(signal: str | None, of: str, otherwise: str | None = None) -> str | None:
    kind, _, code = (signal or "").partition(":")
    return code if kind == of else otherwise


def _publishing(text: str, sent: Sent) -> Publishing:
    return publishing(
        *_rights(sent),
        row="03",
        imprints=[text],
        publishers=[{"role": "01", "name": text, "identifiers": []}],
        status=_stated_code(sent.publishing_withdrawal, "publishing_status"),
        dates=[dated_role("01", f"{PUBLISHED:%Y%m%d}", "00")],
    )


def _supply(text: str, sent: Sent) -> list[ProductSupply]:
    available = _stated_code(sent.supply_withdrawal, "availability", "20")
    return [
        market(
            supply(available, price(str(PRICE), CURRENCY)),
            status=_stated_code(sent.supply_withdrawal, "market_status"),
            reference=text,
            market=territory(reg="WORLD"),
        )
    ]


_STATED: dict[str, Callable[[str, Sent], Any]] = {
    "descriptive": lambda text, _: {"contributor_statement": text},
    "collateral": lambda text, _: {"texts": [{"type": "03", "html": text, "raw": text}]},
    "content": lambda text, _: {"chapters": [{"title": text}]},
    "publishing": _publishing,
    "related": lambda text, _: {"works": [{"relation": text}]},
    "production": lambda text, _: {"raw": text},
    "supply": _supply,
}


def _row(position: int, sent: Sent) -> dict[str, Any]:
    stated = dict(sent.blocks)
    return {
        "position": position,
        "readable": True,
        "is_known": False,
        "scope": "in",
        "bytes_hash": bytes.fromhex(sent.content_hash),
        "content_hash": sent.content_hash,
        "record_reference": sent.reference,
        "notification_type": {"full": "03", "block": "04", "delete": "05"}[sent.kind],
        "kind": sent.kind,
        "isbn13": sent.isbn13,
        "touches": list(sent.touches),
        "title": stated.get("descriptive"),
        "product_form": sent.form if sent.states("descriptive") else None,
        "publisher": stated.get("publishing"),
        "rights_status": "known",
        "publication_date": PUBLISHED,
        "price_amount": PRICE,
        "price_currency": CURRENCY,
        "sale_countries": list(sent.sale),
        "subscription_countries": list(sent.subscription),
        "publishing_withdrawal": sent.publishing_withdrawal,
        "supply_withdrawal": sent.supply_withdrawal,
        "source": {"byte_start": position * 100, "byte_end": position * 100 + 99, "line": position + 1},
        **{name: _STATED[name](text, sent) for name, text in sent.blocks if text is not None},
    }


def records_of(sent: Iterable[Sent]) -> pa.Table:
    """Rows of ``records.parquet``."""
    rows = [_row(position, record) for position, record in enumerate(sent)]
    return pa.Table.from_pylist(rows, schema=RECORDS_SCHEMA)


_VERDICTS = pa.schema([("position", pa.int64()), ("verdict", pa.string()), ("reason", pa.string())])
_FINDINGS = pa.schema(
    [
        ("rule", pa.string()),
        ("severity", pa.string()),
        ("position", pa.int64()),
        ("record_reference", pa.string()),
        ("path", pa.string()),
        ("line", pa.int64()),
        ("byte_start", pa.int64()),
        ("text", pa.string()),
        ("fix", pa.string()),
    ]
)


def gated(sent: Message, home: Home, *, day: date = DAY, name: str | None = None) -> GatedMessage:
    """Write the message's work folder and make the claim that the gate would hand on."""
    work = home.work(sent.supplier, sent.message_id)
    if not work.is_dir():
        work.mkdir(parents=True)
        pq.write_table(records_of(sent.records), work / "records.parquet")
        verdicts = [
            {
                "position": position,
                "verdict": record.verdict,
                "reason": "R1" if record.verdict == "quarantine" else None,
            }
            for position, record in enumerate(sent.records)
        ]
        pq.write_table(pa.Table.from_pylist(verdicts, schema=_VERDICTS), work / "verdicts.parquet")
        findings = [
            {"rule": "R1", "severity": "block", "position": position, "text": "no title", "fix": "State a title."}
            for position, record in enumerate(sent.records)
            if record.verdict == "quarantine"
        ]
        pq.write_table(pa.Table.from_pylist(findings, schema=_FINDINGS), work / "findings.parquet")
    receipt = receipt_of(sent, day=day, name=name)
    count = len(sent.records)
    read = ReadMessage(
        receipt=receipt,
        work=str(work.relative_to(home.root)),
        format="onix",
        scope=sent.scope,
        ordering_key=sent.key,
        received=count,
        unreadable=0,
        not_audio=0,
        test=0,
    )
    blocked = sum(record.verdict == "quarantine" for record in sent.records)
    judged = JudgedMessage(message=read, findings=blocked, blocked=blocked)
    return GatedMessage(judged=judged, held=sent.held, reasons=("too much",) if sent.held else ())


def receipt_of(sent: Message, *, day: date = DAY, name: str | None = None) -> Receipt:
    return Receipt(
        supplier=sent.supplier,
        feed=sent.of_feed,
        feed_day=day,
        name=name or sent.name,
        message_id=sent.message_id,
        path=f"archive/{sent.message_id}",
        size=100,
    )


def take(sent: Message, home: Home, *, precedence: int = 100, absence: Absence | None = None) -> StagedMessage:
    feed = feed_of(sent.supplier, precedence, name=sent.of_feed, absence=absence)
    return stage.stage(gated(sent, home), feed, home=home)


def merge_all(home: Home) -> list[MergeResult]:
    return [*(step(home, RUN) for step in merge.STEPS), merge.verify(home)]


@contextmanager
def one_warehouse(home: Home) -> Iterator[duckdb.DuckDBWarehouse]:
    """Every step writes to one warehouse in memory: the same engine and statements, no file to open each time."""
    warehouse = duckdb.in_memory(home)

    @contextmanager
    def opened(_home: Home) -> Iterator[Warehouse]:
        yield warehouse

    try:
        with (
            mock.patch("bindery.steps.stage.open_writer", opened),
            mock.patch("bindery.steps.settle.open_writer", opened),
            mock.patch("bindery.steps.undo.open_writer", opened),
            mock.patch("bindery.steps.settle.open_snapshot", opened),
            mock.patch("bindery.warehouse.open_writer", opened),
        ):
            yield warehouse
    finally:
        warehouse.close()


def rows(warehouse: Warehouse, table: str) -> list[dict[str, Any]]:
    """A table's rows, sorted."""
    assert isinstance(warehouse, duckdb.DuckDBWarehouse)
    found: Iterable[dict[str, Any]] = warehouse._connection.table(table).to_arrow_table().to_pylist()
    return sorted(found, key=lambda row: repr(list(row.values())))


def outcomes(warehouse: Warehouse) -> dict[str, tuple[str, str | None]]:
    """The outcome and reason of each record received, by ordering key and position."""
    return {
        f"{row['ordering_key']}.{row['position']}": (row["outcome"], row["reason"])
        for row in rows(warehouse, "received_records")
    }
