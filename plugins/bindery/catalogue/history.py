"""The history of titles: what a change changed, field by field, and what did it (RFC 0005).

A title's row in ``edition_history`` holds from its change until the next one of the title. Its pointers lead to every
value of then; ``fields`` says what differs from before, so that a reader need not compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
import pyarrow as pa

from bindery.catalogue.keys import version_key
from bindery.catalogue.shown import FACTS, LONG, OFFER_FACTS, offer_fact, text_of
from bindery.trade.models import MODELS
from bindery.warehouse.engine import Warehouse

_AT_ONCE: Final = 20_000
"""Changes looked at together: what they are compared by fits in memory, however many there are."""

Row = Mapping[str, Any]


def write_history(warehouse: Warehouse) -> int:
    """Write the history of the changes that have none yet, while it is known what the titles were before.

    Args:
        warehouse: Inside the transaction that appended the changes.

    Returns:
        Rows of ``edition_history``.
    """
    after = int(warehouse.run("catalogue/newest_history")["change_id"][0].as_py())
    rows = int(warehouse.run("catalogue/append_first_history").column("rows")[0].as_py())
    ids = warehouse.run("catalogue/changed_ids", after=after)["change_id"].to_pylist()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        bounds = {"after": some[0] - 1, "until": some[-1]}
        changed = warehouse.run("catalogue/changed_titles", **bounds).to_pylist()
        if changed:
            offers = {
                (row["edition_key"], row["model"], row["side"]): row
                for row in warehouse.run("catalogue/changed_offers", **bounds).to_pylist()
            }
            facts = _facts_of(warehouse, changed)
            told = [_row(row, facts, offers) for row in changed]
            _spell_out(warehouse, changed, told)
            rows += warehouse.load("edition_history", pa.Table.from_pylist(told))
    return rows


def _facts_of(warehouse: Warehouse, changed: Sequence[Row]) -> dict[str, Row]:
    pointers = {
        pointer
        for row in changed
        for block in FACTS
        for pointer in (row[f"old_{block}_version"], row[f"{block}_version"])
        if pointer is not None and row[f"old_{block}_version"] != row[f"{block}_version"]
    }
    keys = sorted(map(version_key, pointers))
    rows = warehouse.run("catalogue/version_facts", version_keys=keys).to_pylist() if keys else []
    return {row["content_hash"]: orjson.loads(row["facts"]) for row in rows}


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
            yield name, old and facts[old].get(name), new and facts[new].get(name)


def _offers(changed: Row, offers: Mapping[tuple[int, str, str], Row]) -> Iterator[tuple[str, Any, Any]]:
    for model in MODELS:
        old, new = (offers.get((changed["edition_key"], model, side)) for side in ("old", "new"))
        for name in OFFER_FACTS:
            yield f"{model}.{name}", old and offer_fact(old, name), new and offer_fact(new, name)


def _spell_out(warehouse: Warehouse, changed: Sequence[Row], told: Sequence[Row]) -> None:
    """Puts the texts in the place of the short hashes by which long facts were told apart."""
    places = [
        (field, row["old_collateral_version"], row["collateral_version"])
        for row, made in zip(changed, told, strict=True)
        for field in made["fields"]
        if field["field"] in LONG
    ]
    hashes = {version for _, old, new in places for version in (old, new) if version is not None}
    if not hashes:
        return
    keys = sorted(map(version_key, hashes))
    rows = warehouse.run("catalogue/version_texts", version_keys=keys).to_pylist()
    texts = {row["content_hash"]: row for row in rows}
    for field, old, new in places:
        name = field["field"]
        field["old_value"] = text_of(texts[old][name]) if field["old_value"] is not None else None
        field["new_value"] = text_of(texts[new][name]) if field["new_value"] is not None else None
