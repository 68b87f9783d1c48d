"""``catalogue``: the one Airflow DAG that merges."""

from __future__ import annotations

from bindery.airflow.catalogue_dag import catalogue_dag
from bindery.airflow.declared import good_feeds

catalogue = catalogue_dag(good_feeds())
