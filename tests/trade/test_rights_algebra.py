"""The algebra of territories equals an evaluator that asks for one country at a time, over random expressions."""

from __future__ import annotations

from random import Random

import pytest

from bindery.catalogue.record import ProductSupply, Publishing, Restriction, SalesRights, Territory
from bindery.trade.codelists import codelist
from bindery.trade.rights import Verdict, contradictions, rights_of, stated_by, verdicts
from bindery.trade.territories import expand
from tests.trade.builders import market, publishing, restrictions, right
from tests.trade.builders import territory as t
from tests.trade.one_country import COUNTRIES, MODELS, Answer, Place, answer_where, place, within_markets

_LIST_91 = sorted(codelist("91"))
_LIST_49 = sorted(codelist("49"))
_NO_COUNTRIES = ("UK", "EL", "uk", "gb", "us", "AN", "CS", "YU", "XX", "Q", "US,CA", "GB;IE", "UK,IE", "AN,FR", "XX,DE")
_NO_REGIONS = (
    *["ROW"] * 5,
    "world",
    "us-ca",
    "US-XX",
    "EU",
    "GB",
    "WORLD,ROW",
    "CA-QC,CA-ON",
    "GB-IOM;ECZ",
    "ROW,CN-TW",
)
_TELLING = (
    *("WORLD", "ECZ", "CN-TW", "CN-71", "CN-HK", "CN-91", "CN-MO", "CN-92", "GB-IOM", "GB-CHA"),
    *("GB-SCT", "CA-QC", "US-CA"),
)
_FEW = ("GB", "US", "CA", "IE", "TW", "IM", "BG", "DE", "BQ")
_TYPES = ("01", "01", "01", "02", "02", "03", "03", "04", "05", "06", "07", "08", "00", "99", "")
_ROWS = (None, None, "", "00", "01", "02", "03", "04", "05", "06", "07", "08", "77")
_RESTRICTIONS = (*sorted(codelist("71")), "77", *("12", "13", "20", "06", "09", "15", "99") * 6)


def _some(random: Random, choices: tuple[str, ...] | list[str], most: int) -> list[str]:
    return [random.choice(choices) for _ in range(random.randint(0, most))]


def _countries(random: Random, most: int) -> list[str]:
    how = random.random()
    if how < 0.01:
        return random.sample(COUNTRIES, random.randint(100, 249))
    found = _some(random, _LIST_91 if how < 0.4 else _FEW, most)
    return found + ([random.choice(_NO_COUNTRIES)] if random.random() < 0.15 else [])


def _regions(random: Random, most: int) -> list[str]:
    found = _some(random, _LIST_49 if random.random() < 0.4 else _TELLING, most)
    return found + ([random.choice(_NO_REGIONS)] if random.random() < 0.1 else [])


def _territory(random: Random) -> Territory:
    """Of both forms that ONIX has, and of those that it has not."""
    how = random.random()
    world = random.random() < 0.5
    return Territory(
        countries_included=_countries(random, 4) if how < 0.5 or how > 0.85 else [],
        regions_included=["WORLD"] if world and how > 0.5 else _regions(random, 2) if random.random() < 0.5 else [],
        countries_excluded=_countries(random, 3) if how > 0.5 else [],
        regions_excluded=_regions(random, 2) if random.random() < 0.3 else [],
    )


def _restricted(random: Random) -> list[Restriction]:
    return restrictions(*_some(random, _RESTRICTIONS, 2)) if random.random() < 0.35 else []


def _statement(random: Random) -> SalesRights:
    return SalesRights(type=random.choice(_TYPES), territory=_territory(random), restrictions=_restricted(random))


def _expression(random: Random) -> tuple[Publishing, list[ProductSupply]]:
    block = publishing(
        *(_statement(random) for _ in range(random.choice((0, 1, 1, 2, 2, 3, 4, 6)))),
        row=random.choice(_ROWS),
        restrictions=_restricted(random) if random.random() < 0.3 else [],
    )
    markets = random.choice((0, 0, 1, 2))
    supply = [
        market(market=t() if random.random() < 0.2 else _territory(random), market_restrictions=_restricted(random))
        for _ in range(markets)
    ]
    return block, supply


