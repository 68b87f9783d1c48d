"""Facts of many editions out of the warehouse, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from bindery.catalogue.works.facts import Facts, read_facts
from bindery.warehouse.engine import Warehouse

BATCH = 100_000
"""Editions at a time: as many as make a scan of the versions worth while, and fit in memory as Python objects."""


def facts_of(warehouse: Warehouse, edition_keys: Sequence[int]) -> Iterator[Facts]:
    """The facts of those of the editions that are live or withdrawn, in the order of their keys.

    Args:
        warehouse: An open writer.
        edition_keys: Sorted, each once.
    """
    for start in range(0, len(edition_keys), BATCH):
        mark(warehouse, "facts", edition_keys[start : start + BATCH])
        heads = warehouse.run("works/edition_heads").to_pylist()
        people = _by_edition(warehouse.run("works/edition_people"), ("sequence", "role", "name"))
        links = _by_edition(warehouse.run("works/edition_links"), ())
        for head in heads:
            key = head["edition_key"]
            yield read_facts(head, people.get(key, ()), links.get(key, ()))
    warehouse.run("works/clear_batch", part="facts")


def mark(warehouse: Warehouse, part: str, edition_keys: Sequence[int]) -> None:
    """Say which editions a part of the step is about, in place of those it was about before."""
    warehouse.run("works/clear_batch", part=part)
    add(warehouse, part, edition_keys)


def add(warehouse: Warehouse, part: str, edition_keys: Sequence[int]) -> None:
    """Let a part of the step be about more editions."""
    if len(edition_keys):
        keys = pa.array(edition_keys, pa.int64())
        warehouse.load("work_batch", pa.table({"part": pa.repeat(part, len(keys)), "edition_key": keys}))


def _by_edition(table: pa.Table, order: tuple[str, ...]) -> dict[int, list[dict[str, Any]]]:
    keys = [("edition_key", "ascending"), *((name, "ascending") for name in order)]
    found: dict[int, list[dict[str, Any]]] = {}
    for row in table.sort_by(keys).to_pylist():
        found.setdefault(row["edition_key"], []).append(row)
    return found
