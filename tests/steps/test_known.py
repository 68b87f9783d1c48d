"""Records that are known by their bytes: read less, and nothing comes out otherwise (RFC 0003)."""

from __future__ import annotations

import itertools
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bindery.catalogue.fingerprint import fingerprint
from bindery.claims import GatedMessage, ReadMessage, Receipt, StagedMessage
from bindery.errors import LawBrokenError
from bindery.feeds.archive import keep
from bindery.feeds.declaration import Feed
from bindery.home import PROJECT, Home
from bindery.quality import judge as rules_judge
from bindery.quality import warm
from bindery.quality.rules import suites
from bindery.steps import known
from bindery.steps.judge import judge
from bindery.steps.read import read
from bindery.steps.stage import release, stage
from bindery.warehouse import open_writer
from tests.catalogue.feeding import merge_all, one_warehouse, rows
from tests.onix.reading import product
from tests.simulator.messages import Dialect, Entry
from tests.simulator.messages import message as simulated
from tests.simulator.onix3 import Header
from tests.simulator.timeline import SUPPLIERS
from tests.simulator.titles import Title, make_title

pytestmark = pytest.mark.slow

HOUSE = SUPPLIERS["northwind"].house
FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
SAID = ("messages", "received_records", "record_versions", "findings", "records", "editions", "offers", "changes")


