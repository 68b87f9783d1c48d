from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.table import Table

from tests.bench import Benchmark, Row
from tests.bench.tables import statement_tables, table_of

CATALOGUE = Benchmark("catalogue", "what", "reference", (10, 1_000), "titles", None, lambda _size, _tell: iter(()))


def figures(*of_sizes: tuple[int, Row]) -> list[dict[str, Any]]:
    return [{"name": "catalogue", "size": size} | asdict(row) for size, row in of_sizes]


def cells(table: Table) -> list[list[str]]:
    return [list(row) for row in zip(*(column.cells for column in table.columns), strict=True)]


def test_growth_is_how_many_times_the_smallest_size_the_largest_costs() -> None:
    rows = figures((10, Row("merge", 2.0, most_growth=1.5)), (1_000, Row("merge", 3.2, most_growth=1.5)))
    assert cells(table_of(CATALOGUE, rows)) == [["merge", "2.000 s", "3.200 s", "1.60", "", "growth ≤ 1.5", "no"]]


def test_a_goal_at_a_size_says_nothing_of_others() -> None:
    small = figures((10, Row("load", 700.0, goal=600, at=1_000)))
    assert cells(table_of(CATALOGUE, small)) == [["load", "700.000 s", "", "", "≤ 600 s at 1,000", ""]]
    large = figures((1_000, Row("peak", 7_900, unit="MB", goal=8_000, at=1_000)))
    assert cells(table_of(CATALOGUE, large)) == [["peak", "7,900 MB", "", "", "≤ 8,000 MB at 1,000", "yes"]]


def test_growth_of_processor_time_stands_beside_that_on_the_clock() -> None:
    rows = figures((10, Row("merge", 2.0, cpu=1.0)), (1_000, Row("merge", 4.0, cpu=1.2)))
    assert cells(table_of(CATALOGUE, rows)) == [["merge", "2.000 s", "4.000 s", "2.00", "1.20", "", ""]]


def test_the_dearest_statement_at_the_largest_size_comes_first_and_the_rest_is_told() -> None:
    small, large = {"fold": 0.1, "find": 0.2}, {"fold": 0.3, "find": 0.2, "never": 0.0001}
    rows = figures(
        (10, Row("delta", 0.5, cpu=0.4, statements=small, their_cpu={"fold": 0.1, "find": 0.1})),
        (1_000, Row("delta", 0.6, cpu=0.4, statements=large, their_cpu={"fold": 0.15, "find": 0.1})),
    )
    (table,) = statement_tables(CATALOGUE, rows)
    assert cells(table) == [
        ["fold", "100.0", "300.0", "3.00", "100.0", "150.0", "1.50"],
        ["find", "200.0", "200.0", "1.00", "100.0", "100.0", "1.00"],
        ["(outside the engine)", "200.0", "99.9", "0.50", "200.0", "150.0", "0.75"],
    ]
