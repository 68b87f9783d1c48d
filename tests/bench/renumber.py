"""Copies of records under other numbers: what a record is known by is new in each, all else stays as it was read.

A million records can't be written and read within minutes, a few thousand can. So these are multiplied, by columns,
in what the reader makes of a message; facts and content hashes are then derived from the copies by the real code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.record_schema import READ_SCHEMA

Numbers = npt.NDArray[np.int64]

PRINTED: Final = 5_000_000
"""The simulator's number of a title's printed book, counted from the title's."""

_SYLLABLES: Final = pa.array([consonant + vowel for consonant in "bcdfghjklmnprstvwyzq" for vowel in "aeiou"])
_SPACE, _NOTHING = pa.scalar(" "), pa.scalar("")
_ISNI: Final = "16"


@dataclass(frozen=True)
class Names:
    """What the titles of some numbers are known by, a row a title.

    Attributes:
        isbn: ISBN-13 of the recording.
        printed: ISBN-13 of the printed book.
        work: The sender's own number of the work.
    """

    isbn: pa.Array
    printed: pa.Array
    work: pa.Array


def names(house: str, isbn_prefix: str, numbers: Numbers) -> Names:
    """What titles of a house are known by, as the simulator numbers them."""
    printed = _isbns(isbn_prefix, numbers + PRINTED)
    return Names(_isbns(isbn_prefix, numbers), printed, _numbered(f"{house[:2].upper()}W", numbers))


def references(house: str, numbers: Numbers) -> pa.Array:
    """Record references, as the simulator writes them."""
    return _numbered(f"{house}.example.", numbers)


