"""The merge, step by step. Each step is one transaction of the one writer: kill it anywhere and run it again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from bindery import warehouse as warehouses
from bindery.catalogue import laws, merging
from bindery.catalogue.merging import Run
from bindery.catalogue.precedence import load_precedence, rows_of, write_precedence
from bindery.catalogue.works import merging as works
from bindery.claims import MergeResult
from bindery.home import Home
from bindery.warehouse.engine import Warehouse


def run_of(day: date | None, name: str) -> Run:
    """What a run that begins now is told."""
    return Run(day=day, at=datetime.now(UTC), name=name)


def merge_records(home: Home, run: Run) -> MergeResult:  # noqa: ARG001 - every step is called alike
    """Fold the records that staged messages touch, and settle the outcome of each."""
    return _step("records", merging.merge_records, home)


def merge_editions(home: Home, run: Run) -> MergeResult:
    """Put the titles together whose records, overrides or precedence changed.

    Raises:
        ConfigurationError: The file of precedence rules is wrong.
    """
    rules = rows_of(load_precedence(home))

    def step(warehouse: Warehouse, run: Run) -> int:
        with warehouse.transaction():
            write_precedence(warehouse, rules)
            return merging.merge_editions(warehouse, run)

    return _merge("editions", step, home, run)


def merge_works(home: Home, run: Run) -> MergeResult:  # noqa: ARG001 - every step is called alike
    """Find which titles are editions of one book."""
    return _step("works", works.merge_works, home)


def merge_offers(home: Home, run: Run) -> MergeResult:
    """Decide the offers of the titles that changed, and append to the change log."""
    return _merge("offers", merging.merge_offers, home, run)


STEPS: Final = (merge_records, merge_editions, merge_works, merge_offers)
"""The steps that write the catalogue, in their order."""


def merge(home: Home, run: Run) -> list[MergeResult]:
    """All of it, verified and published: what the DAG ``catalogue`` does, for whoever works without it.

    Raises:
        LawBrokenError: A law does not hold; nothing is published.
    """
    return [*(step(home, run) for step in STEPS), verify(home), publish(home)]


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


def verify_published(home: Home) -> MergeResult:
    """Hold the whole published catalogue to its laws, whatever was touched, in a copy of it.

    Its cost grows with the catalogue: a drill, and what the demo ends with. ``rows`` is the number of checks.

    Raises:
        LawBrokenError: One does not hold.
    """
    with tempfile.TemporaryDirectory(prefix="bindery-verify-") as folder:
        copy = Home(Path(folder))
        warehouses.copy_published(home, copy)
        return _step("verify", laws.verify_everything, copy)


def _merge(name: str, step: Callable[[Warehouse, Run], int], home: Home, run: Run) -> MergeResult:
    return _step(name, lambda warehouse: step(warehouse, run), home)


def _step(name: str, step: Callable[[Warehouse], int], home: Home) -> MergeResult:
    with warehouses.open_writer(home) as warehouse:
        return MergeResult(step=name, rows=step(warehouse))
