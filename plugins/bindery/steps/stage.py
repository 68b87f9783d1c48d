"""Stage: a gated message goes into the warehouse, in one transaction; its records wait there for the merge."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from bindery.catalogue import staging
from bindery.catalogue.keeping import keep_versions
from bindery.claims import GatedMessage, ReadMessage, Receipt, RefusedMessage, StagedMessage
from bindery.errors import ConfigurationError
from bindery.feeds.declaration import Feed
from bindery.findings import Severity
from bindery.home import Home
from bindery.steps.known import remember
from bindery.steps.read import contents_of
from bindery.warehouse import open_writer
from bindery.warehouse.engine import Warehouse

State = Literal["staged", "held", "refused", "repeat", "undone"]


def stage(gated: GatedMessage, feed: Feed, *, home: Home) -> StagedMessage:
    """Put a message that was read, judged and gated into the warehouse.

    Staged again it changes nothing (law 5). The same bytes under another name or on another day are a repeat: only
    their arrival is written. A message that was refused before and can be read now takes the refusal's place.

    Args:
        gated: The message; its work folder holds ``records``, ``findings`` and ``verdicts.parquet``.
        feed: Its feed.
        home: Where work folders and warehouse are.

    Returns:
        What it is in the warehouse, and how many records it has.

    Raises:
        LawBrokenError: The work folder does not hold one record and one verdict for each record received (law 2).
        ConfigurationError: The work folder is gone, or the message is another supplier's.
    """
    message = gated.judged.message
    receipt = message.receipt
    work = home.root / message.work
    with open_writer(home) as warehouse, warehouse.transaction():
        known = _known(warehouse, receipt)
        if known is not None and known[0] != "refused":
            return _arrived_again(warehouse, receipt, feed, known)
        rows = staging.received_rows(
            _present(work, receipt),
            supplier=receipt.supplier,
            message_id=receipt.message_id,
            ordering_key=message.ordering_key,
            received=message.received,
            held=gated.held,
        )
        _write_feed(warehouse, feed)
        _write_arrival(warehouse, receipt, feed, known=known)
        if known is not None:
            named = {"supplier": receipt.supplier, "message_id": receipt.message_id}
            warehouse.run("catalogue/forget_refusal", **named)
            warehouse.run("catalogue/forget_refusal_findings", **named)
        state: Literal["staged", "held"] = "held" if gated.held else "staged"
        warehouse.load("messages", message_row(message, state, "; ".join(gated.reasons) or None))
        warehouse.load("received_records", rows)
        write_versions(warehouse, receipt, work, feed, home)
        findings = pq.read_table(work / "findings.parquet")
        warehouse.load(
            "findings", staging.finding_rows(findings, supplier=receipt.supplier, message_id=receipt.message_id)
        )
    if state == "staged":
        # After the commit: what is remembered is staged. Killed in between, it is only read once more.
        remember(work, message, feed, home=home)
    return StagedMessage(
        supplier=receipt.supplier, message_id=receipt.message_id, state=state, received=message.received
    )


def stage_refused(refused: RefusedMessage, feed: Feed, *, home: Home) -> StagedMessage:
    """Put a message that could not be read into the warehouse, as refused, with what is wrong with it.

    Args:
        refused: The message.
        feed: Its feed.
        home: Where the warehouse is.

    Returns:
        The message as refused, with no records; as a repeat where the same bytes arrived before.

    Raises:
        ConfigurationError: The message is another supplier's.
    """
    receipt = refused.receipt
    with open_writer(home) as warehouse, warehouse.transaction():
        known = _known(warehouse, receipt)
        if known is not None:
            return _arrived_again(warehouse, receipt, feed, known)
        _write_feed(warehouse, feed)
        _write_arrival(warehouse, receipt, feed, known=None)
        row = _receipt_row(receipt) | {"ordering_key": "", "received": 0, "state": "refused", "reason": refused.reason}
        warehouse.load("messages", pa.Table.from_pylist([row]))
        finding = {
            "supplier": receipt.supplier,
            "message_id": receipt.message_id,
            "rule": refused.rule,
            "severity": Severity.BLOCK.value,
            "text": refused.reason,
            "fix": refused.fix,
        }
        warehouse.load("findings", pa.Table.from_pylist([finding]))
    return StagedMessage(supplier=receipt.supplier, message_id=receipt.message_id, state="refused", received=0)


def release(supplier: str, message_id: str, *, home: Home) -> StagedMessage:
    """Let a held message through, because a person said so: the next merge takes it.

    A message that was released before is left as it is (law 5).

    Args:
        supplier: Who sent it.
        message_id: SHA-256 of its bytes.
        home: Where the warehouse is.

    Raises:
        ConfigurationError: There is no such message, or it was refused, so that there is nothing to let through.
    """
    named = {"supplier": supplier, "message_id": message_id}
    with open_writer(home) as warehouse, warehouse.transaction():
        found = warehouse.run("catalogue/find_message", **named).to_pylist()
        if not found or found[0]["state"] == "refused":
            raise ConfigurationError(
                f"message {message_id} of {supplier} is {'refused' if found else 'unknown'}, so it cannot be released",
                fix="Name a message that bindery status lists as held.",
            )
        if found[0]["state"] == "held":
            # The message goes last: an engine without transactions runs both again.
            warehouse.run("catalogue/release_records", **named)
            warehouse.run("catalogue/release_message", **named)
    return StagedMessage(**named, state="staged", received=found[0]["received"])


def _known(warehouse: Warehouse, receipt: Receipt) -> tuple[str, int] | None:
    rows = warehouse.run("catalogue/find_message", supplier=receipt.supplier, message_id=receipt.message_id).to_pylist()
    return (rows[0]["state"], rows[0]["received"]) if rows else None


def _arrived_again(warehouse: Warehouse, receipt: Receipt, feed: Feed, known: tuple[str, int]) -> StagedMessage:
    is_repeat = _write_arrival(warehouse, receipt, feed, known=known)
    states: dict[str, State] = {"held": "held", "refused": "refused", "undone": "undone"}
    return StagedMessage(
        supplier=receipt.supplier,
        message_id=receipt.message_id,
        state="repeat" if is_repeat else states.get(known[0], "staged"),
        received=known[1],
    )


def _write_arrival(warehouse: Warehouse, receipt: Receipt, feed: Feed, *, known: tuple[str, int] | None) -> bool:
    """Write the arrival unless it is there; returns whether it repeats a message that arrived before."""
    if receipt.supplier != feed.supplier:
        raise ConfigurationError(
            f"{receipt.name} is a message of {receipt.supplier}, but feed {feed.name} is of {feed.supplier}",
            fix=f"Run the message through the feed that received it, {receipt.feed}.",
        )
    arrival = {"feed": receipt.feed, "feed_day": receipt.feed_day, "name": receipt.name}
    arrivals = warehouse.run(
        "catalogue/find_arrivals", supplier=receipt.supplier, message_id=receipt.message_id
    ).to_pylist()
    for row in arrivals:
        if arrival.items() <= row.items():
            return bool(row["is_repeat"])
    is_repeat = known is not None
    row = arrival | {
        "supplier": receipt.supplier,
        "message_id": receipt.message_id,
        "size": receipt.size,
        "is_repeat": is_repeat,
    }
    warehouse.load("arrivals", pa.Table.from_pylist([row]))
    return is_repeat


def _write_feed(warehouse: Warehouse, feed: Feed) -> None:
    supplier: dict[str, object] = {"supplier": feed.supplier, "precedence": feed.precedence}
    warehouse.run("catalogue/queue_supplier", **supplier)
    warehouse.run("catalogue/write_supplier", **supplier)
    absence = {"absence": feed.absence.policy, "absent_after": feed.absence.after}
    declared: dict[str, object] = {"feed": feed.name, "supplier": feed.supplier, **absence}
    warehouse.run("catalogue/queue_feed", **declared)
    warehouse.run("catalogue/write_feed", **declared)


def write_versions(warehouse: Warehouse, receipt: Receipt, work: Path, feed: Feed, home: Home) -> None:
    """Keep the contents of a message's records that are not kept yet.

    Args:
        warehouse: The open writer; the message's rows of ``received_records`` are written.
        receipt: The message.
        work: Its work folder.
        feed: The feed it came by.
        home: Where its bytes are: of a record that was known and is kept no more they are read again.
    """
    unknown = warehouse.run(
        "catalogue/unknown_versions", supplier=receipt.supplier, message_id=receipt.message_id
    ).column("content_hash")
    wanted = set(unknown.to_pylist())
    lost = wanted & staging.known_contents(work)
    again = contents_of(receipt, feed, home=home, wanted=lost) if lost else iter(())
    keep_versions(warehouse, chain(staging.versions(work, wanted - lost), again))


def _present(work: Path, receipt: Receipt) -> Path:
    for name in ("records.parquet", "findings.parquet", "verdicts.parquet"):
        if not (work / name).is_file():
            raise ConfigurationError(
                f"{work / name} is missing, so {receipt.name} of {receipt.supplier} cannot be staged",
                fix="Run read and judge again for this message: they make it from the archived bytes.",
            )
    return work


def _receipt_row(receipt: Receipt) -> dict[str, object]:
    return {
        "supplier": receipt.supplier,
        "message_id": receipt.message_id,
        "feed": receipt.feed,
        "feed_day": receipt.feed_day,
        "name": receipt.name,
    }


def message_row(message: ReadMessage, state: str, reason: str | None) -> pa.Table:
    """The row of ``messages`` for a message that was read."""
    stated = message.model_dump(
        include={
            "format",
            "release",
            "tags",
            "encoding",
            "sender",
            "sent_at",
            "message_number",
            "message_repeat",
            "scope",
            "ordering_key",
            "received",
        }
    )
    row = _receipt_row(message.receipt) | stated | {"state": state, "reason": reason}
    return pa.Table.from_pylist([{name: value for name, value in row.items() if value is not None}])
