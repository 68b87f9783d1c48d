"""What is measured of a catalogue. Each function here runs in a process of its own, so that its peak is its own."""

from __future__ import annotations

import importlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from bindery import cli
from bindery.home import Home
from bindery.steps import merge
from bindery.steps.stage import stage
from bindery.warehouse.duckdb import settings
from tests.bench import homes
from tests.bench.measure import peak_mb
from tests.bench.statements import timed
from tests.bench.suppliers import SOURCES, feed_of
from tests.simulator.titles import EPOCH

MERGING: Final = ("records", "editions", "works", "offers")
"""The merge's steps in the order the DAG runs them; one that isn't there yet is left out."""

TOLD: Final = {
    "title": "bindery.steps.report:read_title",
    "blame": "bindery.steps.blame:blame",
    "why": "bindery.steps.why:why",
}
"""What answers of one title, by verb: of a home and an ISBN, and of what is in ``_ASKED_OF``."""

_ASKED_OF: Final[dict[str, tuple[str, ...]]] = {"why": ("DE", "subscription")}
_BESIDE: Final[dict[str, dict[str, Any]]] = {"why": {"at": datetime(2026, 6, 1, tzinfo=UTC)}}
_OPTIONS: Final = {"why": ("--country", "DE", "--model", "subscription", "--at", "2026-06-01")}

_ASKED: Final = 20
_STARTED: Final = 5
_FLOOR: Final = Path(__file__).with_name("floor.sql")

Figures = dict[str, Any]


def stage_all(titles: int, home: Home) -> Figures:
    """Stages a whole catalogue.

    Returns:
        ``seconds`` and ``cpu`` by step, by statement ``statements`` and ``their_cpu``, and ``peak_mb``.
    """
    messages = homes.messages_of(titles)
    feeds = {source.supplier: feed_of(source) for source in reversed(SOURCES.values())}
    home.root.mkdir(parents=True)
    (home.root / "work").symlink_to(homes.untouched(titles).root / "work")

    def staged() -> None:
        for message in messages:
            stage(message, feeds[message.judged.message.receipt.supplier], home=home)

    return _taken({"stage": staged}) | {"peak_mb": peak_mb()}


def merge_all(home: Home) -> Figures:
    """Merges what is staged, and publishes it; returns what ``stage_all`` returns."""
    return _taken(_steps(home, 0)) | {"peak_mb": peak_mb()}


