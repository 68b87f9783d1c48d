"""Every value of a title leads to the bytes that said it, now and before (FEATURES M7, L4, MS2)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from bindery.catalogue.blaming.entries import Entry
from bindery.catalogue.blaming.spells import BLOCK_OF, FIELDS
from bindery.catalogue.merging import Run
from bindery.catalogue.shown import text_of
from bindery.catalogue.staging import territory_set_id
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.steps import merge
from bindery.steps.blame import SetByMessage, blame, blame_in, blame_message
from bindery.steps.override import set_override
from bindery.steps.undo import redo, undo
from bindery.trade.territories import world
from bindery.warehouse import Warehouse, duckdb
from tests.catalogue.feeding import (
    DAY,
    ISBN_A,
    ISBN_B,
    Message,
    block,
    delete,
    full,
    message,
    one_warehouse,
    rows,
    take,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def warehouse(home: Home) -> Iterator[duckdb.DuckDBWarehouse]:
    with one_warehouse(home) as opened:
        yield opened


def merged(home: Home, *sent: Message, day: int = 0, precedence: int = 100) -> None:
    """Stage messages and merge them, so many days after the first."""
    for one in sent:
        take(one, home, precedence=precedence)
    at = datetime(2026, 3, 1, 6, tzinfo=UTC) + timedelta(days=day)
    run = Run(day=at.date(), at=at, name=f"run {day}")
    for step in merge.STEPS:
        step(home, run)
    merge.verify(home)


def entries(warehouse: Warehouse, field: str, isbn13: str = ISBN_A) -> list[Entry]:
    found = blame_in(warehouse, isbn13, field)
    return [] if found is None else found["fields"].get(field, [])


def said(warehouse: Warehouse, field: str) -> list[tuple[Any, list[str], str]]:
    """Of each value: what it is, the messages it is from, and the rule."""
    return [
        (one["value"], [source["name"] for source in one["sources"]], one["rule"]) for one in entries(warehouse, field)
    ]


def test_a_value_and_the_one_before_it(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    first = message("alpha", "1", full("b", reference="r0", isbn13=ISBN_B), full("a"))
    second = message("alpha", "2", block(("publishing", "x")))
    merged(home, first)
    merged(home, second, day=3)
    now, before = entries(warehouse, "publisher")
    assert (now["value"], before["value"]) == ("x", "a")
    assert (now["supplier"], now["record_reference"], now["rule"]) == ("alpha", "r1", "only record that states it")
    assert (before["since"]["day"], before["until"], now["until"]) == (DAY, now["since"], None)
    assert now["since"] == {
        "change_id": 3,
        "day": date(2026, 3, 4),
        "at": datetime(2026, 3, 4, 6, tzinfo=UTC),
        "run": "run 3",
    }
    (source,) = before["sources"]
    assert (source["message_id"], source["name"], source["feed"]) == (first.message_id, "alpha-1.xml", "alpha_daily")
    assert (source["position"], source["line"], source["byte_start"], source["byte_end"]) == (1, 2, 100, 199)
    assert [cause["cause_id"] for cause in now["causes"]] == [second.message_id]


def test_a_value_sent_again_is_from_the_message_that_first_said_it(
    home: Home, warehouse: duckdb.DuckDBWarehouse
) -> None:
    merged(home, message("alpha", "1", full("a")))
    both = tuple((name, "a") for name in ("descriptive", "publishing", "supply"))
    merged(home, message("alpha", "2", full("x", blocks=(*both, ("collateral", "new")))), day=1)
    assert said(warehouse, "publisher") == [("a", ["alpha-1.xml"], "only record that states it")]


def test_the_rule_names_precedence_where_others_say_something_too(
    home: Home, warehouse: duckdb.DuckDBWarehouse
) -> None:
    merged(home, message("alpha", "1", full("a")), precedence=20)
    merged(home, message("beta", "1", full("b")), precedence=10, day=1)
    assert said(warehouse, "title") == [
        ("b", ["beta-1.xml"], "precedence: descriptive, rank 10"),
        ("a", ["alpha-1.xml"], "only record that states it"),
    ]
    assert said(warehouse, "publisher")[0] == ("b", ["beta-1.xml"], "precedence: offer, rank 10")
    assert said(warehouse, "sale.territory_set_id") == [
        (["GB", "US"], ["alpha-1.xml", "beta-1.xml"], "most restrictive rights of 2 records")
    ]


def test_a_tie_of_precedence(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    merged(home, message("alpha", "1", full("a")), message("beta", "1", full("b")))
    assert said(warehouse, "title")[0][2] == "precedence: descriptive, rank 100, first by supplier's name"
    merged(home, message("alpha", "2", full("c", reference="r2")), day=1)
    assert said(warehouse, "title")[0][0] == "c"


def test_rights_and_price_are_one_suppliers_word(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    only_rights = full("a", blocks=(("descriptive", "a"), ("publishing", "a")))
    merged(home, message("alpha", "1", only_rights), precedence=10)
    merged(home, message("beta", "1", full("b")), precedence=20, day=1)
    assert said(warehouse, "publisher")[0] == ("b", ["beta-1.xml"], "only record that states rights and supply")


def test_a_withdrawal_leads_to_the_record_that_carries_it(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    merged(home, message("alpha", "1", full("a")), message("beta", "1", full("b")))
    merged(home, message("beta", "2", block(("supply", "x"), supply_withdrawal="availability:46")), day=1)
    now, before = entries(warehouse, "state")
    assert (now["value"], now["rule"]) == ("withdrawn", "withdrawal of beta availability:46")
    assert [source["name"] for source in now["sources"]] == ["beta-2.xml"]
    assert (before["value"], before["rule"]) == ("live", "no record withdraws it")
    assert said(warehouse, "sale.state")[0] == (
        "not_offered",
        ["beta-2.xml"],
        "withdrawal of beta availability:46",
    )


def test_an_undone_message_stays_in_the_history_and_gives_no_value(
    home: Home, warehouse: duckdb.DuckDBWarehouse
) -> None:
    wrong = message("alpha", "2", full("wrong"))
    merged(home, message("alpha", "1", full("a")))
    merged(home, wrong, day=1)
    undo("alpha", wrong.message_id, owner="ada", reason="wrong file", home=home)
    merged(home, day=2)
    now, undone, first = entries(warehouse, "title")
    assert [one["value"] for one in (now, undone, first)] == ["a", "wrong", "a"]
    assert [one["sources"][0]["name"] for one in (now, undone, first)] == ["alpha-1.xml", "alpha-2.xml", "alpha-1.xml"]
    assert undone["sources"][0]["message_state"] == "undone"
    assert now["causes"] == [{"cause": "undo", "supplier": "alpha", "cause_id": wrong.message_id}]
    redo("alpha", wrong.message_id, home=home)
    merged(home, day=3)
    assert entries(warehouse, "title")[0]["sources"][0]["message_state"] == "merged"


def test_what_holds_now_is_never_from_an_undone_message(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    first, again = message("alpha", "1", full("a")), message("alpha", "2", full("a"))
    merged(home, first)
    merged(home, again, day=1)
    undo("alpha", first.message_id, owner="ada", reason="wrong file", home=home)
    merged(home, day=2)
    assert said(warehouse, "title") == [("a", ["alpha-2.xml"], "only record that states it")]


def test_a_title_that_is_gone_and_comes_back(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    merged(home, message("alpha", "1", full("a")))
    merged(home, message("alpha", "2", full("a", isbn13=ISBN_B)), day=1)
    assert [one["value"] for one in entries(warehouse, "state")] == ["gone", "live"]
    assert [one["value"] for one in entries(warehouse, "title")] == [None, "a"]
    assert [one["value"] for one in entries(warehouse, "sale.state")] == [None, "offered"]
    merged(home, message("alpha", "3", full("a", isbn13=ISBN_A)), day=2)
    assert [one["value"] for one in entries(warehouse, "title")] == ["a", None, "a"]
    assert [one["value"] for one in entries(warehouse, "sale.state")] == ["offered", None, "offered"]


def test_what_supply_decides_is_not_blamed_on_rights(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    merged(home, message("alpha", "1", full("a")))
    merged(home, message("alpha", "2", block(("supply", None))), day=1)
    # Nothing is sold without a price; a stream needs none (AUDIOBOOKS 1.10).
    for field in ("sale.state", "credit.state", "library.state"):
        assert said(warehouse, field)[0][::2] == ("not_offered", "no price holds here"), field
    assert [one[0] for one in said(warehouse, "subscription.state")] == ["offered"]
    merged(home, message("alpha", "3", block(("supply", "c"))), day=2)
    now = entries(warehouse, "sale.state")[0]
    assert (now["value"], now["rule"], now["supplier"]) == ("offered", "only record that states rights", "alpha")
    assert [source["name"] for source in now["sources"]] == ["alpha-1.xml", "alpha-3.xml"]
    assert said(warehouse, "sale.available_from")[0][::2] == (
        "2026-04-01",
        "the latest day on which it opens in one of its countries",
    )


def test_windows_are_told_of_as_they_were(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    both, rest = ("GB", "US"), sorted(world() - {"GB", "US"})
    here, elsewhere = (territory_set_id(countries)[:8] for countries in (both, rest))
    merged(home, message("alpha", "1", full("a", sale=both, subscription=both)))
    merged(home, message("alpha", "2", block(("supply", None))), day=1)
    outside = f'["{elsewhere}",null,null,"not_for_sale ROWSalesRightsType"]'
    opens = f'["{here}","2026-04-01T00:00 last",null,"not_published 01:2026-04-01"'
    by = "rights, markets, dates and prices together"
    assert said(warehouse, "sale.windows") == [
        (f'[{outside},["{here}",null,null,"no_price no block 6"]]', ["alpha-1.xml", "alpha-2.xml"], by),
        (f'[{outside},{opens},null,"9.99 GBP"]]', ["alpha-1.xml"], by),
    ]
    assert said(warehouse, "subscription.windows") == [(f"[{outside},{opens}]]", ["alpha-1.xml"], by)]


def test_a_limit_of_sale_is_one_of_credit_and_library_too(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    merged(home, message("alpha", "1", full("a")))
    at = datetime(2026, 3, 1, 7, tzinfo=UTC)
    with mock.patch("bindery.steps.override.open_writer", return_value=nullcontext(warehouse)):
        decided = set_override(home, ISBN_A, "sale_countries", "GB", owner="ada", reason="only there", now=at)
    merged(home, day=1)
    rule = f"most restrictive of the rights stated and override {decided.override_id}"
    for model in ("sale", "credit", "library"):
        now = entries(warehouse, f"{model}.territory_set_id")[0]
        assert (now["value"], now["rule"]) == (["GB"], rule), model
        assert entries(warehouse, f"{model}.windows")[0]["rule"] == rule, model
    assert entries(warehouse, "subscription.territory_set_id")[0]["rule"] == "only record that states rights"


def _agrees(warehouse: duckdb.DuckDBWarehouse, isbn13: str) -> int:
    """Hold what blame finds from the versions to what the merge wrote when it changed them; how often it did."""
    found = blame_in(warehouse, isbn13)
    assert found is not None
    history = [row for row in rows(warehouse, "edition_history") if row["isbn13"] == isbn13]
    history.sort(key=lambda row: row["change_id"])
    told = 0
    for before, row in itertools.pairwise(history):
        if before["state"] == "gone":
            continue
        written = {one["field"]: (one["old_value"], one["new_value"]) for one in row["fields"] or ()}
        blamed = {}
        for field, spells in found["fields"].items():
            values = {one["since"]["change_id"]: one["value"] for one in spells}
            new = [change for change in values if change <= row["change_id"]]
            old = [change for change in values if change < row["change_id"]]
            pair = tuple(text_of(values[max(changes)]) if changes else None for changes in (old, new))
            if pair[0] != pair[1]:
                blamed[field] = pair
        for field, pair in written.items():
            if field.endswith(".territory_set_id"):
                del blamed[field]
                continue
            assert blamed.pop(field) == pair, (field, row["change_id"])
        assert blamed == {}, row["change_id"]
        told += len(written)
    return told


def test_it_agrees_with_what_the_merge_wrote(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    sent = [
        message("alpha", "1", full("a")),
        message("beta", "1", full("b", sale=("GB",))),
        message("alpha", "2", block(("publishing", None))),
        message("alpha", "3", block(("publishing", "x"), publishing_withdrawal="publishing_status:11")),
        message("alpha", "4", delete()),
        message("beta", "2", delete()),
        message("alpha", "5", full("c", form="AN", sale=())),
        message("alpha", "6", full("c", isbn13=ISBN_B)),
        message("alpha", "7", full("d")),
    ]
    for day, one in enumerate(sent):
        merged(home, one, day=day)
    undo("alpha", sent[8].message_id, owner="ada", reason="wrong", home=home)
    merged(home, day=9)
    assert _agrees(warehouse, ISBN_A) > 30
    assert set(BLOCK_OF) <= set(FIELDS)


@pytest.mark.slow
def test_a_message_and_the_titles_it_sets(home: Home) -> None:
    sent = message("alpha", "1", full("a"), full("b", reference="r2", isbn13=ISBN_B))
    later = message("alpha", "2", block(("publishing", "x"), reference="r2"))
    merged(home, sent, later)
    merge.publish(home)
    found = blame_message(home, sent.message_id[:8])
    assert (found["records"], found["state"], found["name"]) == (2, "merged", "alpha-1.xml")
    first, second = found["told"]
    assert (first["isbn13"], first["sets"]["title"], first["sets"]["publisher"]) == (ISBN_A, "a", "a")
    assert (second["isbn13"], second["sets"]["title"]) == (ISBN_B, "b")
    assert "publisher" not in second["sets"]
    (one,) = blame_message(home, "alpha-2.xml", line=40)["told"]
    assert (one["record_reference"], one["sets"]["publisher"]) == ("r2", "x")
    assert "title" not in one["sets"]
    assert positions(blame_message(home, sent.message_id, record="r2")) == [1]
    assert positions(blame_message(home, sent.message_id, line=1)) == [0]
    page = blame_message(home, sent.message_id, offset=1, limit=1)
    assert (positions(page), page["records"]) == ([1], 2)
    with pytest.raises(ConfigurationError, match=r"there is no message 'alpha-9.xml' of beta"):
        blame_message(home, "alpha-9.xml", supplier="beta")
    assert blame(home, "9780000000033") is None
    with pytest.raises(ConfigurationError, match="did you mean 'title'"):
        blame(home, ISBN_A, "titel")


def positions(found: SetByMessage) -> list[int]:
    return [one["position"] for one in found["told"]]


def test_a_name_that_may_be_two_messages(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    from bindery.steps.messages import message_named

    take(message("alpha", "1", full("a")), home)
    take(message("beta", "1", full("b")), home)
    with pytest.raises(ConfigurationError, match="no message 'x'"):
        message_named(warehouse, "x")
    assert message_named(warehouse, "alpha-1.xml").supplier == "alpha"
    again = Message("beta", "2", (full("c"),), name="alpha-1.xml")
    take(again, home)
    with pytest.raises(ConfigurationError, match=r"may be 2 messages: .* of alpha, 2026-03-01; .* of beta"):
        message_named(warehouse, "alpha-1.xml")
    assert message_named(warehouse, "alpha-1.xml", supplier="beta").message_id == again.message_id
