"""Sales rights: which models a record allows in which countries (Lists 46 and 71; AUDIOBOOKS 1.8, rules Q3 and Q4).

For each country: what names the country decides; else what reaches it through a region or WORLD; else
ROWSalesRightsType; else it is unknown, and not allowed. For and against on one level contradict each other: not
allowed. Restrictions of a SalesRights, free-standing ones and those of a market take models away; a right that says it
is restricted (07, 08) without saying how allows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Final, Literal, NamedTuple

from bindery.catalogue.facts import RightsStatus
from bindery.catalogue.record import ProductSupply, Publishing, Restriction
from bindery.trade.models import MODELS, Model
from bindery.trade.restrictions import models_left, models_left_by
from bindery.trade.stated import Restricted, RightsStated, RightStated
from bindery.trade.territories import ROW, Expansion, expand, is_stated, world

GRANTS: Final = frozenset({"01", "02", "07", "08"})
DENIALS: Final = frozenset({"03", "04", "05", "06"})
"""List 46: for sale, not for sale. A type that is neither is taken for a denial."""
WITH_RESTRICTION: Final = frozenset({"07", "08"})
UNCONDITIONAL: Final = frozenset({"01", "02"})
"""List 46: for sale, exclusively or not, without a restriction; for the rest of the world there can be none but a
free-standing one."""
UNTRUSTWORTHY: Final = (
    "unknown_country:",
    "unknown_region:",
    "unknown_type:",
    "comma",
    "world_with_regions",
    "included_and",
)
"""What makes the whole statement doubtful (rule Q3). Parts of countries, former codes and ROW as a region are not
certain either, but it is plain what is left of them."""

ELSEWHERE: Final = -1
"""The place of what is in no SalesRights: ROWSalesRightsType, or a restriction that stands beside them."""

VerdictCode = Literal[
    "granted", "not_for_sale", "contradictory", "doubtful", "uncovered", "restriction_unstated", "unstated"
]

_EXCLUSIVE = frozenset({"01", "07"})
_NOWHERE: frozenset[str] = frozenset()


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
        allowed: Of each model the countries where it is allowed, ISO 3166-1 alpha-2.
        problems: Sorted by slug.
    """

    status: RightsStatus
    allowed: Mapping[Model, frozenset[str]]
    problems: tuple[RightsProblem, ...] = ()

    @property
    def sale(self) -> frozenset[str]:
        """Where it may be sold title by title."""
        return self.allowed["sale"]

    @property
    def subscription(self) -> frozenset[str]:
        """Where it may be offered in a subscription."""
        return self.allowed["subscription"]

    @property
    def credit(self) -> frozenset[str]:
        """Where it may be had for a credit."""
        return self.allowed["credit"]

    @property
    def library(self) -> frozenset[str]:
        """Where libraries may lend it."""
        return self.allowed["library"]


@dataclass(frozen=True)
class Verdict:
    """What rights say of some countries: alike for all of them.

    Attributes:
        countries: Never empty. ISO 3166-1 alpha-2.
        code: ``granted``; or why not: ``not_for_sale``; ``contradictory``; ``doubtful``: a denial whose codes can't be
            read may mean it; ``uncovered``: no statement and no ROWSalesRightsType answers;
            ``restriction_unstated``: 07 or 08 without its restriction; ``unstated``: there are no rights at all.
        statements: Places in the rights of what decides, ascending, with ``ELSEWHERE`` for ROWSalesRightsType; of a
            contradiction the first that grants, then the first that denies.
        is_exclusive: Whether one of them grants exclusively (01, 07).
        refused: Of what is granted: models that a restriction takes away, its code (List 71) and the place of the
            SalesRights it is in, ``ELSEWHERE`` for one that stands beside them. Sorted.
    """

    countries: frozenset[str]
    code: VerdictCode
    statements: tuple[int, ...]
    is_exclusive: bool
    refused: tuple[tuple[Model, str, int], ...]


@dataclass(frozen=True)
class Contradiction:
    """Two statements of one level, one for and one against.

    Attributes:
        countries: Where they clash and nothing that comes before them decides.
        granting: Place of the statement that grants.
        denying: Place of the one that denies.
        example: The first of the countries.
    """

    countries: frozenset[str]
    granting: int
    denying: int
    example: str


class _Mark(NamedTuple):
    """A statement that speaks of a country, and how."""

    place: int
    how: Literal["named", "reached", "doubtful"]


class _Deciding(NamedTuple):
    """The statements on the level that decides."""

    grants: tuple[int, ...]
    denials: tuple[int, ...]


class _Outcome(NamedTuple):
    """A ``Verdict`` without its countries."""

    code: VerdictCode
    statements: tuple[int, ...] = ()
    is_exclusive: bool = False
    refused: tuple[tuple[Model, str, int], ...] = ()


