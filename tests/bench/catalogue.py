"""The catalogue as it grows: full load, deltas and answers of catalogues of several sizes."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from bindery.home import Home
from bindery.warehouse.duckdb import MEMORY_LIMIT, THREADS
from tests.bench import Row, Tell, growth, homes, work

SIZES = (10_000, 100_000, 1_000_000)
MEMORY, CORES = "4GB", "2"

REUSE = "BENCH_REUSE"
"""Environment variable: take the catalogue merged last, whatever the code was then, and tell nothing of full loads."""

_AROUND = ("open", "make tables", "close")
_LARGEST = SIZES[-1]

DELTA = f"delta of {homes.FIXED:,} records"
MERGE, GUARDED = f"{DELTA}: merge", f"{DELTA}: merge, verify, publish"
REFERENCE = f"reference: MERGE of {homes.FIXED:,} keys"


@growth(
    "catalogue",
    what=f"a catalogue of simulated titles, a tenth from two suppliers; {CORES} threads, {MEMORY} for the engine",
    reference=f"DuckDB's plain MERGE of {homes.FIXED:,} changed keys into one narrow table of as many rows",
    sizes=SIZES,
    unit="titles",
)
def growing(size: int, tell: Tell) -> Iterator[Row]:
    """One size: everything in processes of its own, in a home that is made once and copied to be changed."""
    if size < homes.SMALLEST:
        raise SystemExit(f"A catalogue of {size:,} titles is too small for these deltas: ask for {homes.SMALLEST:,}.")
    os.environ |= {THREADS: CORES, MEMORY_LIMIT: MEMORY}
    tell("full load")
    home = homes.of_any_code(size) if os.environ.get(REUSE) else None
    if home is None:
        yield from _full_load(_loaded(size, tell))
    scratch = Home(homes.HOMES / f"scratch-{size}")
    tell("a copy to change")
    homes.copy_of(home or homes.loaded(size), scratch)
    try:
        tell("deltas")
        yield from _deltas(_alone(work.deltas, size, scratch))
        tell("the reference")
        floor = _alone(work.floor, size, Home(scratch.root / "floor"))
        yield Row(REFERENCE, floor)
        tell("answers")
        yield from _answers(_alone(work.answers, size, scratch))
    finally:
        shutil.rmtree(scratch.root, ignore_errors=True)


def _full_load(figures: dict[str, Any]) -> Iterator[Row]:
    staged, merged = figures["stage"], figures["merge"]
    both = {part: staged[part] | merged[part] for part in ("seconds", "cpu", "statements", "their_cpu")}
    yield replace(_of("full load", both, tuple(both["seconds"])), goal=600, at=_LARGEST)
    yield Row("full load: peak memory", max(staged["peak_mb"], merged["peak_mb"]), unit="MB", goal=8_000, at=_LARGEST)
    yield from _each("full load", both)


def _deltas(figures: dict[str, Any]) -> Iterator[Row]:
    for what, of, goal in ((DELTA, figures["fixed"], 1.5), ("delta of 1 %", figures["percent"], None)):
        yield replace(_of(f"{what}: merge", of, work.MERGING), most_growth=goal)
        alone = (sum(_of_merge(of[part])) for part in ("statements", "their_cpu"))
        yield Row(f"{what}: merge, its statements alone", next(alone), cpu=next(alone), most_growth=goal)
        guarded = _of(f"{what}: merge, verify, publish", of, (*work.MERGING, "verify", "publish"))
        yield replace(guarded, most_growth=goal)
        yield Row(f"{what}: peak memory", of["peak_mb"], unit="MB")
        # Offers follow what changed, as the merge as a whole does.
        yield from (replace(row, most_growth=goal) if row.what == f"{what}: offers" else row for row in _each(what, of))


def _of(what: str, figures: dict[str, Any], steps: tuple[str, ...]) -> Row:
    seconds, cpu = (sum(figures[part].get(step, 0.0) for step in steps) for part in ("seconds", "cpu"))
    return Row(what, seconds, cpu=cpu)


def _each(what: str, figures: dict[str, Any]) -> Iterator[Row]:
    """A row for each step, and one for all their statements."""
    for step in figures["seconds"]:
        yield _of(f"{what}: {step}", figures, (step,))
    together = _of(f"{what}: statements", figures, tuple(figures["seconds"]))
    yield replace(together, statements=figures["statements"], their_cpu=figures["their_cpu"])


def _of_merge(spent: dict[str, float]) -> Iterator[float]:
    """What the merge asks, without opening and closing a file, which costs the same at any size."""
    for name, seconds in spent.items():
        step, _, statement = name.partition(": ")
        if step in work.MERGING and statement not in _AROUND:
            yield seconds


def _answers(figures: dict[str, Any]) -> Iterator[Row]:
    for verb, found in figures.items():
        yield Row(f"{verb}: in a process that runs", found["step"], goal=0.3, at=_LARGEST)
        yield Row(f"{verb}: the whole command", found["command"], goal=0.3, at=_LARGEST)
        statements, cpu = found["statements"], found["their_cpu"]
        together, of_cpu = sum(statements.values()), sum(cpu.values())
        yield Row(f"{verb}: statements", together, cpu=of_cpu, statements=statements, their_cpu=cpu)


def _loaded(size: int, tell: Tell) -> dict[str, Any]:
    """The figures of the full load by this code; where it wasn't loaded yet, loads it."""
    home, kept = homes.loaded(size), homes.loaded(size).root / homes.FIGURES
    if not kept.is_file():
        homes.forget_other_code(size)
        shutil.rmtree(home.root, ignore_errors=True)
        tell("messages of a full load")
        _alone(homes.messages_of, size)
        part = Home(home.root.with_suffix(".part"))
        shutil.rmtree(part.root, ignore_errors=True)
        tell("full load: stage")
        figures = {"stage": _alone(work.stage_all, size, part)}
        tell("full load: merge")
        figures["merge"] = _alone(work.merge_all, part)
        shutil.rmtree(part.snapshots)
        (part.root / homes.FIGURES).write_text(json.dumps(figures), "utf-8")
        part.root.replace(home.root)
    found: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return found


def _alone(work: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(work, *arguments).result()
