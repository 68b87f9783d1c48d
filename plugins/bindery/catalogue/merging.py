"""The merge: what changed, from received records to the change log. SQL over the affected keys only (law 8).

Every function is one step on an open writer. A step consumes its list of work in the same transaction that writes its
result; the list goes last, so that on an engine without transactions a step cut short is simply run again (RFC 0001).
"""

from __future__ import annotations

from bindery.warehouse.engine import Warehouse


def _run(warehouse: Warehouse, *statements: str) -> int:
    return sum(int(warehouse.run(f"catalogue/{statement}").column("rows")[0].as_py()) for statement in statements)


def merge_records(warehouse: Warehouse) -> int:
    """Fold the records that staged messages touch, and say what became of each.

    Returns:
        Rows of ``records`` written or dropped.
    """
    with warehouse.transaction():
        _run(warehouse, "clear_affected", "clear_folded", "find_affected", "quarantine_contradictions", "fold_records")
        _run(warehouse, "queue_changed_records")
        rows = _run(warehouse, "write_records")
        _run(warehouse, "settle_outcomes", "close_messages", "clear_folded", "clear_affected")
    return rows


def merge_editions(warehouse: Warehouse) -> int:
    """Put the queued titles together.

    Returns:
        Rows of ``editions`` written or dropped.
    """
    with warehouse.transaction():
        rows = _run(warehouse, "merge_editions")
        _run(warehouse, "queue_offers")
        warehouse.run("catalogue/clear_queue", step="editions")
    return rows


def merge_offers(warehouse: Warehouse) -> int:
    """Decide the offers of the queued titles, and append what changed to the change log.

    Returns:
        Rows of ``offers`` written or dropped.
    """
    with warehouse.transaction():
        _run(warehouse, "clear_offer_territories", "clear_combined_countries")
        _run(warehouse, "find_offer_territories", "intersect_territories", "intern_territories")
        rows = _run(warehouse, "merge_offers")
        _run(warehouse, "append_changes", "clear_combined_countries", "clear_offer_territories")
        warehouse.run("catalogue/clear_queue", step="offers")
    return rows
