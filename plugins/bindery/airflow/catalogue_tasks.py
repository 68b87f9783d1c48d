"""What the tasks of ``catalogue`` do: fold what was staged into the catalogue and publish it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from bindery.airflow.assets import CATALOGUE
from bindery.airflow.feed_day import feed_day
from bindery.airflow.parcels import pack
from bindery.airflow.skipping import skip_rest
from bindery.files import write_atomically
from bindery.home import Home

if TYPE_CHECKING:
    from bindery.catalogue.merging import Run


def records() -> dict[str, Any]:
    """Fold staged records into the current ones.

    Several feeds that stage a day start a run each, and the first one often merges for all. Then nothing waits and the
    rest is skipped, unless an earlier merge was broken off before its change was announced.
    """
    from bindery.steps import health, merge  # noqa: PLC0415 - a DAG file must parse without the rooms

    home = Home.from_environment()
    mark = _mark(home)
    if not mark.exists():
        if not health.anything_waits(home):
            skip_rest("Nothing is staged: an earlier run merged it all.")
        write_atomically(mark, str(health.newest_change(home)).encode())
    return pack(merge.merge_records(home, _run()))


def editions() -> dict[str, Any]:
    """Merge the records of each affected title into an edition."""
    from bindery.steps import merge  # noqa: PLC0415

    return pack(merge.merge_editions(Home.from_environment(), _run()))


def works() -> dict[str, Any]:
    """Find which of the affected editions are of one book."""
    from bindery.steps import merge  # noqa: PLC0415

    return pack(merge.merge_works(Home.from_environment(), _run()))


def offers() -> dict[str, Any]:
    """Resolve where and how each affected edition may be sold."""
    from bindery.steps import merge  # noqa: PLC0415

    return pack(merge.merge_offers(Home.from_environment(), _run()))


def verify() -> dict[str, Any]:
    """Stop before publishing when a law does not hold."""
    from bindery.steps import merge  # noqa: PLC0415

    return pack(merge.verify(Home.from_environment()))


def publish() -> dict[str, Any]:
    """Publish a read-only snapshot for pages, command line and deliveries."""
    from bindery.steps import merge  # noqa: PLC0415

    return pack(merge.publish(Home.from_environment()))


def announce() -> None:
    """Say that the published catalogue changed: one partition of its asset."""
    from bindery.steps import health  # noqa: PLC0415

    home = Home.from_environment()
    mark = _mark(home)
    # Without its mark this is the second try of a run that had announced already; to say it twice does no harm.
    changed = not mark.exists() or health.newest_change(home) != int(mark.read_text())
    mark.unlink(missing_ok=True)
    if not changed:
        raise AirflowSkipException("The catalogue is as it was.")
    context = get_current_context()
    context["outlet_events"][CATALOGUE].add_partitions(feed_day(context).isoformat())


def _run() -> Run:
    """The catalogue's day is the feed day that this run merges."""
    from bindery.steps import merge  # noqa: PLC0415

    context = get_current_context()
    return merge.run_of(feed_day(context), context["run_id"])


def _mark(home: Home) -> Path:
    """Holds the newest change before a merge, from its beginning until its change is announced."""
    return home.warehouse.with_name("merge-begun")
