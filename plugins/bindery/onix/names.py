"""Names and paths of a message, by number, as ``shred`` meets them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from bindery.home import PROJECT
from bindery.onix import shred
from bindery.onix.gather import as_words

MOST_NAMES, MOST_PATHS = 4_000, 16_000
"""ONIX 2.1, 3.0 and 3.1 together have about 900 names in two styles. A message with more is made to exhaust us."""

MARKUP_HOLDERS = ("Text", "BiographicalNote", "Annotation", "MainDescription")
"""Elements whose content is text even where it is XHTML, in the same names in both styles."""


@cache
def short_tags() -> dict[str, str]:
    """Reference name by short tag, of ONIX 2.1, 3.0 and 3.1 together.

    The two are one to one in every release; across releases one short tag changed its reference name (b376), where the
    newest name is kept (source: ``shortname`` and ``refname`` in the EDItEUR schemas).
    """
    return dict(json.loads((PROJECT / "include" / "codelists" / "short_tags.json").read_text("utf-8")))


@dataclass(frozen=True)
class _Spellings:
    """Names by number: every spelling has one, and knows the reference name's.

    Attributes:
        tables: Keys, numbers, the names' bytes, these as words, where each begins, how many there are.
        same_as: A reference name's number by a spelling's.
        style: What a spelling tells of the style of a message.
        in_markup: Reference names whose elements are text.
    """

    tables: tuple[Any, ...]
    same_as: Any
    style: Any
    in_markup: Any

    @classmethod
    def none(cls) -> _Spellings:
        """No names."""
        blob = np.zeros(MOST_NAMES * 40, np.uint8)
        keys, numbers = np.zeros(1 << 13, np.uint64), np.full(1 << 13, -1, np.int32)
        tables = (keys, numbers, blob, as_words(blob), np.zeros(MOST_NAMES + 1, np.int32), np.zeros(1, np.int64))
        same_as, style = np.arange(MOST_NAMES, dtype=np.int32), np.zeros(MOST_NAMES, np.uint8)
        return cls(tables, same_as, style, np.zeros(MOST_NAMES, np.bool_))

    def copy(self) -> _Spellings:
        """The same, to add a message's own names to."""
        keys, numbers, blob, _, bounds, count = (column.copy() for column in self.tables)
        tables = (keys, numbers, blob, as_words(blob), bounds, count)
        return _Spellings(tables, self.same_as.copy(), self.style.copy(), self.in_markup)

    def learn(self, name: str) -> int:
        """Numbers a name."""
        data = np.frombuffer(name.encode() + bytes(8), np.uint8)
        number = int(shred.learn(data, as_words(data), len(name), self.tables, self.style))
        if number < 0:
            message = f"the key of {name} is that of another name"
            raise RuntimeError(message)
        return number


@cache
def _onix() -> _Spellings:
    """Every name of ONIX."""
    spellings, tags = _Spellings.none(), short_tags()
    numbered = {name: spellings.learn(name) for name in sorted(set(tags.values()))}
    spellings.style[list(numbered.values())] = shred.REFERENCE
    for tag, name in tags.items():
        number = spellings.learn(tag)
        spellings.same_as[number], spellings.style[number] = numbered[name], shred.SHORT
    spellings.in_markup[[numbered[name] for name in MARKUP_HOLDERS]] = True
    return spellings


class Names:
    """A message's names and paths by number, for ``shred`` to fill, and what they say.

    Attributes:
        styles: How many elements were met in which style.
    """

    def __init__(self) -> None:
        self._spellings = _onix().copy()
        self._parents, self._last_names = np.zeros(MOST_PATHS, np.int32), np.zeros(MOST_PATHS, np.int32)
        self._path_count = np.ones(1, np.int64)
        keys, numbers = np.zeros(1 << 15, np.uint64), np.full(1 << 15, -1, np.int32)
        self._paths = (keys, numbers, self._parents, self._last_names, self._path_count)
        self.styles = np.zeros(3, np.int64)
        self._columns: tuple[Any, ...] = (np.empty(0, np.int16),)
        rooms = (shred.DEPTH, shred.DEPTH, shred.DEPTH, shred.MOST_ATTRIBUTES)
        self._scratch = tuple(np.empty(room, np.int64) for room in rooms)
        self._children: dict[tuple[int, str], int] = {}
        self._known_paths = 1

    @property
    def path_count(self) -> int:
        """How many paths there are."""
        return int(self._path_count[0])

    def name(self, number: int) -> str:
        """A name by its number; an attribute's begins with ``@``."""
        _, _, blob, _, bounds, _ = self._spellings.tables
        name = bytes(blob[bounds[number] : bounds[number + 1]]).decode()
        return f"@{name}" if self._spellings.style[number] == shred.ATTRIBUTE else name

    def path(self, number: int) -> str:
        """A path by its number, from the record on."""
        parts: list[str] = []
        while number:
            parts.append(self.name(int(self._last_names[number])))
            number = int(self._parents[number])
        return "/".join(reversed(parts))

    def below(self, base: int, relative: str) -> int | None:
        """The path of a descendant, such as ``Territory/CountriesIncluded``; None where no record has it yet."""
        self._take_up()
        for step in relative.split("/"):
            found = self._children.get((base, step))
            if found is None:
                return None
            base = found
        return base

    def _take_up(self) -> None:
        for number in range(self._known_paths, self.path_count):
            self._children[int(self._parents[number]), self.name(int(self._last_names[number]))] = number
        self._known_paths = self.path_count

    def _room_for(self, nodes: int) -> tuple[Any, ...]:
        """Columns for as many nodes, the same ones again where they are long enough: new pages cost time."""
        if len(self._columns[0]) < nodes:
            kinds = (np.int16, np.int32, np.int32, np.int32, np.uint8)
            self._columns = tuple(np.empty(nodes, kind) for kind in kinds)
        return self._columns

    def shred(self, data: Any, starts: Any, ends: Any) -> tuple[tuple[Any, ...], Any, Any]:
        """Reads records into nodes.

        Args:
            data: Bytes, with eight zeros behind them.
            starts: Where records begin.
            ends: Where they end.

        Returns:
            Columns of nodes, each record's first node and the end, and which records are odd. The columns are good
            until the next records are read.
        """
        columns = self._room_for(int((ends - starts).sum()) // 4 + 1)
        first_node, odd = np.empty(len(starts) + 1, np.int64), np.empty(len(starts), np.bool_)
        names = self._spellings
        made = shred.shred(
            np.frombuffer(data, np.uint8),
            as_words(data),
            starts,
            ends,
            names.tables,
            names.same_as,
            names.style,
            self._paths,
            names.in_markup,
            columns,
            (first_node, odd, self.styles),
            self._scratch,
        )
        return tuple(column[:made] for column in columns), first_node, odd
