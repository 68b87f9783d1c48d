from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bindery.trade.dates import dated_role, latest_day, read_date, read_sent_at, read_spread


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("20110210", "00", ("2011-02-10", "day")),
        ("201102", "01", ("2011-02", "month")),
        ("2011", "05", ("2011", "year")),
        ("20250220T1830", "13", ("2025-02-20T18:30", "time")),
        ("20250220T183059", "14", ("2025-02-20T18:30:59", "time")),
        ("20250220T1830Z", "13", ("2025-02-20T18:30+00:00", "time")),
        ("20250220T1830-0500", "13", ("2025-02-20T18:30-05:00", "time")),
        ("20110210", None, ("2011-02-10", "day")),
        ("201102", None, ("2011-02", "month")),
        ("2011", None, ("2011", "year")),
        ("2011", "00", ("2011", "year")),  # format left at its default
        ("2025-01-01", None, ("2025-01-01", "day")),
        ("2025-01-01T12:00:00Z", None, ("2025-01-01T12:00:00+00:00", "time")),
        (" 20110210\n", None, ("2011-02-10", "day")),
        ("202501", "02", ("2025-01-05", "day")),  # ISO week 1 of 2025 ends on Sunday 5 January
        ("20253", "03", ("2025-09", "month")),
        ("20252", "04", ("2025", "year")),
        ("20254", "04", ("2026", "year")),  # winter runs into the next year
        ("2025010120250331", "06", ("2025-03-31", "day")),
        ("202501202503", "07", ("2025-03", "month")),
        ("20252027", "11", ("2027", "year")),
        ("20250101", "06", ("2025-01-01", "day")),  # a day with the format of a spread
        ("20251332", None, (None, None)),
        ("20250230", "00", (None, None)),
        ("20230229", "00", (None, None)),
        ("202513", "01", (None, None)),
        ("20253", None, (None, None)),
        ("20256", "03", (None, None)),
        ("20250220T2560", "13", (None, None)),
        ("14460901", "20", (None, None)),  # Hijri
        ("Spring 2025", "12", (None, None)),
        ("0000", None, (None, None)),
        ("00000101", None, (None, None)),
        ("00000001", "11", ("0001", "year")),
        ("٢٠١١", None, (None, None)),
        ("TBC", None, (None, None)),
        ("", None, (None, None)),
    ],
)
def test_dates_of_list_55(raw: str, code: str | None, expected: tuple[str | None, str | None]) -> None:
    assert read_date(raw, code) == expected


@pytest.mark.parametrize(
    ("raw", "code", "expected"),
    [
        ("2025010120250331", "06", ("2025-01-01", "2025-03-31", "day")),
        (" 2025010120250331\n", " 06 ", ("2025-01-01", "2025-03-31", "day")),
        ("202501202503", "07", ("2025-01", "2025-03", "month")),
        ("202501202504", "08", ("2025-01-05", "2025-01-26", "day")),  # two ISO weeks, each its Sunday
        ("2025120252", "09", ("2025-03", "2025-06", "month")),  # two quarters
        ("2025120254", "10", ("2025", "2026", "year")),  # spring to winter
        ("20252027", "11", ("2025", "2027", "year")),
        ("2025023020250331", "06", (None, "2025-03-31", "day")),  # 30 February
        ("2025010120251331", "06", (None, None, None)),
        ("20250101", "00", (None, "2025-01-01", "day")),
        ("20250101", "06", (None, "2025-01-01", "day")),  # a day with the wrong format, not two years
        ("2025-01-01/2025-03-31", "06", (None, None, None)),
        ("20250101", None, (None, "2025-01-01", "day")),
        ("spring to summer", "12", (None, None, None)),
    ],
)
def test_spreads_of_list_55(raw: str, code: str | None, expected: tuple[str | None, str | None, str | None]) -> None:
    assert read_spread(raw, code) == expected


@pytest.mark.parametrize(
    ("iso", "precision", "day"),
    [
        ("2011", "year", date(2011, 12, 31)),
        ("2011-02", "month", date(2011, 2, 28)),
        ("2024-02", "month", date(2024, 2, 29)),
        ("2011-02-10", "day", date(2011, 2, 10)),
        ("2011-02-10T18:30+00:00", "time", date(2011, 2, 10)),
    ],
)
def test_a_partial_date_is_the_latest_day_it_may_mean(iso: str, precision: str, day: date) -> None:
    assert latest_day(iso, precision) == day


@given(st.dates())
def test_every_day_is_read_in_both_spellings(day: date) -> None:
    basic, extended = f"{day.isoformat().replace('-', '')}", day.isoformat()
    assert read_date(basic, "00") == read_date(extended, None) == (extended, "day")
    assert latest_day(extended, "day") == day


@given(st.text(max_size=20), st.sampled_from([None, *(f"{n:02d}" for n in range(33))]))
def test_what_is_read_always_has_a_latest_day(raw: str, code: str | None) -> None:
    iso, precision = read_date(raw, code)
    assert (iso is None) == (precision is None)
    if iso and precision:
        assert latest_day(iso, precision).isoformat().startswith(iso[:4])


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("20250220", datetime(2025, 2, 20, tzinfo=UTC)),
        ("20250220T1830", datetime(2025, 2, 20, 18, 30, tzinfo=UTC)),
        ("20250220T1830Z", datetime(2025, 2, 20, 18, 30, tzinfo=UTC)),
        ("20250220T1830+0530", datetime(2025, 2, 20, 13, 0, tzinfo=UTC)),
        ("20250220T183015", datetime(2025, 2, 20, 18, 30, 15, tzinfo=UTC)),
        ("20250220T183015Z", datetime(2025, 2, 20, 18, 30, 15, tzinfo=UTC)),
        ("20250220T183015-0500", datetime(2025, 2, 20, 23, 30, 15, tzinfo=UTC)),
        ("202502201830", datetime(2025, 2, 20, 18, 30, tzinfo=UTC)),  # SentDate of 2.1
        ("2025-02-20T18:30:15+01:00", datetime(2025, 2, 20, 17, 30, 15, tzinfo=UTC)),
        ("20251332", None),
        ("201102", None),
        ("yesterday", None),
        ("00010101T0000+0100", None),
        ("20250220T1830+9900", None),
    ],
)
def test_sent_date_times(raw: str, moment: datetime | None) -> None:
    assert read_sent_at(raw) == moment


def test_a_dated_role_keeps_what_was_sent() -> None:
    assert dated_role("01", "20251332", "00") == {
        "role": "01",
        "raw": "20251332",
        "format": "00",
        "date": None,
        "precision": None,
    }
