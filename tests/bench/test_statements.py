from __future__ import annotations

import time
from pathlib import Path

import pytest

from bindery.home import Home
from bindery.warehouse import open_writer
from tests.bench.statements import timed


def test_each_second_counts_once_and_for_what_spent_it(tmp_path: Path) -> None:
    begin = time.perf_counter()
    with timed() as spent, open_writer(Home(tmp_path)) as warehouse, warehouse.transaction():
        warehouse.run("catalogue/clear_affected")
    assert {"open", "make tables", "catalogue/clear_affected", "commit", "close"} <= spent.wall.keys()
    assert sum(spent.wall.values()) <= time.perf_counter() - begin
    assert all(seconds >= 0 for seconds in spent.wall.values())


def test_a_transaction_that_fails_still_fails(tmp_path: Path) -> None:
    def failing() -> None:
        with timed(), open_writer(Home(tmp_path)) as warehouse, warehouse.transaction():
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        failing()
