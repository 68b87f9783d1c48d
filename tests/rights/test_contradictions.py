"""Contradictions, each with the countries it is about (FEATURES R2, MS14; AUDIOBOOKS 1.8-1.10)."""

from __future__ import annotations

from typing import Any

import pytest

from bindery.catalogue.record import Price, ProductSupply, Publisher
from bindery.rights.contradictions import RULES, Contradiction, contradictions
from bindery.rights.countries import countries_of, ordered
from tests.rights.by_country import EVERYWHERE, Drawn, Finding, of_country
from tests.rights.titles import Said, dated, title
from tests.trade.builders import market, price, publishing, restrictions, right, supply, territory


def published_by(name: str) -> dict[str, Any]:
    return {"publishers": [Publisher(role="01", name=name, identifiers=[])]}


def record(*said: Any, supplier: str = "acme", publisher: str = "", **more: Any) -> Said:
    """A record of a supplier: its rights, and as ``supply`` its markets."""
    markets = more.pop("supply", None)
    by = published_by(publisher) if publisher else {}
    return Said(publishing(*said, **by, **more), markets, supplier=supplier, reference=f"{supplier}-1")


def found(*records: Said) -> list[tuple[str, str, str, str | None]]:
    """Contradictions: the rule, its countries, and both places."""
    return [
        (
            one.rule,
            " ".join(countries_of(one.countries)),
            one.one.path,
            None if one.other is None else one.other.path,
        )
        for one in contradictions(title(*records))
    ]


def only(rule: str, *records: Said) -> list[tuple[str, str, str | None]]:
    """Those of one rule: the countries and both places."""
    return [(countries, one, other) for which, countries, one, other in found(*records) if which == rule]


SOLD_IN_GB = right("02", inc="GB")
NOWHERE_ELSE = {"row": "03"}


def test_two_publishers_claim_a_country_exclusively() -> None:
    ours = record(right("01", inc="GB IE FR"), publisher="Acme Audio")
    theirs = record(right("02", inc="US"), right("07", "12", inc="IE GB"), supplier="bolt", publisher="Bolt Sound")
    assert only("exclusive_overlap", ours, theirs) == [("GB IE", "SalesRights[1]", "SalesRights[2]")]


@pytest.mark.parametrize(
    "theirs",
    [
        pytest.param(record(right("01", inc="US"), supplier="bolt", publisher="Bolt"), id="another country"),
        pytest.param(record(right("02", inc="GB"), supplier="bolt", publisher="Bolt"), id="not exclusively"),
        pytest.param(record(right("01", inc="GB"), supplier="bolt", publisher="ACME-audio"), id="the same publisher"),
        pytest.param(record(right("01", inc="GB"), supplier="bolt"), id="no publisher stated"),
        pytest.param(record(right("01", inc="GB"), supplier="acme", publisher="Bolt"), id="the same supplier"),
    ],
)
def test_no_overlap_of_exclusive_rights(theirs: Said) -> None:
    assert only("exclusive_overlap", record(right("01", inc="GB"), publisher="Acme Audio"), theirs) == []


def test_the_rest_of_the_world_may_be_claimed_too() -> None:
    ours = record(right("02", reg="WORLD", exc="GB"), publisher="Acme", row="01")
    theirs = record(right("01", inc="GB"), supplier="bolt", publisher="Bolt")
    assert only("exclusive_overlap", ours, theirs) == [("GB", "ROWSalesRightsType", "SalesRights[1]")]


def test_a_supplier_sells_what_another_denies() -> None:
    ours = record(right("02", reg="WORLD"))
    theirs = record(right("02", inc="US"), right("03", inc="DE AT"), supplier="bolt")
    assert only("suppliers_disagree", ours, theirs) == [("AT DE", "SalesRights[1]", "SalesRights[2]")]


def test_suppliers_that_leave_countries_out_do_not_disagree() -> None:
    ours, theirs = record(right("02", reg="WORLD")), record(right("02", inc="US"), supplier="bolt")
    assert only("suppliers_disagree", ours, theirs) == []


def test_what_was_rejected_or_deleted_contradicts_nothing() -> None:
    ours = record(right("02", reg="WORLD"))
    denial = publishing(right("03", inc="DE"))
    assert found(ours, Said(denial, supplier="bolt", state="deleted")) == []
    assert found(ours, Said(denial, supplier="bolt"), Said(denial, supplier="bolt", is_rejected=True)) == [
        ("suppliers_disagree", "DE", "SalesRights[1]", "SalesRights[1]")
    ]


