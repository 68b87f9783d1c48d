"""The demo: a whole Bindery on this machine, from sample suppliers to deliveries, run by a real Airflow."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import yaml
from rich.console import Console
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random

from bindery.errors import ConfigurationError, UnreachableError
from bindery.feeds import Feed, load_feeds
from bindery.home import PROJECT
from bindery.local.processes import AIRFLOW_PROCESSES, Processes
from bindery.local.rest import Rest
from bindery.local.site import Site

FIRST_DAY = date(2026, 3, 1)
DAYS = 3
_ACTIVE = ("queued", "running")
_QUIET_LOOKS = 4
_PATIENCE_SECONDS = 20
_STUCK_SECONDS = 600


class Demo:
    """One run of the demo on a site."""

    def __init__(self, site: Site, console: Console) -> None:
        self._site = site
        self._console = console
        self._started = monotonic()
        self.processes = Processes(site)
        self.rest = Rest(site)

    def say(self, text: str) -> None:
        """One line of progress, with the minutes and seconds since the start."""
        passed = int(monotonic() - self._started)
        self._console.print(f"[dim]{passed // 60}:{passed % 60:02}[/dim] {text}", highlight=False)

    def start(self) -> None:
        """Bring up the suppliers and Airflow, and wait until every part is healthy.

        Raises:
            ConfigurationError: Something else holds the port, or a process dies at once.
            UnreachableError: Airflow does not become healthy.
        """
        self.processes.launch()
        self.processes.start("suppliers")
        self._wait("the sample suppliers", (self._site.state / "endpoints.json").exists, seconds=30)
        self._site.write_environment()
        if not (self._site.airflow / "airflow.db").exists():
            self.say("Setting up Airflow's metadata (SQLite)")
            self.airflow("db", "migrate")
        self.say(f"Starting Airflow on {self._site.address}")
        self.processes.start(*AIRFLOW_PROCESSES)
        self.airflow("pools", "import", str(PROJECT / "include" / "airflow" / "pools.json"))
        self._wait("Airflow", lambda: not self.rest.unhealthy(), seconds=240)
        self.rest.login()
        wanted = self.dag_ids()
        self._wait("the DAGs", lambda: wanted <= self.rest.dag_ids() or bool(self.rest.import_errors()), seconds=120)
        for error in self.rest.import_errors():
            last = error.strip().splitlines()[-1]
            raise ConfigurationError(f"A DAG file does not import: {last}", fix="Correct it.")
        self.say(f"Airflow is up, with {len(wanted)} DAGs")

    def dag_ids(self) -> set[str]:
        """The DAGs that the site's declarations ask for."""
        feeds = load_feeds(self._site.feeds or PROJECT / "include" / "feeds")
        recipients = (path.stem for path in (PROJECT / "include" / "recipients").glob("*.yaml"))
        return (
            {"catalogue", "feed_health"}
            | {f"feed__{feed.name}" for feed in feeds}
            | {f"deliver__{name}" for name in recipients}
        )

    @retry(
        retry=retry_if_exception_type(UnreachableError),
        stop=stop_after_attempt(5),
        wait=wait_random(1, 4),
        reraise=True,
    )
    def airflow(self, *words: str) -> str:
        """Run an ``airflow`` command on the site, again while SQLite is locked by a busy Airflow.

        Raises:
            ConfigurationError: It failed; the last line of what it said is in the error.
        """
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *words],
            check=False,
            capture_output=True,
            text=True,
            env=self._site.process_environment(),
        )
        if done.returncode:
            if "database is locked" in done.stderr + done.stdout:
                raise UnreachableError(f"`airflow {words[0]}` finds SQLite locked.", fix="Try again in a moment.")
            said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
            raise ConfigurationError(
                f"`airflow {' '.join(words)}` failed: {said}", fix=f"Read the logs in {self._site.logs}."
            )
        return done.stdout

    def backfill(self, feeds: tuple[Feed, ...], first: date, last: date) -> None:
        """Backfill the feed days through Airflow's command line, then let the DAGs run."""
        for feed in feeds:
            # Airflow reads a bare date as midnight, and the feed's own hour of the last day would be left out; but it
            # refuses hours still to come.
            end = min(datetime.combine(last, time.max, UTC), datetime.now(UTC))
            window = ("--from-date", f"{first}T00:00:00", "--to-date", f"{end:%Y-%m-%dT%H:%M:%S}")
            self.airflow("backfill", "create", "--dag-id", f"feed__{feed.name}", *window, "--max-active-runs", "3")
            self.say(f"Backfill of feed__{feed.name}, {first} to {last}")
        # Only now: the command line and busy workers would lock each other out of SQLite.
        for dag_id in sorted(self.dag_ids() - {"feed_health"}):
            self.rest.unpause(dag_id)

    def wait_until_quiet(self) -> None:
        """Follow the runs until none is left, merges and deliveries started by assets among them.

        Raises:
            UnreachableError: Nothing has moved for ten minutes.
        """
        told, told_at, moved_at, seen, quiet = "", 0.0, monotonic(), "", 0
        while quiet < _QUIET_LOOKS:
            runs = self.rest.runs()
            ended = _ended(runs)
            now, tasks = monotonic(), self.rest.tasks_ended()
            if f"{ended} {tasks}" != seen:
                seen, moved_at = f"{ended} {tasks}", now
            if ended != told or (moved_at == now and now - told_at > _PATIENCE_SECONDS):
                self.say(f"Runs ended: {ended}; tasks {tasks}")
                told, told_at = ended, now
            quiet = 0 if any(run["state"] in _ACTIVE for run in runs) or not runs else quiet + 1
            if now - moved_at > _STUCK_SECONDS:
                raise UnreachableError(
                    f"Nothing has moved for {_STUCK_SECONDS} s.", fix=f"Read the logs in {self._site.logs}."
                )
            sleep(3)

    def _wait(self, what: str, ready: Callable[[], bool], *, seconds: int) -> None:
        deadline = monotonic() + seconds
        while not ready():
            if monotonic() > deadline:
                raise UnreachableError(
                    f"{what} did not come up in {seconds} s.", fix=f"Read the logs in {self._site.logs}."
                )
            sleep(0.5)


