"""The open-source BigQuery emulator (github.com/goccy/bigquery-emulator): found or built, started, worked around."""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import IO, Any

import httpx
import orjson
import pytest
from google.api_core.exceptions import BadRequest
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery  # noqa: TID253 - only tests that start the emulator import this
from sqlglot import exp

log = logging.getLogger(__name__)

VERSION = "v0.8.1"
MODULE = "github.com/goccy/bigquery-emulator"
PROJECT = "bindery"

_START_SECONDS = 60
_STARTS = 3
_BUILD_SECONDS = 1200


def program() -> Path:
    """The emulator's program: ``BIGQUERY_EMULATOR``, in our cache, on PATH, in Go's bin, or built into our cache.

    Where there is none and no Go to build it, the test is skipped; under ``CI`` it fails. A build that fails, fails.
    """
    if named := os.environ.get("BIGQUERY_EMULATOR"):
        return Path(named)
    cached = Path.home() / ".cache" / "bindery" / f"bigquery-emulator-{VERSION}"
    go = shutil.which("go")
    there = [cached, shutil.which("bigquery-emulator"), _go_bin(go) / "bigquery-emulator" if go else None]
    for candidate in there:
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    if go is None:
        why = "there is no BigQuery emulator and no Go to build it: install Go, or set BIGQUERY_EMULATOR"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return _built(go, cached)


def _go_bin(go: str) -> Path:
    asked = subprocess.run([go, "env", "GOPATH"], capture_output=True, text=True, check=True)
    return Path(asked.stdout.strip()) / "bin"


def _built(go: str, cached: Path) -> Path:
    log.warning("building the BigQuery emulator %s, once, which takes minutes", VERSION)
    cached.parent.mkdir(parents=True, exist_ok=True)
    package = f"{MODULE}/cmd/bigquery-emulator"
    with tempfile.TemporaryDirectory(prefix="building-", dir=cached.parent) as scratch:
        module = Path(scratch)
        refused = _ran([go, "install", f"{package}@{VERSION}"], module, {"GOBIN": scratch})
        if refused:
            # go install asks the module proxy for a list of versions, which not every proxy answers. A module of our
            # own that requires the version needs no list.
            (module / "go.mod").write_text(f"module bindery/emulator\n\ngo 1.25\n\nrequire {MODULE} {VERSION}\n")
            failed = _ran([go, "build", "-mod=mod", "-o", scratch, package], module, {})
            if failed:
                pytest.fail(f"the BigQuery emulator {VERSION} could not be built: {refused}\n{failed}")
        return (module / "bigquery-emulator").replace(cached)


def _ran(command: list[str], folder: Path, settings: dict[str, str]) -> str:
    """Run a command of Go's. What it complained of where it failed, otherwise nothing."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=_BUILD_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"{' '.join(command)} took longer than {_BUILD_SECONDS} seconds"
    if not done.returncode:
        return ""
    return f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(emulator: Path, folder: Path) -> Iterator[str]:
    """Start the emulator, in memory, on a free port of this machine alone.

    Args:
        emulator: Its program.
        folder: Where its log goes.

    Yields:
        Its address, for ``BIGQUERY_EMULATOR_HOST``.
    """
    with (folder / "bigquery-emulator.log").open("wb") as output:
        process, address = _started(emulator, output)
        try:
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _started(emulator: Path, output: IO[bytes]) -> tuple[subprocess.Popen[bytes], str]:
    for _ in range(_STARTS):
        port = _free_port()
        options = ["--project", PROJECT, "--host", "127.0.0.1", "--port", str(port), "--grpc-port", str(_free_port())]
        process = subprocess.Popen([str(emulator), *options], stdout=output, stderr=subprocess.STDOUT)
        address = f"http://127.0.0.1:{port}"
        if _is_up(process, address):
            return process, address
    pytest.fail(f"the BigQuery emulator ended with {process.returncode}, {_STARTS} times")


def _is_up(process: subprocess.Popen[bytes], address: str) -> bool:
    """Wait until it answers. False where it ended: another process took a port that was free a moment ago."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        try:
            httpx.get(f"{address}/bigquery/v2/projects/{PROJECT}/datasets", timeout=5)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return True
    process.kill()
    process.wait()
    pytest.fail(f"the BigQuery emulator did not answer within {_START_SECONDS} seconds")


_MERGE = re.compile(
    r"USING (?:(?P<table>\w+)|\(\n(?P<query>.*?)\n\)) AS (?P<alias>\w+)\s+ON (?P<condition>.*?)\nWHEN", re.DOTALL
)
_TABLES_ALONE = "MERGE: source must be a single-table reference"


