"""What the published catalogue says of itself and of one title. Reads the snapshot, so it never waits for the merge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bindery.catalogue.blaming.evidence import Evidence, gather
from bindery.catalogue.blaming.sources import source_of_block
from bindery.catalogue.keys import edition_key
from bindery.catalogue.offering.asking import title_now
from bindery.catalogue.offering.contradicting import Told, told_contradictions
from bindery.catalogue.offering.passages import Passages
from bindery.catalogue.shown import FACTS
from bindery.home import Home
from bindery.rights.contradictions import contradictions
from bindery.steps.override import overrides_in
from bindery.steps.settle import days_in
from bindery.warehouse import open_snapshot
from bindery.warehouse.engine import Warehouse

_SOURCE: Final = ("message_id", "feed", "feed_day", "name", "byte_start", "byte_end", "line")
_LISTS: Final = ("authors", "narrators")
_STATED: Final = (
    "supplier",
    "record_reference",
    "state",
    "withdrawal",
    "ordering_key",
    "moved_from",
    "absent_from",
)


def read_status(home: Home) -> dict[str, Any] | None:
    """Where everything stands.

    Returns:
        ``feed_days`` (messages and outcomes by feed and day), ``messages_kept_back`` (held, refused),
        ``messages_undone`` (by whom and why), ``catalogue`` (counts by kind and state), ``records_kept_back``
        (quarantined, held, by reason), ``findings`` (by rule) and ``deliveries``; None where nothing is published yet.
    """
    with open_snapshot(home) as warehouse:
        days = days_in(warehouse)
        if not days:
            return None
        return {
            "feed_days": [day.model_dump() for day in days],
            "messages_kept_back": _rows(warehouse, "messages_kept_back"),
            "messages_undone": _rows(warehouse, "messages_undone"),
            "catalogue": _rows(warehouse, "catalogue_size"),
            "records_kept_back": _rows(warehouse, "kept_back"),
            "findings": _rows(warehouse, "findings_by_rule"),
            "deliveries": _rows(warehouse, "deliveries_made"),
        }


def read_title(home: Home, isbn13: str) -> dict[str, Any] | None:
    """One title: what the catalogue says of it, who said so where, and what others say (law 6).

    Args:
        home: Where the snapshot is.
        isbn13: 13 digits.

    Returns:
        ``isbn13``, ``state``, ``reason``; ``blocks`` (by name: ``supplier``, ``record_reference``, ``facts`` and the
        ``source`` in a message); ``records`` (every supplier's record, best precedence first, with its own
        ``blocks``, and the feed it is absent from); ``conflicts``; ``contradictions`` in its records,
        with their countries and evidence; ``overrides`` in force, with what the feeds say now;
        ``offers``; ``changes``. A block with overrides says what they say; one that only a person states has no
        supplier and no source. None where no record and no change is of this title.
    """
    with open_snapshot(home) as warehouse:
        (evidence,) = gather(warehouse, [isbn13])
        if not (evidence.history or evidence.records):
            return None
        key = edition_key(isbn13)
        records = [_record(evidence, record) for record in evidence.records]
        records.sort(key=lambda one: (one["precedence"] or 0, one["supplier"], one["record_reference"]))
        decided = overrides_in(warehouse, isbn13) if evidence.overrides else []
        now = evidence.history[-1] if evidence.history else {"state": "gone", "reason": None}
        return {
            "isbn13": isbn13,
            "state": now["state"],
            "reason": now["reason"],
            "blocks": _blocks(evidence, now, records),
            "records": records,
            "conflicts": _rows(warehouse, "title_conflicts", edition_key=key),
            "contradictions": _contradictions(warehouse, isbn13),
            "overrides": [one.model_dump() for one in decided if one.state == "in_force"],
            "offers": _rows(warehouse, "title_offers", edition_key=key),
            "changes": [_change(row) for row in evidence.history],
        }


def _contradictions(warehouse: Warehouse, isbn13: str) -> list[Told]:
    title = title_now(warehouse, isbn13)
    found = contradictions(title)
    return told_contradictions(found, Passages(warehouse, title)) if found else []


def _blocks(evidence: Evidence, now: Mapping[str, Any], records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the title says: the versions it points at, which people's overrides may have made of the records' own."""
    by_name = {(record["supplier"], record["record_reference"]): record["blocks"] for record in records}
    blocks = {}
    for block, names in FACTS.items():
        version = now.get(f"{block}_version")
        if version is None:
            continue
        supplier, reference = now[f"{block}_supplier"], now[f"{block}_record"]
        stated = by_name.get((supplier, reference), {}).get(block, {"source": None})
        facts = _facts(evidence, version, names)
        blocks[block] = {"supplier": supplier, "record_reference": reference, **stated, "facts": facts}
    return blocks


def _record(evidence: Evidence, record: Mapping[str, Any]) -> dict[str, Any]:
    blocks = {}
    for block, names in FACTS.items():
        version = record[f"{block}_version"]
        source = None if version is None else source_of_block(evidence, record, block)
        if source is not None:
            facts = _facts(evidence, version, names)
            blocks[block] = {"facts": facts, "source": {name: source[name] for name in _SOURCE}}
    stated = {name: record[name] for name in _STATED}
    return stated | {"precedence": evidence.ranks.own(record["supplier"]), "blocks": blocks}


def _facts(evidence: Evidence, version: str, names: Iterable[str]) -> dict[str, Any]:
    facts = {name: evidence.said(version, name) for name in names}
    return {name: [] if value is None and name in _LISTS else value for name, value in facts.items()}


def _change(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("change_id", "state", "day", "changed_at", "run")}
    return told | {"action": "upsert" if row["state"] == "live" else "withdraw"}


def _rows(warehouse: Warehouse, statement: str, **parameters: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = warehouse.run(f"catalogue/{statement}", **parameters).to_pylist()
    return rows
