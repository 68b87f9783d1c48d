"""Why a title isn't live: every reason with its evidence, who has to act, and the true cause where nothing counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

import pytest

from bindery.claims import AcknowledgedDelivery, Package, SentDelivery
from bindery.delivery.recipient import FolderDestination, Recipient
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.steps import deliver
from bindery.steps.delivery_ledger import mark_begun
from bindery.steps.override import set_override
from bindery.steps.undo import undo
from bindery.steps.why import Why, why
from bindery.trade.models import Model
from bindery.warehouse import Warehouse
from tests.catalogue.feeding import (
    ISBN_A,
    ISBN_B,
    Message,
    block,
    delete,
    full,
    merge_all,
    message,
    one_warehouse,
    take,
)
from tests.steps.real_road import feed_of, judged_here, onix, published, received, repriced, titles

pytestmark = pytest.mark.slow

MAY = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
MARCH = dt.datetime(2026, 3, 15, tzinfo=dt.UTC)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Every step and question on one warehouse in memory."""
    home = Home(tmp_path)
    with ExitStack() as stack:
        warehouse = stack.enter_context(one_warehouse(home))

        @contextmanager
        def opened(_home: Home) -> Iterator[Warehouse]:
            yield warehouse

        for name in ("why.open_snapshot", "deliver.open_snapshot", "delivery_ledger.open_writer"):
            stack.enter_context(mock.patch(f"bindery.steps.{name}", opened))
        stack.enter_context(mock.patch("bindery.steps.override.open_writer", opened))
        stack.enter_context(mock.patch("bindery.steps.delivery_ledger.publish"))
        yield home


def sent(home: Home, *messages: Message) -> None:
    """Staged and merged."""
    for one in messages:
        take(one, home)
    merge_all(home)


def asked(home: Home, country: str = "GB", model: Model = "sale", at: dt.datetime = MAY, **more: object) -> Why:
    return why(home, ISBN_A, country, model, at=at, **more)  # type: ignore[arg-type]


def told(found: Why) -> list[tuple[str, str, str]]:
    """The rule, whose it is, and what to do."""
    return [(one["rule"], one["whose"], one["action"]) for one in found["reasons"]]


def texts(found: Why) -> list[str]:
    return [one["text"] for one in found["reasons"]]


