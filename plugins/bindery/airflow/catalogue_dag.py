"""``catalogue``: what the feeds staged becomes the catalogue."""

from __future__ import annotations

from airflow.sdk import DAG, chain

from bindery.airflow import catalogue_tasks as steps
from bindery.airflow.assets import CATALOGUE, STAGED, on_each_day_of
from bindery.airflow.docs import page
from bindery.airflow.failures import RunDigest
from bindery.airflow.policy import FEED_DATE, READING, WAREHOUSE, local, start, step, task_defaults
from bindery.airflow.runbooks import runbook

OWNER = "catalogue@bindery.example"
TIER = 1


def catalogue_dag() -> DAG:
    """The DAG that merges what any feed staged."""
    with DAG(
        dag_id="catalogue",
        dag_display_name="Catalogue",
        description="Folds staged records into editions, works and offers, verifies the laws, publishes",
        schedule=on_each_day_of(STAGED),
        start_date=start(),
        catchup=False,
        max_active_runs=1,
        params={"feed_date": FEED_DATE},
        default_args=task_defaults(OWNER),
        on_failure_callback=RunDigest(subject="catalogue", owner=OWNER, tier=TIER, kind="catalogue"),
        tags=["catalogue", f"tier_{TIER}"],
        doc_md=_page(),
    ) as dag:
        merged = [
            step(work, task_id=work.__name__, **local(WAREHOUSE, minutes=120))()
            for work in (steps.records, steps.editions, steps.works, steps.offers, steps.verify, steps.publish)
        ]
        announced = step(steps.announce, task_id="announce", outlets=[CATALOGUE], **local(READING, minutes=5))()
        chain(*merged, announced)
    return dag


def _page() -> str:
    return page(
        "Catalogue",
        {
            "What": (
                "Folds what the feeds staged into current records, editions, works and offers, for the affected titles "
                "only; checks the laws; publishes a snapshot. Starts when any feed stages a day; a late supplier holds "
                "nobody back. The catalogue does not depend on the order of these runs (law 1)."
            ),
            "Inputs": (
                "Staged records of any feed: each `feed__<feed>` announces its day as a partition of the asset "
                "`staged`."
            ),
            "Outputs": (
                "The current tables, `changes`, a read-only snapshot, and a partition of the asset `catalogue` when "
                "something changed. A run that finds everything merged skips the rest."
            ),
            "On failure": (
                f"Nothing is published: pages and deliveries keep the last good snapshot. One digest goes to {OWNER}. "
                f"Steps: [{runbook('catalogue')}]({runbook('catalogue')})."
            ),
            "Backfill": (
                "Not on its own: run the feed days again (`airflow backfill create --dag-id feed__<feed> …`) and it "
                'follows. By hand: `airflow dags trigger catalogue --conf \'{"feed_date": "2026-03-01"}\'`.'
            ),
        },
    )
