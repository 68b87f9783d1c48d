"""What a real catalogue knew at an instant, against a plain fold of the messages that had come by then."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bindery.catalogue.offering.asking import title_known_at, title_now
from bindery.catalogue.record import DatedRole
from bindery.home import Home
from bindery.rights.availability import Answer, ask
from bindery.rights.title import Title
from bindery.steps.undo import redo, undo
from bindery.trade.models import MODELS, Model
from bindery.warehouse.engine import Warehouse
from tests.catalogue.feeding import ISBN_A, Message
from tests.rights.histories import RUNS, Stated, histories, merged_at, stated
from tests.rights.past import Catalogue, Past, catalogue
from tests.rights.random_titles import COUNTRIES
from tests.rights.reference import Question
from tests.rights.titles import dated
from tests.trade.builders import market, price, publishing, right, supply, territory

TITLES, QUESTIONS = 200, 10_000
SECOND = dt.timedelta(seconds=1)
NIGHTS = [
    dt.datetime.fromisoformat(moment)
    for moment in (
        "2026-03-29T00:59:59+00:00",  # Europe goes on summer time
        "2026-03-29T01:00:00+00:00",
        "2026-10-25T00:30:00+00:00",  # and back: 02:30 in Berlin, twice
        "2026-10-25T01:30:00+00:00",
        "2026-03-08T07:00:00+00:00",  # New York
        "2026-11-01T05:30:00+00:00",
        "2026-11-01T06:30:00+00:00",
    )
]
HOURS = (-SECOND, dt.timedelta(), SECOND, dt.timedelta(hours=7))


@dataclass(frozen=True)
class Case:
    isbn: str
    country: str
    model: Model
    at: dt.datetime
    known_at: dt.datetime | None

    @property
    def run(self) -> int:
        """The last run that had told of its changes by then."""
        return max((run for run in range(RUNS) if self.known_at is None or merged_at(run) <= self.known_at), default=-1)


def cases(past: Past, dice: random.Random) -> Iterator[Case]:
    instants = {
        isbn: [merged_at(dice.randrange(RUNS)) + dice.choice(HOURS) for _ in range(5)] for isbn in past.of.isbns
    }
    for number in range(QUESTIONS):
        isbn = past.of.isbns[number % len(past.of.isbns)]
        known_at = dice.choice([None, *instants[isbn]])
        case = Case(isbn, dice.choice(COUNTRIES), dice.choice(MODELS), NIGHTS[0], known_at)
        # Borders of then and of now: what was corrected since is asked about too.
        borders = past.question(isbn, dice.choice((case.run, RUNS - 1)), case.country, case.model).moments()
        border = dice.choice(borders if borders and dice.random() < 0.85 else NIGHTS)
        yield replace(case, at=border + dice.choice((-SECOND, dt.timedelta(), SECOND)))


def same_answer(answer: Answer, question: Question, at: dt.datetime) -> None:
    reasons, amount = question.answer(at)
    assert answer.is_open == (not reasons)
    assert {one.code for one in answer.reasons} == {one.code for one in reasons}
    # Texts of amounts are not compared: a supplier's 12.00 is kept as 12.
    assert (answer.amount and Decimal(answer.amount)) == (amount and Decimal(amount))


def same_time(answer: Answer, question: Question) -> None:
    """It is another answer just before it began to hold, and when it ends."""
    assert answer.opens_at == (None if answer.is_open else answer.until)
    for moment in (answer.since and answer.since - SECOND, answer.until):
        assert moment is None or (not question.answer(moment)[0]) != answer.is_open
    if answer.opens_at is not None:
        assert question.answer(answer.opens_at - SECOND)[0]
        assert not question.answer(answer.opens_at)[0]


def known(warehouse: Warehouse, isbn: str, known_at: dt.datetime | None) -> Title | None:
    return title_now(warehouse, isbn) if known_at is None else title_known_at(warehouse, isbn, known_at)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_answers_of_then_and_now_equal_a_plain_fold(tmp_path: Path) -> None:
    past, dice = Past(histories(TITLES, seed=1)), random.Random(1)  # noqa: S311 - test data
    titles: dict[tuple[str, dt.datetime | None], Title] = {}
    asked = found_open = other_now = 0
    with catalogue(Home(tmp_path)) as there:
        there.goes_through(past.of)
        for case in cases(past, dice):
            of = (case.isbn, case.known_at)
            if of not in titles:
                found = known(there.warehouse, *of)
                assert (found is not None) == (case.known_at is None or past.is_heard_of(case.isbn, case.run))
                titles[of] = found or Title(case.isbn, "none", None, ())
            answer = ask(titles[of], case.country, case.model, case.at)
            question = past.question(case.isbn, case.run, case.country, case.model)
            same_answer(answer, question, case.at)
            if asked % 4 == 0:
                same_time(answer, question)
            now = past.question(case.isbn, RUNS - 1, case.country, case.model)
            other_now += answer.is_open != (not now.answer(case.at)[0])
            asked, found_open = asked + 1, found_open + answer.is_open
    assert asked == QUESTIONS
    assert found_open > QUESTIONS / 10
    assert other_now > QUESTIONS / 20


BERLIN = ZoneInfo("Europe/Berlin")
HALF_PAST_ONE = dt.datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
"""Half an hour before the clock goes on."""
THEN = HALF_PAST_ONE
FIRST = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 4, 2, 12, tzinfo=dt.UTC)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def embargoed(until: str, *, verdict: str = "pass") -> Stated:
    """For sale in the world, and in Germany not before a date."""
    dates: list[DatedRole] = [dated("02", until)]
    germany = market(supply("20", price()), market=territory(inc="DE"), market_dates=dates)
    others = market(supply("20", price()), market=territory(reg="WORLD", exc="DE"))
    return stated("r1", ISBN_A, publishing(right("01", reg="WORLD")), [germany, others], verdict=verdict)


def sent(day: str, record: Stated, supplier: str = "alpha") -> Message:
    return Message(supplier, f"{day}T06:00:00+00:00|", (record,), name=f"{supplier}-{day}.xml")


def asked(
    there: Catalogue, at: dt.datetime, known_at: dt.datetime | None = None, *, country: str = "DE"
) -> Answer | None:
    """Is it offered by subscription at an instant, as was known at another?"""
    title = known(there.warehouse, ISBN_A, known_at)
    return None if title is None else ask(title, country, "subscription", at)


def told(answer: Answer | None) -> tuple[bool, list[str], dt.datetime | None]:
    assert answer is not None
    return answer.is_open, [reason.code for reason in answer.reasons], answer.opens_at


OPEN = (True, [], None)
UNTIL_THE_FIFTH = (False, ["embargoed"], utc("2026-04-04T22:00"))


def test_as_we_knew_it_then_and_as_we_know_it_now(tmp_path: Path) -> None:
    with catalogue(Home(tmp_path)) as there:
        there.takes([sent("2026-03-19", embargoed("20260329"))], FIRST)
        there.takes([sent("2026-04-01", embargoed("20260405"))], LATER)
        then = asked(there, HALF_PAST_ONE, THEN)
        assert told(then) == OPEN
        assert then is not None
        assert then.since == utc("2026-03-28T23:00")
        assert told(asked(there, HALF_PAST_ONE)) == UNTIL_THE_FIFTH
        assert told(asked(there, utc("2026-04-04T21:59:59"))) == UNTIL_THE_FIFTH
        assert told(asked(there, utc("2026-04-04T22:00"))) == OPEN
        # What a run tells is known from its instant on; before the first nothing was.
        assert told(asked(there, HALF_PAST_ONE, LATER)) == UNTIL_THE_FIFTH
        assert told(asked(there, HALF_PAST_ONE, LATER - dt.timedelta(microseconds=1))) == OPEN
        assert told(asked(there, utc("2026-03-28T22:59:59"), FIRST)) == (
            False,
            ["embargoed"],
            utc("2026-03-28T23:00"),
        )
        assert asked(there, HALF_PAST_ONE, FIRST - SECOND) is None
        assert told(asked(there, HALF_PAST_ONE, country="AT")) == OPEN


def test_what_was_known_while_a_message_counted_stays_known_when_it_is_undone(tmp_path: Path) -> None:
    home, correction = Home(tmp_path), sent("2026-04-01", embargoed("20260405"))
    undone, redone = utc("2026-04-03T12:00"), utc("2026-04-06T12:00")
    with catalogue(home) as there:
        there.takes([sent("2026-03-19", embargoed("20260329"))], FIRST)
        there.takes([correction], LATER)
        undo("alpha", correction.message_id, owner="ann", reason="the wrong title", home=home)
        there.takes([], undone)
        assert told(asked(there, HALF_PAST_ONE)) == OPEN
        redo("alpha", correction.message_id, home=home)
        there.takes([], redone)
        assert told(asked(there, HALF_PAST_ONE)) == UNTIL_THE_FIFTH
        by_instant = [told(asked(there, HALF_PAST_ONE, known_at)) for known_at in (THEN, LATER, undone, redone)]
        assert by_instant == [OPEN, UNTIL_THE_FIFTH, OPEN, UNTIL_THE_FIFTH]


def test_a_late_message_changes_neither_then_nor_now(tmp_path: Path) -> None:
    with catalogue(Home(tmp_path)) as there:
        there.takes([sent("2026-03-19", embargoed("20260329"))], FIRST)
        there.takes([sent("2026-03-10", embargoed("20260501"))], LATER)
        assert [told(asked(there, HALF_PAST_ONE, known_at)) for known_at in (THEN, LATER, None)] == [OPEN] * 3


def test_a_rejected_correction_narrows_from_when_it_came(tmp_path: Path) -> None:
    with catalogue(Home(tmp_path)) as there:
        there.takes([sent("2026-03-19", embargoed("20260329"))], FIRST)
        there.takes([sent("2026-04-01", embargoed("20260405", verdict="quarantine"))], LATER)
        assert told(asked(there, HALF_PAST_ONE, THEN)) == OPEN
        assert told(asked(there, HALF_PAST_ONE)) == UNTIL_THE_FIFTH


def test_a_second_reason_is_known_from_when_it_came_though_no_offer_changes(tmp_path: Path) -> None:
    denied = stated("r1", ISBN_A, publishing(right("01", reg="WORLD", exc="DE"), right("03", inc="DE")))
    bundled = stated("r1", ISBN_A, publishing(right("01", reg="WORLD"), status="13"))
    with catalogue(Home(tmp_path)) as there:
        there.takes([sent("2026-03-19", bundled, "beta")], FIRST)
        there.takes([sent("2026-04-01", denied, "alpha")], LATER)
        assert told(asked(there, HALF_PAST_ONE, THEN)) == (False, ["not_sold_separately"], None)
        assert told(asked(there, HALF_PAST_ONE)) == (False, ["not_for_sale", "not_sold_separately"], None)


@pytest.mark.parametrize(
    ("until", "opens_at"),
    [
        # Half past two does not come that night: it is what was half past two by the clock before.
        ("20260329T0230", "2026-03-29T01:30"),
        # It comes twice: the later.
        ("20261025T0230", "2026-10-25T01:30"),
        ("20260329", "2026-03-28T23:00"),
        ("202603", "2026-03-30T22:00"),
    ],
)
def test_when_it_becomes_so(tmp_path: Path, until: str, opens_at: str) -> None:
    with catalogue(Home(tmp_path)) as there:
        there.takes([sent("2026-03-19", embargoed(until))], FIRST)
        opens = utc(opens_at)
        assert told(asked(there, opens - SECOND)) == (False, ["embargoed"], opens)
        assert told(asked(there, opens)) == OPEN
