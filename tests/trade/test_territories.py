from __future__ import annotations

import pytest
from bindery.catalogue.record import Territory
from bindery.trade.territories import expand, world

from tests.trade.builders import territory as t


def test_the_world_is_iso_3166() -> None:
    assert len(world()) == 249
    assert {"GB", "US", "TW", "AQ"} <= world()
    assert not {"UK", "AN", "XK", "EU"} & world()


@pytest.mark.parametrize(
    ("territory", "countries", "problems"),
    [
        (t("GB IE"), {"GB", "IE"}, ()),
        (t("FR", reg="GB-SCT"), {"FR"}, ("partial_country:GB-SCT",)),
        (t(reg="CA-QC"), set(), ("partial_country:CA-QC",)),
        (t("CA US", rexc="CA-QC"), {"US"}, ("partial_country:CA-QC",)),
        (t("US", reg="US-CA"), {"US"}, ("partial_country:US-CA",)),
        (t(reg="CN-TW CN-91"), {"TW", "HK"}, ()),
        (t(reg="GB-CHA GB-IOM"), {"GG", "JE", "IM"}, ()),
        (t("UK IE"), {"IE"}, ("unknown_country:UK",)),
        (t("us IE"), {"IE"}, ("unknown_country:us",)),
        (t("AN IE"), {"IE"}, ("former_country:AN",)),
        (t("US, CA"), {"CA"}, ("comma",)),
        (t("US,CA MX"), {"MX"}, ("comma",)),
        (t("US", reg="ROW"), {"US"}, ("row_region",)),
        (t("US", reg="XX"), {"US"}, ("unknown_region:XX",)),
        (t("US CA", exc="US"), {"CA"}, ("included_and_excluded:US",)),
        (t(exc="US"), set(), ("nothing_included",)),
        (t(), set(), ()),
    ],
)
def test_a_territory_is_a_set_of_countries(
    territory: Territory, countries: set[str], problems: tuple[str, ...]
) -> None:
    expansion = expand(territory)
    assert expansion.countries == countries
    assert expansion.problems == problems


def test_the_world_and_what_is_taken_out_of_it() -> None:
    assert expand(t(reg="WORLD")).countries == world()
    assert expand(t(reg="WORLD", exc="US CA")).countries == world() - {"US", "CA"}
    assert expand(t(reg="WORLD", rexc="CA-QC")).countries == world() - {"CA"}
    assert expand(t(reg="WORLD", exc="UK")).countries == world() - {"GB"}
    assert expand(t(reg="WORLD", exc="AN")).countries == world() - {"BQ", "CW", "SX"}


def test_an_exclusion_that_resembles_nothing_excludes_all() -> None:
    assert expand(t(reg="WORLD", exc="QQ")).countries == set()


def test_regions_beside_world_are_in_doubt() -> None:
    expansion = expand(t(reg="WORLD CA-QC"))
    assert expansion.countries == world() - {"CA"}
    assert expansion.doubtful == {"CA"}
    assert "world_with_regions" in expansion.problems


def test_the_eurozone_of_issue_68() -> None:
    expansion = expand(t(reg="ECZ"))
    assert len(expansion.countries) == 25
    assert {"DE", "HR", "MC", "VA"} <= expansion.countries
    assert not {"DK", "BG", "CH"} & expansion.countries
    assert expansion.doubtful == {"BG"}


def test_what_is_named_is_told_apart_from_what_a_region_reaches() -> None:
    expansion = expand(t("US", reg="GB-IOM"))
    assert expansion.explicit == {"US"}
    assert expansion.countries == {"US", "IM"}
