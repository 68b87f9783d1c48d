"""Callbacks of tasks and runs: a failed task leaves a note, a failed run sends one digest of its notes.

Task callbacks don't always run (a killed process), and run callbacks run in the DAG processor without the exception
(STACK section 2). So the note carries what only the task knows, and the digest lives without it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from airflow.sdk import BaseNotifier, conf
from pydantic import ValidationError

from bindery.airflow.alerts import Alert, Failure, raise_alert, slug
from bindery.airflow.feed_day import feed_day
from bindery.airflow.parcels import LABEL
from bindery.airflow.runbooks import runbook
from bindery.errors import BinderyError, ConfigurationError
from bindery.files import write_atomically
from bindery.home import Home

log = logging.getLogger(__name__)

ACCOUNT = "account"
"""The task that fails a run when others did; a digest names those instead."""

UNKNOWN_FIX = "Read the task's log. Clear the task once the cause is gone; every step can be run again."


def note_failure(context: Mapping[str, Any]) -> None:
    """Leave a note of a failed task: ``on_failure_callback`` of every task."""
    place = _note(context)
    if place is None:
        log.error("A task failed in a context that does not name it.")
        return
    error = context.get("exception")
    ti = context["ti"]
    failure = Failure(
        task=ti.task_id,
        map_index=_map_index(ti),
        label=context.get(LABEL),
        error=_first_line(error),
        fix=error.fix if isinstance(error, BinderyError) else UNKNOWN_FIX,
        fault=error.fault.value if isinstance(error, BinderyError) else "ours",
        link=task_link(ti.dag_id, ti.run_id, ti.task_id, _map_index(ti)),
    )
    write_atomically(place, failure.model_dump_json(indent=1).encode())


def strike_note(context: Mapping[str, Any]) -> None:
    """Take back the note of an earlier attempt: ``on_execute_callback`` of every task."""
    place = _note(context)
    if place is not None:
        place.unlink(missing_ok=True)


class RunDigest(BaseNotifier):
    """Sends one alert for a failed run: ``on_failure_callback`` of every DAG.

    Args:
        subject: Whom the run is about, such as ``feed northwind``.
        owner: Who answers for it.
        tier: 1 (wake someone) to 3.
        kind: Which runbook helps.
        timezone: Where a logical date is read as a day.
    """

    def __init__(self, *, subject: str, owner: str, tier: int, kind: str, timezone: str = "UTC") -> None:
        super().__init__()
        self.subject = subject
        self.owner = owner
        self.tier = tier
        self.kind = kind
        self.timezone = timezone

    def render_template_fields(self, context: Any, jinja_env: Any = None) -> None:
        """There is nothing to render; and the DAG of some contexts (``dag.test``) could not render it."""

    def notify(self, context: Mapping[str, Any]) -> None:
        """Gather the notes of the run and raise the alert."""
        home = Home.from_environment()
        dag_id, run_id = _run(context)
        failures = notes(dag_id, run_id, home=home)
        day = self._day(context)
        shown = tuple(failure for failure in failures if failure.task != ACCOUNT) or failures
        accounts = tuple(failure.error for failure in failures if failure.task == ACCOUNT)
        raise_alert(
            Alert(
                key=f"{dag_id}__{run_id}__{_attempt(context)}",
                kind="run_failed",
                subject=self.subject,
                title=self._title(day, shown),
                day=day,
                owner=self.owner,
                tier=self.tier,
                runbook=runbook(self.kind),
                link=run_link(dag_id, run_id),
                lines=accounts if shown is not failures else (),
                failures=shown,
            ),
            home=home,
        )

    def _day(self, context: Mapping[str, Any]) -> str | None:
        try:
            return feed_day(context, timezone=self.timezone).isoformat()
        except ConfigurationError:
            return None

    def _title(self, day: str | None, failures: tuple[Failure, ...]) -> str:
        about = f"{self.subject}, {day}" if day else self.subject
        if not failures:
            return f"{about}: the run failed; no task could say why"
        count = "1 task failed" if len(failures) == 1 else f"{len(failures)} tasks failed"
        return f"{about}: {count}, first {failures[0].name}: {failures[0].error}"


def notes(dag_id: str, run_id: str, *, home: Home) -> tuple[Failure, ...]:
    """The notes the failed tasks of a run left, by task and map index."""
    found = []
    for path in _folder(dag_id, run_id, home).glob("*.json"):
        try:
            found.append(Failure.model_validate_json(path.read_bytes()))
        except (ValidationError, OSError) as error:
            log.warning("The failure note %s cannot be read: %s", path, error)
    return tuple(sorted(found, key=lambda failure: (failure.task, failure.map_index)))


def run_link(dag_id: str, run_id: str) -> str:
    """A run in the Airflow UI."""
    base = conf.get("api", "base_url", fallback="http://localhost:8080").rstrip("/")
    return f"{base}/dags/{quote(dag_id)}/runs/{quote(run_id, safe='')}"


def task_link(dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> str:
    """A task of a run in the Airflow UI."""
    mapped = f"/mapped/{map_index}" if map_index >= 0 else ""
    return f"{run_link(dag_id, run_id)}/tasks/{quote(task_id)}{mapped}"


def _run(context: Mapping[str, Any]) -> tuple[str, str]:
    run, ti, dag = context.get("dag_run"), context.get("ti"), context.get("dag")
    dag_id = getattr(dag, "dag_id", None) or getattr(run, "dag_id", None) or getattr(ti, "dag_id", None)
    run_id = context.get("run_id") or getattr(run, "run_id", None) or getattr(ti, "run_id", None)
    return str(dag_id or "unknown"), str(run_id or "unknown")


def _attempt(context: Mapping[str, Any]) -> int:
    """How often the run was cleared before: a second failure after a repair is news."""
    return int(getattr(context.get("dag_run"), "clear_number", 0) or 0)


def _note(context: Mapping[str, Any]) -> Path | None:
    ti = context.get("ti")
    if ti is None:
        return None
    folder = _folder(ti.dag_id, ti.run_id, Home.from_environment())
    return folder / f"{slug(ti.task_id)}-{_map_index(ti)}.json"


def _folder(dag_id: str, run_id: str, home: Home) -> Path:
    return home.alerts / "failures" / slug(dag_id) / slug(run_id)


def _map_index(ti: Any) -> int:
    index = getattr(ti, "map_index", -1)
    return -1 if index is None else int(index)


def _first_line(error: object) -> str:
    if error is None:
        return "the task ended without saying why (killed, timed out or never started)"
    lines = str(error).splitlines()
    text = lines[0] if lines else ""
    return text if isinstance(error, BinderyError) else f"{type(error).__name__}: {text}"
