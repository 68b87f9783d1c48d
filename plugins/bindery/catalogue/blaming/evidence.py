"""What blame is found from: everything kept of some titles, looked up by their numbers in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from bindery.catalogue.keys import edition_key, record_key, version_key
from bindery.catalogue.shown import FACTS, LONG
from bindery.warehouse.engine import Warehouse

Row = Mapping[str, Any]

FIELD_GROUPS: Final = {"publishing": "offer", "supply": "offer"}
"""The field group of precedence that decides a block, where it isn't called like the block."""


class Ranks:
    """How suppliers rank, by field group and day."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Takes rows of ``catalogue/blame_ranks``."""
        self._rows: dict[str, list[Row]] = {}
        self.today: date | None = None
        for row in rows:
            self._rows.setdefault(row["supplier"], []).append(row)
            self.today = row["day"]

    def rank(self, supplier: str, group: str, day: date | None) -> int | None:
        """A supplier's rank as of a day, lower wins; None for a supplier nobody declared."""
        rows = self._rows.get(supplier, [])
        ruled = [row["rank"] for row in rows if row["field_group"] == group and _holds(row, day)]
        return min(ruled) if ruled else self.own(supplier)

    def own(self, supplier: str) -> int | None:
        """The rank that a supplier's feed declares, where precedence says nothing; None where nobody declared it."""
        return next((row["precedence"] for row in self._rows.get(supplier, ())), None)


def _holds(rule: Row, day: date | None) -> bool:
    begins, ends = rule["valid_from"], rule["valid_until"]
    if day is None:
        return begins is None and ends is None
    return (begins is None or begins <= day) and (ends is None or ends >= day)


@dataclass(frozen=True)
class Evidence:
    """Everything kept of one title.

    Attributes:
        isbn13: The title.
        history: Its rows of ``edition_history`` with day, moment and run, oldest first.
        records: Every supplier's record that names it now.
        received: Every time such a record, or one that once set a block, was received, by ``record_key``.
        versions: Facts by content hash, as ``versions_of`` gives them.
        offers: By model; empty where the title is gone.
        overrides: What people ever decided about it.
        ranks: How its suppliers rank.
        countries: Countries by territory set.
    """

    isbn13: str
    history: Sequence[Row]
    records: Sequence[Row]
    received: Mapping[int, Sequence[Row]]
    versions: Mapping[str, Row]
    offers: Mapping[str, Row]
    overrides: Sequence[Row]
    ranks: Ranks
    countries: Mapping[str, Sequence[str]]

    def received_of(self, supplier: str, record_reference: str) -> Sequence[Row]:
        """Every time one record was received, in the order of its supplier's messages."""
        return self.received.get(record_key(supplier, record_reference), ())

    def said(self, version: str | None, name: str) -> Any:
        """What a version says of a fact, or a short hash of a block without facts; None where it says nothing."""
        return None if version is None else self.versions.get(version, {}).get(name)

    def all_received(self) -> list[Row]:
        """Every time one of the title's records was received."""
        return [row for rows in self.received.values() for row in rows]


def versions_of(warehouse: Warehouse, hashes: Iterable[str], *, with_texts: bool = True) -> dict[str, dict[str, Any]]:
    """The facts of versions by content hash, as ``shown.told_apart_by`` writes them.

    Args:
        warehouse: An open warehouse.
        hashes: Content hashes; those that are kept nowhere are left out.
        with_texts: Whether long texts are spelt out. They lie in the widest table.
    """
    wanted = set(hashes)
    if not wanted:
        return {}
    rows = warehouse.run("catalogue/version_facts", version_keys=sorted(map(version_key, wanted))).to_pylist()
    found = {row["content_hash"]: orjson.loads(row["facts"] or "{}") for row in rows if row["content_hash"] in wanted}
    long = [version_key(version) for version, facts in found.items() if LONG & facts.keys()] if with_texts else []
    for row in warehouse.run("catalogue/version_texts", version_keys=sorted(long)).to_pylist() if long else ():
        found[row["content_hash"]] |= {name: row[name] for name in LONG}
    return found


def gather(warehouse: Warehouse, isbns: Sequence[str], *, with_texts: bool = True) -> list[Evidence]:
    """Everything kept of some titles: as many statements for one as for many.

    Args:
        warehouse: An open warehouse; the published one, as a rule.
        isbns: Their ISBN-13s.
        with_texts: Whether long texts are spelt out; else a short hash stands for each.

    Returns:
        One for each title, in their order; of a title that was never there, one without history and records.
    """
    keys = [edition_key(isbn13) for isbn13 in isbns]
    history = _by(_rows(warehouse, "history", edition_keys=keys), "edition_key")
    records = _by(_rows(warehouse, "records", edition_keys=keys), "edition_key")
    named = {key: _record_keys(history.get(key, []), records.get(key, [])) for key in keys}
    received = _by(_rows(warehouse, "sources", record_keys=sorted(set().union(*named.values()))), "record_key")
    pointing = [row for found in (history, records) for rows in found.values() for row in rows]
    hashes = {pointer for row in pointing for pointer in _pointers(row)}
    versions = versions_of(warehouse, hashes, with_texts=with_texts)
    offers = _by(_rows(warehouse, "offers", edition_keys=keys), "edition_key")
    overrides = _by(_rows(warehouse, "overrides", edition_keys=keys), "edition_key")
    suppliers = {row["supplier"] for rows in received.values() for row in rows}
    ranks = Ranks(_rows(warehouse, "ranks", suppliers=sorted(suppliers)))
    countries = _countries(warehouse, history, offers)
    return [
        Evidence(
            isbn13=isbn13,
            history=history.get(key, []),
            records=records.get(key, []),
            received={one: received.get(one, []) for one in sorted(named[key])},
            versions=versions,
            offers={row["model"]: row for row in offers.get(key, [])},
            overrides=overrides.get(key, []),
            ranks=ranks,
            countries=countries,
        )
        for isbn13, key in zip(isbns, keys, strict=True)
    ]


def _countries(
    warehouse: Warehouse, history: Mapping[int, list[Row]], offers: Mapping[int, list[Row]]
) -> dict[str, list[str]]:
    sets = {row["territory_set_id"] for rows in offers.values() for row in rows}
    for row in (row for rows in history.values() for row in rows):
        for told in row["fields"] or ():
            if told["field"].endswith(".territory_set_id"):
                sets |= {told["old_value"], told["new_value"]} - {None}
    rows = _rows(warehouse, "countries", territory_set_ids=sorted(sets))
    return {row["territory_set_id"]: list(row["countries"]) for row in rows}


def _record_keys(history: Iterable[Row], records: Iterable[Row]) -> set[int]:
    keys = {row["record_key"] for row in records}
    for row in history:
        for block in FACTS:
            if row[f"{block}_supplier"] is not None:
                keys.add(record_key(row[f"{block}_supplier"], row[f"{block}_record"]))
    return keys


def _pointers(row: Row) -> list[str]:
    return [row[f"{block}_version"] for block in FACTS if row[f"{block}_version"] is not None]


def _by(rows: Iterable[Row], key: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _rows(warehouse: Warehouse, what: str, **parameters: object) -> list[Row]:
    rows: list[Row] = warehouse.run(f"catalogue/blame_{what}", **parameters).to_pylist()
    return rows
