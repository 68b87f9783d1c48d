"""The one Airflow plugin. Airflow imports it in every component, so it imports nothing of the product."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin


class BinderyPlugin(AirflowPlugin):
    """Announces Bindery to Airflow: ``airflow plugins`` shows that this installation carries it."""

    name = "bindery"
