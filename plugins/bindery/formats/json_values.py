"""Values of a JSON object, by path."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import orjson

from bindery.catalogue.record import UnmappedElement
from bindery.formats.mapping import Mapping
from bindery.formats.paths import ITSELF, compiled, followed, keys_of, written
from bindery.formats.values import Problem, Values

_SMALLEST = -30
Parts = tuple[str | int, ...]


class JsonValues(Values):
    """One record's object, or an item of one of its lists."""

    def __init__(
        self,
        mapping: Mapping,
        node: Any,
        problems: list[Problem],
        *,
        parts: Parts = (),
        taken: set[Parts] | None = None,
    ) -> None:
        super().__init__(mapping, problems)
        self._node, self._parts = node, parts
        self._taken = set() if taken is None else taken

    def _matches(self, path: str) -> Iterator[tuple[Parts, Any]]:
        """Values at a path, items of lists one by one."""
        if path == ITSELF:
            yield from _items(self._parts, self._node)
        elif (keys := keys_of(path)) is not None:
            found = followed(keys, self._node)
            if found is not None:
                yield from _items((*self._parts, *found[0]), found[1])
        elif isinstance(self._node, dict | list):
            for match in compiled(path).finditer(self._node):
                yield from _items((*self._parts, *match.parts), match.value)

    def found(self, at: str) -> list[tuple[Hashable, str]]:
        """The scalars at a path."""
        said = ((parts, as_text(value)) for parts, value in self._matches(at))
        return [(parts, text) for parts, text in said if text]

    def take(self, key: Hashable) -> None:
        """Notes that a value was read."""
        self._taken.add(key)  # type: ignore[arg-type]  # keys are those that found() gave

    def each(self, path: str | None) -> Sequence[JsonValues]:
        """The items of a list, or the one value there is."""
        if path is None:
            return [self]
        return [
            JsonValues(self.mapping, value, self.problems, parts=parts, taken=self._taken)
            for parts, value in self._matches(path)
            if value is not None
        ]

    def where(self, at: str) -> str:
        """A path from the record on."""
        if not self._parts:
            return at
        return written(self._parts) if at == ITSELF else f"{written(self._parts)}.{at}"

    def unmapped(self) -> list[UnmappedElement]:
        """Values nobody read, by path."""
        counted = Counter(written(parts) for parts in _leaves(self._parts, self._node) if parts not in self._taken)
        return [{"path": path, "count": count} for path, count in sorted(counted.items())]


def parsed_json(raw: bytes) -> tuple[Any, list[str]]:
    """JSON as its values, with numbers to their last digit; and the keys that an object has twice.

    Raises:
        ValueError: It is no JSON in UTF-8, or nested too deep to be looked at.
    """
    # The strict one decides what is JSON: the other one lets through NaN, and halves of characters.
    orjson.loads(raw)
    doubled: list[str] = []

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            doubled.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return found

    try:
        return json.loads(raw, object_pairs_hook=as_object, parse_float=Decimal), doubled
    except RecursionError:
        message = "it is nested too deep"
        raise ValueError(message) from None


def _items(parts: Parts, value: Any) -> Iterator[tuple[Parts, Any]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield (*parts, number), item
    else:
        yield parts, value


def as_text(value: Any) -> str:
    """A scalar as a text; empty for null and for what is no scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        # Spelled out, a number such as 1e-999999999 would fill the memory.
        text = f"{value:f}" if value.adjusted() > _SMALLEST else str(value)
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value).strip() if isinstance(value, str | int) else ""


def _leaves(parts: Parts, value: Any) -> Iterator[Parts]:
    """Places of all scalars that say something. A stack and not recursion: depth is the sender's choice."""
    pending = [(parts, value)]
    while pending:
        at, one = pending.pop()
        if isinstance(one, dict):
            pending += [((*at, key), item) for key, item in one.items()]
        elif isinstance(one, list):
            pending += [((*at, number), item) for number, item in enumerate(one)]
        elif as_text(one):
            yield at
