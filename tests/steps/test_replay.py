"""A past day, read again from the archive, gives the same catalogue; with other rules what they say (FEATURES B2)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest

from bindery.catalogue.fingerprint import fingerprint
from bindery.errors import ConfigurationError, RefusedError
from bindery.home import Home
from bindery.steps.health import anything_waits
from bindery.steps.replay import replay
from bindery.steps.stage import release
from bindery.steps.undo import undo
from bindery.warehouse import open_writer
from tests.catalogue.feeding import rows
from tests.simulator.faults import bad_check_digit
from tests.simulator.messages import Entry
from tests.steps.real_road import FIRST, feed_of, judged_here, onix, published, received, repriced, titles

pytestmark = pytest.mark.slow

FEED = feed_of(gate={"min_records": 3})
DAY = FIRST + timedelta(days=1)
OURS = titles(6)
TABLES = ("messages", "received_records", "findings", "records", "editions", "offers", "changes", "affected_records")


@pytest.fixture(autouse=True)
def _judged_here() -> Iterator[None]:
    with judged_here():
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    received(home, FEED, 0, "full.xml", onix(OURS[:5]))
    published(home)
    bad = replace(OURS[3], isbn=bad_check_digit(OURS[3].isbn))
    received(home, FEED, 1, "delta.xml", onix([repriced(OURS[0], "5.00"), bad, OURS[5]], day=1))
    received(home, FEED, 1, "held.xml", onix([Entry(one, "05") for one in OURS[:4]], day=1, number=2))
    published(home, 1)
    # The sender is switched off, and what was read is gone.
    shutil.rmtree(home.root / "outside")
    shutil.rmtree(home.root / "work")
    return home


def kept(home: Home) -> dict[str, list[dict[str, object]]]:
    with open_writer(home) as warehouse:
        return {table: rows(warehouse, table) for table in TABLES}


def catalogue(home: Home) -> str:
    with open_writer(home) as warehouse:
        return fingerprint(warehouse)


def test_the_same_code_reads_the_same_day_and_changes_nothing(home: Home) -> None:
    before, sum_before = kept(home), catalogue(home)
    told = replay(FEED, DAY, home=home)
    assert [(one["name"][-9:], one["state"], one["result"]) for one in told] == [
        ("delta.xml", "merged", "same"),
        ("/held.xml", "held", "same"),
    ]
    assert kept(home) == before
    assert not anything_waits(home)
    published(home, 2)
    assert catalogue(home) == sum_before


def test_what_is_read_otherwise_now_is_replaced_and_every_message_keeps_its_state(tmp_path: Path) -> None:
    """A feed was declared in the wrong encoding."""
    wrong, right = Home(tmp_path / "wrong"), Home(tmp_path / "right")
    cafe = [replace(one, title=f"Café {number}") for number, one in enumerate(OURS)]
    messages = {
        "full.xml": onix([*cafe[:3], OURS[3]]),
        "undone.xml": onix([replace(cafe[0], title="Née")], number=2),
        "held.xml": onix([Entry(replace(one, title="Né"), "05") for one in cafe[:3]], number=3),
        "freed.xml": onix([replace(one, status="11", availability="46") for one in cafe[1:4]], number=4),
    }
    for home, feed in ((wrong, feed_of(encoding="iso-8859-1", gate={"min_records": 3})), (right, FEED)):
        staged = {name: received(home, feed, 1, name, data) for name, data in messages.items()}
        release("northwind", staged["freed.xml"].message_id, home=home)
        published(home, 1)
        undo("northwind", staged["undone.xml"].message_id, owner="ada", reason="wrong", home=home)
        published(home, 1)
    assert catalogue(wrong) != catalogue(right)

    told = {one["name"].rpartition("/")[2]: one for one in replay(FEED, DAY, home=wrong)}
    assert {(name, one["state"], one["result"]) for name, one in told.items()} == {
        ("full.xml", "merged", "replaced"),
        ("undone.xml", "undone", "replaced"),
        ("held.xml", "held", "replaced"),
        ("freed.xml", "merged", "replaced"),
    }
    assert (told["full.xml"]["records"], told["full.xml"]["received"]) == (4, 4)
    assert told["full.xml"]["fields"]["content_hash"] == 4
    assert {"field": "title", "old_value": "The CafÃ© 0", "new_value": "The Café 0"} in told["full.xml"]["differing"][
        0
    ]["fields"]
    assert anything_waits(wrong)
    published(wrong, 2)
    assert catalogue(wrong) == catalogue(right)
    same = ("message_id", "position", "content_hash", "verdict", "outcome", "reason")
    told_of = [
        sorted([tuple(row[name] for name in same) for row in kept(home)["received_records"]], key=repr)
        for home in (wrong, right)
    ]
    assert told_of[0] == told_of[1]
    assert {one["result"] for one in replay(FEED, DAY, home=wrong)} == {"same"}


def test_what_cannot_be_replayed(home: Home) -> None:
    with pytest.raises(ConfigurationError, match="received nothing on 2026-03-05"):
        replay(FEED, FIRST + timedelta(days=4), home=home)
    received(home, FEED, 3, "again.xml", onix(OURS[:5]))
    (told,) = replay(FEED, FIRST + timedelta(days=3), home=home)
    assert (told["result"], told["reason"]) == (
        "repeat",
        "it came first by northwind on 2026-03-01, as 2026-03-01/full.xml",
    )
    with mock.patch("bindery.steps.replay.read", side_effect=RefusedError("It is broken.", fix="Ask.", rule="F1")):
        (told,) = replay(FEED, FIRST, home=home)
    assert (told["result"], told["state"], told["reason"]) == ("unreadable", "merged", "F1: It is broken.")
    shutil.rmtree(home.archive)
    with pytest.raises(ConfigurationError, match="the archive lacks"):
        replay(FEED, FIRST, home=home)
