from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from airflow.sdk.exceptions import AirflowSkipException, DownstreamTasksSkipped

from bindery.airflow import catalogue_tasks, skipping
from bindery.airflow.assets import CATALOGUE
from bindery.home import Home
from bindery.warehouse import open_writer

pytestmark = pytest.mark.airflow


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    days: list[str] = []
    context: dict[str, Any] = {
        "partition_key": "2026-03-01",
        "run_id": "asset__2026-03-01",
        "outlet_events": {CATALOGUE: SimpleNamespace(add_partitions=days.append)},
    }
    monkeypatch.setattr(catalogue_tasks, "get_current_context", lambda: context)
    context["task"] = SimpleNamespace(get_flat_relative_ids=lambda *, upstream: {"editions"} - {upstream})
    monkeypatch.setattr(skipping, "get_current_context", lambda: context)
    return days


def _load(home: Home, table: str, **row: Any) -> None:
    with open_writer(home) as warehouse:
        warehouse.load(table, pa.Table.from_pylist([row]))


def _queue(home: Home) -> None:
    _load(home, "merge_queue", step="editions", isbn13="9780000000002", edition_key=9780000000002)


def _change(home: Home, change_id: int) -> None:
    _load(
        home,
        "changes",
        change_id=change_id,
        isbn13="9780000000002",
        edition_key=9780000000002,
        action="added",
        state="active",
        change_hash=str(change_id),
    )


def _rest() -> None:
    catalogue_tasks.editions()
    catalogue_tasks.works()
    catalogue_tasks.offers()
    catalogue_tasks.verify()
    catalogue_tasks.publish()


@pytest.mark.usefixtures("home", "announced")
def test_a_run_that_finds_nothing_ends_at_once() -> None:
    with pytest.raises(DownstreamTasksSkipped):
        catalogue_tasks.records()


def test_a_merge_that_changes_nothing_is_not_announced(home: Home, announced: list[str]) -> None:
    _queue(home)
    catalogue_tasks.records()
    _rest()
    with pytest.raises(AirflowSkipException, match="as it was"):
        catalogue_tasks.announce()
    assert announced == []
    with pytest.raises(DownstreamTasksSkipped):
        catalogue_tasks.records()


def test_a_change_is_announced_with_its_day(home: Home, announced: list[str]) -> None:
    _queue(home)
    catalogue_tasks.records()
    _change(home, 1)
    _rest()
    catalogue_tasks.announce()
    assert announced == ["2026-03-01"]


def test_a_merge_broken_off_is_finished_and_announced_by_the_next_run(home: Home, announced: list[str]) -> None:
    _queue(home)
    catalogue_tasks.records()
    _change(home, 1)
    # Killed here: the change is made, nothing is queued any more, nobody was told.
    catalogue_tasks.editions()
    catalogue_tasks.works()
    catalogue_tasks.offers()
    catalogue_tasks.records()
    _rest()
    catalogue_tasks.announce()
    assert announced == ["2026-03-01"]


def test_a_broken_off_announcement_is_made_again(home: Home, announced: list[str]) -> None:
    _queue(home)
    catalogue_tasks.records()
    _rest()
    with pytest.raises(AirflowSkipException):
        catalogue_tasks.announce()
    # Airflow tries it again when it was killed after its mark was taken away: then it must rather say too much.
    catalogue_tasks.announce()
    assert announced == ["2026-03-01"]
