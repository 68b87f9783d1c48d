"""Facts of many editions out of the warehouse, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from bindery.catalogue.keys import version_key
from bindery.catalogue.works.facts import Facts, read_facts
from bindery.catalogue.works.said import said
from bindery.warehouse.engine import Warehouse

BATCH = 100_000
"""Editions at a time: as many as make a scan of the versions worth while, and fit in memory as texts."""


def facts_of(warehouse: Warehouse, edition_keys: Sequence[int]) -> Iterator[Facts]:
    """The facts of those of the editions that are live or withdrawn, in the order of their keys.

    Args:
        warehouse: An open writer.
        edition_keys: Sorted, each once.
    """
    for start in range(0, len(edition_keys), BATCH):
        mark(warehouse, "facts", edition_keys[start : start + BATCH])
        editions = warehouse.run("works/edition_versions")
        texts = _texts(warehouse, editions)
        for isbn13, supplier, descriptive, related in zip(
            *(editions[name].to_pylist() for name in _EDITION), strict=True
        ):
            says = said(texts.get(descriptive))
            yield read_facts(isbn13, says, says if related == descriptive else said(texts.get(related)), supplier)
    warehouse.run("works/clear_batch", part="facts")


_EDITION = ("isbn13", "related_supplier", "descriptive_version", "related_version")


def _texts(warehouse: Warehouse, editions: pa.Table) -> dict[str | None, Any]:
    """What the versions of editions say, by content hash."""
    wanted = {hash_ for name in _EDITION[2:] for hash_ in editions[name].to_pylist() if hash_ is not None}
    keys = pa.array(sorted({version_key(content_hash) for content_hash in wanted}), pa.int64())
    warehouse.run("works/clear_versions")
    warehouse.load("work_versions", pa.table({"version_key": keys}))
    found = warehouse.run("works/version_texts")
    warehouse.run("works/clear_versions")
    return dict(zip(found["content_hash"].to_pylist(), found["work_facts"].to_pylist(), strict=True))


def mark(warehouse: Warehouse, part: str, edition_keys: Sequence[int]) -> None:
    """Say which editions a part of the step is about, in place of those it was about before."""
    warehouse.run("works/clear_batch", part=part)
    add(warehouse, part, edition_keys)


def add(warehouse: Warehouse, part: str, edition_keys: Sequence[int]) -> None:
    """Let a part of the step be about more editions."""
    if len(edition_keys):
        keys = pa.array(edition_keys, pa.int64())
        warehouse.load("work_batch", pa.table({"part": pa.repeat(part, len(keys)), "edition_key": keys}))
