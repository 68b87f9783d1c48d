"""The gate holds what goes beyond the feed's limits, and says with numbers why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bindery.catalogue.keys import record_key
from bindery.claims import GatedMessage, JudgedMessage
from bindery.feeds.declaration import Absence, Feed, FolderTransport, Gate
from bindery.home import Home
from bindery.steps.gate import gate
from bindery.steps.judge import VERDICTS_SCHEMA
from bindery.warehouse import open_writer, publish
from tests.quality.records import delete, message, record

FEED = Feed(
    name="example_audio",
    supplier="example",
    title="Example",
    owner="catalogue",
    transport=FolderTransport(kind="folder", path="in"),
    gate=Gate(min_records=10),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def _gated(
    home: Home, records: list[dict[str, Any]], verdicts: list[str] | None = None, feed: Feed = FEED, **changes: Any
) -> GatedMessage:
    read = message(home, records, **changes)
    rows = [
        {"position": at, "verdict": verdict, "reason": None}
        for at, verdict in enumerate(verdicts or ["pass"] * len(records))
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=VERDICTS_SCHEMA), home.root / read.work / "verdicts.parquet")
    judged = JudgedMessage(message=read, findings=0, blocked=(verdicts or []).count("quarantine"))
    return gate(judged, feed, home=home)


def _last_full_had(home: Home, received: int) -> None:
    row = {
        "supplier": "example",
        "message_id": "cd" * 32,
        "feed": "example_audio",
        "feed_day": date(2026, 2, 1),
        "name": "february.xml",
        "scope": "full",
        "ordering_key": "2026-02-01",
        "received": received,
        "state": "staged",
    }
    with open_writer(home) as warehouse:
        warehouse.load("messages", pa.Table.from_pylist([row]))
        publish(home, warehouse)


def _records(count: int) -> list[dict[str, Any]]:
    return [record(at) for at in range(count)]


def test_a_usual_message_goes_on(home: Home) -> None:
    assert _gated(home, _records(10)) == GatedMessage(judged=_gated(home, _records(10)).judged, held=False)


@pytest.mark.parametrize(("quarantined", "held"), [(5, False), (6, True)])
def test_more_than_the_allowed_share_in_quarantine_holds(home: Home, quarantined: int, held: bool) -> None:  # noqa: FBT001
    verdicts = ["quarantine"] * quarantined + ["pass"] * (10 - quarantined)
    gated = _gated(home, _records(10), verdicts)
    assert gated.held is held
    if held:
        assert gated.reasons == ("F14: 6 of 10 records (60.0%) are quarantined; the feed allows 50%.",)


def test_records_out_of_scope_do_not_thin_the_share(home: Home) -> None:
    verdicts = ["quarantine"] * 6 + ["pass"] * 4 + ["out_of_scope"] * 30
    assert _gated(home, _records(40), verdicts).held


def test_a_small_message_is_not_judged_by_share(home: Home) -> None:
    assert not _gated(home, [delete(at) for at in range(9)], ["quarantine"] * 9).held


def test_withdrawals_beyond_the_allowed_share_hold(home: Home) -> None:
    records = _records(4)
    records += [delete(4), delete(5)]
    records += [record(6, publishing_withdrawal="publishing_status:11"), record(7, supply_withdrawal="availability:46")]
    records += [record(8, publishing_withdrawal="publishing_status:17"), record(9, supply_withdrawal="availability:49")]
    gated = _gated(home, records, ["pass"] * 9 + ["quarantine"])
    assert gated.reasons == ("F10: 6 of 10 records (60.0%) carry a withdrawal; the feed allows 50%.",)


def test_a_full_much_smaller_than_the_last_one_is_held_however_small_it_is(home: Home) -> None:
    _last_full_had(home, 40_000)
    gated = _gated(home, _records(3), scope="full")
    (reason,) = gated.reasons
    assert reason == (
        "F9: The full message has 3 records, the last one (february.xml) had 40,000: 0.0% of it;"
        " the feed asks for at least 50%."
    )


def test_a_full_of_half_the_size_and_a_delta_of_any_size_go_on(home: Home) -> None:
    _last_full_had(home, 40)
    assert not _gated(home, _records(20), scope="full").held
    assert not _gated(home, _records(1), scope="delta").held


def test_the_first_full_has_nothing_to_be_compared_with(home: Home) -> None:
    assert not _gated(home, _records(3), scope="full").held


def test_an_empty_full_is_held_unless_it_says_that_nothing_changed(home: Home) -> None:
    assert _gated(home, [], scope="full").reasons == ("F9: The full message is empty.",)
    assert not _gated(home, [], scope="full", no_product=True).held
    assert not _gated(home, [], scope="delta").held


WATCHED = FEED.model_copy(update={"absence": Absence(policy="withdraw", after=1)})


def _listed(home: Home, count: int) -> None:
    names = [f"com.example.{number:04}" for number in range(count)]
    keyed = [
        {"supplier": "example", "record_reference": name, "record_key": record_key("example", name)} for name in names
    ]
    live = {"state": "live", "ordering_key": "2026-02-01", "message_id": "cd" * 32}
    seen = {"feed": "example_audio", "last_seen": "2026-02-01"}
    with open_writer(home) as warehouse:
        warehouse.load("records", pa.Table.from_pylist([row | live for row in keyed]))
        warehouse.load("sightings", pa.Table.from_pylist([row | seen for row in keyed]))
        publish(home, warehouse)


def test_a_full_message_of_other_records_is_held_where_absence_withdraws(home: Home) -> None:
    """As many records as ever, but most of those listed before are gone: no size tells that."""
    _listed(home, 20)
    full = [*_records(6), *(record(at, record_reference=f"com.example.9{at:03}") for at in range(6, 20))]
    (reason,) = _gated(home, full, feed=WATCHED, scope="full").reasons
    assert reason == ("F10: 14 of 20 records (70.0%) that the feed listed before are missing; the feed allows 50%.")
    assert not _gated(home, full, scope="full").held
    assert not _gated(home, _records(10), feed=WATCHED, scope="full").held
