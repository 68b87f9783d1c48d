"""``bindery countries``: where a title is offered by which model, as a table and as a map."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bindery.cli import output
from bindery.cli.asking import collapsed, in_short, instant_of, model_of, told_instant
from bindery.cli.isbns import isbn13_of
from bindery.home import Home

if TYPE_CHECKING:
    from bindery.steps.countries import Countries, Offered

_NEVER_RECEIVED = 1
_WORDS = {"open": "open", "later": "opens later", "over": "over", "closed": "not offered"}
_STYLES = {"open": "green", "later": "yellow", "over": "magenta", "closed": "dim"}
_HOW = {
    "sale": "for sale",
    "subscription": "in subscriptions",
    "credit": "for credits",
    "library": "in libraries",
}


def countries(
    isbn: Annotated[str, typer.Argument(metavar="ISBN", help="ISBN-13 or ISBN-10, with or without hyphens.")],
    *,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Only sale, subscription, credit or library.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="INSTANT", help="Then rather than now, such as 2026-03-29T01:30Z.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="INSTANT", help="By what was known then rather than now.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--map", metavar="FILE.svg", help="Also draw the model, sale if none is named.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show where a title is offered, by model: the countries, from when until when, the price, and why not elsewhere.

    Reads the published catalogue. A day means its midnight in UTC; a time needs its zone. From and until are as stated:
    without Z they are local to each country. Exits with 1 for an ISBN that was never received.

    **Examples**

    - `bindery countries 9780000000019` shows every model now
    - `bindery countries 9780000000019 --model sale --at 2026-05-01 --map sale.svg` draws a map of a future day
    - `bindery countries 9780000000019 --json | jq '.offers[] | select(.state == "open")'` shows what is open
    """
    from bindery.steps import countries as step  # noqa: PLC0415 - loads an engine; the command line loads every verb

    isbn13, home = isbn13_of(isbn), Home.from_environment()
    asked = None if model is None else model_of(model)
    moment = instant_of(at) or datetime.now(UTC).replace(microsecond=0)
    found = step.countries(home, isbn13, at=moment, model=asked, known_at=instant_of(known_at))
    if not found["was_received"]:
        typer.echo(
            f"{isbn13}: no message ever named this ISBN.\n  What to do: Look for a typing error in it.", err=True
        )
        raise typer.Exit(_NEVER_RECEIVED)
    if picture is not None:
        _draw(found, asked or "sale", picture)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    console = output.console()
    known = "" if found["known_at"] is None else f", by what was known at {told_instant(found['known_at'])}"
    console.print(f"[bold]{isbn13}[/bold] at {told_instant(found['at'])}{known}")
    console.print(_offers(found))
    if found["contradictions"]:
        console.print(_contradictions(found))
    if picture is not None:
        console.print(f"The map is in {escape(str(picture))}.")


def _offers(found: Countries) -> Table:
    table = Table()
    for name in ("model", "now", "countries", "where", "from", "until", "price", "why not"):
        table.add_column(name, overflow="fold", justify="right" if name == "countries" else "left")
    for models, offers in _together(found).items():
        table.add_section()
        for number, one in enumerate(offers):
            style = _STYLES[one["state"]]
            table.add_row(
                models if number == 0 else "",
                f"[{style}]{_WORDS[one['state']]}[/{style}]",
                str(len(one["countries"])),
                escape(collapsed(one["countries"])),
                _when(one["opens"]),
                _when(one["closes"]),
                _price(one),
                escape(one["brief"] or ""),
            )
    return table


def _together(found: Countries) -> dict[str, list[Offered]]:
    """Offers by model; models that are offered alike, as sale and credit are, in one."""
    by_model: dict[str, list[Offered]] = {}
    for one in found["offers"]:
        by_model.setdefault(one["model"], []).append(one)
    alike: dict[str, list[str]] = {}
    for model, offers in by_model.items():
        key = json.dumps([{**one, "model": ""} for one in offers], sort_keys=True)
        alike.setdefault(key, []).append(model)
    return {", ".join(models): by_model[models[0]] for models in alike.values()}


def _price(one: Offered) -> str:
    return f"{one['amount'] or ''} {one['currency'] or ''}".strip()


def _when(stated: str | None) -> str:
    """A moment as stated; a midnight that is local to each country is a day."""
    return "" if stated is None else stated.removesuffix("T00:00").replace("T", " ")


def _contradictions(found: Countries) -> Table:
    table = Table(title="Contradictions", title_justify="left")
    for name in ("rule", "what", "countries", "where"):
        table.add_column(name, overflow="fold")
    for one in found["contradictions"]:
        where = "\n".join(map(in_short, one["evidence"]))
        table.add_row(one["rule"], escape(one["text"]), escape(collapsed(one["countries"])), where)
    return table


def _draw(found: Countries, model: str, picture: Path) -> None:
    from bindery.pictures.world_map import Coloured, world_map  # noqa: PLC0415 - only where a map is asked for

    coloured = {
        country: Coloured(one["state"], _tip(one))
        for one in found["offers"]
        if one["model"] == model
        for country in one["countries"]
    }
    known = "" if found["known_at"] is None else f", by what was known at {told_instant(found['known_at'])}"
    text = world_map(
        coloured,
        heading=f"Where {found['isbn13']} is offered {_HOW[model]}",
        below=f"At {told_instant(found['at'])}{known}",
    )
    picture.write_text(text, "utf-8")


def _tip(one: Offered) -> str:
    """What is told of a country on the map."""
    times = [f"{word} {_when(stated)}" for word, stated in (("from", one["opens"]), ("until", one["closes"])) if stated]
    return ", ".join(part for part in (*times, _price(one), one["brief"] or "") if part)