@pytest.fixture(autouse=True)
def _judged_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The warm judge has tests of its own."""
    monkeypatch.setattr(
        warm, "findings_of", lambda _home, records, *, sent_on: rules_judge.findings_of(records, sent_on=sent_on)
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def feed_of(**changes: Any) -> Feed:
    base = {
        "name": "northwind",
        "supplier": "northwind",
        "title": "Northwind",
        "owner": "ops",
        "transport": {"kind": "folder", "path": "x"},
        "scope": "full",
    }
    return Feed.model_validate(base | changes)


FEED = feed_of()


def titles(count: int) -> list[Title]:
    audio = (title for index in itertools.count() if (title := make_title(1, HOUSE, index)).is_audio)
    return list(itertools.islice(audio, count))


def full(sent: list[Title], *, day: int = 0, dialect: Dialect = "onix_3.0", number: int = 1) -> bytes:
    header = Header("Northwind", FIRST + timedelta(days=day), number)
    return b"".join(simulated(dialect, header, [Entry(title) for title in sent]))


def of(*products: str, sent: str = "20260301", root: str = 'ONIXMessage release="3.0"', head: str = "") -> bytes:
    return (
        f"{head}<{root}><Header><Sender><SenderName>S</SenderName></Sender><SentDateTime>{sent}</SentDateTime></Header>"
        f"{''.join(products)}</{root.split(maxsplit=1)[0]}>"
    ).encode()


def receive(home: Home, data: bytes) -> Receipt:
    message_id, path, length = keep([data], home=home, expected_size=None, name="message.xml")
    return Receipt(
        supplier="northwind",
        feed="northwind",
        feed_day=date(2026, 3, 1),
        name=f"{message_id[:8]}.xml",
        message_id=message_id,
        path=path.relative_to(home.root).as_posix(),
        size=length,
    )


def read_and_stage(home: Home, data: bytes, *, feed: Feed = FEED, held: bool = False) -> tuple[ReadMessage, str]:
    receipt = receive(home, data)
    claim = read(receipt, feed, home=home)
    return claim, staged(home, claim, feed, held=held).state


def staged(home: Home, claim: ReadMessage, feed: Feed, *, held: bool = False) -> StagedMessage:
    judged = judge(claim, home=home)
    return stage(GatedMessage(judged=judged, held=held, reasons=("asked",) if held else ()), feed, home=home)


def forget(home: Home) -> None:
    shutil.rmtree(home.known("northwind"), ignore_errors=True)


def findings(home: Home, claim: ReadMessage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(home.root / claim.work / "findings.parquet").to_pylist()
    return sorted(found, key=repr)


def without_memory(home: Home, claim: ReadMessage, feed: Feed = FEED) -> ReadMessage:
    """The same message read again as if nothing were known."""
    kept = home.known("northwind").rename(home.root / "set-aside")
    try:
        again = read(claim.receipt, feed, home=home)
        judge(again, home=home)
        return again
    finally:
        kept.rename(home.known("northwind"))


def test_a_full_feed_sent_again_is_read_where_it_changed_and_gives_the_same_catalogue(tmp_path: Path) -> None:
    sent = [replace(title, form_detail="Z999") if at % 5 == 0 else title for at, title in enumerate(titles(200))]
    changed = [
        replace(title, description=f"{title.description} New.") if at in {7, 150} else title
        for at, title in enumerate(sent)
    ]
    said = {}
    for memory in (True, False):
        home = Home(tmp_path / str(memory))
        read_and_stage(home, full(sent))
        merge_all(home)
        if not memory:
            forget(home)
        claim, state = read_and_stage(home, full(changed, day=1, number=2))
        merge_all(home)
        assert (claim.received, claim.known, state) == (200, 198 if memory else 0, "staged")
        with open_writer(home) as warehouse:
            assert [row["outcome"] for row in rows(warehouse, "received_records")].count("unchanged") == 198
            said[memory] = (fingerprint(warehouse), {table: rows(warehouse, table) for table in SAID})
    assert said[True] == said[False]
    told = [row for row in said[True][1]["findings"] if "Z999" in row["text"]]
    assert len(told) == full(sent).count(b">Z999<") + full(changed).count(b">Z999<") > 60


def test_what_is_found_wrong_is_told_again_at_its_new_place(home: Home) -> None:
    flawed = product("flawed", "<EditionType>ZZZ</EditionType>")
    read_and_stage(home, of(flawed))
    claim, _ = read_and_stage(home, of(product("new"), "\n\n", flawed, sent="20260302"))
    assert (claim.received, claim.known) == (2, 0), "a record that is kept back is read each time"
    sent = [replace(title, form_detail="Z999", description="Short.") for title in titles(3)]
    read_and_stage(home, full(sent))
    claim, _ = read_and_stage(home, full([*titles(5)[3:], *sent], day=1))
    assert claim.known == 3
    now = findings(home, claim)
    data = (home.root / claim.receipt.path).read_bytes()
    told = sorted((row["position"], row["byte_start"], row["line"]) for row in now if "Z999" in row["text"])
    assert [position for position, _, _ in told] == [2, 3, 4]
    for position, byte_start, line in told:
        assert data.count(b"<Product>", 0, byte_start + len(b"<Product>")) == position + 1
        assert data.count(b"\n", 0, byte_start) == line - 1
    again = without_memory(home, claim)
    assert again.known == 0
    assert again.model_copy(update={"known": 3}) == claim
    assert findings(home, again) == now


def test_a_record_that_inherits_something_else_is_read(home: Home) -> None:
    (title,) = titles(1)
    assert [read_and_stage(home, full([title], dialect=dialect))[0].known for dialect in ("onix_3.0", "onix_3.1")] == [
        0,
        0,
    ]
    data = full([title], day=1)
    other_default = data.replace(b"</Header>", b"<DefaultCurrencyCode>CHF</DefaultCurrencyCode></Header>")
    other_encoding = data.replace(b"UTF-8", b"windows-1252")
    assert [read_and_stage(home, one)[0].known for one in (other_default, other_encoding, data)] == [0, 0, 1]


def test_the_release_of_a_doctype_is_inherited(home: Home) -> None:
    record = b"".join(simulated("onix_2.1", Header("S", FIRST, 1), [Entry(titles(1)[0])]))
    assert b"<!DOCTYPE ONIXMessage SYSTEM" in record
    assert read_and_stage(home, record)[0].release == "2.1"
    assert read_and_stage(home, record.replace(b"20260301", b"20260302"))[0].known == 1
    start, end = record.index(b"<!DOCTYPE"), record.index(b"<ONIXMessage")
    claim, _ = read_and_stage(home, record[:start] + record[end:])
    assert (claim.known, claim.tags) == (0, "reference")


def test_a_message_that_states_no_release_is_read_whole(home: Home) -> None:
    root, data = b' release="3.0"', full(titles(2)).replace(b"http://ns.editeur.org/onix/3.0/reference", b"urn:x")
    for day in ("20260301", "20260302"):
        claim, _ = read_and_stage(home, data.replace(root, b"").replace(b"20260301", day.encode()))
        assert (claim.release, claim.known) == ("3.0", 0)


def test_a_message_turned_into_mixed_tags_is_read_whole(home: Home) -> None:
    sent = titles(2)
    read_and_stage(home, full(sent))
    short = full(titles(3)[2:], dialect="onix_3.0_short")
    one = short[short.index(b"<product") : short.rindex(b"</product>") + len(b"</product>")]
    mixed = full(sent, day=1).replace(b"</ONIXMessage>", one + b"</ONIXMessage>")
    claim, _ = read_and_stage(home, mixed)
    assert (claim.tags, claim.received, claim.known) == ("mixed", 3, 0)
    again = read_and_stage(home, full(sent, day=2))[0]
    assert (again.tags, again.known) == ("reference", 2), "the messages before it are remembered"


def test_short_tags_stay_short_where_all_is_known(home: Home) -> None:
    for day, expected in ((0, 0), (1, 3)):
        claim, _ = read_and_stage(home, full(titles(3), day=day, dialect="onix_3.0_short"))
        assert (claim.tags, claim.known) == ("short", expected)


def test_what_stands_around_a_record_can_still_spoil_it(home: Home) -> None:
    data = full(titles(2))
    read_and_stage(home, data)
    unclosed = data.replace(b"20260301T", b"20260302T").replace(b"</Product>", b"", 1)
    claim, _ = read_and_stage(home, unclosed)
    assert (claim.received, claim.unreadable, claim.known) == (2, 1, 1)


@pytest.mark.parametrize("changes", [{"codelists": 68}, {"test_records": True}, {"encoding": "iso-8859-1"}])
def test_another_setting_of_the_feed_knows_nothing(home: Home, changes: dict[str, Any]) -> None:
    read_and_stage(home, full(titles(2)))
    other = feed_of(**changes)
    assert read(receive(home, full(titles(2), day=1)), other, home=home).known == 0
    read_and_stage(home, full(titles(2), day=2), feed=other)
    # Two feeds of one supplier don't make each other forget.
    assert read(receive(home, full(titles(2), day=3)), FEED, home=home).known == 2
    assert read(receive(home, full(titles(2), day=4)), other, home=home).known == 2


def test_a_validated_feed_reads_every_record(home: Home) -> None:
    feed = feed_of(validate=True)
    for day in (0, 1):
        assert read_and_stage(home, full(titles(2), day=day), feed=feed)[0].known == 0
    assert not home.known("northwind").exists()


CODE = "from bindery.steps import known; print(known.CODE)"


@pytest.mark.parametrize(
    "changed", ["expectations/records.json", "expectations/messages.yaml", "include/codelists/leaves.csv"]
)
def test_another_rule_or_code_list_is_other_code(tmp_path: Path, changed: str) -> None:
    for folder in ("expectations", "include/codelists"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)

    def code() -> str:
        environment = os.environ | {"BINDERY_PROJECT": str(tmp_path), "PYTHONPATH": str(PROJECT / "plugins")}
        done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    before = code()
    assert code() == before
    with (tmp_path / changed).open("a") as file:
        file.write("\n")
    assert code() != before


def test_what_other_code_left_is_not_known_and_goes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    read_and_stage(home, full(titles(2)))
    monkeypatch.setattr(known, "CODE", "0" * 64)
    assert read_and_stage(home, full(titles(2), day=1))[0].known == 0
    assert len(list(home.known("northwind").glob("*.parquet"))) == 1
    assert read(receive(home, full(titles(2), day=2)), FEED, home=home).known == 2


def test_no_rule_weighs_a_publication_that_is_near() -> None:
    """What ``DAYS_AHEAD`` stands on: who writes such a rule decides here how its records are remembered."""
    weighing = [
        one.model_dump(mode="json")["kwargs"]
        for suite in suites().values()
        for one in suite.expectations
        if "publication_days_ahead" in json.dumps(one.model_dump(mode="json")["kwargs"])
    ]
    assert weighing, "no rule weighs it: then DAYS_AHEAD can go"
    for kwargs in weighing:
        assert kwargs["column"] == "publication_days_ahead"
        assert "min_value" not in kwargs or kwargs["min_value"] is None
        assert kwargs["max_value"] >= known.DAYS_AHEAD


def test_a_publication_far_ahead_is_weighed_on_each_day(home: Home) -> None:
    (title,) = titles(1)
    data = full([title])
    published = title.published.encode()
    far = data.replace(published, b"20371231")
    assert far != data
    for day in (b"20260301T", b"20260302T", b"20360301T", b"20370601T", b"20370602T"):
        claim, _ = read_and_stage(home, far.replace(b"20260301T", day))
        rules = {row["text"] for row in findings(home, claim) if row["rule"] == "W13"}
        assert claim.known == (day == b"20370602T")
        assert len(rules) == (day < b"2036")


def test_content_that_the_warehouse_lost_is_read_again(home: Home) -> None:
    read_and_stage(home, full(titles(3)))
    shutil.rmtree(home.warehouse.parent)
    claim, _ = read_and_stage(home, full(titles(3), day=1))
    assert claim.known == 3
    merge_all(home)
    with open_writer(home) as warehouse:
        kept = {row["title"] for row in rows(warehouse, "record_versions")}
        blocks = rows(warehouse, "version_blocks")
    assert len(kept) == len(blocks) == 3
    assert all(row["has_descriptive"] for row in blocks)


def test_content_that_is_nowhere_stops_the_message(home: Home) -> None:
    read_and_stage(home, full(titles(2)))
    (file,) = home.known("northwind").glob("*.parquet")
    table = pq.read_table(file)
    wrong = table.set_column(table.schema.get_field_index("content_hash"), "content_hash", [["0" * 64] * 2])
    pq.write_table(wrong.replace_schema_metadata(table.schema.metadata), file)
    with pytest.raises(LawBrokenError, match="such as 0000"):
        read_and_stage(home, full(titles(2), day=1))
    with open_writer(home) as warehouse:
        assert len(rows(warehouse, "messages")) == 1


@pytest.mark.parametrize("damage", ["empty", "cut", "text", "flipped", "columns"])
def test_a_broken_file_is_told_of_taken_away_and_made_again(
    home: Home, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    read_and_stage(home, full(titles(20)))
    (file,) = home.known("northwind").glob("*.parquet")
    data = file.read_bytes()
    if damage == "columns":
        table = pq.read_table(file)
        pq.write_table(table.drop_columns(["supply_withdrawal"]), file)
    else:
        middle = len(data) // 3
        flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        file.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "text": b"hello", "flipped": flipped}[damage])
    with caplog.at_level(logging.WARNING):
        claim, state = read_and_stage(home, full(titles(20), day=1))
    assert (claim.known, state) == (0, "staged")
    assert file.name in caplog.text
    assert not file.exists()
    assert read_and_stage(home, full(titles(20), day=2))[0].known == 20


def test_a_folder_that_cannot_be_written_fails_nothing(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    home.root.mkdir(parents=True)
    (home.root / "known").write_text("in the way")
    for day in (0, 1):
        claim, state = read_and_stage(home, full(titles(2), day=day))
        assert (claim.known, state) == (0, "staged")
    assert "is not remembered" in caplog.text


def test_files_are_made_one_and_nothing_is_forgotten(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "SEGMENTS", 3)
    sent = titles(8)
    for number in range(8):
        assert read_and_stage(home, full([sent[number]], day=number))[0].known == 0
    assert len(list(home.known("northwind").glob("*.parquet"))) <= 4
    assert not list(home.known("northwind").glob("*.part"))
    claim, _ = read_and_stage(home, full(sent, day=9))
    assert claim.known == 8
    now = findings(home, claim)
    without_memory(home, claim)
    assert findings(home, claim) == now


def test_what_is_loaded_stays_while_files_go(home: Home) -> None:
    read_and_stage(home, full(titles(3)))
    loaded = known.Known.load(FEED, home=home, size=1_000_000)
    assert loaded is not None
    forget(home)
    claim = read(receive(home, full(titles(3), day=1)), FEED, home=home)
    hashes = pq.read_table(home.root / claim.work / "records.parquet")["bytes_hash"]
    assert loaded.includes(hashes, sent_on=None).tolist() == [True] * 3
    references = [title.reference for title in titles(3)]
    assert loaded.rows(hashes.take([2, 0, 1]))["record_reference"].to_pylist() == [references[i] for i in (2, 0, 1)]


def test_a_file_that_goes_while_it_is_opened_is_no_fault(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    read_and_stage(home, full(titles(3)))
    read_and_stage(home, full(titles(5)[3:], day=1))
    found = known._footer

    def seen_then_gone(file: Path) -> Any:
        footer = found(file)
        file.unlink()
        return footer

    with mock.patch.object(known, "_footer", seen_then_gone):
        assert read(receive(home, full(titles(5), day=2)), FEED, home=home).known == 0
    assert caplog.text.count("can't be read") == 0


KILLED = """
import os, sys
from pathlib import Path
from bindery.claims import GatedMessage
from bindery.feeds.declaration import Feed
from bindery.home import Home
from bindery.steps import known, stage
from bindery.warehouse import duckdb
where, root, gated, feed = sys.argv[1:]
def die(*args, **kwargs):
    os.kill(os.getpid(), 9)