def test_one_record_says_both_of_a_country() -> None:
    ours = record(right("02", inc="US GB DE"), right("03", inc="DE"), **NOWHERE_ELSE)
    assert found(ours) == [("rights_clash", "DE", "SalesRights[1]", "SalesRights[2]")]


def test_a_country_named_goes_before_a_region() -> None:
    assert found(record(right("02", reg="WORLD"), right("03", inc="DE"))) == []


def test_a_price_where_it_is_not_for_sale() -> None:
    markets = [market(supply("20", price(territory=territory("GB US DE")), price("7.99", "GBP")))]
    ours = record(SOLD_IN_GB, supply=markets, **NOWHERE_ELSE)
    assert only("price_without_rights", ours) == [
        ("DE US", "ProductSupply[1]/SupplyDetail[1]/Price[1]", "ROWSalesRightsType")
    ]


@pytest.mark.parametrize(
    ("which", "rights"),
    [
        pytest.param(price(), {"row": "03"}, id="no territory: wherever there are rights"),
        pytest.param(price(territory=territory("GB")), {"row": "03"}, id="where there are rights"),
        pytest.param(price(kind="05", territory=territory("US")), {"row": "03"}, id="a supplier's cost"),
        pytest.param(price(qualifier="06", territory=territory("US")), {"row": "03"}, id="a library's price"),
        pytest.param(price(territory=territory("US")), {}, id="nothing said of the country"),
    ],
)
def test_prices_that_contradict_no_rights(which: Price, rights: dict[str, str]) -> None:
    assert only("price_without_rights", record(SOLD_IN_GB, supply=[market(supply("20", which))], **rights)) == []


def test_supply_of_a_record_without_rights_goes_by_the_others() -> None:
    prices = [market(supply("20", price(territory=territory("GB US"))))]
    theirs = Said(None, prices, supplier="bolt")
    assert only("price_without_rights", record(SOLD_IN_GB, **NOWHERE_ELSE), theirs) == [
        ("US", "ProductSupply[1]/SupplyDetail[1]/Price[1]", "ROWSalesRightsType")
    ]


def test_a_country_without_a_price_beside_others_with_one() -> None:
    markets = [
        market(supply("20", price("9.99", "GBP", territory=territory("GB"))), market=territory("GB IE")),
        market(supply("20"), market=territory("US CA")),
    ]
    ours = record(right("02", inc="GB IE US"), supply=markets, **NOWHERE_ELSE)
    assert found(ours) == [("rights_without_price", "IE US", "ProductSupply[1]", "SalesRights[1]")]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(market(supply("20"), market=territory("US"), market_status="11"), id="a market withdrawn"),
        pytest.param(market(supply("46"), market=territory("US")), id="not available"),
        pytest.param(market(supply("20") | {"unpriced": "02"}, market=territory("US")), id="unpriced for a reason"),
        pytest.param(market(supply("20"), market=territory("FR")), id="no rights there"),
        pytest.param(
            market(supply("20"), market=territory("US"), market_restrictions=restrictions("06")), id="libraries only"
        ),
    ],
)
def test_countries_that_need_no_price(other: ProductSupply) -> None:
    priced = market(supply("20", price("9.99", "GBP")), market=territory("GB"))
    assert only("rights_without_price", record(right("02", inc="GB US"), supply=[priced, other], **NOWHERE_ELSE)) == []


def test_a_block_without_any_price_is_no_contradiction() -> None:
    assert found(record(SOLD_IN_GB, supply=[market(supply("20"))])) == []


def test_it_ends_before_it_is_published() -> None:
    dates = [dated("01", "20260501"), dated("13", "202604")]
    assert found(record(SOLD_IN_GB, dates=dates)) == [
        ("end_before_start", " ".join(sorted(EVERYWHERE)), "PublishingDate[2]", "PublishingDate[1]")
    ]


@pytest.mark.parametrize(
    ("published", "ended"),
    [("20260501", "20260501"), ("20260501", "202605"), ("2026", "20260101"), ("20260501T0100Z", "20260430")],
)
def test_dates_that_may_be_right(published: str, ended: str) -> None:
    """The same day; a month or year that may end later, or begin earlier; an instant that is another day elsewhere."""
    assert found(record(SOLD_IN_GB, dates=[dated("01", published), dated("13", ended)])) == []


