"""The DAG files, loaded as Airflow loads them, over a fresh metadata database."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.airflow_home import REPOSITORY

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk import DAG


@pytest.fixture(scope="session")
def _database() -> None:
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture(scope="session")
def bag(_database: None) -> Iterator[DagBag]:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.exceptions import RemovedInAirflow4Warning

    with warnings.catch_warnings():
        warnings.simplefilter("error", RemovedInAirflow4Warning)
        yield DagBag(str(REPOSITORY / "dags"))


@pytest.fixture(scope="session")
def dags(bag: DagBag) -> dict[str, DAG]:
    return dict(bag.dags)


@pytest.fixture(scope="session")
def of_each_kind(dags: dict[str, DAG]) -> dict[str, DAG]:
    """One DAG a kind: those of one kind differ only in their declaration."""
    chosen = {"catalogue": dags["catalogue"], "feed_health": dags["feed_health"]}
    for prefix in ("feed__", "deliver__"):
        chosen[prefix] = next(dag for name, dag in sorted(dags.items()) if name.startswith(prefix))
    return chosen
