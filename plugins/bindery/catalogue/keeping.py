"""Puts versions that aren't kept yet into the warehouse, and once only the sets and statements that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from bindery.catalogue.staging import Versions
from bindery.warehouse.engine import Warehouse


def keep_versions(warehouse: Warehouse, fresh: Iterable[Versions]) -> None:
    """Keep versions, with the territory sets and the stated terms that they name.

    A version goes last, because it isn't kept again: on an engine without transactions, all that it names is there.

    Args:
        warehouse: The open writer.
        fresh: Versions of which none is kept yet.
    """
    sets: set[str] | None = None
    terms: set[str] = set()
    for versions in fresh:
        sets = _known_territories(warehouse) if sets is None else sets
        _load_territories(warehouse, versions.territory_sets, sets)
        _keep_terms(warehouse, {one: text for one, text in versions.stated_terms.items() if one not in terms})
        sets |= versions.territory_sets.keys()
        terms |= versions.stated_terms.keys()
        warehouse.load("record_versions", versions.contents)
        warehouse.load("version_blocks", versions.blocks)


def keep_territories(warehouse: Warehouse, sets: Mapping[str, Sequence[str]]) -> None:
    """Keep the sets of countries that aren't kept yet.

    Args:
        warehouse: The open writer.
        sets: ISO 3166-1 alpha-2 codes by ``territory_set_id``.
    """
    if sets:
        _load_territories(warehouse, sets, _known_territories(warehouse))


def _known_territories(warehouse: Warehouse) -> set[str]:
    return set(warehouse.run("catalogue/known_territories")["territory_set_id"].to_pylist())


def _load_territories(warehouse: Warehouse, sets: Mapping[str, Sequence[str]], known: set[str]) -> None:
    rows = [{"territory_set_id": one, "countries": sets[one]} for one in sets if one not in known]
    if rows:
        warehouse.load("territory_sets", pa.Table.from_pylist(rows))


def _keep_terms(warehouse: Warehouse, terms: Mapping[str, str]) -> None:
    if not terms:
        return
    known = set(warehouse.run("catalogue/known_stated_terms", ids=list(terms))["stated_id"].to_pylist())
    rows = [{"stated_id": one, "statement": terms[one]} for one in terms if one not in known]
    if rows:
        warehouse.load("stated_terms", pa.Table.from_pylist(rows))
