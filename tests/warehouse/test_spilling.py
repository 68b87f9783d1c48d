"""What doesn't fit in memory goes to the home's disk, and leaves nothing behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from bindery.home import Home
from bindery.warehouse import duckdb, open_writer


def test_a_statement_larger_than_memory_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(duckdb.MEMORY_LIMIT, "60MB")
    monkeypatch.setenv(duckdb.THREADS, "1")
    home, count = Home(tmp_path / "home"), 300_000
    feeds = pa.array([f"{number:0300}" for number in range(count)])
    same = {"supplier": "s", "message_id": "m", "name": "n"}
    arrivals = pa.table(
        {
            "feed": feeds,
            "feed_day": pa.array([date(2026, 3, 1)] * count),
            "size": [1] * count,
            "is_repeat": [False] * count,
        }
        | {name: [value] * count for name, value in same.items()}
    )
    with open_writer(home) as warehouse:
        warehouse.load("arrivals", arrivals)
        assert warehouse.run("health/last_feed_days", feed_day=date(2026, 3, 1)).num_rows == count
    assert list(home.spill(0).parent.iterdir()) == []