_Places = dict[str, Place]


def _assert_expansion(one: Territory, places: _Places) -> None:
    expansion = expand(one)
    assert expansion.explicit == {country for country, at in places.items() if at == "named"}
    assert expansion.countries == {country for country, at in places.items() if at in ("named", "reached")}
    assert expansion.doubtful == {country for country, at in places.items() if at == "doubtful"}


def _assert_verdicts(found: tuple[Verdict, ...], expected: dict[str, Answer]) -> None:
    assert sum(len(one.countries) for one in found) == len(COUNTRIES)
    assert len({(one.code, one.statements, one.is_exclusive, one.refused) for one in found}) == len(found)
    assert list(found) == sorted(found, key=lambda one: (-len(one.countries), sorted(one.countries)))
    for one in found:
        for country in one.countries:
            asked = expected[country]
            assert (one.code, one.statements) == (asked.code, asked.statements)
            assert (one.is_exclusive, one.refused) == (asked.is_exclusive, asked.refused)


def _assert_contradictions(block: Publishing, expected: dict[str, Answer]) -> None:
    clashing: dict[tuple[int, int], set[str]] = {}
    for country, asked in expected.items():
        for pair in asked.clashes:
            clashing.setdefault(pair, set()).add(country)
    found = contradictions(stated_by(block))
    assert {(one.granting, one.denying): one.countries for one in found} == clashing
    assert len(found) == len(clashing)
    for one in found:
        _assert_example(block, one.granting, one.denying, one.example)
        assert one.example in one.countries


def _assert_example(block: Publishing, granting: int, denying: int, example: str) -> None:
    """It is granted by the one and denied by the other on one level, and nothing on a higher one speaks of it."""
    rights = block["sales_rights"]
    levels = {place(rights[at]["territory"], example) for at in (granting, denying)}
    assert rights[granting]["type"] in ("01", "02", "07", "08")
    assert rights[denying]["type"] not in ("01", "02", "07", "08")
    assert levels in ({"named"}, {"reached"})
    if levels == {"reached"}:
        assert "named" not in {place(one["territory"], example) for one in rights}


def _placed(territories: list[Territory]) -> list[_Places]:
    placed = [{country: place(one, country) for country in COUNTRIES} for one in territories]
    for one, places in zip(territories, placed, strict=True):
        _assert_expansion(one, places)
    return placed


def _assert_equal(block: Publishing, supply: list[ProductSupply]) -> None:
    placed = _placed([one["territory"] for one in block["sales_rights"]])
    in_markets = _placed([one["market"] for one in supply])
    expected = {country: answer_where(block, [one[country] for one in placed]) for country in COUNTRIES}
    inside = {
        country: within_markets(asked.models, supply, [one[country] for one in in_markets])
        for country, asked in expected.items()
    }
    rights, narrowed = rights_of(block, None), rights_of(block, supply)
    for model in MODELS:
        assert rights.allowed[model] == {country for country, asked in expected.items() if model in asked.models}
        assert narrowed.allowed[model] == {country for country, models in inside.items() if model in models}
    _assert_verdicts(verdicts(stated_by(block)), expected)
    _assert_contradictions(block, expected)


def _check(seeds: range) -> set[str]:
    """Checks an expression a seed; returns the codes that came up."""
    codes: set[str] = set()
    for seed in seeds:
        block, supply = _expression(Random(seed))  # noqa: S311 - a test's
        try:
            _assert_equal(block, supply)
        except AssertionError as error:
            error.add_note(f"seed {seed}: {block['sales_rights']}, {block['row_sales_rights_type']}, {supply}")
            raise
        codes |= {one.code for one in verdicts(stated_by(block))}
    return codes


_CODES = {
    "granted", "not_for_sale", "contradictory", "doubtful", "uncovered", "restriction_unstated", "unstated",
}  # fmt: skip


