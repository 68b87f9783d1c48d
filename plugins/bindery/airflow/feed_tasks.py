"""What the tasks of ``feed__<feed>`` do: call the steps, message by message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from bindery.airflow.alerts import Alert, raise_alert
from bindery.airflow.assets import STAGED
from bindery.airflow.declared import feed_named
from bindery.airflow.endpoints import endpoint_of
from bindery.airflow.failures import run_link
from bindery.airflow.feed_day import feed_day
from bindery.airflow.parcels import deal, pack, work_through
from bindery.airflow.runbooks import runbook
from bindery.airflow.skipping import skip_rest
from bindery.claims import (
    FeedDay,
    GatedMessage,
    JudgedMessage,
    ReadMessage,
    Receipt,
    RefusedMessage,
    RemoteFile,
    StagedMessage,
)
from bindery.endpoints import Endpoint
from bindery.feeds import Feed
from bindery.home import Home

GROUP = "message"
"""The mapped task group; one map index a parcel."""


def list_day(feed: str) -> list[list[dict[str, Any]]]:
    """See which messages the supplier has for the day, and deal them into parcels."""
    from bindery.steps import fetch  # noqa: PLC0415 - a DAG file must parse without the rooms

    declared = feed_named(feed)
    found = fetch.list_messages(declared, _day(declared), home=Home.from_environment(), endpoint=_endpoint(declared))
    if not found:
        skip_rest("The supplier has no message for the day.")
    return deal([pack(file) for file in found])


def fetch_parcel(feed: str, parcel: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bring the bytes into the archive."""
    from bindery.steps import fetch  # noqa: PLC0415

    declared, home = feed_named(feed), Home.from_environment()
    day, endpoint = _day(declared), _endpoint(declared)
    return work_through(
        parcel,
        RemoteFile,
        lambda file: fetch.fetch(declared, day, file, home=home, endpoint=endpoint),
        name=lambda file: file.name,
    )


def read_parcel(feed: str, parcel: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Read the messages into records."""
    from bindery.steps import read  # noqa: PLC0415

    declared, home = feed_named(feed), Home.from_environment()
    return work_through(
        parcel, Receipt, lambda receipt: read.read(receipt, declared, home=home), name=lambda receipt: receipt.name
    )


def judge_parcel(parcel: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Judge the records by the expectations."""
    from bindery.steps import judge  # noqa: PLC0415

    home = Home.from_environment()
    return work_through(
        parcel, ReadMessage, lambda message: judge.judge(message, home=home), name=lambda message: message.receipt.name
    )


def gate_parcel(feed: str, parcel: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Compare the messages with the feed's own history; hold what is out of proportion."""
    from bindery.steps import gate  # noqa: PLC0415

    declared, home = feed_named(feed), Home.from_environment()
    return work_through(
        parcel,
        JudgedMessage,
        lambda judged: gate.gate(judged, declared, home=home),
        name=lambda judged: judged.message.receipt.name,
    )


def stage_parcel(feed: str, parcel: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Bring the judged records into the warehouse."""
    from bindery.steps import stage  # noqa: PLC0415

    declared, home = feed_named(feed), Home.from_environment()

    def step(gated: GatedMessage) -> StagedMessage:
        staged = stage.stage(gated, declared, home=home)
        if staged.state == "held":
            _tell_held(gated, declared)
        return staged

    return work_through(parcel, GatedMessage, step, name=lambda gated: gated.judged.message.receipt.name)


def settle_day(feed: str) -> dict[str, Any]:
    """Stage what was refused, and see that no record of the day was lost (law 2)."""
    from bindery.steps import fetch, settle, stage  # noqa: PLC0415

    declared, home = feed_named(feed), Home.from_environment()
    day = _day(declared)
    # A message that can be read now is not refused any more, whatever an older note says.
    good = {ReadMessage.model_validate(claim).receipt.message_id for claim in _of_this_run("read")}
    for receipt in fetch.receipts(declared, day, home=home):
        note = home.work(receipt.supplier, receipt.message_id) / "refused.json"
        if receipt.message_id not in good and note.is_file():
            refused = RefusedMessage.model_validate_json(note.read_bytes())
            # The note is the message's; which arrival of it was refused is this day's.
            stage.stage_refused(refused.model_copy(update={"receipt": receipt}), declared, home=home)
    return pack(settle.settle(declared, day, home=home))


def announce_day(feed: str, settled: Mapping[str, Any]) -> None:
    """Say that the feed day waits for the merge: one partition of the asset ``staged``.

    A task of its own, because a task that succeeds always says something of its outlets, and an event without a day
    would only litter the log of every quiet day.
    """
    day = FeedDay.model_validate(settled)
    # A message whose records are all quarantined is merged too: it may carry a withdrawal (law 3).
    staged = any(claim["state"] == "staged" for claim in _of_this_run("stage"))
    if not staged and not day.outcomes.get("pending"):
        raise AirflowSkipException(f"Nothing of {day.feed_day} waits for the merge.")
    event = get_current_context()["outlet_events"][STAGED]
    event.extra = {"feed": feed}
    event.add_partitions(day.feed_day.isoformat())


def account_for(states: Mapping[str, str | None]) -> None:
    """Fail when any task did: what runs whatever happened would otherwise end the run as a success.

    Args:
        states: State by task of this run, as Airflow names them (``message.read_0`` for a mapped one).

    Raises:
        AirflowFailException: Some task failed, or could not run because one did.
    """
    failed = sorted(task for task, state in states.items() if state == "failed")
    stopped = sorted(task for task, state in states.items() if state == "upstream_failed")
    if failed or stopped:
        also = f"; not run because of that: {', '.join(stopped)}" if stopped else ""
        raise AirflowFailException(f"Tasks that failed: {', '.join(failed) or 'none'}{also}")


def account_run() -> None:
    """Fail the run if any of its tasks failed, now that everything else is done."""
    context = get_current_context()
    ti, run_id = context["ti"], context["run_id"]
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[run_id])[run_id]
    account_for({task: state for task, state in states.items() if task != ti.task_id})


def _day(feed: Feed) -> date:
    return feed_day(get_current_context(), timezone=feed.timezone)


def _endpoint(feed: Feed) -> Endpoint | None:
    connection = getattr(feed.transport, "connection", None)
    return endpoint_of(connection, needed_by=f"feed {feed.name}") if connection else None


def _of_this_run(step: str) -> list[dict[str, Any]]:
    """What a step of the group handed on, of all parcels."""
    parcels = get_current_context()["ti"].xcom_pull(task_ids=[f"{GROUP}.{step}"]) or []
    return [claim for parcel in parcels for claim in parcel or ()]


def _tell_held(gated: GatedMessage, feed: Feed) -> None:
    context, receipt = get_current_context(), gated.judged.message.receipt
    raise_alert(
        Alert(
            key=f"held__{feed.name}__{receipt.message_id}",
            kind="message_held",
            subject=f"feed {feed.name}",
            title=f"feed {feed.name}, {receipt.feed_day}: {receipt.name} is held until a person decides",
            day=receipt.feed_day.isoformat(),
            owner=feed.owner,
            tier=feed.tier,
            runbook=runbook("feed"),
            link=run_link(context["ti"].dag_id, context["run_id"]),
            lines=tuple(f"- {reason}" for reason in gated.reasons),
        ),
        home=Home.from_environment(),
    )