class _Reading:
    """Stated rights, read. Countries of which the same statements speak in the same way are judged together."""

    def __init__(self, stated: RightsStated) -> None:
        self.stated = stated
        self.expansions = [expand(one.territory) for one in stated.rights]
        self.unstated = {place for place, one in enumerate(stated.rights) if self._says_no_restriction(one)}
        self.rest = self._rest()
        self.refused_everywhere = _refusals(ELSEWHERE, stated.restrictions)

    def _says_no_restriction(self, one: RightStated) -> bool:
        return one.type in WITH_RESTRICTION and not one.restrictions and not self.stated.restrictions

    def _rest(self) -> _Deciding:
        """What decides of countries that no statement speaks of. ROW as a region denies, but never grants."""
        row = self.stated.row
        denials = [ELSEWHERE] if row in DENIALS else []
        denials += [
            place
            for place, one in enumerate(self.stated.rights)
            if one.type in DENIALS and ROW in one.territory["regions_included"]
        ]
        granting = GRANTS if self.stated.restrictions else UNCONDITIONAL
        return _Deciding((ELSEWHERE,) if row in granting and not denials else (), tuple(denials))

    def type_of(self, place: int) -> str | None:
        return self.stated.row if place == ELSEWHERE else self.stated.rights[place].type

    def cells(self) -> Iterator[tuple[tuple[_Mark, ...], frozenset[str]]]:
        """Every country of the world, with the marks it has in common with others."""
        marks: dict[str, list[_Mark]] = {country: [] for country in world()}
        for place, one in enumerate(self.expansions):
            for mark, countries in (
                (_Mark(place, "named"), one.explicit),
                (_Mark(place, "reached"), one.countries - one.explicit),
                (_Mark(place, "doubtful"), one.doubtful),
            ):
                for country in countries:
                    marks[country].append(mark)
        alike: dict[tuple[_Mark, ...], list[str]] = {}
        for country, of_country in marks.items():
            alike.setdefault(tuple(of_country), []).append(country)
        for of_cell, members in alike.items():
            yield of_cell, frozenset(members)

    def deciding(self, marks: tuple[_Mark, ...]) -> _Deciding:
        for level in ("named", "reached"):
            here = [place for place, how in marks if how == level]
            if here:
                return _Deciding(
                    tuple(place for place in here if self.type_of(place) in GRANTS),
                    tuple(place for place in here if self.type_of(place) not in GRANTS),
                )
        return self.rest

    def outcome(self, marks: tuple[_Mark, ...]) -> _Outcome:
        grants, denials = self.deciding(marks)
        if grants and denials:
            return _Outcome("contradictory", (grants[0], denials[0]))
        if denials:
            return _Outcome("not_for_sale", denials)
        if not grants:
            return _Outcome("uncovered", (ELSEWHERE,) if self.stated.row else ())
        return self._against(marks) or _Outcome(
            "granted",
            grants,
            is_exclusive=any(self.type_of(place) in _EXCLUSIVE for place in grants),
            refused=self._refused(grants),
        )

    def _against(self, marks: tuple[_Mark, ...]) -> _Outcome | None:
        """What takes a grant back, on whatever level it stands."""
        doubtful = [place for place, how in marks if how == "doubtful" and self.type_of(place) not in GRANTS]
        if doubtful:
            return _Outcome("doubtful", tuple(doubtful))
        unstated = [place for place, how in marks if how != "doubtful" and place in self.unstated]
        return _Outcome("restriction_unstated", tuple(unstated)) if unstated else None

    def _refused(self, grants: tuple[int, ...]) -> tuple[tuple[Model, str, int], ...]:
        """Where several statements grant, what one of them restricts is restricted."""
        refused = set(self.refused_everywhere)
        for place in grants:
            if place != ELSEWHERE:
                refused |= _refusals(place, self.stated.rights[place].restrictions)
        return tuple(sorted(refused))


def _refusals(place: int, restrictions: Iterable[Restricted]) -> set[tuple[Model, str, int]]:
    return {
        (model, one.type or "", place)
        for one in restrictions
        for model, left in zip(MODELS, models_left_by(one.type), strict=True)
        if not left
    }


def verdicts(rights: RightsStated) -> tuple[Verdict, ...]:
    """What rights say of every country, and which statements say it.

    Args:
        rights: As stated.

    Returns:
        A partition of ``world()``: the biggest set first, sets of one size in the order of their codes.
    """
    if not (rights.rights or rights.row):
        return (Verdict(world(), "unstated", (), is_exclusive=False, refused=()),)
    return _verdicts(_Reading(rights))


