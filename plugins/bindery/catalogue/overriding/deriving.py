"""Overrides of the queued titles: what the merge puts in the place of their winning versions, and where it stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from bindery.catalogue import staging
from bindery.catalogue.keeping import keep_territories, keep_versions
from bindery.catalogue.keys import version_key
from bindery.catalogue.overriding.fields import FIELDS, LIMITS
from bindery.catalogue.overriding.versions import BLOCKS, Fields, derived, unstated
from bindery.catalogue.record_schema import VERSION_SCHEMA
from bindery.warehouse.engine import Warehouse

_TITLES_AT_A_TIME = 2_000

_SOLD = ("live", "withdrawn")
"""States of titles that show anything."""


@dataclass(frozen=True)
class _Overridden:
    """A block of a title, and what people say of it."""

    edition_key: int
    isbn13: str
    base_version: str | None
    fields: Fields


def derive(warehouse: Warehouse) -> int:
    """Make the versions that the overrides in force ask for, of the titles in ``chosen_editions``.

    As of ``catalogue_day``. Writes the versions that aren't kept yet, fills ``derived_versions``, and replaces the
    rows of ``legal_limits`` of these titles. Run again it writes the same.

    Args:
        warehouse: The open writer, in the transaction of the editions step.

    Returns:
        Rows of ``derived_versions``.

    Raises:
        ConfigurationError: An override can't be stated in the version that wins; the error names the field.
    """
    in_force = warehouse.run("catalogue/overrides_in_force").to_pylist()
    warehouse.run("catalogue/clear_derived_versions")
    warehouse.run("catalogue/clear_legal_limits")
    _limit(warehouse, in_force)
    rows = 0
    for block in BLOCKS:
        titles = _overridden(in_force, block)
        for start in range(0, len(titles), _TITLES_AT_A_TIME):
            rows += _derive(warehouse, block, titles[start : start + _TITLES_AT_A_TIME])
    return rows


def _overridden(in_force: Sequence[Mapping[str, Any]], block: str) -> list[_Overridden]:
    titles: dict[int, _Overridden] = {}
    for row in in_force:
        if FIELDS[row["field"]].block == block and row["state"] in _SOLD:
            title = titles.get(row["edition_key"])
            fields = {**(title.fields if title else {}), row["field"]: row["value"]}
            titles[row["edition_key"]] = _Overridden(row["edition_key"], row["isbn13"], row[f"{block}_version"], fields)
    return list(titles.values())


def _derive(warehouse: Warehouse, block: str, titles: list[_Overridden]) -> int:
    wanted = {title.base_version for title in titles if title.base_version is not None}
    kept = warehouse.run("catalogue/versions_by_hash", hashes=wanted).select(VERSION_SCHEMA.names)
    bases = pa.concat_tables([unstated(block), kept.cast(VERSION_SCHEMA)])
    places = {content_hash: place for place, content_hash in enumerate(bases["content_hash"].to_pylist()) if place}
    taken = bases.take(pa.array([places[one.base_version] if one.base_version else 0 for one in titles], pa.int64()))
    made = derived(taken, block, [title.fields for title in titles])
    rows = [
        {
            "edition_key": title.edition_key,
            "isbn13": title.isbn13,
            "block": block,
            "base_version": title.base_version,
            "derived_version": content_hash,
        }
        for title, base, content_hash in zip(
            titles, taken["content_hash"].to_pylist(), made["content_hash"].to_pylist(), strict=True
        )
        if content_hash != base
    ]
    if rows:
        _keep(warehouse, made, {str(row["derived_version"]) for row in rows})
        warehouse.load("derived_versions", pa.Table.from_pylist(rows))
    return len(rows)


def _keep(warehouse: Warehouse, made: pa.Table, wanted: set[str]) -> None:
    """Write the versions that aren't kept yet, as staging does."""
    keys = {str(version_key(content_hash)) for content_hash in wanted}
    known = set(warehouse.run("catalogue/known_versions", keys=keys)["content_hash"].to_pylist())
    rows = made.append_column("is_known", pa.repeat(pa.scalar(value=False), made.num_rows))
    keep_versions(warehouse, staging.versions_among([rows], wanted - known))


def _limit(warehouse: Warehouse, in_force: Sequence[Mapping[str, Any]]) -> None:
    limits = [row for row in in_force if row["field"] in LIMITS]
    sets = {row["override_id"]: (row["value"] or "").split() for row in limits}
    rows = [
        {
            "edition_key": row["edition_key"],
            "isbn13": row["isbn13"],
            "model": LIMITS[row["field"]],
            "territory_set_id": staging.territory_set_id(sets[row["override_id"]]),
            "override_id": row["override_id"],
        }
        for row in limits
    ]
    if rows:
        stated = {staging.territory_set_id(countries): countries for countries in sets.values() if countries}
        keep_territories(warehouse, stated)
        warehouse.load("legal_limits", pa.Table.from_pylist(rows))
