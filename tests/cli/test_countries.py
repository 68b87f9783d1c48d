from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

import pytest
from typer.testing import CliRunner, Result

from bindery.cli import build
from bindery.home import Home
from bindery.steps import merge
from tests.catalogue.feeding import ISBN_A, ISBN_B, ISBN_C, full, merge_all, message, take

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A title in GB and US, by subscription in GB; one that two suppliers disagree about; one that is quarantined."""
    made = Home(tmp_path_factory.mktemp("home"))
    disputed = full(reference="r2", isbn13=ISBN_B, sale=("FR", "GB", "IE"), subscription=())
    broken = full(reference="r3", isbn13=ISBN_C, verdict="quarantine")
    take(message("alpha", "1", full(), disputed, broken), made, precedence=10)
    take(message("beta", "1", full(isbn13=ISBN_B, sale=("IE", "US"), subscription=())), made, precedence=20)
    merge_all(made)
    merge.publish(made)
    return made


def run(home: Home, verb: str, *words: str) -> Result:
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root), "COLUMNS": "300"}):
        return CliRunner().invoke(build(), [verb, *words])


def offers(home: Home, *words: str) -> list[tuple[str, str, str, str | None, str | None]]:
    """Model, state, countries in short, from when, and the price."""
    found = json.loads(run(home, "countries", *words, "--json").stdout)
    return [
        (
            one["model"],
            one["state"],
            " ".join(one["countries"]) if len(one["countries"]) < 10 else str(len(one["countries"])),
            one["opens"],
            one["amount"],
        )
        for one in found["offers"]
    ]


def test_before_and_after_publication(home: Home) -> None:
    assert offers(home, ISBN_A, "--at", "2026-03-15") == [
        ("sale", "later", "GB US", "2026-04-01T00:00", "9.99"),
        ("sale", "closed", "247", None, None),
        ("subscription", "later", "GB", "2026-04-01T00:00", None),
        ("subscription", "closed", "247", None, None),
        ("subscription", "closed", "US", None, None),
        ("credit", "later", "GB US", "2026-04-01T00:00", "9.99"),
        ("credit", "closed", "247", None, None),
        ("library", "later", "GB US", "2026-04-01T00:00", "9.99"),
        ("library", "closed", "247", None, None),
    ]
    assert offers(home, ISBN_A, "--at", "2026-05-01", "--model", "sale") == [
        ("sale", "open", "GB US", "2026-04-01T00:00", "9.99"),
        ("sale", "closed", "247", None, None),
    ]


def test_a_moment_at_which_countries_differ(home: Home) -> None:
    """It opens at midnight in London, hours before the last zone of the United States."""
    assert offers(home, ISBN_A, "--at", "2026-04-01T02:00Z", "--model", "sale")[:2] == [
        ("sale", "open", "GB", "2026-04-01T00:00", "9.99"),
        ("sale", "later", "US", "2026-04-01T00:00", "9.99"),
    ]


def test_as_a_table(home: Home) -> None:
    shown = run(home, "countries", ISBN_A, "--at", "2026-05-01").stdout
    assert f"{ISBN_A} at 2026-05-01 00:00 UTC" in shown
    for words in ("sale, credit", "GB US", "all but GB US", "2026-04-01", "9.99 GBP", "not for sale here"):
        assert words in shown
    assert "Contradictions" not in shown


def test_contradictions_are_shown(home: Home) -> None:
    found = json.loads(run(home, "countries", ISBN_B, "--json").stdout)
    disagree = [
        (one["countries"], one["example"], [passage["supplier"] for passage in one["evidence"]])
        for one in found["contradictions"]
        if one["rule"] == "suppliers_disagree"
    ]
    assert disagree == [(["FR", "GB"], "FR", ["alpha", "beta"]), (["US"], "US", ["beta", "alpha"])]
    title = run(home, "title", ISBN_B)
    assert "Contradictions" in title.stdout
    assert "suppliers_disagree" in title.stdout
    of_title = json.loads(run(home, "title", ISBN_B, "--json").stdout)["contradictions"]
    assert of_title == found["contradictions"]
    here = json.loads(run(home, "why", ISBN_B, "--country", "US", "--json").stdout)["contradictions"]
    assert [(one["rule"], one["countries"]) for one in here] == [("suppliers_disagree", ["US"])]


def test_a_map(home: Home, tmp_path: Path) -> None:
    drawn = tmp_path / "sale.svg"
    shown = run(home, "countries", ISBN_A, "--at", "2026-05-01", "--map", str(drawn))
    assert shown.exit_code == 0
    text = drawn.read_text("utf-8")
    assert f"Where {ISBN_A} is offered for sale" in text
    assert "<title>United Kingdom (GB), open: from 2026-04-01, 9.99 GBP</title>" in text


def test_a_title_that_nothing_counts_for(home: Home) -> None:
    found = json.loads(run(home, "countries", ISBN_C, "--model", "sale", "--json").stdout)
    assert [(one["state"], len(one["countries"]), one["reason"]) for one in found["offers"]] == [
        ("closed", 249, "its record is quarantined by R1: no title")
    ]


def test_what_was_never_received(home: Home) -> None:
    shown = run(home, "countries", "9780000000040")
    assert shown.exit_code == 1
    assert "no message ever named this ISBN" in shown.stderr
