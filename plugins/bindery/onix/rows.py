"""Elements of one kind, of many records at once, as the mapping sees them.

``Rows`` is what a single element is to a reader of one record: it has values, children, attributes; but each answer is
an Arrow array with a row for each element. Names are reference names, whatever the tag style. Every node that is asked
for is marked; what is left over at the end is what the record model has no place for (FEATURES P7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.record_schema import arrow_type
from bindery.onix import gather
from bindery.onix.names import Names
from bindery.onix.shred import LEAF

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

_NONE = np.empty(0, np.int32)


class Nodes:
    """The nodes of some records, found by path.

    Attributes:
        used: Whether the mapping asked for the node.
        row_of: The row of a node in the rows that are asked just now.
        first_node: Each record's first node, and the end.
    """

    def __init__(self, names: Names, data: Any, columns: tuple[Any, ...], first_node: npt.NDArray[np.int64]) -> None:
        """Takes what ``shred`` filled.

        Args:
            names: The message's names and paths.
            data: The bytes the nodes lie in, with eight zeros behind.
            columns: Path, parent, start and end of text, flags, each as long as there are nodes.
            first_node: Each record's first node, and the end.
        """
        self.names = names
        self.buf, self.words = np.frombuffer(data, np.uint8), gather.as_words(data)
        self.path, self.parent, self.start, self.end, self.flags = columns
        self.first_node = first_node
        self.used = np.zeros(len(self.path), np.bool_)
        self.row_of = np.full(len(self.path), -1, np.int32)
        order = np.argsort(self.path, kind="stable").astype(np.int32)
        counts = np.bincount(self.path, minlength=names.path_count + 1)
        self._by_path, self._bounds = order, np.concatenate(([0], np.cumsum(counts)))

    def of(self, path: int) -> Ints:
        """The nodes of a path, in document order."""
        return self._by_path[self._bounds[path] : self._bounds[path + 1]]

    def products(self, which: Bools | None = None) -> Rows:
        """The records themselves, or some of them."""
        first = self.first_node[:-1].astype(np.int32)
        chosen = first if which is None else first[which]
        self.used[chosen] = True
        paths = np.unique(self.path[chosen]).tolist()
        return Rows(self, chosen, np.arange(len(chosen), dtype=np.int32), len(chosen), paths)

    def texts(self, chosen: Ints) -> pa.Array:
        """Texts of nodes, null for -1."""
        return gather.texts(self.buf, self.words, chosen, self.start, self.end, self.flags)

    def unmapped(self) -> Ints:
        """Leaves that nobody asked for."""
        return np.flatnonzero(~self.used & (self.flags & LEAF).astype(np.bool_)).astype(np.int32)


class Rows:
    """Elements in document order.

    Attributes:
        nodes: The elements.
        above: For each, the row of ``count`` rows it belongs to.
        count: How many rows they were taken from.
    """

    def __init__(self, table: Nodes, nodes: Ints, above: Ints, count: int, paths: Sequence[int]) -> None:
        """``paths``: those the elements have, and perhaps others."""
        self.table, self.nodes, self.above, self.count, self._paths = table, nodes, above, count, paths
        self._numbers = np.arange(len(nodes), dtype=np.int32)

    def __len__(self) -> int:
        return len(self.nodes)

    def _below(self, names: tuple[str, ...]) -> Iterator[tuple[int, Ints, int]]:
        """The nodes at relative paths, such as ``Territory/CountriesIncluded``: path, nodes, and levels above them."""
        for base in self._paths:
            for name in names:
                path = self.table.names.below(base, name)
                if path is not None and len(nodes := self.table.of(path)):
                    yield path, nodes, name.count("/") + 1

    def _found(self, names: tuple[str, ...]) -> tuple[Ints, Ints, list[int]]:
        """Descendants by relative paths, the row each belongs to, and the paths they have."""
        found: list[tuple[Ints, Ints]] = []
        paths: list[int] = []
        for path, nodes, levels in self._below(names):
            rows = np.empty(len(nodes), np.int32)
            with self._row_of() as row_of:
                lowest = gather.rows_above(nodes, self.table.parent, row_of, levels, rows)
            if lowest < 0:
                keep = rows >= 0
                nodes, rows = nodes[keep], rows[keep]  # noqa: PLW2901 - the ones that are ours
            found.append((nodes, rows))
            paths.append(path)
        if len(found) == 1:
            return *found[0], paths
        if not found:
            return _NONE, _NONE, paths
        nodes, rows = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(nodes, kind="stable")
        return nodes[order], rows[order], paths

    @contextmanager
    def _row_of(self) -> Iterator[Ints]:
        """The row of each node of the table, -1 for none.

        All rows share one array, filled in for as long as it is asked: one each would be most of the memory there is.
        """
        row_of = self.table.row_of
        row_of[self.nodes] = self._numbers
        yield row_of
        row_of[self.nodes] = -1

    def _with_text(self, names: tuple[str, ...]) -> tuple[Ints, Ints]:
        nodes, rows, _ = self._found(names)
        if not len(nodes):
            return nodes, rows
        stated = self.table.end[nodes] > 0
        if not stated.all():
            self.table.used[nodes[~stated]] = True
            nodes, rows = nodes[stated], rows[stated]
        return nodes, rows

    def value(self, *names: str) -> pa.Array:
        """Text of the first descendant of these names that has any."""
        below = list(self._below(names))
        if not below:
            return pa.nulls(len(self.nodes), pa.string())
        chosen = np.full(len(self.nodes), -1, np.int32)
        table = self.table
        if len(below) == 1:
            _, nodes, levels = below[0]
            with self._row_of() as row_of:
                found = gather.choose(nodes, table.parent, row_of, levels, table.end, table.used, chosen)
            if not found:
                return pa.nulls(len(self.nodes), pa.string())
        else:
            nodes, rows = _firsts(*self._with_text(names))
            table.used[nodes] = True
            chosen[rows] = nodes
        return table.texts(chosen)

    def values(self, *names: str) -> pa.Array:
        """Lists of the texts of all descendants of these names, in document order."""
        nodes, rows = self._with_text(names)
        self.table.used[nodes] = True
        return self._lists(rows, self.table.texts(nodes))

    def words(self, *names: str) -> pa.Array:
        """Lists of the words of all descendants of these names: how ONIX lists codes."""
        nodes, rows = self._with_text(names)
        self.table.used[nodes] = True
        words, counts = gather.split_words(self.table.buf, nodes, self.table.start, self.table.end)
        return self._lists(np.repeat(rows, counts), words)

    def attribute(self, name: str) -> pa.Array:
        """An attribute's value; null where it is absent or empty."""
        return self.value(f"@{name}")

    def text(self) -> pa.Array:
        """The elements' own text, null where there is none; what is inside, as sent, where there is markup."""
        self.table.used[self.nodes] = True
        return self.table.texts(np.where(self.table.end[self.nodes] > 0, self.nodes, -1).astype(np.int32))

    def flag(self, name: str) -> pa.Array:
        """Whether a descendant of this name is there."""
        return pa.array(self.has(name))

    def has(self, *names: str) -> Bools:
        """Whether a descendant of any of these names is there; marks them."""
        nodes, rows, _ = self._found(names)
        self.table.used[nodes] = True
        there = np.zeros(len(self.nodes), np.bool_)
        there[rows] = True
        return there

    def there(self, *names: str) -> Bools:
        """Whether a descendant of any of these names is there; leaves it to others to ask for it."""
        _, rows, _ = self._found(names)
        there = np.zeros(len(self.nodes), np.bool_)
        there[rows] = True
        return there

    def among(self, name: str, having: str) -> Rows:
        """Descendants of a name that have a child of another; the others are left over."""
        nodes, rows, paths = self._found((name,))
        found = Rows(self.table, nodes, rows, len(self.nodes), paths)
        found = found.where(found.there(having))
        self.table.used[found.nodes] = True
        return found

    def all(self, *names: str) -> Rows:
        """Descendants of these names."""
        nodes, rows, paths = self._found(names)
        self.table.used[nodes] = True
        return Rows(self.table, nodes, rows, len(self.nodes), paths)

    def first(self, *names: str) -> Rows:
        """The first descendant of these names in each row that has any."""
        nodes, rows, paths = self._found(names)
        nodes, rows = _firsts(nodes, rows)
        self.table.used[nodes] = True
        return Rows(self.table, nodes, rows, len(self.nodes), paths)

    def leave(self, which: Bools, *names: str) -> None:
        """Leaves over what was asked for of some rows after all: all that is in them, or their descendants of names."""
        if not which.any():
            return
        used, parent = self.table.used, self.table.parent
        if names:
            nodes, rows, _ = self._found(names)
            used[nodes[which[rows]]] = False
            return
        for node in self.nodes[which].tolist():
            # Nodes are in document order, so what is in an element follows it without a break.
            used[node] = False
            inside = node + 1
            while inside < len(parent) and parent[inside] >= node:
                used[inside] = False
                inside += 1

    def either(self, *names: str) -> pa.Array:
        """The value of the first of these names that has one; those of the names behind it are left over."""
        found = self.value(names[0])
        for name in names[1:]:
            other = self.value(name)
            self.leave(np.asarray(found.is_valid()), name)
            found = pc.coalesce(found, other)
        return found

    def where(self, keep: Bools) -> Rows:
        """Some of the rows, still belonging to the same rows above."""
        if keep.all():
            return self
        return Rows(self.table, self.nodes[keep], self.above[keep], self.count, self._paths)

    def _lists(self, rows: Ints, values: pa.Array) -> pa.Array:
        return lists(rows, values, len(self.nodes))

    def listed(self, values: pa.Array) -> pa.Array:
        """A value for each of these rows as lists, one list for each row above."""
        return lists(self.above, values, self.count)

    def raised(self, values: pa.Array) -> pa.Array:
        """A value for each of these rows, which are at most one a row above, as a value for each row above."""
        if len(self.nodes) == self.count:
            return values
        place = np.full(self.count, -1, np.int64)
        place[self.above] = np.arange(len(self.nodes))
        return values.take(pa.array(place, mask=place < 0))


