"""``bindery replay``: read a past day of a feed again, from the archive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bindery.cli import output
from bindery.cli.declared import day_of, feed_named
from bindery.cli.values import plain, shown
from bindery.home import Home

if TYPE_CHECKING:
    from bindery.steps.replay import MessageReplayed


def replay(
    feed: Annotated[str, typer.Argument(help="The feed, as declared.")],
    day: Annotated[str, typer.Argument(metavar="DAY", help="Its day, such as 2026-03-01.")],
    *,
    merge: Annotated[bool, typer.Option("--merge", help="Merge and publish now, not with the next run.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a past day again from the archive, and replace what is read otherwise now. The sender is not asked.

    With the code, rules and declaration it was read with the first time, nothing changes. Where they read it otherwise
    now, the next run of the DAG `catalogue` merges it. Held messages stay held, and undone ones undone.

    **Examples**

    - `bindery replay northwind 2026-03-01` after the feed's declaration, a rule or our code was corrected
    - `bindery replay northwind 2026-03-01 --merge` merges and publishes it at once
    """
    # Each loads an engine; the command line loads every verb.
    from bindery.steps import merge as merging  # noqa: PLC0415
    from bindery.steps import replay as step  # noqa: PLC0415

    home = Home.from_environment()
    told = step.replay(feed_named(home, feed), day_of(day), home=home)
    if merge:
        merging.merge(home, merging.run_of(None, "bindery replay"))
    if as_json:
        typer.echo(json.dumps(told, default=plain, ensure_ascii=False, indent=2))
        return
    console = output.console()
    console.print(_messages(told))
    for one in told:
        if one["differing"]:
            console.print(_differing(one))
    changed = any(one["result"] in {"replaced", "staged"} for one in told)
    if merge:
        typer.echo("It is merged and published.")
    else:
        typer.echo("The next run of `catalogue` merges it." if changed else "Nothing was changed.")


def _messages(told: list[MessageReplayed]) -> Table:
    table = Table("message", "state", "is", "records", "differ", "in", title="Replayed", title_justify="left")
    for one in told:
        inside = ", ".join(f"{name} ({count:,})" for name, count in one["fields"].items())
        counts = (f"{one['received']:,}", f"{one['records']:,}")
        table.add_row(escape(one["name"]), one["state"], one["result"], *counts, escape(one["reason"] or inside))
    return table


def _differing(one: MessageReplayed) -> Table:
    title = f"{len(one['differing'])} of {one['records']:,} records that differ in {escape(one['name'])}"
    table = Table(title=title, title_justify="left")
    for name in ("record", "field", "was", "is"):
        table.add_column(name, overflow="fold")
    for record in one["differing"]:
        table.add_section()
        name = escape(record["record_reference"] or f"number {record['position'] + 1}")
        for field in record["fields"]:
            table.add_row(name, field["field"], shown(field["old_value"]), shown(field["new_value"]))
            name = ""
    return table
