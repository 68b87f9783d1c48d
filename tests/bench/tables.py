"""Tables of what grows with the catalogue: a column a size, and how many times the smallest the largest is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from tests.bench import Benchmark

Figures = list[dict[str, Any]]

_LEAST_MS = 1.0
"""A statement that costs less at every size isn't shown."""


def table_of(chosen: Benchmark, rows: Figures) -> Table:
    """What was measured, by size, with goals and whether they are reached."""
    sizes = _sizes(rows)
    table = Table(title=f"{chosen.name}: {chosen.what}\nreference: {chosen.reference}", title_justify="left")
    table.add_column("what", no_wrap=True)
    for title in (*(f"{size:,}" for size in sizes), "growth", "goal", "reached"):
        table.add_column(title, justify="right", no_wrap=True)
    for what, found in _by_what(rows).items():
        if any(row["statements"] is None for row in found.values()):
            cells = [_cell(found.get(size)) for size in sizes]
            table.add_row(what, *cells, _growth([row["value"] for row in found.values()]), *_goal(found, sizes))
    return table


def statement_tables(chosen: Benchmark, rows: Figures) -> Iterator[Table]:
    """What each statement costs, by size, the dearest at the largest size first."""
    sizes = _sizes(rows)
    for what, found in _by_what(rows).items():
        if any(row["statements"] is None for row in found.values()):
            continue
        table = Table(title=f"{chosen.name}: {what}, milliseconds", title_justify="left")
        table.add_column("statement", no_wrap=True)
        for title in (*(f"{size:,}" for size in sizes), "growth"):
            table.add_column(title, justify="right", no_wrap=True)
        spent = [found[size]["statements"] if size in found else {} for size in sizes]
        for name in sorted({name for each in spent for name in each}, key=lambda one: -spent[-1].get(one, 0.0)):
            values = [each.get(name, 0.0) for each in spent]
            if max(values) * 1000 >= _LEAST_MS:
                table.add_row(name, *(f"{value * 1000:,.1f}" for value in values), _growth(values))
        rest = [row["value"] - sum(each.values()) for row, each in zip(found.values(), spent, strict=True)]
        table.add_row("(outside the engine)", *(f"{value * 1000:,.1f}" for value in rest), _growth(rest))
        yield table


def _sizes(rows: Figures) -> list[int]:
    return sorted({row["size"] for row in rows})


def _by_what(rows: Figures) -> dict[str, dict[int, dict[str, Any]]]:
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["what"], {})[row["size"]] = row
    return found


def _cell(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    return f"{row['value']:,.0f} MB" if row["unit"] == "MB" else f"{row['value']:,.3f} s"


def _growth(values: list[float]) -> str:
    return f"{values[-1] / values[0]:.2f}" if len(values) > 1 and values[0] > 0 else ""


def _goal(found: dict[int, dict[str, Any]], sizes: list[int]) -> tuple[str, str]:
    last = found[max(found)]
    if last["most_growth"] is not None:
        goal = f"growth ≤ {last['most_growth']:g}"
        if len(found) < 2:
            return goal, ""
        return goal, _said(last["value"] <= last["most_growth"] * found[min(found)]["value"])
    if last["goal"] is not None:
        goal = f"≤ {last['goal']:,g} {last['unit']} at {last['at']:,}"
        return goal, _said(found[last["at"]]["value"] <= last["goal"]) if last["at"] in found else ""
    return "", ""


def _said(reached: bool) -> str:  # noqa: FBT001 - what it says
    return "yes" if reached else "no"
