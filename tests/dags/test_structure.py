"""What runs after what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from airflow.sdk import DAG

pytestmark = pytest.mark.airflow

STRUCTURE = {
    "feed__": {
        "list": {"message.fetch"},
        "message.fetch": {"message.read"},
        "message.read": {"message.judge"},
        "message.judge": {"message.gate"},
        "message.gate": {"message.stage"},
        "message.stage": {"settle"},
        "settle": {"announce"},
        "announce": {"account"},
        "account": set(),
    },
    "catalogue": {
        "records": {"editions"},
        "editions": {"works"},
        "works": {"offers"},
        "offers": {"verify"},
        "verify": {"publish"},
        "publish": {"announce"},
        "announce": set(),
    },
    "deliver__": {
        "plan": {"check"},
        "check": {"render", "package"},
        "render": {"package"},
        "package": {"send"},
        "send": {"await_acknowledgement"},
        "await_acknowledgement": {"settle"},
        "settle": set(),
    },
    "feed_health": {"silence": set()},
}


@pytest.mark.parametrize("kind", sorted(STRUCTURE))
def test_tasks_follow_each_other_as_designed(of_each_kind: dict[str, DAG], kind: str) -> None:
    dag = of_each_kind[kind]
    assert {task.task_id: set(task.downstream_task_ids) for task in dag.tasks} == STRUCTURE[kind]


def test_after_a_bad_message_only_what_must_go_on_goes_on(of_each_kind: dict[str, DAG]) -> None:
    rules = {task.task_id: task.trigger_rule.value for task in of_each_kind["feed__"].tasks}
    go_on = {"message.read", "message.judge", "message.gate", "message.stage", "settle", "account"}
    assert {task for task, rule in rules.items() if rule == "all_done"} == go_on
    assert {task.trigger_rule.value for task in of_each_kind["catalogue"].tasks} == {"all_success"}
    delivering = {task.task_id: task.trigger_rule.value for task in of_each_kind["deliver__"].tasks}
    assert {task for task, rule in delivering.items() if rule != "all_success"} == {"settle"}
    assert delivering["settle"] == "none_failed"


def test_who_listens_to_a_partitioned_asset_is_partitioned_itself(dags: dict[str, DAG]) -> None:
    from airflow.sdk import PartitionedAssetTimetable

    from bindery.airflow.assets import CATALOGUE, STAGED

    announced = {outlet for dag in dags.values() for task in dag.tasks for outlet in task.outlets}
    assert announced == {STAGED, CATALOGUE}
    listening = {name: dag.timetable for name, dag in dags.items() if not name.startswith("feed_")}
    heard = set()
    for name, timetable in listening.items():
        assert isinstance(timetable, PartitionedAssetTimetable), name
        heard.add(timetable.asset_condition)
    assert heard == announced


def test_a_feed_day_survives_the_partition_mapper() -> None:
    from datetime import date

    from airflow.partition_mappers.temporal import StartOfDayMapper

    from bindery.airflow.assets import DAY_FORMAT
    from bindery.airflow.feed_day import feed_day

    mapper = StartOfDayMapper(input_format=DAY_FORMAT, output_format=DAY_FORMAT)
    key = mapper.to_downstream("2026-03-01")
    assert feed_day({"partition_key": key}) == date(2026, 3, 1)


def test_a_new_feed_does_not_change_what_the_catalogue_listens_to(dags: dict[str, DAG]) -> None:
    from bindery.airflow.assets import STAGED

    assert dags["catalogue"].timetable.asset_condition == STAGED
