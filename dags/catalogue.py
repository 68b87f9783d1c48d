"""``catalogue``: the one Airflow DAG that merges."""

from __future__ import annotations

from bindery.airflow.catalogue_dag import catalogue_dag

catalogue = catalogue_dag()
