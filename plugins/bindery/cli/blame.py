"""``bindery blame``: who said what of a title, when, in which bytes, and why it won; or what a message sets now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bindery.cli import output
from bindery.cli.isbns import isbn13_of, not_published
from bindery.cli.values import plain, shown
from bindery.errors import ConfigurationError
from bindery.home import Home

if TYPE_CHECKING:
    from bindery.catalogue.blaming.entries import Blame, Entry
    from bindery.catalogue.blaming.sources import Source
    from bindery.steps.blame import SetByMessage


def blame(
    isbn: Annotated[str | None, typer.Argument(metavar="[ISBN]", help="ISBN-13 or ISBN-10.")] = None,
    field: Annotated[
        str | None, typer.Argument(metavar="[FIELD]", help="One field, such as title, price_amount or sale.state.")
    ] = None,
    *,
    message: Annotated[
        str | None, typer.Option("--message", metavar="MESSAGE", help="The other way round: what a message sets now.")
    ] = None,
    line: Annotated[int | None, typer.Option("--line", min=1, help="With --message: the record on this line.")] = None,
    record: Annotated[
        str | None, typer.Option("--record", metavar="REFERENCE", help="With --message: the record of this reference.")
    ] = None,
    supplier: Annotated[
        str | None, typer.Option("--supplier", help="With --message: who sent it, where its name isn't enough.")
    ] = None,
    offset: Annotated[int, typer.Option("--offset", min=0, help="With --message: records to leave out.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="With --message: records to show.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show each value a title has and had: from when to when, who said it in which message and bytes, and why it won.

    Reads the published catalogue. Exits with 1 for a title that was never in it, with 2 for what is no ISBN.

    **Examples**

    - `bindery blame 9780000000019` shows every field
    - `bindery blame 9780000000019 price_amount --json` shows the prices it had, as JSON
    - `bindery blame --message northwind_full_20260301.xml --line 4711` shows what the record on that line sets now
    - `bindery blame --message 3f0a51 --record NW-17` finds the record by its reference
    """
    from bindery.steps import blame as step  # noqa: PLC0415 - loads an engine; the command line loads every verb

    home = Home.from_environment()
    if (isbn is None) == (message is None):
        raise ConfigurationError("blame takes either an ISBN or --message", fix="See bindery blame --help.")
    found: Blame | SetByMessage | None
    if message is not None:
        found = step.blame_message(
            home, message, supplier=supplier, line=line, record=record, offset=offset, limit=limit
        )
        tables = [_records(found)]
    else:
        isbn13 = isbn13_of(isbn or "")
        found = step.blame(home, isbn13, field)
        if found is None:
            raise not_published(isbn13, home)
        tables = [_values(found)]
    if as_json:
        typer.echo(json.dumps(found, default=plain, ensure_ascii=False, indent=2))
        return
    console = output.console()
    for table in tables:
        console.print(table)


def _values(found: Blame) -> Table:
    table = Table(title=found["isbn13"], title_justify="left")
    for name in ("field", "value", "from", "until", "set by", "message and bytes", "because"):
        table.add_column(name, overflow="fold")
    for field, entries in found["fields"].items():
        table.add_section()
        for entry in entries:
            until = entry["until"]
            table.add_row(
                field,
                shown(entry["value"]) or "[dim](nothing)[/dim]",
                _when(entry["since"]),
                "" if until is None else _when(until),
                escape(f"{entry['supplier'] or ''} {entry['record_reference'] or ''}".strip()),
                "\n".join(_where(source) for source in entry["sources"]),
                escape(_why(entry)),
            )
    return table


def _when(moment: Any) -> str:
    """The catalogue's day, or where it was told none the day by the clock."""
    day = moment["day"] or (moment["at"] and moment["at"].date())
    return f"{day or ''} #{moment['change_id']}".strip()


def _where(source: Source) -> str:
    undone = " [dim](undone)[/dim]" if source["message_state"] == "undone" else ""
    place = f"{source['message_id'][:12]}, line {source['line']}, bytes {source['byte_start']}-{source['byte_end']}"
    return f"{escape(source['name'])} {place}{undone}"


def _why(entry: Entry) -> str:
    """The rule; and what caused the change, where it was no message that simply came."""
    causes = [
        f"{one['cause']} {one['cause_id'][:12]}".strip()
        for one in entry["causes"]
        if one["cause"] not in {"message", entry["rule"].partition(" ")[0].rstrip(":")}
    ]
    return "; ".join([entry["rule"], *(f"after {cause}" for cause in causes)])


def _records(found: SetByMessage) -> Table:
    title = f"{escape(found['name'])} of {escape(found['supplier'])}, {found['state']}: {found['records']:,} records"
    table = Table(title=title, title_justify="left")
    for name in ("line", "record", "title", "outcome", "sets now"):
        table.add_column(name, overflow="fold")
    for row in found["told"]:
        table.add_row(
            str(row["line"]),
            escape(row["record_reference"] or ""),
            row["isbn13"] or "",
            escape(" ".join(filter(None, (row["outcome"], row["reason"])))),
            "\n".join(f"{field}: {shown(value)}" for field, value in row["sets"].items()) or "[dim]nothing[/dim]",
        )
    return table
