"""Waiting for a recipient's answer without holding a worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import BaseSensorOperator, Context
from airflow.sdk.timezone import utcnow
from airflow.triggers.base import BaseTrigger, TriggerEvent

from bindery.airflow.declared import recipient_named
from bindery.airflow.endpoints import endpoint_of
from bindery.airflow.parcels import pack
from bindery.claims import AcknowledgedDelivery, SentDelivery
from bindery.delivery.recipient import Recipient
from bindery.endpoints import Endpoint
from bindery.errors import BinderyError, ConfigurationError, Fault, RefusedError, UnreachableError
from bindery.home import Home

log = logging.getLogger(__name__)


def ask(sent: SentDelivery, recipient: str) -> AcknowledgedDelivery | None:
    """Look once for the recipient's answer.

    Returns:
        The answer; None while there is none.
    """
    from bindery.steps import deliver  # noqa: PLC0415 - a DAG file must parse without the rooms

    declared = recipient_named(recipient)
    return deliver.acknowledgement(
        sent, declared, home=Home.from_environment(), endpoint=destination_endpoint(declared)
    )


def destination_endpoint(recipient: Recipient) -> Endpoint | None:
    """Where the recipient is reached; None for a folder."""
    connection = getattr(recipient.destination, "connection", None)
    return endpoint_of(connection, needed_by=f"recipient {recipient.name}") if connection else None


class AwaitAcknowledgement(BaseSensorOperator):
    """Waits until the recipient answered or its deadline passed.

    A recipient that stays silent is no failure of the run: nothing of the delivery counts as accepted, the next one
    heals it (law 7). It is reported by the task that settles.

    Args:
        sent: The claim of the delivery.
        recipient: Its name.
        deadline_minutes: From the first look on.
    """

    template_fields = ("sent",)

    def __init__(self, *, sent: Any, recipient: str, deadline_minutes: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sent = sent
        self.recipient = recipient
        self.deadline_minutes = deadline_minutes

    def execute(self, context: Context) -> dict[str, Any] | None:  # noqa: ARG002 - Airflow's signature
        """Look once, then hand over to the triggerer."""
        answer = ask(SentDelivery.model_validate(self.sent), self.recipient)
        if answer is not None:
            return pack(answer)
        self.defer(
            trigger=AcknowledgementTrigger(
                sent=self.sent,
                recipient=self.recipient,
                deadline=(utcnow() + timedelta(minutes=self.deadline_minutes)).isoformat(),
                poll_seconds=self.poke_interval,
            ),
            method_name="answered",
        )
        return None

    def answered(self, context: Context, event: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Take the triggerer's word.

        Raises:
            RefusedError: There is an answer that cannot be used.
            ConfigurationError: Looking for the answer failed for a cause of ours.
        """
        if "error" in event:
            kind = RefusedError if event["fault"] == Fault.SENDER else ConfigurationError
            raise kind(event["error"], fix=event["fix"])
        if event["answer"] is None:
            silent = AcknowledgedDelivery(sent=SentDelivery.model_validate(self.sent), status="silent")
            return pack(silent)
        return dict(event["answer"])


class AcknowledgementTrigger(BaseTrigger):
    """Looks for a recipient's answer until its deadline.

    The deadline is a moment, not a span: a triggerer that restarts goes on waiting for the same one.
    """

    def __init__(self, *, sent: Mapping[str, Any], recipient: str, deadline: str, poll_seconds: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Airflow leaves it untyped
        self.sent = dict(sent)
        self.recipient = recipient
        self.deadline = deadline
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """How the triggerer makes it again."""
        return (
            "bindery.airflow.acknowledgements.AcknowledgementTrigger",
            {
                "sent": self.sent,
                "recipient": self.recipient,
                "deadline": self.deadline,
                "poll_seconds": self.poll_seconds,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look, sleep, look again; ends with one event."""
        sent = SentDelivery.model_validate(self.sent)
        deadline = datetime.fromisoformat(self.deadline)
        while True:
            try:
                # The transports block; a thread keeps the triggerer's other waits alive.
                answer = await asyncio.to_thread(ask, sent, self.recipient)
            except UnreachableError as error:
                log.warning("%s does not answer yet: %s", self.recipient, error.what)
                answer = None
            except BinderyError as error:
                yield _event({"error": error.what, "fix": error.fix, "fault": error.fault.value})
                return
            if answer is not None:
                yield _event({"answer": pack(answer)})
                return
            left = (deadline - utcnow()).total_seconds()
            if left <= 0:
                yield _event({"answer": None})
                return
            await asyncio.sleep(min(self.poll_seconds, left))


def _event(payload: dict[str, Any]) -> TriggerEvent:
    return TriggerEvent(payload)  # type: ignore[no-untyped-call] # Airflow leaves it untyped