def test_a_market_ends_before_the_general_publication() -> None:
    markets = [
        market(supply("20"), market=territory("GB"), market_dates=[dated("13", "20260401")]),
        market(
            supply("20"),
            market=territory("US"),
            market_dates=[dated("01", "20260301"), dated("13", "20260401")],
        ),
    ]
    assert found(record(SOLD_IN_GB, supply=markets, dates=[dated("01", "20260501")])) == [
        ("end_before_start", "GB", "ProductSupply[1]/MarketPublishingDetail/MarketDate[1]", "PublishingDate[1]")
    ]


def test_a_supplier_ends_before_it_begins() -> None:
    dates = [dated("50", "20260501"), dated("51", "20260401")]
    markets = [market(supply("20") | {"dates": dates}, market=territory("GB"))]
    path = "ProductSupply[1]/SupplyDetail[1]/SupplyDate"
    assert found(record(SOLD_IN_GB, supply=markets)) == [("end_before_start", "GB", f"{path}[2]", f"{path}[1]")]


def test_a_price_ends_before_it_begins() -> None:
    wrong = price("9.99", "GBP", territory=territory("GB IE"), dates=[dated("14", "20260501"), dated("15", "20260430")])
    spread = price("8.99", "GBP", territory=territory("IE"), dates=[dated("24", "2026050120260430", "06")])
    good = price("7.99", "GBP", territory=territory("GB"), dates=[dated("14", "20260501"), dated("15", "20260501")])
    ours = record(right("02", inc="GB IE"), supply=[market(supply("20", wrong, spread, good))])
    path = "ProductSupply[1]/SupplyDetail[1]/Price"
    assert found(ours) == [
        ("end_before_start", "GB IE", f"{path}[1]", f"{path}[1]"),
        ("end_before_start", "IE", f"{path}[2]", f"{path}[2]"),
    ]


def test_a_currency_nobody_knows() -> None:
    prices = [price("9.99", "EURO", territory=territory("DE AT")), price("9.99", None, territory=territory("FR"))]
    ours = record(right("02", inc="DE AT FR"), supply=[market(supply("20", *prices, price("9.99", "GBP")))])
    path = "ProductSupply[1]/SupplyDetail[1]/Price"
    assert found(ours) == [
        ("unknown_currency", "AT DE", f"{path}[1]", None),
        ("unknown_currency", "FR", f"{path}[2]", None),
    ]
    assert [one.example for one in contradictions(title(ours))] == ["AT", "FR"]
    assert [one.text for one in contradictions(title(ours))] == [
        "record acme-1 of acme states the amount 9.99 in EURO, which List 96 doesn't have",
        "record acme-1 of acme states the amount 9.99 in no currency",
    ]


def test_what_is_free_needs_no_currency() -> None:
    free = price(None, None, unpriced="01")
    assert found(record(SOLD_IN_GB, supply=[market(supply("20", free))])) == []


def told(one: Contradiction) -> Finding:
    """As a reading of one country tells it: without paths of rights, where they are those of the example alone."""
    place, other = one.one.voice or 0, one.other.voice if one.other else None
    if one.rule == "rights_clash":
        return (one.rule, place, one.one.path, other, one.other.path if one.other else None)
    is_told = one.rule != "rights_without_price" and (one.one.block == "supply" or one.rule == "end_before_start")
    with_other = one.other.path if one.other and one.other == one.one else ""
    return (one.rule, place, one.one.path if is_told else "", other, None if one.other is None else with_other)


@pytest.mark.slow
def test_every_country_is_exact() -> None:
    """Ten thousand statements and more: the same countries as country by country, each example among them."""
    drawn = Drawn(20260329)
    rules: set[str] = set()
    while drawn.statements < 10_000 or rules < set(RULES):
        records = drawn.records()
        wanted: dict[Finding, set[str]] = {}
        for country in ordered():
            for finding in set(of_country(records, country)):
                wanted.setdefault(finding, set()).add(country)
        got: dict[Finding, set[str]] = {}
        for one in contradictions(title(*records, state="live")):
            key = told(one)
            got.setdefault(key, set()).update(countries_of(one.countries))
            assert one.rule in {rule for rule, *_ in of_country(records, one.example)}
        assert got == wanted, records
        rules |= {rule for rule, *_ in wanted}
