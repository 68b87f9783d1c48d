"""What came of a demo: records by outcome, findings, catalogue, deliveries, alerts, and whether the laws hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from bindery.catalogue.fingerprint import fingerprint
from bindery.claims import FeedDay
from bindery.errors import LawBrokenError
from bindery.home import Home
from bindery.local.site import Site
from bindery.steps.deliver import deliveries
from bindery.steps.merge import verify_published
from bindery.steps.settle import feed_days, findings_by_rule
from bindery.warehouse import open_snapshot

OUTCOMES = ("applied", "unchanged", "stale", "quarantined", "out_of_scope", "held")
_SHOWN = 25


def print_outcome(site: Site, runs: Sequence[dict[str, Any]], console: Console) -> bool:
    """Print the outcome of a demo.

    Args:
        site: Whose.
        runs: Every DAG run, as Airflow's REST API gives them.
        console: Where to.

    Returns:
        Whether every law holds and every merge and delivery ended well. A failed feed run is a supplier's fault that
        was reported, not a failure of the demo.
    """
    home = site.home
    days = feed_days(home)
    console.print(_records(days))
    read, known = _known(home)
    console.print(f"Records not parsed, because their bytes were known (RFC 0003): {known:,} of {read:,}")
    _kept_back(home, console)
    console.print(_findings(home))
    console.print(_catalogue(home))
    console.print(_deliveries(home))
    _alerts(home, console)
    problems = [*_law_2(days), *_laws(home), *_failed(runs)]
    for problem in problems:
        console.print(problem, style="bold red", markup=False)
    if not problems:
        console.print("Every record is told of, and every law holds.", style="bold green")
    return not problems


def _records(days: Sequence[FeedDay]) -> Table:
    table = Table(title="Records by feed day", caption="received = the sum of the outcomes (law 2)")
    for column in ("feed", "day"):
        table.add_column(column, no_wrap=True, overflow="ellipsis")
    for column in ("messages", "refused", "repeats", "received", *OUTCOMES):
        table.add_column(column.replace("_", " "), justify="right")
    for day in days:
        numbers = (day.messages, day.refused, day.repeats, day.received, *(day.outcomes.get(o, 0) for o in OUTCOMES))
        table.add_row(day.feed, str(day.feed_day), *(f"{number:,}" if number else "·" for number in numbers))
    table.add_section()
    totals = [sum(getattr(day, name) for day in days) for name in ("messages", "refused", "repeats", "received")]
    totals += [sum(day.outcomes.get(outcome, 0) for day in days) for outcome in OUTCOMES]
    table.add_row("all", "", *(f"{number:,}" for number in totals), style="bold")
    return table


def _known(home: Home) -> tuple[int, int]:
    """Records in the work folders, and how many of them are known by their bytes."""
    tables = [pq.read_table(path, columns=["is_known"]) for path in (home.root / "work").glob("*/*/records.parquet")]
    return sum(table.num_rows for table in tables), sum(pc.sum(table["is_known"]).as_py() or 0 for table in tables)


def _kept_back(home: Home, console: Console) -> None:
    with open_snapshot(home) as warehouse:
        rows = warehouse.run("catalogue/messages_kept_back").to_pylist()
    if not rows:
        return
    table = Table(title="Messages kept back")
    for column in ("feed", "message", "state", "why"):
        table.add_column(column, overflow="fold", no_wrap=column == "feed")
    for row in rows[:_SHOWN]:
        table.add_row(row["feed"], row["name"], row["state"], _one_line(row["reason"] or "").removeprefix(row["name"]))
    if len(rows) > _SHOWN:
        table.caption = f"and {len(rows) - _SHOWN} more; `bindery status` lists them"
    console.print(table)


def _findings(home: Home) -> Table:
    table = Table(title="Findings by rule", caption="what each rule means: docs/rules.md")
    table.add_column("rule")
    table.add_column("severity")
    table.add_column("findings", justify="right")
    table.add_column("records", justify="right")
    for row in findings_by_rule(home):
        table.add_row(str(row["rule"]), str(row["severity"]), f"{row['findings']:,}", f"{row['records']:,}")
    return table


def _catalogue(home: Home) -> Table:
    with open_snapshot(home) as warehouse:
        rows = warehouse.run("catalogue/catalogue_size").to_pylist()
        mark = fingerprint(warehouse)
    table = Table(title="The catalogue", caption=f"fingerprint {mark[:16]}: the same messages give the same (law 1)")
    table.add_column("what")
    table.add_column("state")
    table.add_column("number", justify="right")
    for row in rows:
        table.add_row(row["what"], row["state"], f"{row['number']:,}")
    return table


def _deliveries(home: Home) -> Table:
    table = Table(title="Deliveries", caption=f"paths from {home.root}")
    for column in ("recipient", "path", "state"):
        table.add_column(column, overflow="fold")
    for column in ("items", "withdrawn", "omitted", "bytes"):
        table.add_column(column, justify="right")
    table.add_column("sha256, first 16", overflow="fold")
    for each in deliveries(home):
        numbers = (each.items, each.withdrawals, each.omitted, each.bytes)
        table.add_row(each.recipient, each.path, each.state, *(f"{n:,}" for n in numbers), each.sha256[:16])
    return table


def _alerts(home: Home, console: Console) -> None:
    raised = [json.loads(path.read_bytes()) for path in sorted(home.alerts.glob("*.json"))]
    console.print(f"Alerts raised: {len(raised)}" + (f", in {home.alerts}" if raised else ""), style="bold")
    for alert in raised[:_SHOWN]:
        console.print(f"  [tier {alert['tier']}] {alert['title']}", markup=False, highlight=False)
        for failure in alert["failures"][:3]:
            where = failure["label"] or failure["task"]
            console.print(f"    {where}: {_one_line(failure['error'])}", markup=False, highlight=False)
    if len(raised) > _SHOWN:
        console.print(f"  and {len(raised) - _SHOWN} more")


def _law_2(days: Sequence[FeedDay]) -> list[str]:
    return [
        f"Law 2 is broken: {day.feed} on {day.feed_day} received {day.received} records and tells of "
        f"{sum(day.outcomes.values())}."
        for day in days
        if day.received != sum(day.outcomes.values()) or set(day.outcomes) - set(OUTCOMES)
    ]


def _laws(home: Home) -> list[str]:
    try:
        verify_published(home)
    except LawBrokenError as error:
        return [str(error)]
    return []


def _failed(runs: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"The run {run['dag_run_id']} of {run['dag_id']} ended as {run['state']}."
        for run in runs
        if run["state"] != "success" and not run["dag_id"].startswith("feed__")
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())[:160]
