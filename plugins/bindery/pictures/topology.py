"""Outlines of countries from TopoJSON (https://github.com/topojson/topojson-specification)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

import pycountry

from bindery.home import PROJECT

FILE: Final = PROJECT / "include" / "maps" / "countries-110m.json"

Point = tuple[float, float]
"""Longitude and latitude, in degrees."""

Ring = Sequence[Point]

_HALF: Final = 180
_ROUND: Final = 360


class Outline(NamedTuple):
    """A country's land.

    Attributes:
        country: ISO 3166-1 alpha-2; empty for what ISO gives no code.
        name: As the map has it.
        rings: Closed lines; holes are rings too.
    """

    country: str
    name: str
    rings: tuple[Ring, ...]


@cache
def outlines() -> tuple[Outline, ...]:
    """Every outline of the map, in its order.

    What lies oversea and has a code of its own is told apart from the country the map puts it to: French Guiana from
    France, Svalbard from Norway.
    """
    topology = json.loads(FILE.read_text("utf-8"))
    arcs = [_points(arc, topology["transform"]) for arc in topology["arcs"]]
    found = []
    for one in topology["objects"]["countries"]["geometries"]:
        country = pycountry.countries.get(numeric=one["id"]) if "id" in one else None
        code = country.alpha_2 if country else ""
        parts: dict[str, list[Ring]] = {code: []}
        for polygon in _polygons(one):
            rings = [part for line in polygon for part in _cut(_ring(arcs, line))]
            parts.setdefault(_own_code(code, rings[0]), []).extend(rings)
        found += [Outline(part, one["properties"]["name"], tuple(rings)) for part, rings in parts.items() if rings]
    return tuple(found)


def _points(arc: Sequence[Sequence[int]], transform: dict[str, list[float]]) -> list[Point]:
    """An arc's points: each is told as the difference to the one before, in steps of the transform."""
    (width, height), (west, south) = transform["scale"], transform["translate"]
    steps = zip(accumulate(x for x, _ in arc), accumulate(y for _, y in arc), strict=True)
    return [(west + x * width, south + y * height) for x, y in steps]


def _polygons(geometry: dict[str, Any]) -> Iterator[Sequence[Sequence[int]]]:
    if geometry["type"] == "Polygon":
        yield geometry["arcs"]
    else:
        yield from geometry["arcs"]


def _ring(arcs: Sequence[Sequence[Point]], line: Sequence[int]) -> list[Point]:
    """A ring from its arcs: one with a negative number (its complement) is walked backwards; ends are shared."""
    ring: list[Point] = []
    for number in line:
        points = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += points[1:] if ring else points
    return ring


def _cut(ring: Ring) -> list[Ring]:
    """A ring that crosses the antimeridian as one ring on each side of it; any other as it is."""
    turns = 0
    unrolled = [ring[0]]
    for (before, _), (x, y) in pairwise(ring):
        turns += (x - before < -_HALF) - (x - before > _HALF)
        unrolled.append((x + _ROUND * turns, y))
    parts: list[Ring] = []
    for turn in (-1, 0, 1):
        shifted = [(x - _ROUND * turn, y) for x, y in unrolled]
        part = _side(_side(shifted, -_HALF, 1), _HALF, -1)
        if len(part) > 2:
            parts.append(part)
    return parts


def _side(ring: Ring, meridian: float, towards: int) -> list[Point]:
    """What of a ring is east (1) or west (-1) of a meridian, closed along it (Sutherland and Hodgman 1974)."""
    kept: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]] if ring else []):
        inside = [(x - meridian) * towards >= 0 for x in (x0, x1)]
        if inside[0]:
            kept.append((x0, y0))
        if inside[0] != inside[1]:
            kept.append((meridian, y0 + (y1 - y0) * (meridian - x0) / (x1 - x0)))
    return kept


def _own_code(code: str, ring: Ring) -> str:
    west, north = min(x for x, _ in ring), max(y for _, y in ring)
    if code == "FR" and west < -40:
        return "GF"
    if code == "NO" and north > 74:
        return "SJ"
    return code
