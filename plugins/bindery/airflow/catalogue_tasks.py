"""What the tasks of ``catalogue`` do: fold what was staged into the catalogue and publish it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException
from bindery.airflow.assets import CATALOGUE
from bindery.airflow.feed_day import feed_day
from bindery.airflow.parcels import pack
from bindery.claims import MergeResult
from bindery.home import Home


def records() -> dict[str, Any]:
    """Fold staged records into the current ones.

    Several feeds that stage a day start a run each, and the first one often merges for all. Then there is nothing left
    and the rest is skipped, unless an earlier merge was broken off before it was published.
    """
    from bindery.steps import merge  # noqa: PLC0415 - a DAG file must parse without the rooms

    home = Home.from_environment()
    mark = home.warehouse.with_name("merge-begun")
    unfinished = mark.exists()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    result = merge.merge_records(home)
    if result.rows == 0 and not unfinished:
        mark.unlink()
        raise AirflowSkipException("Nothing is staged: an earlier run merged it all.")
    return pack(result)


def editions() -> dict[str, Any]:
    """Merge the records of each affected title into an edition."""
    from bindery.steps import merge  # noqa: PLC0415

    return pack(merge.merge_editions(Home.from_environment()))


def offers() -> dict[str, Any]:
    """Resolve where and how each affected edition may be sold."""
    from bindery.steps import merge  # noqa: PLC0415

    return pack(merge.merge_offers(Home.from_environment()))


def verify() -> dict[str, Any]:
    """Stop before publishing when a law does not hold."""
    from bindery.steps import merge  # noqa: PLC0415

    return pack(merge.verify(Home.from_environment()))


def publish() -> dict[str, Any]:
    """Publish a read-only snapshot for pages, command line and deliveries."""
    from bindery.steps import merge  # noqa: PLC0415

    home = Home.from_environment()
    result = merge.publish(home)
    home.warehouse.with_name("merge-begun").unlink(missing_ok=True)
    return pack(result)


def announce(published: Mapping[str, Any]) -> None:
    """Say that the catalogue changed: one partition of its asset."""
    result = MergeResult.model_validate(published)
    if result.rows == 0:
        raise AirflowSkipException("The catalogue is as it was.")
    context = get_current_context()
    context["outlet_events"][CATALOGUE].add_partitions(feed_day(context).isoformat())
