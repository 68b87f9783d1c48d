"""Facts of many editions out of the warehouse, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    for told in told_of(warehouse, edition_keys):
        yield from facts_in(told)


def facts_in(told: pa.Table) -> Iterator[Facts]:
    """The facts of editions out of what ``told_of`` gives."""
    for isbn13, supplier, descriptive, related in zip(*(column.to_pylist() for column in told.columns), strict=True):
        says = said(descriptive)
        yield read_facts(isbn13, says, says if related == descriptive else said(related), supplier)


def told_of(warehouse: Warehouse, edition_keys: Sequence[int]) -> Iterator[pa.Table]:
    """What those of the editions say that are live or withdrawn, in the order of their keys.

    Args:
        warehouse: An open writer.
        edition_keys: Sorted, each once.

    Yields:
        ``isbn13``, ``supplier`` of the related block, ``descriptive`` and ``related``: the texts of their versions.
    """
    for start in range(0, len(edition_keys), BATCH):
        mark(warehouse, "facts", edition_keys[start : start + BATCH])
        editions = warehouse.run("works/edition_versions")
        texts = _texts(warehouse, editions)
        columns = [pa.array(map(texts.get, editions[name].to_pylist()), pa.string()) for name in _VERSIONS]
        yield pa.table([editions["isbn13"], editions["related_supplier"], *columns], names=_TOLD)
    warehouse.run("works/clear_batch", part="facts")


_VERSIONS = ("descriptive_version", "related_version")
_TOLD = ("isbn13", "supplier", "descriptive", "related")


def _texts(warehouse: Warehouse, editions: pa.Table) -> dict[str | None, str | None]:
    """What the versions of editions say, by content hash."""
    wanted = {one for name in _VERSIONS for one in editions[name].to_pylist() if one is not None}
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
