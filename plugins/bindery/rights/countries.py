"""Sets of countries as bits of one number, because what is said of a title is compared set by set."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from bindery.trade.territories import world

Mask = int
"""Bit ``i`` is the i-th country of ``ordered()``."""


@cache
def ordered() -> tuple[str, ...]:
    """Every country, sorted."""
    return tuple(sorted(world()))


@cache
def _bits() -> dict[str, Mask]:
    return {country: 1 << place for place, country in enumerate(ordered())}


@cache
def everywhere() -> Mask:
    """All countries."""
    return (1 << len(ordered())) - 1


def bit(country: str) -> Mask:
    """The set of one country.

    Raises:
        KeyError: It is no ISO 3166-1 alpha-2 code.
    """
    return _bits()[country]


def mask(countries: Iterable[str]) -> Mask:
    """A set of countries."""
    bits = _bits()
    found = 0
    for country in countries:
        found |= bits[country]
    return found


@lru_cache(maxsize=50_000)
def countries_of(mask: Mask) -> tuple[str, ...]:
    """The countries of a set, sorted."""
    return tuple(country for country, one in _bits().items() if one & mask)


def one_of(mask: Mask) -> str:
    """The first country of a set that has any."""
    return ordered()[(mask & -mask).bit_length() - 1]


@lru_cache(maxsize=100_000)
def cells(sets: tuple[Mask, ...]) -> tuple[Mask, ...]:
    """The world cut along the borders of some sets: countries of a cell are inside the same sets. The largest first."""
    found = [everywhere()]
    for one in sets:
        cut = []
        for cell in found:
            inside = cell & one
            outside = cell & ~one
            cut += [part for part in (inside, outside) if part]
        found = cut
    return tuple(sorted(found, key=lambda cell: (-cell.bit_count(), countries_of(cell)[0])))
