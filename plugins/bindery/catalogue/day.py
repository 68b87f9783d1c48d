"""The catalogue's day: what overrides and precedence are in force as of (RFC 0005)."""

from __future__ import annotations

from datetime import date

from bindery.warehouse.engine import Warehouse


def advance_day(warehouse: Warehouse, day: date) -> int:
    """Tell the catalogue its day, and queue the titles that it changes anything for.

    No clock decides data: the merge is told its day, and the newest ever told is kept. So a late run of a past day
    changes nothing.

    Args:
        warehouse: The open writer, in the transaction of the editions step, before titles are chosen.
        day: The day of the run.

    Returns:
        Rows of ``merge_queue`` written.
    """
    # The day goes last: an engine without transactions queues the same titles again.
    queued = sum(
        int(warehouse.run(f"catalogue/{statement}", day=day)["rows"][0].as_py())
        for statement in ("queue_expired_overrides", "queue_changing_precedence")
    )
    warehouse.run("catalogue/write_day", day=day)
    return queued
