from __future__ import annotations

import json
from unittest import mock

import pytest
from typer.testing import CliRunner, Result

from bindery.cli import build
from bindery.home import Home
from bindery.steps import merge
from tests.catalogue.feeding import ISBN_A, ISBN_B, full, merge_all, message, take

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("home"))
    take(message("alpha", "1", full("The Long Road")), made)
    merge_all(made)
    merge.publish(made)
    return made


def run(home: Home, *words: str) -> Result:
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root), "COLUMNS": "300"}):
        return CliRunner().invoke(build(), ["why", *words])


def test_a_title_that_is_not_live(home: Home) -> None:
    shown = run(home, "978-0-00-000001-9", "--country", "DE", "--model", "subscription", "--at", "2026-03-29T01:30Z")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[0] == f"{ISBN_A} is not live for subscription in Germany (DE) on 2026-03-29 01:30 UTC"
    assert any(line.startswith("1. It is not for sale here: sales rights type 03") for line in lines)
    where = next(line for line in lines if line.startswith("   alpha r1, alpha-1.xml ("))
    assert where.endswith("feed day 2026-03-01), line 1, bytes 0-99: ROWSalesRightsType")
    assert "Smallest change that makes it live:" in lines
    assert " The supplier:" in lines


def test_a_title_that_becomes_live_by_itself(home: Home) -> None:
    shown = run(home, ISBN_A, "-c", "gb", "--at", "2026-03-29").stdout
    assert "on 2026-03-29 00:00 UTC" in shown
    assert "It becomes live by itself at 2026-03-31 23:00 UTC." in shown


def test_a_title_that_is_live(home: Home) -> None:
    shown = run(home, ISBN_A, "--country", "GB", "--at", "2026-05-01T02:00+02:00").stdout.splitlines()
    assert shown[:3] == [
        f"{ISBN_A} is live for sale in United Kingdom (GB) on 2026-05-01 00:00 UTC",
        "Price: 9.99 GBP",
        "Live since 2026-03-31 23:00 UTC, with no end stated",
    ]


def test_as_json(home: Home) -> None:
    found = json.loads(run(home, ISBN_A, "--country", "DE", "--at", "2026-05-01", "--json").stdout)
    assert (found["is_live"], found["at"]) == (False, "2026-05-01T00:00:00Z")
    assert [(one["code"], one["whose"]) for one in found["reasons"]] == [("not_for_sale", "supplier")]


def test_an_isbn_that_was_never_received(home: Home) -> None:
    shown = run(home, ISBN_B, "--country", "GB")
    assert shown.exit_code == 1
    assert "No message ever named this ISBN" in shown.stdout
    assert "You: Look for a typing error in it." in shown.stdout


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--country", "UK"], "'UK' is no country; did you mean 'GB'?"),
        (["--country", "Germany"], "'Germany' is no country; did you mean 'DE'?"),
        (["--country", "XX"], "'XX' is no country"),
        (["--country", "GB", "--model", "subscripton"], "'subscripton' is no model; did you mean 'subscription'?"),
        (["--country", "GB", "--at", "2026-03-29T01:30"], "'2026-03-29T01:30' names no zone"),
        (["--country", "GB", "--at", "tomorrow"], "'tomorrow' is no instant"),
        (["--country", "GB", "--recipient", "listenwel"], "no recipient is called 'listenwel'"),
    ],
)
def test_what_cannot_be_asked(home: Home, words: list[str], what: str) -> None:
    assert str(run(home, ISBN_A, *words).exception).startswith(what)


def test_what_is_no_isbn(home: Home) -> None:
    assert run(home, "9780000000018", "--country", "GB").exit_code == 2
