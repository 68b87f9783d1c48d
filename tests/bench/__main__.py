"""``make bench``: run benchmarks, print a table, write ``build/bench.json``."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table

from bindery.home import PROJECT
from tests.bench import REGISTRY, Benchmark, Grow
from tests.bench.measure import load, measure
from tests.bench.tables import statement_tables, table_of

_COLUMNS = {
    "seconds": ("size", "ours", "reference", "ratio", "goal", "ours, CPU", "reference, CPU", "ratio of CPU"),
    "MB": ("size", "peak", "of which before", "goal"),
}


def _cells(row: dict[str, Any]) -> list[str]:
    size = f"{row['size']:,} {row['unit']}"
    goal = "" if row["goal"] is None else f"≤ {row['goal']:g}"
    if row["measures"] == "MB":
        return [size, f"{row['value']:,} MB", f"{row['reference']:,} MB", f"{goal} MB"]
    wall = [f"{row['value']:.3f} s", f"{row['reference']:.3f} s", f"{row['ratio']:.2f}"]
    return [size, *wall, goal, f"{row['value_cpu']:.3f} s", f"{row['reference_cpu']:.3f} s", f"{row['ratio_cpu']:.2f}"]


def _table(chosen: Benchmark, rows: list[dict[str, Any]]) -> Table:
    title = f"{chosen.name}: {chosen.what}\nreference: {chosen.reference}"
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(_COLUMNS[chosen.measures]):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row))
    return table


def main(
    *,
    only: Annotated[str | None, typer.Option(help="Name of one benchmark.")] = None,
    size: Annotated[int | None, typer.Option(help="One size instead of the benchmark's own.", min=1)] = None,
    statements: Annotated[bool, typer.Option(help="Print what each SQL statement of the catalogue costs.")] = False,
    output: Annotated[Path, typer.Option(help="Where the figures go.")] = PROJECT / "build" / "bench.json",
) -> None:
    """Measure ours beside a public reference: medians of interleaved rounds, in one run on one core.

    Examples: `make bench`, `make bench BENCH=read SIZE=5000`, `make bench BENCH=catalogue STATEMENTS=1`.
    """
    load()
    console = Console()
    if not console.is_terminal:
        console.width = 180
    if only is not None and only not in REGISTRY:
        console.print(f"There is no benchmark {only!r}; there are {', '.join(REGISTRY)}.", style="red")
        raise typer.Exit(2)
    rows: list[dict[str, Any]] = []
    for chosen in (REGISTRY[only],) if only else tuple(REGISTRY.values()):
        sizes = (size,) if size else chosen.sizes
        if chosen.measures == "growth":
            for found in _grown(chosen, sizes, console):
                rows += found
                _write(rows, output)
            grown = [row for row in rows if row["name"] == chosen.name]
            for table in (table_of(chosen, grown), *(statement_tables(chosen, grown) if statements else ())):
                console.print(table)
            continue
        measured = _measured(chosen, sizes, console)
        console.print(_table(chosen, measured))
        rows += measured
        _write(rows, output)
    console.print(f"Figures in {output}")


def _write(rows: list[dict[str, Any]], output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _measured(chosen: Benchmark, sizes: tuple[int, ...], console: Console) -> list[dict[str, Any]]:
    spawn, measured = multiprocessing.get_context("spawn"), []
    for each in sizes:
        with console.status(f"{chosen.name} {each:,}"), ProcessPoolExecutor(1, spawn) as process:
            measured.append(process.submit(measure, chosen.name, each).result())
    return measured


def _grown(chosen: Benchmark, sizes: tuple[int, ...], console: Console) -> Iterator[list[dict[str, Any]]]:
    """The figures of each size in turn, said as it goes: a million titles take minutes."""
    begin = time.monotonic()
    for each in sizes:

        def tell(doing: str, each: int = each) -> None:
            console.print(f"{time.monotonic() - begin:5.0f} s  {chosen.name} {each:,}: {doing}", style="dim")

        yield [
            {"name": chosen.name, "size": each, "measures": "growth"} | asdict(row)
            for row in cast("Grow", chosen.prepare)(each, tell)
        ]


if __name__ == "__main__":
    typer.run(main)
