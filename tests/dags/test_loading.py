"""How DAG files and the plugin are loaded: fast, the same every time, touching nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.airflow_home import REPOSITORY

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.usefixtures("_database")]

LOAD_WITHOUT_HANDS = """
import json, socket, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import BaseHook, Variable
def refuse(*args, **kwargs):
    raise AssertionError("I/O while a DAG file is parsed")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
Variable.get = refuse
BaseHook.get_connection = refuse
before = set(sys.modules)
bag = DagBag(sys.argv[1])
heavy = {"great_expectations", "pandas", "duckdb", "google.cloud", "pyarrow", "lxml", "sqlglot", "numba", "numpy"}
print(json.dumps({
    "errors": bag.import_errors, "dags": sorted(bag.dag_ids),
    "heavy": sorted(heavy & (set(sys.modules) - before)),
}))
"""

SERIALIZE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
bag = DagBag(sys.argv[1])
print(json.dumps({name: DagSerialization.to_dict(dag) for name, dag in bag.dags.items()}, sort_keys=True))
"""

PLUGINS = """
import json, sys
from airflow import plugins_manager
found = plugins_manager._get_plugins()
plugins, errors = found[0], found[1]
folder = sys.argv[1]
ours = [plugin.name for plugin in plugins if folder in str(getattr(sys.modules[plugin.__module__], "__file__", ""))]
print(json.dumps({"ours": ours, "errors": errors, "modules": sorted(sys.modules)}))
"""


def _run(script: str, *arguments: str, **variables: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY / "plugins"), "PYTHONWARNINGS": "ignore"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _declarations(folder: Path) -> dict[str, str]:
    """A folder of our own declarations, to break."""
    for kind in ("feeds", "recipients"):
        (folder / kind).mkdir(parents=True)
        for path in (REPOSITORY / "include" / kind).glob("*.yaml"):
            shutil.copy(path, folder / kind)
    return {"BINDERY_FEEDS": str(folder / "feeds"), "BINDERY_RECIPIENTS": str(folder / "recipients")}


def test_parsing_touches_nothing_and_imports_nothing_heavy() -> None:
    loaded = _run(LOAD_WITHOUT_HANDS, str(REPOSITORY / "dags"))
    assert loaded["errors"] == {}
    assert "feed__northwind" in loaded["dags"]
    assert loaded["heavy"] == []


def test_a_dag_is_the_same_in_every_process() -> None:
    first, second = (_run(SERIALIZE, str(REPOSITORY / "dags"), PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first
    assert first == second


def test_a_broken_declaration_is_named_and_stops_nobody_else(tmp_path: Path) -> None:
    declared = _declarations(tmp_path)
    (tmp_path / "feeds" / "harbour.yaml").write_text("name: harbour\nsuplier: harbour\n")
    loaded = _run(LOAD_WITHOUT_HANDS, str(REPOSITORY / "dags"), **declared)
    assert "feed__harbour" not in loaded["dags"]
    assert {"feed__northwind", "feed__lindqvist", "feed__papyrus", "catalogue", "feed_health"} <= set(loaded["dags"])
    ((file, error),) = loaded["errors"].items()
    assert file.endswith("declarations.py")
    assert "harbour.yaml" in error
    assert "did you mean 'supplier'" in error


def test_a_country_that_does_not_exist_keeps_a_recipient_back(tmp_path: Path) -> None:
    declared = _declarations(tmp_path)
    path = tmp_path / "recipients" / "audiolake.yaml"
    path.write_text(path.read_text() + "countries: [UK]\n")
    loaded = _run(LOAD_WITHOUT_HANDS, str(REPOSITORY / "dags"), **declared)
    assert "deliver__audiolake" not in loaded["dags"]
    assert "deliver__listenwell" in loaded["dags"]
    assert "'UK' is not known" in "".join(loaded["errors"].values())


def test_a_new_feed_is_a_new_file_and_leaves_the_catalogue_as_it_is(tmp_path: Path) -> None:
    before = _run(SERIALIZE, str(REPOSITORY / "dags"))
    declared = _declarations(tmp_path)
    text = (REPOSITORY / "include" / "feeds" / "harbour.yaml").read_text()
    (tmp_path / "feeds" / "seaside.yaml").write_text(text.replace("name: harbour", "name: seaside"))
    after = _run(SERIALIZE, str(REPOSITORY / "dags"), **declared)
    assert set(after) - set(before) == {"feed__seaside"}
    assert after["catalogue"] == before["catalogue"]


def test_there_is_one_plugin_and_the_product_is_not_loaded_twice() -> None:
    loaded = _run(PLUGINS, str(REPOSITORY / "plugins"))
    assert loaded["errors"] == {}
    assert loaded["ours"] == ["bindery"]
    # The plugin loader would run each file of the product under its bare name, beside the real module.
    aliases = {"parcels", "alerts", "home", "declaration", "feed_day", "findings", "claims"}
    assert aliases <= {path.stem for path in (REPOSITORY / "plugins" / "bindery").rglob("*.py")}
    assert not aliases & set(loaded["modules"])
    assert "bindery.home" not in loaded["modules"]
