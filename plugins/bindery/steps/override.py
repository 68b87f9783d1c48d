"""Overrides, as people set, release and list them. The next merge takes them (RFC 0005)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from bindery.catalogue.keys import edition_key
from bindery.catalogue.overriding import BLOCKS, FIELDS, LIMITS, read_value
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.trade.identifiers import clean_isbn
from bindery.warehouse import open_snapshot, open_writer
from bindery.warehouse.engine import Warehouse


class Override(BaseModel):
    """What a person decided of a field of a title.

    Attributes:
        override_id: Its name, such as ``o-000012``.
        isbn13: The title.
        field: What of it.
        value: What it is to say; None where it is deliberately empty.
        owner: Who decided, and answers for it.
        reason: Why.
        expires_on: The first day it no longer holds; None holds until it is released.
        set_at: When it was set, in UTC.
        state: ``in_force``, ``expired`` (as of the catalogue's day) or ``released``.
        released_at: When it was released.
        released_by: Who released it.
        release_reason: Why.
        feed_says: What the feeds say of the field now, in the words of a value; None where they say nothing.
    """

    model_config = ConfigDict(frozen=True)

    override_id: str
    isbn13: str
    field: str
    value: str | None
    owner: str
    reason: str
    expires_on: date | None
    set_at: datetime
    state: str
    released_at: datetime | None = None
    released_by: str | None = None
    release_reason: str | None = None
    feed_says: str | None = None


def set_override(
    home: Home,
    isbn13: str,
    field: str,
    value: str | None,
    *,
    owner: str,
    reason: str,
    now: datetime,
    expires_on: date | None = None,
) -> Override:
    """Let a person's value win over what feeds say of a field, until it is released or expires.

    A newer override of a field releases the older one. To set the same again changes nothing (law 5).

    Args:
        home: Where the warehouse is.
        isbn13: The title; it need not be in the catalogue yet.
        field: One of ``catalogue.overriding.FIELDS``.
        value: As the field's form says; None for deliberately empty.
        owner: Who decides.
        reason: Why.
        now: When, with its zone.
        expires_on: The first day it no longer holds.

    Raises:
        ConfigurationError: There is no such field, this can't be its value, or it is no ISBN; nobody or nothing is
            named for it; or it would have expired already.
    """
    isbn = _isbn(isbn13)
    kept = read_value(field, value)
    decision: dict[str, Any] = {"field": field, "value": kept, "expires_on": expires_on}
    decision |= {"owner": _said(owner, "an owner"), "reason": _said(reason, "a reason")}
    with open_writer(home) as warehouse, warehouse.transaction():
        older = [one for one in _found(warehouse, isbn13=isbn) if one.field == field and one.state != "released"]
        same = next((one for one in older if decision.items() <= one.model_dump().items()), None)
        if same is not None:
            return same
        if expires_on is not None and expires_on <= now.date():
            raise ConfigurationError(
                f"{expires_on} is past, so the override would not hold for a day",
                fix="Name a later day, or none: it is the first on which the override no longer holds.",
            )
        number = warehouse.run("catalogue/count_overrides")["overrides"][0].as_py() + 1
        made = Override(override_id=f"o-{number:06d}", isbn13=isbn, set_at=now, state="in_force", **decision)
        # An engine without transactions queues the title again, and releases what is released already.
        _queue(warehouse, made)
        _release(warehouse, older, owner=made.owner, reason=f"replaced by {made.override_id}", now=now)
        row = made.model_dump(exclude={"state", "feed_says"}) | {"edition_key": edition_key(isbn)}
        warehouse.load("overrides", pa.Table.from_pylist([row]))
    return made


def release_override(home: Home, override_id: str, *, owner: str, reason: str, now: datetime) -> Override:
    """Let the feeds' value of a field show again. To release it twice does nothing more.

    Args:
        home: Where the warehouse is.
        override_id: Its name.
        owner: Who decides.
        reason: Why.
        now: When, with its zone.

    Raises:
        ConfigurationError: There is no such override, or nobody or nothing is named for its release.
    """
    owner, reason = _said(owner, "an owner"), _said(reason, "a reason")
    with open_writer(home) as warehouse, warehouse.transaction():
        found = _found(warehouse, override_id=override_id)
        if not found:
            raise ConfigurationError(
                f"there is no override {override_id}", fix="Name one that bindery override list shows."
            )
        if found[0].state != "released":
            _queue(warehouse, found[0])
            _release(warehouse, found, owner=owner, reason=reason, now=now)
        (released,) = _found(warehouse, override_id=override_id)
    return released


def list_overrides(home: Home, isbn13: str | None = None) -> list[Override]:
    """What people decided, of one title or all, with what the feeds say of the field now.

    Reads the published catalogue: what was set since the last merge is not in it yet.

    Args:
        home: Where the snapshot is.
        isbn13: The title.

    Raises:
        ConfigurationError: It is no ISBN.
    """
    isbn = None if isbn13 is None else _isbn(isbn13)
    with open_snapshot(home) as warehouse:
        return overrides_in(warehouse, isbn)


def overrides_in(warehouse: Warehouse, isbn13: str | None = None) -> list[Override]:
    """The same, in a catalogue that is open.

    Args:
        warehouse: The snapshot.
        isbn13: The title, 13 digits; all titles without it.
    """
    found = _found(warehouse, isbn13=isbn13)
    facts = _feed_facts(warehouse, {one.isbn13 for one in found})
    return [
        one.model_copy(update={"feed_says": FIELDS[one.field].fact(facts[one.isbn13])}) if one.isbn13 in facts else one
        for one in found
    ]


def _isbn(text: str) -> str:
    isbn = clean_isbn(text)
    if isbn is None:
        raise ConfigurationError(f"{text} is no ISBN", fix="Check the digits against the book.")
    return isbn


def _said(text: str, what: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise ConfigurationError(f"an override needs {what}", fix="Say who decides, and why.")
    return said


def _found(warehouse: Warehouse, *, isbn13: str | None = None, override_id: str | None = None) -> list[Override]:
    key = None if isbn13 is None else edition_key(isbn13)
    rows = warehouse.run("catalogue/find_overrides", edition_key=key, override_id=override_id).to_pylist()
    return [Override.model_validate({name: row[name] for name in row if name != "edition_key"}) for row in rows]


def _queue(warehouse: Warehouse, override: Override) -> None:
    warehouse.run(
        "catalogue/queue_override",
        isbn13=override.isbn13,
        edition_key=edition_key(override.isbn13),
        override_id=override.override_id,
    )


def _release(warehouse: Warehouse, overrides: Iterable[Override], *, owner: str, reason: str, now: datetime) -> None:
    ids = [one.override_id for one in overrides]
    if ids:
        warehouse.run(
            "catalogue/release_overrides", override_ids=ids, released_at=now, released_by=owner, release_reason=reason
        )


_FACTS_OF_NOTHING = dict.fromkeys(
    (*(name for name, field in FIELDS.items() if field.block), *LIMITS, "price_amount", "price_currency")
)


def _feed_facts(warehouse: Warehouse, isbns: set[str]) -> dict[str, dict[str, Any]]:
    """What the winning records of titles say, overrides left aside, as facts."""
    winners = warehouse.run("catalogue/feed_says", isbns=isbns).to_pylist() if isbns else []
    hashes = {row[f"{block}_version"] for row in winners for block in BLOCKS} - {None}
    versions = {
        row["content_hash"]: row for row in warehouse.run("catalogue/versions_by_hash", hashes=hashes).to_pylist()
    }
    return {row["isbn13"]: _facts(row, versions) for row in winners}


def _facts(winner: Mapping[str, Any], versions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    facts: dict[str, Any] = dict(_FACTS_OF_NOTHING)
    # Any record's withdrawal takes the title off sale, not only that of the record that wins.
    facts |= {"publishing_withdrawal": winner["withdrawal"], "supply_withdrawal": None}
    for block in BLOCKS:
        said = versions.get(winner[f"{block}_version"], {})
        names = {name for name in FIELDS if (FIELDS[name].block or "publishing") == block}
        names |= {"price_amount", "price_currency"} if block == "supply" else set()
        facts |= {name: said[name] for name in names if name in said}
    return facts
