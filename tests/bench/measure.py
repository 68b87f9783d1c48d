"""Measures one size of one benchmark."""

from __future__ import annotations

import ctypes
import importlib
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple, cast

import pyarrow as pa

from tests.bench import MODULES, REGISTRY, Benchmark, Prepare, PrepareAlone, Work

ROUNDS = 3

_M_MXFAST, _MXFAST = 1, 16 * ctypes.sizeof(ctypes.c_size_t)
"""mallopt(3): the setting and its value where nobody sets it."""


class _Cost(NamedTuple):
    wall: float
    cpu: float


def _cost(work: Work) -> _Cost:
    _settle()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return _Cost(time.perf_counter() - wall, time.process_time() - cpu)


def _settle() -> None:
    """Lets glibc merge what was freed before.

    A tree of lxml is millions of small pieces, and glibc merges them when a large piece is next asked for: without
    this, tidying up after the reference is counted as ours. Setting the largest small piece to what it is does so.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MXFAST, _MXFAST)


def _median(costs: list[_Cost]) -> _Cost:
    return _Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def on_one_core() -> None:
    """Holds this process to one core, and Arrow to one thread: the reference has no more."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def peak_mb() -> int:
    """The most memory this process held so far, mapped files included."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def measure(name: str, size: int) -> dict[str, Any]:
    """One size of one benchmark, in a process of its own so that its peak memory is its own."""
    load()
    chosen = REGISTRY[name]
    with tempfile.TemporaryDirectory(prefix="bindery-bench-") as folder:
        figures = (_megabytes if chosen.measures == "MB" else _seconds)(chosen, size, Path(folder))
    return {"name": name, "size": size, "unit": chosen.unit, "measures": chosen.measures, "goal": chosen.goal} | figures


def _seconds(chosen: Benchmark, size: int, folder: Path) -> dict[str, float]:
    ours, reference = cast("Prepare", chosen.prepare)(size, folder)
    on_one_core()
    ours()
    pairs = [(_cost(ours), _cost(reference)) for _ in range(ROUNDS)]
    mine, other = (_median(list(column)) for column in zip(*pairs, strict=True))
    return {
        "value": round(mine.wall, 4),
        "value_cpu": round(mine.cpu, 4),
        "reference": round(other.wall, 4),
        "reference_cpu": round(other.cpu, 4),
        "ratio": round(mine.wall / other.wall, 3),
        "ratio_cpu": round(mine.cpu / other.cpu, 3),
    }


def _megabytes(chosen: Benchmark, size: int, folder: Path) -> dict[str, float]:
    ours = cast("PrepareAlone", chosen.prepare)(size, folder)
    on_one_core()
    before = peak_mb()
    ours()
    return {"value": peak_mb(), "reference": before}


def load() -> None:
    """Import every module that registers benchmarks."""
    for module in MODULES:
        importlib.import_module(module)
