"""Rights against AUDIOBOOKS 1.8, and against a second evaluator that asks for one country at a time."""

from __future__ import annotations

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bindery.catalogue.record import ProductSupply, Publishing, SalesRights, Territory
from bindery.trade.models import MODELS
from bindery.trade.rights import rights_of
from bindery.trade.territories import world
from tests.trade.builders import market, publishing, restrictions, right
from tests.trade.builders import territory as t
from tests.trade.one_country import allowed

WORLD = {country.alpha_2 for country in pycountry.countries}


def test_rights_for_the_world_are_known() -> None:
    rights = rights_of(publishing(right("01", reg="WORLD")), None)
    assert (rights.status, rights.sale, rights.subscription, rights.problems) == ("known", WORLD, WORLD, ())


def test_no_rights_are_none_and_allow_nothing() -> None:
    for block in (None, publishing()):
        assert rights_of(block, None).status == "none"
        assert rights_of(block, None).sale == set()


def test_a_country_named_beats_the_world() -> None:
    rights = rights_of(publishing(right("01", reg="WORLD"), right("03", inc="US")), None)
    assert rights.status == "known"
    assert rights.sale == WORLD - {"US"}


def test_the_rest_of_the_world_follows_its_type() -> None:
    assert rights_of(publishing(right("03", inc="US"), row="02"), None).sale == WORLD - {"US"}
    rights = rights_of(publishing(right("01", inc="GB IE"), row="06"), None)
    assert (rights.status, rights.sale) == ("known", {"GB", "IE"})


@pytest.mark.parametrize("row", [None, "00", "77"])
def test_uncovered_countries_are_not_sellable(row: str | None) -> None:
    rights = rights_of(publishing(right("01", reg="WORLD", exc="US CA"), row=row), None)
    assert rights.status == "incomplete"
    assert rights.sale == WORLD - {"US", "CA"}
    assert [(problem.slug, problem.countries) for problem in rights.problems] == [("uncovered", {"US", "CA"})]


def test_contradictions_deny_their_countries_and_name_them() -> None:
    rights = rights_of(publishing(right("01", inc="GB US"), right("03", inc="US MX"), row="03"), None)
    assert rights.status == "contradictory"
    assert rights.sale == {"GB"}
    assert [(problem.slug, problem.countries) for problem in rights.problems] == [("contradictory", {"US"})]


@pytest.mark.parametrize(
    "rights",
    [right("01", inc="UK IE"), right("01", inc="US, CA"), right("01", reg="WORLD CA-QC"), right("99", inc="US")],
)
def test_what_cannot_be_trusted_counts_as_contradictory(rights: SalesRights) -> None:
    assert rights_of(publishing(rights, row="03"), None).status == "contradictory"


def test_a_misspelt_country_that_is_not_for_sale_stays_unsold() -> None:
    rights = rights_of(publishing(right("01", reg="WORLD"), right("03", inc="UK")), None)
    assert "GB" not in rights.sale
    assert "IE" in rights.sale


def test_a_part_of_a_country_that_is_not_for_sale_takes_the_country() -> None:
    rights = rights_of(publishing(right("01", reg="WORLD"), right("03", reg="CA-QC")), None)
    assert rights.sale == WORLD - {"CA"}
    assert rights.status == "known"


def test_a_country_of_which_only_a_part_is_spoken_of_is_uncovered() -> None:
    rights = rights_of(publishing(right("01", reg="WORLD", exc="CA"), right("03", reg="CA-QC")), None)
    assert rights.status == "incomplete"
    assert rights.sale == WORLD - {"CA"}


def test_row_as_a_region_denies_but_never_grants() -> None:
    denied = rights_of(publishing(right("01", inc="US"), right("03", reg="ROW")), None)
    assert (denied.status, denied.sale) == ("known", {"US"})
    granted = rights_of(publishing(right("03", inc="US"), right("01", reg="ROW")), None)
    assert (granted.status, granted.sale) == ("incomplete", set())


@pytest.mark.parametrize(
    ("code", "models"),
    [
        ("06", "library"),
        ("09", "sale subscription credit"),
        ("12", "sale credit library"),
        ("13", "subscription"),
        ("15", "sale credit"),
        ("16", "sale subscription credit library"),
        ("19", "sale subscription credit library"),
        ("20", "sale credit library"),
        ("21", ""),
        ("23", "sale subscription credit library"),
        ("04", ""),
        ("00", ""),
        ("77", ""),
        ("99", "sale subscription credit library"),
    ],
)
def test_a_restriction_leaves_its_models(code: str, models: str) -> None:
    inside = publishing(right("01", code, inc="GB"), row="03")
    free_standing = publishing(right("01", inc="GB"), row="03", restrictions=restrictions(code))
    in_market = [market(market=t("GB"), market_restrictions=restrictions(code))]
    for rights in (
        rights_of(inside, None),
        rights_of(free_standing, None),
        rights_of(publishing(right("01", inc="GB"), row="03"), in_market),
    ):
        assert {model for model, countries in rights.allowed.items() if countries == {"GB"}} == set(models.split())
        assert {model for model, countries in rights.allowed.items() if not countries} == set(MODELS) - set(
            models.split()
        )


