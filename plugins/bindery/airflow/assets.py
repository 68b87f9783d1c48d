"""The assets between the DAGs. Each is partitioned by feed day, as ``2026-03-01``."""

from __future__ import annotations

from airflow.sdk import Asset, PartitionedAssetTimetable, StartOfDayMapper

DAY_FORMAT = "%Y-%m-%d"

CATALOGUE = Asset(name="catalogue", uri="x-bindery://catalogue")
"""A published catalogue; its partition is the feed day that changed it."""


STAGED = Asset(name="staged", uri="x-bindery://staged")
"""What any feed staged; its partition is the feed day, the event's extra names the feed.

One asset for all feeds, not one each: a consumer's waiting partitions are thrown away without a word when its asset
expression changes (seen on Airflow 3.3.2), so a new feed file must not change the expression of ``catalogue``.
"""


def on_each_day_of(asset: Asset) -> PartitionedAssetTimetable:
    """A run for each day the asset delivers, again when it delivers the day again.

    The mapper is spelled out because without it a run has no partition date, and with another format it is never
    started, in silence.
    """
    return PartitionedAssetTimetable(
        assets=asset,
        default_partition_mapper=StartOfDayMapper(input_format=DAY_FORMAT, output_format=DAY_FORMAT),
    )
