"""``feed__<feed>``: one Airflow DAG a feed declaration."""

from __future__ import annotations

from bindery.airflow.declared import good_feeds
from bindery.airflow.feed_dag import feed_dag

for feed in good_feeds():
    globals()[f"feed__{feed.name}"] = feed_dag(feed)
