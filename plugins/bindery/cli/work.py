"""``bindery work``: which editions are one book, why, and what people decided of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from bindery.cli import output
from bindery.home import Home

if TYPE_CHECKING:
    from bindery.steps.works import Assertion, Kind


class _ShowsByDefault(TyperGroup):
    """``bindery work 9780000000019`` is ``bindery work show 9780000000019``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        taken: list[str] = super().parse_args(ctx, args)
        return taken


work = typer.Typer(
    cls=_ShowsByDefault,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Show works and recordings, the pairs that wait for a person, and join or split editions.",
)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Edition = Annotated[str, typer.Argument(metavar="ISBN|ID", help="An ISBN, or an identifier of a work or recording.")]
_Owner = Annotated[str, typer.Option(help="Who decides, and answers for it.")]
_Reason = Annotated[str, typer.Option(help="Why.")]


@work.command("show")
def show(name: _Edition, *, as_json: _Json = False) -> None:
    """Show a work: its editions and recordings, what joins them, what it is related to, and who decided.

    An identifier leads to the work that its edition is in now, whatever was joined or split since it was given. Reads
    the published catalogue. Exits with 1 for an edition that is not in it.

    **Examples**

    - `bindery work 9780000000019` shows the work of an edition
    - `bindery work w9780000000019 --json | jq .related` shows translations, abridgements, guides and sets
    """
    from bindery.steps.works import read_work  # noqa: PLC0415 - loads an engine; every verb is loaded

    home = Home.from_environment()
    found = read_work(home, name)
    if found is None:
        typer.echo(
            f"{name} is in no work of the published catalogue of {home.root}.\n"
            "  What to do: See with bindery title whether the edition is live.",
            err=True,
        )
        raise typer.Exit(1)
    if as_json:
        _print(found)
        return
    console = output.console()
    redirected = f" ({escape(found['asked'])} leads here)" if found["is_redirect"] else ""
    console.print(f"[bold]{found['work_id']}[/bold]{redirected}")
    console.print(_members(found["members"]))
    for title, pairs in (("Joined by", found["joins"]), ("Related", found["related"]), ("Doubtful", found["doubtful"])):
        if pairs:
            console.print(_pairs(title, pairs))
    if found["assertions"]:
        console.print(_decisions(found["assertions"]))


@work.command("queue")
def queue(*, most: Annotated[int, typer.Option(help="How many at most.", min=1)] = 50, as_json: _Json = False) -> None:
    """List the pairs that wait for a person, the surest first, with the evidence.

    **Examples**

    - `bindery work queue` shows the 50 surest
    - `bindery work queue --most 1000 --json | jq length` counts
    """
    from bindery.steps.works import read_review_queue  # noqa: PLC0415 - as above

    found = read_review_queue(Home.from_environment(), most)
    if as_json:
        _print(found)
        return
    output.console().print(_pairs("Waiting for a person", found))


@work.command("worn")
def worn(*, as_json: _Json = False) -> None:
    """List identifiers and names that too many editions share to be evidence: most often a sender's mistake.

    **Examples**

    - `bindery work worn` shows the commonest first
    """
    from bindery.steps.works import read_worn_keys  # noqa: PLC0415 - as above

    found = read_worn_keys(Home.from_environment())
    if as_json:
        _print(found)
        return
    table = Table(title="No evidence", title_justify="left")
    for name in ("kind", "key", "editions", "titles"):
        table.add_column(name, overflow="fold")
    for row in found:
        table.add_row(row["key_kind"], escape(row["key"]), str(row["editions"]), str(row["titles"]))
    output.console().print(table)


@work.command("join")
def join(isbn_a: _Edition, isbn_b: _Edition, *, owner: _Owner, reason: _Reason, as_json: _Json = False) -> None:
    """Let two editions be one work, whatever the evidence says. The next run of the DAG `catalogue` takes it.

    **Examples**

    - `bindery work join 9780000000019 9780000000026 --owner ann --reason "the publisher says so"`
    """
    _decide(isbn_a, isbn_b, "must", owner=owner, reason=reason, as_json=as_json)


@work.command("split")
def split(isbn_a: _Edition, isbn_b: _Edition, *, owner: _Owner, reason: _Reason, as_json: _Json = False) -> None:
    """Let two editions never be one work. The next run of the DAG `catalogue` takes it.

    **Examples**

    - `bindery work split 9780000000019 9780000000026 --owner ann --reason "another book of that name"`
    """
    _decide(isbn_a, isbn_b, "never", owner=owner, reason=reason, as_json=as_json)


