"""``bindery override``: what people decided of a title, whatever feeds say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bindery.cli import output
from bindery.errors import ConfigurationError
from bindery.home import Home

if TYPE_CHECKING:
    from bindery.steps.override import Override

override = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Set, release and list what people decided of a title, whatever feeds say.",
)

_LONGEST = 80

_Isbn = Annotated[str, typer.Argument(metavar="ISBN", help="ISBN-13 or ISBN-10, with or without hyphens.")]
_Owner = Annotated[str, typer.Option(help="Who decides, and answers for it.")]
_Reason = Annotated[str, typer.Option(help="Why.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@override.command("set")
def set_(
    isbn: _Isbn,
    field: Annotated[str, typer.Argument(help="Such as title, narrators, price or for_sale.")],
    value: Annotated[str | None, typer.Argument(help="What it is to say.")] = None,
    *,
    owner: _Owner,
    reason: _Reason,
    empty: Annotated[bool, typer.Option("--empty", help="There is deliberately nothing.")] = False,
    expires: Annotated[
        str | None, typer.Option(metavar="DATE", help="The first day it no longer holds, such as 2026-12-31.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Let a value win over what feeds say, until it is released or expires.

    It replaces an earlier override of the same field; to set the same again changes nothing. The next run of the DAG
    `catalogue` takes it. Fields: title, subtitle, authors, narrators, language, abridged, duration_seconds, series,
    main_subject, description, cover_link, publisher, imprint, publication_date, price; and, only ever narrowing what
    suppliers allow, for_sale (no), sale_countries and subscription_countries.

    **Examples**

    - `bindery override set 9780000000019 narrators "Ann Lee; Nina" --owner ann --reason "on the cover"`
    - `bindery override set 9780000000019 subtitle --empty --owner ann --reason "there is none"`
    - `bindery override set 9780000000019 price "9.99 GBP" --owner ann --reason offer --expires 2026-12-27`
    - `bindery override set 9780000000019 for_sale no --owner legal --reason "claim 12"` takes it off sale
    """
    from bindery.steps.override import set_override  # noqa: PLC0415 - loads an engine; every verb is loaded

    if (value is None) != empty:
        raise ConfigurationError(
            f"{field} is given {'a value and --empty' if empty else 'no value'}",
            fix="Give a value, or --empty where there is deliberately nothing.",
        )
    now = datetime.now(UTC)
    day = None if expires is None else _day(expires)
    home = Home.from_environment()
    made = set_override(home, isbn, field, value, owner=owner, reason=reason, expires_on=day, now=now)
    if as_json:
        typer.echo(made.model_dump_json(exclude={"feed_says"}))
        return
    until = f" until {made.expires_on}" if made.expires_on else ""
    typer.echo(f"{made.override_id}: {made.field} of {made.isbn13} is {_shown(made.value)}{until}.")
    typer.echo("The next run of `catalogue` takes it.")


@override.command("release")
def release(
    override_id: Annotated[str, typer.Argument(metavar="ID", help="Such as o-000012, as `list` shows it.")],
    *,
    owner: _Owner,
    reason: _Reason,
    as_json: _Json = False,
) -> None:
    """Let what feeds say show again. To release it twice does nothing more.

    The next run of the DAG `catalogue` takes it.

    **Examples**

    - `bindery override release o-000012 --owner ann --reason "the feed is right now"`
    """
    from bindery.steps.override import release_override  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    released = release_override(Home.from_environment(), override_id, owner=owner, reason=reason, now=now)
    if as_json:
        typer.echo(released.model_dump_json(exclude={"feed_says"}))
        return
    typer.echo(f"{released.override_id}: {released.field} of {released.isbn13} is released by {released.released_by}.")
    typer.echo("The next run of `catalogue` takes it.")


@override.command("list")
def list_(
    isbn: Annotated[str | None, typer.Argument(metavar="[ISBN]", help="One title; without it all.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Those released and expired, too.")] = False,
    as_json: _Json = False,
) -> None:
    """List overrides with what the feeds say now.

    Reads the published catalogue; what was set since the last run of `catalogue` is not in it yet.

    **Examples**

    - `bindery override list` shows those in force
    - `bindery override list 9780000000019 --all` shows every decision about one title
    - `bindery override list --json | jq '.[] | select(.value == .feed_says)'` shows those no longer needed
    """
    from bindery.steps.override import list_overrides  # noqa: PLC0415 - as above

    found = [one for one in list_overrides(Home.from_environment(), isbn) if every or one.state == "in_force"]
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False, indent=2))
        return
    output.console().print(_table(found, every=every))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(f"{text} is no day", fix="Write it as 2026-12-31.") from error


def _shown(value: str | None) -> str:
    if value is None:
        return "(empty)"
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _table(found: Sequence[Override], *, every: bool) -> Table:
    table = Table(title="Overrides", title_justify="left")
    columns = ("override", "title", "field", "says", "feed says now", "owner", "reason", "until")
    for name in (*columns, *(["state"] if every else [])):
        table.add_column(name, overflow="fold")
    for one in found:
        feed = "(nothing)" if one.feed_says is None else _shown(one.feed_says)
        cells = [one.override_id, one.isbn13, one.field, _shown(one.value), feed, one.owner, one.reason]
        cells.append(str(one.expires_on or "released"))
        table.add_row(*map(escape, cells), *([one.state] if every else []))
    return table
