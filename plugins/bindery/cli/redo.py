"""``bindery redo``: let a message count again that was undone."""

from __future__ import annotations

from typing import Annotated

import typer

from bindery.cli.taking_out import Asked, carry_out
from bindery.home import Home


def redo(
    message: Annotated[
        str, typer.Argument(help="Its SHA-256, the first 6 digits of it or more, or its name as it arrived.")
    ],
    *,
    supplier: Annotated[str | None, typer.Option(help="Who sent it, where its name isn't enough.")] = None,
    merge: Annotated[bool, typer.Option("--merge", help="Merge and publish now, not with the next run.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Titles to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Let a message count again that was undone.

    First shows what will change, against the published catalogue. The next run of the DAG `catalogue` merges it.

    **Examples**

    - `bindery redo 3f0a51` lets it count with the next run
    - `bindery status` lists what is undone, by whom and why
    """
    home = Home.from_environment()
    carry_out("redo", Asked(message, supplier, merge=merge, dry_run=dry_run, limit=limit, as_json=as_json), home)
