"""``bindery status``: where everything stands, in the published catalogue."""

from __future__ import annotations

import json
from collections import Counter
from typing import Annotated, Any

import typer
from rich.table import Table

from bindery.cli import output
from bindery.home import Home

OUTCOMES = ("applied", "unchanged", "stale", "quarantined", "out_of_scope", "held")
"""What becomes of a record received, in the order shown (law 2)."""


def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show feeds by day, the catalogue, what is kept back or undone, findings by rule, and deliveries.

    Reads the published catalogue, so it can be asked at any time, also during a merge. Exits with 1 where nothing is
    published yet.

    **Examples**

    - `bindery status` shows tables
    - `bindery status --json | jq '.feed_days[-1]'` shows the last feed day
    """
    from bindery.steps.report import read_status  # noqa: PLC0415 - loads an engine; the command line loads every verb

    found = read_status(Home.from_environment())
    if found is None:
        typer.echo(
            "Nothing is published yet.\n"
            "  What to do: run a feed and then the catalogue; its last step publishes. Or set BINDERY_HOME.",
            err=True,
        )
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(found, default=str, ensure_ascii=False, indent=2))
        return
    console = output.console()
    for table in _tables(found):
        console.print(table)


def _tables(found: dict[str, Any]) -> list[Table]:
    tables = [_feed_days(found["feed_days"]), _plain("Catalogue", found["catalogue"])]
    for title, rows in (
        ("Messages held or refused", found["messages_kept_back"]),
        ("Messages undone", found["messages_undone"]),
        ("Records kept back", found["records_kept_back"]),
        ("Findings by rule", found["findings"]),
        ("Deliveries", found["deliveries"]),
    ):
        if rows:
            tables.append(_plain(title, rows))
    return tables


def _feed_days(days: list[dict[str, Any]]) -> Table:
    # Before a merge some records are pending; the column is shown only then.
    total = sum((Counter(day["outcomes"]) for day in days), Counter[str]())
    shown = [*OUTCOMES, *sorted(total.keys() - set(OUTCOMES))]
    table = Table(title="Feeds by day", title_justify="left")
    for name in ("feed", "day"):
        table.add_column(name)
    for name in ("messages", "refused", "repeats", "received", *shown):
        table.add_column(name.replace("_", " "), justify="right")
    for day in days:
        counts = [day["messages"], day["refused"], day["repeats"], day["received"]]
        counts += [day["outcomes"].get(outcome, 0) for outcome in shown]
        table.add_row(day["feed"], str(day["feed_day"]), *(f"{count:,}" if count else "·" for count in counts))
    return table


def _plain(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in rows[0] if rows else ("nothing",):
        table.add_column(name.replace("_", " "), justify="right" if rows and isinstance(rows[0][name], int) else "left")
    for row in rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value or "") for value in row.values()))
    return table