def words(numbers: Numbers) -> pa.Array:
    """A made-up word for each number below a hundred million; those of neighbours have little in common."""
    spread = numbers * 31_415_927 % 100**4
    parts = [_SYLLABLES.take(pa.array(spread // 100**place % 100)) for place in range(4)]
    return pc.binary_join_element_wise(pc.utf8_capitalize(parts[0]), *parts[1:], _NOTHING)


def copies(
    read: pa.Table, rows: Numbers, *, reference: pa.Array, was: Names, now: Names, numbers: Numbers, families: Numbers
) -> pa.Table:
    """Copies of records that were read, each under its own number.

    Titles differ by a word, people by part of their names, descriptions by a sentence: none is a copy of another, and
    what is stored of a million is not what is stored of a few thousand.

    Args:
        read: Records, a table of ``READ_SCHEMA``.
        rows: Which row each copy is of.
        reference: Record reference of each copy.
        was: What each row of ``read`` is known by.
        now: What each copy is known by.
        numbers: The copies' numbers; their titles' words are of these.
        families: Numbers that their people's names are of.

    Returns:
        A table of ``READ_SCHEMA``, its positions from 0.
    """
    taken = read.take(pa.array(rows)).combine_chunks()
    old = Names(*(column.take(pa.array(rows)) for column in (was.isbn, was.printed, was.work)))
    word, family = words(numbers), words(families)

    def identifier(array: pa.StructArray, of: pa.Array) -> pa.StructArray:
        value = array.field("value")
        for before, after in zip((old.isbn, old.printed, old.work), (now.isbn, now.printed, now.work), strict=True):
            value = pc.if_else(pc.equal(value, before.take(of)), after.take(of), value)
        return _with(array, value=value)

    def isni(array: pa.StructArray, of: pa.Array) -> pa.StructArray:
        changed = _isnis(array.field("value"), families[np.asarray(of)])
        return _with(array, value=pc.if_else(pc.equal(array.field("type"), _ISNI), changed, array.field("value")))

    def title(array: pa.StructArray, of: pa.Array) -> pa.StructArray:
        fields = {name: _joined(array.field(name), word.take(of), _SPACE) for name in ("text", "without_prefix")}
        return _with(array, **fields)

    def person(array: pa.StructArray, of: pa.Array) -> pa.StructArray:
        hyphen, added = pa.scalar("-"), family.take(of)
        key = _joined(added, array.field("key_names"), hyphen)
        named = pc.if_else(pc.is_valid(key), _joined(array.field("names_before_key"), key, _SPACE), None)
        return _with(
            array,
            key_names=key,
            name=pc.coalesce(named, _joined(array.field("name"), added, _SPACE)),
            name_inverted=_joined(added, array.field("name_inverted"), hyphen),
        )

    def text(array: pa.StructArray, of: pa.Array) -> pa.StructArray:
        said = pc.binary_join_element_wise("<p>", word.take(of), " ", family.take(of), ".</p>", _NOTHING)
        return _with(array, **{name: _joined(array.field(name), said, _NOTHING) for name in ("html", "raw")})

    def cover(array: pa.StructArray, of: pa.Array) -> pa.StructArray:
        parts = pc.extract_regex(array.field("link"), r"(?P<before>.*/)\d{13}(?P<after>.*)")
        link = pc.binary_join_element_wise(parts.field("before"), now.printed.take(of), parts.field("after"), _NOTHING)
        return _with(array, link=pc.coalesce(link, array.field("link")))

    changes: dict[str, tuple[tuple[tuple[str, ...], _Change], ...]] = {
        "identifiers": (((), identifier),),
        "descriptive": (
            (("titles", "elements"), title),
            (("contributors", "identifiers"), isni),
            (("contributors",), person),
        ),
        "collateral": ((("texts",), text), (("resources",), cover)),
        "related": ((("works", "identifiers"), identifier), (("products", "identifiers"), identifier)),
    }
    columns = {name: taken[name].combine_chunks() for name in READ_SCHEMA.names}
    each = pa.array(np.arange(len(rows)))
    for name, changed in changes.items():
        for path, change in changed:
            columns[name] = _changed(columns[name], path, change, each)
    columns["record_reference"] = reference
    columns["position"] = each
    columns["bytes_hash"] = _hashes(reference, now.isbn, rows)
    return pa.table([columns[name] for name in READ_SCHEMA.names], schema=READ_SCHEMA)


_Change = Callable[[pa.StructArray, pa.Array], pa.StructArray]
"""Takes structs and the row each is in."""


def _changed(array: pa.Array, path: tuple[str, ...], change: _Change, of: pa.Array) -> pa.Array:
    """A nested column with the structs at a path changed, down through its lists."""
    if pa.types.is_list(array.type):
        inside = _changed(array.values, path, change, of.take(pc.list_parent_indices(array)))
        mask = array.is_null() if array.null_count else None
        return pa.ListArray.from_arrays(array.offsets, inside, type=array.type, mask=mask)
    if not path:
        return change(array, of)
    return _with(array, **{path[0]: _changed(array.field(path[0]), path[1:], change, of)})


def _with(array: pa.StructArray, **fields: pa.Array) -> pa.StructArray:
    kinds = list(array.type)
    values = [fields.get(kind.name, array.field(kind.name)) for kind in kinds]
    return pa.StructArray.from_arrays(values, fields=kinds, mask=array.is_null() if array.null_count else None)


def _joined(first: pa.Array, second: pa.Array, between: pa.Scalar) -> pa.Array:
    """Both in one; null where either is."""
    return pc.binary_join_element_wise(first, second, between)


def _numbered(prefix: str, numbers: Numbers) -> pa.Array:
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), 7, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, _NOTHING)


def _isbns(prefix: str, numbers: Numbers) -> pa.Array:
    twelve = int(prefix) * 10_000_000 + numbers
    digits = twelve[:, None] // 10 ** np.arange(11, -1, -1) % 10
    check = -(digits * np.tile([1, 3], 6)).sum(axis=1) % 10
    return pc.cast(pa.array(twelve * 10 + check), pa.string())


def _isnis(values: pa.Array, families: Numbers) -> pa.Array:
    """Another ISNI for each family, with its own check character (ISO 7064, MOD 11-2)."""
    is_isni = pc.fill_null(pc.match_substring_regex(values, r"^\d{15}[\dX]$"), fill_value=False)
    body = pc.if_else(is_isni, pc.utf8_slice_codeunits(values, 0, 15), "0")
    moved = (np.asarray(pc.cast(body, pa.int64())) + families * 10_000_000_000) % 10**15
    total = np.zeros_like(moved)
    for place in range(14, -1, -1):
        total = (total + moved // 10**place % 10) * 2 % 11
    check = pa.array(list("0123456789X")).take(pa.array((12 - total) % 11))
    digits = pc.utf8_lpad(pc.cast(pa.array(moved), pa.string()), 15, "0")
    return pc.if_else(is_isni, pc.binary_join_element_wise(digits, check, _NOTHING), values)


def _hashes(reference: pa.Array, isbn: pa.Array, rows: Numbers) -> pa.Array:
    """16 bytes that no other copy has, in place of the hash of bytes that were never written.

    The reader's are as incompressible, so these are mixed by multiplying with large odd numbers.
    """
    number = np.asarray(pc.cast(isbn, pa.int64())).astype(np.uint64)
    place = np.asarray(pc.binary_length(reference)).astype(np.uint64) << np.uint64(32) | rows.astype(np.uint64)
    first = number * np.uint64(0x9E3779B97F4A7C15) ^ place * np.uint64(0xC2B2AE3D27D4EB4F)
    second = (first ^ first >> np.uint64(29)) * np.uint64(0xBF58476D1CE4E5B9) ^ number
    both = np.stack([first, second], axis=1).tobytes()
    return pa.Array.from_buffers(pa.binary(16), len(rows), [None, pa.py_buffer(both)]).cast(pa.binary())
