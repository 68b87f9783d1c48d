from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def program() -> Path:
    from tests.emulators import bigquery as emulator

    return emulator.program()
