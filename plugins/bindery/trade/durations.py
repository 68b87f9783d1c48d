"""Running times (Lists 23 and 24; AUDIOBOOKS 0.7, 1.5, 1.6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]+)?")
_CLOCK = re.compile(r"([0-9]{1,3})([0-9]{2})([0-9]{2})")
_CLOCK_WITH_HUNDREDTHS = re.compile(r"([0-9]{3})([0-9]{2})([0-9]{2})([0-9]{2})")
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


def _scaled(value: str, factor: int) -> int | None:
    if not _DECIMAL.fullmatch(value):
        return None
    return int((Decimal(value) * factor).to_integral_value(ROUND_HALF_UP))


def run_time(value: str) -> float | None:
    """Seconds of ``HHHMMSS`` or ``HHHMMSScc`` (hundredths), as in TimeRun and AVDuration; None where impossible."""
    text = value.strip()
    found = _CLOCK_WITH_HUNDREDTHS.fullmatch(text) or _CLOCK.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds, *hundredths = (int(part) for part in found.groups())
    if minutes > 59 or seconds > 59:
        return None
    return hours * 3600 + minutes * 60 + seconds + sum(hundredths) / 100


def _whole(value: str, factor: int, digits: int) -> int | None:
    return int(value) * factor if re.fullmatch(rf"[0-9]{{1,{digits}}}", value) else None


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
