"""The seam between the SQL in ``include/sql`` and the engine that runs it: DuckDB on one machine, BigQuery at scale."""
