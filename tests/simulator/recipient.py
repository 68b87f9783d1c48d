"""A mailbox that keeps what it is sent, and a recipient that acknowledges deliveries."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller

from tests.simulator.sftp import HOST

COMPLETE = ("DONE", "manifest.json")
"""A delivery folder holding one of these files is complete."""


@dataclass(slots=True)
class SmtpSink:
    """A running mail server. ``received`` holds the messages taken; ``refuse`` makes it say no."""

    host: str = HOST
    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    refuse: bool = False


@contextmanager
def smtp_sink(*, port: int = 0) -> Iterator[SmtpSink]:
    """Take mail on loopback until the block ends; deliver it to nobody."""
    sink = SmtpSink()

    class Handler:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
            del server, session
            if sink.refuse:
                return "451 refused on purpose, try again later"
            message: Message = BytesParser(policy=default).parsebytes(envelope.content)
            sink.received.append(cast("EmailMessage", message))
            return "250 taken"

    # A controller asks the port it was given whether it answers, so a free one has to be known beforehand.
    controller = Controller(Handler(), hostname=HOST, port=port or _free_port())
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Manners:
    """How a recipient answers. It may be changed while the recipient runs.

    Attributes:
        silent: It answers nothing.
        status: ``accepted`` or ``rejected``: the delivery as a whole.
        rejected: ISBNs it will not have.
    """

    silent: bool = False
    status: str = "accepted"
    rejected: tuple[str, ...] = ()


def acknowledge(folder: Path, manners: Manners) -> list[Path]:
    """Acknowledge each complete delivery under a folder that has no answer yet.

    A folder that has its last file only in part must not hold that file's name yet: send it under another, then rename.
    A delivery is a folder with one of ``COMPLETE`` in it; its answer ``<delivery_id>.ack.json`` lies beside it.

    Returns:
        The answers written, by name.
    """
    if manners.silent:
        return []
    complete = {path.parent for name in COMPLETE for path in folder.rglob(name) if path.parent != folder}
    written = []
    for delivery in sorted(complete):
        answer = delivery.with_name(f"{delivery.name}.ack.json")
        if answer.exists():
            continue
        growing = answer.with_name(f".{answer.name}.writing")
        growing.write_text(json.dumps({"status": manners.status, "rejected": list(manners.rejected)}))
        growing.replace(answer)
        written.append(answer)
    return written


@contextmanager
def acknowledging_recipient(folder: Path, *, manners: Manners | None = None, every: float = 0.2) -> Iterator[Manners]:
    """Watch a folder and acknowledge deliveries in it, at any depth, until the block ends.

    Args:
        folder: Made if it is missing.
        manners: How it answers.
        every: Seconds between two looks.
    """
    manners = manners or Manners()
    folder.mkdir(parents=True, exist_ok=True)
    over = threading.Event()

    def watch() -> None:
        while not over.wait(every):
            try:
                acknowledge(folder, manners)
            except FileNotFoundError:
                # A folder went away while it was looked at; the next look sees what is left.
                continue

    thread = threading.Thread(target=watch, name="recipient", daemon=True)
    thread.start()
    try:
        yield manners
    finally:
        over.set()
        thread.join(10)
