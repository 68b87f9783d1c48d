"""A signal to take a title down is heeded even where the rest of its record is rejected (law 3, AUDIOBOOKS section 6).

One title a signal. On the first day a good record of each makes it live; on the second the signal comes in a record
that has no title, which rule R3 rejects, and of some titles a second signal in a second rejected record; on the third
the good record comes again, word for word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bindery.home import Home
from bindery.rights.edges import edge, instant
from bindery.steps.override import release_override, set_override
from bindery.trade.models import MODELS
from bindery.warehouse import Warehouse, copy_published, open_snapshot, open_writer
from tests.rights.signals import DELETE, SCOPED, WHOLE, Said, Signal, on_sale
from tests.simulator.onix3 import Header, opening
from tests.steps.real_road import FIRST, feed_of, judged_here, published, received, titles

pytestmark = pytest.mark.slow

# So many withdrawals and rejected records in one message would hold it for a person (rules F10, F14).
FEED = feed_of(gate={"max_blocked_share": 1, "max_withdrawn_share": 1})
SIGNALS = (*WHOLE, *SCOPED, DELETE)
GOOD, SIGNALLED, RESUMED = range(3)
Days = Mapping[int, Warehouse]


def message(records: list[Said], day: int, nth: int = 0) -> bytes:
    """The nth message of a day."""
    sent_at = datetime(FIRST.year, FIRST.month, FIRST.day, 9, tzinfo=UTC) + timedelta(days=day, hours=nth)
    text = "".join(record.text() for record in records)
    return f"{opening(Header('N', sent_at, 2 * day + nth + 1), release='3.0')}{text}</ONIXMessage>\n".encode()


@pytest.fixture(scope="module")
def records() -> dict[str, Said]:
    """The good record of each signal's title."""
    names = [signal.name for signal in SIGNALS]
    return {name: on_sale(title) for name, title in zip(names, titles(len(names)), strict=True)}


