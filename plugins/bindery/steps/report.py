"""What the published catalogue says of itself and of one title. Reads the snapshot, so it never waits for the merge."""

from __future__ import annotations

from typing import Any

from bindery.catalogue.history import FACTS
from bindery.home import Home
from bindery.steps.settle import days_in
from bindery.warehouse import open_snapshot
from bindery.warehouse.engine import Warehouse

_SOURCE = ("message_id", "feed", "feed_day", "name", "byte_start", "byte_end", "line")


def read_status(home: Home) -> dict[str, Any] | None:
    """Where everything stands.

    Returns:
        ``feed_days`` (messages and outcomes by feed and day), ``messages_kept_back`` (held, refused), ``catalogue``
        (counts by kind and state), ``records_kept_back`` (quarantined, held, by reason), ``findings`` (by rule) and
        ``deliveries``; None where nothing is published yet.
    """
    with open_snapshot(home) as warehouse:
        days = days_in(warehouse)
        if not days:
            return None
        return {
            "feed_days": [day.model_dump() for day in days],
            "messages_kept_back": _rows(warehouse, "messages_kept_back"),
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
        ``blocks``); ``offers``; ``changes``. None where no record and no change is of this title.
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
        return {
            "isbn13": isbn13,
            "state": edition["state"],
            "reason": edition["reason"],
            "blocks": blocks,
            "records": records,
            "offers": _rows(warehouse, "title_offers", isbn13=isbn13),
            "changes": changes,
        }


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