def test_a_restriction_concerns_the_countries_of_its_right_only() -> None:
    rights = rights_of(publishing(right("01", "12", inc="US"), right("01", inc="GB"), row="03"), None)
    assert (rights.sale, rights.subscription) == ({"US", "GB"}, {"GB"})


def test_a_restricted_right_without_its_restriction_allows_nothing() -> None:
    assert rights_of(publishing(right("07", inc="GB"), row="03"), None).sale == set()
    assert rights_of(publishing(right("07", "12", inc="GB"), row="03"), None).sale == {"GB"}


def test_markets_narrow_the_rights() -> None:
    block = publishing(right("01", reg="WORLD"))
    rights = rights_of(
        block, [market(market=t("GB IE")), market(market=t("US"), market_restrictions=restrictions("12"))]
    )
    assert (rights.sale, rights.subscription) == ({"GB", "IE", "US"}, {"GB", "IE"})
    assert rights_of(block, [market()]).sale == WORLD
    assert rights_of(block, [market(market=t("UK"))]).sale == set()


_COUNTRIES = ("GB", "US", "CA", "DE", "FR", "IM", "BG")
_REGIONS = ("WORLD", "CA-QC", "US-CA", "GB-SCT", "GB-IOM")
_LEAVES = ("06", "09", "12", "13", "15", "20", "21", "99")


def _codes(values: tuple[str, ...], size: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=size, unique=True)


_TERRITORIES = st.one_of(
    st.builds(
        Territory,
        countries_included=st.lists(st.sampled_from(_COUNTRIES), min_size=1, max_size=3, unique=True),
        regions_included=_codes(_REGIONS[1:], 1),
        countries_excluded=st.just([]),
        regions_excluded=_codes(_REGIONS[1:], 1),
    ),
    st.builds(
        Territory,
        countries_included=st.just([]),
        regions_included=st.one_of(st.just(["WORLD"]), st.lists(st.sampled_from(_REGIONS), min_size=1, max_size=3)),
        countries_excluded=_codes(_COUNTRIES, 2),
        regions_excluded=_codes(_REGIONS[1:], 1),
    ),
)
_RESTRICTIONS = st.lists(st.sampled_from(_LEAVES), max_size=2).map(lambda codes: restrictions(*codes))
_RIGHTS = st.builds(
    SalesRights,
    type=st.sampled_from(["01", "02", "03", "04", "05", "06", "07", "08"]),
    territory=_TERRITORIES,
    restrictions=_RESTRICTIONS,
)
_PUBLISHING = st.builds(
    lambda rights, row, everywhere: publishing(*rights, row=row, restrictions=everywhere),
    st.lists(_RIGHTS, max_size=4),
    st.sampled_from([None, "00", "01", "02", "03", "06", "07"]),
    _RESTRICTIONS,
)
_MARKETS = st.lists(
    st.builds(
        lambda where, codes: market(market=where, market_restrictions=codes),
        st.one_of(st.just(t()), _TERRITORIES),
        _RESTRICTIONS,
    ),
    max_size=2,
)


@settings(max_examples=400, deadline=None)
@given(_PUBLISHING, _MARKETS)
def test_rights_equal_those_of_one_country_at_a_time(block: Publishing, supply: list[ProductSupply]) -> None:
    rights = rights_of(block, supply)
    for country in (*_COUNTRIES, "JP"):
        models = {model for model, countries in rights.allowed.items() if country in countries}
        assert models == allowed(block, supply, country), country
    # A country that nothing names is like every other such country.
    rest = world() - set(_COUNTRIES)
    assert rights.sale & rest in (rest, set())


@given(_PUBLISHING)
def test_another_denial_never_widens_rights(block: Publishing) -> None:
    before = rights_of(block, None)
    denied: Publishing = {**block, "sales_rights": [*block["sales_rights"], right("03", inc="US")]}
    if not block["sales_rights"] and not block["row_sales_rights_type"]:
        return
    assert rights_of(denied, None).sale <= before.sale
    assert "US" not in rights_of(denied, None).sale
