"""The day a run is about, however the run came to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bindery.errors import ConfigurationError


def feed_day(context: Mapping[str, Any], *, timezone: str = "UTC") -> date:
    """The feed day of a run.

    Runs come from a clock, a backfill, an asset partition, the command line or a person. Only some of them have a
    logical date, and only partitioned ones have a partition key; the first that is there decides: partition key,
    parameter ``feed_date``, logical date.

    Args:
        context: The context of a task or of a callback; any key may be missing.
        timezone: Where the logical date is read as a day: the feed's own timezone.

    Returns:
        The day.

    Raises:
        ConfigurationError: The run names no day, or names one that is none.
    """
    run = context.get("dag_run")
    key = context.get("partition_key") or getattr(run, "partition_key", None)
    if key:
        return _parse(str(key), "partition key")
    named = (context.get("params") or {}).get("feed_date") or (getattr(run, "conf", None) or {}).get("feed_date")
    if named:
        return _parse(str(named), "parameter feed_date")
    moment = context.get("logical_date") or getattr(run, "logical_date", None)
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(timezone)).date()
    raise ConfigurationError(
        f"Run {context.get('run_id') or getattr(run, 'run_id', '(unnamed)')} names no feed day.",
        fix='Trigger it with the parameter feed_date, such as {"feed_date": "2026-03-01"}.',
    )


def _parse(text: str, source: str) -> date:
    wrong = ConfigurationError(
        f"The {source} {text!r} is not a day.", fix="Write it as year-month-day, such as 2026-03-01."
    )
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise wrong from error
    if day.isoformat() != text:
        # ISO 8601 also writes weeks (2026-W10), which would pass for their Monday.
        raise wrong
    return day