def _verdicts(reading: _Reading) -> tuple[Verdict, ...]:
    alike: dict[_Outcome, frozenset[str]] = {}
    for marks, countries in reading.cells():
        outcome = reading.outcome(marks)
        alike[outcome] = alike.get(outcome, _NOWHERE) | countries
    found = [Verdict(countries, *outcome) for outcome, countries in alike.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.countries), sorted(one.countries))))


def contradictions(rights: RightsStated) -> tuple[Contradiction, ...]:
    """Every pair of statements of which one grants and one denies a country on the level that decides of it.

    Args:
        rights: As stated.

    Returns:
        In order of the statement that grants, then of the one that denies.
    """
    reading = _Reading(rights)
    clashes: dict[tuple[int, int], frozenset[str]] = {}
    for marks, countries in reading.cells():
        for pair in product(*reading.deciding(marks)):
            clashes[pair] = clashes.get(pair, _NOWHERE) | countries
    return tuple(
        Contradiction(countries, granting, denying, min(countries))
        for (granting, denying), countries in sorted(clashes.items())
    )


def stated_by(publishing: Publishing) -> RightsStated:
    """What block 4 says of sales rights."""
    return RightsStated(
        tuple(
            RightStated(one["type"], one["territory"], _restricted(one["restrictions"]))
            for one in publishing["sales_rights"]
        ),
        publishing["row_sales_rights_type"],
        _restricted(publishing["restrictions"]),
    )


def _restricted(restrictions: list[Restriction]) -> tuple[Restricted, ...]:
    return tuple(Restricted(one["type"], tuple(one["outlets"])) for one in restrictions)


def rights_of(publishing: Publishing | None, supply: list[ProductSupply] | None) -> Rights:
    """Where a record allows which models.

    Args:
        publishing: Block 4.
        supply: Block 6, to narrow the rights to the markets supplied; None or empty leaves them as they are. Facts
            pass None, because a fact depends on one block only.

    Returns:
        The rights, with what is wrong about them.
    """
    if publishing is None or not (publishing["sales_rights"] or publishing["row_sales_rights_type"]):
        rights = Rights("none", dict.fromkeys(MODELS, _NOWHERE))
    else:
        rights = _rights(_Reading(stated_by(publishing)))
    return _narrowed(rights, supply) if supply else rights


def _rights(reading: _Reading) -> Rights:
    allowed = dict.fromkeys(MODELS, _NOWHERE)
    problems = list(_misuses(reading))
    for verdict in _verdicts(reading):
        refused = {model for model, _, _ in verdict.refused}
        if verdict.code == "granted":
            allowed |= {model: allowed[model] | verdict.countries for model in MODELS if model not in refused}
        elif verdict.code in ("contradictory", "uncovered"):
            problems.append(RightsProblem(verdict.code, verdict.countries))
    slugs = [problem.slug for problem in problems]
    status: RightsStatus = "incomplete" if "uncovered" in slugs else "known"
    if "contradictory" in slugs or any(slug.startswith(UNTRUSTWORTHY) for slug in slugs):
        status = "contradictory"
    return Rights(status, allowed, _sorted(problems))


def _misuses(reading: _Reading) -> Iterator[RightsProblem]:
    for place, (one, expansion) in enumerate(zip(reading.stated.rights, reading.expansions, strict=True)):
        for slug in expansion.problems:
            yield RightsProblem(slug, expansion.doubtful)
        if one.type not in GRANTS | DENIALS:
            yield RightsProblem(f"unknown_type:{one.type}", expansion.countries)
        if place in reading.unstated and expansion.countries:
            yield RightsProblem("restriction_unstated", expansion.countries)


def _sorted(problems: Iterable[RightsProblem]) -> tuple[RightsProblem, ...]:
    countries: dict[str, frozenset[str]] = {}
    for problem in problems:
        countries[problem.slug] = countries.get(problem.slug, _NOWHERE) | problem.countries
    return tuple(RightsProblem(slug, countries[slug]) for slug in sorted(countries))


def _narrowed(rights: Rights, supply: list[ProductSupply]) -> Rights:
    """Rights within the markets supplied. A market that names no territory is the whole area of the rights."""
    supplied = _NOWHERE
    refused = dict.fromkeys(MODELS, _NOWHERE)
    problems = list(rights.problems)
    for one in supply:
        market = expand(one["market"]) if is_stated(one["market"]) else Expansion(world())
        supplied |= market.countries
        for model, left in zip(MODELS, models_left(one["market_restrictions"]), strict=True):
            if not left:
                refused[model] |= market.countries | market.doubtful
        problems += [RightsProblem(f"market:{slug}", market.doubtful) for slug in market.problems]
    outside = reduce(frozenset.union, rights.allowed.values()) - supplied
    if outside:
        problems.append(RightsProblem("outside_markets", outside))
    allowed = {model: (countries & supplied) - refused[model] for model, countries in rights.allowed.items()}
    return Rights(rights.status, allowed, _sorted(problems))
