"""What reading makes of a message, whatever its format. The rooms that read meet in it with the step that files it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bindery.catalogue.record import Record, Source
from bindery.catalogue.record_schema import READ_SCHEMA
from bindery.findings import Finding


@dataclass
class MessageFacts:
    """What a message says about itself.

    Attributes:
        format: ``onix``, ``spreadsheet`` or ``json``.
        release: ``2.1``, ``3.0`` or ``3.1``, from the root's attribute, its namespace or the records' shape.
        tags: Which of ONIX's two tag styles its elements are in; ``mixed`` where both occur.
        encoding: The encoding its text is read in, by Python's name.
        namespace: As sent, official or not.
        sent_at: In UTC; None where it isn't stated or can't be read.
        message_repeat: 1 is the original (AUDIOBOOKS 1.2); None where it isn't stated.
        no_product: The message says that nothing changed.
    """

    format: str
    release: str | None = None
    tags: Literal["reference", "short", "mixed"] | None = None
    encoding: str | None = None
    namespace: str | None = None
    sender: str | None = None
    sent_at: datetime | None = None
    message_number: str | None = None
    message_repeat: int | None = None
    no_product: bool = False


@dataclass
class ParsedRecord:
    """One record of a message, or what is known of one that can't be read.

    Attributes:
        position: Place in the message, from 0.
        record: None where the record can't be read.
        record_reference: None where it isn't stated or couldn't be recovered.
        bytes_hash: A digest, in hex, over the record's bytes and what it inherits from the header.
    """

    position: int
    source: Source
    bytes_hash: str
    record: Record | None = None
    record_reference: str | None = None
    findings: list[Finding] = field(default_factory=list)


@dataclass
class Counts:
    """What the message as a whole came to. Complete only when every record was taken."""

    findings: list[Finding] = field(default_factory=list)
    unmapped: Counter[str] = field(default_factory=Counter)


@dataclass
class Batch:
    """Some records of a message, in message order.

    Attributes:
        table: ``READ_SCHEMA``, a row a record, unreadable ones among them.
        findings: What reading found wrong with them.
        known: Which records were not read, because their bytes are known: of these the table has no more than
            position, hash and source. None where nothing is known.
    """

    table: pa.Table
    findings: list[Finding] = field(default_factory=list)
    known: pa.Array | None = None


IsKnown = Callable[[pa.Array], npt.NDArray[np.bool_]]
"""Tells by the hashes of records' bytes which ones need no reading."""


def nothing_is_known(hashes: pa.Array) -> npt.NDArray[np.bool_]:
    """The answer where everything is to be read."""
    return np.zeros(len(hashes), np.bool_)


class Message(Protocol):
    """An open message, of any format. ``batches()`` is iterated once; ``facts`` and ``counts`` are final after it."""

    facts: MessageFacts
    counts: Counts

    def batches(self, is_known: IsKnown = nothing_is_known) -> Iterator[Batch]:
        """The records in message order, unreadable ones among them, as many at a time as fit in memory.

        Args:
            is_known: Which records need no reading, by the hashes of their bytes. A format whose records cost nothing
                to read may read them all the same.
        """
        ...


BATCH_ROWS = 4_000
"""Records in a batch. A step of a column costs as much for one record as for hundreds."""


class ReadOneByOne(ABC):
    """A message whose format gives one record after the other."""

    facts: MessageFacts
    counts: Counts

    @abstractmethod
    def records(self) -> Iterator[ParsedRecord]:
        """The records in message order, unreadable ones among them."""

    def batches(self, is_known: IsKnown = nothing_is_known) -> Iterator[Batch]:  # noqa: ARG002 - all are read
        """The records in batches, whatever is known of them."""
        records = self.records()
        while some := list(islice(records, BATCH_ROWS)):
            yield batch_of(some)


def batch_of(records: Sequence[ParsedRecord]) -> Batch:
    """Single records in a batch."""
    rows = [_row_of(parsed) for parsed in records]
    findings = [finding for parsed in records for finding in parsed.findings]
    return Batch(pa.Table.from_pylist(rows, schema=READ_SCHEMA), findings)


def _row_of(parsed: ParsedRecord) -> dict[str, Any]:
    row: dict[str, Any] = {"position": parsed.position, "readable": parsed.record is not None}
    row |= {
        "bytes_hash": bytes.fromhex(parsed.bytes_hash),
        "source": parsed.source,
        "record_reference": parsed.record_reference,
    }
    if parsed.record is not None:
        row |= {**parsed.record, "record_reference": parsed.record_reference}
        row["notification_type"] = parsed.record["notification_type"] or None
    return row


def parsed_records(batch: Batch) -> Iterator[ParsedRecord]:
    """A batch's records one by one, for those who look at single ones."""
    findings: dict[int | None, list[Finding]] = {}
    for finding in batch.findings:
        findings.setdefault(finding["position"], []).append(finding)
    for row in batch.table.to_pylist():
        parsed = ParsedRecord(row["position"], row["source"], row["bytes_hash"].hex())
        parsed.record_reference, parsed.findings = row["record_reference"], findings.get(row["position"], [])
        if row["readable"]:
            stated = {name: row[name] for name in Record.__annotations__}
            blank = {name: row[name] or "" for name in ("record_reference", "notification_type")}
            parsed.record = Record(**{**stated, **blank})  # type: ignore[typeddict-item]  # all are keys of Record
        yield parsed
