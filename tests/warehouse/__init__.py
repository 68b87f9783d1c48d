from __future__ import annotations

import os
import sys
from pathlib import Path

DATA = Path(__file__).parent / "data"
"""SQL that tests read, kept out of Python files."""

PYTHON = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
"""The environment of another Python process that finds what this one finds."""
