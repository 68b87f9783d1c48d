"""Benchmarks: what a step costs beside a public reference, measured in one run on one machine.

A benchmark is a function that prepares a size and returns two callables, ours and the reference's; they are run in
turn on one core, and the ratio of their medians is the figure. One of memory has no reference but the process before
it begins. One of growth makes figures by itself, and is told by how they grow with the size. Register it with
``benchmark``, ``memory`` or ``growth`` and name its module in ``MODULES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MODULES = ("tests.bench.reading", "tests.bench.catalogue")

Work = Callable[[], object]
Prepare = Callable[[int, Path], tuple[Work, Work]]
PrepareAlone = Callable[[int, Path], Work]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    """One figure of a size.

    Attributes:
        what: The same for each size.
        value: In ``unit``.
        goal: What it may be at most, at the size ``at``.
        most_growth: How many times that of the smallest size it may be at the largest.
        cpu: Seconds of the processor beside it, in every thread of the process.
        statements: Seconds by statement, where it is about these; then it is in a table of its own.
        their_cpu: Seconds of the processor beside them.
    """

    what: str
    value: float
    unit: str = "s"
    goal: float | None = None
    at: int | None = None
    most_growth: float | None = None
    cpu: float | None = None
    statements: dict[str, float] | None = None
    their_cpu: dict[str, float] | None = None


Grow = Callable[[int, Tell], Iterator[Row]]


@dataclass(frozen=True)
class Benchmark:
    """One benchmark.

    Attributes:
        name: What ``--only`` chooses by.
        what: One line for the table.
        reference: What ours is compared with.
        sizes: Sizes measured by default; several, so that the growth shows.
        unit: What the size counts.
        goal: Largest ratio, or most megabytes, we want; None where there is no goal.
        prepare: Makes the two callables for a size in a folder of its own; one where memory is measured; the figures
            themselves where growth is.
        measures: ``seconds``, ``MB`` (the peak of a process of its own) or ``growth``.
    """

    name: str
    what: str
    reference: str
    sizes: tuple[int, ...]
    unit: str
    goal: float | None
    prepare: Prepare | PrepareAlone | Grow
    measures: str = "seconds"


REGISTRY: dict[str, Benchmark] = {}


def benchmark(
    name: str, *, what: str, reference: str, sizes: tuple[int, ...], unit: str, goal: float | None
) -> Callable[[Prepare], Prepare]:
    """Register the function below as the preparation of a benchmark."""

    def register(prepare: Prepare) -> Prepare:
        REGISTRY[name] = Benchmark(name, what, reference, sizes, unit, goal, prepare)
        return prepare

    return register


def memory(
    name: str, *, what: str, reference: str, sizes: tuple[int, ...], unit: str, goal: float | None
) -> Callable[[PrepareAlone], PrepareAlone]:
    """Register the function below as the preparation of a benchmark of peak memory.

    It does once what is to be measured, in small, so that everything is loaded before measuring begins.
    """

    def register(prepare: PrepareAlone) -> PrepareAlone:
        REGISTRY[name] = Benchmark(name, what, reference, sizes, unit, goal, prepare, "MB")
        return prepare

    return register


def growth(name: str, *, what: str, reference: str, sizes: tuple[int, ...], unit: str) -> Callable[[Grow], Grow]:
    """Register the function below as a benchmark that makes the figures of a size by itself."""

    def register(grow: Grow) -> Grow:
        REGISTRY[name] = Benchmark(name, what, reference, sizes, unit, None, grow, "growth")
        return grow

    return register
