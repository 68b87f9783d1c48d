"""What pure functions say of rows, asked once for rows that are alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa

from bindery.catalogue.canonical import canonical_rows
from bindery.catalogue.columns import Index

T = TypeVar("T")

_REMEMBERED = 20_000


def codes_of(columns: Sequence[pa.Array]) -> tuple[Index, list[bytes]]:
    """A number for each row, the same for equal rows, from 0 in the order they appear; and what each stands for."""
    keys = pa.chunked_array([*canonical_rows(columns)], pa.large_binary()).combine_chunks().dictionary_encode()
    return keys.indices.to_numpy().astype(np.int64), keys.dictionary.to_pylist()


class Distinct(Generic[T]):
    """A pure function of a row's values, for whole columns.

    Senders repeat a few thousand statements in a hundred thousand records, so what it said of one is remembered from
    table to table.
    """

    def __init__(self, function: Callable[..., T]) -> None:
        """Remembers for a function.

        Args:
            function: Takes the values of a row, in the order of the columns.
        """
        self._function = function
        self._known: dict[bytes, T] = {}

    def __call__(self, *columns: pa.Array) -> tuple[list[T], Index]:
        """What it says of each row: the distinct answers, and which of them is a row's."""
        codes, stated = codes_of(columns)
        known = self._known
        new = [code for code, key in enumerate(stated) if key not in known]
        if new:
            if len(known) > _REMEMBERED:
                known = self._known = {key: known[key] for key in stated if key in known}
            places = np.empty(len(stated), np.int64)
            places[codes[::-1]] = np.arange(len(codes))[::-1]
            rows = zip(*(column.take(pa.array(places[new])).to_pylist() for column in columns), strict=True)
            for code, row in zip(new, rows, strict=True):
                known[stated[code]] = self._function(*row)
        return [known[key] for key in stated], codes


def spread(answers: list[Any], codes: Index, kind: pa.DataType) -> pa.Array:
    """Answers as a column: each row has its own."""
    return pa.array(answers, kind).take(pa.array(codes))
