from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from airflow import sdk
from airflow.sdk.exceptions import AirflowFailException

from bindery.airflow.failures import RunDigest, note_failure, notes, strike_note
from bindery.airflow.feed_tasks import account_for
from bindery.errors import RefusedError
from bindery.home import Home

pytestmark = pytest.mark.airflow

DAG, RUN = "feed__northwind", "scheduled__2026-03-01T03:00:00+00:00"
FOLDER = "scheduled__2026-03-01T03_00_00+00_00"


def _task(task_id: str = "message.read", map_index: int = 3) -> SimpleNamespace:
    return SimpleNamespace(dag_id=DAG, run_id=RUN, task_id=task_id, map_index=map_index)


def _refused(task: SimpleNamespace | None = None) -> dict[str, Any]:
    error = RefusedError("a.xml of feed northwind breaks off.", fix="Ask Northwind to send it again.")
    return {"ti": task or _task(), "exception": error, "parcel": "a.xml"}


def _digest() -> RunDigest:
    return RunDigest(subject="feed northwind", owner="catalogue@bindery.example", tier=1, kind="feed")


def _alerts(home: Home) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted(home.alerts.glob("*.json"))]


def test_a_failed_task_leaves_a_note_with_fault_and_fix(home: Home) -> None:
    note_failure(_refused())
    path = home.alerts / "failures" / DAG / FOLDER / "message.read-3.json"
    assert json.loads(path.read_bytes()) == {
        "task": "message.read",
        "map_index": 3,
        "label": "a.xml",
        "error": "a.xml of feed northwind breaks off.",
        "fix": "Ask Northwind to send it again.",
        "fault": "sender",
        "link": (
            "http://localhost:18181/dags/feed__northwind/runs/scheduled__2026-03-01T03%3A00%3A00%2B00%3A00"
            "/tasks/message.read/mapped/3"
        ),
    }


def test_a_task_that_starts_again_takes_its_note_back(home: Home) -> None:
    note_failure(_refused())
    note_failure(_refused(_task("message.judge", 1)))
    strike_note({"ti": _task()})
    assert [note.task for note in notes(DAG, RUN, home=home)] == ["message.judge"]


def test_a_task_that_was_killed_is_noted_without_its_exception(home: Home) -> None:
    note_failure({"ti": _task(map_index=-1)})
    (note,) = notes(DAG, RUN, home=home)
    assert "killed" in note.error
    assert note.fault == "ours"


def test_one_digest_tells_all_notes_of_a_run(home: Home) -> None:
    for index in range(40):
        note_failure(_refused(_task(map_index=index)))
    note_failure({"ti": _task("account", -1), "exception": AirflowFailException("Tasks that failed: message.read_0")})
    _digest()({"dag_run": _run(), "run_id": RUN, "dag": sdk.DAG(DAG, schedule=None), "reason": "task_failure"})
    (alert,) = _alerts(home)
    assert alert["title"] == (
        "feed northwind, 2026-03-01: 40 tasks failed, first message.read [a.xml]: a.xml of feed northwind breaks off."
    )
    assert "account" not in {failure["task"] for failure in alert["failures"]}
    assert alert["lines"] == ["AirflowFailException: Tasks that failed: message.read_0"]
    assert alert["runbook"] == "docs/runbooks/feed.md"


def _run(**other: Any) -> SimpleNamespace:
    given = {
        "dag_id": DAG,
        "run_id": RUN,
        "partition_key": None,
        "conf": None,
        "logical_date": datetime(2026, 3, 1, 3, tzinfo=UTC),
        "clear_number": 0,
    }
    return SimpleNamespace(**(given | other))


@pytest.mark.parametrize(
    ("context", "day"),
    [
        pytest.param({"dag": sdk.DAG(DAG, schedule=None), "run_id": RUN, "reason": "x"}, None, id="minimal"),
        pytest.param({"dag_run": _run(), "run_id": RUN}, "2026-03-01", id="scheduled"),
        pytest.param({"dag_run": _run(logical_date=None, partition_key="2026-03-02")}, "2026-03-02", id="asset"),
        pytest.param({"ti": _task(), "dag_run": None, "exception": None}, None, id="task-only"),
        pytest.param({"dag": SimpleNamespace(dag_id=DAG), "run_id": RUN}, None, id="serialized-dag"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_a_digest_is_made_of_whatever_the_context_holds(home: Home, context: dict[str, Any], day: str | None) -> None:
    _digest()(context)
    (alert,) = _alerts(home)
    assert alert["day"] == day
    assert "no task could say why" in alert["title"]


def test_a_run_is_told_once_and_again_after_it_was_cleared(home: Home) -> None:
    digest = _digest()
    digest({"dag_run": _run(), "run_id": RUN})
    digest({"dag_run": _run(), "run_id": RUN})
    assert len(_alerts(home)) == 1
    digest({"dag_run": _run(clear_number=1), "run_id": RUN})
    assert len(_alerts(home)) == 2


def test_the_account_fails_a_run_in_which_any_task_failed() -> None:
    account_for({"list": "success", "message.read_0": "success", "message.read_1": "skipped", "announce": "skipped"})
    with pytest.raises(AirflowFailException, match=r"failed: message.read_1; not run because of that: announce"):
        account_for({"list": "success", "message.read_1": "failed", "announce": "upstream_failed"})
    with pytest.raises(AirflowFailException, match="announce"):
        account_for({"list": "success", "announce": "upstream_failed"})
