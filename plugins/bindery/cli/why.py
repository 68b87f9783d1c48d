"""``bindery why``: why a title isn't live somewhere, where each reason was read, and what makes it live."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bindery.cli import output
from bindery.cli.asking import country_of, instant_of, model_of, named, passages, told_instant
from bindery.cli.declared import recipient_named
from bindery.cli.isbns import isbn13_of
from bindery.cli.values import plain
from bindery.home import Home

if TYPE_CHECKING:
    from bindery.steps.why import Why, WhyReason

_NEVER_RECEIVED = 1
_DEFAULT_MODEL = "sale"


def why(
    isbn: Annotated[str, typer.Argument(metavar="ISBN", help="ISBN-13 or ISBN-10, with or without hyphens.")],
    *,
    country: Annotated[str, typer.Option("--country", "-c", help="ISO 3166-1 code, such as DE.")],
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="sale (the default), subscription, credit or library."),
    ] = None,
    recipient: Annotated[
        str | None, typer.Option("--recipient", "-r", help="Also whether this recipient has it, and why not.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="INSTANT", help="Then rather than now, such as 2026-03-29T01:30Z.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="INSTANT", help="By what was known then rather than now.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show whether a title is live, every reason why not, where each was read, and the smallest change that mends it.

    Reads the published catalogue. A day means its midnight in UTC; a time needs its zone. Exits with 1 for an ISBN that
    was never received, with 2 for what is no ISBN, country, model or instant.

    **Examples**

    - `bindery why 9780000000019 --country DE` asks about sale in Germany now
    - `bindery why 9780000000019 --country DE --model subscription --at 2026-05-01` asks about a future day
    - `bindery why 9780000000019 --country GB --recipient listenwell` asks whether a recipient has it
    - `bindery why 9780000000019 --country US --known-at 2026-03-01T06:00Z` asks what was known then
    - `bindery why 9780000000019 --country US --json | jq -r '.reasons[].rule'` names the rules
    """
    from bindery.steps import why as step  # noqa: PLC0415 - loads an engine; the command line loads every verb

    isbn13, home = isbn13_of(isbn), Home.from_environment()
    asked = None if recipient is None else recipient_named(home, recipient)
    found = step.why(
        home,
        isbn13,
        country_of(country),
        model_of(model or (_DEFAULT_MODEL if asked is None else asked.model)),
        at=instant_of(at) or datetime.now(UTC).replace(microsecond=0),
        known_at=instant_of(known_at),
        recipient=asked,
    )
    if as_json:
        typer.echo(json.dumps(found, default=plain, ensure_ascii=False, indent=2))
    else:
        _show(found, output.console())
    if not found["was_received"]:
        raise typer.Exit(_NEVER_RECEIVED)


def _show(found: Why, console: Console) -> None:
    console.print(f"[bold]{verdict(found)}[/bold]")
    for line in _standing(found):
        console.print(line)
    for number, reason in enumerate(found["reasons"], 1):
        _show_reason(console, f"{number}.", reason)
    if found["changes"]:
        console.print("\n[bold]Smallest change that makes it live:[/bold]")
        _show_changes(console, found)
    if found["becomes_live_at"] is not None:
        console.print(f"\nIt becomes live by itself at {told_instant(found['becomes_live_at'])}.")
    elif not found["is_live"] and found["was_received"] and not _waits_only(found):
        console.print("\nTime alone does not make it live.")
    _show_beside(found, console)


def _show_beside(found: Why, console: Console) -> None:
    """What is worth a look, whether it is live or not."""
    if found["kept_back"]:
        console.print("\n[bold]Newer, and kept back:[/bold]")
        for reason in found["kept_back"]:
            _show_reason(console, "-", reason)
    if found["contradictions"]:
        console.print("\n[bold]Contradictions:[/bold]")
    for one in found["contradictions"]:
        console.print(f" - {escape(_sentence(one['text']))} [dim]({one['rule']})[/dim]")
        for line in passages(one["evidence"]):
            console.print(f"   [dim]{line}[/dim]")


def verdict(found: Why) -> str:
    """Whether a title is live, in one line."""
    at = told_instant(found["at"])
    how = {"sale": "sale", "credit": "credit", "subscription": "subscription", "library": "libraries"}[found["model"]]
    recipient = found["recipient"]
    with_whom = f" at {recipient['name']}" if recipient else ""
    known = "" if found["known_at"] is None else f", by what was known at {told_instant(found['known_at'])}"
    is_live = "live" if found["is_live"] else "not live"
    return f"{found['isbn13']} is {is_live} for {how} in {named(found['country'])}{with_whom} on {at}{known}"


def _standing(found: Why) -> list[str]:
    """What else is so while it is live, or isn't."""
    lines = []
    price = found["price"]
    if price is not None:
        lines.append(f"Price: {price['amount']} {price['currency'] or ''}".rstrip())
    if found["is_live"]:
        since = found["live_since"]
        until = found["live_until"]
        lines.append(
            f"Live {'always' if since is None else f'since {told_instant(since)}'}"
            f"{', with no end stated' if until is None else f', until {told_instant(until)}'}"
        )
    recipient = found["recipient"]
    if recipient is not None and recipient["is_taken"]:
        when = f" for {recipient['taken_for']}" if recipient["taken_for"] else ""
        lines.append(f"{recipient['name']} took it with {recipient['taken_with']}{when}.")
    may = found["entitlements"]
    words = {
        "sellable": "it may be bought",
        "streamable_new": "subscribers may start it",
        "streamable_existing": "subscribers who started it may go on",
        "redownloadable": "buyers may download it again",
    }
    allowed = [word for name, word in words.items() if may[name]]
    if found["was_received"]:
        lines.append(f"Listeners here: {', '.join(allowed) or 'nothing'}.")
    return [escape(line) for line in lines]


def _show_reason(console: Console, number: str, reason: WhyReason) -> None:
    console.print(f"\n{number} {escape(_sentence(reason['brief']))} [dim]({reason['rule']})[/dim]")
    for line in passages(reason["evidence"]):
        console.print(f"   [dim]{line}[/dim]")
    decision = reason["decision"]
    if decision is not None:
        console.print(f"   [dim]{escape(decision['override_id'])}, set {decision['set_at'][:10]}[/dim]")
    until = "" if reason["ends_at"] is None else f" It ends at {told_instant(reason['ends_at'])}."
    console.print(f"   {_for_whom(reason['whose'])}: {escape(reason['action'])}{until}")


def _show_changes(console: Console, found: Why) -> None:
    for whose in dict.fromkeys(change["whose"] for change in found["changes"]):
        console.print(f" {_for_whom(whose)}:")
        for change in found["changes"]:
            if change["whose"] == whose:
                console.print(f"  - {escape(change['text'])}")


def _waits_only(found: Why) -> bool:
    return bool(found["changes"]) and all(change["whose"] == "nobody" for change in found["changes"])


def _for_whom(whose: str) -> str:
    words = {"nobody": "Time", "you": "You", "supplier": "The supplier", "recipient": "The recipient"}
    return words.get(whose, "The rights desk")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
