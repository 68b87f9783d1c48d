"""Alerts: one message a person can act on, to every sink that is configured.

Every alert is logged and kept as a JSON file in the home first; then it goes to Slack and by mail where the connections
``bindery_alerts_slack`` and ``bindery_alerts_smtp`` exist. A sink that is down is noted in the file and breaks nothing.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bindery.airflow.sinks import SINKS, NotConfiguredError
from bindery.files import write_atomically
from bindery.home import Home

log = logging.getLogger(__name__)

SHOWN = 10
"""Failures a text spells out; the rest are counted."""


class Failure(BaseModel):
    """One failed task, as its own callback noted it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    map_index: int = -1
    label: str | None = None
    error: str
    fix: str
    fault: Literal["sender", "ours", "network"] = "ours"
    link: str = ""

    @property
    def name(self) -> str:
        """The task, with what it worked on where it is one of several."""
        if self.map_index < 0:
            return self.task
        return f"{self.task} [{self.label or self.map_index}]"


class Alert(BaseModel):
    """What a person is told.

    Attributes:
        key: Identity: the same key is sent to a sink once.
        subject: Whom it is about, such as ``feed northwind``.
        title: One line that says what happened.
        lines: More, one thing a line.
        sinks: What became of it, by sink: ``sent``, ``not configured``, or the error.
    """

    model_config = ConfigDict(extra="forbid")

    key: str
    kind: Literal["run_failed", "feed_silent", "message_held", "delivery_silent", "delivery_rejected"]
    subject: str
    title: str
    day: str | None = None
    owner: str
    tier: int = 2
    runbook: str
    link: str = ""
    lines: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    raised_at: datetime | None = None
    sinks: dict[str, str] = {}

    def headline(self) -> str:
        """The one line for a subject or a push message."""
        return f"[tier {self.tier}] {self.title}"

    def text(self) -> str:
        """The alert in plain text: what, whose fault, what to do, where to look."""
        parts = [self.headline()]
        for failure in self.failures[:SHOWN]:
            parts += [
                f"- {failure.name}: {failure.error}",
                f"  Fault: {_FAULT[failure.fault]}. What to do: {failure.fix}",
                *([f"  {failure.link}"] if failure.link else []),
            ]
        if len(self.failures) > SHOWN:
            parts.append(f"- and {len(self.failures) - SHOWN} more")
        parts += self.lines
        parts += [f"Owner: {self.owner}", f"Runbook: {self.runbook}"]
        if self.link:
            parts.append(f"Run: {self.link}")
        return "\n".join(parts)


_FAULT = {"sender": "the sender's", "ours": "ours", "network": "the network's"}


def raise_alert(alert: Alert, *, home: Home) -> Path:
    """Tell everyone who is to be told, once.

    Args:
        alert: What to tell.
        home: Keeps the alert, and what became of it at each sink.

    Returns:
        The file that keeps it. A sink that failed is tried again when the same alert is raised again.
    """
    path = home.alerts / f"{slug(alert.key)}.json"
    done = Alert.model_validate_json(path.read_bytes()).sinks if path.exists() else {}
    if not path.exists():
        log.error(alert.text())
    kept = alert.model_copy(update={"raised_at": datetime.now(UTC), "sinks": dict(done)})
    _keep(kept, path)
    for name, send in SINKS.items():
        if done.get(name) == "sent":
            continue
        try:
            send(kept.headline(), kept.text())
            kept.sinks[name] = "sent"
        except NotConfiguredError:
            kept.sinks[name] = "not configured"
        except Exception as error:  # noqa: BLE001 - a sink that is down must not break what it reports
            log.warning("Alert %s did not reach %s: %s", path.name, name, error)
            kept.sinks[name] = f"{type(error).__name__}: {error}"
        _keep(kept, path)
    return path


def slug(key: str) -> str:
    """A key as a file name."""
    return re.sub(r"[^A-Za-z0-9_.+=-]+", "_", key)[:200]


def _keep(alert: Alert, path: Path) -> None:
    write_atomically(path, alert.model_dump_json(indent=1).encode())
