"""The corpus of real messages: beside the repository, never in it."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("BINDERY_SHARED", Path(__file__).resolve().parents[2] / "shared"))
CORPUS = SHARED / "corpus"

needs_corpus = pytest.mark.skipif(not (CORPUS / "MANIFEST.csv").is_file(), reason=f"no corpus at {CORPUS}")


def manifest() -> list[dict[str, str]]:
    """Rows of the manifest; none where there is no corpus."""
    if not (CORPUS / "MANIFEST.csv").is_file():
        return []
    with (CORPUS / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