def deltas(titles: int, home: Home) -> Figures:
    """Takes a catalogue through several deltas of one size, then through one of 1 %.

    Args:
        titles: In the catalogue.
        home: A copy of it, which is changed.

    Returns:
        ``fixed`` and ``percent``: what ``stage_all`` returns, medians.
    """
    found = {}
    for name, records, numbers in (
        ("fixed", homes.FIXED, range(1, homes.DELTAS + 1)),
        ("percent", titles // 100, range(homes.DELTAS + 1, homes.DELTAS + 2)),
    ):
        taken = [_delta(titles, number, records, home) for number in numbers]
        # The first of several warms up: statements are transpiled, the file's pages come into memory.
        found[name] = _medians(taken[1:] or taken) | {"peak_mb": peak_mb()}
    return found


def _delta(titles: int, number: int, records: int, home: Home) -> Figures:
    message = homes.delta(titles, number, records, home=home)
    feed = feed_of(SOURCES[message.judged.message.receipt.supplier])
    return _taken({"stage": partial(stage, message, feed, home=home)} | _steps(home, number))


def _steps(home: Home, day: int) -> dict[str, Callable[[], object]]:
    run = merge.run_of(EPOCH + timedelta(days=day), f"bench {day}")
    there = {name: getattr(merge, f"merge_{name}", None) for name in MERGING}
    steps: dict[str, Callable[[], object]] = {name: partial(step, home, run) for name, step in there.items() if step}
    return steps | {"verify": partial(merge.verify, home), "publish": partial(merge.publish, home)}


def _taken(steps: dict[str, Callable[[], object]]) -> Figures:
    """Runs steps: ``seconds`` and ``cpu`` by step; by step and statement, ``statements`` and ``their_cpu``."""
    found: Figures = {"seconds": {}, "cpu": {}, "statements": {}, "their_cpu": {}}
    for name, step in steps.items():
        before = time.process_time()
        with timed() as spent:
            found["seconds"][name] = _seconds(step)
        found["cpu"][name] = time.process_time() - before
        for part, taken in (("statements", spent.wall), ("their_cpu", spent.cpu)):
            found[part] |= {f"{name}: {one.removeprefix('catalogue/')}": seconds for one, seconds in taken.items()}
    return found


def answers(titles: int, home: Home) -> Figures:
    """How long the published catalogue takes to tell of one title.

    Returns:
        By verb: ``step``, of the function in this process, and ``command``, of the whole command line, medians;
        ``statements`` and ``their_cpu`` of one call of the function.
    """
    found: Figures = {}
    asked = homes.isbns(titles, _ASKED)
    for verb, place in TOLD.items():
        if verb in cli.VERBS:
            module, name = place.split(":")
            told = getattr(importlib.import_module(module), name)
            told = partial(told, **_BESIDE.get(verb, {}))
            beside = _ASKED_OF.get(verb, ())
            told(home, asked[0], *beside)
            with timed() as spent:
                taken = [_seconds(partial(told, home, isbn, *beside)) for isbn in asked[1:]]
            found[verb] = {
                "step": statistics.median(taken),
                "statements": {f"{verb}: {one}": seconds / len(taken) for one, seconds in spent.wall.items()},
                "their_cpu": {f"{verb}: {one}": seconds / len(taken) for one, seconds in spent.cpu.items()},
                "command": statistics.median(
                    _seconds(partial(_command, verb, isbn, home)) for isbn in asked[:_STARTED]
                ),
            }
    return found


def _command(verb: str, isbn: str, home: Home) -> None:
    environment = os.environ | {"BINDERY_HOME": str(home.root)}
    command = [sys.executable, "-m", "bindery", verb, isbn, *_OPTIONS.get(verb, ()), "--json"]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def floor(titles: int, folder: Home) -> float:
    """Seconds that a plain MERGE of as many changes takes DuckDB in one narrow table; opened and closed each time."""
    folder.root.mkdir(parents=True)
    file, throw = str(folder.root / "floor.duckdb"), np.random.default_rng(homes.GENERATION)
    with duckdb.connect(file, config=settings(folder)) as connection:
        connection.from_arrow(_narrow(throw.permutation(titles))).create("narrow")
    taken = []
    for _ in range(homes.DELTAS):
        new = np.arange(homes.FIXED // 50) + titles * 2
        chosen = np.append(throw.choice(titles, homes.FIXED - len(new), replace=False), new)
        taken.append(_seconds(partial(_merge_floor, file, folder, _narrow(chosen))))
    return statistics.median(taken[1:])


def _merge_floor(file: str, folder: Home, changed: pa.Table) -> None:
    with duckdb.connect(file, config=settings(folder)) as connection:
        connection.register("changed", changed)
        connection.sql(_FLOOR.read_text("utf-8"))


def _narrow(keys: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Table:
    hashes = np.random.default_rng(int(keys[0])).bytes(32 * len(keys)).hex()
    versions = [hashes[start : start + 64] for start in range(0, len(hashes), 64)]
    prices = pa.array(np.random.default_rng().integers(1, 5_000, len(keys)))
    return pa.table(
        {"key": keys + 9_780_000_000_000, "state": ["live"] * len(keys), "version": versions, "price": prices}
    )


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _medians(taken: list[Figures]) -> Figures:
    return {
        part: {
            name: statistics.median(each[part].get(name, 0.0) for each in taken)
            for name in dict.fromkeys(name for each in taken for name in each[part])
        }
        for part in taken[0]
    }
