"""``deliver__<recipient>``: what the catalogue says and the recipient does not have yet."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, TriggerRule

from bindery.airflow import delivery_tasks as steps
from bindery.airflow.acknowledgements import AwaitAcknowledgement
from bindery.airflow.assets import CATALOGUE, on_each_day_of
from bindery.airflow.docs import page
from bindery.airflow.failures import RunDigest
from bindery.airflow.policy import FEED_DATE, READING, WAREHOUSE, local, remote, start, step, task_defaults
from bindery.airflow.runbooks import runbook
from bindery.delivery.recipient import Recipient


def delivery_dag(recipient: Recipient) -> DAG:
    """The DAG of one recipient.

    Args:
        recipient: Its declaration.
    """
    with DAG(
        dag_id=f"deliver__{recipient.name}",
        dag_display_name=f"Deliver to {recipient.title}",
        description=f"Sends {recipient.title} what changed for it",
        schedule=on_each_day_of(CATALOGUE),
        start_date=start(),
        catchup=False,
        max_active_runs=1,
        params={"feed_date": FEED_DATE},
        default_args=task_defaults(recipient.owner),
        on_failure_callback=RunDigest(
            subject=f"recipient {recipient.name}", owner=recipient.owner, tier=recipient.tier, kind="deliver"
        ),
        tags=["delivery", recipient.name, f"tier_{recipient.tier}"],
        doc_md=_page(recipient),
    ) as dag:
        _wire(recipient)
    return dag


def _wire(recipient: Recipient) -> None:
    name = recipient.name
    planned = step(steps.plan, task_id="plan", **local(READING, minutes=30))(name)
    checked = step(steps.check, task_id="check", **local(READING, minutes=30))(name, planned)
    rendered = (
        step(steps.render, task_id="render", **local(READING))
        .partial(recipient=name, planned=checked[steps.PLAN])
        .expand(shard=checked)
    )
    packed = step(steps.package, task_id="package", **local(READING))(name, checked[steps.PLAN], rendered)
    sent = step(steps.send, task_id="send", **remote(minutes=60))(name, packed)
    answer = AwaitAcknowledgement(
        task_id="await_acknowledgement",
        sent=sent,
        recipient=name,
        deadline_minutes=recipient.acknowledgement.deadline_minutes,
        poke_interval=timedelta(seconds=30),
        **remote(minutes=10),
    )
    # It also runs where nothing was left to send: what was omitted, and why, is written down all the same.
    step(steps.settle, task_id="settle", trigger_rule=TriggerRule.NONE_FAILED, **local(WAREHOUSE, minutes=30))(
        name, answer.output
    )


def _page(recipient: Recipient) -> str:
    place = getattr(recipient.destination, "connection", None)
    where = f"{recipient.destination.kind}, connection `{place}`" if place else recipient.destination.kind
    markets = ", ".join(recipient.countries) or "every country"
    return page(
        f"Deliver to {recipient.title}",
        {
            "What": (
                f"Compares the published catalogue with what {recipient.title} accepted, renders the difference as "
                f"{recipient.specification}, sends it, and waits for the answer. Starts when the catalogue changes; "
                "with nothing to send it ends at once."
            ),
            "Inputs": (
                f"The newest snapshot: {recipient.model} offers in {markets}. A title must state "
                f"{', '.join(recipient.requires)}; otherwise it is omitted for this recipient and listed. Declared in "
                f"`include/recipients/{recipient.name}.yaml`."
            ),
            "Outputs": f"A package at `{recipient.destination.path}` ({where}); the recipient's accepted state.",
            "On failure": (
                f"Nothing counts as accepted; the next delivery heals it (law 7). One digest goes to "
                f"{recipient.owner}. Silence past {recipient.acknowledgement.deadline_minutes:g} minutes is reported "
                f"and does not fail the run. Steps: [{runbook('deliver')}]({runbook('deliver')})."
            ),
            "Backfill": (
                "There is none: a delivery is made against the catalogue as it is, whatever day caused it. To send "
                f"again what was lost: `airflow dags trigger deliver__{recipient.name}`."
            ),
        },
    )
