"""Sales rights by columns, as ``trade.rights`` and ``trade.withdrawals`` say them of one record.

Sets of countries are bitmaps here: arrays of words by columns, so that one operation is done for all records.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.columns import Index, Items, Mask, among, any_of, field, items, lists_of, said
from bindery.catalogue.distinct import Distinct, spread
from bindery.catalogue.record import Publishing
from bindery.trade.restrictions import models_left_by
from bindery.trade.rights import DENIALS, GRANTS, UNCONDITIONAL, UNTRUSTWORTHY, WITH_RESTRICTION
from bindery.trade.territories import ROW, WORLD, read_codes, world
from bindery.trade.withdrawals import publishing_withdrawal, stated_withdrawal

Sets = npt.NDArray[np.uint64]
"""Sets of countries, one a column: bit ``i`` of word ``w`` of it is country ``64 * w + i`` of ``_countries()``."""

_WORD = 64
_WORDS = 4
_AT_A_TIME = 8 * _WORDS * 256
"""Bytes of sets."""


@cache
def _countries() -> tuple[str, ...]:
    return tuple(sorted(world()))


def _set_of(countries: Iterable[str]) -> list[int]:
    whole = sum(1 << _countries().index(country) for country in countries)
    return [whole >> _WORD * word & (1 << _WORD) - 1 for word in range(_WORDS)]


@cache
def _world() -> Sets:
    return np.array(_set_of(world()), np.uint64)[:, None]


def _nowhere(count: int) -> Sets:
    return np.zeros((_WORDS, count), np.uint64)


def _union(sets: Sets, rows: Index, count: int, codes: Index | None = None) -> Sets:
    """For each row the union of its sets; ``rows`` says whose they are, ascending, and ``codes`` which they are."""
    unions = _nowhere(count)
    if len(rows):
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        # Word by word: large intermediate arrays cost more than they save.
        for word, union in zip(sets, unions, strict=True):
            union[rows[starts]] = np.bitwise_or.reduceat(word if codes is None else word[codes], starts)
    return unions


@lru_cache(maxsize=10_000)
def _code(value: str, *, regions: bool) -> tuple[list[int], list[int], bool]:
    """What one value surely and perhaps means, and whether the statement it is in can't be trusted."""
    codes = read_codes([value], regions=regions)
    return _set_of(codes.sure), _set_of(codes.perhaps), any(slug.startswith(UNTRUSTWORTHY) for slug in codes.problems)


@dataclass
class _Codes:
    """Codes of one element of each territory."""

    sure: Sets
    perhaps: Sets
    untrustworthy: Mask

    def __or__(self, other: _Codes) -> _Codes:
        return _Codes(self.sure | other.sure, self.perhaps | other.perhaps, self.untrustworthy | other.untrustworthy)


def _read(stated: Items, count: int, *, regions: bool) -> _Codes:
    encoded = stated.values.dictionary_encode()
    codes = encoded.indices.to_numpy()
    read = [_code(value, regions=regions) for value in encoded.dictionary.to_pylist()]
    sure, perhaps = (np.array([one[which] for one in read], np.uint64).reshape(-1, _WORDS).T for which in (0, 1))
    untrustworthy = np.array([one[2] for one in read], np.bool_)
    return _Codes(
        sure=_union(sure, stated.rows, count, codes),
        perhaps=_union(perhaps, stated.rows, count, codes) if perhaps.any() else _nowhere(count),
        untrustworthy=any_of(stated.rows[untrustworthy[codes]], count),
    )


@dataclass
class _Expansion:
    """What territories mean: the countries, those of them named as countries, and those in doubt."""

    countries: Sets
    explicit: Sets
    doubtful: Sets
    untrustworthy: Mask
    is_row: Mask


