from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

import pytest
from typer.testing import CliRunner, Result

from bindery.cli import build
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.steps import merge
from tests.catalogue.feeding import ISBN_A
from tests.steps.test_override import merged, send, stated

BY_ANN = ("--owner", "ann", "--reason", "on the cover")


def run(home: Home, *words: str) -> Result:
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root), "COLUMNS": "200"}):
        ended = CliRunner().invoke(build(), ["override", *words])
    if isinstance(ended.exception, ConfigurationError):
        raise ended.exception
    return ended


def run_title(home: Home, *words: str) -> str:
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root), "COLUMNS": "200"}):
        return CliRunner().invoke(build(), ["title", ISBN_A, *words]).stdout


@pytest.mark.slow
def test_a_value_is_set_shown_beside_the_feeds_and_released(tmp_path: Path) -> None:
    home = Home(tmp_path)
    send(home, "alpha", "1", stated())
    said = run(home, "set", "978-0-00-000001-9", "title", "Persuasion", *BY_ANN, "--expires", "2999-01-01").stdout
    assert "o-000001: title of 9780000000019 is Persuasion until 2999-01-01." in said
    assert "subtitle of 9780000000019 is (empty)." in run(home, "set", ISBN_A, "subtitle", "--empty", *BY_ANN).stdout
    merged(home)
    merge.publish(home)
    shown = run(home, "list").stdout
    for word in ("o-000001", "Persuasion", "Persuasions", "(empty)", "A Noval", "on the cover", "2999-01-01"):
        assert word in shown
    (title,) = [one for one in json.loads(run(home, "list", ISBN_A, "--json").stdout) if one["field"] == "title"]
    assert (title["value"], title["feed_says"], title["owner"]) == ("Persuasion", "Persuasions", "ann")
    assert (title["state"], title["expires_on"]) == ("in_force", "2999-01-01")
    of_title = json.loads(run_title(home, "--json"))
    facts = of_title["blocks"]["descriptive"]["facts"]
    assert (facts["title"], facts["subtitle"], facts["narrators"]) == ("Persuasion", None, ["Juliet Stevenson"])
    assert [one["feed_says"] for one in of_title["overrides"]] == ["Persuasions", "A Noval"]
    assert of_title["records"][0]["blocks"]["descriptive"]["facts"]["title"] == "Persuasions"
    for words in ("ann o-000001", "alpha: Persuasions", "alpha: A Noval", "(empty)"):
        assert words in run_title(home)
    released = run(home, "release", "o-000001", "--owner", "bob", "--reason", "the feed is right", "--json").stdout
    assert (json.loads(released)["state"], json.loads(released)["released_by"]) == ("released", "bob")
    merged(home)
    merge.publish(home)
    assert [one["field"] for one in json.loads(run(home, "list", "--json").stdout)] == ["subtitle"]
    every = json.loads(run(home, "list", "--all", "--json").stdout)
    assert [(one["override_id"], one["state"]) for one in every] == [("o-000001", "released"), ("o-000002", "in_force")]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("set", ISBN_A, "title", *BY_ANN), "title is given no value"),
        (("set", ISBN_A, "title", "Persuasion", "--empty", *BY_ANN), "title is given a value and --empty"),
        (("set", ISBN_A, "title", "--empty", *BY_ANN), "title cannot be empty"),
        (("set", ISBN_A, "titel", "Persuasion", *BY_ANN), "did you mean 'title'"),
        (("set", ISBN_A, "title", "Persuasion", "--expires", "soon", *BY_ANN), "soon is no day"),
        (("set", "123", "title", "Persuasion", *BY_ANN), "123 is no ISBN"),
        (("list", "123"), "123 is no ISBN"),
    ],
)
def test_a_mistake_says_what_to_do(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=says):
        run(Home(tmp_path), *words)


def test_who_decides_and_why_must_be_said(tmp_path: Path) -> None:
    ended = run(Home(tmp_path), "set", ISBN_A, "title", "Persuasion")
    assert ended.exit_code == 2
    assert "--owner" in ended.stderr


def test_help_shows_examples(tmp_path: Path) -> None:
    assert "for_sale no" in run(Home(tmp_path), "set", "--help").stdout
    assert "bindery override list" in run(Home(tmp_path), "list", "--help").stdout


@pytest.mark.slow
def test_a_title_shows_a_block_that_only_a_person_states(tmp_path: Path) -> None:
    home = Home(tmp_path)
    send(home, "alpha", "1", stated())
    run(home, "set", ISBN_A, "cover_link", "https://covers.example/1.jpg", *BY_ANN)
    merged(home)
    merge.publish(home)
    collateral = json.loads(run_title(home, "--json"))["blocks"]["collateral"]
    assert (collateral["supplier"], collateral["source"]) == (None, None)
    assert collateral["facts"]["cover_link"] == "https://covers.example/1.jpg"
    assert "https://covers.example/1.jpg" in run_title(home)
