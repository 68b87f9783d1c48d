"""The merge, step by step. Each step is one transaction of the one writer: kill it anywhere and run it again."""

from __future__ import annotations

from collections.abc import Callable

from bindery import warehouse as warehouses
from bindery.catalogue import laws, merging
from bindery.claims import MergeResult
from bindery.home import Home
from bindery.warehouse.engine import Warehouse


def merge_records(home: Home) -> MergeResult:
    """Fold the records that staged messages touch, and settle the outcome of each."""
    return _step("records", merging.merge_records, home)


def merge_editions(home: Home) -> MergeResult:
    """Put the titles together whose records changed."""
    return _step("editions", merging.merge_editions, home)


def merge_offers(home: Home) -> MergeResult:
    """Decide the offers of the titles that changed, and append to the change log."""
    return _step("offers", merging.merge_offers, home)


def verify(home: Home) -> MergeResult:
    """Hold the catalogue to laws 2 and 3 before anyone sees it. ``rows`` is the number of checks.

    Raises:
        LawBrokenError: One does not hold.
    """
    return _step("verify", laws.verify, home)


def publish(home: Home) -> MergeResult:
    """Let readers see the catalogue as it is now. Writes no rows."""
    with warehouses.open_writer(home) as warehouse:
        warehouses.publish(home, warehouse)
    return MergeResult(step="publish", rows=0)


def _step(name: str, step: Callable[[Warehouse], int], home: Home) -> MergeResult:
    with warehouses.open_writer(home) as warehouse:
        return MergeResult(step=name, rows=step(warehouse))
