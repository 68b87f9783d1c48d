"""The catalogue as it grows: full load, deltas and answers of catalogues of several sizes."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bindery.home import Home
from bindery.warehouse.duckdb import MEMORY_LIMIT, THREADS
from tests.bench import Row, Tell, growth, homes, work

SIZES = (10_000, 100_000, 1_000_000)
MEMORY, CORES = "4GB", "2"

_GUARDED = ("verify", "publish")
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
    yield from _full_load(_loaded(size, tell))
    scratch = Home(homes.HOMES / f"scratch-{size}")
    tell("a copy to change")
    homes.copy_of(homes.loaded(size), scratch)
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
    together = sum(staged["seconds"].values()) + sum(merged["seconds"].values())
    yield Row("full load", together, goal=600, at=_LARGEST)
    yield Row("full load: peak memory", max(staged["peak_mb"], merged["peak_mb"]), unit="MB", goal=8_000, at=_LARGEST)
    for name, seconds in (staged["seconds"] | merged["seconds"]).items():
        yield Row(f"full load: {name}", seconds)
    yield Row("full load: statements", together, statements=staged["statements"] | merged["statements"])


def _deltas(figures: dict[str, Any]) -> Iterator[Row]:
    for name, what, goal in (("fixed", DELTA, 1.5), ("percent", "delta of 1 %", None)):
        seconds = figures[name]["seconds"]
        merge = sum(seconds.get(step, 0.0) for step in work.MERGING)
        yield Row(f"{what}: merge", merge, most_growth=goal)
        yield Row(f"{what}: merge, its statements alone", _statements(figures[name]["statements"]), most_growth=goal)
        yield Row(f"{what}: merge, verify, publish", merge + sum(seconds[step] for step in _GUARDED), most_growth=goal)
        cpu = figures[name]["cpu"]
        yield Row(f"{what}: merge, CPU", sum(cpu.get(step, 0.0) for step in work.MERGING))
        for step, value in seconds.items():
            yield Row(f"{what}: {step}", value)
            yield Row(f"{what}: {step}, CPU", cpu[step])
        yield Row(f"{what}: peak memory", figures[name]["peak_mb"], unit="MB")
        yield Row(f"{what}: statements", sum(seconds.values()), statements=figures[name]["statements"])


def _statements(spent: dict[str, float]) -> float:
    """Seconds of what the merge asks, without opening and closing a file, which costs the same at any size."""
    named = ((name.partition(": "), seconds) for name, seconds in spent.items())
    return sum(seconds for (step, _, statement), seconds in named if step in work.MERGING and statement not in _AROUND)


def _answers(figures: dict[str, Any]) -> Iterator[Row]:
    for verb, found in figures.items():
        yield Row(f"{verb}: in a process that runs", found["step"], goal=0.3, at=_LARGEST)
        yield Row(f"{verb}: the whole command", found["command"], goal=0.3, at=_LARGEST)


def _loaded(size: int, tell: Tell) -> dict[str, Any]:
    """The figures of the full load by this code; where it wasn't loaded yet, loads it."""
    home, kept = homes.loaded(size), homes.loaded(size).root / "load.json"
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
        (part.root / "load.json").write_text(json.dumps(figures), "utf-8")
        part.root.replace(home.root)
    found: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return found


def _alone(work: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(work, *arguments).result()
