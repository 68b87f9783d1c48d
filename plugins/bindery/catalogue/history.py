"""The history of titles: what a change changed, field by field, and what did it (RFC 0005).

A title's row in ``edition_history`` holds from its change until the next one of the title. Its pointers lead to every
value of then; ``fields`` says what differs from before, so that a reader need not compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import orjson
import pyarrow as pa

from bindery.warehouse.engine import Warehouse

FACTS: Final = {
    "descriptive": (
        "title",
        "subtitle",
        "authors",
        "narrators",
        "narration_type",
        "language",
        "duration_seconds",
        "abridged",
        "series",
        "main_subject",
        "product_form",
    ),
    "collateral": ("description", "cover_link"),
    "content": (),
    "publishing": (
        "publisher",
        "imprint",
        "publishing_status",
        "publication_date",
        "embargoed_until",
        "rights_status",
    ),
    "related": (),
    "supply": ("availability", "price_amount", "price_currency"),
}
"""The facts shown of each block of an edition, in this order (``catalogue/facts.py`` says what they mean)."""

_DIGITS: Final = 16

MODELS: Final = ("sale", "subscription")

Row = Mapping[str, Any]


def write_history(warehouse: Warehouse) -> int:
    """Write the history of the changes that have none yet, while it is known what the titles were before.

    Args:
        warehouse: Inside the transaction that appended the changes.

    Returns:
        Rows of ``edition_history``.
    """
    (newest,) = warehouse.run("catalogue/newest_history").to_pylist()
    after = int(newest["change_id"])
    rows = int(warehouse.run("catalogue/append_first_history").column("rows")[0].as_py())
    changed = warehouse.run("catalogue/changed_titles", after=after).to_pylist()
    if changed:
        versions = warehouse.run("catalogue/changed_versions", after=after).to_pylist()
        facts = {row["content_hash"]: row for row in versions}
        offers = {
            (row["edition_key"], row["model"], row["side"]): row
            for row in warehouse.run("catalogue/changed_offers", after=after).to_pylist()
        }
        rows += warehouse.load("edition_history", pa.Table.from_pylist([_row(row, facts, offers) for row in changed]))
    return rows


def _row(changed: Row, facts: Mapping[str, Row], offers: Mapping[tuple[int, str, str], Row]) -> dict[str, Any]:
    row = {name: value for name, value in changed.items() if not name.startswith("old_")}
    told = [*_standing(changed), *_facts(changed, facts), *_offers(changed, offers)]
    texts = ((field, text_of(old), text_of(new)) for field, old, new in told)
    row["fields"] = [{"field": field, "old_value": old, "new_value": new} for field, old, new in texts if old != new]
    return row


def _standing(changed: Row) -> Iterator[tuple[str, Any, Any]]:
    yield "state", changed["old_state"], changed["state"]
    yield "reason", changed["old_reason"], changed["reason"]


def _facts(changed: Row, facts: Mapping[str, Row]) -> Iterator[tuple[str, Any, Any]]:
    for block, names in FACTS.items():
        old, new = changed[f"old_{block}_version"], changed[f"{block}_version"]
        if old == new:
            continue
        for name in names or (block,):
            yield name, fact(facts, old, name), fact(facts, new, name)


def _offers(changed: Row, offers: Mapping[tuple[int, str, str], Row]) -> Iterator[tuple[str, Any, Any]]:
    for model in MODELS:
        old, new = (offers.get((changed["edition_key"], model, side)) for side in ("old", "new"))
        for name in ("state", "reason", "territory_set_id", "available_from"):
            yield f"{model}.{name}", old and old[name], new and new[name]


def fact(versions: Mapping[str, Row], version: str | None, name: str) -> Any:
    """What a version says of a fact.

    Args:
        versions: Versions by content hash.
        version: The content hash; None for no version.
        name: The fact; or a block of which no facts are shown: then what it says is told by a short hash of it.

    Returns:
        None where it says nothing.
    """
    value = None if version is None else versions[version][name]
    if value is None or value == []:
        return None
    if name not in FACTS:
        return value
    whole = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(whole).hexdigest()[:_DIGITS]


def text_of(value: Any) -> str | None:
    """A value as one text: lists as JSON, amounts without the zeros that say nothing. None stays None."""
    if value is None or value == []:
        return None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return orjson.dumps(value).decode() if isinstance(value, list) else str(value)
