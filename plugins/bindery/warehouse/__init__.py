"""The seam between the SQL in ``include/sql`` and the engine that runs it: DuckDB on one machine, BigQuery at scale.

``BINDERY_WAREHOUSE`` chooses: ``duckdb``, the default, or ``bigquery://<project>/<dataset>``.
"""

from __future__ import annotations

from bindery.warehouse.engine import Warehouse
from bindery.warehouse.opening import copy_published, open_snapshot, open_writer, publish

__all__ = ["Warehouse", "copy_published", "open_snapshot", "open_writer", "publish"]
