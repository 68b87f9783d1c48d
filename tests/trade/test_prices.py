from __future__ import annotations

from decimal import Decimal

import pytest

from bindery.catalogue.record import Price
from bindery.trade.dates import dated_role
from bindery.trade.prices import consumer_price, price_problem, prices_of
from tests.trade.builders import market, price, supply
from tests.trade.builders import territory as t


def test_the_consumer_price_is_no_net_library_promotional_or_nominal_price() -> None:
    prices = [
        price("4.00", kind="05"),
        price("0.01", kind="35"),
        price("40.00", qualifier="10"),
        price("1.00", qualifier="13"),
        price("2.00", qualifier="08"),
        price(None, unpriced="01"),
        price("34.90", "PLN", "42", qualifier="05"),
        price("8.00"),
    ]
    found = consumer_price([market(supply("20", *prices))])
    assert found is not None
    assert (found["amount"], found["currency"]) == (Decimal("34.90"), "PLN")
    assert len(prices_of([market(supply("20", *prices))])) == 8


@pytest.mark.parametrize(
    ("prices", "problem"),
    [
        ([price()], None),
        ([], None),
        ([price(None, None, None, unpriced="04")], None),
        ([price(currency=None)], "currency"),
        ([price(currency="EURO")], "currency"),
        ([price(kind=None)], "type"),
        ([price(kind="77")], "type"),
        ([price("0.00")], "amount"),
        ([price(None, raw_amount="12,99")], "amount"),
        ([price(kind=None), price(currency=None)], "currency"),
        ([price("9.99"), price("8.99")], "duplicate"),
        ([price("9.99"), price("9.99")], None),
        ([price("9.99"), price("9.99", "USD")], None),
        ([price("9.99"), price("8.99", territory=t("DE"))], None),
        ([price("9.99"), price("4.99", dates=[dated_role("14", "20250101", "00")])], None),
        # elibri's lending example: library prices differ by loans, which the model doesn't hold
        ([price("20.00", qualifier="10"), price("34.00", qualifier="10")], None),
    ],
)
def test_what_is_wrong_with_prices(prices: list[Price], problem: str | None) -> None:
    assert price_problem([market(supply("20", *prices))]) == problem


def test_prices_that_differ_in_their_conditions_are_no_duplicates() -> None:
    def lent(amount: str, loans: str) -> Price:
        loan = {"type": "03", "quantities": [{"type": "08", "value": loans, "unit": "07"}]}
        return price(amount, conditions=[loan])

    assert price_problem([market(supply("20", lent("20.00", "10"), lent("34.00", "25")))]) is None
    assert price_problem([market(supply("20", lent("20.00", "10"), lent("34.00", "10")))]) == "duplicate"


def test_the_same_price_key_in_two_markets_is_no_duplicate() -> None:
    block = [market(supply("20", price("9.99")), market=t("GB")), market(supply("20", price("8.99")), market=t("IE"))]
    assert price_problem(block) is None
    assert price_problem(None) is None
    assert consumer_price(None) is None
