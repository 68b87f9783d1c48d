"""Airflow for the tests of its layer."""

from __future__ import annotations

from pathlib import Path

import pytest

import tests.airflow_home  # noqa: F401 - sets the Airflow home before anything imports Airflow
from bindery.home import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BINDERY_HOME", str(tmp_path / "home"))
    return Home.from_environment()
