"""What the published catalogue says of itself and of one title. Reads the snapshot, so it never waits for the merge."""

from __future__ import annotations

from typing import Any

from bindery.catalogue.overriding import FIELDS
from bindery.catalogue.shown import FACTS
from bindery.home import Home
from bindery.steps.override import Override, overrides_in
from bindery.steps.settle import days_in
from bindery.warehouse import open_snapshot
from bindery.warehouse.engine import Warehouse

_SOURCE = ("message_id", "feed", "feed_day", "name", "byte_start", "byte_end", "line")


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
        ``blocks``); ``overrides`` in force, with what the feeds say now; ``offers``; ``changes``. A block with
        overrides says what they say; one that only a person states has no supplier and no source. None where no
        record and no change is of this title.
    """
    with open_snapshot(home) as warehouse:
        editions = _rows(warehouse, "title_edition", isbn13=isbn13)
        changes = _rows(warehouse, "title_changes", isbn13=isbn13)
        records = _records(warehouse, isbn13)
        if not (editions or changes or records):
            return None
        edition = editions[0] if editions else {"state": "gone", "reason": None}
        by_name = {(record["supplier"], record["record_reference"]): record["blocks"] for record in records}
        blocks = {}
        for block in FACTS:
            name = (edition.get(f"{block}_supplier"), edition.get(f"{block}_record"))
            if name in by_name:
                blocks[block] = {"supplier": name[0], "record_reference": name[1], **by_name[name][block]}
        decided = [one for one in overrides_in(warehouse, isbn13) if one.state == "in_force"]
        _say_overrides(warehouse, edition, blocks, decided)
        return {
            "isbn13": isbn13,
            "state": edition["state"],
            "reason": edition["reason"],
            "blocks": blocks,
            "records": records,
            "overrides": [one.model_dump() for one in decided],
            "offers": _rows(warehouse, "title_offers", isbn13=isbn13),
            "changes": changes,
        }


def _say_overrides(
    warehouse: Warehouse, edition: dict[str, Any], blocks: dict[str, dict[str, Any]], decided: list[Override]
) -> None:
    """Take the facts of blocks with overrides from the versions that the edition points at."""
    overridden = {block for one in decided if (block := FIELDS[one.field].block)}
    pointers = {block: edition[f"{block}_version"] for block in overridden if edition.get(f"{block}_version")}
    versions = _rows(warehouse, "versions_by_hash", hashes=set(pointers.values())) if pointers else []
    by_hash = {row["content_hash"]: row for row in versions}
    for block, version in pointers.items():
        set_by = blocks.get(block, {"supplier": None, "record_reference": None, "source": None})
        blocks[block] = set_by | {"facts": {fact: by_hash[version][fact] for fact in FACTS[block]}}


def _records(warehouse: Warehouse, isbn13: str) -> list[dict[str, Any]]:
    sources = {
        (row["supplier"], row["record_reference"], row["block"]): {name: row[name] for name in _SOURCE}
        for row in _rows(warehouse, "title_sources", isbn13=isbn13)
    }
    records = []
    for row in _rows(warehouse, "title_records", isbn13=isbn13):
        name = (row["supplier"], row["record_reference"])
        blocks = {
            block: {"facts": {fact: row[fact] for fact in facts}, "source": sources[*name, block]}
            for block, facts in FACTS.items()
            if (*name, block) in sources
        }
        stated = ("supplier", "record_reference", "precedence", "state", "withdrawal", "ordering_key")
        records.append({fact: row[fact] for fact in stated} | {"blocks": blocks})
    return records


def _rows(warehouse: Warehouse, statement: str, **parameters: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = warehouse.run(f"catalogue/{statement}", **parameters).to_pylist()
    return rows
