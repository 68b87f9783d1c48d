"""``bindery verify``: the whole catalogue held to its laws, not only what a run touched."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from bindery import warehouse
from bindery.cli import build
from bindery.errors import LawBrokenError
from bindery.home import Home
from bindery.steps import merge
from tests.catalogue.feeding import ISBN_B, full, merge_all, message, take


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BINDERY_HOME", str(tmp_path))
    home = Home(tmp_path)
    take(message("alpha", "1", full("a"), full("b", reference="r2", isbn13=ISBN_B)), home)
    merge_all(home)
    merge.publish(home)
    return home


@pytest.mark.usefixtures("home")
def test_a_good_catalogue() -> None:
    done = CliRunner().invoke(build(), ["verify"])
    assert done.exit_code == 0
    assert done.stdout.startswith("Every law holds: ")


def test_a_row_that_no_run_touched_is_found(home: Home) -> None:
    """An offer that came from nowhere, long ago: the checks of a run don't look there."""
    with warehouse.open_writer(home) as opened:
        stray = {
            "edition_key": 9780000000057,
            "isbn13": "9780000000057",
            "model": "sale",
            "state": "offered",
            "territory_set_id": "x",
            "offer_hash": "x",
        }
        opened.load("offers", pa.Table.from_pylist([stray]))
    merge_all(home)
    merge.publish(home)
    done = CliRunner().invoke(build(), ["verify"])
    assert isinstance(done.exception, LawBrokenError)
    assert "ISBN 9780000000057 is offered for sale" in str(done.exception)
