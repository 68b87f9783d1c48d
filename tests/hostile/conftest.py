from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.beacon import Beacon
from tests.hostile.jail import Jail


@pytest.fixture(scope="session")
def jail() -> Iterator[Jail]:
    """One jailer for all tests of a process."""
    one = Jail()
    yield one
    one.close()


@pytest.fixture(scope="session")
def beacon() -> Iterator[Beacon]:
    """A server that nothing may fetch from."""
    one = Beacon()
    yield one
    one.close()