@work.command("release")
def release(
    assertion_id: Annotated[str, typer.Argument(metavar="ID", help="Such as a-000012, as `decisions` shows it.")],
    *,
    owner: _Owner,
    reason: _Reason,
    as_json: _Json = False,
) -> None:
    """Let the evidence decide again, as if nobody had joined or split. To release it twice does nothing more.

    **Examples**

    - `bindery work release a-000012 --owner ann --reason "the feed is right now"`
    """
    from bindery.steps.works import release_assertion  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    released = release_assertion(Home.from_environment(), assertion_id, owner=owner, reason=reason, now=now)
    _told(released, f"is released by {released.released_by}", as_json=as_json)


@work.command("decisions")
def decisions(
    *, every: Annotated[bool, typer.Option("--all", help="Those released, too.")] = False, as_json: _Json = False
) -> None:
    """List what people decided of works.

    Reads the published catalogue; what was decided since the last run of `catalogue` is not in it yet.

    **Examples**

    - `bindery work decisions` shows those in force
    """
    from bindery.steps.works import list_assertions  # noqa: PLC0415 - as above

    found = [one.model_dump() for one in list_assertions(Home.from_environment()) if every or one.released_at is None]
    if as_json:
        _print(found)
        return
    output.console().print(_decisions(found))


def _decide(isbn_a: str, isbn_b: str, kind: Kind, *, owner: str, reason: str, as_json: bool) -> None:
    from bindery.steps.works import assert_works  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    made = assert_works(Home.from_environment(), isbn_a, isbn_b, kind, owner=owner, reason=reason, now=now)
    _told(made, "are one work" if kind == "must" else "are never one work", as_json=as_json)


def _told(made: Assertion, what: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(made.model_dump_json())
        return
    typer.echo(f"{made.assertion_id}: {made.isbn_a} and {made.isbn_b}: {what}.")
    typer.echo("The next run of `catalogue` takes it.")


def _print(found: object) -> None:
    typer.echo(json.dumps(found, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _text(value: object) -> str:
    return (
        ""
        if value is None or value == []
        else escape("; ".join(map(str, value)) if isinstance(value, list) else str(value))
    )


def _members(members: Sequence[dict[str, Any]]) -> Table:
    table = Table(title="Editions", title_justify="left")
    columns = ("isbn13", "recording_id", "state", "title", "subtitle", "authors", "narrators", "language", "abridged")
    for name in (*columns, "duration", "joined by", "score"):
        table.add_column(name.replace("_id", "").replace("isbn13", "ISBN"), overflow="fold")
    for one in members:
        seconds = one["duration_seconds"]
        length = f"{seconds // 3600}:{seconds // 60 % 60:02d}" if seconds else ""
        score = "" if one["score"] is None else f"{one['score']:.2f}"
        told = (length, _text(one["joined_by"]), score)
        table.add_row(*(_text(one[name]) for name in columns), *told)
    return table


def _pairs(title: str, pairs: Sequence[dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in ("ISBN", "ISBN", "works", "is", "score", "evidence"):
        table.add_column(name, overflow="fold")
    for pair in pairs:
        works = pair["work_a"] if pair["work_a"] == pair["work_b"] else f"{pair['work_a']} {pair['work_b']}"
        relation = pair.get("relation") or pair.get("verdict", "doubtful").replace("_", " ")
        evidence = "\n".join(f"{one['weight']:+.2f} {one['kind']}: {one['detail']}" for one in pair["evidence"])
        recording = ", one recording" if pair.get("same_recording") else ""
        table.add_row(
            pair["isbn_a"], pair["isbn_b"], works, f"{relation}{recording}", f"{pair['score']:.2f}", escape(evidence)
        )
    return table


def _decisions(assertions: Sequence[dict[str, Any]]) -> Table:
    table = Table(title="Decided by people", title_justify="left")
    for name in ("decision", "ISBN", "ISBN", "is", "owner", "reason", "released"):
        table.add_column(name, overflow="fold")
    for one in assertions:
        is_released = f"{one['released_by']}: {one['release_reason']}" if one["released_at"] else ""
        told = ("one work" if one["kind"] == "must" else "never one work", one["owner"], one["reason"], is_released)
        table.add_row(one["assertion_id"], one["isbn_a"], one["isbn_b"], *map(escape, told))
    return table