def _expand(territory: pa.StructArray) -> _Expansion:
    """As ``trade.territories.expand``."""
    count = len(territory)
    lists = {one.name: items(field(territory, one.name)) for one in territory.type}
    regions = lists["regions_included"]
    is_world, is_row = (among(regions.values, code) for code in (WORLD, ROW))
    has_world = any_of(regions.rows[is_world], count)
    by_name = _read(lists["countries_included"], count, regions=False)
    by_region = _read(regions.where(~is_world), count, regions=True)
    beside = any_of(regions.rows[~is_world & ~is_row], count)
    everywhere = _world() & ~by_region.sure & ~by_region.perhaps
    by_region = _Codes(
        sure=np.where(has_world, everywhere, by_region.sure),
        perhaps=np.where(has_world, by_region.sure | by_region.perhaps, by_region.perhaps),
        untrustworthy=by_region.untrustworthy | has_world & beside,
    )
    not_by_name = _read(lists["countries_excluded"], count, regions=False)
    excluded = not_by_name | _read(lists["regions_excluded"], count, regions=True)
    both = by_name.sure & not_by_name.sure
    included = by_name | by_region
    sure = included.sure & ~excluded.sure & ~excluded.perhaps
    perhaps = included.perhaps & ~excluded.sure | both | included.sure & excluded.perhaps & ~excluded.sure
    states = {name: any_of(one.rows, count) for name, one in lists.items()}
    only_excludes = states["countries_excluded"] | states["regions_excluded"]
    only_excludes &= ~(states["countries_included"] | states["regions_included"])
    return _Expansion(
        countries=np.where(only_excludes, 0, sure),
        explicit=np.where(only_excludes, 0, by_name.sure & sure),
        doubtful=np.where(only_excludes, _world() & ~excluded.sure, perhaps & ~sure),
        untrustworthy=included.untrustworthy | excluded.untrustworthy | both.any(axis=0),
        is_row=any_of(regions.rows[is_row], count),
    )


def _refusing(restrictions: Items, count: int) -> tuple[Mask, Mask]:
    """Which of what has the restrictions may not be sold, and which not be in a subscription."""
    encoded = restrictions["type"].dictionary_encode()
    left = [models_left_by(code) for code in encoded.dictionary.to_pylist()]
    codes = encoded.indices.to_numpy()
    no_sale = np.array([not one.sale for one in left], np.bool_)[codes]
    no_subscription = np.array([not one.subscription for one in left], np.bool_)[codes]
    return any_of(restrictions.rows[no_sale], count), any_of(restrictions.rows[no_subscription], count)


class _Statements:
    """All SalesRights of all records, with the restrictions that stand beside them."""

    def __init__(self, block: pa.StructArray) -> None:
        self.count = len(block)
        self.rights = items(field(block, "sales_rights"))
        self.everywhere = items(field(block, "restrictions"))
        self.row_type = field(block, "row_sales_rights_type")
        self.own = items(self.rights["restrictions"])
        self.rows, self.types = self.rights.rows, self.rights["type"]
        self.grants, self.denies = among(self.types, *sorted(GRANTS)), among(self.types, *sorted(DENIALS))
        self.where = _expand(self.rights["territory"])
        self.refuses_sale, self.refuses_subscription = _refusing(self.own, len(self.rows))

    def union(self, sets: Sets, of: Mask) -> Sets:
        """For each record the countries of some of its statements."""
        return _union(np.where(of, sets, 0), self.rows, self.count)

    def unstated(self) -> Mask:
        """Statements that say they are restricted, without any restriction."""
        restricted = any_of(self.own.rows, len(self.rows)) | any_of(self.everywhere.rows, self.count)[self.rows]
        return among(self.types, *sorted(WITH_RESTRICTION)) & ~restricted


class _Verdicts:
    """Countries decided so far, level by level."""

    def __init__(self, count: int) -> None:
        self.sale, self.subscription, self.decided, self.contradictory = (_nowhere(count) for _ in range(4))

    def decide(self, stated: _Statements, where: Sets) -> None:
        granted = stated.union(where, stated.grants) & ~self.decided
        denied = stated.union(where, ~stated.grants) & ~self.decided
        self.contradictory |= granted & denied
        allowed = granted & ~denied
        # Where several statements grant, what one of them restricts is restricted.
        self.sale |= allowed & ~stated.union(where, stated.grants & stated.refuses_sale)
        self.subscription |= allowed & ~stated.union(where, stated.grants & stated.refuses_subscription)
        self.decided |= granted | denied


def rights_facts(block: pa.StructArray) -> dict[str, pa.Array]:
    """``rights_status`` to ``publishing_withdrawal``: where a record allows what, as ``rights_of`` says."""
    stated = _Statements(block)
    count, where = stated.count, stated.where
    verdicts = _Verdicts(count)
    verdicts.decide(stated, where.explicit)
    verdicts.decide(stated, where.countries & ~where.explicit)
    rest = _world() & ~verdicts.decided
    restricted = any_of(stated.everywhere.rows, count)
    denies_rest = any_of(stated.rows[where.is_row & stated.denies], count) | among(stated.row_type, *sorted(DENIALS))
    grants_rest = among(stated.row_type, *sorted(UNCONDITIONAL)) | restricted & among(stated.row_type, *sorted(GRANTS))
    grants_rest &= ~denies_rest
    uncovered = rest.any(axis=0) & ~grants_rest & ~denies_rest
    untrustworthy = any_of(stated.rows[where.untrustworthy | ~(stated.grants | stated.denies)], count)
    none = ~(any_of(stated.rows, count) | said(stated.row_type))
    status = np.select([none, untrustworthy | verdicts.contradictory.any(axis=0), uncovered], [0, 1, 2], 3)
    refused = stated.union(where.doubtful, ~stated.grants) | stated.union(where.countries, stated.unstated())
    rest = np.where(grants_rest, rest, 0)
    sets = [
        np.where(no_model | none, 0, (allowed | rest) & ~refused)
        for no_model, allowed in zip(
            _refusing(stated.everywhere, count), (verdicts.sale, verdicts.subscription), strict=True
        )
    ]
    lists = _lists(np.concatenate(sets, axis=1))
    nowhere: Mask = np.logical_not((sets[0] | sets[1]).any(axis=0))
    return {
        "rights_status": spread(["none", "contradictory", "incomplete", "known"], status, pa.string()),
        "sale_countries": lists.slice(0, count),
        "subscription_countries": lists.slice(count),
        "publishing_withdrawal": _withdrawals(block, stated, nowhere),
    }


