"""How verbs print: as wide as the terminal; into a pipe or a file wide enough for the tables."""

from __future__ import annotations

import os
import sys

from rich.console import Console

_PIPED_WIDTH = 132


def console() -> Console:
    """The console for a verb's tables; ``COLUMNS`` sets another width."""
    fitted = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if fitted else _PIPED_WIDTH, highlight=False)
