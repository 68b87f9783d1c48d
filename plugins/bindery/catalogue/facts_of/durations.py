"""Running times by columns, as ``trade.durations`` says them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.columns import Index, Mask, among, truth
from bindery.catalogue.distinct import Distinct
from bindery.trade.durations import seconds

_MOST_DIGITS = 9
_WITH_HUNDREDTHS = 9

_OTHERS = Distinct(lambda value, unit: seconds(value, unit) or 0)


def _minutes(number: Index, _digits: Index) -> Index:
    return number * 60


def _hours_and_minutes(number: Index, digits: Index) -> Index:
    hours, minutes = np.divmod(number, 100)
    return np.where((digits >= 3) & (digits <= 5) & (minutes < 60), hours * 3600 + minutes * 60, 0)


def _clock(number: Index, digits: Index) -> Index:
    number = np.where(digits == _WITH_HUNDREDTHS, number // 100, number)
    hours, rest = np.divmod(number, 10_000)
    minutes, whole = np.divmod(rest, 100)
    possible = (digits >= 5) & (digits != 8) & (minutes < 60) & (whole < 60)
    return np.where(possible, hours * 3600 + minutes * 60 + whole, 0)


_READERS: dict[str, Callable[[Index, Index], Index]] = {"05": _minutes, "15": _hours_and_minutes, "16": _clock}
"""The units that values differ in most, by List 24: numbers and how many digits they are written with."""


def seconds_of(values: pa.StringArray, units: pa.StringArray) -> Index:
    """Whole seconds of extents, 0 where ``trade.durations.seconds`` has none."""
    digits: Index = pc.fill_null(pc.binary_length(values), 0).to_numpy().astype(np.int64)
    plain: Mask = truth(pc.ascii_is_decimal(values)) & (digits <= _MOST_DIGITS)
    found = np.zeros(len(values), np.int64)
    others = np.ones(len(values), np.bool_)
    for unit, reader in _READERS.items():
        places = np.flatnonzero(plain & among(units, unit))
        numbers = values.take(pa.array(places)).cast(pa.int64()).to_numpy()
        found[places] = reader(numbers, digits[places])
        others[places] = False
    places = np.flatnonzero(others)
    answers, codes = _OTHERS(*(column.take(pa.array(places)) for column in (values, units)))
    found[places] = np.array(answers, np.int64)[codes]
    return found
