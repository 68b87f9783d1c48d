"""Works, as people ask for them, join them and split them. The next merge takes what they decide (RFC 0006)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from bindery.catalogue.keys import edition_key
from bindery.catalogue.works.ids import edition_named
from bindery.catalogue.works.merging import LIMITS
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.warehouse import open_snapshot, open_writer
from bindery.warehouse.engine import Warehouse

Kind = Literal["must", "never"]
_OPPOSITE: dict[Kind, Kind] = {"must": "never", "never": "must"}
_SAYS: dict[Kind, str] = {"must": "joined", "never": "split"}


class Assertion(BaseModel):
    """What a person decided of two editions.

    Attributes:
        assertion_id: Its name, such as ``a-000012``.
        isbn_a: The smaller ISBN.
        isbn_b: The other one.
        kind: ``must`` be one work, or ``never``.
        owner: Who decided, and answers for it.
        reason: Why.
        made_at: When, in UTC.
        released_at: When it was released.
        released_by: Who released it.
        release_reason: Why.
    """

    model_config = ConfigDict(frozen=True)

    assertion_id: str
    isbn_a: str
    isbn_b: str
    kind: Kind
    owner: str
    reason: str
    made_at: datetime
    released_at: datetime | None = None
    released_by: str | None = None
    release_reason: str | None = None


def assert_works(
    home: Home, isbn_a: str, isbn_b: str, kind: Kind, *, owner: str, reason: str, now: datetime
) -> Assertion:
    """Let a person's word on two editions go before every verdict, until it is released.

    To say the same again changes nothing (law 5).

    Args:
        home: Where the warehouse is.
        isbn_a: An edition: its ISBN, or the identifier of a work or recording named after it.
        isbn_b: Another one.
        kind: ``must`` be one work, or ``never``.
        owner: Who decides.
        reason: Why.
        now: When, with its zone.

    Raises:
        ConfigurationError: One isn't in the catalogue, both are one, nobody or nothing is named for it, or somebody
            decided the opposite.
    """
    first, second = sorted((edition_named(isbn_a), edition_named(isbn_b)))
    if first == second:
        raise ConfigurationError(f"{isbn_a} and {isbn_b} are one edition", fix="Name two editions.")
    owner, reason = _said(owner, "an owner"), _said(reason, "a reason")
    with open_writer(home) as warehouse, warehouse.transaction():
        _require(warehouse, (first, second))
        before = _assertions(warehouse)
        standing = [one for one in before if (one.isbn_a, one.isbn_b, one.released_at) == (first, second, None)]
        for one in standing:
            if one.kind == kind:
                return one
            raise ConfigurationError(
                f"{first} and {second} are {_SAYS[one.kind]} by {one.owner} ({one.assertion_id}): {one.reason}",
                fix="Release that first: bindery work release.",
            )
        made = Assertion(
            assertion_id=f"a-{len(before) + 1:06d}",
            isbn_a=first,
            isbn_b=second,
            kind=kind,
            owner=owner,
            reason=reason,
            made_at=now,
        )
        # An engine without transactions queues the titles again.
        _queue(warehouse, made)
        row = made.model_dump() | {"edition_key_a": edition_key(first), "edition_key_b": edition_key(second)}
        warehouse.load("work_assertions", pa.Table.from_pylist([row]))
    return made


def release_assertion(home: Home, assertion_id: str, *, owner: str, reason: str, now: datetime) -> Assertion:
    """Let verdicts decide of two editions again: what is then is as if nobody had ever said a word.

    To release it twice does nothing more.

    Args:
        home: Where the warehouse is.
        assertion_id: Its name.
        owner: Who decides.
        reason: Why.
        now: When, with its zone.

    Raises:
        ConfigurationError: There is no such decision, or nobody or nothing is named for its release.
    """
    owner, reason = _said(owner, "an owner"), _said(reason, "a reason")
    with open_writer(home) as warehouse, warehouse.transaction():
        found = _named(warehouse, assertion_id)
        if found.released_at is None:
            _queue(warehouse, found)
            told = {"released_at": now, "released_by": owner, "release_reason": reason}
            warehouse.run("works/release_assertion", assertion_id=assertion_id, **told)
            found = _named(warehouse, assertion_id)
    return found


def read_work(home: Home, name: str) -> dict[str, Any] | None:
    """The work that an edition is in now, or that an identifier given once leads to.

    Args:
        home: Where the snapshot is.
        name: An ISBN, or an identifier of a work or recording.

    Returns:
        ``asked``, ``isbn13``, ``work_id``, ``recording_id``, ``is_redirect`` (the identifier asked for is not the
        work's or recording's name any longer), ``members``, ``joins`` (pairs inside, with evidence), ``related``
        (pairs to other works), ``doubtful``, ``assertions``. None where the edition isn't in the catalogue.

    Raises:
        ConfigurationError: It is no ISBN and no identifier.
    """
    isbn13 = edition_named(name)
    with open_snapshot(home) as warehouse:
        known = _rows(warehouse, "known_edition", edition_key=edition_key(isbn13))
        if not known or known[0]["work_key"] is None:
            return None
        work, recording, key = known[0]["work_id"], known[0]["recording_id"], known[0]["work_key"]
        members = _rows(warehouse, "members_of", work_key=key)
        pairs = _rows(warehouse, "pairs_of", work_key=key)
        inside = {member["isbn13"] for member in members}
        assertions = [one for one in _assertions(warehouse) if {one.isbn_a, one.isbn_b} & inside]
    asked = name.strip().lower()
    return {
        "asked": name,
        "isbn13": isbn13,
        "work_id": work,
        "recording_id": recording,
        "is_redirect": asked[0] in "wr" and asked not in {work, recording},
        "members": members,
        "joins": [pair for pair in pairs if pair["work_a"] == pair["work_b"] and pair["verdict"] == "same_work"],
        "related": [pair for pair in pairs if pair["verdict"] in {"related", "different"}],
        "doubtful": [pair for pair in pairs if pair["verdict"] == "doubtful" and pair["work_a"] != pair["work_b"]],
        "assertions": [one.model_dump() for one in assertions],
    }


def read_review_queue(home: Home, most: int) -> list[dict[str, Any]]:
    """The pairs that wait for a person, the surest first.

    Args:
        home: Where the snapshot is.
        most: How many at most.

    Returns:
        ``isbn_a``, ``isbn_b``, ``score``, ``evidence``, ``work_a``, ``work_b`` and ``place`` of each.
    """
    with open_snapshot(home) as warehouse:
        return _rows(warehouse, "review_queue", most=most)


def read_worn_keys(home: Home) -> list[dict[str, Any]]:
    """Identifiers and names that too many editions share to be evidence, the commonest first.

    Args:
        home: Where the snapshot is.

    Returns:
        ``key_kind``, ``key``, ``editions`` and ``titles`` of each.
    """
    with open_snapshot(home) as warehouse:
        return _rows(warehouse, "worn_keys", **LIMITS)


def list_assertions(home: Home) -> list[Assertion]:
    """Everything people decided of works, released or not.

    Args:
        home: Where the snapshot is.
    """
    with open_snapshot(home) as warehouse:
        return _assertions(warehouse)


def _require(warehouse: Warehouse, isbns: Iterable[str]) -> None:
    missing = [isbn for isbn in isbns if not _rows(warehouse, "known_edition", edition_key=edition_key(isbn))]
    if missing:
        raise ConfigurationError(
            f"{', '.join(missing)} is not in the catalogue", fix="Check the digits; bindery title shows what is known."
        )


def _said(text: str, what: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise ConfigurationError(f"a decision needs {what}", fix="Say who decides, and why.")
    return said


def _assertions(warehouse: Warehouse) -> list[Assertion]:
    return [Assertion.model_validate(row) for row in _rows(warehouse, "find_assertions")]


def _named(warehouse: Warehouse, assertion_id: str) -> Assertion:
    found = next((one for one in _assertions(warehouse) if one.assertion_id == assertion_id), None)
    if found is None:
        raise ConfigurationError(
            f"there is no decision {assertion_id}", fix="Name one that bindery work decisions shows."
        )
    return found


def _queue(warehouse: Warehouse, assertion: Assertion) -> None:
    warehouse.run(
        "works/queue_asserted",
        assertion_id=assertion.assertion_id,
        edition_key_a=edition_key(assertion.isbn_a),
        edition_key_b=edition_key(assertion.isbn_b),
    )


def _rows(warehouse: Warehouse, statement: str, **parameters: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = warehouse.run(f"works/{statement}", **parameters).to_pylist()
    return rows
