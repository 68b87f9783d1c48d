from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from typer.testing import CliRunner

from bindery.cli import build
from bindery.errors import BinderyError, ConfigurationError
from bindery.home import Home
from bindery.steps import merge
from bindery.steps.health import anything_waits
from tests.catalogue.feeding import ISBN_A, ISBN_B, full, merge_all, message, take

pytestmark = pytest.mark.slow

RIGHT = message("alpha", "1", full("a"))
WRONG = message("alpha", "2", full("wrong"), full("b", reference="r2", isbn13=ISBN_B))


def run(home: Home, *words: str) -> str:
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root), "COLUMNS": "200"}):
        ended = CliRunner().invoke(build(), words)
    if isinstance(ended.exception, BinderyError):
        raise ended.exception
    return ended.stdout


def asked(home: Home, *words: str) -> Any:
    return json.loads(run(home, *words, "--json"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    for one in (RIGHT, WRONG):
        take(one, made)
        merge_all(made)
    merge.publish(made)
    return made


OWNED = ("--owner", "ada", "--reason", "wrong file")


def title_of(home: Home) -> str:
    return str(asked(home, "title", ISBN_A)["blocks"]["descriptive"]["facts"]["title"])


def test_undo_shows_what_it_does_and_the_next_run_does_it(home: Home) -> None:
    only_shown = run(home, "undo", "alpha-2.xml", *OWNED, "--dry-run")
    assert "Nothing was changed." in only_shown
    assert not anything_waits(home)

    told = asked(home, "undo", WRONG.message_id[:6], *OWNED)
    changes = told["changes"]
    assert (told["state"], told["merged"], told["message_id"]) == ("undone", False, WRONG.message_id)
    assert (changes["created"], changes["changed"], changes["withdrawn"]) == (0, 1, 1)
    first, second = changes["titles"]
    assert (first["isbn13"], first["difference"]) == (ISBN_A, "changed")
    assert {"field": "title", "old_value": "wrong", "new_value": "a"} in first["fields"]
    assert (second["isbn13"], second["difference"], second["state"]) == (ISBN_B, "withdrawn", "gone")

    assert anything_waits(home)
    assert title_of(home) == "wrong"
    merge_all(home)
    merge.publish(home)
    assert title_of(home) == "a"
    (undone,) = asked(home, "status")["messages_undone"]
    assert (undone["name"], undone["reason"]) == ("alpha-2.xml", "ada: wrong file")
    assert "ada: wrong file" in run(home, "status")


def test_undo_and_redo_at_once(home: Home) -> None:
    shown = run(home, "undo", "alpha-2.xml", *OWNED, "--merge")
    for words in ("alpha-2.xml", "wrong", ISBN_B, "withdrawn", "2 records. It is merged and published."):
        assert words in shown
    assert title_of(home) == "a"
    assert "The next run of `catalogue` merges it." in run(home, "redo", "alpha-2.xml")
    assert asked(home, "redo", "alpha-2.xml", "--merge")["merged"]
    assert title_of(home) == "wrong"
    assert asked(home, "status")["messages_undone"] == []


def test_what_cannot_be_undone(home: Home) -> None:
    with pytest.raises(ConfigurationError, match=r"there is no message 'nothing\.xml'"):
        run(home, "undo", "nothing.xml", *OWNED)
    with pytest.raises(ConfigurationError, match="an owner and a reason"):
        run(home, "undo", "alpha-2.xml", "--owner", " ", "--reason", "x")
    take(message("alpha", "9", full("c"), held=True), home)
    with pytest.raises(ConfigurationError, match="is held, so there is nothing to undo"):
        run(home, "undo", "alpha-9.xml", *OWNED)
