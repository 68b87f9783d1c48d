"""The DAGs run, over real messages, from a supplier's folder to a recipient's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bindery.home import Home
from tests.simulator.messages import Entry, message
from tests.simulator.onix3 import Header
from tests.simulator.titles import House, make_title

if TYPE_CHECKING:
    from airflow.sdk import DAG

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.integration]

DAY = "2026-03-01"
HARBOUR = House("Harbour", "Harbour Press", "97800", "04", western=True, out_of_scope=0)
TITLES = 5


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    root = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BINDERY_HOME", str(root))
        yield Home(root)
    # The warm judge ends once its socket is gone.
    shutil.rmtree(root / "run", ignore_errors=True)


def _message(number: int, first: int) -> bytes:
    header = Header("Harbour", datetime(2026, 3, 1, number, tzinfo=UTC), number)
    return b"".join(message("onix_3.0", header, [Entry(make_title(7, HARBOUR, first + i)) for i in range(TITLES)]))


def _offer(home: Home, name: str, content: bytes) -> None:
    path: Path = home.root / "suppliers" / "harbour" / DAY / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _run(dag: DAG, minute: int) -> tuple[str, dict[tuple[str, int], str]]:
    run = dag.test(logical_date=datetime(2026, 3, 1, 5, minute, tzinfo=UTC), run_conf={"feed_date": DAY})
    states = {(task.task_id, task.map_index): str(task.state) for task in run.get_task_instances()}
    return str(run.state), states


@pytest.fixture(scope="module")
def ingested(home: Home, dags: dict[str, DAG]) -> tuple[str, dict[tuple[str, int], str]]:
    _offer(home, "a_delta_1.xml", _message(1, 0))
    _offer(home, "b_delta_2.xml", _message(2, 100)[:-200])
    _offer(home, "c_delta_3.xml", _message(3, 200))
    return _run(dags["feed__harbour"], 0)


@pytest.fixture(scope="module")
def merged(ingested: object, dags: dict[str, DAG]) -> tuple[str, dict[tuple[str, int], str]]:
    assert ingested
    return _run(dags["catalogue"], 0)


def test_a_message_that_breaks_off_fails_the_run_but_not_the_day(
    ingested: tuple[str, dict[tuple[str, int], str]],
) -> None:
    state, tasks = ingested
    assert state == "failed"
    assert [tasks["message.read", index] for index in range(3)] == ["success", "failed", "success"]
    assert [tasks["message.stage", index] for index in range(3)] == ["success", "skipped", "success"]
    assert (tasks["settle", -1], tasks["announce", -1], tasks["account", -1]) == ("success", "success", "failed")


@pytest.mark.usefixtures("ingested")
def test_one_digest_names_the_file_and_the_sender(home: Home) -> None:
    (path,) = home.alerts.glob("feed__harbour__*.json")
    alert = json.loads(path.read_bytes())
    (failure,) = alert["failures"]
    assert failure["label"] == f"{DAY}/b_delta_2.xml"
    assert failure["fault"] == "sender"
    assert alert["day"] == DAY


def test_what_was_good_is_merged(home: Home, merged: tuple[str, dict[tuple[str, int], str]]) -> None:
    from bindery.steps.settle import feed_days

    state, tasks = merged
    assert state == "success"
    assert set(tasks.values()) == {"success"}
    (day,) = feed_days(home)
    assert (day.messages, day.refused, day.received) == (3, 1, 2 * TITLES)
    assert sum(day.outcomes.values()) == 2 * TITLES
    assert "pending" not in day.outcomes


@pytest.mark.usefixtures("merged")
def test_a_second_merge_finds_nothing_left(dags: dict[str, DAG]) -> None:
    state, tasks = _run(dags["catalogue"], 1)
    assert state == "success"
    assert tasks.pop(("records", -1)) == "success"
    assert set(tasks.values()) == {"skipped"}


@pytest.mark.usefixtures("merged")
def test_the_day_taken_again_changes_nothing(home: Home, dags: dict[str, DAG]) -> None:
    from bindery.steps.settle import feed_days

    before = feed_days(home)
    state, _ = _run(dags["feed__harbour"], 1)
    assert state == "failed"
    _run(dags["catalogue"], 2)
    assert feed_days(home) == before


@pytest.mark.usefixtures("merged")
def test_a_delivery_carries_the_difference_once(home: Home, dags: dict[str, DAG]) -> None:
    state, tasks = _run(dags["deliver__listenwell"], 0)
    assert state == "success"
    assert (tasks["send", -1], tasks["await_acknowledgement", -1], tasks["settle", -1]) == ("success",) * 3
    assert list((home.root / "outbox" / "listenwell").rglob("*.xml"))
    state, again = _run(dags["deliver__listenwell"], 1)
    assert state == "success"
    assert again["send", -1] == "skipped"


@pytest.mark.usefixtures("merged")
def test_health_tells_the_feeds_that_never_sent(home: Home, dags: dict[str, DAG]) -> None:
    state, _ = _run(dags["feed_health"], 0)
    assert state == "success"
    silent: set[Any] = {json.loads(path.read_bytes())["subject"] for path in home.alerts.glob("silent__*.json")}
    assert silent == {"feed northwind", "feed lindqvist", "feed papyrus"}
