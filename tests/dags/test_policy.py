"""What every DAG must keep to, whatever it does."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.airflow_home import REPOSITORY

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk import DAG

pytestmark = pytest.mark.airflow

GATES = {"account"}
"""Tasks that run whatever happened and raise for what failed; only they may end a run, and none is tried again."""

RUNBOOKS = {"feed__": "feed", "catalogue": "catalogue", "deliver__": "deliver", "feed_health": "feed_health"}


def _declared(folder: str) -> set[str]:
    return {path.stem for path in (REPOSITORY / "include" / folder).glob("*.yaml")}


def test_there_is_a_dag_for_each_declaration_and_no_other(bag: DagBag) -> None:
    assert {"northwind", "lindqvist", "harbour", "papyrus"} <= _declared("feeds")
    feeds = {f"feed__{name}" for name in _declared("feeds")}
    deliveries = {f"deliver__{name}" for name in _declared("recipients")}
    assert set(bag.dag_ids) == {"catalogue", "feed_health"} | feeds | deliveries


def test_every_file_loads_without_error_or_warning(bag: DagBag) -> None:
    assert bag.import_errors == {}
    assert {file: found for file, found in bag.captured_warnings.items() if found} == {}


def test_dags_answer_for_themselves(dags: dict[str, DAG]) -> None:
    for name, dag in dags.items():
        assert any(re.fullmatch(r"tier_[123]", tag) for tag in dag.tags), name
        assert {"@" in task.owner for task in dag.tasks} == {True}, name
        assert dag.on_failure_callback is not None, name


def test_dags_explain_themselves_and_name_a_runbook(dags: dict[str, DAG]) -> None:
    for name, dag in dags.items():
        headings = re.findall(r"^## (.+)$", dag.doc_md or "", flags=re.MULTILINE)
        assert headings == ["What", "Inputs", "Outputs", "On failure", "Backfill"], name
        (runbook,) = {kind for prefix, kind in RUNBOOKS.items() if name.startswith(prefix)}
        path = f"docs/runbooks/{runbook}.md"
        assert path in (dag.doc_md or ""), name
        assert (REPOSITORY / path).is_file(), path


def test_runs_start_on_purpose_and_one_at_a_time(dags: dict[str, DAG]) -> None:
    for name, dag in dags.items():
        assert dag.catchup is False, name
        assert dag.max_active_runs == 1, name
        assert dag.start_date is not None, name
        assert dag.start_date.tzinfo is not None, name
        assert dag.start_date.astimezone(dag.timezone).date().isoformat() == "2026-01-01", name
        assert "feed_date" in dag.params, name


def test_every_task_ends_and_knows_when_trying_again_helps(dags: dict[str, DAG]) -> None:
    for dag in dags.values():
        for task in dag.tasks:
            assert task.execution_timeout is not None, task
            assert task.retry_policy is not None, task
            assert task.retries >= (0 if task.task_id in GATES else 1), task
            assert task.on_failure_callback, task
            assert task.on_execute_callback, task


def test_every_pool_is_declared(dags: dict[str, DAG]) -> None:
    declared = json.loads((REPOSITORY / "include" / "airflow" / "pools.json").read_bytes())
    assert {task.pool for dag in dags.values() for task in dag.tasks} == set(declared)
    assert declared["warehouse"]["slots"] == 1


def test_whatever_writes_the_warehouse_waits_for_the_one_writer(dags: dict[str, DAG]) -> None:
    writers = {"message.stage", "settle", "records", "editions", "works", "offers", "verify", "publish"}
    for dag in dags.values():
        for task in dag.tasks:
            assert (task.pool == "warehouse") == (task.task_id in writers), task


def test_no_leaf_can_hide_a_failure(dags: dict[str, DAG]) -> None:
    for dag in dags.values():
        leaves = [task for task in dag.tasks if not task.downstream_task_ids]
        for leaf in leaves:
            # none_failed runs after skipped tasks, never after failed ones.
            assert leaf.trigger_rule in ("all_success", "none_failed") or leaf.task_id in GATES, leaf


def test_dag_files_only_wire() -> None:
    for path in (REPOSITORY / "dags").glob("*.py"):
        lines = path.read_text().splitlines()
        assert len(lines) <= 150, path
        imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
        assert imported <= {"__future__", "bindery"}, path
        for word in ("SELECT ", "INSERT ", "MERGE ", ".now(", "utcnow", "today("):
            assert word not in path.read_text(), path


def test_a_clock_reads_the_day_in_the_feeds_own_timezone(dags: dict[str, DAG]) -> None:
    assert str(dags["feed__lindqvist"].timezone) == "Europe/Stockholm"
    assert dags["feed__lindqvist"].schedule.expression == "30 3 * * *"
