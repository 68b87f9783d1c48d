"""Replay: a past day read again from the archive, with the sender switched off (FEATURES B2, B4).

The same code reads the same bytes to the same records, and then nothing is written. Where code, rules or the feed's
declaration read them otherwise now, the message's rows are replaced; the next merge takes the records in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, TypedDict

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bindery.catalogue import staging
from bindery.catalogue.blaming.evidence import versions_of
from bindery.catalogue.blaming.spells import BLOCK_OF
from bindery.catalogue.differing import FieldDifference
from bindery.catalogue.shown import LONG, told_apart_by
from bindery.claims import JudgedMessage, ReadMessage, Receipt
from bindery.errors import ConfigurationError, RefusedError
from bindery.feeds.declaration import Feed
from bindery.home import Home
from bindery.steps import fetch, stage
from bindery.steps.gate import gate
from bindery.steps.judge import judge
from bindery.steps.read import read
from bindery.warehouse import open_writer
from bindery.warehouse.engine import Warehouse

SHOWN: Final = 5
"""Records told of in each message."""

_TOLD_LATER: Final = ("outcome", "reason")
"""What the merge makes of a record; the rest follows from the bytes."""

_NAMED: Final = ("record_reference", "isbn13", "kind", "withdrawal", "verdict", "line")
"""What is told of a record that differs, beside its facts."""


class RecordReplayed(TypedDict):
    """A record that is read otherwise now; ``fields`` says in what."""

    position: int
    record_reference: str | None
    fields: list[FieldDifference]


class MessageReplayed(TypedDict):
    """What became of a message that was read again.

    Attributes:
        state: Its state, which stays as it was.
        result: ``same``, ``replaced``, ``staged`` where it was not in the warehouse before; ``repeat`` of a message
            of another day or name, whose replay it is; or ``unreadable`` now, and left as it was staged.
        records: How many records differ.
        fields: In how many records each column of ``received_records`` differs.
        differing: The first of them.
        reason: Why it was not replayed.
    """

    name: str
    message_id: str
    state: str
    result: Literal["same", "replaced", "staged", "repeat", "unreadable"]
    received: int
    records: int
    fields: dict[str, int]
    differing: list[RecordReplayed]
    reason: str | None


def replay(feed: Feed, feed_day: date, *, home: Home) -> list[MessageReplayed]:
    """Read a feed day again from the archive, and replace what is read otherwise now.

    Args:
        feed: The feed, as declared now.
        feed_day: Its day.
        home: Where archive, receipts and warehouse are.

    Returns:
        What became of each message, in the order of their names.

    Raises:
        ConfigurationError: Nothing was received on that day, or the archive lacks a message.
    """
    receipts = {one.message_id: one for one in reversed(fetch.receipts(feed, feed_day, home=home))}
    if not receipts:
        raise ConfigurationError(
            f"{feed.name} received nothing on {feed_day}",
            fix="Name a day on which it did: bindery status lists them.",
        )
    for receipt in receipts.values():
        if not (home.root / receipt.path).is_file():
            raise ConfigurationError(
                f"the archive lacks {receipt.name} of {feed.name}, {receipt.message_id}",
                fix=f"Put {receipt.path} back from the backup; nothing was replayed.",
            )
    return [_replayed(receipt, feed, home) for receipt in reversed(receipts.values())]


def _replayed(receipt: Receipt, feed: Feed, home: Home) -> MessageReplayed:
    named = {"supplier": receipt.supplier, "message_id": receipt.message_id}
    with open_writer(home) as warehouse:
        found = warehouse.run("catalogue/message_as_staged", **named).to_pylist()
    row = found[0] if found and found[0]["state"] != "refused" else None
    if row and (row["feed"], row["feed_day"], row["name"]) != (receipt.feed, receipt.feed_day, receipt.name):
        first = f"it came first by {row['feed']} on {row['feed_day']}, as {row['name']}"
        return _not_read(receipt, row["state"], "repeat", first)
    try:
        message = read(receipt, feed, home=home, remembering=False)
    except RefusedError as error:
        return _not_read(receipt, row["state"] if row else "refused", "unreadable", f"{error.rule}: {error.what}")
    judged = judge(message, home=home)
    if row is None:
        staged = stage.stage(gate(judged, feed, home=home), feed, home=home)
        return _told(message, staged.state, "staged", {}, [])
    with open_writer(home) as warehouse, warehouse.transaction():
        # Read once more, now that nobody else writes.
        (row,) = warehouse.run("catalogue/message_as_staged", **named).to_pylist()
        return _held_against(warehouse, judged, row, feed, home)


def _not_read(receipt: Receipt, state: str, result: Literal["repeat", "unreadable"], reason: str) -> MessageReplayed:
    return MessageReplayed(
        name=receipt.name,
        message_id=receipt.message_id,
        state=state,
        result=result,
        received=0,
        records=0,
        fields={},
        differing=[],
        reason=reason,
    )


def _held_against(
    warehouse: Warehouse, judged: JudgedMessage, row: Mapping[str, Any], feed: Feed, home: Home
) -> MessageReplayed:
    """Hold what was read to what is staged, and replace that where it differs."""
    message = judged.message
    receipt, state = message.receipt, row["state"]
    named = {"supplier": receipt.supplier, "message_id": receipt.message_id}
    work = home.root / message.work
    old = warehouse.run("catalogue/message_records", **named)
    new = staging.received_rows(
        work, **named, ordering_key=message.ordering_key, received=message.received, held=state == "held"
    ).sort_by("position")
    new = new.select(old.column_names).cast(old.schema)
    differing = _differing(old, new)
    said = stage.message_row(message, state, row["reason"])
    findings = pq.read_table(work / "findings.parquet")
    if not (
        any(mask.any() for mask in differing.values())
        or _says_otherwise(row, said)
        or _found_otherwise(warehouse, named, findings)
    ):
        return _told(message, state, "same", {}, [])
    shown = _shown(warehouse, work, old, new, differing)
    warehouse.run("catalogue/queue_message", **named, cause="replay")
    warehouse.run("catalogue/forget_records_of_message", **named)
    warehouse.load("received_records", _with_outcomes(old, new, differing, state))
    warehouse.run("catalogue/queue_message", **named, cause="replay")
    warehouse.run("catalogue/touch_message", **named)
    stage.write_versions(warehouse, receipt, work, feed, home)
    warehouse.run("catalogue/forget_refusal_findings", **named)
    warehouse.load("findings", staging.finding_rows(findings, **named))
    # The message goes last: an engine without transactions finds the difference again.
    warehouse.run("catalogue/forget_message", **named)
    warehouse.load("messages", said)
    counts = {name: int(mask.sum()) for name, mask in differing.items() if mask.any()}
    return _told(message, state, "replaced", counts, shown, records=int(_any(differing).sum()))


def _differing(old: pa.Table, new: pa.Table) -> dict[str, Any]:
    """For each column which rows, by position, differ; a row that is on one side only differs in all."""
    longest = max(old.num_rows, new.num_rows)
    found = {}
    for name in old.column_names:
        if name in _TOLD_LATER:
            continue
        both = min(old.num_rows, new.num_rows)
        mask = np.ones(longest, np.bool_)
        one, other = old[name].slice(0, both), new[name].slice(0, both)
        equal = pc.or_(
            pc.fill_null(pc.equal(one, other), fill_value=False), pc.and_(pc.is_null(one), pc.is_null(other))
        )
        mask[:both] = ~np.asarray(equal.combine_chunks().to_numpy(zero_copy_only=False), np.bool_)
        found[name] = mask
    return found


def _any(differing: Mapping[str, Any]) -> Any:
    return np.logical_or.reduce(list(differing.values()))


def _says_otherwise(row: Mapping[str, Any], said: pa.Table) -> bool:
    (now,) = said.to_pylist()
    return any(value != now.get(name) for name, value in row.items())


def _found_otherwise(warehouse: Warehouse, named: Mapping[str, str], findings: pa.Table) -> bool:
    staged = warehouse.run("catalogue/message_findings", **named)
    return _sorted(staged) != _sorted(findings.select(staged.column_names))


def _sorted(findings: pa.Table) -> list[tuple[str, ...]]:
    columns = [
        ["" if value is None else str(value) for value in findings[name].to_pylist()] for name in findings.column_names
    ]
    return sorted(zip(*columns, strict=True))


def _with_outcomes(old: pa.Table, new: pa.Table, differing: Mapping[str, Any], state: str) -> pa.Table:
    """The new rows; those that are as they were keep the outcome they were told to have."""
    changed = _any(differing)[: new.num_rows]
    kept = old.select(_TOLD_LATER).to_pylist()
    rows = new.select(_TOLD_LATER).to_pylist()
    for place, row in enumerate(rows):
        if not changed[place]:
            rows[place] = kept[place]
        elif state == "undone" and row["outcome"] == "pending":
            rows[place] = {"outcome": "held", "reason": "undone"}
    for name in _TOLD_LATER:
        at = new.schema.get_field_index(name)
        new = new.set_column(at, new.schema.field(name), pa.array([row[name] for row in rows], pa.string()))
    return new


def _shown(
    warehouse: Warehouse, work: Path, old: pa.Table, new: pa.Table, differing: Mapping[str, Any]
) -> list[RecordReplayed]:
    """The first records that differ: what is said of them, and their facts, before and now."""
    places = [int(place) for place in np.flatnonzero(_any(differing))[:SHOWN]]
    read_now = _read_now(work, places)
    before, now = ([table.slice(place, 1).to_pylist() for place in places] for table in (old, new))
    hashes = {row[0]["content_hash"] for row in before if row} - {None}
    versions = versions_of(warehouse, hashes)
    told = []
    for place, one, other in zip(places, before, now, strict=True):
        was, is_now = (one[0] if one else {}), (other[0] if other else {})
        old_facts, new_facts = versions.get(was.get("content_hash", ""), {}), read_now.get(place, {})
        fields = [*_named(was, is_now)]
        fields += [
            FieldDifference(field=name, old_value=old_facts.get(name), new_value=new_facts.get(name))
            for name in BLOCK_OF
            if old_facts.get(name) != new_facts.get(name)
        ]
        reference = is_now.get("record_reference") or was.get("record_reference")
        told.append(RecordReplayed(position=place, record_reference=reference, fields=fields))
    return told


def _read_now(work: Path, places: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The facts of records as they are read now, by position, in the words of ``versions_of``."""
    read_now = pq.read_table(work / "records.parquet", columns=["position", *BLOCK_OF])
    chosen = read_now.filter(pc.is_in(read_now["position"], value_set=pa.array(places, pa.int64())))
    apart = map(orjson.loads, told_apart_by(chosen).to_pylist())
    texts = chosen.select(["position", *LONG]).to_pylist()
    return {
        row["position"]: facts | {name: row[name] for name in LONG & facts.keys()}
        for facts, row in zip(apart, texts, strict=True)
    }


def _named(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[FieldDifference]:
    for name in _NAMED:
        if was.get(name) != now.get(name):
            yield FieldDifference(field=name, old_value=was.get(name), new_value=now.get(name))


def _told(
    message: ReadMessage,
    state: str,
    result: Literal["same", "replaced", "staged"],
    fields: dict[str, int],
    differing: list[RecordReplayed],
    *,
    records: int = 0,
) -> MessageReplayed:
    return MessageReplayed(
        name=message.receipt.name,
        message_id=message.receipt.message_id,
        state=state,
        result=result,
        received=message.received,
        records=records,
        fields=fields,
        differing=differing,
        reason=None,
    )
