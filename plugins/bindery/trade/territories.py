"""Territories as ISO countries (Lists 49 and 91; AUDIOBOOKS 1.8, failure 15, rule Q3).

We offer by whole country. A part of a country therefore can't be granted without the rest, and taking a part away
takes the country away. A code that can't be read grants nothing; where it would take something away, it takes away all
that it may mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce

import pycountry

from bindery.catalogue.facts import RightsStatus
from bindery.catalogue.record import ProductSupply, Publishing, Restriction, SalesRights, Territory
from bindery.trade.codelists import codelist
from bindery.trade.restrictions import Models, models_left

WORLD = "WORLD"
ROW = "ROW"

_NONE: frozenset[str] = frozenset()
_ECZ = frozenset(
    {"AD", "AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT"}
    | {"LT", "LU", "LV", "MC", "ME", "MT", "NL", "PT", "SI", "SK", "SM", "VA"}
)
"""Eurozone as issue 68 spells it out; Kosovo has no ISO code."""
_ECZ_SINCE = frozenset({"BG"})
"""Joined on 2026-01-01, after issue 68: may be meant."""
_REGIONS_THAT_ARE_COUNTRIES = {
    "CN-TW": frozenset({"TW"}),
    "CN-71": frozenset({"TW"}),
    "CN-HK": frozenset({"HK"}),
    "CN-91": frozenset({"HK"}),
    "CN-MO": frozenset({"MO"}),
    "CN-92": frozenset({"MO"}),
    "GB-IOM": frozenset({"IM"}),
    "GB-CHA": frozenset({"GG", "JE"}),
}
"""Regions of List 49 for which List 91 has countries of their own."""
_FORMER = {"AN": frozenset({"BQ", "CW", "SX"}), "CS": frozenset({"RS", "ME"}), "YU": frozenset({"RS", "ME"})}
"""Deprecated codes of List 91, and what replaced them."""
_MISTAKEN = {"UK": frozenset({"GB"}), "EL": frozenset({"GR"})}
"""Not ISO, but plain enough to know what they mean."""


@cache
def world() -> frozenset[str]:
    """Every ISO 3166-1 alpha-2 country."""
    return frozenset(country.alpha_2 for country in pycountry.countries)


@dataclass(frozen=True)
class Expansion:
    """What a territory means.

    Attributes:
        countries: Countries wholly and certainly inside.
        problems: Slugs, sorted: ``unknown_country:XX``, ``unknown_region:XX``, ``former_country:AN``,
            ``partial_country:US-CA``, ``comma``, ``row_region``, ``world_with_regions``, ``nothing_included``,
            ``included_and_excluded:XX``.
        explicit: Those of ``countries`` that are named as countries, not reached through a region.
        doubtful: Countries that are inside in part, or that an unreadable code may mean. Never in ``countries``.
    """

    countries: frozenset[str]
    problems: tuple[str, ...] = ()
    explicit: frozenset[str] = _NONE
    doubtful: frozenset[str] = _NONE


@dataclass(frozen=True)
class Codes:
    """Codes of one element: countries surely meant, perhaps meant, and what is wrong (see ``Expansion.problems``)."""

    sure: frozenset[str] = _NONE
    perhaps: frozenset[str] = _NONE
    problems: frozenset[str] = _NONE

    def __or__(self, other: Codes) -> Codes:
        return Codes(self.sure | other.sure, self.perhaps | other.perhaps, self.problems | other.problems)


def _country(code: str) -> Codes:
    if code in world():
        return Codes(sure=frozenset({code}))
    if code in _FORMER:
        return Codes(perhaps=_FORMER[code], problems=frozenset({f"former_country:{code}"}))
    meant = code.upper()
    perhaps = frozenset({meant}) if meant in world() else _MISTAKEN.get(meant, world())
    return Codes(perhaps=perhaps, problems=frozenset({f"unknown_country:{code}"}))


def _region(code: str) -> Codes:
    if code == WORLD:
        return Codes(sure=world())
    if code == "ECZ":
        return Codes(sure=_ECZ, perhaps=_ECZ_SINCE)
    if code == ROW:
        return Codes(problems=frozenset({"row_region"}))
    if code in _REGIONS_THAT_ARE_COUNTRIES:
        return Codes(sure=_REGIONS_THAT_ARE_COUNTRIES[code])
    parent = code.upper().partition("-")[0]
    inside = frozenset({parent}) if parent in world() else world()
    known = code in codelist("49")
    return Codes(perhaps=inside, problems=frozenset({f"{'partial_country' if known else 'unknown_region'}:{code}"}))


def read_codes(values: Iterable[str], *, regions: bool) -> Codes:
    """Codes of one element. What a comma joins is legible, but the statement as a whole is not to be trusted."""
    codes = Codes()
    for value in values:
        for code in re.split(r"[,;\s]+", value):
            if code:
                read = _region(code) if regions else _country(code)
                if re.search(r"[,;]", value):
                    read = Codes(perhaps=read.sure | read.perhaps, problems=read.problems | {"comma"})
                codes |= read
    return codes


def _included(territory: Territory) -> tuple[Codes, Codes]:
    """Included countries and regions. Regions beside WORLD are in doubt: they should not be there (rule Q3)."""
    regions = territory["regions_included"]
    countries = read_codes(territory["countries_included"], regions=False)
    others = read_codes([code for code in regions if code != WORLD], regions=True)
    if WORLD not in regions:
        return countries, others
    beside = any(code not in (WORLD, ROW) for code in regions)
    return countries, Codes(
        sure=world() - others.sure - others.perhaps,
        perhaps=others.sure | others.perhaps,
        problems=others.problems | ({"world_with_regions"} if beside else _NONE),
    )


def is_stated(territory: Territory) -> bool:
    """Whether a territory says anything at all."""
    return any((*territory["countries_included"], *territory["regions_included"], *_exclusions(territory)))


def _exclusions(territory: Territory) -> list[str]:
    return [*territory["countries_excluded"], *territory["regions_excluded"]]


def expand(territory: Territory) -> Expansion:
    """The countries a territory means.

    Included countries and regions, minus excluded ones. A part of a country (US-CA, CA-QC, GB-SCT) doesn't include the
    country; excluding one excludes it. Regions that have a country code of their own (CN-TW, GB-IOM) are that country.
    Codes that can't be read, and ROW, include nothing; excluding one excludes whatever it may mean, for a code that
    resembles none all countries.

    Args:
        territory: Codes as sent, split at white space.

    Returns:
        Countries, problems, and what is in doubt; empty for a territory that says nothing.
    """
    by_name, by_region = _included(territory)
    excluded = read_codes(territory["countries_excluded"], regions=False) | read_codes(
        territory["regions_excluded"], regions=True
    )
    problems = by_name.problems | by_region.problems | excluded.problems
    both = by_name.sure & read_codes(territory["countries_excluded"], regions=False).sure
    problems |= {f"included_and_excluded:{code}" for code in both}
    if _exclusions(territory) and not (territory["countries_included"] or territory["regions_included"]):
        problems |= {"nothing_included"}
        return Expansion(_NONE, tuple(sorted(problems)), doubtful=world() - excluded.sure)
    sure = (by_name.sure | by_region.sure) - excluded.sure - excluded.perhaps
    # A country partly excluded stays partly inside, and one both included and excluded may be either.
    perhaps = ((by_name.perhaps | by_region.perhaps) - excluded.sure) | both
    perhaps |= (by_name.sure | by_region.sure) & (excluded.perhaps - excluded.sure)
    return Expansion(
        countries=sure,
        problems=tuple(sorted(problems)),
        explicit=by_name.sure & sure,
        doubtful=perhaps - sure,
    )


GRANTS = frozenset({"01", "02", "07", "08"})
DENIALS = frozenset({"03", "04", "05", "06"})
"""List 46: for sale, not for sale."""
WITH_RESTRICTION = frozenset({"07", "08"})
UNCONDITIONAL = frozenset({"01", "02"})
"""List 46: for sale, exclusively or not, without a restriction; for the rest of the world there can be none but a
free-standing one."""
UNTRUSTWORTHY = ("unknown_country:", "unknown_region:", "unknown_type:", "comma", "world_with_regions", "included_and")


@dataclass(frozen=True)
class RightsProblem:
    """What is wrong with rights, and which countries it may concern.

    Attributes:
        slug: One of ``Expansion.problems`` (for a market's territory after ``market:``), or ``contradictory``,
            ``uncovered``, ``unknown_type:XX``, ``restriction_unstated``, ``outside_markets``.
        countries: ISO 3166-1 alpha-2 codes.
    """

    slug: str
    countries: frozenset[str]


@dataclass(frozen=True)
class Rights:
    """Where a record allows what.

    Attributes:
        status: ``known``: every country has an answer. ``none``: nothing is stated. ``contradictory``: a country is
            both for sale and not, or a statement can't be trusted (rule Q3). ``incomplete``: countries are left
            without an answer (rule Q4).
        sale: Countries where it may be sold title by title.
        subscription: Countries where it may be offered in a subscription.
        problems: Sorted by slug.
    """

    status: RightsStatus
    sale: frozenset[str]
    subscription: frozenset[str]
    problems: tuple[RightsProblem, ...] = ()


@dataclass(frozen=True)
class _Statement:
    """One SalesRights, read."""

    type: str
    expansion: Expansion
    models: Models
    is_row: bool

    @property
    def grants(self) -> bool:
        return self.type in GRANTS

    def problems(self) -> list[RightsProblem]:
        found = [RightsProblem(slug, self.expansion.doubtful) for slug in self.expansion.problems]
        if self.type not in GRANTS | DENIALS:
            found.append(RightsProblem(f"unknown_type:{self.type}", self.expansion.countries))
        return found


def _statement(rights: SalesRights) -> _Statement:
    return _Statement(
        type=rights["type"],
        expansion=expand(rights["territory"]),
        models=models_left(rights["restrictions"]),
        is_row=ROW in rights["territory"]["regions_included"],
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return reduce(frozenset.union, sets, _NONE)


def _level(statements: list[_Statement], *, explicit: bool) -> tuple[list[tuple[_Statement, frozenset[str]]], ...]:
    """Grants and denials of one level with their countries: named as countries, or reached through a region."""

    def countries(one: _Statement) -> frozenset[str]:
        named = one.expansion.explicit
        return named if explicit else one.expansion.countries - named

    grants = [(one, countries(one)) for one in statements if one.grants]
    denials = [(one, countries(one)) for one in statements if not one.grants]
    return grants, denials


@dataclass
class _Verdicts:
    """Countries decided so far, level by level."""

    sale: frozenset[str] = _NONE
    subscription: frozenset[str] = _NONE
    decided: frozenset[str] = _NONE
    contradictory: frozenset[str] = _NONE

    def decide(self, statements: list[_Statement], *, explicit: bool) -> None:
        grants, denials = _level(statements, explicit=explicit)
        granted = _union(where for _, where in grants) - self.decided
        denied = _union(where for _, where in denials) - self.decided
        self.contradictory |= granted & denied
        allowed = granted - denied
        # Where several statements grant, what one of them restricts is restricted.
        self.sale |= allowed - _union(where for one, where in grants if not one.models.sale)
        self.subscription |= allowed - _union(where for one, where in grants if not one.models.subscription)
        self.decided |= granted | denied


def _unstated(statement: _Statement, rights: SalesRights, everywhere: list[Restriction]) -> bool:
    return statement.type in WITH_RESTRICTION and not rights["restrictions"] and not everywhere


def _of_publishing(publishing: Publishing) -> Rights:
    row_type = publishing["row_sales_rights_type"]
    everywhere = models_left(publishing["restrictions"])
    verdicts = _Verdicts()
    statements = [_statement(rights) for rights in publishing["sales_rights"]]
    problems = [problem for one in statements for problem in one.problems()]
    unstated = _union(
        one.expansion.countries
        for one, rights in zip(statements, publishing["sales_rights"], strict=True)
        if _unstated(one, rights, publishing["restrictions"])
    )
    verdicts.decide(statements, explicit=True)
    verdicts.decide(statements, explicit=False)
    doubtful = _union(one.expansion.doubtful for one in statements if not one.grants)
    rest = world() - verdicts.decided
    rest_is_denied = row_type in DENIALS or any(one.is_row and one.type in DENIALS for one in statements)
    rest_is_granted = row_type in (GRANTS if publishing["restrictions"] else UNCONDITIONAL) and not rest_is_denied
    sale, subscription = verdicts.sale, verdicts.subscription
    if rest_is_granted:
        sale, subscription = sale | rest, subscription | rest
    status: RightsStatus = "known"
    if rest and not rest_is_granted and not rest_is_denied:
        problems.append(RightsProblem("uncovered", rest))
        status = "incomplete"
    if unstated:
        problems.append(RightsProblem("restriction_unstated", unstated))
    if verdicts.contradictory:
        problems.append(RightsProblem("contradictory", verdicts.contradictory))
    if verdicts.contradictory or any(problem.slug.startswith(UNTRUSTWORTHY) for problem in problems):
        status = "contradictory"
    refused = doubtful | unstated
    return Rights(
        status=status,
        sale=sale - refused if everywhere.sale else _NONE,
        subscription=subscription - refused if everywhere.subscription else _NONE,
        problems=_sorted(problems),
    )


def _sorted(problems: Iterable[RightsProblem]) -> tuple[RightsProblem, ...]:
    countries: dict[str, frozenset[str]] = {}
    for problem in problems:
        countries[problem.slug] = countries.get(problem.slug, _NONE) | problem.countries
    return tuple(RightsProblem(slug, countries[slug]) for slug in sorted(countries))


def _narrowed(rights: Rights, supply: list[ProductSupply]) -> Rights:
    """Rights within the markets supplied. A market that names no territory is the whole area of the rights."""
    supplied = sale_refused = subscription_refused = _NONE
    problems = list(rights.problems)
    for one in supply:
        market = expand(one["market"]) if is_stated(one["market"]) else Expansion(world())
        models = models_left(one["market_restrictions"])
        reach = market.countries | market.doubtful
        supplied |= market.countries
        sale_refused |= _NONE if models.sale else reach
        subscription_refused |= _NONE if models.subscription else reach
        problems += [RightsProblem(f"market:{slug}", market.doubtful) for slug in market.problems]
    outside = (rights.sale | rights.subscription) - supplied
    if outside:
        problems.append(RightsProblem("outside_markets", outside))
    return Rights(
        status=rights.status,
        sale=(rights.sale & supplied) - sale_refused,
        subscription=(rights.subscription & supplied) - subscription_refused,
        problems=_sorted(problems),
    )


def rights_of(publishing: Publishing | None, supply: list[ProductSupply] | None) -> Rights:
    """Where a record allows sale and subscription (AUDIOBOOKS 1.8).

    For each country: what names the country decides; else what reaches it through a region or WORLD; else
    ROWSalesRightsType; else it is unknown, and not allowed. For and against on one level contradict each other: not
    allowed. Restrictions (List 71) of a SalesRights, free-standing ones and those of a market take away sale,
    subscription or both; a right that says it is restricted (07, 08) without saying how allows nothing.

    Args:
        publishing: Block 4.
        supply: Block 6, to narrow the rights to the markets supplied; None or empty leaves them as they are. Facts
            pass None, because a fact depends on one block only.

    Returns:
        The rights, with what is wrong about them.
    """
    if publishing is None or not (publishing["sales_rights"] or publishing["row_sales_rights_type"]):
        return Rights("none", _NONE, _NONE)
    rights = _of_publishing(publishing)
    return _narrowed(rights, supply) if supply else rights
