from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bindery.trade.durations import run_time, run_times, seconds, spoken


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("00225", "15", 2 * 3600 + 25 * 60),  # GOLDEN section 5
        ("0022510", "16", 2 * 3600 + 25 * 60 + 10),
        ("1001010", "16", 100 * 3600 + 10 * 60 + 10),
        ("0121305", "16", 12 * 3600 + 13 * 60 + 5),
        ("01130", "15", 11 * 3600 + 30 * 60),  # AUDIOBOOKS section 5, 27: not 1130 minutes
        ("1130", "15", 11 * 3600 + 30 * 60),
        ("524", "05", 31440),  # elibri, GOLDEN section 3
        ("340", "05", 20400),
        ("90.5", "05", 5430),
        ("9.25", "04", 33300),
        ("44438", "06", 44438),
        ("012", "14", 12 * 3600),
        ("002251050", "16", 2 * 3600 + 25 * 60 + 10),
        ("0000000", "16", 0),
        ("0117799", "16", None),
        ("00275", "15", None),
        ("9,25", "04", None),
        ("1.5", "06", None),
        ("42", "11", None),
        ("42", "12", None),
        ("650", "19", None),
        ("-5", "05", None),
        ("", "05", None),
        ("٣", "06", None),
    ],
)
def test_extents_of_list_24(value: str, unit: str, expected: int | None) -> None:
    assert seconds(value, unit) == expected


def test_run_times_keep_hundredths() -> None:
    assert run_time("000000050") == 0.5
    assert run_time("0010203") == 3723.0
    assert run_time("0016003") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 hrs and 20 mins", 8400),  # Audible, GOLDEN section 8: 140 minutes
        ("13 hrs and 8 mins", 47280),
        ("1 hr", 3600),
        ("1 hr and 1 min", 3660),
        ("45 mins", 2700),
        ("9h 12m", 33120),
        ("9h12m", 33120),
        ("1h 2m 3s", 3723),
        ("9 Std. 12 Min.", 33120),
        ("11:32:05", 41525),
        ("12:20:38", 44438),  # Palace, GOLDEN section 8
        ("PT9H12M", 33120),
        ("9:12", None),
        ("552", None),
        ("Less than 1 minute", None),
        ("11:72:05", None),
        ("and", None),
        ("", None),
    ],
)
def test_lengths_as_people_write_them(text: str, expected: int | None) -> None:
    assert spoken(text) == expected


@settings(deadline=None)
@given(st.lists(st.none() | st.from_regex(r"\A[ 0-9]{0,11}\Z") | st.text(max_size=9)))
def test_many_run_times_are_read_as_single_ones(values: list[str | None]) -> None:
    one_by_one = [run_time(value) if value is not None else None for value in values]
    assert run_times(pa.array(values, pa.string())).to_pylist() == one_by_one
