"""Facts of one record, as tests ask for them."""

from __future__ import annotations

from typing import cast

from bindery.catalogue import facts_of as by_columns
from bindery.catalogue.content import content_of
from bindery.catalogue.facts import Facts
from bindery.catalogue.record import Record


def facts_of(record: Record) -> Facts:
    """The facts of a table of one row."""
    (row,) = by_columns.facts_of(content_of([record])).to_pylist()
    return cast("Facts", row)
