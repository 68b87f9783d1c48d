"""Law 5: the last day's merge run twice, or killed at any statement and run again, leaves the same rows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bindery.home import Home
from bindery.steps.undo import undo
from bindery.warehouse import duckdb, open_writer, statements
from tests.catalogue.feeding import ISBN_B, block, delete, full, merge_all, message, rows, take

pytestmark = pytest.mark.slow

KILLED = """
import os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
from bindery.catalogue.merging import Run
from bindery.home import Home
from bindery.steps import merge
from bindery.warehouse.duckdb import DuckDBWarehouse

whole = DuckDBWarehouse.run

def run(self, statement, **parameters):
    if statement == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(self, statement, **parameters)

DuckDBWarehouse.run = run
merge.merge(Home(Path(sys.argv[1])), Run(day=date(2026, 3, 1), at=datetime(2026, 3, 1, 6, tzinfo=UTC), name="test"))
"""

AT = (
    "gather_history",
    "settle_outcomes",
    "close_messages",
    "write_editions",
    "merge_offers",
    "append_first_history",
    "clear_queue",
    "clear_touched_messages",
)


def everything(home: Home) -> dict[str, list[dict[str, Any]]]:
    with open_writer(home) as opened:
        assert isinstance(opened, duckdb.DuckDBWarehouse)
        return {table: rows(opened, table) for table in statements.tables()}


def last_day(home: Home) -> None:
    """A merged day, and another one that waits: changes, a withdrawal, a new title, a deletion, an undo."""
    first = message("alpha", "1", full("a"), full("a", reference="r2", isbn13=ISBN_B))
    wrong = message("beta", "1", full("b"))
    for one in (first, wrong):
        take(one, home)
    merge_all(home)
    for one in (
        message("alpha", "2", full("b"), block(("supply", "x"), reference="r2")),
        message("alpha", "3", delete(reference="r2")),
        message("beta", "2", full("c", reference="r9", isbn13="9780000000033", supply_withdrawal="availability:46")),
    ):
        take(one, home)
    undo("beta", wrong.message_id, owner="ops", reason="another book's", home=home)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    home = Home(tmp_path_factory.mktemp("undisturbed"))
    last_day(home)
    merge_all(home)
    once = everything(home)
    assert len(once["editions"]) == 3
    merge_all(home)
    assert everything(home) == once, "the same day merged twice"
    return once


@pytest.mark.parametrize("statement", AT)
def test_killed_and_run_again(tmp_path: Path, statement: str, undisturbed: dict[str, list[dict[str, Any]]]) -> None:
    home = Home(tmp_path)
    last_day(home)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(home.root), f"catalogue/{statement}"],
        check=False,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ended.returncode == -signal.SIGKILL
    merge_all(home)
    assert everything(home) == undisturbed
