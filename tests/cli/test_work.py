from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

import pytest
from typer.testing import CliRunner, Result

from bindery.cli import build
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.warehouse import open_writer, publish
from tests.simulator.labelled import Link, Press, Product
from tests.works.catalogue import editions_of, load_editions, load_versions, read_products

BY_ANN = ("--owner", "ann", "--reason", "the publisher says so")


def run(home: Home, *words: str) -> Result:
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root), "COLUMNS": "240"}):
        ended = CliRunner().invoke(build(), ["work", *words])
    if isinstance(ended.exception, ConfigurationError):
        raise ended.exception
    return ended


def merged(home: Home) -> None:
    from bindery.catalogue.works.merging import merge_works

    with open_writer(home) as warehouse:
        merge_works(warehouse)
        publish(home, warehouse)


@pytest.fixture
def shelf(tmp_path: Path) -> tuple[Home, list[Product]]:
    """A book under two ISBNs, its translation, and a book that a wrong identifier makes doubtful."""
    from dataclasses import replace

    press = Press(21)
    link = Link("work", "01", "15", press.print_isbn())
    first = replace(press.base("test", language="eng"), links=(link,))
    twin = press.restated(press.again(first, elsewhere=True))
    german = replace(press.base("test", language="ger"), links=(link._replace(relation="29"),))
    doubtful = replace(press.narrated(press.other_of(first), recording="2"), links=(link,))
    home, products = Home(tmp_path), [first, twin, german, doubtful]
    records = read_products(products)
    with open_writer(home) as warehouse:
        load_versions(warehouse, records)
        load_editions(warehouse, editions_of(records))
    merged(home)
    return home, products


@pytest.mark.slow
def test_a_work_is_shown_with_what_joins_it_and_what_it_is_related_to(shelf: tuple[Home, list[Product]]) -> None:
    home, (first, twin, german, doubtful) = shelf
    shown = run(home, twin.isbn).stdout
    for word in (f"w{min(first.isbn, twin.isbn)}", first.isbn, "one recording", "translation", german.isbn, "Doubtful"):
        assert word in shown
    found = json.loads(run(home, f"w{twin.isbn}", "--json").stdout)
    assert found["work_id"] == f"w{min(first.isbn, twin.isbn)}"
    assert {one["isbn13"] for one in found["members"]} == {first.isbn, twin.isbn}
    assert found["joins"][0]["score"] >= 0.9
    assert {one["isbn_b"] for one in found["doubtful"]} | {one["isbn_a"] for one in found["doubtful"]} > {doubtful.isbn}
    assert run(home, "9780000000002").exit_code == 1


@pytest.mark.slow
def test_a_doubtful_pair_is_joined_split_and_released_by_people(shelf: tuple[Home, list[Product]]) -> None:
    home, (first, twin, _, doubtful) = shelf
    waiting = json.loads(run(home, "queue", "--json").stdout)
    assert {waiting[0]["isbn_a"], waiting[0]["isbn_b"]} & {doubtful.isbn}
    assert doubtful.isbn in run(home, "queue").stdout
    assert "a-000001" in run(home, "join", first.isbn, doubtful.isbn, *BY_ANN).stdout
    assert "a-000001" in run(home, "join", doubtful.isbn, first.isbn, *BY_ANN).stdout, "said twice, it is one decision"
    with pytest.raises(ConfigurationError, match="joined by ann"):
        run(home, "split", first.isbn, doubtful.isbn, *BY_ANN)
    merged(home)
    found = json.loads(run(home, f"w{max(first.isbn, twin.isbn, doubtful.isbn)}", "--json").stdout)
    assert {one["isbn13"] for one in found["members"]} == {first.isbn, twin.isbn, doubtful.isbn}
    assert found["is_redirect"], "a name given once leads to the work that its edition is in now"
    assert found["assertions"][0]["owner"] == "ann"
    assert json.loads(run(home, "queue", "--json").stdout) == []
    told = run(home, "release", "a-000001", "--owner", "bob", "--reason", "two books", "--json").stdout
    assert json.loads(told)["released_by"] == "bob"
    run(home, "split", first.isbn, twin.isbn, *BY_ANN)
    merged(home)
    assert [one["isbn13"] for one in json.loads(run(home, first.isbn, "--json").stdout)["members"]] == [first.isbn]
    assert "never one work" in run(home, "decisions").stdout
    assert len(json.loads(run(home, "decisions", "--all", "--json").stdout)) == 2
    assert "No evidence" in run(home, "worn").stdout


@pytest.mark.slow
def test_what_can_not_be_decided_is_said(shelf: tuple[Home, list[Product]]) -> None:
    home, (first, twin, *_) = shelf
    for words, what in (
        (("join", first.isbn, first.isbn, *BY_ANN), "one edition"),
        (("join", first.isbn, "9780000000002", *BY_ANN), "not in the catalogue"),
        (("split", first.isbn, twin.isbn, "--owner", " ", "--reason", "x"), "an owner"),
        (("release", "a-000009", *BY_ANN), "no decision a-000009"),
        (("show", "w123"), "no ISBN and no identifier"),
    ):
        with pytest.raises(ConfigurationError, match=what):
            run(home, *words)
