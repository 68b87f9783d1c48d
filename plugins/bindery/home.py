"""Where Bindery keeps its files.

Two places: the *project* (what is in git: SQL, suites, declarations) and the *home* (what arrives and what is made).
The layout of the home is this module's business alone; everyone else asks it for a path.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(os.environ.get("BINDERY_PROJECT", Path(__file__).resolve().parents[2]))
"""Root of the checkout (or image): holds ``include/`` and ``expectations/``."""

PRECEDENCE = "BINDERY_PRECEDENCE"
"""Environment variable: the file of precedence rules, in the place of ``include/precedence.yaml``."""


@dataclass(frozen=True)
class Home:
    """The folder that holds bytes, warehouse, deliveries and alerts."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The home named by ``BINDERY_HOME``; without it the demo's, ``var/demo/home`` in the project."""
        return cls(Path(os.environ.get("BINDERY_HOME", PROJECT / "var" / "demo" / "home")).absolute())

    @property
    def archive(self) -> Path:
        """Received bytes by SHA-256, never changed (law 4)."""
        return self.root / "archive"

    @property
    def receipts(self) -> Path:
        """One JSON file an arrival: which file of which feed and day brought which bytes."""
        return self.root / "receipts"

    def work(self, supplier: str, message_id: str) -> Path:
        """What reading and judging made of one message; a pure function of its bytes, so it can be made again."""
        return self.root / "work" / supplier / message_id

    def known(self, supplier: str) -> Path:
        """What is known of a supplier's records by their bytes; made again by reading, when it is gone."""
        return self.root / "known" / supplier

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that only the one writer opens."""
        return self.root / "warehouse" / "bindery.duckdb"

    @property
    def snapshots(self) -> Path:
        """Published read-only copies of the warehouse; ``snapshots/current`` names the newest."""
        return self.root / "warehouse" / "snapshots"

    def spill(self, process: int) -> Path:
        """Where the engine of one process puts what does not fit in its memory."""
        return self.root / "warehouse" / "spill" / str(process)

    def deliveries(self, recipient: str) -> Path:
        """Packages made for one recipient."""
        return self.root / "deliveries" / recipient

    @property
    def alerts(self) -> Path:
        """Every alert raised, one JSON file each, whatever sinks are configured."""
        return self.root / "alerts"

    @property
    def run(self) -> Path:
        """Sockets and locks of processes now running."""
        return self.root / "run"

    @property
    def feeds(self) -> Path:
        """Feed declarations in force: ``BINDERY_FEEDS``, or ``include/feeds``."""
        return Path(os.environ.get("BINDERY_FEEDS", PROJECT / "include" / "feeds"))

    @property
    def recipients(self) -> Path:
        """Recipient declarations in force: ``BINDERY_RECIPIENTS``, or ``include/recipients``."""
        return Path(os.environ.get("BINDERY_RECIPIENTS", PROJECT / "include" / "recipients"))

    @property
    def precedence(self) -> Path:
        """Precedence rules in force: ``BINDERY_PRECEDENCE``, or ``include/precedence.yaml``; it may be missing."""
        return Path(os.environ.get(PRECEDENCE, PROJECT / "include" / "precedence.yaml"))
