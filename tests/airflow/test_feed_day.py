from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from bindery.airflow.feed_day import feed_day
from bindery.errors import ConfigurationError

pytestmark = pytest.mark.airflow

LATE_IN_LONDON = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("context", "day"),
    [
        pytest.param({"logical_date": datetime(2026, 3, 1, 3, tzinfo=UTC)}, date(2026, 3, 1), id="scheduled"),
        pytest.param({"partition_key": "2026-03-01"}, date(2026, 3, 1), id="asset-triggered"),
        pytest.param({"partition_key": None, "params": {"feed_date": "2026-03-02"}}, date(2026, 3, 2), id="manual"),
        pytest.param(
            {"params": {"feed_date": "2026-03-02"}, "logical_date": datetime(2026, 11, 1, tzinfo=UTC)},
            date(2026, 3, 2),
            id="manual-with-logical-date",
        ),
        pytest.param(
            {"partition_key": "2026-03-03", "params": {"feed_date": "2026-03-02"}}, date(2026, 3, 3), id="key-wins"
        ),
        pytest.param(
            {"params": {"feed_date": None}, "dag_run": SimpleNamespace(partition_key="2026-03-04")},
            date(2026, 3, 4),
            id="callback-with-run-only",
        ),
        pytest.param(
            {"dag_run": SimpleNamespace(conf={"feed_date": "2026-03-05"}, logical_date=None)},
            date(2026, 3, 5),
            id="callback-with-conf-only",
        ),
        pytest.param(
            {"dag_run": SimpleNamespace(conf=None, logical_date=datetime(2026, 3, 6, 3, tzinfo=UTC))},
            date(2026, 3, 6),
            id="callback-with-logical-date-only",
        ),
    ],
)
def test_the_day_is_found_however_the_run_came_to_be(context: dict[str, object], day: date) -> None:
    assert feed_day(context) == day


def test_a_logical_date_is_read_in_the_feeds_own_timezone() -> None:
    assert feed_day({"logical_date": LATE_IN_LONDON}, timezone="Europe/London") == date(2026, 3, 1)
    assert feed_day({"logical_date": LATE_IN_LONDON}, timezone="Europe/Stockholm") == date(2026, 3, 2)


@pytest.mark.parametrize("context", [{}, {"params": {}}, {"params": None, "dag_run": None, "logical_date": None}])
def test_a_run_without_a_day_says_how_to_give_it_one(context: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="names no feed day") as raised:
        feed_day(context)
    assert "feed_date" in raised.value.fix


def test_a_key_that_is_no_day_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="'2026-W10' is not a day"):
        feed_day({"partition_key": "2026-W10"})
