from __future__ import annotations

import os
from pathlib import Path

import pytest
from bindery.home import PROJECT
from lxml import etree


@pytest.fixture(scope="session")
def shared() -> Path:
    return Path(os.environ.get("BINDERY_SHARED", PROJECT.parent / "shared"))


@pytest.fixture(scope="session")
def schema(shared: Path) -> etree.XMLSchema:
    """The official schema of what we write."""
    path = shared / "reference/titusz+onixcheck/xsd3.0/ONIX_BookProduct_3.0_reference.xsd"
    if not path.is_file():
        pytest.skip(f"the official ONIX 3.0 schema is not at {path}")
    return etree.XMLSchema(etree.parse(path))
