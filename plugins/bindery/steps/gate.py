"""The step that holds a message which goes beyond its feed's limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from bindery.claims import GatedMessage, JudgedMessage, ReadMessage
from bindery.feeds.declaration import Feed
from bindery.home import Home
from bindery.quality.gate import Counts, LastFull, Limits, reasons
from bindery.warehouse import open_snapshot


def gate(judged: JudgedMessage, feed: Feed, *, home: Home) -> GatedMessage:
    """Hold a message that goes beyond its feed's limits, or let it through.

    Compares with the feed's last full message as the published snapshot knows it, before this message in order: so a
    message gated again is weighed against the same one. A held message changes nothing in the catalogue.

    Args:
        judged: The message; its work folder holds ``records.parquet`` and ``verdicts.parquet``.
        feed: Its feed.
        home: Where work folder and warehouse are.

    Returns:
        The message, whether it is held, and why in words with the numbers.
    """
    message = judged.message
    last_full = _last_full(message, feed, home) if message.scope == "full" else None
    limits = Limits(**feed.gate.model_dump())
    work = home.root / message.work
    counts = _counts(message, work)
    if message.scope == "full" and feed.absence.policy == "withdraw":
        counts = _with_missing(counts, message, work, home)
    found = reasons(counts, limits, last_full)
    return GatedMessage(judged=judged, held=bool(found), reasons=found)


def _counts(message: ReadMessage, work: Path) -> Counts:
    records = pq.read_table(
        work / "records.parquet", columns=["position", "kind", "publishing_withdrawal", "supply_withdrawal"]
    ).sort_by("position")
    verdict = pq.read_table(work / "verdicts.parquet").sort_by("position")["verdict"]
    in_scope = pc.not_equal(verdict, "out_of_scope")
    deleted = pc.fill_null(pc.equal(records["kind"], "delete"), fill_value=False)
    signal = pc.coalesce(records["publishing_withdrawal"], records["supply_withdrawal"])
    withdrawn = pc.and_(in_scope, pc.or_(deleted, pc.is_valid(signal)))
    return Counts(
        scope=message.scope,
        received=message.received,
        in_scope=pc.sum(in_scope, min_count=0).as_py(),
        quarantined=pc.sum(pc.equal(verdict, "quarantine"), min_count=0).as_py(),
        withdrawals=pc.sum(withdrawn, min_count=0).as_py(),
        no_product=message.no_product,
    )


def _with_missing(counts: Counts, message: ReadMessage, work: Path, home: Home) -> Counts:
    with open_snapshot(home) as warehouse:
        listed = warehouse.run(
            "quality/listed_records", feed=message.receipt.feed, ordering_key=message.ordering_key
        ).column("record_reference")
    there = pq.read_table(work / "records.parquet", columns=["record_reference"])["record_reference"]
    missing = pc.invert(pc.is_in(listed, value_set=there.combine_chunks()))
    return replace(counts, listed=len(listed), missing=pc.sum(missing, min_count=0).as_py())


def _last_full(message: ReadMessage, feed: Feed, home: Home) -> LastFull | None:
    with open_snapshot(home) as warehouse:
        rows = warehouse.run(
            "quality/last_full_message",
            feed=feed.name,
            message_id=message.receipt.message_id,
            ordering_key=message.ordering_key,
        ).to_pylist()
    return LastFull(name=rows[0]["name"], received=rows[0]["received"]) if rows else None
