from __future__ import annotations

import pytest

from bindery.catalogue.record import ProductSupply
from bindery.trade.codelists import codelist
from bindery.trade.withdrawals import publishing_withdrawal, supply_withdrawal
from tests.trade.builders import market, publishing, restrictions, right, supply
from tests.trade.builders import territory as t

# AUDIOBOOKS section 6: "Takedown signals to unify".
STATUSES = {"01", "03", "05", "07", "08", "11", "12", "15", "16", "17"}
AVAILABILITIES = {"01", "34"} | {str(code) for code in range(40, 53)}


def test_publishing_statuses_that_withdraw() -> None:
    found = {code for code in codelist("64") if publishing_withdrawal(publishing(status=code))}
    assert found == STATUSES
    assert publishing_withdrawal(publishing(status="11")) == "publishing_status:11"


def test_market_statuses_that_withdraw() -> None:
    found = {code for code in codelist("68") if supply_withdrawal([market(supply("20"), status=code)])}
    assert found == STATUSES
    assert supply_withdrawal([market(supply("20"), status="12")]) == "market_status:12"


def test_availabilities_that_withdraw() -> None:
    found = {code for code in codelist("65") if supply_withdrawal([market(supply(code))])}
    assert found == AVAILABILITIES
    assert supply_withdrawal([market(supply("46"))]) == "availability:46"


def test_nothing_stated_withdraws_nothing() -> None:
    assert publishing_withdrawal(None) is None
    assert publishing_withdrawal(publishing()) is None
    for block in (None, [], [market()], [market(supply(None))]):
        assert supply_withdrawal(block) is None


def test_rights_that_are_nowhere_for_sale_withdraw() -> None:
    assert publishing_withdrawal(publishing(right("04", reg="WORLD"))) == "sales_rights:04"
    assert (
        publishing_withdrawal(publishing(right("03", inc="US"), right("06", inc="GB"), row="03")) == "sales_rights:06"
    )
    assert publishing_withdrawal(publishing(row="03")) == "sales_rights:03"
    assert publishing_withdrawal(publishing(right("03", inc="US"), row="01")) is None
    assert publishing_withdrawal(publishing(right("03", inc="US"), right("01", inc="GB"))) is None


def test_restrictions_that_leave_no_model_withdraw() -> None:
    world = {"reg": "WORLD"}
    assert publishing_withdrawal(publishing(right("01", "03", **world))) == "sales_restriction:03"
    assert publishing_withdrawal(publishing(right("07", "04", **world))) == "sales_restriction:04"
    assert publishing_withdrawal(publishing(right("01", **world), restrictions=restrictions("12", "13"))) == (
        "sales_restriction:13"
    )
    both = (right("01", "12", inc="GB"), right("01", "13", inc="GB"))
    assert publishing_withdrawal(publishing(*both, row="03")) == "sales_restriction:13"
    for leaves_some in ("06", "09", "12", "13", "15", "20", "99"):
        assert publishing_withdrawal(publishing(right("01", leaves_some, **world))) is None
    apart = (right("01", "12", inc="GB"), right("01", "13", inc="US"))
    assert publishing_withdrawal(publishing(*apart, row="03")) is None


def test_the_status_comes_before_the_rights() -> None:
    assert publishing_withdrawal(publishing(right("04", reg="WORLD"), status="16")) == "publishing_status:16"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ([market(supply("46"), supply("20"))], None),
        ([market(supply("46"), supply("43"))], "availability:46"),
        ([market(supply("46")), market(supply("21"))], None),
        ([market(supply("43")), market(supply("49"))], "availability:49"),
        ([market(supply("20"), status="11"), market(supply("46"))], "market_status:11"),
        ([market(supply("20"), status="05"), market(supply("46"))], "availability:46"),
        ([market(supply("20"), status="04")], None),
        ([market(supply("20"), market=t("GB"), market_restrictions=restrictions("20"))], None),
        ([market(supply("20"), market_restrictions=restrictions("06"))], None),
        ([market(supply("20"), market_restrictions=restrictions("12", "13"))], "market_restriction:13"),
        ([market(supply("20"), market_restrictions=restrictions("12", "03"))], "market_restriction:03"),
        ([market(supply("20"), market_restrictions=restrictions("99"))], None),
        ([market(reference="de")], "market_supply:none"),
        ([market(reference="de"), market(supply("20"), reference="at")], None),
        ([market(supply("30"))], None),
    ],
)
def test_a_supply_is_withdrawn_only_where_nothing_sells(block: list[ProductSupply], expected: str | None) -> None:
    assert supply_withdrawal(block) == expected
