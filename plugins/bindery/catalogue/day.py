"""The catalogue's day: overrides and precedence are in force as of it. No clock decides data (RFC 0005)."""

from __future__ import annotations

from datetime import date

from bindery.warehouse.engine import Warehouse


def advance_day(warehouse: Warehouse, day: date) -> None:
    """Keep the newest day the merge was told. An older one changes nothing: a backfill doesn't turn time back.

    Args:
        warehouse: The open writer.
        day: The day.
    """
    warehouse.run("catalogue/write_day", day=day)