if where == "commit":
    class Dying:
        def __init__(self, inner): self.inner = inner
        def commit(self): die()
        def __getattr__(self, name): return getattr(self.inner, name)
    opened = duckdb.DuckDBWarehouse.transaction
    def transaction(self):
        self._connection = Dying(self._connection)
        return opened(self)
    duckdb.DuckDBWarehouse.transaction = transaction
elif where == "after commit":
    stage.remember = die
elif where == "half written":
    Path.replace = die
elif where == "before tidying":
    known._tidy = die
stage.stage(GatedMessage.model_validate_json(gated), Feed.model_validate_json(feed), home=Home(Path(root)))
"""


@pytest.mark.parametrize(
    ("where", "is_staged", "remembered"),
    [("commit", 0, 0), ("after commit", 1, 0), ("half written", 1, 0), ("before tidying", 1, 1)],
)
def test_killed_while_staging_nothing_is_remembered_that_is_not_staged(
    home: Home, where: str, is_staged: int, remembered: int
) -> None:
    feed = feed_of()
    claim = read(receive(home, full(titles(4))), feed, home=home)
    gated = GatedMessage(judged=judge(claim, home=home), held=False, reasons=())
    words = [where, str(home.root), gated.model_dump_json(), feed.model_dump_json(by_alias=True)]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *words],
        env=os.environ | {"PYTHONPATH": str(PROJECT / "plugins")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    with open_writer(home) as warehouse:
        assert len(rows(warehouse, "messages")) == is_staged
    assert len(list(home.known("northwind").glob("*.parquet"))) == remembered
    assert stage(gated, feed, home=home).state == "staged"
    second, _ = read_and_stage(home, full(titles(4), day=1))
    assert second.known == (0 if where in {"after commit", "half written"} else 4)
    assert not list(home.known("northwind").glob("*.part"))
    merge_all(home)
    with open_writer(home) as warehouse:
        assert len(rows(warehouse, "record_versions")) == len(rows(warehouse, "editions")) == 4


def test_read_again_after_it_was_remembered_it_is_the_same_message(home: Home) -> None:
    first, _ = read_and_stage(home, full(titles(4)))
    before = findings(home, first)
    again, state = read_and_stage(home, full(titles(4)))
    assert (again.known, state) == (4, "staged")
    assert findings(home, again) == before


def test_a_held_message_is_not_remembered(home: Home) -> None:
    claim, state = read_and_stage(home, full(titles(2)), held=True)
    assert state == "held"
    assert read(receive(home, full(titles(2), day=1)), FEED, home=home).known == 0
    release("northwind", claim.receipt.message_id, home=home)
    assert read_and_stage(home, full(titles(2), day=1))[1] == "staged"


VARIANTS = ("as it is", "described", "withdrawn", "unsold", "nameless", "far", "damaged")
moves = st.tuples(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(VARIANTS)), min_size=1, max_size=4),
    st.integers(0, 3),
    st.sampled_from(["onix_3.0", "onix_3.0", "onix_2.1", "onix_3.0_short"]),
    st.sampled_from([False, False, False, True]),
)


def said_of(index: int, variant: str) -> tuple[Title, str]:
    title = make_title(1, HOUSE, index)
    match variant:
        case "described":
            return replace(title, description=f"{title.description} And more."), "03"
        case "withdrawn":
            return title, "05"
        case "nameless":
            return replace(title, title=""), "03"
        case _:
            return title, "03"


def written(move: Any) -> bytes:
    chosen, day, dialect, _ = move
    header = Header("Northwind", FIRST + timedelta(days=day), day + 1)
    entries = [Entry(*said_of(index, variant)) for index, variant in chosen]
    pieces = list(simulated(dialect, header, entries))
    for at, (_, variant) in enumerate(chosen, start=1):
        if variant == "damaged":
            pieces[at] = pieces[at].replace(b"</", b"<", 1)
        elif variant == "far":
            pieces[at] = pieces[at].replace(b"2026", b"2039").replace(b"2025", b"2039")
        elif variant == "unsold":
            pieces[at] = pieces[at].replace(b"<ProductAvailability>20", b"<ProductAvailability>46")
    return b"".join(pieces)


@contextmanager
def in_its_own_home() -> Iterator[Home]:
    with tempfile.TemporaryDirectory() as folder:
        yield Home(Path(folder))


def told(history: list[Any], *, memory: bool) -> tuple[dict[str, Any], int]:
    """What the warehouse says after a history, and how many records were known in it."""
    count = 0
    with in_its_own_home() as home, one_warehouse(home) as warehouse:
        for move in history:
            if not memory:
                forget(home)
            claim, _ = read_and_stage(home, written(move), held=move[3])
            count += claim.known
            merge_all(home)
        return {table: rows(warehouse, table) for table in SAID}, count


@given(st.lists(moves, min_size=2, max_size=5))
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_history_comes_out_the_same_with_and_without_the_memory(history: list[Any]) -> None:
    # Sent once more at the end, in another message, so that something is known.
    last = (history[0][0], 3, history[0][2], False)
    with_it, _ = told([*history, last], memory=True)
    without, never = told([*history, last], memory=False)
    assert with_it == without
    assert never == 0