def test_a_title_that_is_live(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    found = asked(home)
    assert (found["is_live"], found["reasons"], found["changes"]) == (True, [], [])
    assert (found["live_since"], found["live_until"]) == ("2026-03-31T23:00:00Z", None)
    assert found["price"] == {"amount": "9.99", "currency": "GBP"}
    assert found["entitlements"] == {
        "sellable": True,
        "streamable_new": True,
        "streamable_existing": True,
        "redownloadable": True,
    }


def test_a_title_that_is_not_published_yet(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    found = asked(home, at=MARCH)
    assert (found["is_live"], found["becomes_live_at"]) == (False, "2026-03-31T23:00:00Z")
    assert told(found) == [("not_published", "nobody", "Wait for the publication date.")]
    assert found["reasons"][0]["ends_at"] == "2026-03-31T23:00:00Z"
    assert [(one["kind"], one["whose"], one["until"]) for one in found["changes"]] == [
        ("wait", "nobody", "2026-03-31T23:00:00Z")
    ]


def test_a_reason_leads_to_its_message(home: Home) -> None:
    sent(home, message("alpha", "1", full(reference="r0", isbn13=ISBN_B), full()))
    (reason,) = asked(home, "DE")["reasons"]
    assert reason["code"] == "not_for_sale"
    (evidence,) = reason["evidence"]
    assert evidence == {
        "supplier": "alpha",
        "record_reference": "r1",
        "message": "alpha-1.xml",
        "message_id": message("alpha", "1", full(reference="r0", isbn13=ISBN_B), full()).message_id,
        "feed_day": "2026-03-01",
        "path": "Product/PublishingDetail/ROWSalesRightsType",
        "line": 2,
        "byte_start": 100,
        "byte_end": 199,
    }


def test_a_withdrawal_by_a_later_message_is_evidence_of_that_message(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    sent(home, message("alpha", "2", full(publishing_withdrawal="publishing_status:11")))
    found = asked(home)
    withdrawn = found["reasons"][0]
    assert (withdrawn["rule"], withdrawn["whose"]) == ("T1", "supplier")
    assert [(one["message"], one["path"]) for one in withdrawn["evidence"]] == [
        ("alpha-2.xml", "Product/PublishingDetail/PublishingStatus")
    ]
    assert found["entitlements"]["streamable_existing"] is False


def test_every_record_was_deleted(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    sent(home, message("alpha", "2", delete()))
    found = asked(home)
    assert told(found)[0] == ("T1", "supplier", "Send the record again.")
    assert found["reasons"][0]["evidence"][0]["message"] == "alpha-2.xml"


def test_a_person_took_it_off_sale(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    now = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    set_override(home, ISBN_A, "for_sale", "no", owner="legal", reason="claim 12", now=now)
    sent(home)
    (reason, *_) = asked(home)["reasons"]
    assert reason["text"] == "a person took it off sale: override o-000001, by legal: claim 12"
    assert reason["action"] == "Release the override (bindery override release o-000001)."
    assert reason["decision"] is not None
    assert (reason["decision"]["owner"], reason["evidence"]) == ("legal", [])


def undone(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    one = message("alpha", "1", full())
    undo("alpha", one.message_id, owner="ada", reason="wrong file", home=home)
    sent(home)


SENT = message("alpha", "1", full())
MOVED = message("alpha", "2", full(isbn13=ISBN_B))
HELD = message("alpha", "1", full(), held=True)


@pytest.mark.parametrize(
    ("make", "order", "text"),
    [
        pytest.param(
            [message("alpha", "1", full(verdict="quarantine"))],
            ("R1", "supplier", "State a title."),
            "its record is quarantined by R1: no title",
            id="quarantined",
        ),
        pytest.param(
            [HELD],
            (
                "held",
                "rights desk",
                f"Release it (bindery release alpha {HELD.message_id}), or send it again as it should be.",
            ),
            "its message alpha-1.xml is held by the gate: too much",
            id="held by the gate",
        ),
        pytest.param(
            undone,
            (
                "undone",
                "rights desk",
                f"Let it count again (bindery redo {SENT.message_id[:12]}), or send a corrected one.",
            ),
            "its message alpha-1.xml was undone by ada: wrong file",
            id="undone",
        ),
        pytest.param(
            [message("alpha", "1", block(("supply", "x"), isbn13=ISBN_A))],
            ("R7", "supplier", "Send the full record (NotificationType 03)."),
            "its record is kept until its base comes (R7): it is a block update, and no full record came before it",
            id="a block update of nothing",
        ),
        pytest.param(
            [message("alpha", "1", full()), MOVED],
            ("moved", "supplier", "Send a record of its own for this title, with a RecordReference of its own."),
            f"its record r1 names {ISBN_B} since alpha-2.xml",
            id="its record is another title's now",
        ),
    ],
)
def test_a_title_nothing_received_counts_for(
    home: Home, make: Sequence[Message] | Callable[[Home], None], order: tuple[str, str, str], text: str
) -> None:
    if callable(make):
        make(home)
    else:
        sent(home, *make)
    found = asked(home)
    assert (found["was_received"], found["is_live"]) == (True, False)
    assert (told(found), texts(found)) == ([order], [text])
    assert found["reasons"][0]["evidence"][0]["supplier"] == "alpha"
    assert [(one["whose"], one["text"]) for one in found["changes"]] == [order[1:]]


def test_two_records_of_one_reference_that_differ(home: Home) -> None:
    sent(home, message("alpha", "1", full("a"), full("b")))
    assert told(asked(home)) == [("Q1", "supplier", "Send each record once.")]


def test_what_is_out_of_scope_says_why(home: Home) -> None:
    sent(home, message("alpha", "1", full(verdict="out_of_scope")))
    (reason,) = asked(home)["reasons"]
    assert reason["text"].startswith("its record is left out")


def test_an_isbn_that_was_never_received(home: Home) -> None:
    sent(home, message("alpha", "1", full(isbn13=ISBN_B)))
    found = asked(home)
    assert found["was_received"] is False
    assert told(found) == [("never_received", "you", "Look for a typing error in it.")]


def test_a_newer_word_that_is_kept_back_is_shown_beside(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    sent(home, message("alpha", "2", full("b", verdict="quarantine")))
    found = asked(home)
    assert found["is_live"] is True
    assert [(one["rule"], one["text"]) for one in found["kept_back"]] == [
        ("R1", "its record is quarantined by R1: no title")
    ]


def test_what_was_known_at_a_past_instant(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    at = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
    assert asked(home, known_at=at)["is_live"] is True
    before = asked(home, known_at=at - dt.timedelta(seconds=1))
    assert texts(before) == [
        "nothing of it was known by 2026-03-01T05:59:59Z; the first that counts was merged at 2026-03-01T06:00:00Z"
    ]


STORE = Recipient(
    name="store",
    title="A store",
    owner="tests",
    specification="jsonl_parquet",
    countries=("GB", "FR"),
    requires=(),
    destination=FolderDestination(kind="folder", path="outbox"),
)


def at_store(home: Home, country: str = "GB", model: Model = "sale", recipient: Recipient = STORE) -> Why:
    return asked(home, country, model, recipient=recipient)


def begun(home: Home, recipient: Recipient = STORE) -> SentDelivery:
    """On its way, and not answered."""
    plan = deliver.check(deliver.plan(recipient, "2026-05-01", home=home), recipient, home=home)
    package = Package(plan=plan, folder=plan.work, files=(), items=plan.items, bytes=0, sha256="s")
    mark_begun(package, home)
    return SentDelivery(package=package, destination="outbox")


def test_a_recipient_that_sells_elsewhere_and_otherwise(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    assert told(at_store(home, "US")) == [
        ("recipient_country", "recipient", "Add US to the countries of store.yaml, if it sells there.")
    ]
    assert told(at_store(home, model="subscription")) == [("recipient_model", "you", "Ask with --model sale.")]


def test_a_delivery_from_plan_to_answer(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    assert told(at_store(home)) == [("not_delivered", "nobody", "Wait for the next delivery.")]
    on_its_way = begun(home)
    (unanswered,) = at_store(home)["reasons"]
    assert (unanswered["code"], unanswered["whose"]) == ("unanswered", "recipient")
    deliver.settle(AcknowledgedDelivery(sent=on_its_way, status="accepted"), STORE, home=home)
    found = at_store(home)
    delivery = on_its_way.package.plan.delivery_id
    assert (found["is_live"], found["reasons"]) == (True, [])
    assert found["recipient"] == {
        "name": "store",
        "is_taken": True,
        "taken_with": delivery,
        "taken_for": "2026-05-01",
    }


def test_a_title_that_a_recipient_rejects(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    answer = AcknowledgedDelivery(sent=begun(home), status="accepted", rejected=(ISBN_A,))
    deliver.settle(answer, STORE, home=home)
    (reason,) = at_store(home)["reasons"]
    assert (reason["code"], reason["whose"]) == ("recipient_rejected", "recipient")


def test_a_delivery_that_was_never_answered(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    deliver.settle(begun(home), STORE, home=home)
    assert [one["code"] for one in at_store(home)["reasons"]] == ["unanswered"]


def test_a_title_that_lacks_what_a_recipient_requires(home: Home) -> None:
    sent(home, message("alpha", "1", full()))
    picky = STORE.model_copy(update={"requires": ("narrators",)})
    plan = deliver.check(deliver.plan(picky, "2026-05-01", home=home), picky, home=home)
    deliver.settle(plan, picky, home=home)
    found = at_store(home, recipient=picky)
    assert told(found)[0] == ("recipient_omits", "supplier", "State narrators.")


def test_a_recipient_is_asked_about_now_only(home: Home) -> None:
    with pytest.raises(ConfigurationError, match="known of now only"):
        why(home, ISBN_A, "GB", "sale", at=MAY, known_at=MAY, recipient=STORE)


def test_the_bytes_of_a_reason_are_those_of_its_record(tmp_path: Path) -> None:
    """The whole road: the passage cut out of the archived message is the record that says so."""
    home, feed = Home(tmp_path), feed_of()
    ours = titles(3)
    with judged_here():
        received(home, feed, 0, "full.xml", onix(ours))
        published(home)
        later = [repriced(ours[0], "7.50"), ours[1]]
        received(home, feed, 1, "delta.xml", onix(later, day=1))
        published(home, 1)
    found = why(home, ours[2].isbn, "KP", "library", at=MAY)
    passages = [passage for one in found["reasons"] for passage in one["evidence"]]
    assert passages
    for passage in passages:
        data = (home.archive / passage["message_id"][:2] / passage["message_id"]).read_bytes()
        cut = data[passage["byte_start"] : passage["byte_end"]]
        assert (passage["message"], passage["feed_day"]) == ("2026-03-01/full.xml", "2026-03-01")
        assert ours[2].isbn.encode() in cut
        assert data[: passage["byte_start"]].count(b"\n") == passage["line"] - 1
