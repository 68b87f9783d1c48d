"""Laws 2 and 3 as statements over the catalogue: each returns the rows that break it, and none may.

They run after every merge and before anything is published (FEATURES L6), over the messages and titles it touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from bindery.errors import LawBrokenError
from bindery.warehouse.engine import Warehouse

SHOWN = 5
"""Offending rows named in an error; the rest are counted."""

_REREAD = "Delete what is staged of the message and stage it again from the archive; nothing was published."
_REMERGE = "Nothing was published. Queue the titles again and merge; if it stays, the merge is at fault: report it."


@dataclass(frozen=True)
class Check:
    """One statement that returns offending rows.

    Attributes:
        law: The law it holds, 1 to 8.
        statement: Its name in the room ``catalogue``.
        what: What an offending row says, with its columns in braces.
        fix: What to do.
    """

    law: int
    statement: str
    what: str
    fix: str


CHECKS = (
    Check(
        2,
        "law2_messages",
        "message {name} of {supplier} ({message_id}): {received} records received, {told} told of",
        _REREAD,
    ),
    Check(
        2,
        "law2_pending",
        "message {name} of {supplier} ({message_id}): {pending} records have no outcome",
        _REREAD,
    ),
    Check(
        2,
        "law2_records",
        "record {record_reference} of {supplier} is live and ISBN {isbn13} is in no edition",
        _REMERGE,
    ),
    Check(3, "law3_editions", "ISBN {isbn13} is live, but {withdrawal}", _REMERGE),
    Check(3, "law3_offers", "ISBN {isbn13} is offered for {model}, but its edition is {edition_state}", _REMERGE),
    Check(3, "law3_countries", "{offer} is offered in {country}, which {supplier} does not allow", _REMERGE),
    Check(
        3, "law3_limits", "{isbn13} is offered for {model} in {country}, which {override_id} does not allow", _REMERGE
    ),
    Check(1, "law1_works", "ISBN {isbn13} is {standing}, and in {works} works", _REMERGE),
    Check(1, "repeated_keys", "{table_name} holds {row_key} {copies} times", _REMERGE),
)
"""Every check of what a run touched."""

UNIQUE = Check(1, "duplicate_keys", "{table_name} holds {row_key} {copies} times", _REMERGE)
"""Every table's keys, over the whole catalogue."""

FEED_DAY_CHECK = Check(
    2,
    "law2_feed_day",
    "message {name} of {supplier} ({message_id}): {received} records received, {told} told of",
    _REREAD,
)
"""Conservation for the messages of one feed day."""


def verify(warehouse: Warehouse) -> int:
    """Hold what was touched since the last time to the laws: its cost follows what changed (law 8).

    Returns:
        The number of checks that passed.

    Raises:
        LawBrokenError: One does not hold; it names the law, the messages or titles, and what to do.
    """
    for check in CHECKS:
        _hold(check, warehouse.run(f"catalogue/{check.statement}"))
    with warehouse.transaction():
        warehouse.run("catalogue/clear_queue", step="verify")
        warehouse.run("catalogue/clear_touched_messages")
    return len(CHECKS)


def verify_everything(warehouse: Warehouse) -> int:
    """Hold the whole catalogue to its laws, not only what was touched since last time. Its cost grows with its size.

    Returns:
        The number of checks that passed.

    Raises:
        LawBrokenError: One does not hold.
    """
    _hold(UNIQUE, warehouse.run(f"catalogue/{UNIQUE.statement}"))
    with warehouse.transaction():
        warehouse.run("catalogue/list_all_messages")
        warehouse.run("catalogue/list_all_titles")
        return 1 + verify(warehouse)


def verify_feed_day(warehouse: Warehouse, feed: str, feed_day: date) -> None:
    """Hold the messages of one feed day to law 2.

    Raises:
        LawBrokenError: A record received is not told of; the error names its message.
    """
    _hold(FEED_DAY_CHECK, warehouse.run(f"catalogue/{FEED_DAY_CHECK.statement}", feed=feed, feed_day=feed_day))


def _hold(check: Check, offending: pa.Table) -> None:
    if not offending.num_rows:
        return
    named = [check.what.format(**row) for row in offending.slice(0, SHOWN).to_pylist()]
    if more := offending.num_rows - len(named):
        named.append(f"and {more} more")
    raise LawBrokenError(
        f"law {check.law} is broken ({check.statement}): {'; '.join(named)}", fix=check.fix, law=check.law
    )
