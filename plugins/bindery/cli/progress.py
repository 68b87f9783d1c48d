"""How far reading is, for people who wait: on standard error, and only where that is a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from bindery.cli.document import Tell


@contextmanager
def progress(console: Console, name: str, *, size: int | None) -> Iterator[Tell]:
    """A bar that goes when the work is done.

    Args:
        console: Standard error.
        name: The file's.
        size: Its bytes; None where nobody knows how far it goes.

    Yields:
        What to tell the records read so far, and the byte after the last.
    """
    columns = (
        TextColumn("Reading {task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[records]:,} records"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(escape(name), total=size, records=0)

        def tell(records: int, byte_end: int) -> None:
            bar.update(task, records=records, completed=None if size is None else min(byte_end, size))

        yield tell