@pytest.fixture(scope="module")
def days(records: dict[str, Said], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    """The catalogue as it was published on each day."""
    home = Home(tmp_path_factory.mktemp("home"))
    good = list(records.values())
    bad = [record for signal in SIGNALS for record in signal.sent(records[signal.name])]
    worse = [record for signal in SIGNALS for record in signal.sent_again(records[signal.name])]
    with judged_here(), ExitStack() as opened:
        found = {}
        for day, messages in enumerate(((good,), (bad, worse), (good,))):
            for nth, sent in enumerate(messages):
                assert received(home, FEED, day, f"{day}-{nth}.xml", message(sent, day, nth)).state == "staged"
            published(home, day)
            copy = Home(tmp_path_factory.mktemp(f"day{day}"))
            copy_published(home, copy)
            found[day] = copy
        yield {day: opened.enter_context(open_writer(copy)) for day, copy in found.items()}


def of_title(warehouse: Warehouse, table: str, isbn13: str) -> list[dict[str, Any]]:
    return [row for row in warehouse.read(table).to_pylist() if row["isbn13"] == isbn13]


def messages_of(warehouse: Warehouse, day: int) -> set[str]:
    """The messages received on a day."""
    on = FIRST + timedelta(days=day)
    return {row["message_id"] for row in warehouse.read("messages").to_pylist() if row["feed_day"] == on}


def edition(warehouse: Warehouse, isbn13: str) -> tuple[str, str | None]:
    (row,) = of_title(warehouse, "editions", isbn13)
    return row["state"], row["reason"]


def offered(warehouse: Warehouse, isbn13: str) -> set[str]:
    """The models it is offered by."""
    return {row["model"] for row in of_title(warehouse, "offers", isbn13) if row["state"] == "offered"}


def open_in(warehouse: Warehouse, isbn13: str, model: str, country: str) -> tuple[bool, str | None]:
    """Whether a title is open in a country by a model on the day the catalogue is of, and the code of why not."""
    sets = {
        row["territory_set_id"] for row in warehouse.read("territory_sets").to_pylist() if country in row["countries"]
    }
    day = max(row["day"] for row in warehouse.read("catalogue_day").to_pylist())
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    (offer,) = [row for row in of_title(warehouse, "offers", isbn13) if row["model"] == model]
    windows = [window for window in offer["windows"] if window["territory_set_id"] in sets]
    why = windows[0]["reason"]
    for window in windows:
        opens, closes = (text and instant(edge(text), country) for text in (window["opens"], window["closes"]))
        if window["state"] == "open" and (opens is None or opens <= now):
            if closes is None or now < closes:
                return True, None
            why = window["ends"]
    return False, why.partition(" ")[0]


def named(signals: tuple[Signal, ...]) -> Any:
    return pytest.mark.parametrize("signal", signals, ids=lambda signal: signal.name)


@named(SIGNALS)
def test_its_record_was_rejected(signal: Signal, records: dict[str, Said], days: Days) -> None:
    isbn13 = records[signal.name].title.isbn
    sent = messages_of(days[SIGNALLED], SIGNALLED)
    rows = [row for row in of_title(days[SIGNALLED], "received_records", isbn13) if row["message_id"] in sent]
    reasons = {signal.rejected_for} | ({signal.again_for} if signal.again else set())
    assert {(row["outcome"], row["reason"]) for row in rows} == {
        ("quarantined" if reason else "applied", reason) for reason in reasons
    }


@named(WHOLE)
def test_a_signal_for_the_whole_title(signal: Signal, records: dict[str, Said], days: Days) -> None:
    isbn13 = records[signal.name].title.isbn
    assert edition(days[GOOD], isbn13) == ("live", None)
    assert {"sale", "subscription"} <= offered(days[GOOD], isbn13)
    assert edition(days[SIGNALLED], isbn13) == ("withdrawn", f"northwind {signal.name}")
    assert offered(days[SIGNALLED], isbn13) == set()
    assert edition(days[RESUMED], isbn13) == ("live", None)
    assert offered(days[RESUMED], isbn13) == offered(days[GOOD], isbn13)


@named(SIGNALS)
def test_rejected_versions_are_named_until_a_good_record_comes(
    signal: Signal, records: dict[str, Said], days: Days
) -> None:
    good = records[signal.name]
    isbn13 = good.title.isbn
    (before,), (during,), (after,) = (of_title(days[day], "records", isbn13) for day in (GOOD, SIGNALLED, RESUMED))
    for row in (before, after):
        assert (row["rejected_publishing"], row["rejected_supply"]) == ([], [])
    rejected = [] if signal is DELETE else [*signal.sent(good), *signal.sent_again(good)]
    speaking = [one for one in rejected if one.notification != "05"]
    assert len(during["rejected_supply"]) == len(speaking)
    assert len(during["rejected_publishing"]) == sum(one.notification == "03" for one in speaking)
    named = [one.split(" ") for one in (*during["rejected_publishing"], *during["rejected_supply"])]
    kept = {row["content_hash"] for row in days[SIGNALLED].read("version_blocks").to_pylist()}
    assert {version for version, _ in named} <= kept
    assert {message_id for _, message_id in named} <= messages_of(days[SIGNALLED], SIGNALLED)
    # Of a delete and the record it contradicts, only the record states terms.
    assert (before["publishing_version"] in {version for version, _ in named}) == signal.is_contradicted


def test_a_delete_that_counts(records: dict[str, Said], days: Days) -> None:
    isbn13 = records[DELETE.name].title.isbn
    assert edition(days[SIGNALLED], isbn13) == ("deleted", "northwind notification:05")
    assert offered(days[SIGNALLED], isbn13) == set()
    assert edition(days[RESUMED], isbn13) == ("live", None)
    assert offered(days[RESUMED], isbn13) == offered(days[GOOD], isbn13)


@named(WHOLE)
@pytest.mark.parametrize("model", MODELS)
def test_a_signal_for_the_whole_title_closes_every_window(
    model: str, signal: Signal, records: dict[str, Said], days: Days
) -> None:
    isbn13 = records[signal.name].title.isbn
    for country in ("GB", "US"):
        assert open_in(days[GOOD], isbn13, model, country) == (True, None)
        assert open_in(days[SIGNALLED], isbn13, model, country) == (False, "withdrawn")
        assert open_in(days[RESUMED], isbn13, model, country) == (True, None)


@named(SCOPED)
def test_a_signal_for_a_market_or_a_model(signal: Signal, records: dict[str, Said], days: Days) -> None:
    isbn13 = records[signal.name].title.isbn
    assert edition(days[SIGNALLED], isbn13) == ("live", None)
    for scope in signal.scopes:
        assert open_in(days[GOOD], isbn13, scope.model, scope.country) == (True, None)
        assert open_in(days[SIGNALLED], isbn13, scope.model, scope.country) == (False, scope.code)
        if scope.open_country is not None:
            assert open_in(days[SIGNALLED], isbn13, scope.open_model, scope.open_country) == (True, None)
        assert open_in(days[RESUMED], isbn13, scope.model, scope.country) == (True, None)


def test_a_legal_order_takes_the_title_down_until_it_is_released(tmp_path: Path) -> None:
    home, (title,) = Home(tmp_path), titles(1)
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with judged_here():
        received(home, FEED, 0, "0.xml", message([on_sale(title)], 0))
        published(home, 0)
        made = set_override(home, title.isbn, "for_sale", "no", owner="legal", reason="claim 12", now=now)
        published(home, 1)
        with open_snapshot(home) as warehouse:
            assert edition(warehouse, title.isbn) == ("withdrawn", f"override:{made.override_id}")
            assert offered(warehouse, title.isbn) == set()
        # No good record lifts it: only a person does.
        received(home, FEED, 2, "2.xml", message([on_sale(replace(title, subtitle="Revised"))], 2))
        published(home, 2)
        with open_snapshot(home) as warehouse:
            assert edition(warehouse, title.isbn)[0] == "withdrawn"
        release_override(home, made.override_id, owner="legal", reason="settled", now=now)
        published(home, 3)
    with open_snapshot(home) as warehouse:
        assert edition(warehouse, title.isbn) == ("live", None)
        assert {"sale", "subscription"} <= offered(warehouse, title.isbn)
