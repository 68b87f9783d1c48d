"""What differs between two moments of the catalogue, told by entries of its change log (FEATURES M9, L2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypedDict

from bindery.catalogue.blaming.evidence import Evidence, gather
from bindery.catalogue.blaming.spells import FIELDS, values_at
from bindery.warehouse.engine import Warehouse

PAGE: Final = 50
"""Titles told of at once."""


class FieldDifference(TypedDict):
    """A field of a title, before and after; None for nothing."""

    field: str
    old_value: Any
    new_value: Any


class TitleDifference(TypedDict):
    """A title that differs.

    Attributes:
        difference: ``created``, ``changed`` or ``withdrawn``: on sale before, and not any longer.
        old_state: Its state before; None where it was not there.
        state: Its state after.
        fields: What differs, in the order in which fields are shown.
    """

    isbn13: str
    difference: str
    old_state: str | None
    state: str
    fields: list[FieldDifference]


class Differences(TypedDict):
    """What differs, counted, and a page of it.

    Attributes:
        created: Titles that were not there before.
        changed: Titles that say something else; those that went and came back are not among them.
        withdrawn: Titles that were on sale and are not.
        fields: In how many titles, new ones left aside, each field differs.
        titles: A page of the titles, by ISBN.
    """

    created: int
    changed: int
    withdrawn: int
    fields: dict[str, int]
    titles: list[TitleDifference]


def differences(warehouse: Warehouse, after: int, until: int, *, offset: int = 0, limit: int = PAGE) -> Differences:
    """What differs between two entries of the change log.

    Args:
        warehouse: An open warehouse.
        after: The entry that is the moment before; 0 for an empty catalogue.
        until: The entry that is the moment after.
        offset: Titles to leave out, by ISBN.
        limit: Titles to tell of.
    """
    between = {"after": after, "until": until}
    rows = _titles(warehouse, between, offset + 1, offset + limit)
    # A page beyond the last still tells how many there are.
    counted = rows or _titles(warehouse, between, 1, 1)
    counts = counted[0] if counted else dict.fromkeys(("created", "changed", "withdrawn"), 0)
    told = [
        _told(row, evidence, after, until)
        for row, evidence in zip(rows, gather(warehouse, [row["isbn13"] for row in rows]), strict=True)
    ]
    fields = warehouse.run("catalogue/diff_fields", **between).to_pylist() if counted else []
    return Differences(
        created=counts["created"],
        changed=counts["changed"],
        withdrawn=counts["withdrawn"],
        fields={row["field"]: row["titles"] for row in fields},
        titles=told,
    )


def _titles(warehouse: Warehouse, between: Mapping[str, int], first: int, last: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = warehouse.run("catalogue/diff_titles", **between, first=first, last=last).to_pylist()
    return rows


def _told(row: Mapping[str, Any], evidence: Evidence, after: int, until: int) -> TitleDifference:
    old, new = (values_at(evidence, _place(evidence, change)) for change in (after, until))
    return TitleDifference(
        isbn13=row["isbn13"],
        difference=row["difference"],
        old_state=row["old_state"],
        state=row["state"],
        fields=[
            FieldDifference(field=field, old_value=old.get(field), new_value=new.get(field))
            for field in FIELDS
            if old.get(field) != new.get(field)
        ],
    )


def _place(evidence: Evidence, change: int) -> int | None:
    """The last place in a title's history at an entry of the change log."""
    places = [at for at, row in enumerate(evidence.history) if row["change_id"] <= change]
    return places[-1] if places else None
