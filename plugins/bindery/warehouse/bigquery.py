"""The warehouse at scale: BigQuery, through Google's own client.

Statements are sent as they are written. Where ``BIGQUERY_EMULATOR_HOST`` names an emulator
(``http://host:port``), the client talks to that, without credentials.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pyarrow as pa
from google.api_core.exceptions import GoogleAPICallError, NotFound, RetryError, ServerError
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError, TransportError
from google.cloud import bigquery  # noqa: TID253 - this module is imported only where BigQuery is the engine
from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY, DEFAULT_RETRY  # noqa: TID253

from bindery.errors import BinderyError, ConfigurationError, UnreachableError
from bindery.warehouse import arrow, dialect, statements

EMULATOR = "BIGQUERY_EMULATOR_HOST"
"""Environment variable of Google's client: the emulator to use instead of BigQuery."""

PATIENCE_SECONDS = 600.0
"""How long a call is repeated while BigQuery answers that it may pass."""

_ROWS_A_BATCH = 10_000


class BigQueryWarehouse:
    """One dataset of BigQuery. Implements ``engine.Warehouse``."""

    def __init__(self, client: bigquery.Client, dataset: str, *, patience: float = PATIENCE_SECONDS) -> None:
        self._client = client
        self._retry = DEFAULT_RETRY.with_timeout(patience)
        self._job_retry = DEFAULT_JOB_RETRY.with_timeout(patience)
        self._dataset = bigquery.DatasetReference(client.project, dataset)
        self._schemas: dict[str, pa.Schema] = {}

    @classmethod
    def connect(cls, project: str, dataset: str, *, patience: float = PATIENCE_SECONDS) -> BigQueryWarehouse:
        """Connect with the credentials of this process (Application Default Credentials).

        Args:
            project: The Google Cloud project.
            dataset: The dataset in it.
            patience: Seconds a call is repeated while BigQuery answers that it may pass.

        Raises:
            ConfigurationError: There are none.
        """
        try:
            if os.environ.get(EMULATOR):
                anonymous: Any = AnonymousCredentials
                return cls(bigquery.Client(project=project, credentials=anonymous()), dataset, patience=patience)
            return cls(bigquery.Client(project=project), dataset, patience=patience)
        except DefaultCredentialsError as error:
            raise ConfigurationError(
                f"there are no credentials for BigQuery project {project}: {error}",
                fix="Give this process a service account, or run gcloud auth application-default login.",
            ) from error

    def run(self, statement: str, **parameters: object) -> pa.Table:
        """See ``engine.Warehouse.run``."""
        asked = statements.statement(statement)
        values = statements.check_parameters(asked, parameters)
        settings = bigquery.QueryJobConfig(
            default_dataset=self._dataset,
            query_parameters=[_parameter(name, asked.header.parameters[name], value) for name, value in values.items()],
        )
        with self._explained(asked.name):
            rows = self._client.query_and_wait(
                asked.text, job_config=settings, retry=self._retry, job_retry=self._job_retry
            )
            if dialect.writes(asked):
                count = pa.array([rows.num_dml_affected_rows or 0], pa.int64())
                return pa.table({"rows": count})
            return arrow.plain(rows.to_arrow(create_bqstorage_client=False))

    def read(self, table: str) -> pa.Table:
        """All rows of a table, in no order. For small tables and for tests."""
        with self._explained(table):
            rows = self._client.list_rows(self._client.get_table(self._dataset.table(table)))
            return arrow.plain(rows.to_arrow(create_bqstorage_client=False))

    def load(self, table: str, rows: pa.Table) -> int:
        """See ``engine.Warehouse.load``. One load job: all rows or none."""
        if table not in statements.tables():
            raise ConfigurationError(
                f"there is no table {table!r}", fix=f"Write include/sql/tables/{table}.sql, or name one that is there."
            )
        if not rows.num_rows:
            return 0
        with self._explained(table):
            try:
                fitted = arrow.fit(rows, self._schema(table))
            except (ValueError, pa.ArrowException) as error:
                raise ConfigurationError(
                    f"rows do not fit table {table}: {error}",
                    fix=f"Give the columns of include/sql/tables/{table}.sql, of its types.",
                ) from error
            self._append(table, fitted)
        return int(rows.num_rows)

    def _append(self, table: str, rows: pa.Table) -> None:
        settings = bigquery.LoadJobConfig(
            source_format=bigquery.SourceFormat.NEWLINE_DELIMITED_JSON,
            write_disposition=bigquery.WriteDisposition.WRITE_APPEND,
            create_disposition=bigquery.CreateDisposition.CREATE_NEVER,
        )
        with tempfile.TemporaryFile() as lines:
            for batch in rows.to_batches(max_chunksize=_ROWS_A_BATCH):
                for row in batch.to_pylist():
                    lines.write(orjson.dumps(row, default=str, option=orjson.OPT_APPEND_NEWLINE))
            target = self._dataset.table(table)
            job = self._client.load_table_from_file(lines, target, rewind=True, job_config=settings)
            job.result(retry=self._retry)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Nothing: each statement is its own commit here (RFC 0001), so a step is written to be repeated."""
        yield

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()  # type: ignore[no-untyped-call]  # Google's client leaves it untyped

    def create_tables(self) -> None:
        """Create the dataset and every table of ``include/sql/tables`` that is not there yet."""
        with self._explained(str(self._dataset)):
            try:
                self._client.get_dataset(self._dataset)
            except NotFound:
                self._client.create_dataset(self._dataset, exists_ok=True)
            there = {table.table_id for table in self._client.list_tables(self._dataset)}
        for table in statements.tables():
            if table not in there:
                self.run(f"{statements.DDL_ROOM}/{table}")

    def _schema(self, table: str) -> pa.Schema:
        if table not in self._schemas:
            fields = self._client.get_table(self._dataset.table(table)).schema
            self._schemas[table] = pa.schema([pa.field(field.name, _arrow_type(field)) for field in fields])
        return self._schemas[table]

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except BinderyError:
            raise
        except (ServerError, RetryError, TransportError, ConnectionError) as error:
            raise UnreachableError(
                f"BigQuery did not answer {what}: {error}", fix="Try again later; nothing was left half-written."
            ) from error
        except GoogleAPICallError as error:
            raise ConfigurationError(
                f"{what} failed on BigQuery dataset {self._dataset}: {error.message}",
                fix="Correct the statement, the rows it was given or the permissions, and run it again.",
            ) from error


def _parameter(name: str, declared: str, value: Any) -> bigquery.ScalarQueryParameter | bigquery.ArrayQueryParameter:
    scalar = statements.element_type(declared)
    if statements.is_array(declared):
        return bigquery.ArrayQueryParameter(name, scalar, value)
    return bigquery.ScalarQueryParameter(name, scalar, value)


_ARROW_TYPES = {
    "STRING": pa.string(),
    "INTEGER": pa.int64(),
    "INT64": pa.int64(),
    "FLOAT": pa.float64(),
    "FLOAT64": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "BOOL": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": arrow.TIMESTAMP,
    "NUMERIC": arrow.NUMERIC,
}


def _arrow_type(field: bigquery.SchemaField) -> pa.DataType:
    if field.field_type in ("RECORD", "STRUCT"):
        kind = pa.struct([pa.field(inner.name, _arrow_type(inner)) for inner in field.fields])
    else:
        kind = _ARROW_TYPES[field.field_type]
    return pa.list_(kind) if field.mode == "REPEATED" else kind
