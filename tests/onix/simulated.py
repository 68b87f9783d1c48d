"""Valid messages to damage: of the simulator, in every release and tag style."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product as pairs

from tests.onix.reading import shortened
from tests.simulator import onix3, onix21
from tests.simulator.onix3 import Header
from tests.simulator.timeline import SUPPLIERS
from tests.simulator.titles import make_title

KINDS = tuple(pairs(("2.1", "3.0", "3.1"), ("reference", "short")))
"""Releases and tag styles."""


def simulated(release: str, style: str, *, titles: int, seed: int = 1) -> bytes:
    """A whole message; the same for the same seed."""
    header = Header("House", datetime(2026, 3, 1, tzinfo=UTC), 1)
    house = SUPPLIERS["harbour" if release == "2.1" else "northwind"].house
    dialect = onix21 if release == "2.1" else onix3
    records = [dialect.record(make_title(seed, house, index)) for index in range(titles)]
    if release == "2.1":
        opening = onix21.opening(header)
    else:
        opening = onix3.opening(header, release="3.0").replace("3.0", release)
    text = opening + "".join(records) + "</ONIXMessage>\n"
    return (shortened(text) if style == "short" else text).encode()
