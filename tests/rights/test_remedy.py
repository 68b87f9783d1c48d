"""Why a title is not live, and the smallest set of changes that makes it live (FEATURES R5, MS1)."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from bindery.rights.availability import ask
from bindery.rights.countries import bit, everywhere
from bindery.rights.remedy import Change, applied, remedy
from bindery.rights.telling import told
from bindery.rights.title import Limit, Title
from bindery.trade.models import Model
from tests.rights.applying import made
from tests.rights.live_titles import Case, live
from tests.rights.seeded import CAUSES, planted
from tests.rights.titles import Said, dated, title
from tests.trade.builders import market, price, publishing, restrictions, right, supply, territory

AT = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


@dataclass
class Judged:
    """How many titles were judged, by cause for those that have one, and which failed in what."""

    titles: Counter[str] = field(default_factory=Counter)
    failed: dict[str, list[str]] = field(default_factory=dict)
    by_cause: Counter[tuple[str, str]] = field(default_factory=Counter)
    sizes: Counter[int] = field(default_factory=Counter)

    def fail(self, what: str, case: Case, seen: object) -> None:
        self.failed.setdefault(what, []).append(f"{case.causes} {case.country} {case.model}: {seen}")
        for cause in case.causes:
            self.by_cause[cause, what] += 1

    def share(self, what: str) -> float:
        return 1 - len(self.failed.get(what, [])) / sum(self.sizes.values())

    @property
    def table(self) -> str:
        asked = ("first reason", "unplanted unknown", "goes live", "minimal")
        rows = [f"{'cause':24}{'titles':>8}" + "".join(f"{what:>20}" for what in asked)]
        for cause in CAUSES:
            failed = "".join(f"{self.by_cause[cause, what]:>20}" for what in asked)
            rows.append(f"{cause:24}{self.titles[cause]:>8}{failed}")
        return "\n".join(rows)


def _is_live(case: Case, changes: tuple[Change, ...], at: dt.datetime) -> bool:
    return ask(made(case, changes).title(), case.country, case.model, at).is_open


def _end(changes: tuple[Change, ...]) -> dt.datetime:
    return max((one.until for one in changes if one.until is not None), default=AT)


def judge(how_many: int, seed: int) -> Judged:
    rng = random.Random(seed)  # noqa: S311 - seeds titles, not secrets
    judged = Judged()
    names = list(CAUSES)
    for number in range(how_many):
        case, codes = planted(rng, names[number % len(names)], rng.choice((1, 2, 3)))
        for cause in case.causes:
            judged.titles[cause] += 1
        _judge(judged, case, codes)
    return judged


def _judge(judged: Judged, case: Case, codes: list[frozenset[str]]) -> None:
    title = case.title()
    reasons = ask(title, case.country, case.model, AT).reasons
    told = [reason.code for reason in reasons]
    if not told or not any(told[0] in of_cause for of_cause in codes):
        judged.fail("first reason", case, told)
    if "unknown" in told and "unknown" not in case.causes:
        judged.fail("unplanted unknown", case, told)
    changes = remedy(title, case.country, case.model, AT)
    judged.sizes[len(changes)] += 1
    if not changes or not _is_live(case, changes, _end(changes)):
        judged.fail("goes live", case, (told, changes))
        return
    for change in changes:
        fewer = tuple(one for one in changes if one is not change)
        if _is_live(case, fewer, AT if change.kind == "wait" else _end(changes)):
            judged.fail("minimal", case, (told, changes))
            return


def _orders(one: Title, country: str, model: Model = "sale") -> list[tuple[str, str, str]]:
    return [(change.kind, change.path, change.value) for change in remedy(one, country, model, AT)]


def _said(*rights: Any, supply: Any = None, **more: Any) -> Said:
    return Said(publishing(*rights, status="04"), supply or [market(_priced())], **more)


def _priced(availability: str = "20") -> Any:
    return supply(availability, price())


def test_a_title_that_is_live_needs_nothing() -> None:
    assert remedy(title(_said(right("02", reg="WORLD"))), "DE", "sale", AT) == ()


def test_a_withdrawn_title_is_told_with_the_name_of_its_status() -> None:
    one = title(Said(publishing(right("02", reg="WORLD"), status="11"), [market(_priced())]))
    (reason,) = ask(one, "DE", "sale", AT).reasons
    assert told(reason, one) == (
        "it is withdrawn: publishing status 11 (Withdrawn from sale), as record 1 of acme says"
    )
    (change,) = remedy(one, "DE", "sale", AT)
    assert (change.kind, change.whose, change.voice) == ("set_status", "supplier", 0)
    assert (change.block, change.path, change.value) == ("publishing", "PublishingStatus", "04")
    assert change.text == "State PublishingStatus 04 (Active) in record 1 of acme, where that is true."


def test_a_denial_by_region_is_answered_by_a_right_that_names_the_country() -> None:
    one = title(_said(right("01", inc="AT"), right("04", reg="WORLD", exc="AT")))
    assert _orders(one, "DE") == [("state_right", "SalesRights", "02 DE")]


def test_a_country_that_a_denial_names_is_named_elsewhere() -> None:
    one = title(_said(right("01", reg="WORLD", exc="DE CH"), right("04", inc="DE CH")))
    assert _orders(one, "DE") == [("move_country", "SalesRights[2]", "02 DE")]
    (change,) = remedy(one, "DE", "sale", AT)
    assert change.text.endswith("if the rights are held.")
    after = applied(one, [change])
    assert ask(after, "DE", "sale", AT).is_open
    assert not ask(after, "CH", "sale", AT).is_open


def test_of_a_contradiction_the_denial_goes() -> None:
    one = title(_said(right("01", inc="DE"), right("03", inc="DE")))
    assert _orders(one, "DE") == [("drop_country", "SalesRights[2]", "DE")]


def test_an_unreadable_denial_is_to_be_stated_again_without_the_country() -> None:
    one = title(_said(right("01", reg="WORLD"), right("03", inc="UK")))
    assert _orders(one, "GB") == [("drop_code", "SalesRights[2]", "UK")]


def test_two_suppliers_who_deny_have_to_change_one_statement_each() -> None:
    denying = right("01", inc="AT"), right("03", reg="WORLD", exc="AT")
    one = title(_said(*denying), _said(*denying, supplier="bmce"))
    changes = remedy(one, "DE", "sale", AT)
    assert [(change.kind, change.voice) for change in changes] == [("state_right", 0), ("state_right", 1)]


def test_one_change_that_mends_two_reasons_goes_before_two() -> None:
    block = publishing(right("02", reg="WORLD"), status="02")
    one = title(Said(block, [market(_priced("10"))]))
    assert [reason.code for reason in ask(one, "DE", "sale", AT).reasons] == ["undated", "undated"]
    assert _orders(one, "DE") == [("set_date", "PublishingDate", "01 2026-07-01")]


def test_of_several_suppliers_of_a_market_one_is_enough() -> None:
    one = title(_said(right("02", reg="WORLD"), supply=[market(_priced("40"), _priced("31"))]))
    assert _orders(one, "DE") == [("set_availability", "ProductSupply[1]/SupplyDetail[1]/ProductAvailability", "20")]


def test_what_time_alone_mends_is_waited_for() -> None:
    block = publishing(right("02", reg="WORLD"), dates=[dated("02", "20261001")])
    (change,) = remedy(title(Said(block, [market(_priced())])), "DE", "sale", AT)
    assert (change.kind, change.whose, change.voice) == ("wait", "nobody", None)
    assert change.until == dt.datetime(2026, 9, 30, 22, tzinfo=dt.UTC)
    assert change.text == (
        "Wait until 2026-09-30 22:00 UTC: it is embargoed: Sales embargo date (02) 2026-10-01, as record 1 of acme "
        "says in PublishingDate[1]."
    )


def test_nobody_waits_for_a_date_that_means_never() -> None:
    block = publishing(right("02", reg="WORLD"), dates=[dated("02", "99991231")])
    assert _orders(title(Said(block, [market(_priced())])), "DE") == [
        ("set_date", "PublishingDate[1]", "02 2026-07-01")
    ]


def test_an_end_before_the_embargo_is_over_has_to_go_before_waiting_helps() -> None:
    block = publishing(right("02", reg="WORLD"), dates=[dated("02", "20261001"), dated("13", "20260901")])
    changes = remedy(title(Said(block, [market(_priced())])), "DE", "sale", AT)
    assert [(change.kind, change.path) for change in changes] == [
        ("drop_date", "PublishingDate[2]"),
        ("wait", "PublishingDate[1]"),
    ]


def test_what_was_rejected_is_mended_by_sending_it_again() -> None:
    denied = Said(publishing(right("03", reg="WORLD")), is_rejected=True)
    assert _orders(title(_said(right("02", reg="WORLD")), denied), "DE") == [("resend_record", "", "")]


def test_a_title_nobody_sent_is_to_be_sent() -> None:
    (change,) = remedy(title(), "DE", "sale", AT)
    assert (change.kind, change.voice) == ("resend_record", None)
    assert ask(applied(title(), [change]), "DE", "library", AT).is_open


def test_persons_are_asked_to_release_what_they_decided() -> None:
    limit = Limit("sale", everywhere() & ~bit("DE"), "o-7")
    one = title(_said(right("02", reg="WORLD")), state="withdrawn", reason="override:o-1", limits=[limit])
    changes = remedy(one, "DE", "sale", AT)
    assert [(change.kind, change.value, change.whose) for change in changes] == [
        ("release_override", "o-1", "rights desk"),
        ("release_override", "o-7", "rights desk"),
    ]


def test_a_restriction_stands_where_it_is_said_to() -> None:
    beside = publishing(right("02", reg="WORLD"), restrictions=restrictions("12"))
    one = title(Said(beside, [market(_priced(), market_restrictions=restrictions("20"))]))
    assert _orders(one, "DE", "subscription") == [
        ("drop_restriction", "SalesRestriction", "12"),
        ("drop_restriction", "ProductSupply[1]/Market/SalesRestriction", "20"),
    ]


def test_a_country_in_no_market_gets_one_with_a_price() -> None:
    one = title(_said(right("02", reg="WORLD"), supply=[market(_priced(), market=territory(inc="AT"))]))
    assert _orders(one, "DE") == [("add_market", "ProductSupply", "DE")]


def test_many_prices_that_contradict_each_other_all_go_but_one() -> None:
    prices = [price(f"{number}.99") for number in range(1, 30)]
    one = title(_said(right("02", reg="WORLD"), supply=[market(supply("20", *prices))]))
    changes = remedy(one, "DE", "sale", AT)
    assert {change.kind for change in changes} == {"drop_price"}
    assert len(changes) == 28


def test_what_is_said_of_a_title_comes_in_the_same_order_each_time() -> None:
    rng = random.Random(5)  # noqa: S311 - seeds titles, not secrets
    for cause in CAUSES:
        case, _ = planted(rng, cause, 3)
        first, second = (remedy(case.copy().title(), case.country, case.model, AT) for _ in range(2))
        assert first == second


def test_titles_without_a_planted_cause_are_live() -> None:
    rng = random.Random(11)  # noqa: S311 - seeds titles, not secrets
    for _ in range(100):
        case = live(rng)
        assert ask(case.title(), case.country, case.model, AT).is_open


def test_changes_make_the_terms_live_as_they_do_the_blocks() -> None:
    rng = random.Random(12)  # noqa: S311 - seeds titles, not secrets
    for cause in CAUSES:
        case, _ = planted(rng, cause, 2)
        changes = remedy(case.title(), case.country, case.model, AT)
        assert ask(applied(case.title(), changes), case.country, case.model, _end(changes)).is_open


def _assert_good(judged: Judged) -> None:
    seen = "\n".join([judged.table, *(line for lines in judged.failed.values() for line in lines)])
    assert judged.share("unplanted unknown") == 1, seen
    for what in ("first reason", "goes live", "minimal"):
        assert judged.share(what) >= 0.99, f"{what}: {seen}"


def test_a_hundred_blocked_titles_are_told_and_mended() -> None:
    _assert_good(judge(100, seed=2))


@pytest.mark.slow
def test_two_thousand_blocked_titles_are_told_and_mended() -> None:
    _assert_good(judge(2000, seed=1))
