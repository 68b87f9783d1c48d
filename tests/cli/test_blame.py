from __future__ import annotations

import json
from unittest import mock

import pytest
from typer.testing import CliRunner, Result

from bindery.cli import build
from bindery.home import Home
from bindery.steps import merge
from tests.catalogue.feeding import ISBN_A, ISBN_B, block, full, merge_all, message, take

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("home"))
    take(message("alpha", "1", full("The Long Road")), made, precedence=10)
    take(message("beta", "1", full("Long Road")), made, precedence=20)
    merge_all(made)
    take(message("alpha", "2", block(("publishing", "x"))), made, precedence=10)
    merge_all(made)
    merge.publish(made)
    return made


def run(home: Home, *words: str) -> Result:
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root), "COLUMNS": "300"}):
        return CliRunner().invoke(build(), ["blame", *words])


def test_a_field_and_what_it_was(home: Home) -> None:
    found = json.loads(run(home, "978-0-00-000001-9", "publisher", "--json").stdout)
    assert found["isbn13"] == ISBN_A
    now, before = found["fields"]["publisher"]
    assert (now["value"], now["sources"][0]["name"], now["rule"]) == ("x", "alpha-2.xml", "precedence: offer, rank 10")
    assert (before["value"], before["until"]["change_id"]) == ("The Long Road", 2)


def test_as_a_table(home: Home) -> None:
    shown = run(home, ISBN_A).stdout
    for words in (
        "The Long Road",
        "alpha-1.xml",
        "line 1, bytes 0-99",
        "precedence: descriptive, rank 10",
        "GB; US",
        "no record withdraws it",
    ):
        assert words in shown


def test_what_a_message_sets(home: Home) -> None:
    shown = run(home, "--message", "alpha-2.xml").stdout
    assert "publisher: x" in shown
    assert "title: The Long Road" not in shown
    assert "title: The Long Road" in run(home, "--message", "alpha-1.xml", "--line", "1").stdout


def test_what_cannot_be_asked(home: Home) -> None:
    assert run(home, ISBN_B).exit_code == 1
    assert run(home, "9780000000018").exit_code == 2
    assert "either an ISBN or --message" in str(run(home).exception)
    assert "no field is called 'publishr'; did you mean 'publisher'?" in str(run(home, ISBN_A, "publishr").exception)
