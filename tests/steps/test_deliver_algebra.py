"""Law 7 as an algebra: whatever was lost or refused, an accepted delivery makes the recipient's state right."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bindery.claims import AcknowledgedDelivery, SentDelivery
from bindery.delivery.recipient import FolderDestination, Recipient
from bindery.home import Home
from bindery.steps import deliver
from tests.delivery.catalogue import Title, write

STORE = Recipient(
    name="store",
    title="A store",
    owner="somebody@store.example",
    specification="jsonl_parquet",
    countries=("GB", "US"),
    destination=FolderDestination(kind="folder", path="outbox/store"),
)
ISBNS = ("9780000000002", "9780000000019", "9780000000026")

Held = dict[str, tuple[str, tuple[str, ...]]]

states = st.fixed_dictionaries(
    {
        isbn13: st.none()
        | st.builds(
            Title,
            isbn13=st.just(isbn13),
            title=st.sampled_from(["One", "Two"]),
            language=st.sampled_from(["eng", "eng", None]),
            countries=st.sampled_from([("GB",), ("DE", "GB", "US"), ("DE",)]),
            offered=st.sampled_from([True, True, False]),
        )
        for isbn13 in ISBNS
    }
).map(lambda found: {isbn13: title for isbn13, title in found.items() if title is not None})

fates = st.sampled_from(
    [
        "accepted",
        "accepted but one",
        "rejected",
        "taken but silent",
        "lost and silent",
        "taken and given up",
        "lost and given up",
    ]
)


def deliver_once(home: Home, day: str, *, full: bool = False) -> SentDelivery | None:
    plan = deliver.check(deliver.plan(STORE, day, home=home, full=full), STORE, home=home)
    if not plan.items:
        return None
    rendered = [deliver.render(plan, STORE, shard, home=home) for shard in deliver.shards(plan)]
    return deliver.send(deliver.package(plan, STORE, rendered, home=home), STORE, home=home)


def rows(home: Home, sent: SentDelivery) -> list[dict[str, Any]]:
    path = home.root / sent.package.folder / sent.package.files[0]
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def take(held: Held, carried: list[dict[str, Any]], *, but: str | None = None) -> None:
    for row in carried:
        if row["isbn13"] == but:
            continue
        if row["action"] == "withdraw":
            held.pop(row["isbn13"], None)
        else:
            held[row["isbn13"]] = (row["title"], tuple(row["countries"]))


def allowed(title: Title) -> tuple[str, ...]:
    return tuple(country for country in title.countries if country in STORE.countries) if title.offered else ()


def play(home: Home, held: Held, sent: SentDelivery, fate: str) -> None:
    carried = rows(home, sent)
    rejected = carried[0]["isbn13"] if fate == "accepted but one" else None
    if fate.startswith(("accepted", "taken")):
        take(held, carried, but=rejected)
    if fate.startswith("accepted"):
        answer = AcknowledgedDelivery(sent=sent, status="accepted", rejected=(rejected,) if rejected else ())
        deliver.settle(answer, STORE, home=home)
    elif fate == "rejected":
        deliver.settle(AcknowledgedDelivery(sent=sent, status="rejected"), STORE, home=home)
    elif fate.endswith("silent"):
        deliver.settle(sent, STORE, home=home)


def assert_right(state: dict[str, Title], held: Held) -> None:
    for isbn13 in ISBNS:
        title = state.get(isbn13)
        countries = allowed(title) if title else ()
        if title is None or not countries:
            assert isbn13 not in held, "it may not be sold and is still there"
        elif title.language:
            assert held.get(isbn13) == (title.title, countries)
        elif isbn13 in held:
            assert held[isbn13][1] == countries, "an older version is kept only with the rights it has now"


histories = st.lists(st.tuples(states, fates), min_size=1, max_size=4)
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def hold_law_7(history: list[tuple[dict[str, Title], str]], last: dict[str, Title]) -> None:
    with TemporaryDirectory() as folder:
        home, held = Home(Path(folder)), Held()
        for number, (state, fate) in enumerate([*history, (last, "accepted")], start=1):
            write(home, state.values())
            sent = deliver_once(home, f"2026-03-{number:02}")
            if sent is not None:
                play(home, held, sent, fate)
            if fate == "accepted" or sent is None:
                assert_right(state, held)
        assert deliver_once(home, "2026-04-01") is None or any(title.language is None for title in last.values())
        everything = deliver_once(home, "2026-04-02", full=True)
        summed: Held = {}
        take(summed, rows(home, everything) if everything else [])
        complete = {isbn13: one for isbn13, one in held.items() if last[isbn13].language}
        assert summed == complete, "deltas summed are the full delivery"


@pytest.mark.slow
@settings(patient, max_examples=4)
@given(history=histories, last=states)
def test_after_an_accepted_delivery_the_recipient_has_what_it_should(
    history: list[tuple[dict[str, Title], str]], last: dict[str, Title]
) -> None:
    hold_law_7(history, last)


@pytest.mark.slow
@settings(patient, max_examples=60)
@given(history=histories, last=states)
def test_it_has_after_many_more_histories(history: list[tuple[dict[str, Title], str]], last: dict[str, Title]) -> None:
    hold_law_7(history, last)


@pytest.mark.parametrize("fate", ["taken but silent", "taken and given up"])
def test_a_title_that_changed_and_changed_back_while_nobody_answered_is_sent_again(tmp_path: Path, fate: str) -> None:
    home, held = Home(tmp_path), Held()
    first, second = Title(ISBNS[0], title="One"), Title(ISBNS[0], title="Two")
    for number, (title, fated) in enumerate([(first, "accepted"), (second, fate), (first, "accepted")], start=1):
        write(home, [title])
        sent = deliver_once(home, f"2026-03-{number:02}")
        assert sent is not None
        play(home, held, sent, fated)
    assert held == {ISBNS[0]: ("One", ("GB", "US"))}
