"""Tables of what grows with the catalogue: a column a size, and how many times the smallest the largest is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from rich.table import Table

from tests.bench import Benchmark

Figures = list[dict[str, Any]]

_OUTSIDE = "(outside the engine)"
_LEAST_MS = 1.0
"""A statement that costs less at every size isn't shown."""


def table_of(chosen: Benchmark, rows: Figures) -> Table:
    """What was measured, by size, with goals and whether they are reached."""
    sizes = _sizes(rows)
    title = f"{chosen.name}: {chosen.what}\nreference: {chosen.reference}"
    table = _empty(title, "what", *(f"{size:,}" for size in sizes), "growth", "of CPU", "goal", "reached")
    for what, found in _by_what(rows).items():
        if any(row["statements"] is None for row in found.values()):
            growth = (_growth([row[part] for row in found.values()]) for part in ("value", "cpu"))
            table.add_row(what, *(_cell(found.get(size)) for size in sizes), *growth, *_goal(found))
    return table


def statement_tables(chosen: Benchmark, rows: Figures) -> Iterator[Table]:
    """What each statement costs, by size, the dearest at the largest size first."""
    sizes = [f"{size:,}" for size in _sizes(rows)]
    for what, found in _by_what(rows).items():
        if any(row["statements"] is None for row in found.values()):
            continue
        parts = (("value", "statements"), ("cpu", "their_cpu"))
        spent = [
            [row[part] | {_OUTSIDE: row[all_] - sum(row[part].values())} for row in found.values()]
            for all_, part in parts
        ]
        title = f"{chosen.name}: {what}, milliseconds on the clock and of the processor"
        table = _empty(title, "statement", *sizes, "growth", *(f"{size} CPU" for size in sizes), "growth")
        for name in sorted(
            dict.fromkeys(name for each in spent[0] for name in each), key=lambda one: -spent[0][-1].get(one, 0.0)
        ):
            values = [[each.get(name, 0.0) for each in of] for of in spent]
            if max(values[0]) * 1000 >= _LEAST_MS:
                cells = ((*(f"{value * 1000:,.1f}" for value in of), _growth(of)) for of in values)
                table.add_row(name, *chain.from_iterable(cells))
        yield table


def _empty(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first, no_wrap=True)
    for other in others:
        table.add_column(other, justify="right", no_wrap=True)
    return table


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


def _growth(values: list[float | None]) -> str:
    """The last over the first; nothing where either is too small to be measured."""
    first, last = values[0], values[-1]
    return f"{last / first:.2f}" if len(values) > 1 and first and last and first * 1000 >= _LEAST_MS / 10 else ""


def _goal(found: dict[int, dict[str, Any]]) -> tuple[str, str]:
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
