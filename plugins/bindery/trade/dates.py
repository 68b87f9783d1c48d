"""Dates as the trade writes them (List 55; AUDIOBOOKS 1.2, 1.9)."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from typing import Literal

from bindery.catalogue.record import DatedRole

Precision = Literal["year", "month", "day", "time"]
ReadDate = tuple[str | None, Precision | None]

_NOTHING: ReadDate = (None, None)
_MOMENT = re.compile(
    r"(?P<y>[0-9]{4})-?(?P<m>[0-9]{2})-?(?P<d>[0-9]{2})"
    r"(?:[T ]?(?P<h>[0-9]{2}):?(?P<min>[0-9]{2})(?::?(?P<s>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"\s*(?P<zone>Z|[+-][0-9]{2}:?(?:[0-9]{2})?)?)?",
    re.IGNORECASE,
)
SPREADS = {"06": "00", "07": "01", "08": "02", "09": "03", "10": "04", "11": "05"}
"""List 55 spreads, and the format of each half."""
_UNREADABLE = frozenset({"12", "20", "21", "25", "32"})
"""Free text and Hijri calendar."""


def _moment(raw: str) -> tuple[dt.datetime, bool, bool] | None:
    """A date with or without time: the moment (aware if a zone is stated), whether time and seconds are stated."""
    found = _MOMENT.fullmatch(raw)
    if not found:
        return None
    part = {name: int(found[name] or 0) for name in ("y", "m", "d", "h", "min", "s")}
    zone = None
    if found["zone"]:
        digits = re.sub(r"[^0-9]", "", found["zone"]).ljust(4, "0")
        offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if offset >= dt.timedelta(hours=24):
            return None
        zone = dt.timezone(-offset if found["zone"].startswith("-") else offset)
    try:
        moment = dt.datetime(part["y"], part["m"], part["d"], part["h"], part["min"], part["s"], tzinfo=zone)
    except ValueError:
        return None
    return moment, found["h"] is not None, found["s"] is not None


def _year(digits: str) -> str | None:
    return digits if dt.date.min.year <= int(digits) else None


def _by_length(text: str) -> ReadDate:
    """Year, month, day or time: their lengths differ, so a wrong or absent format does no harm."""
    if re.fullmatch(r"[0-9]{4}", text):
        return (text, "year") if _year(text) else _NOTHING
    month = re.fullmatch(r"([0-9]{4})-?([0-9]{2})", text)
    if month:
        good = _year(month[1]) and 1 <= int(month[2]) <= 12
        return (f"{month[1]}-{month[2]}", "month") if good else _NOTHING
    read = _moment(text)
    if read is None:
        return _NOTHING
    moment, has_time, has_seconds = read
    if not has_time:
        return moment.date().isoformat(), "day"
    return moment.isoformat(timespec="seconds" if has_seconds else "minutes"), "time"


def _week(text: str) -> ReadDate:
    try:
        return dt.date.fromisocalendar(int(text[:4]), int(text[4:]), 7).isoformat(), "day"
    except ValueError:
        return _NOTHING


def _part_of_year(text: str, date_format: str) -> ReadDate:
    """A quarter is its last month; a season ends with its year at the latest (winter runs over it)."""
    if not _year(text[:4]) or text[4] not in "1234":
        return _NOTHING
    if date_format == "03":
        return f"{text[:4]}-{int(text[4]) * 3:02d}", "month"
    return (str(int(text[:4]) + (text[4] == "4")), "year") if text[:4] != "9999" else _NOTHING


def _halves(text: str, code: str | None) -> tuple[str, str] | None:
    """The halves of a spread. Eight digits are two years only where two years are meant: else they are a day."""
    if code not in SPREADS or not (text.isascii() and text.isdecimal()) or len(text) % 2:
        return None
    if len(text) == 8 and code != "11":
        return None
    return text[: len(text) // 2], text[len(text) // 2 :]


def read_date(raw: str, date_format: str | None) -> ReadDate:
    """Read a date of any Gregorian format of List 55.

    Formats 00, 01, 05, 13 and 14 and ISO 8601 are read by their length, whatever format is named, because senders
    leave the format out or name the wrong one. What spans time is read as its end, because a partial date counts as
    the latest day it may mean (AUDIOBOOKS 1.9): a week (02) is its Sunday, a quarter (03) its last month, a season
    (04) its year (winter the next), a spread (06-11) its second half; a day that is named a spread stays a day. Text
    (12, 32) and the Hijri calendar (20, 21, 25) are not read.

    Args:
        raw: The date as sent.
        date_format: The List 55 code, where stated.

    Returns:
        ISO 8601 cut to its precision, with the zone where one is stated; and the precision. Both None where the date
        can't be read or does not exist.
    """
    text = raw.strip()
    code = date_format.strip() if date_format else None
    if code in _UNREADABLE:
        return _NOTHING
    halves = _halves(text, code)
    if halves:
        return read_date(halves[1], SPREADS[code or ""])
    if code == "02" and re.fullmatch(r"[0-9]{6}", text):
        return _week(text)
    if code in ("03", "04") and re.fullmatch(r"[0-9]{5}", text):
        return _part_of_year(text, code)
    return _by_length(text)


def read_spread(raw: str, date_format: str | None) -> tuple[str | None, str | None, Precision | None]:
    """Read a date together with when it begins, where it spans more than one date.

    Args:
        raw: The date as sent.
        date_format: The List 55 code, where stated.

    Returns:
        The first half of a spread (06-11), ISO 8601; then the date and the precision of both as ``read_date`` gives
        them. The first is None where the date is no spread, and where either half can't be read.
    """
    code = date_format.strip() if date_format else None
    date, precision = read_date(raw, date_format)
    halves = _halves(raw.strip(), code)
    if not halves:
        return None, date, precision
    begins, of_first = read_date(halves[0], SPREADS[code or ""])
    return (begins if of_first == precision else None), date, precision


def latest_day(date: str, precision: str) -> dt.date:
    """The latest day a read date may mean: the last of the year or month (AUDIOBOOKS 1.9).

    Args:
        date: ISO 8601 as ``read_date`` gives it.
        precision: ``year``, ``month``, ``day`` or ``time``.
    """
    year = int(date[:4])
    if precision == "year":
        return dt.date(year, 12, 31)
    month = int(date[5:7])
    if precision == "month":
        return dt.date(year, month, monthrange(year, month)[1])
    return dt.date(year, month, int(date[8:10]))


def read_sent_at(raw: str) -> dt.datetime | None:
    """When a message was sent (SentDateTime, m182 in 2.1), in UTC.

    All forms of AUDIOBOOKS 1.2 are read: a day, with time, with seconds, with ``Z`` or an offset; also ISO 8601. No
    zone is taken for UTC, a day for its midnight.

    Returns:
        An aware moment in UTC, or None where it can't be read.
    """
    read = _moment(raw.strip())
    if read is None:
        return None
    moment = read[0]
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        return None


def dated_role(role: str, raw: str, date_format: str | None) -> DatedRole:
    """A date with its role, as sent and as read."""
    date, precision = read_date(raw, date_format)
    return DatedRole(role=role, raw=raw, format=date_format, date=date, precision=precision)
