"""Misuses of territories and sales rights in words: the codes, and the countries they touch (rules Q3 and Q4).

Senders state rights in a few ways and repeat them, so each way is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast

import pyarrow as pa

from bindery.catalogue.columns import field, items, lists_of, whole
from bindery.catalogue.record import ProductSupply, Publishing, SalesRights, Territory
from bindery.trade.rights import (
    UNTRUSTWORTHY,
    WITH_RESTRICTION,
    Contradiction,
    RightsProblem,
    contradictions,
    rights_of,
    stated_by,
)
from bindery.trade.territories import ROW, WORLD, world

if TYPE_CHECKING:
    from bindery.catalogue.distinct import Distinct

MISUSES: Final = (
    "unknown_country",
    "unknown_region",
    "former_country",
    "partial_country",
    "comma",
    "row_region",
    "world_with_regions",
    "nothing_included",
    "included_and_excluded",
    "unknown_type",
    "restriction_unstated",
    "outside_markets",
)
"""Columns of the judge's frame: null where a record is free of it."""

_IN_MARKET = "market:"
_NAMED = 5
"""Countries, codes and pairs of statements that a text names; the rest are counted."""


class _Market(TypedDict):
    """A ``ProductSupply``, as far as it narrows rights; its lists are None where a test states nothing."""

    market: Territory | None
    market_restrictions: list[Any] | None


class _Said(TypedDict):
    """What is to say of the rights of a record."""

    misuses: dict[str, str]
    clashes: str
    uncovered: str


def misuses(publishing: pa.ChunkedArray, supply: pa.ChunkedArray) -> dict[str, pa.Array]:
    """The misuses in some records.

    Args:
        publishing: Block 4 of each record.
        supply: Block 6.

    Returns:
        For each of ``MISUSES`` a column of texts that name codes and countries.
    """
    answers, codes = _said(publishing, supply)
    texts = {name: pa.array([one["misuses"].get(name) for one in answers], pa.string()) for name in MISUSES}
    return {name: of_answers.take(pa.array(codes)) for name, of_answers in texts.items()}


def clashes(records: pa.Table) -> list[str]:
    """Of records, why their rights are contradictory: which statements clash where, or what can't be trusted."""
    answers, codes = _said(records["publishing"], records["supply"])
    return [answers[code]["clashes"] for code in codes]


def uncovered(records: pa.Table) -> list[str]:
    """Of records, the countries that their rights leave without an answer."""
    answers, codes = _said(records["publishing"], records["supply"])
    return [answers[code]["uncovered"] for code in codes]


def _said(publishing: pa.ChunkedArray, supply: pa.ChunkedArray) -> tuple[list[_Said], Any]:
    block = whole(publishing)
    markets = items(whole(supply))
    names = ["market", "market_restrictions"]
    narrow = pa.StructArray.from_arrays([markets[name] for name in names], names)
    rights = [field(block, name) for name in ("sales_rights", "row_sales_rights_type", "restrictions")]
    return _remembered()(*rights, lists_of(narrow, markets.rows, len(block)))


def _say(rights: list[Any] | None, row: str | None, restrictions: list[Any] | None, markets: list[_Market]) -> _Said:
    publishing = cast(
        "Publishing",
        {"sales_rights": rights or [], "row_sales_rights_type": row, "restrictions": restrictions or []},
    )
    supply = [
        {"market": one["market"], "market_restrictions": one["market_restrictions"] or []}
        for one in markets
        if one["market"]
    ]
    problems = rights_of(publishing, cast("list[ProductSupply]", supply)).problems
    found: dict[str, list[str]] = {}
    for name, where, group in _grouped(problems):
        codes = _codes_of(name, group, publishing["sales_rights"], _territories(publishing, supply, where))
        touched = frozenset[str]().union(*(one.countries for one in group))
        said = f"{codes} in a market" if where else codes
        found.setdefault(name, []).append(f"{said} (touches {_countries(touched)})" if said else _countries(touched))
    said_of = {name: "; ".join(texts) for name, texts in found.items()}
    return _Said(
        misuses=said_of,
        clashes=_clashing(contradictions(stated_by(publishing)), publishing["sales_rights"], problems),
        uncovered=said_of.get("uncovered", _countries([])),
    )


@cache
def _remembered() -> Distinct[_Said]:
    from bindery.catalogue.distinct import Distinct  # noqa: PLC0415 - the registry must not load pandas, as it does

    return Distinct(_say)


def _grouped(problems: Iterable[RightsProblem]) -> Iterator[tuple[str, str, list[RightsProblem]]]:
    """Problems by their kind, each with whether a market has it, in order."""
    groups: dict[tuple[str, str], list[RightsProblem]] = {}
    for problem in problems:
        slug = problem.slug.removeprefix(_IN_MARKET)
        where = _IN_MARKET if slug != problem.slug else ""
        groups.setdefault((slug.partition(":")[0], where), []).append(problem)
    for (name, where), group in sorted(groups.items()):
        yield name, where, group


def _territories(publishing: Publishing, supply: list[dict[str, Any]], where: str) -> list[Territory]:
    if where:
        return [one["market"] for one in supply]
    return [one["territory"] for one in publishing["sales_rights"]]


def _codes_of(name: str, problems: list[RightsProblem], rights: list[SalesRights], territories: list[Territory]) -> str:
    """The codes that a misuse is about; empty where it is about none."""
    named = [slug.partition(":")[2] for slug in (one.slug.removeprefix(_IN_MARKET) for one in problems)]
    if name == "comma":
        named = [value for one in territories for values in _lists(one) for value in values if re.search("[,;]", value)]
    elif name == "row_region":
        named = [ROW]
    elif name == "world_with_regions":
        mixed = [one["regions_included"] for one in territories if WORLD in one["regions_included"]]
        named = [code for codes in mixed for code in codes if code not in (WORLD, ROW)]
    elif name == "nothing_included":
        without = [one for one in territories if not (one["countries_included"] or one["regions_included"])]
        named = [code for one in without for code in (*one["countries_excluded"], *one["regions_excluded"])]
    elif name == "restriction_unstated":
        named = [one["type"] for one in rights if one["type"] in WITH_RESTRICTION and not one["restrictions"]]
    return _few([code for code in dict.fromkeys(named) if code])


def _lists(territory: Territory) -> tuple[list[str], ...]:
    return (
        territory["countries_included"],
        territory["regions_included"],
        territory["countries_excluded"],
        territory["regions_excluded"],
    )


def _few(texts: list[str], between: str = ", ") -> str:
    """Some texts; those beyond the first few are counted."""
    more = len(texts) - _NAMED
    return between.join(texts) if more <= 0 else f"{between.join(texts[:_NAMED])} and {more:,} more"


def _countries(countries: Iterable[str]) -> str:
    named = sorted(countries)
    if len(named) == len(world()):
        return "every country"
    return _few(named) or "no country"


def _clashing(found: tuple[Contradiction, ...], rights: list[SalesRights], problems: Iterable[RightsProblem]) -> str:
    """Statements are counted from 1, as people do."""
    if found:
        pairs = [
            f"SalesRights {one.granting + 1} (type {rights[one.granting]['type']}) allows and SalesRights"
            f" {one.denying + 1} (type {rights[one.denying]['type']}) denies {_countries(one.countries)}"
            for one in found
        ]
        return _few(pairs, "; ")
    slugs = [one.slug for one in problems if one.slug.startswith(UNTRUSTWORTHY)]
    return f"it isn't certain what they mean ({_few(slugs) or 'nothing is at hand'})"
