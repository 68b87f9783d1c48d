"""What reading makes of a message, whatever its format. The rooms that read meet in it with the step that files it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bindery.catalogue.record import Record, Source
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
        bytes_hash: SHA-256, in hex, over the record's bytes and what it inherits from the header.
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


class Message(Protocol):
    """An open message, of any format. ``records()`` is iterated once; ``facts`` and ``counts`` are final after it."""

    facts: MessageFacts
    counts: Counts

    def records(self) -> Iterator[ParsedRecord]:
        """The records in message order, unreadable ones among them."""
        ...
