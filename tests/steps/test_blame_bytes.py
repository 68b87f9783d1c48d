"""The bytes that blame names, cut out of the archive and read again, give the value (FEATURES MS2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bindery.catalogue.blaming.spells import BLOCK_OF
from bindery.catalogue.shown import FACTS, text_of
from bindery.home import Home
from bindery.steps.blame import blame, blame_message
from bindery.steps.derive import records_table
from bindery.steps.override import set_override
from bindery.steps.read import open_message
from tests.simulator.messages import Entry
from tests.steps.real_road import feed_of, judged_here, onix, published, received, repriced, titles

pytestmark = pytest.mark.slow

NORTHWIND, LINDQVIST = feed_of("northwind", precedence=10), feed_of("lindqvist", precedence=20)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two suppliers; titles both have, in two releases and two kinds of tags, changed over three days."""
    home = Home(tmp_path_factory.mktemp("home"))
    with judged_here():
        _three_days(home)
    return home


def _three_days(home: Home) -> None:
    ours = titles(12)
    theirs = [replace(title, reference=f"L-{title.reference}", description="Another text.") for title in ours[8:]]
    received(home, NORTHWIND, 0, "full.xml", onix(ours))
    received(home, LINDQVIST, 0, "full.xml", onix(theirs, dialect="onix_3.1_short", sender="L"))
    published(home)
    decided = {"owner": "ada", "reason": "misheard", "now": datetime(2026, 3, 1, 20, tzinfo=UTC)}
    set_override(home, ours[4].isbn, "title", "What Ada Says", **decided)
    changed = [repriced(ours[0], "7.50"), replace(ours[1], title="Another Title"), Entry(ours[2], "05")]
    received(home, NORTHWIND, 1, "delta.xml", onix(changed, day=1))
    published(home, 1)
    received(home, NORTHWIND, 2, "more.xml", onix([replace(ours[4], description="A new text.")], day=2, number=2))
    block = [Entry(repriced(ours[3], "3.25"), "04", ("supply",)), replace(ours[9], status="11", availability="46")]
    received(home, NORTHWIND, 2, "delta.xml", onix(block, day=2))
    published(home, 2)


def read_again(home: Home, source: Any, folder: Path) -> dict[str, Any]:
    """The facts of a record whose bytes were cut out of its archived message, under the message's own header."""
    data = (home.archive / source["message_id"][:2] / source["message_id"]).read_bytes()
    cut = data[source["byte_start"] : source["byte_end"]]
    assert data[: source["byte_start"]].count(b"\n") == source["line"] - 1
    opening = data[: min(place for tag in (b"<Product>", b"<product>") if (place := data.find(tag)) > 0)]
    root = b"ONIXmessage" if b"<ONIXmessage" in opening else b"ONIXMessage"
    path = folder / "cut.xml"
    path.write_bytes(opening + cut + b"</" + root + b">")
    with open_message(path, message_format="onix", mapping=None) as message:
        (table,) = [records_table(batch, None, test_records=False) for batch in message.batches()]
    (row,) = table.to_pylist()
    return dict(row)


def isbns(home: Home) -> list[str]:
    found: set[str] = set()
    for work in (home.root / "work").glob("*/*/records.parquet"):
        found |= set(pq.read_table(work, columns=["isbn13"])["isbn13"].to_pylist())
    return sorted(found)


def test_every_value_is_in_the_bytes_it_is_said_to_be_from(home: Home, tmp_path: Path) -> None:
    checked = 0
    for isbn13 in isbns(home):
        found = blame(home, isbn13)
        assert found is not None
        for field in (name for names in FACTS.values() for name in names):
            for entry in found["fields"].get(field, ()):
                if entry["value"] is None or entry["rule"].startswith("override"):
                    continue
                (source,) = entry["sources"]
                again = read_again(home, source, tmp_path)
                assert text_of(again[field]) == text_of(entry["value"]), (isbn13, field)
                assert again["record_reference"] == entry["record_reference"]
                checked += 1
    assert checked > 150


def test_from_a_value_to_its_line_and_back(home: Home) -> None:
    """Each value that holds now is among those that the record on its line sets now."""
    isbn13 = isbns(home)[0]
    found = blame(home, isbn13)
    assert found is not None
    for field, entries in found["fields"].items():
        if entries[0]["until"] is not None or field not in BLOCK_OF or entries[0]["value"] is None:
            continue
        (source,) = entries[0]["sources"]
        (told,) = blame_message(home, source["message_id"], line=source["line"])["told"]
        assert (told["record_reference"], told["sets"][field]) == (source["record_reference"], entries[0]["value"])


def test_a_persons_value_is_from_no_record_and_the_others_of_its_block_are(home: Home) -> None:
    found = blame(home, titles(12)[4].isbn)
    assert found is not None
    now, before = found["fields"]["title"]
    assert (now["value"], now["rule"], now["supplier"], now["sources"]) == (
        "What Ada Says",
        "override o-000001",
        None,
        [],
    )
    assert (before["value"], before["rule"]) == (titles(12)[4].full_title, "only record that states it")
    (authors,) = found["fields"]["authors"]
    assert [source["name"] for source in authors["sources"]] == ["2026-03-01/full.xml"]
    description = found["fields"]["description"][0]
    assert [source["name"] for source in description["sources"]] == ["2026-03-03/more.xml"]


def test_a_withdrawal_and_a_deletion_lead_to_their_records(home: Home, tmp_path: Path) -> None:
    ours = titles(12)
    for title, signal in ((ours[9], "publishing_withdrawal"), (ours[2], "kind")):
        found = blame(home, title.isbn, "state")
        assert found is not None
        now = found["fields"]["state"][0]
        (source,) = now["sources"]
        again = read_again(home, source, tmp_path)
        assert again["record_reference"] == title.reference
        assert (now["value"], again[signal]) in {("withdrawn", "publishing_status:11"), ("deleted", "delete")}