class EmulatorClient(bigquery.Client):
    """Google's own client, which steps around what the emulator does and BigQuery does not (docs/sql.md)."""

    def __init__(self, address: str) -> None:
        credentials: Any = AnonymousCredentials
        super().__init__(project=PROJECT, credentials=credentials(), client_options={"api_endpoint": address})

    def query_and_wait(self, query: str, *, job_config: bigquery.QueryJobConfig, **options: Any) -> Any:
        # It calls every mistake an internal one, which the client would repeat until its patience ends.
        options |= {"retry": None, "job_retry": None}
        query, job_config = _written_out(_worded(query, job_config), job_config)
        merge = _MERGE.search(query)
        if merge and merge["table"]:
            _refuse_several(merge, self.list_rows(self.get_table(job_config.default_dataset.table(merge["table"]))))
        try:
            return super().query_and_wait(query, job_config=job_config, **options)
        except BadRequest as refusal:
            # It says so only of a statement that Google's analyser has accepted, whole and as it is written.
            if merge is None or not merge["query"] or _TABLES_ALONE not in refusal.message:
                raise
        return self._merge_from_table(query, merge, job_config, options)

    def load_table_from_file(self, file_obj: IO[bytes], destination: Any, **options: Any) -> Any:
        # It takes the fields of structs in an array in any order: rows with such structs are inserted, written out.
        file_obj.seek(0)
        rows = [orjson.loads(line) for line in file_obj]
        fields = {field.name: field for field in self.get_table(destination).schema}
        structs = [name for name, field in fields.items() if field.mode == "REPEATED" and field.fields]
        for row in rows:
            if any(row.get(name) for name in structs):
                self.query(_insertion(destination, row, fields), retry=None, job_retry=None).result()
        rest = [row for row in rows if not any(row.get(name) for name in structs)]
        lines = io.BytesIO(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rest))
        return super().load_table_from_file(lines, destination, **options)

    def _merge_from_table(
        self, query: str, merge: re.Match[str], job_config: bigquery.QueryJobConfig, options: dict[str, Any]
    ) -> Any:
        """Ask for the source first, word for word, keep it in a table for the moment, and merge from that."""
        answer = super().query_and_wait(merge["query"], job_config=job_config, **options)
        source = _refuse_several(merge, answer)
        table = bigquery.Table(job_config.default_dataset.table("merge_source"), schema=answer.schema)
        self.create_table(table)
        try:
            lines = b"".join(orjson.dumps(dict(row), default=str, option=orjson.OPT_APPEND_NEWLINE) for row in source)
            if lines:
                as_lines = bigquery.LoadJobConfig(source_format=bigquery.SourceFormat.NEWLINE_DELIMITED_JSON)
                self.load_table_from_file(io.BytesIO(lines), table.reference, job_config=as_lines).result()
            start, end = merge.start("query") - len("(\n"), merge.end("query") + len("\n)")
            return super().query_and_wait(f"{query[:start]}merge_source{query[end:]}", job_config=job_config, **options)
        finally:
            self.delete_table(table)


def _worded(query: str, job_config: bigquery.QueryJobConfig) -> str:
    # It takes any "CHANGES (" for BigQuery's table function of that name, so a table so called is quoted for it.
    query = re.sub(r"\bchanges(?=\s*\()", "`changes`", query)
    for parameter in job_config.query_parameters:
        # It forgets the declared type of a NULL, and takes for STRING what JSON writes as a text.
        if isinstance(parameter, bigquery.ScalarQueryParameter) and (
            parameter.value is None or parameter.type_ in {"DATE", "NUMERIC"}
        ):
            query = re.sub(rf"@{parameter.name}\b", f"CAST(@{parameter.name} AS {parameter.type_})", query)
    return query


def _written_out(query: str, job_config: bigquery.QueryJobConfig) -> tuple[str, bigquery.QueryJobConfig]:
    """Write the numbers of array parameters into the query: as parameters, it takes them for texts."""
    arrays = {
        parameter.name: parameter.values
        for parameter in job_config.query_parameters
        if isinstance(parameter, bigquery.ArrayQueryParameter) and parameter.array_type == "INT64"
    }
    for name, numbers in arrays.items():
        query = re.sub(rf"@{name}\b", f"ARRAY<INT64>{numbers}", query)
    bound = deepcopy(job_config)
    bound.query_parameters = [one for one in job_config.query_parameters if one.name not in arrays]
    return query, bound


def _insertion(
    destination: bigquery.TableReference, row: dict[str, Any], fields: dict[str, bigquery.SchemaField]
) -> str:
    said = {name: value for name, value in row.items() if value not in (None, [])}
    table = exp.to_table(f"{destination.dataset_id}.{destination.table_id}")
    values = exp.values([tuple(_literal(value, fields[name]) for name, value in said.items())])
    return exp.insert(values, table, columns=list(said)).sql(dialect="bigquery")


def _literal(value: Any, field: bigquery.SchemaField) -> exp.Expr:
    if isinstance(value, list):
        return exp.Array(expressions=[_literal(item, field) for item in value])
    if field.fields:
        return exp.Struct(
            expressions=[
                exp.PropertyEQ(this=exp.to_identifier(part.name), expression=_literal(value.get(part.name), part))
                for part in field.fields
            ]
        )
    return exp.cast(exp.null() if value is None else exp.Literal.string(str(value)), field.field_type)


def _refuse_several(merge: re.Match[str], source: Iterable[bigquery.Row]) -> list[bigquery.Row]:
    """Refuse a source with two rows for one target, as BigQuery does; the emulator takes the last of them."""
    rows = list(source)
    keys = re.findall(rf"\b{merge['alias']}\.(\w+)", merge["condition"])
    found = Counter(tuple(row[key] for key in keys) for row in rows)
    # A NULL equals nothing, so a row without a key matches no target.
    several = [key for key, number in found.items() if number > 1 and None not in key]
    if several:
        raise BadRequest(f"MERGE must match at most one source row for each target row; several are {several}")
    return rows
