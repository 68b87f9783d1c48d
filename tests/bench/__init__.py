"""Benchmarks: what a step costs beside a public reference, measured in one run on one machine.

A benchmark is a function that prepares a size and returns two callables, ours and the reference's; they are run in
turn, and the ratio of their medians is the figure. Register it with ``benchmark`` and name its module in ``MODULES``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MODULES = ("tests.bench.reading",)

Work = Callable[[], object]
Prepare = Callable[[int, Path], tuple[Work, Work]]


@dataclass(frozen=True)
class Benchmark:
    """One benchmark.

    Attributes:
        name: What ``--only`` chooses by.
        what: One line for the table.
        reference: What ours is compared with.
        sizes: Sizes measured by default; several, so that the growth shows.
        unit: What the size counts.
        goal: Largest ratio we want; None where there is no goal yet.
        prepare: Makes the two callables for a size in a folder of its own.
    """

    name: str
    what: str
    reference: str
    sizes: tuple[int, ...]
    unit: str
    goal: float | None
    prepare: Prepare


REGISTRY: dict[str, Benchmark] = {}


def benchmark(
    name: str, *, what: str, reference: str, sizes: tuple[int, ...], unit: str, goal: float | None
) -> Callable[[Prepare], Prepare]:
    """Register the function below as the preparation of a benchmark."""

    def register(prepare: Prepare) -> Prepare:
        REGISTRY[name] = Benchmark(name, what, reference, sizes, unit, goal, prepare)
        return prepare

    return register