@cache
def _letters() -> npt.NDArray[np.uint16]:
    """The codes of the countries, by their bits; all have two letters, so that lists are put together as bytes."""
    codes = np.zeros(_WORD * _WORDS, np.uint16)
    codes[: len(_countries())] = np.frombuffer("".join(_countries()).encode("ascii"), np.uint16)
    return codes


def _letters_of(sets: npt.NDArray[np.uint8]) -> bytes:
    members = np.flatnonzero(np.unpackbits(sets, bitorder="little").view(np.bool_))
    return bytes(_letters()[members & _WORD * _WORDS - 1].tobytes())


def _lists(sets: Sets) -> pa.ListArray:
    """Country codes of each set, sorted."""
    rows = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(8 * _WORDS), sets.shape[1], [None, pa.py_buffer(np.ascontiguousarray(sets.T))]
    )
    encoded = rows.dictionary_encode()
    codes = encoded.indices.to_numpy()
    distinct = np.frombuffer(b"".join(encoded.dictionary.to_pylist()), np.uint8)
    sizes = np.bitwise_count(distinct.view(np.uint64).reshape(-1, _WORDS)).sum(axis=1, dtype=np.int64)
    letters = b"".join(
        _letters_of(distinct[start : start + _AT_A_TIME]) for start in range(0, len(distinct), _AT_A_TIME)
    )
    ends = (np.cumsum(sizes) * 2).tolist()
    pieces = [letters[start:end] for start, end in pairwise([0, *ends])]
    data = b"".join([pieces[code] for code in codes.tolist()])
    offsets = np.zeros(len(codes) + 1, np.int32)
    np.cumsum(sizes[codes], out=offsets[1:])
    starts = _starts((len(data) // 2).bit_length())
    countries = pa.Array.from_buffers(pa.string(), len(data) // 2, [None, pa.py_buffer(starts), pa.py_buffer(data)])
    return pa.ListArray.from_arrays(offsets, countries)


@cache
def _starts(bits: int) -> npt.NDArray[np.int32]:
    """Where texts of two bytes begin: the same for all lists, so that they share it."""
    return np.arange(0, 2 << bits, 2, dtype=np.int32)


class _Withdrawn(NamedTuple):
    """A withdrawal that is stated, or whether there may be one by restrictions."""

    stated: str | None
    restricted: bool


def _read_types(
    status: str | None, types: list[str], row: str | None, own: list[str], everywhere: list[str]
) -> _Withdrawn:
    stated = stated_withdrawal(status, [*types, row])
    return _Withdrawn(stated, stated is None and not any(models_left_by(*own, *everywhere)))


_WITHDRAWN = Distinct(_read_types)
_BY_RESTRICTION = Distinct(lambda publishing: publishing_withdrawal(cast("Publishing", publishing)))


def _withdrawals(block: pa.StructArray, stated: _Statements, nowhere: Mask) -> pa.StringArray:
    """Withdrawals of block 4. What only restrictions withdraw is rare enough to be asked record by record."""
    count = stated.count
    own = Items(stated.own.values, stated.rows[stated.own.rows])
    answers, codes = _WITHDRAWN(
        field(block, "status"),
        lists_of(stated.types, stated.rows, count),
        stated.row_type,
        lists_of(own["type"], own.rows, count),
        lists_of(stated.everywhere["type"], stated.everywhere.rows, count),
    )
    withdrawals = spread([one.stated for one in answers], codes, pa.string())
    doubtful = np.array([one.restricted for one in answers])[codes] & nowhere
    if not doubtful.any():
        return withdrawals
    some = block.filter(pa.array(doubtful))
    found, of_some = _BY_RESTRICTION(some)
    return pc.replace_with_mask(withdrawals, pa.array(doubtful), spread(found, of_some, pa.string()))
