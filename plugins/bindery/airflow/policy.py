"""What all DAGs share: when trying again helps, how long a task may take, who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import ExceptionRetryPolicy, Param, RetryAction, RetryRule, task

from bindery.airflow.failures import note_failure, strike_note
from bindery.errors import ConfigurationError, LawBrokenError, RefusedError, UnreachableError

WAREHOUSE = "warehouse"
READING = "reading"
JUDGING = "judging"
NETWORK = "network"
"""Pools, declared in ``include/airflow/pools.json``."""

RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(UnreachableError, RetryAction.RETRY, reason="The remote party may answer later."),
        RetryRule(
            [RefusedError, ConfigurationError, LawBrokenError],
            RetryAction.FAIL,
            reason="The same bytes and declarations give the same failure: a person must act.",
        ),
    ]
)
"""Permanent errors fail at once, passing ones are tried again; what we did not foresee is tried again too."""

FEED_DATE = Param(
    None,
    type=["null", "string"],
    format="date",
    description="The feed day to work on, where the run has none of its own, such as 2026-03-01.",
)


def start(timezone: str = "UTC") -> pendulum.DateTime:
    """The first day any DAG knows: fixed, so that a DAG parses the same every time."""
    return pendulum.datetime(2026, 1, 1, tz=timezone)


def task_defaults(owner: str) -> dict[str, Any]:
    """Default arguments of every task of a DAG."""
    return {
        "owner": owner,
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=15),
        "retry_policy": RETRY_POLICY,
        "execution_timeout": timedelta(hours=1),
        "on_execute_callback": [strike_note],
        "on_failure_callback": [note_failure],
    }


def remote(*, retries: int = 5, minutes: int = 30) -> dict[str, Any]:
    """Arguments of a task that talks to somebody else's server."""
    return {"pool": NETWORK, "retries": retries, "execution_timeout": timedelta(minutes=minutes)}


def local(pool: str, *, retries: int = 2, minutes: int = 60) -> dict[str, Any]:
    """Arguments of a task that works on our own files."""
    return {"pool": pool, "retries": retries, "execution_timeout": timedelta(minutes=minutes)}


def step(function: Callable[..., Any], **arguments: Any) -> Any:
    """A task that calls a function of ours.

    The function stays a plain one, which tests call as it is; in a DAG it takes and returns what Airflow stands in for
    values, hence no types.

    Args:
        function: What the task does.
        **arguments: Of the task: ``task_id``, ``pool``…
    """
    return task(**arguments)(function)
