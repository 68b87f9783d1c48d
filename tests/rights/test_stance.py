"""Rules of rights and offers as a publisher would tell them, one by one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bindery.catalogue.record import DatedRole, ProductSupply, Publishing
from bindery.rights.availability import Answer, ask, entitlements
from bindery.rights.countries import everywhere, mask
from bindery.rights.edges import Edge
from bindery.rights.title import Limit, Title
from bindery.rights.windows import offers
from bindery.trade.models import MODELS
from tests.rights.titles import Said, dated, title
from tests.trade.builders import market, price, publishing, right, supply, territory


def world(*dates: DatedRole, status: str | None = "04", **more: Any) -> Publishing:
    return publishing(right("01", reg="WORLD"), status=status, dates=list(dates), **more)


def sold(*dates: DatedRole, availability: str | None = "20", amount: str = "9.99") -> list[ProductSupply]:
    return [market({**supply(availability, price(amount)), "dates": list(dates)})]


def at(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment)


def asked(of: Title, moment: str, country: str = "DE", model: Any = "sale") -> Answer:
    return ask(of, country, model, at(moment))


def why(of: Title, moment: str = "2026-06-15T12:00Z", country: str = "DE", model: Any = "sale") -> list[str]:
    return [reason.code for reason in asked(of, moment, country, model).reasons]


def opens_at(of: Title, country: str, model: Any = "sale") -> dt.datetime | None:
    answer = asked(of, "2025-06-01T00:00Z", country, model)
    assert not answer.is_open
    assert answer.opens_at is not None
    assert ask(of, country, model, answer.opens_at).is_open
    assert not ask(of, country, model, answer.opens_at - dt.timedelta(seconds=1)).is_open
    return answer.opens_at


@pytest.mark.parametrize(
    ("raw", "country", "opens"),
    [
        ("202605", "DE", "2026-05-30T22:00Z"),  # of a month the last day; midnight in Berlin
        ("2026", "DE", "2026-12-30T23:00Z"),
        ("20260501", "GB", "2026-04-30T23:00Z"),
        ("20260501", "JP", "2026-04-30T15:00Z"),
        ("20260329T0230", "DE", "2026-03-29T01:30Z"),  # an hour that isn't there: by the clock before, 03:30
        ("20261025T0230", "DE", "2026-10-25T01:30Z"),  # an hour that is there twice: the second
        ("20260329T0230Z", "DE", "2026-03-29T02:30Z"),  # with its zone it is one moment everywhere
        ("20260329T0230Z", "US", "2026-03-29T02:30Z"),
        ("20260501", "US", "2026-05-01T10:00Z"),  # midnight in Honolulu
        ("20261215", "US", "2026-12-15T10:00Z"),  # midnight in Honolulu and in Adak, in winter
        ("20260501", "AS", "2026-05-01T11:00Z"),  # American Samoa has a code of its own
        ("20260501", "BR", "2026-05-01T05:00Z"),  # Rio Branco, after Noronha's 02:00
        ("20260501", "RU", "2026-04-30T22:00Z"),  # Kaliningrad
        ("20260501", "KI", "2026-04-30T12:00Z"),  # Tarawa, after Kiritimati's 10:00 and Kanton's 11:00
        ("20260501", "FR", "2026-04-30T22:00Z"),  # its overseas lands have codes of their own
        ("20260501", "HM", "2026-05-01T12:00Z"),  # nobody's zone: the farthest west there is
    ],
)
def test_an_embargo_ends_at_the_latest_moment_its_date_may_mean(raw: str, country: str, opens: str) -> None:
    of = title(Said(world(dated("02", raw)), sold()))
    assert opens_at(of, country) == at(opens)
    assert why(of, "2025-06-01T00:00Z", country) == ["embargoed"]


@pytest.mark.parametrize(
    ("raw", "country", "ends"),
    [
        ("20260501", "DE", "2026-04-30T22:00Z"),
        ("202605", "DE", "2026-04-30T22:00Z"),  # of a month the first day
        ("2026", "DE", "2025-12-31T23:00Z"),
        ("20260501", "US", "2026-05-01T04:00Z"),  # midnight in New York
        ("20260501", "KI", "2026-04-30T10:00Z"),  # midnight on Kiritimati
        ("20261025T0230", "DE", "2026-10-25T00:30Z"),  # the first of two hours
        ("20260501", "BV", "2026-04-30T10:00Z"),
    ],
)
def test_a_title_is_over_at_the_earliest_moment_its_end_may_mean(raw: str, country: str, ends: str) -> None:
    for of in (title(Said(world(dated("13", raw)), sold())), title(Said(world(), sold(dated("51", raw))))):
        assert asked(of, "2025-06-01T00:00Z", country).until == at(ends)
        assert why(of, ends, country) == ["ended"]


def test_an_end_that_is_a_spread_is_over_when_it_begins() -> None:
    of = title(Said(world(dated("13", "2026050120260531", "06")), sold()))
    assert asked(of, "2025-06-01T00:00Z").until == at("2026-04-30T22:00Z")


def test_an_end_nobody_can_read_is_not_taken_for_none() -> None:
    assert why(title(Said(world(dated("13", "TBC")), sold()))) == ["date_unreadable"]
    assert why(title(Said(world(), sold(dated("51", "TBC"))))) == ["date_unreadable"]
    assert why(title(Said(world(), sold(dated("50", "TBC"))))) == ["date_unreadable"]


def test_the_publication_date_of_a_market_goes_before_the_general_one() -> None:
    here = market(supply("20", price()), market=territory("DE"), market_dates=[dated("01", "20260701")])
    there = market(supply("20", price()), market=territory("GB"))
    of = title(Said(world(dated("01", "20260501")), [here, there]))
    assert opens_at(of, "DE") == at("2026-06-30T22:00Z")
    assert opens_at(of, "GB") == at("2026-04-30T23:00Z")


@pytest.mark.parametrize("own", [dated("01", "TBC"), dated("01", "19000101")])
def test_a_market_date_that_says_nothing_leaves_the_general_one(own: DatedRole) -> None:
    of = title(Said(world(dated("01", "20260501")), [market(supply("20", price()), market_dates=[own])]))
    assert opens_at(of, "DE") == at("2026-04-30T22:00Z")


def test_of_two_markets_with_the_same_country_the_stricter_word_counts() -> None:
    first = market(supply("20", price()), market=territory(reg="WORLD"), status="13")
    second = market(supply("20", price()), market=territory("DE"), status="04", market_dates=[dated("02", "20260501")])
    for markets in ([first, second], [second, first]):
        of = title(Said(world(dated("02", "20260701")), markets))
        assert why(of, "2026-06-01T00:00Z") == ["not_sold_separately", "embargoed"]
    gone = market(supply("20", price()), market=territory("DE"), status="16")
    of = title(Said(world(), [market(supply("20", price())), gone]))
    assert why(of) == ["market_withdrawn"]
    assert why(of, country="GB") == []


def test_a_subscription_needs_no_price() -> None:
    of = title(Said(world(), [market({**supply("20"), "unpriced": "04"})]))
    assert asked(of, "2026-06-15T12:00Z", model="subscription").is_open
    assert why(of) == ["no_price"]
    assert why(title(Said(world(), [market(supply("99", price()))]))) == ["unavailable"]
    assert asked(title(Said(world(), [market(supply("99"))])), "2026-06-15T12:00Z", model="subscription").is_open


def test_sale_and_subscription_can_lack_different_things() -> None:
    of = title(Said(world(dated("31", "20260701")), [market(supply("20"))]))
    assert why(of) == ["no_price"]
    assert why(of, model="subscription") == ["embargoed"]


def prices(*stated: Any, moment: str, country: str = "DE") -> str | None:
    return asked(title(Said(world(), [market(supply("20", *stated))])), moment, country).amount


def test_a_promotional_price_goes_before_the_normal_one() -> None:
    normal = price("9.99")
    promotion = price("4.99", qualifier="08", dates=[dated("14", "20260601"), dated("15", "20260630")])
    for moment, amount in {
        "2026-05-31T21:59:59Z": "9.99",
        "2026-05-31T22:00:00Z": "4.99",
        "2026-06-30T21:59:59Z": "4.99",  # its last day counts
        "2026-06-30T22:00:00Z": "9.99",
    }.items():
        assert prices(normal, promotion, moment=moment) == amount


def test_a_price_from_until_holds_between_its_dates() -> None:
    spread = price("4.99", dates=[dated("24", "2026060120260630", "06")])
    for moment, amount in {
        "2026-05-31T21:59:59Z": None,
        "2026-05-31T22:00:00Z": "4.99",
        "2026-06-30T21:59:59Z": "4.99",
        "2026-06-30T22:00:00Z": None,
    }.items():
        assert prices(spread, moment=moment) == amount


@pytest.mark.parametrize(
    "date", [dated("24", "20260601"), dated("14", "TBC"), dated("15", "TBC"), dated("24", "2026023020260630", "06")]
)
def test_a_price_nobody_knows_the_time_of_does_not_hold(date: DatedRole) -> None:
    assert prices(price("4.99", dates=[date]), moment="2026-06-15T12:00Z") is None


def test_a_price_takes_over_from_another_without_a_gap() -> None:
    old, new = price("9.99", dates=[dated("15", "20260630")]), price("10.99", dates=[dated("14", "20260701")])
    of = title(Said(world(), [market(supply("20", old, new))]))
    for country in ("US", "DE", "HM"):
        answer = asked(of, "2026-06-15T12:00Z", country)
        assert (answer.is_open, answer.since, answer.until) == (True, None, None)
    assert prices(old, new, moment="2026-07-01T09:59:59Z", country="US") == "9.99"
    assert prices(old, new, moment="2026-07-01T10:00:00Z", country="US") == "10.99"


def test_a_price_with_a_beginning_takes_over_from_one_without() -> None:
    stated = price("9.99"), price("10.99", dates=[dated("14", "20260701")]), price("11.99", dates=[dated("14", "2027")])
    assert prices(*stated, moment="2026-06-30T21:59:59Z") == "9.99"
    assert prices(*stated, moment="2026-06-30T22:00:00Z") == "10.99"
    assert prices(*stated, moment="2027-12-31T12:00:00Z") == "11.99"


def test_what_is_free_of_charge_costs_nothing() -> None:
    free = price(None, unpriced="01")
    assert prices(free, moment="2026-06-15T12:00Z") == "0"
    assert asked(title(Said(world(), [market({**supply("20"), "unpriced": "01"})])), "2026-06-15T12:00Z").amount == "0"
    assert why(title(Said(world(), [market(supply("20", free, price("9.99", currency=None)))]))) == []
    assert prices(price("9.99", unpriced="01"), moment="2026-06-15T12:00Z") == "9.99"


def test_two_prices_for_the_same_thing_contradict_each_other() -> None:
    assert why(title(Said(world(), [market(supply("20", price("9.99"), price("8.99")))]))) == ["price_contradictory"]
    assert prices(price("9.9"), price("9.90"), moment="2026-06-15T12:00Z") == "9.9"
    free = [price("9.99"), price(None, unpriced="01", currency="EUR")]
    assert why(title(Said(world(), [market(supply("20", *free))]))) == ["price_contradictory"]
    by_licence = [price("40.00", qualifier="10"), price("60.00", qualifier="10")]
    assert why(title(Said(world(), [market(supply("20", *by_licence))])), model="library") == []


@pytest.mark.parametrize(
    ("code", "models"),
    [
        ("06", ["library"]),
        ("09", ["sale", "subscription", "credit"]),
        ("12", ["sale", "credit", "library"]),
        ("13", ["subscription"]),
        ("04", []),
        ("99", ["sale", "subscription", "credit", "library"]),
    ],
)
def test_a_restriction_leaves_its_models(code: str, models: list[str]) -> None:
    of = title(
        Said(
            publishing(right("01", code, inc="DE"), right("01", inc="GB")),
            [market({**supply("20", price()), "unpriced": None})],
        )
    )
    assert [model for model in MODELS if not why(of, model=model)] == models
    assert {code for model in MODELS for code in why(of, model=model)} <= {"restricted"}
    assert [model for model in MODELS if not why(of, country="GB", model=model)] == list(MODELS)


@pytest.mark.parametrize(
    ("role", "held"),
    [
        ("30", ["subscription"]),
        ("31", ["subscription"]),
        ("32", ["sale", "credit"]),
        ("39", ["library"]),
        ("02", list(MODELS)),
        ("09", list(MODELS)),
        ("19", []),
    ],
)
def test_an_embargo_holds_back_its_models(role: str, held: list[str]) -> None:
    of = title(Said(world(dated(role, "20260701")), sold()))
    assert [model for model in MODELS if why(of, model=model)] == held


def test_a_date_of_announcement_hides_a_title_from_all() -> None:
    of = title(Said(world(dated("09", "20260701")), sold()))
    assert [why(of, model=model) for model in MODELS] == [["not_announced"]] * 4


@pytest.mark.parametrize(
    ("status", "code"),
    [("13", "not_sold_separately"), ("18", "not_sold_separately"), ("02", "undated"), ("11", "withdrawn")],
)
def test_a_status_forbids(status: str, code: str) -> None:
    assert why(title(Said(world(status=status), sold()))) == [code]


def test_what_is_forthcoming_opens_with_its_publication() -> None:
    for of in (
        title(Said(world(dated("01", "20260701"), status="02"), sold())),
        title(Said(world(dated("01", "20260701")), sold(availability="10"))),
        title(Said(world(), sold(dated("08", "20260701"), availability="10"))),
    ):
        assert opens_at(of, "DE") == at("2026-06-30T22:00Z")
    assert why(title(Said(world(), sold(availability="10")))) == ["undated"]


def test_a_rejected_record_narrows_and_never_widens() -> None:
    good = Said(publishing(right("01", inc="DE GB"), row="03"), sold())

    def after(block: Publishing | None, supplied: list[ProductSupply] | None) -> Title:
        return title(good, Said(block, supplied, is_rejected=True))

    assert why(after(world(), sold()), country="US") == ["not_for_sale"]
    assert why(after(publishing(), None)) == []  # it lacks rights, and says nothing by that
    assert why(after(publishing(right("01", inc="FR")), None)) == []
    assert why(after(publishing(right("03", inc="DE")), None)) == ["withdrawn", "not_for_sale"]
    assert why(after(publishing(right("03", inc="DE"), right("01", inc="DE GB")), None)) == ["rights_contradictory"]
    assert why(after(publishing(right("01", reg="WORLD"), right("03", inc="UK")), None)) == []
    assert why(after(publishing(right("01", reg="WORLD"), right("03", inc="UK")), None), country="GB") == [
        "rights_doubtful"
    ]
    assert why(after(world(status="13"), None)) == ["not_sold_separately"]
    assert why(after(world(dated("02", "20260701")), None)) == ["embargoed"]
    assert why(after(None, sold(dated("02", "20260701")))) == ["embargoed"]
    assert why(after(None, sold(availability="31"))) == ["unavailable"]
    assert why(after(None, [market(supply("20"))])) == ["price_removed"]
    assert why(after(None, [market(supply("20"))]), model="subscription") == []


def test_the_end_of_supply_in_a_rejected_record_is_an_end_when_it_comes() -> None:
    of = title(Said(world(), sold()), Said(None, sold(dated("51", "20260701")), is_rejected=True))
    assert asked(of, "2026-06-15T12:00Z").until == at("2026-06-30T22:00Z")


def test_what_another_supplier_lacks_takes_nothing_from_the_one_that_won() -> None:
    won = Said(world(), sold())
    for state in (
        Said(world(), [market(supply("31"))], supplier="bell"),
        Said(world(), [market(supply("20"))], supplier="bell", is_rejected=True),
        Said(world(), sold(dated("51", "20260101")), supplier="bell", is_rejected=True),
    ):
        assert why(title(won, state)) == []
    embargoed = Said(world(), sold(dated("02", "20260701")), supplier="bell")
    assert why(title(won, embargoed)) == ["embargoed"]
    for dates in ([], [dated("02", "20260101")]):
        one_goes_on = market(supply("46"), {**supply("20"), "dates": dates})
        assert why(title(won, Said(world(), [one_goes_on], supplier="bell"))) == []
    both_held = market(supply("46"), {**supply("20"), "dates": [dated("02", "20260701")]})
    assert why(title(won, Said(world(), [both_held], supplier="bell"))) == ["embargoed"]


def test_the_strictest_of_several_suppliers_decides_of_rights() -> None:
    of = title(
        Said(world(), sold()), Said(publishing(right("01", reg="WORLD"), right("03", inc="US")), supplier="bell")
    )
    assert why(of, country="US") == ["not_for_sale"]
    assert why(of) == []


def test_a_person_s_limit_on_sale_holds_where_copies_change_hands() -> None:
    limit = Limit("sale", mask(["GB"]), "o-1")
    of = title(Said(world(), sold()), limits=[limit])
    assert [why(of, model=model) for model in MODELS] == [["limited"], [], ["limited"], ["limited"]]
    assert why(of, country="GB") == []


NOON = "2026-06-15T12:00:00+00:00"


@pytest.mark.parametrize("status", ["11", "15"])
def test_a_recall_takes_it_from_who_has_it(status: str) -> None:
    of = title(Said(world(status=status), sold(), said_at=NOON))
    told = entitlements(of, "DE", at("2026-06-16T12:00Z"))
    assert told == (told.__class__)(
        sellable=False, streamable_new=False, streamable_existing=False, redownloadable=False
    )
    # An edition names the supplier before the signal.
    gone = title(Said(world(), sold()), state="withdrawn", reason=f"acme publishing_status:{status}")
    assert not entitlements(gone, "DE", at("2026-06-16T12:00Z")).redownloadable


def test_who_has_started_goes_on_for_thirty_days() -> None:
    of = title(Said(world(status="07"), sold(), said_at=NOON))
    for moment, goes_on in {"2026-07-15T11:59:59Z": True, "2026-07-15T12:00:00Z": False}.items():
        told = entitlements(of, "DE", at(moment))
        assert (told.streamable_new, told.streamable_existing, told.redownloadable) == (False, goes_on, True)


def test_thirty_days_are_counted_from_the_end_that_was_stated() -> None:
    of = title(Said(world(dated("13", "20260601")), sold(), said_at="2026-01-01T00:00:00+00:00"))
    assert entitlements(of, "DE", at("2026-06-30T21:59:59Z")).streamable_existing
    assert not entitlements(of, "DE", at("2026-06-30T22:00:00Z")).streamable_existing


def test_nobody_goes_on_with_what_is_not_out_yet() -> None:
    of = title(Said(world(dated("02", "20260701")), sold()))
    assert not entitlements(of, "DE", at(NOON)).streamable_existing


def test_the_last_day_to_download_again_counts() -> None:
    of = title(Said(world(), sold(dated("29", "20260630"))))
    assert entitlements(of, "DE", at("2026-06-30T21:59:59Z")).redownloadable
    assert not entitlements(of, "DE", at("2026-06-30T22:00:00Z")).redownloadable


def test_countries_of_one_window_are_one_set() -> None:
    of = title(Said(publishing(right("01", reg="WORLD", exc="US"), row="03", dates=[dated("02", "20260501")]), sold()))
    (open_in, (window,)), (closed_in, (never,)) = offers(of)["sale"]
    assert (open_in, closed_in) == (everywhere() & ~mask(["US"]), mask(["US"]))
    assert (window.is_open, window.opens, window.closes, window.amount) == (
        True,
        Edge("2026-05-01T00:00", last=True),
        None,
        "9.99",
    )
    assert window.reason is not None
    assert never.reason is not None
    assert (window.reason.code, never.is_open, never.reason.code) == ("embargoed", False, "not_for_sale")


def test_two_moments_at_once_leave_no_time_between_them() -> None:
    first, second = supply("20", price()), supply("20", price())
    first["dates"], second["dates"] = [dated("51", "20260701")], [dated("50", "20260701")]
    of = title(Said(world(), [market(first, second)]))
    assert asked(of, "2026-06-15T12:00Z").until is None  # one supplier's end is the other's beginning
    in_us = asked(of, "2026-06-15T12:00Z", "US")
    assert in_us.until == at("2026-07-01T04:00Z")  # which on Hawaii comes six hours later
