from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
import typer
from typer.testing import CliRunner, Result

from bindery.cli import status, title
from bindery.feeds.declaration import Absence
from bindery.home import Home
from bindery.steps import merge
from bindery.steps.override import set_override
from tests.catalogue.feeding import ISBN_A, ISBN_B, block, full, merge_all, message, take


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("home"))
    take(
        message("alpha", "1", full("The Long Road"), full("b", reference="r2", verdict="quarantine")),
        made,
        precedence=1,
    )
    take(message("beta", "1", full("Long Road")), made, precedence=2)
    take(message("alpha", "2", block(("publishing", "x"))), made, precedence=1)
    take(message("alpha", "9", full("c", reference="r3", isbn13=ISBN_B), held=True), made, precedence=1)
    merge_all(made)
    merge.publish(made)
    return made


def run(home: Home, *arguments: str) -> Result:
    app = typer.Typer(rich_markup_mode="markdown")
    app.command("status")(status.status)
    app.command("title")(title.title)
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root), "COLUMNS": "200"}):
        return CliRunner().invoke(app, arguments)


def test_status_counts_every_record(home: Home) -> None:
    shown = json.loads(run(home, "status", "--json").stdout)
    alpha, beta = shown["feed_days"]
    assert (alpha["feed"], alpha["messages"], alpha["received"]) == ("alpha_daily", 3, 4)
    assert alpha["outcomes"] == {"applied": 2, "quarantined": 1, "held": 1}
    assert beta["outcomes"] == {"applied": 1}
    assert [(row["name"], row["state"]) for row in shown["messages_kept_back"]] == [("alpha-9.xml", "held")]
    assert shown["findings"] == [{"rule": "R1", "severity": "block", "findings": 1, "records": 1}]
    assert {"what": "editions", "state": "live", "number": 1} in shown["catalogue"]
    assert shown["deliveries"] == []


def test_status_as_tables(home: Home) -> None:
    ended = run(home, "status")
    assert ended.exit_code == 0
    for word in ("alpha_daily", "2026-03-01", "quarantined", "alpha-9.xml", "R1"):
        assert word in ended.stdout


def test_a_title_names_the_bytes_behind_each_value(home: Home) -> None:
    shown = json.loads(run(home, "title", "978-0-00-000001-9", "--json").stdout)
    assert (shown["isbn13"], shown["state"]) == (ISBN_A, "live")
    descriptive, publishing = shown["blocks"]["descriptive"], shown["blocks"]["publishing"]
    assert (descriptive["supplier"], descriptive["facts"]["title"]) == ("alpha", "The Long Road")
    assert (descriptive["source"]["name"], descriptive["source"]["byte_end"]) == ("alpha-1.xml", 99)
    assert (publishing["facts"]["publisher"], publishing["source"]["name"]) == ("x", "alpha-2.xml")
    losing = [record["blocks"]["descriptive"]["facts"]["title"] for record in shown["records"]]
    assert losing == ["The Long Road", "Long Road"]
    assert [(offer["model"], offer["countries"], offer["price_amount"]) for offer in shown["offers"]] == [
        ("credit", ["GB", "US"], "9.99"),
        ("library", ["GB", "US"], "9.99"),
        ("sale", ["GB", "US"], "9.99"),
        ("subscription", ["GB"], None),
    ]
    assert [change["action"] for change in shown["changes"]] == ["upsert"]


def test_a_title_as_tables(home: Home) -> None:
    ended = run(home, "title", ISBN_A)
    assert ended.exit_code == 0
    for word in ("The Long Road", "alpha-1.xml", "beta: Long Road", "9.99 GBP", "GB US", "upsert"):
        assert word in ended.stdout


def test_a_title_with_what_needs_a_persons_eye(tmp_path: Path) -> None:
    """A record that moved, that contradicts another's form and that its feed left out; and a person's word."""
    home = Home(tmp_path)
    watching = Absence(policy="flag", after=1)
    moved = (full("a", isbn13=ISBN_B), full("a"))
    for key, record in enumerate(moved, 1):
        take(message("alpha", str(key), record, scope="full"), home, absence=watching)
    take(message("alpha", "3", full("c", reference="r9", isbn13=ISBN_B), scope="full"), home, absence=watching)
    take(message("beta", "1", full("b", form="AN")), home)
    decided = {"owner": "ann", "reason": "claim 12", "now": datetime(2026, 3, 1, 5, tzinfo=UTC)}
    set_override(home, ISBN_A, "for_sale", "no", **decided)
    merge_all(home)
    merge.publish(home)
    shown = json.loads(run(home, "title", ISBN_A, "--json").stdout)
    assert shown["reason"] == "override:o-000001"
    assert [(one["conflict"], one["supplier"]) for one in shown["conflicts"]] == [
        ("form", "alpha"),
        ("form", "beta"),
        ("moved", "alpha"),
    ]
    assert [(one["supplier"], one["absent_from"], one["moved_from"]) for one in shown["records"]] == [
        ("alpha", "alpha_daily", ISBN_B),
        ("beta", None, None),
    ]
    assert [(one["field"], one["value"], one["feed_says"]) for one in shown["overrides"]] == [("for_sale", "no", "yes")]
    assert (shown["changes"][0]["day"], shown["changes"][0]["run"]) == ("2026-03-01", "test")
    table = run(home, "title", ISBN_A).stdout
    for words in ("Overrides in force", "claim 12", "Conflicts", "others say AN", "alpha_daily"):
        assert words in table


def test_a_title_that_is_not_there(home: Home) -> None:
    ended = run(home, "title", ISBN_B)
    assert ended.exit_code == 1
    assert "is not in the published catalogue" in ended.stderr


def test_what_is_no_isbn(home: Home) -> None:
    ended = run(home, "title", "9780000000018")
    assert ended.exit_code == 2
    assert "9780000000018 is no ISBN" in ended.stderr


def test_nothing_is_published_yet(tmp_path: Path) -> None:
    ended = run(Home(tmp_path), "status")
    assert ended.exit_code == 1
    assert "Nothing is published yet" in ended.stderr


def test_help_shows_examples(home: Home) -> None:
    assert "bindery title 9780000000019" in run(home, "title", "--help").stdout
    assert "bindery status --json" in run(home, "status", "--help").stdout
