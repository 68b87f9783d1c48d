"""A rejected record that names no price any more closes what needs one, country by country (AUDIOBOOKS section 6)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bindery.catalogue.record import ProductSupply, Supply
from bindery.rights.availability import ask
from bindery.rights.windows import offers
from bindery.trade.models import MODELS, Model
from tests.rights.titles import Said, title
from tests.trade.builders import market, price, publishing, right, supply, territory

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RIGHTS = publishing(right("01", reg="WORLD"))
GOOD = [market(supply("20", price()))]


def sold_in(country: str, *rejected: ProductSupply, model: Model = "sale") -> tuple[bool, tuple[str, ...]]:
    """Whether a title with a price everywhere is offered when a rejected record says this of its supply."""
    made = title(Said(RIGHTS, GOOD), Said(None, list(rejected), is_rejected=True))
    answer = ask(made, country, model, NOW)
    return answer.is_open, tuple(reason.code for reason in answer.reasons)


def unpriced(code: str) -> Supply:
    one = supply("20")
    one["unpriced"] = code
    return one


REMOVED = (False, ("price_removed",))
SOLD = (True, ())


@pytest.mark.parametrize("model", MODELS)
def test_what_needs_a_price_closes_without_one(model: Model) -> None:
    assert sold_in("GB", market(supply("20")), model=model) == (SOLD if model == "subscription" else REMOVED)


def test_a_price_left_in_one_market_is_none_in_another() -> None:
    said = [
        market(supply("20"), market=territory("GB")),
        market(supply("20", price()), market=territory("US")),
    ]
    assert sold_in("GB", *said) == REMOVED
    assert sold_in("US", *said) == SOLD


def test_a_price_for_other_countries_of_the_market_is_none_here() -> None:
    said = market(supply("20", price(territory=territory("US CA"))))
    assert sold_in("GB", said) == REMOVED
    assert sold_in("CA", said) == SOLD


def test_a_price_by_another_supplier_or_in_another_market_of_the_country_is_one() -> None:
    assert sold_in("GB", market(supply("20"), supply("20", price()))) == SOLD
    assert sold_in("GB", market(supply("20")), market(supply("20", price()), market=territory("GB"))) == SOLD


def test_a_price_for_other_buyers_is_one() -> None:
    assert sold_in("GB", market(supply("20", price(qualifier="06")))) == SOLD


def test_what_says_why_it_has_no_price_removes_none() -> None:
    assert sold_in("GB", market(unpriced("04"))) == SOLD


def test_a_market_that_is_not_named_or_has_no_supply_removes_nothing() -> None:
    assert sold_in("GB", market(supply("20"), market=territory("US"))) == SOLD
    assert sold_in("GB", market()) == SOLD


def test_a_price_that_was_never_named_here_is_not_removed() -> None:
    abroad = [market(supply("20", price(territory=territory("US"))))]
    made = title(Said(RIGHTS, abroad), Said(None, abroad, is_rejected=True))
    assert [reason.code for reason in ask(made, "GB", "sale", NOW).reasons] == ["no_price"]
    assert ask(made, "US", "sale", NOW).is_open


def test_a_record_that_is_rejected_for_something_else_changes_no_offer() -> None:
    prices = [price("9.99", "EUR", territory=territory("DE FR")), price("8.99", "USD", territory=territory("US"))]
    supplied = [market(supply("20", *(one | {"qualifier": "05"} for one in prices)))]
    one = Said(RIGHTS, supplied)
    assert offers(title(one, Said(RIGHTS, supplied, is_rejected=True))) == offers(title(one))


def test_offers_are_cut_where_a_price_for_others_is_taken_away() -> None:
    """A library has no price anywhere, but only in one country somebody's price was taken away."""
    one = Said(RIGHTS, [market(supply("20", price(qualifier="05", territory=territory("US"))))])
    made = offers(title(one, Said(None, [market(supply("20"))], is_rejected=True)))
    told = {window.reason.code: where.bit_count() for where, (window,) in made["library"] if window.reason}
    assert told == {"no_price": 248, "price_removed": 1}


def test_offers_are_cut_where_a_rejected_price_ends() -> None:
    rejected = [market(supply("20", price(territory=territory("US CA"))))]
    made = offers(title(Said(RIGHTS, GOOD), Said(None, rejected, is_rejected=True)))
    open_in = [where for where, (window, *_) in made["sale"] if window.is_open]
    assert [where.bit_count() for where in open_in] == [2]
