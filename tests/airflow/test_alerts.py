from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bindery.airflow.alerts import Alert, Failure, raise_alert
from bindery.home import Home

pytestmark = pytest.mark.airflow


class Slack:
    """A webhook endpoint on this machine that keeps what it is sent."""

    def __init__(self, status: int = 200) -> None:
        self.received: list[dict[str, Any]] = []
        slack = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                slack.received.append(json.loads(body))
                self.send_response(slack.status)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                """Say nothing on the test's output."""

        self.status = status
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def connection(self) -> str:
        host = f"http://127.0.0.1:{self.server.server_address[1]}/services"
        return json.dumps({"conn_type": "slackwebhook", "host": host, "password": "T000/B000/XXX"})


class Mailbox:
    """Keeps the mail a real SMTP server was given."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], str]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.received.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 Message accepted"


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    slack = Slack()
    monkeypatch.setenv("AIRFLOW_CONN_BINDERY_ALERTS_SLACK", slack.connection)
    yield slack
    slack.server.shutdown()
    slack.server.server_close()


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("AIRFLOW_CONN_BINDERY_ALERTS_SMTP", _smtp(port))
    yield mailbox
    controller.stop()


def _smtp(port: int) -> str:
    extra = {
        "to": "desk@bindery.example,night@bindery.example",
        "from_email": "alerts@bindery.example",
        "disable_ssl": True,
        "disable_tls": True,
    }
    return json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra})


def _alert(key: str = "feed__northwind__run", failures: int = 1) -> Alert:
    return Alert(
        key=key,
        kind="run_failed",
        subject="feed northwind",
        title="feed northwind, 2026-03-01: 1 task failed",
        day="2026-03-01",
        owner="catalogue@bindery.example",
        tier=1,
        runbook="docs/runbooks/feed.md",
        failures=tuple(
            Failure(
                task="message.read",
                map_index=index,
                label=f"n{index}.xml",
                error=f"n{index}.xml breaks off.",
                fix="Ask the sender to send it again.",
                fault="sender",
                link="http://localhost:18181/dags/feed__northwind/runs/r/tasks/message.read/mapped/0",
            )
            for index in range(failures)
        ),
    )


def _kept(home: Home) -> dict[str, Any]:
    (path,) = home.alerts.glob("*.json")
    return dict(json.loads(path.read_bytes()))


def test_without_sinks_an_alert_is_kept_and_logged(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    raise_alert(_alert(), home=home)
    kept = _kept(home)
    assert kept["sinks"] == {"slack": "not configured", "smtp": "not configured"}
    assert kept["subject"] == "feed northwind"
    assert "n0.xml breaks off." in caplog.text


def test_an_alert_says_what_whose_fault_what_to_do_and_where(home: Home, slack: Slack, mailbox: Mailbox) -> None:
    raise_alert(_alert(), home=home)
    (posted,) = slack.received
    ((recipients, mail),) = mailbox.received
    assert recipients == ["desk@bindery.example", "night@bindery.example"]
    assert "Subject: [tier 1] feed northwind, 2026-03-01: 1 task failed" in mail
    for said in (
        "message.read [n0.xml]: n0.xml breaks off.",
        "Fault: the sender's. What to do: Ask the sender to send it again.",
        "/runs/r/tasks/message.read/mapped/0",
        "Owner: catalogue@bindery.example",
        "Runbook: docs/runbooks/feed.md",
    ):
        assert said in posted["text"]
    assert _kept(home)["sinks"] == {"slack": "sent", "smtp": "sent"}


def test_forty_failures_are_one_message(home: Home, slack: Slack) -> None:
    raise_alert(_alert(failures=40), home=home)
    (posted,) = slack.received
    assert posted["text"].count("breaks off") == 10
    assert "and 30 more" in posted["text"]
    assert len(_kept(home)["failures"]) == 40


def test_the_same_alert_is_sent_once(home: Home, slack: Slack, mailbox: Mailbox) -> None:
    raise_alert(_alert(), home=home)
    raise_alert(_alert(), home=home)
    raise_alert(_alert(key="another"), home=home)
    assert len(slack.received) == 2
    assert len(mailbox.received) == 2


def test_a_sink_that_is_down_breaks_nothing_and_is_tried_again(
    home: Home, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.status = 500
    monkeypatch.setenv("AIRFLOW_CONN_BINDERY_ALERTS_SMTP", _smtp(9))
    raise_alert(_alert(), home=home)
    sinks = _kept(home)["sinks"]
    assert "500" in sinks["slack"]
    assert "Connection refused" in sinks["smtp"]
    slack.status = 200
    raise_alert(_alert(), home=home)
    assert _kept(home)["sinks"]["slack"] == "sent"


def test_a_mail_connection_without_recipients_is_no_sink(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_BINDERY_ALERTS_SMTP", '{"conn_type": "smtp", "host": "127.0.0.1"}')
    raise_alert(_alert(), home=home)
    assert _kept(home)["sinks"]["smtp"] == "not configured"
