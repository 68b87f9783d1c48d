"""A read and judged message as rows of the warehouse: one narrow row a record, and the contents not kept yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bindery.catalogue.keys import record_key, version_key
from bindery.catalogue.record import BLOCKS
from bindery.catalogue.record_schema import VERSION_SCHEMA
from bindery.catalogue.said_terms import terms_of
from bindery.catalogue.shown import told_apart_by
from bindery.catalogue.works.said import work_facts
from bindery.errors import LawBrokenError

MODELS = ("sale", "subscription")
"""The ways a title is offered."""

OUTCOMES = {"pass": "pending", "quarantine": "quarantined", "out_of_scope": "out_of_scope"}
"""What a verdict makes of a record in a message that nobody holds."""

_NARROW = (
    "position",
    "record_reference",
    "kind",
    "content_hash",
    "isbn13",
    "publishing_withdrawal",
    "supply_withdrawal",
    "touches",
    "source",
)
_BATCH_ROWS = 2_000


def received_rows(
    work: Path,
    *,
    supplier: str,
    message_id: str,
    ordering_key: str,
    received: int,
    held: bool,
) -> pa.Table:
    """The rows of ``received_records`` for one message.

    Args:
        work: The message's work folder, holding ``records.parquet`` and ``verdicts.parquet``.
        supplier: Who sent it.
        message_id: SHA-256 of its bytes.
        ordering_key: Sorts the supplier's messages (AUDIOBOOKS 1.4).
        received: Records the message was read to have.
        held: Whether a person must decide first; then every record is held.

    Returns:
        One row a record, in message order.

    Raises:
        LawBrokenError: The records, or their verdicts, are not as many as were received (law 2).
    """
    records = pq.read_table(work / "records.parquet", columns=list(_NARROW)).to_pylist()
    verdicts = pq.read_table(work / "verdicts.parquet", columns=["position", "verdict", "reason"]).to_pylist()
    verdict_at = {row["position"]: row for row in verdicts}
    positions = {row["position"] for row in records}
    if not (received == len(records) == len(positions) == len(verdicts)) or positions != verdict_at.keys():
        raise LawBrokenError(
            f"message {message_id} of {supplier}: {received} records were received, {work} holds {len(records)} records"
            f" and {len(verdicts)} verdicts",
            fix="Delete the work folder, run read and judge again; if it stays, the reader lost a record: report it.",
            law=2,
        )
    same_for_all = {"supplier": supplier, "message_id": message_id, "ordering_key": ordering_key}
    rows = [
        same_for_all | _received_row(row, verdict_at[row["position"]], supplier=supplier, held=held) for row in records
    ]
    return pa.Table.from_pylist(rows, schema=_RECEIVED)


def _received_row(
    record: dict[str, object], verdict: dict[str, object], *, supplier: str, held: bool
) -> dict[str, object]:
    outcome, reason = OUTCOMES[str(verdict["verdict"])], verdict["reason"]
    if outcome == "pending" and (missing := _what_identity_lacks(record)):
        outcome, reason = "quarantined", missing
    if held:
        outcome, reason = "held", reason or "gate"
    touches = record["touches"] or []
    source = record["source"]
    assert isinstance(touches, list) and isinstance(source, dict)  # noqa: S101, PT018 - RECORDS_SCHEMA says so
    is_full = record["kind"] == "full"
    reference, content_hash = record["record_reference"], record["content_hash"]
    return {
        "position": record["position"],
        "record_reference": reference,
        "record_key": None if reference is None else record_key(supplier, str(reference)),
        "kind": record["kind"],
        "content_hash": content_hash,
        "version_key": None if content_hash is None else version_key(str(content_hash)),
        "isbn13": record["isbn13"],
        "withdrawal": withdrawal(record),
        **{f"touches_{block}": is_full or block in touches for block in BLOCKS},
        "byte_start": source["byte_start"],
        "byte_end": source["byte_end"],
        "line": source["line"],
        "verdict": verdict["verdict"],
        "outcome": outcome,
        "reason": reason,
    }


def _what_identity_lacks(record: dict[str, object]) -> str | None:
    # Without these three a record cannot be folded; a rule says so too, but conservation must not depend on a rule.
    for field in ("record_reference", "kind", "content_hash"):
        if record[field] is None:
            return f"no_{field}"
    return None


def withdrawal(record: dict[str, object]) -> str | None:
    """The signal by which a record takes its product off sale; None where it carries none (AUDIOBOOKS section 6)."""
    if record["kind"] == "delete":
        return "notification:05"
    signal = record["publishing_withdrawal"] or record["supply_withdrawal"]
    return None if signal is None else str(signal)


def known_contents(work: Path) -> set[str]:
    """Content hashes of the records of a message that were not read, because their bytes are known."""
    records = pq.read_table(work / "records.parquet", columns=["is_known", "content_hash"])
    return set(records.filter(records["is_known"])["content_hash"].to_pylist())


class Versions(NamedTuple):
    """Versions to keep.

    Attributes:
        contents: Rows of ``record_versions``.
        blocks: One for one, rows of ``version_blocks``.
        territory_sets: The distinct sets of countries that they allow, by ``territory_set_id``; not the empty set.
        stated_terms: The distinct rights statements and territories that they state, by ``stated_id``.
    """

    contents: pa.Table
    blocks: pa.Table
    territory_sets: dict[str, list[str]]
    stated_terms: dict[str, str]


def versions(work: Path, wanted: set[str]) -> Iterator[Versions]:
    """The distinct contents in a message that are not kept yet, in batches small enough to hold.

    Args:
        work: The message's work folder.
        wanted: Content hashes to take.

    Yields:
        Some of them.
    """
    if not wanted:
        return
    records = pq.ParquetFile(work / "records.parquet")
    columns = ["is_known", *VERSION_SCHEMA.names]
    tables = (pa.Table.from_batches([batch]) for batch in records.iter_batches(batch_size=_BATCH_ROWS, columns=columns))
    yield from versions_among(tables, wanted)


def versions_among(tables: Iterable[pa.Table], wanted: set[str]) -> Iterator[Versions]:
    """The same, of rows of ``records.parquet`` that are at hand.

    Raises:
        LawBrokenError: One isn't among them.
    """
    left = set(wanted)
    for table in tables:
        rows = []
        told = zip(table["content_hash"].to_pylist(), table["is_known"].to_pylist(), strict=True)
        for row, (content_hash, is_known) in enumerate(told):
            if content_hash in left and not is_known:
                left.discard(content_hash)
                rows.append(row)
        if rows:
            yield versions_of(table.select(VERSION_SCHEMA.names).take(pa.array(rows, pa.int64())))
    if left:
        raise LawBrokenError(
            f"{len(left)} contents that are to be kept, such as {min(left)}, are not in the message they came with",
            fix="Delete the supplier's folder in known/, then run read, judge and stage again for the message.",
            law=2,
        )


_FACTS = (
    "publishing_withdrawal",
    "supply_withdrawal",
    "product_form",
    "rights_status",
    "embargoed_until",
    "publication_date",
    "price_amount",
    "price_currency",
)
"""The facts that the merge decides by, beside the territory sets."""


def versions_of(taken: pa.Table) -> Versions:
    """What is kept of contents: which blocks they state, and what the merge and the later steps decide and join by.

    Args:
        taken: Columns of ``VERSION_SCHEMA``.
    """
    keys = pa.array(map(version_key, taken["content_hash"].to_pylist()), pa.int64())
    terms = terms_of(taken)
    blocks = pa.table(
        {
            "version_key": keys,
            "content_hash": taken["content_hash"],
            **{f"has_{block}": _is_stated(taken[block]) for block in BLOCKS},
            **{f"{model}_territory_set_id": _set_ids(taken[f"{model}_countries"]) for model in MODELS},
            **{name: taken[name] for name in _FACTS},
            "facts": told_apart_by(taken),
            "work_facts": work_facts(taken),
            "publishing_terms": terms.publishing,
            "supply_terms": terms.supply,
        }
    )
    return Versions(taken.append_column("version_key", keys), blocks, _territory_sets(taken), terms.stated)


def _territory_sets(taken: pa.Table) -> dict[str, list[str]]:
    sets = {}
    for model in MODELS:
        for listed in _spelled(taken[f"{model}_countries"]).dictionary.to_pylist():
            if countries := listed.split():
                sets[territory_set_id(countries)] = sorted(set(countries))
    return sets


def _set_ids(countries: pa.ChunkedArray) -> pa.Array:
    spelled = _spelled(countries)
    ids = pa.array([territory_set_id(listed.split()) for listed in spelled.dictionary.to_pylist()], pa.string())
    return ids.take(spelled.indices)


def _spelled(countries: pa.ChunkedArray) -> pa.DictionaryArray:
    """Each list as one text, each distinct text once: records repeat a few thousand lists."""
    return pc.fill_null(pc.binary_join(countries.combine_chunks(), " "), "").dictionary_encode()


def territory_set_id(countries: Iterable[str]) -> str:
    """The name of a set of countries, as the SQL of the merge gives it: the hash of them in order, a space between."""
    return hashlib.sha256(" ".join(sorted(set(countries))).encode()).hexdigest()


def _is_stated(block: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_list(block.type):
        # No market at all is no supply, whether it came as nothing or as an empty list.
        return pc.fill_null(pc.greater(pc.list_value_length(block), 0), fill_value=False)
    return pc.is_valid(block)


def finding_rows(findings: pa.Table, *, supplier: str, message_id: str) -> pa.Table:
    """Findings of one message as rows of ``findings``."""
    count = findings.num_rows
    same_for_all = {"supplier": pa.array([supplier] * count, pa.string()), "message_id": [message_id] * count}
    return pa.table(same_for_all | {name: findings[name] for name in _FINDING})


_FINDING = ("rule", "severity", "position", "record_reference", "path", "line", "byte_start", "text", "fix")

_RECEIVED = pa.schema(
    [
        ("supplier", pa.string()),
        ("message_id", pa.string()),
        ("position", pa.int64()),
        ("record_reference", pa.string()),
        ("record_key", pa.int64()),
        ("kind", pa.string()),
        ("ordering_key", pa.string()),
        ("content_hash", pa.string()),
        ("version_key", pa.int64()),
        ("isbn13", pa.string()),
        ("withdrawal", pa.string()),
        *((f"touches_{block}", pa.bool_()) for block in BLOCKS),
        ("byte_start", pa.int64()),
        ("byte_end", pa.int64()),
        ("line", pa.int64()),
        ("verdict", pa.string()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
    ]
)
