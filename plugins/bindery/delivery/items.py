"""The items of a delivery, and the editions they carry."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

BLOCKS = ("descriptive", "collateral", "content", "publishing", "related", "supply")
"""The blocks a delivery may draw on. Production files are delivered beside metadata, never in it."""

FACT_BLOCKS: dict[str, tuple[str, ...]] = {
    "descriptive": (
        "is_audio",
        "product_form",
        "primary_content_type",
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
    ),
    "collateral": ("description", "cover_link"),
    "publishing": (
        "publisher",
        "imprint",
        "publishing_status",
        "publication_date",
        "embargoed_until",
        "rights_status",
        "sale_countries",
        "subscription_countries",
        "publishing_withdrawal",
    ),
    "supply": (
        "availability",
        "price_count",
        "price_amount",
        "price_currency",
        "price_problem",
        "supply_withdrawal",
    ),
}
"""Which block each fact belongs to (``catalogue/facts.py``)."""

ITEM_SCHEMA = pa.schema(
    [
        pa.field("isbn13", pa.string()),
        pa.field("action", pa.string()),
        pa.field("item_hash", pa.string()),
        pa.field("accepted_hash", pa.string()),
        pa.field("may_hold", pa.bool_()),
        pa.field("is_unanswered", pa.bool_()),
        pa.field("territory_set_id", pa.string()),
        pa.field("available_from", pa.date32()),
        pa.field("price_amount", pa.decimal128(38, 9)),
        pa.field("price_currency", pa.string()),
        pa.field("edition_state", pa.string()),
        *(
            pa.field(f"{block}_{column}", pa.string())
            for block in BLOCKS
            for column in ("supplier", "record", "version")
        ),
        pa.field("countries", pa.list_(pa.string())),
    ]
)
"""Columns of ``planned.parquet`` and ``items.parquet``, one row a title.

``accepted_hash`` is what the recipient last took, ``may_hold`` whether it may have the title now, ``is_unanswered``
whether a delivery with it was never answered. ``countries`` (sorted ISO 3166-1) is where it may be sold to or
streamed in: the offer's countries that the recipient serves; empty for a withdrawal.
"""

OMISSION_SCHEMA = pa.schema(
    [pa.field("isbn13", pa.string()), pa.field("title", pa.string()), pa.field("reason", pa.string())]
)
"""Columns of ``omissions.parquet``, one row a title and reason."""


@dataclass(frozen=True)
class Edition:
    """One title as a delivery carries it: its item, and the record versions that supply its blocks.

    Attributes:
        item: A row of ``ITEM_SCHEMA``.
        versions: Rows of ``record_versions`` by block; a block nobody supplies is missing.
    """

    item: Mapping[str, Any]
    versions: Mapping[str, Mapping[str, Any]]

    @property
    def isbn13(self) -> str:
        """The edition's ISBN-13."""
        return str(self.item["isbn13"])

    @property
    def withdrawn(self) -> bool:
        """Whether the recipient has to take it down."""
        return bool(self.item["action"] == "withdraw")

    def block(self, name: str) -> Any:
        """A block of the record model; None where nobody supplies it."""
        version = self.versions.get(name)
        return None if version is None else version[name]

    def fact(self, name: str) -> Any:
        """A fact, from the version that supplies its block (``catalogue/facts.py``); None where that is missing."""
        for block, names in FACT_BLOCKS.items():
            if name in names:
                version = self.versions.get(block)
                return None if version is None else version[name]
        return self.isbn13 if name == "isbn13" else None


def version_hashes(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """The content hashes of every version that some items point at, sorted, each once."""
    return sorted({item[f"{block}_version"] for item in items for block in BLOCKS if item[f"{block}_version"]})


def editions(items: Iterable[Mapping[str, Any]], versions: pa.Table) -> Iterator[Edition]:
    """Join items with their versions.

    Args:
        items: Rows of ``ITEM_SCHEMA``.
        versions: Rows of ``record_versions``.
    """
    by_hash = {row["content_hash"]: row for row in versions.to_pylist()}
    for item in items:
        found = {block: by_hash.get(item[f"{block}_version"] or "") for block in BLOCKS}
        yield Edition(item, {block: row for block, row in found.items() if row is not None})


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name in the same folder, which takes the file's place when all went well (law 5)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    yield temporary
    os.replace(temporary, path)  # noqa: PTH105 - the plain call says what it does: one atomic rename.


def write_rows(path: Path, rows: pa.Table) -> None:
    """Write a Parquet file whole or not at all."""
    with replacing(path) as temporary:
        pq.write_table(rows, temporary, compression="zstd")
