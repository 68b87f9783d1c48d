"""``feed_health``: what is wrong although nothing failed."""

from __future__ import annotations

from airflow.sdk import DAG, CronTriggerTimetable

from bindery.airflow import health_tasks
from bindery.airflow.docs import page
from bindery.airflow.failures import RunDigest
from bindery.airflow.policy import FEED_DATE, READING, local, start, step, task_defaults
from bindery.airflow.runbooks import runbook

OWNER = "catalogue@bindery.example"
TIER = 2
SCHEDULE = "0 12 * * *"


def health_dag() -> DAG:
    """The DAG that judges silence by the clock, whether any feed ran or not."""
    with DAG(
        dag_id="feed_health",
        dag_display_name="Feed health",
        description="Tells which feeds are silent",
        schedule=CronTriggerTimetable(SCHEDULE, timezone="UTC"),
        start_date=start(),
        catchup=False,
        max_active_runs=1,
        params={"feed_date": FEED_DATE},
        default_args=task_defaults(OWNER),
        on_failure_callback=RunDigest(subject="feed health", owner=OWNER, tier=TIER, kind="feed_health"),
        tags=["health", f"tier_{TIER}"],
        doc_md=_page(),
    ) as dag:
        step(health_tasks.silence, task_id="silence", **local(READING, minutes=10))()
    return dag


def _page() -> str:
    return page(
        "Feed health",
        {
            "What": (
                "Judges each feed's silence by its own `silent_after_days`, every day at noon UTC, whether feeds ran "
                "or not: a feed that is paused, or whose supplier stopped, fails nowhere else."
            ),
            "Inputs": "The newest published snapshot and `include/feeds/`.",
            "Outputs": "One alert for each silence, to the feed's owner. No table.",
            "On failure": (
                f"No feed is judged that day. One digest goes to {OWNER}. "
                f"Steps: [{runbook('feed_health')}]({runbook('feed_health')})."
            ),
            "Backfill": (
                "`airflow backfill create --dag-id feed_health --from-date 2026-03-01 --to-date 2026-03-03T23:59:59` "
                "judges past days by what is known today; a silence that was told is not told again."
            ),
        },
    )
