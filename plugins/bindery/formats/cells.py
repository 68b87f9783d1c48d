"""Cells of a sheet's row, by heading."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence

from bindery.catalogue.record import UnmappedElement
from bindery.formats.mapping import ColumnMapping
from bindery.formats.places import Place
from bindery.formats.rows import folded
from bindery.formats.values import Values
from bindery.trade.texts import is_placeholder

_STARTS = frozenset("=+-@")
_NUMBER = re.compile(r"[+-]?[\d.,\s]+%?")
_QUOTED_TEXT = re.compile(r'="[^"]*"')


class Cells(Values):
    """One row.

    Args:
        mapping: How it is read.
        places: Place of each heading, folded. A second column of the same heading, or one without, has a name of its
            own, which no mapping can have.
        row: The row's cells.
    """

    def __init__(self, mapping: ColumnMapping, places: Mapping[str, int], row: Sequence[str]) -> None:
        super().__init__(mapping, [])
        self._places, self._row = places, row
        self._taken: set[str] = set()

    def found(self, at: str) -> list[tuple[Hashable, str]]:
        """The cell under a heading."""
        heading = folded(at)
        place = self._places.get(heading)
        text = self._row[place] if place is not None and place < len(self._row) else ""
        return [(heading, text)] if text else []

    def texts(self, place: Place | None) -> list[str]:
        """The text at a place: what ``Values`` does, for one cell at most."""
        if place is None:
            return []
        for at in place.at:
            heading = folded(at)
            column = self._places.get(heading)
            if column is None or column >= len(self._row) or not self._row[column]:
                continue
            text = place.taken(self._row[column])
            if text is not None:
                self._taken.add(heading)
                if text:
                    return [text]
        return [place.value] if place.value else []

    def take(self, key: Hashable) -> None:
        """Notes that a cell was read."""
        self._taken.add(str(key))

    def each(self, path: str | None) -> Sequence[Cells]:  # noqa: ARG002 - no mapping of a sheet names one
        """The row itself: a sheet has no lists."""
        return [self]

    def where(self, at: str) -> str:
        """A column."""
        return f"column:{at}"

    def unmapped(self) -> list[UnmappedElement]:
        """Cells nobody read, by heading."""
        left = [
            heading
            for heading, place in self._places.items()
            if heading not in self._taken and place < len(self._row) and self._row[place]
        ]
        return [{"path": f"column:{heading}", "count": 1} for heading in sorted(left)]

    def formulas(self) -> list[str]:
        """Headings of cells that a spreadsheet program would run as formulas, though here they are data."""
        return [
            heading
            for heading, place in self._places.items()
            if place < len(self._row) and self._row[place][:1] in _STARTS and is_formula(self._row[place])
        ]


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program would run a cell's text: ``=cmd|…``, ``@SUM(…)``, ``+…``, ``-…``.

    Numbers are none, nor are dashes that stand for nothing, a dash and a space before words, or ``="978…"``, which only
    keeps digits from becoming a number.
    """
    if text[:1] not in _STARTS or _NUMBER.fullmatch(text) or _QUOTED_TEXT.fullmatch(text):
        return False
    return not is_placeholder(text) and not text.startswith("- ")
