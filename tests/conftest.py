from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def bigquery_emulator() -> Path:
    """The program of BigQuery's emulator, found or built once."""
    from tests.emulators import bigquery

    return bigquery.program()
