"""Claim checks: what one step hands to the next. Paths are relative to the home, so a claim survives a move."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Claim(BaseModel):
    """Base of the claims: immutable, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RemoteFile(Claim):
    """A file seen at a supplier's.

    Attributes:
        name: Path relative to the feed's folder, with forward slashes; it identifies the file within the feed.
        size: Bytes; None where the transport cannot tell.
        modified: Last change, in UTC; None where the transport cannot tell.
    """

    name: str
    size: int | None = None
    modified: datetime | None = None


class Receipt(Claim):
    """A message whose bytes are archived.

    Attributes:
        message_id: SHA-256 of the bytes as received, in lower-case hex.
        path: Where the bytes are, relative to the home.
        size: Bytes.
    """

    supplier: str
    feed: str
    feed_day: date
    name: str
    message_id: str
    path: str
    size: int
    modified: datetime | None = None


class ReadMessage(Claim):
    """A message that was read.

    Attributes:
        receipt: What was read.
        work: Folder relative to the home, holding ``records.parquet`` and ``read_findings.parquet``.
        ordering_key: Sorts messages of a supplier: sent at, number, repeat (AUDIOBOOKS 1.4), as one string.
        received: Records in the message, unreadable ones among them.
        known: Of these, the ones whose bytes were read and judged before.
        scope: Whether it replaces the whole catalogue of the feed or reports changes.
        no_product: The message says that nothing changed.
    """

    receipt: Receipt
    work: str
    format: str
    release: str | None = None
    tags: Literal["reference", "short", "mixed"] | None = None
    encoding: str | None = None
    sender: str | None = None
    sent_at: datetime | None = None
    message_number: str | None = None
    message_repeat: int | None = None
    scope: Literal["full", "delta"]
    ordering_key: str
    received: int
    unreadable: int
    known: int = 0
    not_audio: int
    test: int
    no_product: bool = False


class JudgedMessage(Claim):
    """A message whose records were judged. ``findings.parquet`` and ``verdicts.parquet`` lie in its work folder."""

    message: ReadMessage
    findings: int
    blocked: int


class GatedMessage(Claim):
    """A message that the feed's gate let through or holds.

    Attributes:
        held: Whether a person must decide first.
        reasons: Which thresholds it tripped, in words with the numbers.
    """

    judged: JudgedMessage
    held: bool
    reasons: tuple[str, ...] = ()


class RefusedMessage(Claim):
    """A message that could not be read at all."""

    receipt: Receipt
    rule: str
    reason: str
    fix: str


class StagedMessage(Claim):
    """A message that is in the warehouse, its records waiting for the merge."""

    supplier: str
    message_id: str
    state: Literal["staged", "held", "refused", "repeat", "undone"]
    received: int


class FeedDay(Claim):
    """What became of one day of one feed. ``outcomes`` counts records by outcome; they add up to ``received``."""

    feed: str
    feed_day: date
    messages: int
    refused: int
    repeats: int
    received: int
    outcomes: dict[str, int]


class MergeResult(Claim):
    """What one step of the merge did. ``rows`` is the number of rows it changed."""

    step: str
    rows: int


class Plan(Claim):
    """What one delivery is to carry: the difference between desired and accepted (law 7).

    Attributes:
        delivery_id: Derived from recipient and items, so the same plan is the same delivery.
        work: Folder relative to the home, holding ``items.parquet`` and ``omissions.parquet``.
    """

    recipient: str
    delivery_id: str
    number: int
    partition_key: str | None
    work: str
    items: int
    withdrawals: int
    omitted: int


class Package(Claim):
    """A delivery as one folder of files, ready to send. ``sha256`` and ``bytes`` are of ``files`` together."""

    plan: Plan
    folder: str
    files: tuple[str, ...]
    items: int
    bytes: int
    sha256: str


class SentDelivery(Claim):
    """A delivery that lies at the recipient's."""

    package: Package
    destination: str


class AcknowledgedDelivery(Claim):
    """What the recipient said of a delivery."""

    sent: SentDelivery
    status: Literal["accepted", "rejected", "silent"]
    rejected: tuple[str, ...] = ()
