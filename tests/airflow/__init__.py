"""Tests of the Airflow layer."""

from __future__ import annotations
