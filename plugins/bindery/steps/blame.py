"""Blame: who said what of a title, when, in which bytes, and why it won. Reads the published catalogue."""

from __future__ import annotations

from typing import Any, Final, TypedDict

from bindery.catalogue.blaming.entries import Blame, blame_of
from bindery.catalogue.blaming.evidence import gather
from bindery.catalogue.blaming.spells import FIELDS
from bindery.catalogue.shown import LONG
from bindery.declarations import did_you_mean
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.steps.messages import NamedMessage, message_named
from bindery.warehouse import open_snapshot
from bindery.warehouse.engine import Warehouse

PAGE: Final = 50
"""Records told of at once, where a whole message is asked about."""


class SetByRecord(TypedDict):
    """What one record of a message sets now.

    Attributes:
        isbn13: The title it is of now.
        sets: The title's values that come from it, by field; empty where all come from others.
    """

    position: int
    record_reference: str | None
    isbn13: str | None
    line: int
    byte_start: int
    byte_end: int
    outcome: str
    reason: str | None
    sets: dict[str, Any]


class SetByMessage(TypedDict):
    """What a message sets in the catalogue now.

    Attributes:
        records: How many records there are to tell of, in all.
        told: Some of them, in message order.
    """

    supplier: str
    message_id: str
    name: str
    state: str
    records: int
    told: list[SetByRecord]


def blame(home: Home, isbn13: str, field: str | None = None) -> Blame | None:
    """Every value a title has and had, by field, newest first (FEATURES M7).

    Args:
        home: Where the snapshot is.
        isbn13: 13 digits.
        field: One of ``FIELDS``; None for all.

    Returns:
        The values; None for a title that was never in the published catalogue.

    Raises:
        ConfigurationError: There is no such field.
    """
    if field is not None and field not in FIELDS:
        raise ConfigurationError(
            f"no field is called {field!r}{did_you_mean(field, FIELDS)}", fix=f"Name one of {', '.join(FIELDS)}."
        )
    with open_snapshot(home) as warehouse:
        return blame_in(warehouse, isbn13, field)


def blame_in(warehouse: Warehouse, isbn13: str, field: str | None = None) -> Blame | None:
    """The same in an open warehouse, for whoever asks about many titles."""
    (evidence,) = gather(warehouse, [isbn13], with_texts=field is None or field in LONG)
    return blame_of(evidence, field) if evidence.history else None


def blame_message(
    home: Home,
    message: str,
    *,
    supplier: str | None = None,
    line: int | None = None,
    record: str | None = None,
    offset: int = 0,
    limit: int = PAGE,
) -> SetByMessage:
    """The titles and fields that records of a message set now (FEATURES L4).

    Args:
        home: Where the snapshot is.
        message: Its id, the beginning of one, or its name.
        supplier: Who sent it, where the name isn't enough.
        line: A line of the message: only the record it is in.
        record: A record's reference: only that one.
        offset: Records to leave out, from the message's beginning.
        limit: Records to tell of.

    Raises:
        ConfigurationError: No message is called so, or several are.
    """
    with open_snapshot(home) as warehouse:
        found = message_named(warehouse, message, supplier=supplier)
        rows = warehouse.run(
            "catalogue/blame_message",
            supplier=found.supplier,
            message_id=found.message_id,
            line=line,
            record_reference=record,
            first=offset + 1,
            last=offset + limit,
        ).to_pylist()
        set_now = _set_now(warehouse, {row["isbn13"] for row in rows} - {None}, found)
    for row in rows:
        row["sets"] = set_now.get(row["position"], {})
    count = rows[0]["records"] if rows else 0
    told = [SetByRecord(**{name: row[name] for name in SetByRecord.__annotations__}) for row in rows]  # type: ignore[typeddict-item] # the columns are the keys
    return SetByMessage(
        supplier=found.supplier,
        message_id=found.message_id,
        name=found.name,
        state=found.state,
        records=count,
        told=told,
    )


def _set_now(warehouse: Warehouse, isbns: set[str], message: NamedMessage) -> dict[int, dict[str, Any]]:
    """By position in a message, the fields that its records set now in some titles, and the values."""
    found: dict[int, dict[str, Any]] = {}
    for evidence in gather(warehouse, sorted(isbns)):
        for field, entries in blame_of(evidence)["fields"].items():
            for source in entries[0]["sources"] if entries[0]["until"] is None else ():
                if (source["supplier"], source["message_id"]) == (message.supplier, message.message_id):
                    found.setdefault(source["position"], {})[field] = entries[0]["value"]
    return found
