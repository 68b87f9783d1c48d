"""Keys of many editions, found in processes of their own."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection

import pyarrow as pa
import pytest

from bindery.catalogue.works import bulk

pytestmark = pytest.mark.slow


def told(editions: int) -> pa.Table:
    """Editions that share their author, each with a title of its own."""
    numbers = range(editions)
    text = '{"title":"Road %d","language":"eng","contributors":[[1,["A01"],"Una Denholm",null,null,null,[]]]}'
    return pa.table(
        {
            "isbn13": [f"978{number:010d}" for number in numbers],
            "supplier": pa.nulls(editions, pa.string()),
            "descriptive": [text % number for number in numbers],
            "related": pa.nulls(editions, pa.string()),
        }
    )


def test_the_keys_are_those_found_alone_in_the_order_told() -> None:
    pieces = [told(45_000), told(3)]
    found = pa.concat_tables(bulk.keys_of_many(pieces))
    assert found.equals(pa.concat_tables(map(bulk.keys_in, pieces)))


def _in_a_daemon(answer: Connection) -> None:
    answer.send(pa.concat_tables(bulk.keys_of_many([told(2)])))


def test_where_no_process_may_be_started_it_works_alone() -> None:
    ours, theirs = multiprocessing.Pipe()
    daemon = multiprocessing.get_context("spawn").Process(target=_in_a_daemon, args=(theirs,), daemon=True)
    daemon.start()
    assert ours.poll(60)
    assert ours.recv().equals(bulk.keys_in(told(2)))
    daemon.join()
