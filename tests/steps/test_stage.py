from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest import mock

import pytest

from bindery.catalogue import staging
from bindery.claims import RefusedMessage
from bindery.errors import ConfigurationError, LawBrokenError
from bindery.home import Home
from bindery.rights.terms import publishing_terms, supply_terms
from bindery.steps.settle import settle
from bindery.steps.stage import release, stage, stage_refused
from bindery.warehouse import duckdb, open_writer
from tests.catalogue.feeding import (
    DAY,
    Message,
    block,
    delete,
    feed_of,
    full,
    gated,
    merge_all,
    message,
    one_warehouse,
    receipt_of,
    rows,
    take,
)

NEXT_DAY = date(2026, 3, 2)
EVERY = (
    "arrivals",
    "suppliers",
    "messages",
    "record_versions",
    "version_blocks",
    "stated_terms",
    "received_records",
    "findings",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def warehouse(home: Home) -> Iterator[duckdb.DuckDBWarehouse]:
    with one_warehouse(home) as opened:
        yield opened


def everything(warehouse: duckdb.DuckDBWarehouse) -> dict[str, list[dict[str, object]]]:
    return {table: rows(warehouse, table) for table in EVERY}


def test_each_record_received_has_one_row_with_its_outcome(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    sent = message(
        "alpha",
        "1",
        full("a"),
        full("b", reference="r2", verdict="quarantine", supply_withdrawal="availability:46"),
        full("c", reference="r3", verdict="out_of_scope"),
        delete(reference="r4"),
        block(("supply", "x"), reference="r5"),
    )
    staged = take(sent, home)
    assert (staged.state, staged.received) == ("staged", 5)
    received = sorted(rows(warehouse, "received_records"), key=lambda row: row["position"])
    assert [(row["outcome"], row["withdrawal"], row["reason"]) for row in received] == [
        ("pending", None, None),
        ("quarantined", "availability:46", "R1"),
        ("out_of_scope", None, None),
        ("pending", "notification:05", None),
        ("pending", None, None),
    ]
    assert [(row["touches_descriptive"], row["touches_supply"]) for row in received] == [
        (True, True),
        (True, True),
        (True, True),
        (False, False),
        (False, True),
    ]
    assert (received[1]["byte_start"], received[1]["byte_end"], received[1]["line"]) == (100, 199, 2)
    assert [row["rule"] for row in rows(warehouse, "findings")] == ["R1"]


def test_every_content_in_scope_is_kept_once(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(message("alpha", "1", full("a"), full("a"), full("printed", verdict="out_of_scope")), home)
    take(message("alpha", "2", full("a"), full("b", blocks=(("descriptive", "b"),))), home)
    assert sorted(row["title"] for row in rows(warehouse, "record_versions")) == ["a", "b"]
    stated = {row["content_hash"]: row for row in rows(warehouse, "version_blocks")}
    of_b = stated[full("b", blocks=(("descriptive", "b"),)).content_hash]
    assert (of_b["has_descriptive"], of_b["has_collateral"], of_b["has_supply"]) == (True, False, False)
    assert stated[full("a").content_hash]["has_supply"] is True


def test_what_versions_state_of_rights_and_markets_is_kept_once(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    world, rights = (
        '[[],["WORLD"],[],[]]',
        '[[["02",[["GB"],[],[],[]],[]],["02",[["US"],[],[],[]],[["12",[]]]]],"03",[]]',
    )
    take(message("alpha", "1", full("a"), full("b", reference="r2")), home)
    take(message("beta", "1", full("c"), full("d", blocks=(("descriptive", "d"),))), home)
    assert sorted(row["statement"] for row in rows(warehouse, "stated_terms")) == [rights, world]
    elsewhere = full("e", sale=("GB",), subscription=("GB",))
    take(message("beta", "2", elsewhere, full("f")), home)
    narrower = '[[["02",[["GB"],[],[],[]],[]]],"03",[]]'
    kept = {row["stated_id"]: row["statement"] for row in rows(warehouse, "stated_terms")}
    assert sorted(kept.values()) == sorted([narrower, rights, world])
    terms = {row["content_hash"]: row for row in rows(warehouse, "version_blocks")}
    said = publishing_terms(terms[elsewhere.content_hash]["publishing_terms"])
    assert (said.publisher, kept[said.rights]) == ("e", narrower)
    (market,) = supply_terms(terms[elsewhere.content_hash]["supply_terms"])
    assert market.market is not None
    assert kept[market.market] == world
    without = terms[full("d", blocks=(("descriptive", "d"),)).content_hash]
    assert (without["publishing_terms"], without["supply_terms"]) == (None, None)


def test_every_record_of_a_held_message_is_held(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    staged = take(message("alpha", "1", full("a"), full("b", reference="r2", verdict="quarantine"), held=True), home)
    assert staged.state == "held"
    assert {row["outcome"] for row in rows(warehouse, "received_records")} == {"held"}
    assert [(row["state"], row["reason"]) for row in rows(warehouse, "messages")] == [("held", "too much")]


def test_staging_again_changes_nothing(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    sent = message("alpha", "1", full("a"), full("b", reference="r2", verdict="quarantine"))
    first = take(sent, home)
    before = everything(warehouse)
    assert take(sent, home) == first
    assert everything(warehouse) == before
    merge_all(home)
    merged = everything(warehouse)
    assert take(sent, home) == first
    assert everything(warehouse) == merged


def test_the_same_bytes_elsewhere_are_a_repeat(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    sent = message("alpha", "1", full("a"), full("b", reference="r2"))
    take(sent, home)
    before = everything(warehouse)
    again = stage(gated(sent, home, day=NEXT_DAY, name="again.xml"), feed_of("alpha"), home=home)
    assert (again.state, again.received) == ("repeat", 2)
    after = everything(warehouse)
    assert [(row["name"], row["is_repeat"]) for row in after.pop("arrivals")] == [
        ("alpha-1.xml", False),
        ("again.xml", True),
    ]
    before.pop("arrivals")
    assert after == before
    assert settle(feed_of("alpha"), NEXT_DAY, home=home).model_dump(exclude={"feed", "feed_day"}) == {
        "messages": 1,
        "refused": 0,
        "repeats": 1,
        "received": 2,
        "outcomes": {"unchanged": 2},
    }


def test_a_held_message_is_let_through_once(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    rejected = full("b", reference="r2", verdict="quarantine")
    sent = message("alpha", "1", full("a"), rejected, block(("supply", "x"), reference="r3"), held=True)
    take(sent, home)
    merge_all(home)
    assert rows(warehouse, "records") == []
    assert release("alpha", sent.message_id, home=home).state == "staged"
    merge_all(home)
    # A parked block update is held too, but not by the gate: releasing again leaves it alone.
    before = everything(warehouse)
    release("alpha", sent.message_id, home=home)
    assert everything(warehouse) == before
    assert sorted((row["outcome"], row["reason"]) for row in rows(warehouse, "received_records")) == [
        ("applied", None),
        ("held", "parked"),
        ("quarantined", "R1"),
    ]


def test_only_a_known_message_is_let_through(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    with pytest.raises(ConfigurationError, match="unknown"):
        release("alpha", "0" * 64, home=home)
    assert rows(warehouse, "messages") == []


def refusal(sent: Message) -> RefusedMessage:
    return RefusedMessage(receipt=receipt_of(sent), rule="F1", reason="cut short", fix="Send it again.")


def test_a_refused_message_is_kept_with_what_is_wrong(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    sent = message("alpha", "1", full("a"))
    for _ in range(2):
        assert stage_refused(refusal(sent), feed_of("alpha"), home=home).state == "refused"
    assert [(row["state"], row["received"], row["reason"]) for row in rows(warehouse, "messages")] == [
        ("refused", 0, "cut short")
    ]
    assert [(row["rule"], row["fix"], row["position"]) for row in rows(warehouse, "findings")] == [
        ("F1", "Send it again.", None)
    ]
    assert settle(feed_of("alpha"), DAY, home=home).refused == 1
    merge_all(home)


def test_a_refused_message_that_can_be_read_now_takes_its_place(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    sent = message("alpha", "1", full("a"))
    stage_refused(refusal(sent), feed_of("alpha"), home=home)
    assert take(sent, home).state == "staged"
    assert [row["state"] for row in rows(warehouse, "messages")] == ["staged"]
    assert rows(warehouse, "findings") == []
    assert len(rows(warehouse, "arrivals")) == 1
    # A later run that still carries the old claim cannot take it back.
    stage_refused(refusal(sent), feed_of("alpha"), home=home)
    assert [row["state"] for row in rows(warehouse, "messages")] == ["staged"]


def test_a_record_without_a_reference_is_quarantined(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    take(Message("alpha", "1", (full("a", reference=None),), name="a.xml"), home)
    merge_all(home)
    assert [(row["outcome"], row["reason"]) for row in rows(warehouse, "received_records")] == [
        ("quarantined", "no_record_reference")
    ]


def test_a_record_without_a_verdict_is_refused(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    claim = gated(message("alpha", "1", full("a"), full("b", reference="r2")), home)
    short = claim.judged.message.model_copy(update={"received": 3})
    claim = claim.model_copy(update={"judged": claim.judged.model_copy(update={"message": short})})
    with pytest.raises(LawBrokenError, match="3 records were received") as raised:
        stage(claim, feed_of("alpha"), home=home)
    assert raised.value.law == 2
    assert all(found == [] for found in everything(warehouse).values())


def test_a_missing_work_folder_says_what_to_do(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    claim = gated(message("alpha", "1", full("a")), home)
    (home.root / claim.judged.message.work / "verdicts.parquet").unlink()
    with pytest.raises(ConfigurationError, match=r"verdicts\.parquet is missing"):
        stage(claim, feed_of("alpha"), home=home)
    assert rows(warehouse, "arrivals") == []


def test_a_message_of_another_supplier_is_refused(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    with pytest.raises(ConfigurationError, match="is a message of alpha, but feed beta_daily is of beta"):
        stage(gated(message("alpha", "1", full("a")), home), feed_of("beta"), home=home)
    assert all(found == [] for found in everything(warehouse).values())


@pytest.mark.usefixtures("warehouse")
def test_a_lost_row_fails_the_feed_day(home: Home) -> None:
    sent = message("alpha", "1", full("a"), full("b", reference="r2"))
    whole = staging.received_rows
    with mock.patch.object(staging, "received_rows", lambda *a, **k: whole(*a, **k).slice(1)):
        take(sent, home)
    with pytest.raises(LawBrokenError, match=sent.message_id) as raised:
        settle(feed_of("alpha"), DAY, home=home)
    assert raised.value.law == 2


@pytest.mark.usefixtures("warehouse")
def test_a_day_without_messages_is_a_day_of_zeros(home: Home) -> None:
    told = settle(feed_of("alpha"), DAY, home=home)
    assert (told.messages, told.received, told.outcomes) == (0, 0, {})


def test_on_a_file_a_failed_stage_leaves_nothing(home: Home) -> None:
    sent = message("alpha", "1", full("a"))
    with mock.patch.object(staging, "finding_rows", side_effect=MemoryError), pytest.raises(MemoryError):
        take(sent, home)
    with open_writer(home) as opened:
        assert isinstance(opened, duckdb.DuckDBWarehouse)
        assert all(found == [] for found in everything(opened).values())
    assert take(sent, home).state == "staged"
