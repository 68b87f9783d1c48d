"""Days of which an edge leaves no part open, or none closed."""

from __future__ import annotations

import pytest

from bindery.rights.edges import Edge, end_day, first_day


@pytest.mark.parametrize(
    ("edge", "opens", "closes"),
    [
        (Edge("2026-05-01T00:00", last=True), "2026-05-01", "2026-05-01"),
        (Edge("2026-05-01T02:30", last=True), "2026-05-02", "2026-05-01"),
        (Edge("2026-05-01T23:00:00Z", last=True), "2026-05-03", "2026-05-01"),  # the second, at 13:00, at +14:00
        (Edge("2026-05-01T10:00:00Z", last=True), "2026-05-02", "2026-04-30"),
        (Edge("9999-12-31T23:00:00Z", last=True), "9999-12-31", "9999-12-31"),
        (Edge("0001-01-01T00:00:00Z", last=True), "0001-01-02", "0001-01-01"),
    ],
)
def test_whole_days(edge: Edge, opens: str, closes: str) -> None:
    assert (first_day(edge).isoformat(), end_day(edge).isoformat()) == (opens, closes)
