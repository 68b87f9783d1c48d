"""``python -m bindery.local``: what ``make demo``, ``make up``, ``make down`` and ``make backfill`` run."""

from __future__ import annotations

import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bindery.cli import output
from bindery.errors import BinderyError, ConfigurationError
from bindery.feeds import Feed, load_feeds
from bindery.home import PROJECT
from bindery.local.demo import DAYS, FIRST_DAY, Demo, declare_folder, today, write_samples
from bindery.local.report import print_outcome
from bindery.local.site import LOGIN, Site

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
console = output.console()

SITE = PROJECT / "var" / "demo"

Port = Annotated[int, typer.Option(help="Port of the Airflow UI on 127.0.0.1; the two after it serve logs.")]
Feeds = Annotated[Path | None, typer.Option(help="A folder of messages; each folder in it counts as one supplier.")]
Where = Annotated[Path, typer.Option("--site", help="Folder that holds everything the demo writes.")]


def _site(root: Path, port: int, feeds: Path | None) -> Site:
    return Site(root, port, root / "state" / "feeds" if feeds else None)


@app.command()
def demo(port: Port = 8080, feeds: Feeds = None, root: Where = SITE) -> None:
    """Run the whole road once, from the beginning, and print what came of it.

    Ends with 1 where a law is broken or the demo can't run.
    """
    site = _site(root, port, feeds)
    running = Demo(site, console)
    if running.processes.running():
        raise ConfigurationError(f"A Bindery is running in {root}.", fix="Run `make down` first; the demo starts anew.")
    shutil.rmtree(root, ignore_errors=True)
    declared, first, last = _offer(site, feeds)
    try:
        running.start()
        running.backfill(declared, first, last)
        running.wait_until_quiet()
        kept = print_outcome(site, running.rest.runs(), console)
    finally:
        running.say("Stopping Airflow")
        running.processes.stop()
    running.say(f"Done. `make up` starts it again on what is there; everything is in {root}")
    if not kept:
        raise typer.Exit(1)


def _offer(site: Site, feeds: Path | None) -> tuple[tuple[Feed, ...], date, date]:
    """Prepare what the suppliers offer: sample messages, or somebody's folder."""
    if feeds is not None:
        return declare_folder(feeds, site), today(), today()
    write_samples(site)
    return load_feeds(PROJECT / "include" / "feeds"), FIRST_DAY, FIRST_DAY.replace(day=FIRST_DAY.day + DAYS - 1)


@app.command()
def up(port: Port = 8080, feeds: Feeds = None, root: Where = SITE) -> None:
    """Start Airflow and the sample suppliers, and leave them running."""
    site = _site(root, port, feeds)
    running = Demo(site, console)
    if not site.suppliers.exists() and feeds is None:
        write_samples(site)
    if feeds is not None:
        declare_folder(feeds, site)
    running.start()
    console.print(f"Airflow: {site.address}  login {LOGIN}, password {site.password()}", highlight=False)
    console.print(f"Logs in {site.logs}; `make down` stops it.", highlight=False)


@app.command()
def down(root: Where = SITE) -> None:
    """Stop what `up` started. Nothing is lost: `up` goes on from there."""
    processes = Demo(Site(root), console).processes
    if not processes.running():
        console.print("Nothing is running.")
        return
    processes.stop()
    console.print("Stopped.")


@app.command()
def backfill(
    feed: Annotated[str, typer.Argument(help="Name of the feed.")],
    first: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="First feed day.")],
    last: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Last feed day, included.")],
    port: Port = 8080,
    root: Where = SITE,
) -> None:
    """Run past days of a feed again, through Airflow's own backfill; merges and deliveries follow by themselves.

    Example: `make backfill FEED=northwind FROM=2026-03-01 TO=2026-03-03`.
    """
    site = Site(root, port)
    if last < first:
        raise ConfigurationError(f"{last:%Y-%m-%d} is before {first:%Y-%m-%d}.", fix="Give the first day first.")
    running = Demo(site, console)
    if not running.processes.running():
        raise ConfigurationError("Airflow is not running.", fix="Run `make up` first.")
    words = ("--from-date", f"{first:%Y-%m-%d}T00:00:00", "--to-date", f"{last:%Y-%m-%d}T23:59:59")
    again = ("--reprocess-behavior", "completed")
    running.airflow("backfill", "create", "--dag-id", f"feed__{feed}", *words, *again)
    console.print(f"Backfill of feed__{feed} created; follow it on {site.address}/dags/feed__{feed}/backfills")


def main() -> None:
    """Run a command; a failure a person can act on is two lines, not a traceback."""
    try:
        app()
    except BinderyError as error:
        Console(stderr=True).print(str(error), style="red", highlight=False, markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
