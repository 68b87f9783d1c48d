from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"
"""SQL and Python that tests read, kept out of Python files."""
