"""``bindery diff``: what files would change in the catalogue, or what changed between two days."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from bindery.cli import differing, output
from bindery.cli.declared import day_of, feed_named, looks_like_day
from bindery.cli.values import plain, shown
from bindery.errors import ConfigurationError
from bindery.home import Home

if TYPE_CHECKING:
    from bindery.steps.diff import FeedDifferences, FilePreview, FilesPreview


def diff(
    what: Annotated[list[str], typer.Argument(metavar="FILE... | DAY1 DAY2", help="Files, or two days.")],
    *,
    feed: Annotated[str | None, typer.Option("--feed", help="The feed that files are to come by.")] = None,
    day: Annotated[
        str | None, typer.Option("--day", metavar="DAY", help="Their feed day, such as 2026-03-01; today without it.")
    ] = None,
    released: Annotated[bool, typer.Option("--released", help="As if a person released what the gate holds.")] = False,
    offset: Annotated[int, typer.Option("--offset", min=0, help="With days: titles or records to leave out.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Titles or records to show.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show what files would change, or what changed between the ends of two days. Nothing is changed by it.

    Files are read, judged and merged for real in a private copy of the published catalogue, where temporary files are
    (TMPDIR; it needs room for two copies): the run that follows reports the same numbers. Between two days it is the
    catalogue that is compared; with --feed what the sender of that feed said, whatever we made of it.

    **Examples**

    - `bindery diff delta.xml --feed northwind` shows which titles it creates, changes and withdraws, and what is wrong
    - `bindery diff full.xml --feed northwind --day 2026-03-02 --released --json` looks behind the gate
    - `bindery diff 2026-03-01 2026-03-02` shows what changed in the catalogue
    - `bindery diff 2026-03-01 2026-03-02 --feed northwind --offset 50` shows the next records that the sender changed
    """
    from bindery.steps import diff as step  # noqa: PLC0415 - loads an engine; the command line loads every verb

    home = Home.from_environment()
    if all(looks_like_day(word) for word in what):
        first, last = _days(what)
        page = {"offset": offset, "limit": limit}
        if feed is None:
            found = step.diff_days(home, first, last, **page)
            _print(found, list(differing.tables(found)), as_json=as_json)
        else:
            said = step.diff_feed(home, feed_named(home, feed).name, first, last, **page)
            _print(said, _said(said), as_json=as_json)
        return
    if feed is None:
        raise ConfigurationError(
            "files come by a feed, and none is named", fix="Name it with --feed, or give two days such as 2026-03-01."
        )
    declared = feed_named(home, feed)
    feed_day = _today(declared.timezone) if day is None else day_of(day)
    preview = step.preview_files(home, [Path(one) for one in what], declared, feed_day, released=released, limit=limit)
    _print(preview, _preview(preview), as_json=as_json)


def _days(what: list[str]) -> tuple[date, date]:
    if len(what) != 2:
        raise ConfigurationError(f"{len(what)} days are named", fix="Name two: what changed from the one to the other.")
    return day_of(what[0]), day_of(what[1])


def _today(timezone: str) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(timezone)).date()


def _print(found: object, tables: list[Table], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found, default=plain, ensure_ascii=False, indent=2))
        return
    console = output.console()
    for table in tables:
        console.print(table)


def _preview(found: FilesPreview) -> list[Table]:
    files = Table("file", "is", "received", "records", "why", title="Files", title_justify="left")
    for file in found["files"]:
        counts = "\n".join(
            f"{row['records']:,} {row['outcome']}{' ' + row['reason'] if row['reason'] else ''}"
            for row in file["outcomes"]
        )
        why = escape("\n".join(file["reasons"]))
        files.add_row(escape(file["name"]), file["state"], f"{file['received']:,}", escape(counts), why)
    kept = [_kept_back(file) for file in found["files"] if file["kept_back"]]
    return [files, *kept, *differing.tables(found["changes"], unchanged=found["unchanged"])]


def _kept_back(file: FilePreview) -> Table:
    table = Table(title=f"Kept back of {escape(file['name'])}", title_justify="left")
    for name in ("line", "record", "outcome", "because"):
        table.add_column(name, overflow="fold")
    for row in file["kept_back"]:
        because = " ".join(filter(None, (row["reason"], row["text"])))
        table.add_row(str(row["line"]), escape(row["record_reference"] or ""), row["outcome"], escape(because))
    return table


def _said(found: FeedDifferences) -> list[Table]:
    counts = Table("added", "changed", "removed", title="Records", title_justify="left")
    counts.add_row(*(f"{found[kind]:,}" for kind in ("added", "changed", "removed")))
    table = Table(title=f"{len(found['records']):,} of them", title_justify="left")
    for name in ("record", "title", "", "field", "was", "is"):
        table.add_column(name, overflow="fold")
    for record in found["records"]:
        table.add_section()
        names = (escape(record["record_reference"]), record["isbn13"] or "", record["difference"])
        # Of what is added or removed everything differs: what it is called says enough.
        told = [
            one for one in record["fields"] if record["difference"] == "changed" or one["field"] in {"title", "authors"}
        ]
        if not told:
            table.add_row(*names, "", "", "")
        for one in told:
            table.add_row(*names, one["field"], shown(one["old_value"]), shown(one["new_value"]))
            names = ("", "", "")
    return [counts, table]
