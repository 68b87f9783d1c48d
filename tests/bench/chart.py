"""``python -m tests.bench.chart``: the growth curves of ``build/bench.json``, as pictures in ``docs``."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from lxml import etree
from lxml.builder import ElementMaker

from bindery.home import PROJECT
from tests.bench.catalogue import GUARDED, MERGE, REFERENCE

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 420, 90, 190, 60, 60
SVG = ElementMaker(namespace="http://www.w3.org/2000/svg", nsmap={None: "http://www.w3.org/2000/svg"})


class Line(NamedTuple):
    """A curve: points of a size and what it costs."""

    name: str
    colour: str
    points: list[tuple[int, float]]


def lines_of(rows: list[dict[str, Any]]) -> list[Line]:
    """First read, read again and the reference beside the first."""
    wanted = (
        ("lxml.etree.parse alone", "#777777", "read", "reference_cpu"),
        ("first read, to Parquet", "#1f5f99", "read", "value_cpu"),
        ("sent again, 1 % changed", "#b3541e", "resend", "value_cpu"),
    )
    lines = []
    for name, colour, benchmark, column in wanted:
        found = [row for row in rows if row["name"] == benchmark]
        if len(found) < 2:
            raise SystemExit(f"There are {len(found)} sizes of {benchmark}, and a curve takes two: run make bench.")
        lines.append(Line(name, colour, [(row["size"], row[column] / row["size"] * 1e6) for row in found]))
    return lines


def lines_of_catalogue(rows: list[dict[str, Any]]) -> list[Line]:
    """A delta of a fixed size: the merge, the same with what guards and publishes it, and the reference."""
    wanted = (
        ("plain DuckDB MERGE", "#777777", REFERENCE),
        ("merge", "#1f5f99", MERGE),
        ("with verify and publish", "#b3541e", GUARDED),
    )
    lines = []
    for name, colour, what in wanted:
        found = [row for row in rows if row["name"] == "catalogue" and row["what"] == what]
        if len(found) < 2:
            raise SystemExit(f"There are {len(found)} sizes of {what!r}, and a curve takes two: run make bench.")
        lines.append(Line(name, colour, [(row["size"], row["value"] * 1000) for row in found]))
    return lines


def chart(lines: list[Line], *, title: str, across: str, by_tens: bool = False) -> etree._Element:
    """Cost over size: a level line is linear growth where it is a record's, none where it is a delta's.

    Args:
        lines: The curves, of the same sizes.
        title: What is drawn, with its unit.
        across: What the sizes are.
        by_tens: Whether ten times as much is always as far away.
    """
    scale = math.log10 if by_tens else float
    sizes = sorted({size for line in lines for size, _ in line.points})
    first, last = (scale(sizes[0]) if by_tens else 0.0), scale(sizes[-1])
    top = max(cost for line in lines for _, cost in line.points) * 1.1

    def x(size: float) -> float:
        return round(LEFT + (scale(size) - first) / (last - first) * (WIDTH - LEFT - RIGHT), 1)

    def y(cost: float) -> float:
        return round(HEIGHT - BOTTOM - cost / top * (HEIGHT - TOP - BOTTOM), 1)

    parts = [
        _text(title, WIDTH / 2, 28, size=16),
        _text(across, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16),
    ]
    step = next(step for step in (5, 10, 20, 25, 50, 100, 200, 500, 1000, 5000) if top / step <= 8)
    for cost in range(0, int(top) + 1, step):
        parts += [_path([(LEFT, y(cost)), (WIDTH - RIGHT, y(cost))], "#dddddd", 1)]
        parts += [_text(str(cost), LEFT - 10, y(cost) + 4, anchor="end")]
    for size in sizes:
        parts += [_text(f"{size:,}", x(size), HEIGHT - BOTTOM + 20)]
    for line in lines:
        places = [(x(size), y(cost)) for size, cost in line.points]
        parts += [_path(places, line.colour, 2.5)]
        parts += [SVG.circle(cx=str(a), cy=str(b), r="4", fill=line.colour) for a, b in places]
        parts += [_text(line.name, WIDTH - RIGHT + 12, places[-1][1] + 4, anchor="start", colour=line.colour)]
    background = SVG.rect(width=str(WIDTH), height=str(HEIGHT), fill="white")
    drawing: etree._Element = SVG.svg(
        background, *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}", width=str(WIDTH), height=str(HEIGHT)
    )
    return drawing


def _text(
    text: str, x: float, y: float, *, size: int = 13, anchor: str = "middle", colour: str = "#222222"
) -> etree._Element:
    font = {"font-family": "sans-serif", "font-size": str(size), "text-anchor": anchor, "fill": colour}
    element: etree._Element = SVG.text(text, x=str(x), y=str(y), **font)
    return element


def _path(places: list[tuple[float, float]], colour: str, width: float) -> etree._Element:
    points = " ".join(f"{x},{y}" for x, y in places)
    element: etree._Element = SVG.polyline(points=points, fill="none", stroke=colour, **{"stroke-width": str(width)})
    return element


def main(
    figures: Annotated[Path, typer.Option(help="What make bench wrote.")] = PROJECT / "build" / "bench.json",
    folder: Annotated[Path, typer.Option(help="Where the pictures go.")] = PROJECT / "docs",
) -> None:
    """Draw the growth curves of the last `make bench`: of reading, of the catalogue, or of both."""
    if not figures.is_file():
        raise SystemExit(f"There is no {figures}: run make bench first.")
    rows = json.loads(figures.read_text("utf-8"))
    names = {row["name"] for row in rows}
    if names & {"read", "resend"}:
        drawn = chart(lines_of(rows), title="CPU microseconds a record, on one core", across="records in the message")
        _write(drawn, folder / "growth.svg")
    if "catalogue" in names:
        title = "milliseconds of a delta of 1,000 records, on two cores"
        drawn = chart(lines_of_catalogue(rows), title=title, across="titles in the catalogue", by_tens=True)
        _write(drawn, folder / "catalogue-growth.svg")


def _write(drawing: etree._Element, file: Path) -> None:
    file.write_bytes(etree.tostring(drawing, pretty_print=True, xml_declaration=True, encoding="utf-8"))


if __name__ == "__main__":
    typer.run(main)
