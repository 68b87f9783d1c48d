"""Becomes one of Airflow's processes, in the environment of a site: ``python -m … <site folder> scheduler``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bindery.local.site import Site


def main(root: str, *command: str) -> None:
    """Replace this process by ``airflow <command>``."""
    environment = Site(Path(root)).process_environment()
    os.execve(sys.executable, [sys.executable, "-m", "airflow", *command], environment)  # noqa: S606 - our own words


if __name__ == "__main__":
    main(*sys.argv[1:])
