"""``python -m tests.bench.chart``: the growth curve of ``build/bench.json``, as ``docs/growth.svg``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from lxml import etree
from lxml.builder import ElementMaker

from bindery.home import PROJECT

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 420, 90, 190, 60, 60
SVG = ElementMaker(namespace="http://www.w3.org/2000/svg", nsmap={None: "http://www.w3.org/2000/svg"})


class Line(NamedTuple):
    """A curve: points of records and CPU microseconds a record."""

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


def chart(lines: list[Line]) -> etree._Element:
    """Microseconds a record over records: a level line is linear growth."""
    across = max(size for line in lines for size, _ in line.points)
    top = max(cost for line in lines for _, cost in line.points) * 1.1

    def x(size: float) -> float:
        return round(LEFT + size / across * (WIDTH - LEFT - RIGHT), 1)

    def y(cost: float) -> float:
        return round(HEIGHT - BOTTOM - cost / top * (HEIGHT - TOP - BOTTOM), 1)

    parts = [
        _text("CPU microseconds a record, on one core", WIDTH / 2, 28, size=16),
        _text("records in the message", x(across / 2), HEIGHT - 16),
    ]
    step = next(step for step in (5, 10, 20, 25, 50, 100, 200, 500, 1000, 5000) if top / step <= 8)
    for cost in range(0, int(top) + 1, step):
        parts += [_path([(LEFT, y(cost)), (WIDTH - RIGHT, y(cost))], "#dddddd", 1)]
        parts += [_text(str(cost), LEFT - 10, y(cost) + 4, anchor="end")]
    for size in sorted({size for line in lines for size, _ in line.points}):
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
    output: Annotated[Path, typer.Option(help="Where the picture goes.")] = PROJECT / "docs" / "growth.svg",
) -> None:
    """Draw the growth curve of the last whole `make bench`."""
    if not figures.is_file():
        raise SystemExit(f"There is no {figures}: run make bench first.")
    drawing = chart(lines_of(json.loads(figures.read_text("utf-8"))))
    output.write_bytes(etree.tostring(drawing, pretty_print=True, xml_declaration=True, encoding="utf-8"))


if __name__ == "__main__":
    typer.run(main)
