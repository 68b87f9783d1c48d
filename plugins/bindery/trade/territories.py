"""Territories as ISO countries (Lists 49 and 91; AUDIOBOOKS 1.8, failure 15, rule Q3).

We offer by whole country. A part of a country therefore can't be granted without the rest, and taking a part away
takes the country away. A code that can't be read grants nothing; where it would take something away, it takes away all
that it may mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import pycountry

from bindery.catalogue.record import Territory
from bindery.trade.codelists import codelist

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


def _union(codes: Iterable[Codes]) -> Codes:
    # Lists of two hundred countries are common, so the sets grow in place.
    sure, perhaps, problems = set[str](), set[str](), set[str]()
    for one in codes:
        sure |= one.sure
        perhaps |= one.perhaps
        problems |= one.problems
    return Codes(frozenset(sure), frozenset(perhaps), frozenset(problems))


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


@lru_cache(maxsize=10_000)
def _read(value: str, *, regions: bool) -> Codes:
    """One value as sent. What a comma joins is legible, but the statement as a whole is not to be trusted."""
    read = _union((_region if regions else _country)(code) for code in re.split(r"[,;\s]+", value) if code)
    if re.search(r"[,;]", value) and read != Codes():
        return Codes(perhaps=read.sure | read.perhaps, problems=read.problems | {"comma"})
    return read


def read_codes(values: Iterable[str], *, regions: bool) -> Codes:
    """Codes of one element: of CountriesIncluded, or with ``regions`` of RegionsIncluded, and so for the excluded."""
    return _union(_read(value, regions=regions) for value in values)


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
