"""Measures one size of one benchmark."""

from __future__ import annotations

import importlib
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import MODULES, REGISTRY, Work

ROUNDS = 3


def _seconds(work: Work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(name: str, size: int) -> dict[str, Any]:
    """One size of one benchmark, in a process of its own so that its peak memory is its own."""
    load()
    chosen = REGISTRY[name]
    with tempfile.TemporaryDirectory(prefix="bindery-bench-") as folder:
        ours, reference = chosen.prepare(size, Path(folder))
        pairs = [(_seconds(ours), _seconds(reference)) for _ in range(ROUNDS)]
    value, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "name": name,
        "size": size,
        "value": round(value, 4),
        "unit": "s",
        "reference": round(other, 4),
        "ratio": round(value / other, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "goal": chosen.goal,
    }


def load() -> None:
    """Import every module that registers benchmarks."""
    for module in MODULES:
        importlib.import_module(module)
