"""The judge step gives every record one verdict, and keeps every finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bindery.claims import ReadMessage
from bindery.errors import LawBrokenError
from bindery.home import Home
from bindery.quality import judge as rules_judge
from bindery.quality import warm
from bindery.steps.judge import judge
from tests.quality.records import delete, finding, message, record, unreadable


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose messages are judged in this process; the warm judge has tests of its own."""
    monkeypatch.setattr(
        warm, "findings_of", lambda _home, records, *, sent_on: rules_judge.findings_of(records, sent_on=sent_on)
    )
    return Home(tmp_path)


def _rows(home: Home, read: ReadMessage, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(home.root / read.work / name).to_pylist()
    return rows


def test_every_record_gets_one_verdict_with_its_reason(home: Home) -> None:
    records = [
        record(0),
        unreadable(1),
        record(2, scope="not_audio", title=None),
        record(3, scope="test"),
        record(4, title=None, isbn13=None, isbn_problem="check_digit"),
        record(5, cover_link=None, rights_status="contradictory"),
        delete(6),
        unreadable(7),
        record(8),
    ]
    found = [finding("F1", "block", 1), finding("W9", "warn", None), finding("F4", "warn", 8)]
    read = message(home, records, found)
    judged = judge(read, home=home)
    assert [(row["position"], row["verdict"], row["reason"]) for row in _rows(home, read, "verdicts.parquet")] == [
        (0, "pass", None),
        (1, "quarantine", "F1"),
        (2, "out_of_scope", "not_audio"),
        (3, "out_of_scope", "test"),
        (4, "quarantine", "R2"),
        (5, "pass", None),
        (6, "pass", None),
        (7, "quarantine", "R4"),
        (8, "pass", None),
    ]
    assert [(row["rule"], row["position"]) for row in _rows(home, read, "findings.parquet")] == [
        ("F1", 1), ("W9", None), ("F4", 8), ("R2", 4), ("R3", 4), ("Q3", 5), ("W6", 5),
    ]  # fmt: skip
    assert (judged.findings, judged.blocked) == (7, 3)


def test_what_reading_said_blocks_too_and_is_not_said_twice(home: Home) -> None:
    said = finding("R1", "block", 0, path="Product/RecordReference")
    read = message(home, [record(0, record_reference=None), record(1)], [said, finding("R8", "block", 1)])
    judge(read, home=home)
    assert [(row["rule"], row["text"]) for row in _rows(home, read, "findings.parquet")] == [
        ("R1", "Something is wrong."),
        ("R8", "Something is wrong."),
    ]
    assert [row["reason"] for row in _rows(home, read, "verdicts.parquet")] == ["R1", "R8"]


def test_a_code_within_rights_is_not_said_twice_and_rights_that_do_contradict_are_said(home: Home) -> None:
    rights = "Product/PublishingDetail/SalesRights"
    said = [
        finding("Q3", "hold_part", 0, path=f"{rights}/Territory/CountriesIncluded"),
        finding("Q3", "hold_part", 1, path="Product/ProductSupply/Market/Territory/CountriesIncluded"),
        finding("R1", "block", 2, path="Product/NotificationType"),
    ]
    records = [record(0, rights_status="contradictory"), record(1, rights_status="contradictory")]
    read = message(home, [*records, record(2, notification_type="77")], said)
    judge(read, home=home)
    assert [(row["rule"], row["position"], row["path"]) for row in _rows(home, read, "findings.parquet")] == [
        ("Q3", 0, f"{rights}/Territory/CountriesIncluded"),
        ("Q3", 1, "Product/ProductSupply/Market/Territory/CountriesIncluded"),
        ("R1", 2, "Product/NotificationType"),
        ("Q3", 1, rights),
    ]


def test_elements_of_onix_2_1_are_known_by_their_names_in_3(home: Home) -> None:
    said = [finding("W12", "warn", 0, path="Product/ProductForm")]
    read = message(home, [record(0, product_form="QQ"), record(1, product_form="QQ")], said)
    judge(read, home=home)
    assert [(row["rule"], row["position"]) for row in _rows(home, read, "findings.parquet")] == [("W12", 0), ("W12", 1)]


def test_a_blocking_finding_about_the_message_blocks_no_record(home: Home) -> None:
    read = message(home, [record(0)], [finding("F4", "block", None)])
    assert judge(read, home=home).blocked == 0


def test_judging_again_writes_the_same_bytes_and_leaves_nothing_else(home: Home) -> None:
    read = message(home, [record(0, title=None), record(1)])
    folder = home.root / read.work
    first = judge(read, home=home)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert judge(read, home=home) == first
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert before.keys() == {"records.parquet", "read_findings.parquet", "findings.parquet", "verdicts.parquet"}


def test_an_empty_message_has_no_verdicts(home: Home) -> None:
    read = message(home, [])
    assert (judge(read, home=home).findings, _rows(home, read, "verdicts.parquet")) == (0, [])


def test_a_lost_record_breaks_law_2(home: Home) -> None:
    with pytest.raises(LawBrokenError, match="3 records were received"):
        judge(message(home, [record(0), record(1)], received=3), home=home)
