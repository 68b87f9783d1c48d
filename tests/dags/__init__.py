"""Tests of the DAG files as Airflow sees them."""

from __future__ import annotations
