"""``bindery title``: one title of the published catalogue, with where every value comes from."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bindery.cli import output
from bindery.cli.asking import collapsed, in_short
from bindery.cli.isbns import isbn13_of, not_published
from bindery.cli.values import plain, shown
from bindery.home import Home


def title(
    isbn: Annotated[str, typer.Argument(metavar="ISBN", help="ISBN-13 or ISBN-10, with or without hyphens.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show one title: each value, who set it in which message and bytes, what others say, its offers and changes.

    Reads the published catalogue. Exits with 1 for a title that is not in it, with 2 for what is no ISBN.

    **Examples**

    - `bindery title 9780000000019` shows tables
    - `bindery title 978-0-00-000001-9 --json | jq .offers` shows where it may be sold
    """
    from bindery.steps.report import read_title  # noqa: PLC0415 - loads an engine; the command line loads every verb

    isbn13 = isbn13_of(isbn)
    home = Home.from_environment()
    found = read_title(home, isbn13)
    if found is None:
        raise not_published(isbn13, home)
    if as_json:
        typer.echo(json.dumps(found, default=plain, ensure_ascii=False, indent=2))
        return
    console = output.console()
    console.print(f"[bold]{isbn13}[/bold] {escape(found['state'])} {escape(found['reason'] or '')}")
    tables = [_facts(found), _records(found), _offers(found), _changes(found)]
    # What needs a person's eye is shown where there is something to see.
    tables[1:1] = [table for table in (_overrides(found), _conflicts(found), _contradictions(found)) if table.row_count]
    for table in tables:
        console.print(table)


_FACTS_OF = {"price": ("price_amount", "price_currency")}
"""Facts of fields that are decided together."""


def _facts(found: dict[str, Any]) -> Table:
    table = Table(title="Values", title_justify="left")
    for name in ("value of", "is", "set by", "message", "bytes", "others say"):
        table.add_column(name, overflow="fold")
    decided = {fact: one for one in found["overrides"] for fact in _FACTS_OF.get(one["field"], (one["field"],))}
    for block, set_by in found["blocks"].items():
        where = _where(set_by)
        table.add_section()
        for fact, stated in set_by["facts"].items():
            value, losing = shown(stated), _losing(found, set_by, block, fact)
            if fact in decided:
                said_by = (escape(f"{decided[fact]['owner']} {decided[fact]['override_id']}"), "override", "")
                table.add_row(fact.replace("_", " "), value or "(empty)", *said_by, losing)
            elif value or losing:
                table.add_row(fact.replace("_", " "), value, *where, losing)
        if not set_by["facts"]:
            table.add_row(f"{block} block", "stated", *where, "")
    return table


def _where(set_by: dict[str, Any]) -> tuple[str, str, str]:
    """Who set a block, and the message and bytes that did; blank where only a person does."""
    source = set_by["source"]
    if source is None:
        return "", "", ""
    who = escape(f"{set_by['supplier']} {set_by['record_reference']}")
    return who, escape(source["name"]), f"{source['byte_start']}-{source['byte_end']}"


def _losing(found: dict[str, Any], set_by: dict[str, Any], block: str, fact: str) -> str:
    """What records say otherwise; the winning one too, where a person says something else."""
    return "\n".join(
        f"{escape(record['supplier'])}: {shown(record['blocks'][block]['facts'][fact]) or '(nothing)'}"
        for record in found["records"]
        if block in record["blocks"] and record["blocks"][block]["facts"][fact] != set_by["facts"][fact]
    )


def _overrides(found: dict[str, Any]) -> Table:
    table = Table(title="Overrides in force", title_justify="left")
    for name in ("override", "field", "says", "feed says now", "owner", "reason", "until"):
        table.add_column(name, overflow="fold")
    for one in found["overrides"]:
        says = shown(one["value"]) or "(empty)"
        names = (one["override_id"], one["field"], says, shown(one["feed_says"]))
        table.add_row(*names, shown(one["owner"]), shown(one["reason"]), shown(one["expires_on"]))
    return table


def _conflicts(found: dict[str, Any]) -> Table:
    table = Table(title="Conflicts", title_justify="left")
    for name in ("conflict", "supplier", "record", "what"):
        table.add_column(name, overflow="fold")
    for one in found["conflicts"]:
        table.add_row(*(shown(one[name]) for name in ("conflict", "supplier", "record_reference", "detail")))
    return table


def _contradictions(found: dict[str, Any]) -> Table:
    table = Table(title="Contradictions", title_justify="left")
    for name in ("rule", "what", "countries", "where"):
        table.add_column(name, overflow="fold")
    for one in found["contradictions"]:
        where = "\n".join(map(in_short, one["evidence"]))
        table.add_row(one["rule"], shown(one["text"]), escape(collapsed(one["countries"])), where)
    return table


def _records(found: dict[str, Any]) -> Table:
    table = Table(title="Records", title_justify="left")
    for name in ("supplier", "record", "precedence", "state", "withdrawal", "absent from", "sent as"):
        table.add_column(name, overflow="fold")
    for record in found["records"]:
        table.add_row(
            *(
                shown(record[name])
                for name in (
                    "supplier",
                    "record_reference",
                    "precedence",
                    "state",
                    "withdrawal",
                    "absent_from",
                    "ordering_key",
                )
            )
        )
    return table


def _offers(found: dict[str, Any]) -> Table:
    table = Table(title="Offers", title_justify="left")
    for name in ("model", "state", "reason", "countries", "from", "price"):
        table.add_column(name, overflow="fold")
    for offer in found["offers"]:
        table.add_row(
            offer["model"],
            offer["state"],
            shown(offer["reason"]),
            " ".join(offer["countries"] or []),
            shown(offer["available_from"]),
            f"{shown(offer['price_amount'])} {shown(offer['price_currency'])}".strip(),
        )
    return table


def _changes(found: dict[str, Any]) -> Table:
    table = Table(title="Changes", title_justify="left")
    table.add_column("change", justify="right")
    for name in ("action", "state", "day", "run"):
        table.add_column(name)
    for change in found["changes"]:
        row = (shown(change[name]) for name in ("action", "state", "day", "run"))
        table.add_row(str(change["change_id"]), *row)
    return table
