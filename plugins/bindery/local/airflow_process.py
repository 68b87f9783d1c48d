"""Becomes one of Airflow's processes, in the environment of a site: ``python -m … <site folder> scheduler``."""

from __future__ import annotations

import importlib
import os
import runpy
import sys
from pathlib import Path

from bindery.local.site import Site

PRELOADED = (
    "bindery.airflow.catalogue_dag",
    "bindery.airflow.delivery_dag",
    "bindery.airflow.feed_dag",
    "bindery.airflow.health_dag",
    "bindery.feeds.transports.https",
    "bindery.feeds.transports.sftp",
    "bindery.steps.deliver",
    "bindery.steps.fetch",
    "bindery.steps.gate",
    "bindery.steps.health",
    "bindery.steps.judge",
    "bindery.steps.merge",
    "bindery.steps.read",
    "bindery.steps.settle",
    "bindery.steps.stage",
)
"""What the scheduler imports first: its workers are forks of it, and need not spend a second a task on it again."""


def main(root: str, *command: str) -> None:
    """Run ``airflow <command>`` in this process."""
    os.environ.update(Site(Path(root)).process_environment())
    sys.argv = ["airflow", *command]
    if command == ("scheduler",):
        for module in PRELOADED:
            importlib.import_module(module)
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
