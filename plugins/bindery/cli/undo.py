"""``bindery undo``: take a message out of what the catalogue is made of."""

from __future__ import annotations

from typing import Annotated

import typer

from bindery.cli.taking_out import Asked, carry_out
from bindery.home import Home


def undo(
    message: Annotated[
        str, typer.Argument(help="Its SHA-256, the first 6 digits of it or more, or its name as it arrived.")
    ],
    *,
    owner: Annotated[str, typer.Option(help="Who decides.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    supplier: Annotated[str | None, typer.Option(help="Who sent it, where its name isn't enough.")] = None,
    merge: Annotated[bool, typer.Option("--merge", help="Merge and publish now, not with the next run.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Titles to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Let a message count no longer, as if it had never come; later ones keep counting.

    First shows what will change, against the published catalogue. The next run of the DAG `catalogue` merges it, and
    recipients get corrections with their next deliveries. Nothing is deleted: `bindery redo` lets it count again.
    The same bytes sent again stay undone until then.

    **Examples**

    - `bindery undo northwind_delta_20260302.xml --owner ann --reason "wrong prices" --dry-run` only shows it
    - `bindery undo 3f0a51 --owner ann --reason "wrong prices"` undoes it with the next run
    - `bindery undo 3f0a51 --owner ann --reason "wrong prices" --merge` undoes it now
    """
    home = Home.from_environment()
    asked = Asked(message, supplier, merge=merge, dry_run=dry_run, limit=limit, as_json=as_json)
    carry_out("undo", asked, home, owner=owner, reason=reason)
