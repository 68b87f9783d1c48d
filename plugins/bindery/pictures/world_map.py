"""A map of the world coloured by where a title is offered: one SVG that needs nothing else, in light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Final, Literal, NamedTuple, get_args

import pycountry

from bindery.pictures.topology import Outline, Point, Ring, outlines

State = Literal["open", "later", "over", "closed"]
"""Offered; not yet; no more; not at all."""

STATES: Final[tuple[State, ...]] = get_args(State)
WORDS: Final[dict[State, str]] = {
    "open": "open",
    "later": "opens later",
    "over": "over",
    "closed": "not offered",
}


class Coloured(NamedTuple):
    """A country on the map: its state, and what is told of it where one points at it."""

    state: State
    text: str


_WIDTH: Final = 1000
_MARGIN: Final = 20
_HEADER: Final = 74
_SOUTH: Final = -58.0
"""The map ends north of Antarctica, which is among the dots."""
_DOTS_IN_ROW: Final = 25
_DOT_ROW: Final = 34
_STEP: Final = 2.5
"""Degrees between the points of a long line, so that it bends as the map does."""

_STYLE: Final = """
.sea{fill:#eef3f7}.line{fill:none;stroke:#dbe4ec;stroke-width:.6}
.land path,.land circle{stroke:#fff;stroke-width:.55;stroke-linejoin:round}
.open{fill:#0f8b7a}.later{fill:#f2b134}.over{fill:#8d77b8}.closed{fill:#c9d1d9}.none{fill:#dfe5ea}
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1d2733}
.page{fill:#fff}.head{font-size:20px;font-weight:650}.sub,.key{font-size:13px;fill:#51606f}
.code{font-size:9.5px;fill:#51606f;text-anchor:middle}.land :hover{opacity:.75}
@media (prefers-color-scheme:dark){
.page{fill:#12181f}.sea{fill:#182129}.line{stroke:#232f3a}.land path,.land circle{stroke:#12181f}
.open{fill:#2fb8a3}.later{fill:#f0b848}.over{fill:#9a84c9}.closed{fill:#3f4b57}.none{fill:#2a343e}
text{fill:#e8edf2}.sub,.key,.code{fill:#9fb0c0}}
""".replace("\n", "")


def world_map(countries: Mapping[str, Coloured], *, heading: str, below: str) -> str:
    """The map.

    Args:
        countries: Every country by ISO 3166-1 alpha-2; one that is left out is not offered.
        heading: What the map shows, in a line.
        below: A second line, smaller.

    Returns:
        A document of SVG 1.1. Countries too small for the map are dots below it.
    """
    drawn = [one for one in outlines() if one.country != "AQ"]
    on_map = {one.country for one in drawn}
    dots = sorted(country.alpha_2 for country in pycountry.countries if country.alpha_2 not in on_map)
    bottom = _HEADER + _place((0, _SOUTH))[1]
    dots_at = bottom + 58
    height = round(dots_at + math.ceil(len(dots) / _DOTS_IN_ROW) * _DOT_ROW + 4)
    land = [
        _tooltip(f'<path class="{_class(countries, one.country)}" d="{_path(one.rings)}"/>', _told(countries, one))
        for one in drawn
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-labelledby="heading below"><title id="heading">{escape(heading)}</title>'
        f'<desc id="below">{escape(below)}</desc><style>{_STYLE}</style>'
        f'<rect class="page" width="{_WIDTH}" height="{height}" rx="8"/>'
        f'<text class="head" x="{_MARGIN}" y="34">{escape(heading)}</text>'
        f'<text class="sub" x="{_MARGIN}" y="56">{escape(below)}</text>'
        f'<g transform="translate(0 {_HEADER})"><path class="sea" d="{_path([_frame()])}"/>'
        f'<path class="line" d="{_lines()}"/><g class="land">{"".join(land)}</g></g>'
        f'<g transform="translate({_MARGIN} {bottom + 24:.0f})">{"".join(_legend(countries))}</g>'
        f'<g class="land" transform="translate({_MARGIN} {dots_at:.0f})">{"".join(_dots(countries, dots))}</g>'
        "</svg>\n"
    )


def _class(countries: Mapping[str, Coloured], country: str) -> str:
    if not country:
        return "none"
    return countries[country].state if country in countries else "closed"


def _told(countries: Mapping[str, Coloured], one: Outline) -> str:
    return _text(countries, one.country) if one.country else f"{one.name}: no country of ISO 3166-1"


def _text(countries: Mapping[str, Coloured], country: str) -> str:
    found = pycountry.countries.get(alpha_2=country)
    name = getattr(found, "common_name", None) or getattr(found, "name", country)
    state, text = countries.get(country, Coloured("closed", ""))
    told = f": {text}" if text else ""
    return f"{name} ({country}), {WORDS[state]}{told}"


def _tooltip(element: str, text: str) -> str:
    tag = element[1 : element.index(" ")]
    return f"{element[:-2]}><title>{escape(text, quote=False)}</title></{tag}>"


def _legend(countries: Mapping[str, Coloured]) -> Iterator[str]:
    counts = dict.fromkeys(STATES, 0)
    for country in pycountry.countries:
        counts[countries[country.alpha_2].state if country.alpha_2 in countries else "closed"] += 1
    across = 0
    for state in STATES:
        text = f"{WORDS[state]} ({counts[state]})"
        yield f'<rect class="{state}" x="{across}" y="-10" width="12" height="12" rx="3"/>'
        yield f'<text class="key" x="{across + 18}" y="1">{text}</text>'
        across += 40 + round(7.2 * len(text))


def _dots(countries: Mapping[str, Coloured], dots: Sequence[str]) -> Iterator[str]:
    apart = (_WIDTH - 2 * _MARGIN) / _DOTS_IN_ROW
    for number, country in enumerate(dots):
        x, y = (number % _DOTS_IN_ROW + 0.5) * apart, number // _DOTS_IN_ROW * _DOT_ROW
        circle = f'<circle class="{_class(countries, country)}" cx="{x:.1f}" cy="{y}" r="6"/>'
        yield _tooltip(circle, _text(countries, country))
        yield f'<text class="code" x="{x:.1f}" y="{y + 17}">{country}</text>'


# The Equal Earth projection (Savric, Patterson, Jenny 2018): areas are true, and the poles are lines.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M: Final = math.sqrt(3) / 2


def _equal_earth(point: Point) -> Point:
    longitude, latitude = math.radians(point[0]), math.radians(point[1])
    angle = math.asin(_M * math.sin(latitude))
    square = angle * angle
    sixth = square**3
    x = longitude * math.cos(angle) / (_M * (_A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)))
    return x, angle * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


_SCALE: Final = (_WIDTH - 2 * _MARGIN) / (2 * _equal_earth((180, 0))[0])
_NORTH: Final = _equal_earth((0, 84))[1]


def _place(point: Point) -> Point:
    x, y = _equal_earth(point)
    return _WIDTH / 2 + x * _SCALE, (_NORTH - y) * _SCALE


def _bent(line: Ring) -> Iterator[Point]:
    """A line with points in between where it is long, because a straight line of degrees is none on the map."""
    yield line[0]
    for (x0, y0), (x1, y1) in pairwise(line):
        parts = max(1, math.ceil(max(abs(x1 - x0), abs(y1 - y0)) / _STEP))
        for part in range(1, parts + 1):
            yield x0 + (x1 - x0) * part / parts, y0 + (y1 - y0) * part / parts


def _path(rings: Iterable[Ring]) -> str:
    return "".join(f"M{_drawn(ring)}Z" for ring in rings)


def _drawn(line: Ring) -> str:
    """Points as SVG has them, to a tenth; one that falls on the point before is left out."""
    found: list[str] = []
    for point in _bent(line):
        x, y = _place(point)
        text = f"{x:.1f} {y:.1f}"
        if not found or found[-1] != text:
            found.append(text)
    return "L".join(found)


def _frame() -> list[Point]:
    return [(-180, 84), (180, 84), (180, _SOUTH), (-180, _SOUTH), (-180, 84)]


def _lines() -> str:
    """Every thirtieth meridian and parallel."""
    meridians = [[(float(at), _SOUTH), (float(at), 84.0)] for at in range(-150, 180, 30)]
    parallels = [[(-180.0, float(at)), (180.0, float(at))] for at in (-30, 0, 30, 60)]
    return "".join(f"M{_drawn(line)}" for line in (*meridians, *parallels))
