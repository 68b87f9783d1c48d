"""Why what was received of a title doesn't count: the true cause behind an edition that nobody knows (law 2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from bindery.catalogue.offering.known import Row
from bindery.catalogue.offering.passages import Passage, newest_of_each, passage
from bindery.rights.reasons import Whose

_COUNTS: Final = ("applied", "unchanged")
_OUT_OF_SCOPE: Final = {
    "not_audio": ("R5", "it is not an audiobook (R5)", "Correct ProductForm and PrimaryContentType, if it is one."),
    "test": ("R6", "it is a test, NotificationType 88 or 89 (R6)", "Send it with NotificationType 03, if it is meant."),
}
_OUT: Final = ("out_of_scope", "it is out of scope", "Send a record of an audiobook, if it is one.")


class Unheard(NamedTuple):
    """Why the newest word of a record doesn't count.

    Attributes:
        rule: The rule that says so; else ``undone``, ``held``, ``pending``, ``moved`` or ``stale``.
        text: What happened to it.
        action: What to do, as an order.
        whose: Whose it is to do.
        passage: Where the record is.
    """

    rule: str
    text: str
    action: str
    whose: Whose
    passage: Passage


def unheard(rows: Iterable[Row], isbn13: str) -> list[Unheard]:
    """Why the newest word of each record doesn't count, for each of which that is so.

    Args:
        rows: Every time a record of the title was received, rows of ``rights/received_of`` in their order.
        isbn13: The title.
    """
    found = [_why(row, isbn13) for row in newest_of_each(list(rows))]
    return [one for one in found if one is not None]


def _why(row: Row, isbn13: str) -> Unheard | None:
    rule, told = "", None
    path = ""
    if row["message_state"] == "undone":
        rule, told = "undone", _undone(row)
    elif row["message_state"] == "held":
        rule, told = "held", _held(row)
    elif row["verdict"] == "quarantine" or row["outcome"] == "quarantined":
        path = row["finding_path"] or ""
        rule, told = _rule(row) or "quarantined", _quarantined(row, _rule(row))
    elif row["verdict"] == "out_of_scope":
        rule, what, action = _OUT_OF_SCOPE.get(row["reason"], _OUT)
        told = (f"its record is left out: {what}", action, "supplier")
    elif row["outcome"] == "held":
        rule = "R7"
        told = (
            "its record is kept until its base comes (R7): it is a block update, and no full record came before it",
            "Send the full record (NotificationType 03).",
            "supplier",
        )
    elif row["outcome"] == "pending":
        rule = "pending"
        told = ("its message is received and not merged yet", "Wait for the next run of `catalogue`.", "nobody")
    elif row["isbn13"] not in (None, isbn13):
        rule = "moved"
        told = (
            f"its record {row['record_reference']} names {row['isbn13']} since {row['name']}",
            "Send a record of its own for this title, with a RecordReference of its own.",
            "supplier",
        )
    elif row["outcome"] not in _COUNTS:
        rule = "stale"
        told = (
            "its record is stale: a newer message replaced it before it came",
            "Send the record again, newly dated.",
            "supplier",
        )
    if told is None:
        return None
    text, action, whose = told
    return Unheard(rule, text, action, whose, passage(row, path))


_Told = tuple[str, str, Whose]


def _undone(row: Row) -> _Told:
    return (
        f"its message {row['name']} was undone by {row['message_reason'] or 'a person'}",
        f"Let it count again (bindery redo {row['message_id'][:12]}), or send a corrected one.",
        "rights desk",
    )


def _held(row: Row) -> _Told:
    return (
        f"its message {row['name']} is held by the gate: {row['message_reason'] or 'it goes beyond the limits'}",
        f"Release it (bindery release {row['supplier']} {row['message_id']}), or send it again as it should be.",
        "rights desk",
    )


def _rule(row: Row) -> str:
    reason = row["reason"] or ""
    return {"contradiction": "Q1", "no_record_reference": "R1", "no_kind": "R1"}.get(reason, reason)


def _quarantined(row: Row, rule: str) -> _Told:
    if rule == "Q1":
        return (
            "its record is quarantined by Q1: the message holds two records of one reference that differ",
            "Send each record once.",
            "supplier",
        )
    by = f" by {rule}" if rule else ""
    said = f": {row['finding_text']}" if row["finding_text"] else ""
    action = row["finding_fix"] or f"Send the record again so that it passes{f' {rule}' if rule else ''}."
    return f"its record is quarantined{by}{said}", action, "supplier"
