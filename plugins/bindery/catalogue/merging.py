"""The merge: what changed, from received records to the change log. SQL over the affected keys only (law 8).

Every function is one step on an open writer. A step consumes its list of work in the same transaction that writes its
result; the list goes last, so that on an engine without transactions a step cut short is simply run again (RFC 0001).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bindery.catalogue.day import advance_day
from bindery.catalogue.history import write_history
from bindery.catalogue.offering.deciding import decide
from bindery.catalogue.overriding import derive
from bindery.warehouse.engine import Warehouse


@dataclass(frozen=True)
class Run:
    """What a run of the merge is told, because no clock decides data.

    Attributes:
        day: The catalogue's day: overrides and precedence are in force as of it. None leaves the day as it is.
        at: When changes are told of, in UTC.
        name: What runs it, for whoever asks later: an Airflow run's id, or a command.
    """

    day: date | None
    at: datetime
    name: str


def _run(warehouse: Warehouse, *statements: str) -> int:
    return sum(int(warehouse.run(f"catalogue/{statement}").column("rows")[0].as_py()) for statement in statements)


def merge_records(warehouse: Warehouse) -> int:
    """Fold the records that staged, undone or missing messages touch, and say what became of each.

    Returns:
        Rows of ``records`` written or dropped.
    """
    with warehouse.transaction():
        _run(warehouse, "clear_history", "clear_stored_records", "clear_folded", "clear_absences")
        _run(warehouse, "touch_messages", "find_affected", "find_absent", "gather_history", "gather_stored_records")
        _run(warehouse, "write_sightings", "find_absences", "fold_records", "queue_changed_records")
        rows = _run(warehouse, "write_records")
        _run(warehouse, "settle_outcomes", "close_messages")
        _run(warehouse, "clear_history", "clear_stored_records", "clear_folded", "clear_absences", "clear_affected")
    return rows


def merge_editions(warehouse: Warehouse, run: Run) -> int:
    """Put the queued titles together.

    Returns:
        Rows of ``editions`` written or dropped.
    """
    with warehouse.transaction():
        if run.day is not None:
            advance_day(warehouse, run.day)
        _run(warehouse, "clear_title_records", "clear_chosen_editions")
        warehouse.run("catalogue/gather_title_records", step="editions")
        _run(warehouse, "keep_replaced_editions", "choose_editions")
        derive(warehouse)
        rows = _run(warehouse, "write_editions")
        _run(warehouse, "clear_conflicts", "find_conflicts")
        for following in ("works", "offers"):
            warehouse.run("catalogue/queue_next", step="editions", next=following)
        warehouse.run("catalogue/clear_queue", step="editions")
        _run(warehouse, "clear_chosen_editions")
    return rows


def merge_offers(warehouse: Warehouse, run: Run) -> int:
    """Decide the offers of the queued titles, and append what changed to the change log and the history.

    Returns:
        Rows of ``offers`` written or dropped.
    """
    with warehouse.transaction():
        _run(warehouse, "clear_title_editions", "clear_replaced_offers")
        _clear_decided(warehouse)
        _run(warehouse, "keep_replaced_offers", "gather_title_editions")
        warehouse.run("catalogue/gather_title_records", step="offers")
        decide(warehouse)
        rows = _run(warehouse, "merge_offers")
        warehouse.run("catalogue/append_changes", day=run.day, changed_at=run.at, run=run.name)
        write_history(warehouse)
        warehouse.run("rights/append_history", known_since=run.at)
        warehouse.run("catalogue/queue_next", step="offers", next="verify")
        warehouse.run("catalogue/clear_queue", step="offers")
        _clear_decided(warehouse)
        _run(
            warehouse, "clear_title_records", "clear_replaced_offers", "clear_replaced_editions", "clear_title_editions"
        )
    return rows


def _clear_decided(warehouse: Warehouse) -> None:
    for work in ("offers", "titles"):
        warehouse.run(f"rights/clear_decided_{work}")
