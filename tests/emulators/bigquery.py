"""The open-source BigQuery emulator (github.com/goccy/bigquery-emulator): found or built, started, worked around."""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery  # noqa: TID253 - only tests that start the emulator import this

log = logging.getLogger(__name__)

VERSION = "v0.8.1"
MODULE = "github.com/goccy/bigquery-emulator"
PROJECT = "bindery"

_START_SECONDS = 60
_BUILD_SECONDS = 1200


def program() -> Path:
    """The emulator's program: ``BIGQUERY_EMULATOR``, on PATH, in Go's bin, in our cache, or built into it.

    Where there is none and no Go to build it, the test is skipped; under ``CI`` it fails.
    """
    if named := os.environ.get("BIGQUERY_EMULATOR"):
        return Path(named)
    cached = Path.home() / ".cache" / "bindery" / f"bigquery-emulator-{VERSION}"
    go = shutil.which("go")
    there = [shutil.which("bigquery-emulator"), _go_bin(go) / "bigquery-emulator" if go else None, cached]
    for candidate in there:
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    if go is None:
        _give_up("there is no BigQuery emulator and no Go to build it: install Go, or set BIGQUERY_EMULATOR")
    assert go is not None
    return _built(go, cached)


def _give_up(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def _go_bin(go: str) -> Path:
    asked = subprocess.run([go, "env", "GOPATH"], capture_output=True, text=True, check=True)
    return Path(asked.stdout.strip()) / "bin"


def _built(go: str, cached: Path) -> Path:
    log.warning("building the BigQuery emulator %s, once, which takes minutes", VERSION)
    cached.parent.mkdir(parents=True, exist_ok=True)
    package = f"{MODULE}/cmd/bigquery-emulator"
    installed = subprocess.run(
        [go, "install", f"{package}@{VERSION}"],
        env={**os.environ, "GOBIN": str(cached.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=_BUILD_SECONDS,
    )
    if installed.returncode == 0:
        return (cached.parent / "bigquery-emulator").replace(cached)
    # go install asks the module proxy for a list of versions, which not every mirror answers. A module of our own
    # that requires the version needs no list.
    module = cached.with_suffix(".build")
    shutil.rmtree(module, ignore_errors=True)
    module.mkdir()
    (module / "go.mod").write_text(f"module bindery/emulator\n\ngo 1.25\n\nrequire {MODULE} {VERSION}\n")
    made = cached.with_suffix(".part")
    build = subprocess.run(
        [go, "build", "-mod=mod", "-o", str(made), package],
        cwd=module,
        capture_output=True,
        text=True,
        check=False,
        timeout=_BUILD_SECONDS,
    )
    shutil.rmtree(module)
    if build.returncode:
        _give_up(f"the BigQuery emulator could not be built: {build.stderr[-2000:]}")
    return made.replace(cached)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Start the emulator, in memory, on a free port of this machine alone.

    Args:
        folder: Where its log goes.

    Yields:
        Its address, for ``BIGQUERY_EMULATOR_HOST``.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    options = ["--project", PROJECT, "--host", "127.0.0.1", "--port", str(port), "--grpc-port", str(_free_port())]
    with (folder / "bigquery-emulator.log").open("wb") as output:
        process = subprocess.Popen([str(program()), *options], stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_up(process, address)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_up(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the BigQuery emulator ended with {process.returncode}")
        try:
            httpx.get(f"{address}/bigquery/v2/projects/{PROJECT}/datasets", timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the BigQuery emulator did not answer within {_START_SECONDS} seconds")


_MERGE_SOURCE = re.compile(r"USING \(\n(?P<query>.*?)\n\) AS (?P<alias>\w+)", re.DOTALL)


class EmulatorClient(bigquery.Client):
    """Google's own client, which steps around what the emulator does and BigQuery does not (docs/sql.md)."""

    def __init__(self, address: str) -> None:
        credentials: Any = AnonymousCredentials
        super().__init__(project=PROJECT, credentials=credentials(), client_options={"api_endpoint": address})

    def query_and_wait(self, query: str, *, job_config: bigquery.QueryJobConfig, **options: Any) -> Any:
        # It takes any "CHANGES (" for BigQuery's table function of that name, so a table so called is quoted for it.
        query = re.sub(r"\bchanges(?=\s*\()", "`changes`", query)
        for parameter in job_config.query_parameters:
            # It forgets the declared type of a NULL.
            if isinstance(parameter, bigquery.ScalarQueryParameter) and parameter.value is None:
                typed = f"CAST(@{parameter.name} AS {parameter.type_})"
                query = re.sub(rf"@{parameter.name}\b", typed, query)
        merged = _MERGE_SOURCE.search(query)
        if merged is None:
            return super().query_and_wait(query, job_config=job_config, **options)
        # It merges from tables alone: the source is asked for first, word for word, and kept in one for the moment.
        source = super().query_and_wait(merged["query"], job_config=job_config, **options)
        table = bigquery.Table(job_config.default_dataset.table("merge_source"), schema=source.schema)
        self.create_table(table)
        try:
            lines = b"".join(orjson.dumps(dict(row), default=str, option=orjson.OPT_APPEND_NEWLINE) for row in source)
            if lines:
                as_lines = bigquery.LoadJobConfig(source_format=bigquery.SourceFormat.NEWLINE_DELIMITED_JSON)
                self.load_table_from_file(io.BytesIO(lines), table.reference, job_config=as_lines).result()
            query = f"{query[: merged.start()]}USING merge_source AS {merged['alias']}{query[merged.end() :]}"
            return super().query_and_wait(query, job_config=job_config, **options)
        finally:
            self.delete_table(table)
