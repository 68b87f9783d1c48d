"""The evaluator against a plain reading of the same records, one country and one instant at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from bindery.rights.availability import Answer, ask, entitlements
from bindery.rights.countries import Mask, bit, everywhere
from bindery.rights.edges import instant
from bindery.rights.title import Title
from bindery.rights.windows import Window, offers
from bindery.trade.models import MODELS, Model
from tests.rights.random_titles import COUNTRIES, Chance
from tests.rights.reference import Question, may_go_on
from tests.rights.titles import Said, title

SECOND = dt.timedelta(seconds=1)
NIGHTS = [
    dt.datetime.fromisoformat(moment)
    for moment in (
        "2026-03-29T00:59:59+00:00",  # Berlin goes on summer time
        "2026-03-29T01:00:00+00:00",
        "2026-10-25T00:30:00+00:00",  # and back
        "2026-10-25T01:30:00+00:00",
        "2026-03-08T07:00:00+00:00",  # New York
        "2026-11-01T05:30:00+00:00",
        "2026-11-01T06:30:00+00:00",
        "2026-04-04T15:00:00+00:00",  # Lord Howe, by half an hour
        "2026-10-03T15:30:00+00:00",
    )
]
QUESTIONS_A_TITLE = 10


def _question(records: list[Said], of: Title, country: str, model: str) -> Question:
    return Question(records, of.state, of.reason, of.limits, country, model)


def _cases(titles: int, seed: int) -> Iterator[tuple[Title, list[Said], list[tuple[str, Model, dt.datetime]]]]:
    for number in range(titles):
        chance = Chance(seed + number)
        records = chance.records()
        of = title(*records, limits=chance.limits())
        if chance.often(0.03):
            of = title(*records, state="withdrawn", reason=chance.one(("override:o-9", "acme publishing_status:15")))
        asked: list[tuple[str, Model, dt.datetime]] = []
        while len(asked) < QUESTIONS_A_TITLE:
            country, model = chance.one(COUNTRIES), chance.one(MODELS)
            borders = _question(records, of, country, model).moments()
            border = chance.one(borders if borders and chance.often(0.85) else NIGHTS)
            asked.append((country, model, border + chance.one((-SECOND, dt.timedelta(), SECOND))))
        yield of, records, asked


def _same_answer(answer: Answer, question: Question, at: dt.datetime) -> None:
    reasons, amount = question.answer(at)
    assert answer.is_open == (not reasons)
    assert {one.code for one in answer.reasons} == {one.code for one in reasons}
    assert answer.amount == amount


def _same_time(answer: Answer, question: Question, at: dt.datetime) -> None:
    """The answer holds since and until when it says, and is another before and after."""
    assert answer.opens_at == (None if answer.is_open else answer.until)
    since, until = answer.since, answer.until
    assert since is None or since <= at
    assert until is None or at < until
    for moment in (since and since - SECOND, until):
        assert moment is None or (not question.answer(moment)[0]) != answer.is_open
    if not question.blocks():
        for border in question.moments():
            if (since is None or since <= border) and (until is None or border < until):
                assert (not question.answer(border)[0]) == answer.is_open


def _holding(windows: tuple[Window, ...], country: str, at: dt.datetime) -> Window | None:
    for one in windows:
        begun = one.opens is None or instant(one.opens, country) <= at
        if one.is_open and begun and (one.closes is None or at < instant(one.closes, country)):
            return one
    return None


def _same_windows(found: list[tuple[Mask, tuple[Window, ...]]], answer: Answer, country: str, at: dt.datetime) -> None:
    (windows,) = [windows for countries, windows in found if countries & bit(country)]
    window = _holding(windows, country, at)
    assert (window is not None) == answer.is_open
    if window is not None:
        assert (window.amount, window.currency) == (answer.amount, answer.currency)
    elif not windows[0].is_open:
        assert windows[0].reason is not None
        assert answer.opens_at is None


def _are_disjoint(found: list[tuple[Mask, tuple[Window, ...]]]) -> None:
    assert sum(countries.bit_count() for countries, _ in found) == everywhere().bit_count()
    together = 0
    for countries, _ in found:
        together |= countries
    assert together == everywhere()


def _same_entitlements(of: Title, records: list[Said], country: str, at: dt.datetime) -> None:
    sale, subscription = (_question(records, of, country, model) for model in ("sale", "subscription"))
    against = subscription.answer(at)[0]
    told = entitlements(of, country, at)
    assert told.sellable == (not sale.answer(at)[0])
    assert told.streamable_new == (not against)
    assert told.streamable_existing == (not against or may_go_on(against, at))
    assert told.redownloadable == sale.may_download(at)


def _check(titles: int, seed: int) -> tuple[int, int]:
    asked_for = open_ones = 0
    for of, records, asked in _cases(titles, seed):
        found = offers(of)
        for model in MODELS:
            _are_disjoint(found[model])
        for country, model, at in asked:
            question = _question(records, of, country, model)
            answer = ask(of, country, model, at)
            _same_answer(answer, question, at)
            _same_time(answer, question, at)
            _same_windows(found[model], answer, country, at)
            _same_entitlements(of, records, country, at)
            asked_for += 1
            open_ones += answer.is_open
    return asked_for, open_ones


def test_answers_equal_a_plain_reading() -> None:
    asked, found_open = _check(titles=50, seed=0)
    assert asked == 500
    assert 50 < found_open < 450


@pytest.mark.slow
def test_ten_thousand_answers_equal_a_plain_reading() -> None:
    asked, found_open = _check(titles=1_000, seed=1_000)
    assert asked == 10_000
    assert 1_000 < found_open < 9_000
