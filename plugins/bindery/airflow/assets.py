"""The assets between the DAGs. Each is partitioned by feed day, as ``2026-03-01``."""

from __future__ import annotations

from collections.abc import Iterable

from airflow.sdk import Asset, AssetAny, PartitionedAssetTimetable, StartOfDayMapper

DAY_FORMAT = "%Y-%m-%d"

CATALOGUE = Asset(name="catalogue", uri="bindery://catalogue")
"""A published catalogue; its partition is the feed day that changed it."""


def feed_asset(feed: str) -> Asset:
    """What a feed staged on a day."""
    return Asset(name=f"feed__{feed}", uri=f"bindery://feeds/{feed}")


def on_any_day_of(assets: Iterable[Asset]) -> PartitionedAssetTimetable:
    """A run for each day any of the assets delivers.

    Any, not all: one late supplier must not hold back the others, and a day that is reprocessed for one supplier must
    be merged again. The mapper is spelled out because without it a run has no partition date, and with another format
    it is never started, in silence.

    Args:
        assets: At least one.
    """
    return PartitionedAssetTimetable(
        assets=AssetAny(*assets),
        default_partition_mapper=StartOfDayMapper(input_format=DAY_FORMAT, output_format=DAY_FORMAT),
    )
