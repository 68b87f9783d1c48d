"""Previews: what something would do, by doing it in a private copy of the published catalogue (RFC 0005)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bindery.catalogue.differing import PAGE, Differences, differences
from bindery.catalogue.merging import Run
from bindery.home import Home
from bindery.steps import merge, undo
from bindery.steps.health import anything_waits
from bindery.warehouse import copy_published, open_writer
from bindery.warehouse.engine import Warehouse


@contextmanager
def private_copy(home: Home, run: Run) -> Iterator[Home]:
    """A home of its own with a copy of the published catalogue, in which nothing waits; it is gone at the end.

    It is made where temporary files are (``TMPDIR``), and needs as much room there as the catalogue twice.

    Args:
        home: Whose catalogue.
        run: What is told to the merge of what waits in the copy. Its day is left aside: that day is yet to come.

    Yields:
        The private home; its snapshot is its warehouse as it is now.
    """
    with tempfile.TemporaryDirectory(prefix="bindery-preview-", ignore_cleanup_errors=True) as folder:
        private = Home(Path(folder))
        copy_published(home, private)
        if anything_waits(private):
            merge_all(private, Run(day=None, at=run.at, name=run.name))
        yield private


def merge_all(home: Home, run: Run) -> None:
    """Merge what waits and hold it to the laws; publish nothing."""
    for step in merge.STEPS:
        step(home, run)
    merge.verify(home)


def newest_change(warehouse: Warehouse) -> int:
    """The newest entry of a warehouse's change log, 0 where there is none."""
    return int(warehouse.run("health/newest_change")["change_id"][0].as_py())


def preview_undo(home: Home, supplier: str, message_id: str, *, limit: int = PAGE) -> Differences:
    """What the catalogue would be without a message, against what is published.

    Args:
        home: Whose catalogue; nothing in it changes.
        supplier: Who sent it.
        message_id: The message.
        limit: Titles to tell of.
    """

    def take_out(private: Home) -> None:
        undo.undo(supplier, message_id, owner="preview", reason="preview", home=private)

    return _preview(home, supplier, message_id, states=("staged", "merged"), change=take_out, limit=limit)


def preview_redo(home: Home, supplier: str, message_id: str, *, limit: int = PAGE) -> Differences:
    """What the catalogue would be with a message that was undone, against what is published."""

    def let_count(private: Home) -> None:
        undo.redo(supplier, message_id, home=private)

    return _preview(home, supplier, message_id, states=("undone",), change=let_count, limit=limit)


def _preview(
    home: Home,
    supplier: str,
    message_id: str,
    *,
    states: tuple[str, ...],
    change: Callable[[Home], None],
    limit: int,
) -> Differences:
    run = merge.run_of(None, "preview")
    with private_copy(home, run) as private:
        with open_writer(private) as warehouse:
            after = newest_change(warehouse)
            found = warehouse.run("catalogue/find_message", supplier=supplier, message_id=message_id)["state"]
        # A message that never came into the published catalogue changes nothing in it.
        if found.to_pylist() and found[0].as_py() in states:
            change(private)
            merge_all(private, run)
        with open_writer(private) as warehouse:
            return differences(warehouse, after, newest_change(warehouse), limit=limit)
