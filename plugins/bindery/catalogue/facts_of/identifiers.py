"""Facts from a record's identifiers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.canonical import offsets_of
from bindery.catalogue.columns import Index, Mask, among, any_of, first, items
from bindery.catalogue.distinct import spread
from bindery.trade.identifiers import GTIN13, ISBN10, ISBN13, read_isbn

_PLAIN = np.zeros(256, np.bool_)
_PLAIN[[*b"0123456789Xx -"]] = True
_WEIGHTS_13 = np.array([1, 3] * 6 + [1])
_WEIGHTS_10 = np.arange(10, 0, -1)
_BOOKS_978 = 978 * 10**10


@dataclass
class _Isbns:
    """What ``read_isbn`` says of values: numbers for ISBN-13s, 0 where there is none."""

    isbn13: Index
    has_shape: Mask
    in_book_range: Mask


def _digits(values: pa.StringArray, length: int) -> Index:
    """Digits of values that all have one length; an X is 10, and 99 stands for what is none."""
    offsets = offsets_of(values)
    characters = np.frombuffer(values.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    digits = characters.reshape(-1, length).astype(np.int64) - ord("0")
    digits[digits == ord("X") - ord("0")] = 10
    digits[:, :-1][digits[:, :-1] > 9] = 99
    return digits


def _read_13(digits: Index, read: _Isbns, places: Index) -> None:
    number = digits @ 10 ** np.arange(12, -1, -1)
    range_ = number // 10**9
    of_books = (digits <= 9).all(axis=1) & ((range_ // 10 == 978) | (range_ // 10 == 979)) & (range_ != 9790)
    read.has_shape[places] = of_books
    read.isbn13[places] = np.where(of_books & (digits @ _WEIGHTS_13 % 10 == 0), number, 0)


def _read_10(digits: Index, read: _Isbns, places: Index) -> None:
    core = digits[:, :9] @ 10 ** np.arange(8, -1, -1)
    shaped = (digits <= 10).all(axis=1) & (core // 10**5 != 9790)
    good = shaped & (digits @ _WEIGHTS_10 % 11 == 0)
    weighted = digits[:, :9] @ np.array([3, 1] * 4 + [3]) + 38  # 9, 7 and 8 weigh 9 + 21 + 8.
    read.has_shape[places] = shaped
    read.isbn13[places] = np.where(good, _BOOKS_978 + core * 10 + (-weighted) % 10, 0)


def _read(values: pa.StringArray) -> _Isbns:
    count = len(values)
    read = _Isbns(np.zeros(count, np.int64), np.zeros(count, np.bool_), np.zeros(count, np.bool_))
    offsets = offsets_of(values)
    data = values.buffers()[2]
    characters = np.frombuffer(data if data is not None else b"", np.uint8)[offsets[0] : offsets[-1]]
    odd = np.zeros(count, np.bool_)
    strange = np.flatnonzero(~_PLAIN[characters])
    odd[np.searchsorted(offsets - offsets[0], strange, "right") - 1] = True
    bare = pc.ascii_upper(pc.replace_substring(pc.replace_substring(values, "-", ""), " ", ""))
    lengths = np.diff(offsets_of(bare))
    for length, reader in ((13, _read_13), (10, _read_10)):
        places = np.flatnonzero(~odd & (lengths == length))
        if len(places):
            reader(_digits(bare.take(pa.array(places)), length), read, places)
    start = pc.utf8_slice_codeunits(bare, 0, 4)
    of_books = pc.and_not(
        pc.is_in(pc.utf8_slice_codeunits(start, 0, 3), pa.array(["978", "979"])), pc.equal(start, "9790")
    )
    read.in_book_range = of_books.to_numpy(zero_copy_only=False)
    for place in np.flatnonzero(odd).tolist():
        one = read_isbn(values[place].as_py())
        read.isbn13[place] = int(one.isbn13 or 0)
        read.has_shape[place], read.in_book_range[place] = one.has_shape, one.in_book_range
    return read


def identifier_facts(identifiers: pa.ListArray) -> dict[str, pa.Array]:
    """``isbn13`` and ``isbn_problem``, as ``trade.identifiers.isbn13_of`` says."""
    count = len(identifiers)
    stated = items(identifiers)
    stated = stated.where(among(stated["type"], ISBN13, ISBN10, GTIN13))
    read = _read(stated["value"])
    candidate = read.in_book_range | among(stated["type"], ISBN13, ISBN10)
    valid = candidate & (read.isbn13 > 0)
    found = first(valid, stated.rows, count)
    isbn = np.where(found < 0, 0, read.isbn13[found]) if len(stated.rows) else np.zeros(count, np.int64)
    clash = any_of(stated.rows[valid & (read.isbn13 != isbn[stated.rows])], count)
    good = (isbn > 0) & ~clash
    shaped = any_of(stated.rows[candidate & read.has_shape], count)
    problem = np.select([good, clash, shaped, any_of(stated.rows[candidate], count)], range(4), 4)
    return {
        "isbn13": pa.array(isbn, mask=~good).cast(pa.string()),
        "isbn_problem": spread([None, "clash", "check_digit", "malformed", "missing"], problem, pa.string()),
    }