def test_the_algebra_equals_a_brute_force_evaluator_over_all_countries() -> None:
    assert _check(range(200)) == _CODES


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(10))
def test_the_algebra_equals_a_brute_force_evaluator_in_ten_thousand_expressions(batch: int) -> None:
    assert _check(range(1_000 + 1_000 * batch, 2_000 + 1_000 * batch)) == _CODES


def _said(block: Publishing) -> dict[str, tuple[str, tuple[int, ...], bool]]:
    """Code, statements and exclusivity of the smallest sets, by their countries."""
    found = verdicts(stated_by(block))[1:]
    return {" ".join(sorted(one.countries)): (one.code, one.statements, one.is_exclusive) for one in found}


def test_a_verdict_names_the_statements_that_decide() -> None:
    block = publishing(
        right("01", inc="GB IE"), right("02", inc="IE FR DE"), right("03", inc="DE"), right("04", reg="CA-QC"),
        right("02", inc="CA"), right("08", inc="NO"), row="06",
    )  # fmt: skip
    first, *_ = verdicts(stated_by(block))
    assert (first.code, first.statements, len(first.countries)) == ("not_for_sale", (-1,), 249 - 6)
    assert _said(block) == {
        "CA": ("doubtful", (3,), False),
        "DE": ("contradictory", (1, 2), False),
        "FR": ("granted", (1,), False),
        "GB": ("granted", (0,), True),
        "IE": ("granted", (0, 1), True),
        "NO": ("restriction_unstated", (5,), False),
    }


def test_rest_of_the_world_is_a_statement_too() -> None:
    (granted, denied) = verdicts(stated_by(publishing(right("03", inc="US"), row="01")))
    assert (granted.code, granted.statements, granted.is_exclusive) == ("granted", (-1,), True)
    assert (denied.countries, denied.statements) == ({"US"}, (0,))
    (rest, _) = verdicts(stated_by(publishing(right("01", inc="US"), row="00")))
    assert (rest.code, rest.statements) == ("uncovered", (-1,))
    (rest, _) = verdicts(stated_by(publishing(right("01", inc="US"))))
    assert (rest.code, rest.statements) == ("uncovered", ())
    (rest, _) = verdicts(stated_by(publishing(right("01", inc="US"), right("03", reg="ROW"))))
    assert (rest.code, rest.statements) == ("not_for_sale", (1,))
    (rest, _) = verdicts(stated_by(publishing(right("01", inc="US"), right("03", reg="ROW"), row="02")))
    assert (rest.code, rest.statements) == ("not_for_sale", (1,))


def test_nothing_stated_is_said_of_the_whole_world() -> None:
    (one,) = verdicts(stated_by(publishing(restrictions=restrictions("12"))))
    assert (one.code, one.statements, len(one.countries)) == ("unstated", (), 249)


def test_a_refusal_names_its_restriction_and_where_it_is() -> None:
    block = publishing(right("03", inc="US"), right("02", "20", reg="WORLD"), restrictions=restrictions("09"))
    granted, denied = verdicts(stated_by(block))
    assert granted.refused == (("library", "09", -1), ("subscription", "20", 1))
    assert denied.refused == ()


def test_each_pair_that_clashes_is_a_contradiction_of_its_own() -> None:
    block = publishing(
        right("01", inc="GB US"), right("03", inc="US MX GB"), right("06", inc="US"), right("02", inc="FR"), row="03"
    )
    found = contradictions(stated_by(block))
    assert [(one.countries, one.granting, one.denying, one.example) for one in found] == [
        ({"GB", "US"}, 0, 1, "GB"),
        ({"US"}, 0, 2, "US"),
    ]


def test_what_a_name_decides_is_no_contradiction_of_regions() -> None:
    block = publishing(right("01", reg="WORLD"), right("03", reg="GB-IOM GB-CHA"), right("03", inc="IM"))
    (found,) = contradictions(stated_by(block))
    assert (found.countries, found.granting, found.denying, found.example) == ({"GG", "JE"}, 0, 1, "GG")
