"""The outside world on loopback: suppliers' servers, recipients, a mailbox, a webhook. Each is a context manager."""

from __future__ import annotations

import json
import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypedDict

from tests.simulator.https import HttpsSite, WebhookSink, https_server, webhook_sink
from tests.simulator.recipient import Manners, SmtpSink, acknowledge, acknowledging_recipient, smtp_sink
from tests.simulator.sftp import SftpSite, Trouble, host_key, sftp_server

__all__ = [
    "Endpoints",
    "HttpsSite",
    "Manners",
    "SftpSite",
    "SmtpSink",
    "Trouble",
    "WebhookSink",
    "acknowledge",
    "acknowledging_recipient",
    "host_key",
    "https_server",
    "outside_world",
    "serve",
    "sftp_server",
    "smtp_sink",
    "webhook_sink",
]


class Endpoints(TypedDict):
    """What a client must know; the contents of ``endpoints.json``."""

    sftp: dict[str, str | int]
    https: dict[str, str | int]
    recipients: str


@contextmanager
def outside_world(
    folder: Path, state: Path, *, recipients: Path | None = None, sftp_port: int = 0, https_port: int = 0
) -> Iterator[Endpoints]:
    """Run the SFTP and HTTPS servers over a folder, and a recipient that acknowledges what is put under it.

    Host key, certificates and password are kept in ``state``: what was pinned once holds after a restart.

    Args:
        folder: What is served.
        state: Where keys are kept and ``endpoints.json`` is written.
        recipients: Where deliveries arrive; ``<folder>/recipients`` by default.
        sftp_port: 0 for a free one.
        https_port: 0 for a free one.
    """
    state.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    password = _password(state / "password")
    arrivals = recipients or folder / "recipients"
    with ExitStack() as stack:
        key = host_key(state / "host_key")
        sftp = stack.enter_context(sftp_server(folder, password=password, key=key, port=sftp_port))
        https = stack.enter_context(https_server(folder, state, password=password, port=https_port))
        stack.enter_context(acknowledging_recipient(arrivals))
        endpoints = Endpoints(
            sftp={
                "host": sftp.host,
                "port": sftp.port,
                "user": sftp.user,
                "password": password,
                "host_key": sftp.host_key,
            },
            https={
                "base_url": https.base_url,
                "host": "localhost",
                "port": https.port,
                "user": https.user,
                "password": password,
                "ca": str(https.ca.resolve()),
            },
            recipients=str(arrivals.resolve()),
        )
        _write_secret(state / "endpoints.json", json.dumps(endpoints, indent=1))
        yield endpoints


def serve(folder: Path, state: Path, *, recipients: Path | None, sftp_port: int, https_port: int) -> None:
    """Run the outside world until this process is told to stop (SIGTERM, SIGINT)."""
    over = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: over.set())
    with outside_world(folder, state, recipients=recipients, sftp_port=sftp_port, https_port=https_port) as endpoints:
        print(f"SFTP on port {endpoints['sftp']['port']}, {endpoints['https']['base_url']}; see {state}/endpoints.json")
        while not over.wait(3600):
            pass


def _password(path: Path) -> str:
    if not path.exists():
        _write_secret(path, secrets.token_urlsafe(16))
    return path.read_text()


def _write_secret(path: Path, text: str) -> None:
    growing = path.with_name(f".{path.name}.writing")
    growing.unlink(missing_ok=True)
    growing.touch(mode=0o600)
    growing.write_text(text)
    growing.replace(path)
