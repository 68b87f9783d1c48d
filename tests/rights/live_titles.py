"""Titles that are live in a country for a model, in plain record blocks."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field
from typing import Any

from bindery.catalogue.record import Publishing, Supply
from bindery.rights.title import Limit, Title
from bindery.trade.models import MODELS, Model
from tests.rights.titles import Said, dated, title
from tests.trade.builders import market, price, publishing, right, supply, territory

COUNTRIES = ("DE", "GB", "US", "FR", "AU", "JP", "CA", "BR")
OTHERS = "AT CH NO"
PAST = "20200301"


@dataclass
class Case:
    """A title in the making. ``fresh`` holds its records as they were when it was live."""

    country: str
    model: Model
    records: list[Said]
    fresh: list[Said] = field(default_factory=list)
    override: str | None = None
    limits: list[Limit] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)

    def copy(self) -> Case:
        return copy.deepcopy(self)

    def title(self) -> Title:
        if self.override is not None:
            return title(*self.records, state="withdrawn", reason=f"override:{self.override}", limits=self.limits)
        return title(*self.records, limits=self.limits)


def blocks(case: Case, place: int) -> Publishing:
    block = case.records[place].publishing
    assert block is not None
    return block


def live(rng: random.Random) -> Case:
    """A title that is live in its country for its model."""
    country, model = rng.choice(COUNTRIES), rng.choice(MODELS)
    records = [_record(rng, country, model, "acme", with_supply=True)]
    if rng.random() < 0.5:
        records.append(_record(rng, country, model, "bmce", with_supply=rng.random() < 0.6))
    return Case(country, model, records, copy.deepcopy(records))


def _record(rng: random.Random, country: str, model: Model, supplier: str, *, with_supply: bool) -> Said:
    grants = rng.choice(
        (
            [right("02", reg="WORLD")],
            [right("01", inc=f"{country} {OTHERS}")],
            [right("01", inc=f"{OTHERS} {country}"), right("03", reg="WORLD", exc=f"{OTHERS} {country}")],
            [right("01", inc=country), right("02", reg="WORLD", exc=country)],
            [right("02", reg="WORLD", exc="CN"), right("03", inc="CN")],
        )
    )
    dates = [dated("01", PAST)] + ([dated("02", PAST)] if rng.random() < 0.3 else [])
    block = publishing(*grants, row=rng.choice((None, "00", "03")), status=rng.choice(("04", "04", None)), dates=dates)
    return Said(block, _markets(rng, country, model) if with_supply else None, supplier=supplier)


def _markets(rng: random.Random, country: str, model: Model) -> list[Any]:
    other = market(_supply(rng, model), reference="m2", market=territory(inc=OTHERS))
    return rng.choice(
        (
            [market(_supply(rng, model))],
            [market(_supply(rng, model), reference="m1", market=territory(inc=f"{country} NZ")), other],
            [other, market(_supply(rng, model), reference="m1", market=territory(reg="WORLD", exc=OTHERS))],
            [market(_supply(rng, model), _supply(rng, model), market=territory(inc=country)), other],
        )
    )


def _supply(rng: random.Random, model: Model) -> Supply:
    if model == "subscription" and rng.random() < 0.5:
        one = supply("20")
        one["unpriced"] = rng.choice(("04", "06"))
        return one
    prices = [price("9.99", "EUR", "02")]
    if rng.random() < 0.4:
        prices.append(price("12.50", "USD", "01"))
    return supply(rng.choice(("20", "21", "23")), *prices)
