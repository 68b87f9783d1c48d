"""``feed__<feed>``: one supplier's messages of one day, from their server into the warehouse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, TriggerRule, task_group

from bindery.airflow import feed_tasks
from bindery.airflow.assets import STAGED
from bindery.airflow.docs import page
from bindery.airflow.failures import ACCOUNT, RunDigest
from bindery.airflow.parcels import LABEL, MAX_PARCELS
from bindery.airflow.policy import FEED_DATE, JUDGING, READING, WAREHOUSE, local, remote, start, step, task_defaults
from bindery.airflow.runbooks import runbook
from bindery.feeds import Feed


def feed_dag(feed: Feed) -> DAG:
    """The DAG of one feed.

    Args:
        feed: Its declaration.
    """
    with DAG(
        dag_id=f"feed__{feed.name}",
        dag_display_name=feed.title,
        description=f"Messages of {feed.title}, a day a run",
        schedule=CronTriggerTimetable(feed.schedule, timezone=feed.timezone),
        start_date=start(feed.timezone),
        catchup=False,
        max_active_runs=1,
        params={"feed_date": FEED_DATE},
        default_args=task_defaults(feed.owner),
        on_failure_callback=RunDigest(
            subject=f"feed {feed.name}", owner=feed.owner, tier=feed.tier, kind="feed", timezone=feed.timezone
        ),
        tags=["feed", feed.supplier, f"tier_{feed.tier}"],
        doc_md=_page(feed),
    ) as dag:
        _wire(feed)
    return dag


def _wire(feed: Feed) -> None:
    listed = step(feed_tasks.list_day, task_id="list", **remote(minutes=10))(feed.name)
    staged = _group(feed).expand(parcel=listed)
    # Whatever happened to some messages, the day is settled for the others, and only then the run fails.
    settled = step(
        feed_tasks.settle_day, task_id="settle", trigger_rule=TriggerRule.ALL_DONE, **local(WAREHOUSE, minutes=30)
    )(feed.name)
    announced = step(feed_tasks.announce_day, task_id="announce", outlets=[STAGED], **local(READING, minutes=5))(
        feed.name, settled
    )
    account = step(
        feed_tasks.account_run,
        task_id=ACCOUNT,
        trigger_rule=TriggerRule.ALL_DONE,
        **local(READING, retries=0, minutes=5),
    )()
    staged >> settled >> announced >> account


def _group(feed: Feed) -> Any:
    mapped: dict[str, Any] = {"map_index_template": f"{{{{ {LABEL} | default('', true) }}}}"}
    onward = mapped | {"trigger_rule": TriggerRule.ALL_DONE}

    @task_group(group_id=feed_tasks.GROUP)
    def message(parcel: Any) -> None:
        fetched = step(feed_tasks.fetch_parcel, task_id="fetch", **mapped, **remote(minutes=60))(feed.name, parcel)
        read = step(feed_tasks.read_parcel, task_id="read", **onward, **local(READING))(feed.name, fetched)
        judged = step(feed_tasks.judge_parcel, task_id="judge", **onward, **local(JUDGING))(read)
        gated = step(feed_tasks.gate_parcel, task_id="gate", **onward, **local(JUDGING, minutes=15))(feed.name, judged)
        step(feed_tasks.stage_parcel, task_id="stage", **onward, **local(WAREHOUSE))(feed.name, gated)

    return message


def _page(feed: Feed) -> str:
    place = getattr(feed.transport, "connection", None)
    where = f"{feed.transport.kind}, connection `{place}`" if place else feed.transport.kind
    silence = timedelta(days=feed.silent_after_days).days
    return page(
        feed.title,
        {
            "What": (
                f"Takes the messages that {feed.title} has for one day, keeps their bytes, reads and judges every "
                f"record, and stages the day for the `catalogue`. Runs by `{feed.schedule}` in {feed.timezone}; the "
                f"day it runs on is the feed day. At most {MAX_PARCELS} tasks a step share a day's messages."
            ),
            "Inputs": (
                f"Files `{feed.files}` under `{feed.transport.path}` ({where}), as {feed.format}. Declared in "
                f"`include/feeds/{feed.name}.yaml`; rules in `expectations/`."
            ),
            "Outputs": (
                "The archive (bytes by SHA-256), the warehouse tables of staging, and a partition of the asset "
                "`staged` when records wait for the merge, even if some message of the day failed."
            ),
            "On failure": (
                f"One digest goes to {feed.owner}. The other messages of the day went on; the last task, `{ACCOUNT}`, "
                f"fails the run after them. Steps: [{runbook('feed')}]({runbook('feed')}). A feed without a message "
                f"for {silence} days is reported by `feed_health`."
            ),
            "Backfill": (
                f"`airflow backfill create --dag-id feed__{feed.name} --from-date 2026-03-01 --to-date "
                "2026-03-03T23:59:59`: the end needs its time, or the last day is left out. Merges and deliveries "
                "follow by themselves, a run a day. Any day may be run again: the same bytes change nothing."
            ),
        },
    )
