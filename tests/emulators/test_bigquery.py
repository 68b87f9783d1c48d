"""The harness around BigQuery's emulator: what it finds and builds, and where it judges more strictly."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from google.api_core.exceptions import BadRequest
from google.cloud import bigquery  # noqa: TID253 - only tests of the emulator import this

from bindery.errors import ConfigurationError
from bindery.warehouse import statements
from bindery.warehouse.bigquery import BigQueryWarehouse
from tests.emulators import bigquery as emulator

DATASET = "harness"

# The time limit leaves out the fixtures: the first may have to build the emulator, which has a limit of its own.
BUILDS_FIRST = pytest.mark.timeout(300, func_only=True)

FAILING_GO = """#!/bin/sh
[ "$1" = env ] && echo /nowhere && exit
echo "403 Forbidden ($1)" >&2
exit 1
"""

# The proxy of this one answers no list of versions, so install fails and build does not.
LISTLESS_GO = """#!/bin/sh
[ "$1" = env ] && echo /nowhere && exit
[ "$1" = install ] && echo "403 Forbidden" >&2 && exit 1
grep -q "require github.com/goccy/bigquery-emulator v" go.mod && echo built > "$4/bigquery-emulator"
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has grep, and no emulator, no Go and no CI."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "grep").symlink_to(shutil.which("grep") or "grep")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("BIGQUERY_EMULATOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def install(machine: Path, go: str) -> None:
    (machine / "bin" / "go").write_text(go)
    (machine / "bin" / "go").chmod(0o755)


def test_without_go_the_test_is_skipped_and_fails_under_ci(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(pytest.skip.Exception, match="no BigQuery emulator and no Go to build it"):
        emulator.program()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no BigQuery emulator and no Go to build it"):
        emulator.program()


def test_a_failed_build_fails_and_says_what_go_said(machine: Path) -> None:
    install(machine, FAILING_GO)
    with pytest.raises(pytest.fail.Exception) as failed:
        emulator.program()
    assert "403 Forbidden (install)" in str(failed.value)
    assert "403 Forbidden (build)" in str(failed.value)
    assert list((machine / ".cache" / "bindery").iterdir()) == []


def test_it_is_built_where_the_proxy_lists_no_versions(machine: Path) -> None:
    install(machine, LISTLESS_GO)
    built = emulator.program()
    assert built.read_text() == "built\n"
    assert list(built.parent.iterdir()) == [built]
    assert emulator.program() == built


@pytest.fixture
def client(bigquery_emulator: Path, tmp_path: Path) -> Iterator[emulator.EmulatorClient]:
    with emulator.running(bigquery_emulator, tmp_path) as address, emulator.EmulatorClient(address) as client:
        client.create_dataset(DATASET)
        for table in ("delivery_items", "accepted_items"):
            BigQueryWarehouse(client, DATASET, patience=1).run(f"{statements.DDL_ROOM}/{table}")
        yield client


# In the ON, in a WHEN, and in the query that is merged from.
@pytest.mark.integration
@BUILDS_FIRST
@pytest.mark.parametrize("column", ["taken.isbn13\n", "taken.item_hash", "FROM delivery_items"])
def test_a_merge_is_judged_whole_though_the_emulator_merges_from_tables_alone(
    client: emulator.EmulatorClient, column: str
) -> None:
    asked = statements.statement("delivery/accept_items")
    assert column in asked.text
    settings = bigquery.QueryJobConfig(
        default_dataset=bigquery.DatasetReference(emulator.PROJECT, DATASET),
        query_parameters=[
            bigquery.ScalarQueryParameter("delivery_id", "STRING", "store-1"),
            bigquery.ArrayQueryParameter("rejected", "STRING", []),
        ],
    )
    wrong = asked.text.replace(column, column.rstrip() + "_misspelt\n")
    with pytest.raises(BadRequest, match="misspelt"):
        client.query_and_wait(wrong, job_config=settings)
    client.query_and_wait(asked.text, job_config=settings)


@pytest.mark.integration
@BUILDS_FIRST
def test_a_merge_with_two_rows_for_one_target_is_refused_as_bigquery_refuses_it(
    client: emulator.EmulatorClient,
) -> None:
    warehouse = BigQueryWarehouse(client, DATASET, patience=1)
    item = {"delivery_id": "store-1", "recipient": "store", "isbn13": "9780000000002", "action": "upsert"}
    twice = [{**item, "item_hash": "one"}, {**item, "item_hash": "two"}]
    warehouse.load("delivery_items", pa.Table.from_pylist(twice))
    with pytest.raises(ConfigurationError, match="at most one source row"):
        warehouse.run("delivery/accept_items", delivery_id="store-1", rejected=[])
    assert warehouse.read("accepted_items").num_rows == 0
