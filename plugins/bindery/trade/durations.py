"""Running times (Lists 23 and 24; AUDIOBOOKS 0.7, 1.5, 1.6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]+)?")
_CLOCK_LENGTHS = frozenset({5, 6, 7, 9})
_WITH_HUNDREDTHS = 9
_LONGEST_WHOLE = 9
_HOURS_AND_MINUTES = re.compile(r"([0-9]{1,3})([0-9]{2})")
_COLONS = re.compile(r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9])(?:\.[0-9]+)?")
_SPOKEN = re.compile(
    r"(?:(?P<hours>[0-9]{1,9}(?:\.[0-9]{1,20})?)\s*(?:hours?|hrs?|h|stunden?|std)(?![a-z])\.?)?"
    r"\s*(?:,|and|und|&)?\s*"
    r"(?:(?P<minutes>[0-9]{1,9}(?:\.[0-9]{1,20})?)\s*(?:minutes?|minuten?|mins?|m)(?![a-z])\.?)?"
    r"\s*(?:,|and|und|&)?\s*"
    r"(?:(?P<seconds>[0-9]{1,9}(?:\.[0-9]{1,20})?)\s*(?:seconds?|sekunden?|secs?|sek|s)(?![a-z])\.?)?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"P(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?(?:(?P<seconds>[0-9]{1,9}(?:\.[0-9]{1,20})?)S)?)?",
    re.IGNORECASE,
)
_SIZES = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _scaled(value: str, factor: int) -> int | None:
    if len(value) <= _LONGEST_WHOLE and _is_digits(value):
        return int(value) * factor
    if not _DECIMAL.fullmatch(value):
        return None
    return int((Decimal(value) * factor).to_integral_value(ROUND_HALF_UP))


def run_time(value: str) -> float | None:
    """Seconds of ``HHHMMSS`` or ``HHHMMSScc`` (hundredths), as in TimeRun and AVDuration; None where impossible."""
    text = value.strip()
    if not _is_digits(text) or len(text) not in _CLOCK_LENGTHS:
        return None
    clock, hundredths = (text[:7], text[7:]) if len(text) == _WITH_HUNDREDTHS else (text, "0")
    hours, minutes, seconds = int(clock[:-4]), int(clock[-4:-2]), int(clock[-2:])
    if minutes > 59 or seconds > 59:
        return None
    return hours * 3600 + minutes * 60 + seconds + int(hundredths) / 100


def run_times(values: pa.Array) -> pa.Array:
    """The same of many: seconds as doubles, null where ``run_time`` says None or there is no value."""
    text = pc.utf8_trim_whitespace(values)
    digits = pc.if_else(pc.match_substring_regex(text, r"^([0-9]{5,7}|[0-9]{9})$"), text, pa.scalar(None, pa.string()))
    number = np.asarray(pc.fill_null(digits.cast(pa.int64()), 0))
    has_hundredths = np.asarray(pc.fill_null(pc.equal(pc.utf8_length(digits), 9), fill_value=False))
    clock = np.where(has_hundredths, number // 100, number)
    hours, minutes, whole = clock // 10_000, clock // 100 % 100, clock % 100
    read = hours * 3600 + minutes * 60 + whole + np.where(has_hundredths, number % 100, 0) / 100
    impossible = ~np.asarray(digits.is_valid()) | (minutes > 59) | (whole > 59)
    return pa.array(read, pa.float64(), mask=impossible)


def _whole(value: str, factor: int, digits: int) -> int | None:
    return int(value) * factor if len(value) <= digits and _is_digits(value) else None


def _hours_and_minutes(value: str) -> int | None:
    found = _HOURS_AND_MINUTES.fullmatch(value)
    return int(found[1]) * 3600 + int(found[2]) * 60 if found and int(found[2]) < 60 else None


def _clock(value: str) -> int | None:
    read = run_time(value)
    return None if read is None else int(read)


_READERS: dict[str, Callable[[str], int | None]] = {
    "04": lambda value: _scaled(value, 3600),
    "05": lambda value: _scaled(value, 60),
    "06": lambda value: _whole(value, 1, 9),
    "14": lambda value: _whole(value, 3600, 3),
    "15": _hours_and_minutes,
    "16": _clock,
}
"""List 24 units of time."""


def seconds(value: str, unit: str) -> int | None:
    """The length of an extent.

    Args:
        value: As sent: decimal hours (04) or minutes (05), seconds (06), ``HHH`` (14), ``HHHMM`` (15), ``HHHMMSS`` or
            ``HHHMMSScc`` (16). Leading zeros of 15 and 16 may be missing.
        unit: List 24.

    Returns:
        Whole seconds; None where the unit is no time (11 is a number of tracks) or the value impossible, such as 77
        minutes past the hour.
    """
    reader = _READERS.get(unit)
    return reader(value.strip()) if reader else None


def spoken(text: str) -> int | None:
    """Seconds of a length as people write it: ``2 hrs and 20 mins``, ``9h 12m``, ``11:32:05``, ``P1DT9H12M``.

    ``9:12`` may be hours or minutes, a bare number anything: both are None.
    """
    value = text.strip()
    clock = _COLONS.fullmatch(value)
    if clock:
        return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3])
    found = _ISO.fullmatch(value) or _SPOKEN.fullmatch(value)
    if not found or not any(found.groups()):
        return None
    parts = found.groupdict()
    total = sum(Decimal(parts.get(name) or 0) * size for name, size in _SIZES)
    return int(Decimal(total).to_integral_value(ROUND_HALF_UP))