def _firsts(nodes: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """The first node of each row; rows are rising."""
    if len(rows) > 1:
        first = np.concatenate(([True], rows[1:] != rows[:-1]))
        if not first.all():
            return nodes[first], rows[first]
    return nodes, rows


def lists(rows: npt.NDArray[Any], values: pa.Array, count: int) -> pa.Array:
    """Values as lists: ``rows`` names the list of each value, rising."""
    offsets = np.zeros(count + 1, np.int32)
    if len(rows):
        np.cumsum(np.bincount(rows, minlength=count), out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def struct(model: Any, *, where: Bools | None = None, **fields: pa.Array) -> pa.Array:
    """Fields as structs of a part of the record model, in its order and types.

    Args:
        model: A typed dictionary of ``catalogue.record``.
        where: Rows that are there; the others are null.
        fields: An array for each of its fields.
    """
    kind = arrow_type(model)
    if fields.keys() != {field.name for field in kind}:
        message = f"{model.__name__} is made of other fields than {sorted(fields)}"
        raise TypeError(message)
    columns = [_as(fields[field.name], field.type) for field in kind]
    mask = None if where is None or where.all() else pa.array(~where)
    return pa.StructArray.from_arrays(columns, fields=list(kind), mask=mask)


def _as(array: pa.Array, kind: pa.DataType) -> pa.Array:
    return array if array.type == kind else array.cast(kind)


def constant(value: str | None, count: int) -> pa.Array:
    """The same text in each row."""
    return pa.nulls(count, pa.string()) if value is None else pa.repeat(pa.scalar(value, pa.string()), count)


def empty_lists(count: int, kind: pa.DataType) -> pa.Array:
    """Lists with nothing in them."""
    return pa.ListArray.from_arrays(pa.array(np.zeros(count + 1, np.int32)), pa.array([], kind))


def joined_lists(parts: Iterable[tuple[npt.NDArray[Any], pa.Array]], count: int) -> pa.Array:
    """Several sources of values in one list a row: each source's own order, one source after the other."""
    stated = [(rows, values) for rows, values in parts if len(rows)]
    if len(stated) == 1:
        return lists(*stated[0], count)
    if not stated:
        return lists(_NONE, next(iter(parts))[1], count)
    rows = np.concatenate([one[0] for one in stated])
    order = np.argsort(rows, kind="stable")
    return lists(rows[order], pa.concat_arrays([one[1] for one in stated]).take(pa.array(order)), count)


def joined(*parts: pa.Array) -> pa.Array:
    """Texts of several columns with a space between, of those that are stated; null where none is."""
    whole = parts[0]
    for part in parts[1:]:
        # Not by null_handling="skip", which leaves out rows where every part is null (pyarrow 26).
        whole = pc.coalesce(pc.binary_join_element_wise(whole, part, " "), whole, part)
    return whole
