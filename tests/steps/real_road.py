"""The real road in one process: from a file in a supplier's folder to the published catalogue."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

from bindery.claims import Receipt, RefusedMessage, RemoteFile, StagedMessage
from bindery.errors import RefusedError
from bindery.feeds.declaration import Feed
from bindery.home import Home
from bindery.quality import judge as rules_judge
from bindery.quality import warm
from bindery.steps import fetch, merge
from bindery.steps.gate import gate
from bindery.steps.judge import judge
from bindery.steps.read import read
from bindery.steps.stage import stage, stage_refused
from tests.simulator.messages import Dialect, Entry
from tests.simulator.messages import message as simulated
from tests.simulator.onix3 import Header
from tests.simulator.timeline import SUPPLIERS
from tests.simulator.titles import Title, make_title

FIRST = date(2026, 3, 1)


@contextmanager
def judged_here() -> Iterator[None]:
    """Without the warm judge, which has tests of its own."""
    with mock.patch.object(
        warm, "findings_of", lambda _home, records, *, sent_on: rules_judge.findings_of(records, sent_on=sent_on)
    ):
        yield


def feed_of(name: str = "northwind", **changes: Any) -> Feed:
    declared = {
        "name": name,
        "supplier": name,
        "title": name,
        "owner": "tests",
        "transport": {"kind": "folder", "path": f"outside/{name}"},
        "scope": {"full": "*full*", "delta": "*"},
    }
    return Feed.model_validate(declared | changes)


def titles(count: int, *, house: str = "northwind", first: int = 0) -> list[Title]:
    """So many audiobooks of a house."""
    of = SUPPLIERS[house].house
    audio = (title for index in itertools.count(first) if (title := make_title(1, of, index)).is_audio)
    return list(itertools.islice(audio, count))


def onix(
    sent: Sequence[Title | Entry], *, day: int = 0, number: int = 1, dialect: Dialect = "onix_3.0", sender: str = "N"
) -> bytes:
    """A message sent so many days after the first."""
    sent_at = datetime(FIRST.year, FIRST.month, FIRST.day, 9, tzinfo=UTC) + timedelta(days=day)
    entries = [one if isinstance(one, Entry) else Entry(one) for one in sent]
    return b"".join(simulated(dialect, Header(sender, sent_at, number + day), entries))


def arrive(home: Home, feed: Feed, day: int, name: str, data: bytes) -> Receipt:
    """A file lies in the supplier's folder and is fetched."""
    feed_day = FIRST + timedelta(days=day)
    place = home.root / "outside" / feed.name / feed_day.isoformat() / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    file = RemoteFile(name=f"{feed_day.isoformat()}/{name}", size=len(data))
    return fetch.fetch(feed, feed_day, file, home=home, endpoint=None)


def take_in(home: Home, feed: Feed, receipt: Receipt) -> StagedMessage:
    """Read, judge, gate and stage, as the feed's DAG does."""
    try:
        message = read(receipt, feed, home=home)
    except RefusedError as error:
        refused = RefusedMessage(receipt=receipt, rule=error.rule, reason=error.what, fix=error.fix)
        return stage_refused(refused, feed, home=home)
    return stage(gate(judge(message, home=home), feed, home=home), feed, home=home)


def received(home: Home, feed: Feed, day: int, name: str, data: bytes) -> StagedMessage:
    """Fetched and staged."""
    return take_in(home, feed, arrive(home, feed, day, name, data))


def published(home: Home, day: int = 0) -> None:
    """Merged, verified and published."""
    at = datetime(FIRST.year, FIRST.month, FIRST.day, 12, tzinfo=UTC) + timedelta(days=day)
    merge.merge(home, merge.Run(day=at.date(), at=at, name=f"run {day}"))


def repriced(title: Title, amount: str) -> Title:
    return replace(title, prices=tuple(replace(price, amount=amount) for price in title.prices))
