"""Reads the facts out of a table of content, each fact out of one block only (see ``facts``).

Whole columns at a time. What is hard to say by columns is asked of the pure functions in ``trade``, once for all the
records that state the same.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from bindery.catalogue.columns import whole
from bindery.catalogue.facts import Facts
from bindery.catalogue.facts_of.collateral import collateral_facts
from bindery.catalogue.facts_of.descriptive import descriptive_facts
from bindery.catalogue.facts_of.identifiers import identifier_facts
from bindery.catalogue.facts_of.publishing import publishing_facts
from bindery.catalogue.facts_of.supply import supply_facts
from bindery.catalogue.record_schema import RECORDS_SCHEMA

FACTS_SCHEMA: Final = pa.schema([RECORDS_SCHEMA.field(name) for name in Facts.__annotations__])
"""Columns of a table of facts."""

_OF_BLOCK = {
    "identifiers": identifier_facts,
    "descriptive": descriptive_facts,
    "collateral": collateral_facts,
    "publishing": publishing_facts,
    "supply": supply_facts,
}


def facts_of(content: pa.Table) -> pa.Table:
    """The facts of records, as ``Facts`` says, row for row.

    A fact depends on its own block alone, so that a record folded from several versions takes each from the version
    that supplied the block. Nothing here depends on today's date, or on the other records.

    Args:
        content: Has at least the columns ``identifiers``, ``descriptive``, ``collateral``, ``publishing`` and
            ``supply`` of ``RECORDS_SCHEMA``.

    Returns:
        A table of ``FACTS_SCHEMA``.
    """
    if not content.num_rows:
        return FACTS_SCHEMA.empty_table()
    facts: dict[str, pa.Array] = {}
    for block, of_block in _OF_BLOCK.items():
        facts |= of_block(whole(content.column(block)))
    return pa.table([facts[name] for name in FACTS_SCHEMA.names], schema=FACTS_SCHEMA)
