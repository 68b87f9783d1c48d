"""Names and paths of a message, by number, as ``shred`` meets them."""

from __future__ import annotations

import json
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


class Names:
    """The tables ``shred`` reads and fills, and what they say.

    Attributes:
        styles: How many elements were met in which style.
    """

    def __init__(self) -> None:
        self._keys, self._numbers = np.zeros(1 << 13, np.uint64), np.full(1 << 13, -1, np.int32)
        self._blob = np.zeros(MOST_NAMES * 40, np.uint8)
        self._bounds, self._count = np.zeros(MOST_NAMES + 1, np.int32), np.zeros(1, np.int64)
        self._same_as, self._style = np.arange(MOST_NAMES, dtype=np.int32), np.zeros(MOST_NAMES, np.uint8)
        self._path_keys, self._path_numbers = np.zeros(1 << 15, np.uint64), np.full(1 << 15, -1, np.int32)
        self._parents, self._last_names = np.zeros(MOST_PATHS, np.int32), np.zeros(MOST_PATHS, np.int32)
        self._path_count, self._in_markup = np.ones(1, np.int64), np.zeros(MOST_NAMES, np.bool_)
        self.styles = np.zeros(3, np.int64)
        blob_words = as_words(self._blob)
        self._tables = (self._keys, self._numbers, self._blob, blob_words, self._bounds, self._count)
        self._numbered: dict[str, int] = {}
        self._children: dict[tuple[int, str], int] = {}
        self._known_paths = 1
        self._learn()

    def _learn(self) -> None:
        """Numbers every name of ONIX and the attributes we read, so that they need no check when they are met."""
        tags = short_tags()
        for name in sorted(set(tags.values())):
            self._style[self._learn_one(name)] = shred.REFERENCE
        for tag, name in tags.items():
            number = self._learn_one(tag)
            self._same_as[number], self._style[number] = self._numbered[name], shred.SHORT
        for name in MARKUP_HOLDERS:
            self._in_markup[self._numbered[name]] = True

    def _learn_one(self, name: str) -> int:
        data = np.frombuffer(name.encode() + bytes(8), np.uint8)
        number = int(shred.learn(data, as_words(data), len(name), self._tables, self._style))
        if number < 0:
            message = f"the key of {name} is that of another name"
            raise RuntimeError(message)
        self._numbered[name] = number
        return number

    @property
    def path_count(self) -> int:
        """How many paths there are."""
        return int(self._path_count[0])

    def name(self, number: int) -> str:
        """A name by its number; an attribute's begins with ``@``."""
        name = bytes(self._blob[self._bounds[number] : self._bounds[number + 1]]).decode()
        return f"@{name}" if self._style[number] == shred.ATTRIBUTE else name

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

    def shred(self, data: Any, starts: Any, ends: Any) -> tuple[tuple[Any, ...], Any, Any]:
        """Reads records into nodes.

        Args:
            data: Bytes, with eight zeros behind them.
            starts: Where records begin.
            ends: Where they end.

        Returns:
            Columns of nodes, each record's first node and the end, and which records are odd.
        """
        size = int((ends - starts).sum()) // 4 + 1
        kinds = (np.int16, np.int32, np.int32, np.int32, np.uint8)
        columns: tuple[Any, ...] = tuple(np.empty(size, kind) for kind in kinds)
        first_node, odd = np.empty(len(starts) + 1, np.int64), np.empty(len(starts), np.bool_)
        paths = (self._path_keys, self._path_numbers, self._parents, self._last_names, self._path_count)
        made = shred.shred(
            np.frombuffer(data, np.uint8),
            as_words(data),
            starts,
            ends,
            self._tables,
            self._same_as,
            self._style,
            paths,
            self._in_markup,
            columns,
            (first_node, odd, self.styles),
        )
        return tuple(column[:made] for column in columns), first_node, odd
