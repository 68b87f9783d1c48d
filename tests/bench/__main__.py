"""``make bench``: run benchmarks, print a table, write ``build/bench.json``."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bindery.home import PROJECT
from tests.bench import REGISTRY, Benchmark
from tests.bench.measure import load, measure


def _row(table: Table, chosen: Benchmark, row: dict[str, Any]) -> None:
    goal = "" if row["goal"] is None else f"≤ {row['goal']:g}"
    size = f"{row['size']:,} {chosen.unit}"
    table.add_row(
        chosen.name,
        size,
        f"{row['value']:.2f} s",
        f"{row['reference']:.2f} s",
        f"{row['ratio']:.2f}",
        goal,
        f"{row['peak_mb']} MB",
    )


def main(
    only: Annotated[str | None, typer.Option(help="Name of one benchmark.")] = None,
    size: Annotated[int | None, typer.Option(help="One size instead of the benchmark's own.")] = None,
    output: Annotated[Path, typer.Option(help="Where the figures go.")] = PROJECT / "build" / "bench.json",
) -> None:
    """Measure ours beside a public reference: medians of interleaved rounds, in one run on one machine.

    Examples: `make bench`, `make bench BENCH=read SIZE=5000`.
    """
    load()
    console = Console()
    if only is not None and only not in REGISTRY:
        console.print(f"There is no benchmark {only!r}; there are {', '.join(REGISTRY)}.", style="red")
        raise typer.Exit(2)
    spawn = multiprocessing.get_context("spawn")
    rows: list[dict[str, Any]] = []
    for chosen in (REGISTRY[only],) if only else tuple(REGISTRY.values()):
        table = Table(
            "benchmark",
            "size",
            "ours",
            "reference",
            "ratio",
            "goal",
            "peak",
            title=f"{chosen.what}; reference: {chosen.reference}",
        )
        for each in (size,) if size else chosen.sizes:
            with console.status(f"{chosen.name} {each:,}"), ProcessPoolExecutor(1, spawn) as process:
                rows.append(process.submit(measure, chosen.name, each).result())
            _row(table, chosen, rows[-1])
        console.print(table)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    console.print(f"Figures in {output}")


if __name__ == "__main__":
    typer.run(main)
