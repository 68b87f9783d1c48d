"""``feed_health``: the Airflow DAG that runs by the clock alone."""

from __future__ import annotations

from bindery.airflow.health_dag import health_dag

feed_health = health_dag()