def _ended(runs: Sequence[dict[str, Any]]) -> str:
    """How many runs of each kind have ended, of how many there are."""
    counts: Counter[tuple[str, bool]] = Counter((_kind(run["dag_id"]), run["state"] in _ACTIVE) for run in runs)
    return ", ".join(
        f"{kind} {counts[kind, False]}/{counts[kind, False] + counts[kind, True]}"
        for kind in ("feed days", "merges", "deliveries")
    )


def _kind(dag_id: str) -> str:
    if dag_id.startswith("feed__"):
        return "feed days"
    return "deliveries" if dag_id.startswith("deliver__") else "merges"


def write_samples(site: Site, *, days: int = DAYS) -> None:
    """Have the simulator write what the sample suppliers offer."""
    words = ["write", "--folder", str(site.suppliers), "--days", str(days)]
    subprocess.run([sys.executable, "-m", "tests.simulator", *words], check=True, cwd=PROJECT, capture_output=True)
    for path in site.suppliers.glob("*/*/*"):
        # Files as old as their day: what was just written is looked at twice, in case it still grows.
        sent = datetime.combine(date.fromisoformat(path.parent.name), datetime.min.time(), UTC).timestamp()
        os.utime(path, (sent, sent))


def declare_folder(folder: Path, site: Site) -> tuple[Feed, ...]:
    """Declare a feed for each folder below ``folder``, and one for the files beside them.

    Args:
        folder: Messages that somebody has; each folder in it counts as one supplier.
        site: Its ``feeds`` folder receives the declarations.

    Raises:
        ConfigurationError: There is no such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"There is no folder {folder}.", fix="Give FEEDS= a folder with messages.")
    sources = [(path.name, path, "**") for path in sorted(folder.iterdir()) if path.is_dir()]
    if any(path.is_file() for path in folder.iterdir()):
        sources.append((folder.resolve().name, folder, "*"))
    declared = site.feeds or site.state / "feeds"
    shutil.rmtree(declared, ignore_errors=True)
    declared.mkdir(parents=True)
    for title, path, files in sources:
        name = _feed_name(title)
        content = {
            "name": name,
            "supplier": name,
            "title": title,
            "owner": "demo@bindery.example",
            "transport": {"kind": "folder", "path": str(path.resolve())},
            "files": files,
            "schedule": "0 0 * * *",
            "scope": "delta",
        }
        (declared / f"{name}.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    if not sources:
        raise ConfigurationError(f"{folder} is empty.", fix="Give FEEDS= a folder with messages.")
    return load_feeds(declared)


def _feed_name(title: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    return name[:60] if name[:1].isalpha() else f"feed_{name}"[:60]


def today() -> date:
    """The day that has begun in UTC: unpausing a DAG starts its newest day anyway, so that is the day to backfill."""
    return datetime.now(UTC).date()
