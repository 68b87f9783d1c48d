"""What is shown beforehand is what happens; what changed between two days is what those days did (FEATURES M9, L2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bindery.catalogue.differing import differences
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.steps.diff import diff_days, diff_feed, preview_files, unchanged
from bindery.steps.preview import newest_change
from bindery.warehouse import open_snapshot
from tests.simulator.faults import bad_check_digit
from tests.simulator.messages import Entry
from tests.steps.real_road import FIRST, feed_of, judged_here, onix, published, received, repriced, titles

pytestmark = pytest.mark.slow

FEED = feed_of(gate={"min_records": 4})
DAYS = tuple(FIRST + timedelta(days=number) for number in range(4))
OURS = titles(9)
NEW = OURS[8]
WITHDRAWN = replace(OURS[2], status="11", availability="46")
MISTYPED = replace(OURS[4], isbn=bad_check_digit(OURS[4].isbn))
DELTA = onix(
    [repriced(OURS[0], "7.50"), OURS[1], WITHDRAWN, Entry(OURS[3], "05"), MISTYPED, NEW],
    day=1,
)


@pytest.fixture(autouse=True)
def _judged_here() -> Iterator[None]:
    with judged_here():
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Eight titles are published, and one more waits for the merge."""
    home = Home(tmp_path / "home")
    received(home, FEED, 0, "full.xml", onix(OURS[:7]))
    published(home)
    received(home, FEED, 0, "late.xml", onix([OURS[7]], number=2))
    return home


def files_of(home: Home) -> dict[str, str]:
    """Every file there is, with the SHA-256 of what is in it."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.root.rglob("*"))
        if path.is_file()
    }


def test_a_preview_says_what_the_run_that_follows_does(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "delta.xml"
    file.write_bytes(DELTA)
    before = files_of(home)
    shown = preview_files(home, [file], FEED, DAYS[1])
    assert files_of(home) == before
    changes = shown["changes"]
    assert (changes["created"], changes["changed"], changes["withdrawn"], shown["unchanged"]) == (1, 1, 2, 1)
    by_title = {one["isbn13"]: one for one in changes["titles"]}
    assert by_title[NEW.isbn]["difference"] == "created"
    assert (by_title[OURS[3].isbn]["difference"], by_title[OURS[3].isbn]["state"]) == ("withdrawn", "deleted")
    prices = [one for one in by_title[OURS[0].isbn]["fields"] if one["field"] == "price_amount"]
    assert [one["new_value"] for one in prices] == ["7.5"]
    (told,) = shown["files"]
    assert (told["state"], told["received"]) == ("staged", 6)
    assert {"outcome": "unchanged", "reason": None, "records": 1} in told["outcomes"]
    (kept,) = told["kept_back"]
    assert (kept["record_reference"], kept["outcome"]) == (MISTYPED.reference, "quarantined")
    assert kept["text"]

    published(home)  # what had waited
    with open_snapshot(home) as warehouse:
        after = newest_change(warehouse)
    staged = received(home, FEED, 1, "delta.xml", DELTA)
    published(home, 1)
    with open_snapshot(home) as warehouse:
        assert differences(warehouse, after, newest_change(warehouse)) == changes
        assert unchanged(warehouse, "northwind", [staged.message_id], after) == shown["unchanged"]
        named = {"supplier": "northwind", "message_id": staged.message_id}
        assert warehouse.run("catalogue/message_outcomes", **named).to_pylist() == told["outcomes"]


def test_a_preview_of_what_is_refused_held_or_known(home: Home, tmp_path: Path) -> None:
    refused, held, known = (tmp_path / name for name in ("broken.xml", "small_full.xml", "again.xml"))
    refused.write_bytes(b"")
    held.write_bytes(onix([Entry(one, "05") for one in OURS[:5]], day=1))
    known.write_bytes(onix(OURS[:7]))
    shown = preview_files(home, [refused, held, known], FEED, DAYS[1])
    assert [one["state"] for one in shown["files"]] == ["refused", "held", "repeat"]
    assert shown["files"][0]["reasons"][0].startswith("F1: ")
    assert shown["files"][1]["outcomes"] == [{"outcome": "held", "reason": "gate", "records": 5}]
    assert shown["files"][1]["reasons"]
    assert shown["changes"]["titles"] == []
    behind = preview_files(home, [held], FEED, DAYS[1], released=True)
    assert (behind["files"][0]["state"], behind["changes"]["withdrawn"]) == ("staged", 5)


def test_nothing_is_published_yet(tmp_path: Path) -> None:
    file = tmp_path / "full.xml"
    file.write_bytes(onix(OURS[:2]))
    shown = preview_files(Home(tmp_path / "none"), [file], FEED, DAYS[0], limit=1)
    assert (shown["changes"]["created"], len(shown["changes"]["titles"])) == (2, 1)
    assert not (tmp_path / "none").exists()
    with pytest.raises(ConfigurationError, match="No such file"):
        preview_files(Home(tmp_path / "none"), [tmp_path / "gone.xml"], FEED, DAYS[0])


def test_what_changed_between_two_days(home: Home) -> None:
    published(home)
    received(home, FEED, 1, "delta.xml", DELTA)
    published(home, 1)
    again = onix([OURS[0], replace(OURS[5], title="Renamed")], day=2)
    received(home, FEED, 2, "delta.xml", again)
    published(home, 2)
    first = diff_days(home, DAYS[0], DAYS[1])
    assert (first["created"], first["changed"], first["withdrawn"]) == (1, 1, 2)
    second = diff_days(home, DAYS[1], DAYS[2])
    assert (second["changed"], second["fields"]["title"]) == (2, 1)
    # The title whose price went to 7.50 and back is not among what changed over both days.
    both = diff_days(home, DAYS[0], DAYS[2])
    assert (second["fields"]["price_amount"], both["fields"]["price_amount"]) == (
        1,
        first["fields"]["price_amount"] - 1,
    )
    assert [one["isbn13"] for one in both["titles"] if one["difference"] == "changed"] == [OURS[5].isbn]
    page = diff_days(home, DAYS[0], DAYS[2], offset=1, limit=1)
    assert page["titles"] == both["titles"][1:2]
    assert diff_days(home, DAYS[0], DAYS[2], offset=99)["created"] == 1
    assert diff_days(home, DAYS[2], DAYS[3])["titles"] == []

    said = diff_feed(home, "northwind", DAYS[0], DAYS[1])
    assert (said["added"], said["changed"], said["removed"]) == (1, 3, 1)
    by_reference = {one["record_reference"]: one for one in said["records"]}
    assert {"field": "price_amount"}.items() <= by_reference[OURS[0].reference]["fields"][0].items()
    # What we quarantined, the sender said all the same.
    assert by_reference[MISTYPED.reference]["difference"] == "changed"
    assert diff_feed(home, "northwind", DAYS[0], DAYS[1], offset=9)["changed"] == 3
    with pytest.raises(ConfigurationError, match="is before"):
        diff_days(home, DAYS[1], DAYS[0])
