"""What ``bindery undo`` and ``bindery redo`` have in common: show what will change, then let it."""

from __future__ import annotations

import json
from typing import Literal, NamedTuple

import typer
from rich.markup import escape

from bindery.cli import differing, output
from bindery.cli.values import plain
from bindery.errors import ConfigurationError
from bindery.home import Home

_DONE = {"undo": "Undone", "redo": "Redone"}
_STATE = {"undo": "undone", "redo": "staged"}


class Asked(NamedTuple):
    """What a person asked for: see the options of the verbs."""

    message: str
    supplier: str | None
    merge: bool
    dry_run: bool
    limit: int
    as_json: bool


def carry_out(
    verb: Literal["undo", "redo"], asked: Asked, home: Home, *, owner: str | None = None, reason: str | None = None
) -> None:
    """Undo or redo a message.

    Raises:
        ConfigurationError: No message is called so, or several are; or there is nothing to do with it.
    """
    # Each loads an engine; the command line loads every verb.
    from bindery.steps import merge, preview, undo  # noqa: PLC0415
    from bindery.steps.messages import message_named  # noqa: PLC0415
    from bindery.warehouse import open_writer  # noqa: PLC0415

    if verb == "undo" and not ((owner or "").strip() and (reason or "").strip()):
        raise ConfigurationError("an undo needs an owner and a reason", fix="Say who decides, and why.")
    with open_writer(home) as warehouse:
        found = message_named(warehouse, asked.message, supplier=asked.supplier)
    show = preview.preview_undo if verb == "undo" else preview.preview_redo
    will = show(home, found.supplier, found.message_id, limit=asked.limit)
    if not asked.as_json:
        console = output.console()
        console.print(f"{escape(found.name)} of {escape(found.supplier)}, {found.feed_day}, {found.message_id[:12]}")
        for table in differing.tables(will):
            console.print(table)
    if not asked.dry_run:
        if verb == "undo":
            undo.undo(found.supplier, found.message_id, owner=owner or "", reason=reason or "", home=home)
        else:
            undo.redo(found.supplier, found.message_id, home=home)
        if asked.merge:
            merge.merge(home, merge.run_of(None, f"bindery {verb}"))
    if asked.as_json:
        # Strictly what is so, not what was asked: a dry run leaves the message as it is.
        state = found.state if asked.dry_run else _STATE[verb]
        told: dict[str, object] = {
            "supplier": found.supplier,
            "message_id": found.message_id,
            "name": found.name,
            "state": state,
        }
        told |= {"merged": asked.merge and not asked.dry_run, "changes": will}
        typer.echo(json.dumps(told, default=plain, ensure_ascii=False, indent=2))
    elif asked.dry_run:
        typer.echo("Nothing was changed.")
    else:
        when = "It is merged and published." if asked.merge else "The next run of `catalogue` merges it."
        typer.echo(f"{_DONE[verb]}: {found.received} records. {when}")
