"""What differs in the catalogue, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.table import Table

from bindery.cli.values import shown

if TYPE_CHECKING:
    from bindery.catalogue.differing import Differences

_FIELDS_SHOWN = 12


def tables(found: Differences, *, unchanged: int | None = None) -> Iterator[Table]:
    """What differs: titles by kind, fields by how many titles they differ in, and the titles themselves.

    Args:
        found: What differs.
        unchanged: How many titles were looked at that don't.
    """
    counts = Table(title="Titles", title_justify="left")
    row = [str(found["created"]), str(found["changed"]), str(found["withdrawn"])]
    for name in ("created", "changed", "withdrawn", *(() if unchanged is None else ("unchanged",))):
        counts.add_column(name, justify="right")
    counts.add_row(*row, *(() if unchanged is None else (str(unchanged),)))
    yield counts
    if found["fields"]:
        fields = Table("field", "titles", title="Fields that change", title_justify="left")
        for field, titles in found["fields"].items():
            fields.add_row(field, f"{titles:,}")
        yield fields
    if found["titles"]:
        yield _titles(found)


def _titles(found: Differences) -> Table:
    total = found["created"] + found["changed"] + found["withdrawn"]
    table = Table(title=f"{len(found['titles']):,} of {total:,} titles", title_justify="left")
    for name in ("title", "", "field", "was", "is"):
        table.add_column(name, overflow="fold")
    for title in found["titles"]:
        table.add_section()
        name, difference = title["isbn13"], title["difference"]
        # Of a new title everything is news: what it is called says enough.
        fields: list[Any] = list(title["fields"])
        if difference == "created":
            fields = [one for one in fields if one["field"] in {"state", "title", "authors"}]
        for one in fields[:_FIELDS_SHOWN] or [{"field": "", "old_value": None, "new_value": None}]:
            table.add_row(name, difference, one["field"], shown(one["old_value"]), shown(one["new_value"]))
            name = difference = ""
        if len(fields) > _FIELDS_SHOWN:
            table.add_row("", "", f"and {len(fields) - _FIELDS_SHOWN} more", "", "")
    return table
