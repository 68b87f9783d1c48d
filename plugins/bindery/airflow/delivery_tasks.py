"""What the tasks of ``deliver__<recipient>`` do: send the difference between desired and accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from bindery.airflow.acknowledgements import destination_endpoint
from bindery.airflow.alerts import Alert, raise_alert
from bindery.airflow.declared import recipient_named
from bindery.airflow.failures import run_link
from bindery.airflow.feed_day import feed_day
from bindery.airflow.parcels import pack
from bindery.airflow.runbooks import runbook
from bindery.claims import AcknowledgedDelivery, Package, Plan
from bindery.delivery.recipient import Recipient
from bindery.errors import ConfigurationError
from bindery.home import Home

PLAN = "plan"
"""XCom key under which ``check`` hands on the checked plan; what it returns is mapped over."""


def plan(recipient: str) -> dict[str, Any]:
    """Compare the catalogue with what the recipient accepted (law 7)."""
    from bindery.steps import deliver  # noqa: PLC0415 - a DAG file must parse without the rooms

    declared = recipient_named(recipient)
    return pack(_worth_sending(deliver.plan(declared, _partition_key(), home=Home.from_environment())))


def check(recipient: str, planned: Mapping[str, Any]) -> list[int]:
    """Hold back titles below the recipient's minimum; say into which shards the rest is rendered."""
    from bindery.steps import deliver  # noqa: PLC0415

    checked = deliver.check(Plan.model_validate(planned), recipient_named(recipient), home=Home.from_environment())
    get_current_context()["ti"].xcom_push(key=PLAN, value=pack(checked))
    return list(deliver.shards(_worth_sending(checked)))


def render(recipient: str, planned: Mapping[str, Any], shard: int) -> str:
    """Render one shard."""
    from bindery.steps import deliver  # noqa: PLC0415

    home = Home.from_environment()
    return deliver.render(Plan.model_validate(planned), recipient_named(recipient), shard, home=home)


def package(recipient: str, planned: Mapping[str, Any], rendered: Sequence[str]) -> dict[str, Any]:
    """Make one folder of files of the shards."""
    from bindery.steps import deliver  # noqa: PLC0415

    home = Home.from_environment()
    return pack(deliver.package(Plan.model_validate(planned), recipient_named(recipient), list(rendered), home=home))


def send(recipient: str, packed: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the package to the recipient."""
    from bindery.steps import deliver  # noqa: PLC0415

    declared = recipient_named(recipient)
    endpoint = destination_endpoint(declared)
    home = Home.from_environment()
    return pack(deliver.send(Package.model_validate(packed), declared, home=home, endpoint=endpoint))


def settle(recipient: str, answer: Mapping[str, Any] | None) -> dict[str, Any]:
    """Write down what the recipient has now; tell a person when it refused or stayed silent.

    Args:
        recipient: Its name.
        answer: What it said; None where nothing was sent. Then what was omitted is written down, if anything was.
    """
    from bindery.steps import deliver  # noqa: PLC0415

    declared = recipient_named(recipient)
    if answer is None:
        checked = get_current_context()["ti"].xcom_pull(task_ids="check", key=PLAN)
        if checked is None:
            raise AirflowSkipException(f"{recipient} has everything it is to have.")
        return pack(deliver.settle(Plan.model_validate(checked), declared, home=Home.from_environment()))
    acknowledged = AcknowledgedDelivery.model_validate(answer)
    result = deliver.settle(acknowledged, declared, home=Home.from_environment())
    if acknowledged.status != "accepted" or acknowledged.rejected:
        _tell(acknowledged, declared)
    return pack(result)


def _worth_sending(planned: Plan) -> Plan:
    if planned.items == 0:
        raise AirflowSkipException(f"{planned.recipient} has everything it is to have.")
    return planned


def _partition_key() -> str | None:
    try:
        return feed_day(get_current_context()).isoformat()
    except ConfigurationError:
        # A delivery is made against the catalogue as it is; the day only names its cause.
        return None


def _tell(answer: AcknowledgedDelivery, recipient: Recipient) -> None:
    context, sent = get_current_context(), answer.sent
    made = sent.package.plan
    silent = answer.status == "silent"
    said = (
        f"did not answer delivery {made.number} within {recipient.acknowledgement.deadline_minutes:g} minutes"
        if silent
        else f"rejected delivery {made.number}"
        if answer.status == "rejected"
        else f"rejected {len(answer.rejected)} titles of delivery {made.number}"
    )
    raise_alert(
        Alert(
            key=f"{answer.status}__{recipient.name}__{made.delivery_id}",
            kind="delivery_silent" if silent else "delivery_rejected",
            subject=f"recipient {recipient.name}",
            title=f"recipient {recipient.name}: {said}",
            day=made.partition_key,
            owner=recipient.owner,
            tier=recipient.tier,
            runbook=runbook("deliver"),
            link=run_link(context["ti"].dag_id, context["run_id"]),
            lines=(
                f"- It lies at {sent.destination}; nothing of it that was not accepted counts as delivered.",
                *(f"- rejected: {isbn13}" for isbn13 in answer.rejected[:20]),
            ),
        ),
        home=Home.from_environment(),
    )
