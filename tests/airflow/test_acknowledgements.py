from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.module_loading import import_string
from airflow.sdk.timezone import utcnow

from bindery.airflow.acknowledgements import AcknowledgementTrigger, AwaitAcknowledgement
from bindery.claims import AcknowledgedDelivery, Package, Plan, SentDelivery
from bindery.errors import ConfigurationError, RefusedError
from bindery.home import Home

pytestmark = pytest.mark.airflow

FILE = "titles.xml"


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    folder = tmp_path / "recipients"
    folder.mkdir()
    monkeypatch.setenv("BINDERY_RECIPIENTS", str(folder))

    def declare(destination: str, kind: str = "on_arrival") -> None:
        (folder / "listenwell.yaml").write_text(
            f"name: listenwell\ntitle: Listenwell\nowner: desk@bindery.example\nspecification: onix_3.0\n"
            f"destination: {destination}\nacknowledgement: {{kind: {kind}, deadline_minutes: 1}}\n"
        )

    return declare


@pytest.fixture
def sent(home: Home) -> SentDelivery:
    folder = home.deliveries("listenwell") / "d1" / "package"
    folder.mkdir(parents=True)
    (folder / FILE).write_text("<ONIXMessage/>")
    plan = Plan(
        recipient="listenwell",
        delivery_id="d1",
        number=1,
        partition_key="2026-03-01",
        work="deliveries/listenwell/d1",
        items=1,
        withdrawals=0,
        omitted=0,
    )
    package = Package(
        plan=plan,
        folder=folder.relative_to(home.root).as_posix(),
        files=(FILE,),
        items=1,
        bytes=14,
        sha256="0" * 64,
    )
    return SentDelivery(package=package, destination="outbox/listenwell/d1")


def _trigger(sent: SentDelivery, *, seconds: float) -> AcknowledgementTrigger:
    trigger = AcknowledgementTrigger(
        sent=sent.model_dump(mode="json"),
        recipient="listenwell",
        deadline=(utcnow() + timedelta(seconds=seconds)).isoformat(),
        poll_seconds=0.02,
    )
    path, arguments = trigger.serialize()
    again = import_string(path)(**json.loads(json.dumps(arguments)))
    assert isinstance(again, AcknowledgementTrigger)
    return again


async def _event(trigger: AcknowledgementTrigger, meanwhile: Callable[[], None] | None = None) -> dict[str, Any]:
    async def later() -> None:
        await asyncio.sleep(0.1)
        if meanwhile is not None:
            meanwhile()

    doing = asyncio.create_task(later())
    events = [event async for event in trigger.run()]
    await doing
    (event,) = events
    return dict(event.payload)


def _sensor(sent: SentDelivery) -> AwaitAcknowledgement:
    return AwaitAcknowledgement(
        task_id="await", sent=sent.model_dump(mode="json"), recipient="listenwell", deadline_minutes=1
    )


def test_the_answer_is_found_while_waiting(home: Home, sent: SentDelivery, declare: Callable[..., None]) -> None:
    declare("{kind: folder, path: outbox/listenwell}")
    there = home.root / "outbox" / "listenwell" / "d1" / FILE

    def arrive() -> None:
        there.parent.mkdir(parents=True)
        there.write_text("<ONIXMessage/>")

    event = asyncio.run(_event(_trigger(sent, seconds=30), arrive))
    answer = AcknowledgedDelivery.model_validate(_sensor(sent).answered({}, event))
    assert answer.status == "accepted"
    assert answer.sent == sent


def test_a_recipient_that_stays_silent_is_no_failure(sent: SentDelivery, declare: Callable[..., None]) -> None:
    declare("{kind: folder, path: outbox/listenwell}", kind="receipt")
    event = asyncio.run(_event(_trigger(sent, seconds=0.2)))
    assert event == {"answer": None}
    assert _sensor(sent).answered({}, event)["status"] == "silent"


def test_a_server_that_does_not_answer_is_asked_until_the_deadline(
    sent: SentDelivery, declare: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    declare("{kind: sftp, connection: listenwell_sftp, path: /in}")
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    connection = {"conn_type": "sftp", "host": "127.0.0.1", "port": 9, "login": "b", "password": "b"}
    monkeypatch.setenv("AIRFLOW_CONN_LISTENWELL_SFTP", json.dumps(connection | {"extra": {"host_key": key}}))
    assert asyncio.run(_event(_trigger(sent, seconds=0.2))) == {"answer": None}


def test_what_waiting_cannot_cure_ends_the_wait(sent: SentDelivery, declare: Callable[..., None]) -> None:
    declare("{kind: sftp, connection: nowhere, path: /in}")
    event = asyncio.run(_event(_trigger(sent, seconds=30)))
    with pytest.raises(ConfigurationError, match="'nowhere' of recipient listenwell does not exist"):
        _sensor(sent).answered({}, event)


def test_an_answer_that_cannot_be_used_is_the_recipients_fault(
    home: Home, sent: SentDelivery, declare: Callable[..., None]
) -> None:
    declare("{kind: folder, path: outbox/listenwell}", kind="receipt")
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"isbn13": ["9780000000002"]}), home.root / sent.package.plan.work / "items.parquet")
    outbox = home.root / "outbox" / "listenwell"
    outbox.mkdir(parents=True)
    (outbox / "d1.ack.json").write_text("thanks!")
    event = asyncio.run(_event(_trigger(sent, seconds=30)))
    with pytest.raises(RefusedError):
        _sensor(sent).answered({}, event)
