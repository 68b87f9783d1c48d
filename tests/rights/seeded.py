"""Titles that would be live, with one to three known causes planted in their raw blocks.

Nothing here asks the code under test: a cause is an edit of plain record blocks.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bindery.catalogue.record import Publishing, SalesRights, Supply
from bindery.rights.countries import bit, everywhere
from bindery.rights.title import Limit
from bindery.trade.models import Model
from tests.rights.live_titles import OTHERS, Case, blocks, live
from tests.rights.titles import Said, dated
from tests.trade.builders import market, price, publishing, restrictions, right, supply, territory

FUTURE = "20270115"
GRANTS = ("01", "02", "07", "08")
REFUSES: dict[Model, tuple[str, ...]] = {
    "sale": ("06", "13", "04", "21"),
    "credit": ("06", "13", "04"),
    "subscription": ("12", "20", "06", "04"),
    "library": ("09", "13", "15", "11"),
}
"""Codes of List 71 that take a model away."""
EMBARGOES: dict[Model, tuple[str, ...]] = {
    "sale": ("02", "27", "32", "33"),
    "credit": ("02", "27", "33"),
    "subscription": ("02", "30", "31"),
    "library": ("02", "39"),
}


def _stating(case: Case, rng: random.Random) -> int:
    return rng.randrange(len(case.fresh))


def _without_grant(case: Case, block: Publishing) -> None:
    """Nothing says of the country any more that it is for sale, and nothing that it isn't."""
    kept = []
    for one in block["sales_rights"]:
        where = one["territory"]
        where["countries_included"] = [code for code in where["countries_included"] if code != case.country]
        if "WORLD" in where["regions_included"] and case.country not in where["countries_excluded"]:
            where["countries_excluded"].append(case.country)
        if where["countries_included"] or where["regions_included"]:
            kept.append(one)
    if not any(one["type"] in GRANTS for one in kept):
        kept.append(right("02", inc="NZ"))
    block["sales_rights"] = kept
    block["row_sales_rights_type"] = None


def _granting(case: Case, block: Publishing) -> Iterator[SalesRights]:
    for one in block["sales_rights"]:
        where = one["territory"]
        reached = "WORLD" in where["regions_included"] and case.country not in where["countries_excluded"]
        if one["type"] in GRANTS and (reached or case.country in where["countries_included"]):
            yield one


def _here(case: Case, place: int = 0) -> list[Any]:
    """The markets of a record that the country is in."""
    found = []
    for one in case.records[place].supply or []:
        where = one["market"]
        everywhere_else = "WORLD" in where["regions_included"] and case.country not in where["countries_excluded"]
        if not any(where.values()) or everywhere_else or case.country in where["countries_included"]:
            found.append(one)
    return found


def _supplies(case: Case, place: int = 0) -> list[Supply]:
    return [one for market in _here(case, place) for one in market["supplies"]]


def _is_whole(case: Case, place: int = 0) -> bool:
    """Whether the markets of the country are all the record has: then what takes them down takes down the title."""
    return len(_here(case, place)) == len(case.records[place].supply or [])


Plant = Callable[[Case, random.Random], Iterable[str] | None]
"""Plants a cause; gives the codes of reasons by which it is told, the name of the cause where it gives none."""

WITHDRAWN_STATUSES = ("11", "15", "12", "17", "16", "01", "03", "07", "08", "05")
UNAVAILABLE = ("01", "30", "31", "34", "40", "43", "45", "46", "49", "51", "97")
TAKEN_DOWN = ("01", "34", "40", "43", "45", "46", "49", "51")


def unknown(case: Case, rng: random.Random) -> None:
    if rng.random() < 0.5:
        case.records = []
    else:
        case.records = [replace(one, is_rejected=True) for one in case.records]


def overridden(case: Case, rng: random.Random) -> None:
    case.override = f"o-{rng.randrange(1000)}"


def limited(case: Case, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 1, 2))):
        case.limits.append(Limit(case.model, everywhere() & ~bit(case.country), f"l-{rng.randrange(10_000)}"))


def deleted(case: Case, _rng: random.Random) -> None:
    case.records = [Said(supplier=one.supplier, state="deleted", withdrawal="notification:05") for one in case.records]


def withdrawn(case: Case, rng: random.Random) -> None:
    place = _stating(case, rng)
    how = rng.choice(("status", "status", "markets", "supplies", "absence", "rejected"))
    if how == "absence":
        case.records[place] = replace(case.records[place], withdrawal="absence:onix")
    elif how == "rejected":
        case.records.append(Said(publishing(right("02", reg="WORLD"), status="11"), is_rejected=True))
    elif how == "status" or case.records[place].supply is None:
        blocks(case, place)["status"] = rng.choice(WITHDRAWN_STATUSES)
    elif how == "markets":
        for one in case.records[place].supply or []:
            one["market_status"] = rng.choice(("11", "12", "17"))
    else:
        for one in case.records[place].supply or []:
            for detail in one["supplies"]:
                detail["availability"] = rng.choice(TAKEN_DOWN)


def not_sold_separately(case: Case, rng: random.Random) -> None:
    how = rng.choice(("status", "market", "unpriced"))
    if how == "status":
        blocks(case, _stating(case, rng))["status"] = rng.choice(("13", "18"))
    elif how == "market":
        for one in _here(case):
            one["market_status"] = "13"
    else:
        for detail in _supplies(case):
            detail["unpriced"] = rng.choice(("03", "05"))
            detail["prices"] = []


def no_rights(case: Case, rng: random.Random) -> None:
    if rng.random() < 0.3:
        case.records = [replace(one, publishing=None) for one in case.records]
        return
    block = blocks(case, _stating(case, rng))
    block["sales_rights"], block["row_sales_rights_type"] = [], None


def rights_contradictory(case: Case, rng: random.Random) -> None:
    block = blocks(case, _stating(case, rng))
    kind = rng.choice(("03", "04", "06"))
    if rng.random() < 0.5:
        block["sales_rights"] += [right("02", inc=case.country), right(kind, inc=f"{case.country} CN")]
    else:
        _without_grant(case, block)
        block["sales_rights"] += [right("02", reg="WORLD"), right(kind, reg="WORLD")]


def rights_doubtful(case: Case, rng: random.Random) -> None:
    block = blocks(case, _stating(case, rng))
    unreadable = {"GB": "UK"}.get(case.country, case.country.lower())
    where = rng.choice(
        (
            {"inc": unreadable},
            {"inc": "QQ"},
            {"reg": "QQ-X"},
            {"reg": "WORLD", "exc": "QQ"},
            {"inc": f"{unreadable} CN"},
        )
    )
    block["sales_rights"].append(right("04", **where))


def restriction_unstated(case: Case, rng: random.Random) -> None:
    for one in _granting(case, blocks(case, _stating(case, rng))):
        one["type"] = rng.choice(("07", "08"))


def not_for_sale(case: Case, rng: random.Random) -> None:
    kind = rng.choice(("03", "04", "05", "06"))
    if rng.random() < 0.2:
        case.records.append(Said(publishing(right("02", reg="WORLD"), right(kind, inc=case.country)), is_rejected=True))
        return
    block = blocks(case, _stating(case, rng))
    _without_grant(case, block)
    how = rng.choice(("named", "with others", "region", "row", "twice"))
    if how == "row":
        block["row_sales_rights_type"] = kind
    elif how == "region":
        block["sales_rights"].append(right(kind, reg="WORLD", exc=OTHERS))
    else:
        block["sales_rights"].append(right(kind, inc=case.country + (" CN IR" if how == "with others" else "")))
        if how == "twice":
            block["sales_rights"].append(right("03", inc=f"{case.country} KP"))


def rights_uncovered(case: Case, rng: random.Random) -> None:
    block = blocks(case, _stating(case, rng))
    _without_grant(case, block)
    block["row_sales_rights_type"] = rng.choice((None, "00", "07"))


def restricted(case: Case, rng: random.Random) -> tuple[str, ...]:
    code = rng.choice(REFUSES[case.model])
    place = _stating(case, rng)
    how = rng.choice(("right", "beside", "market"))
    if how == "market":
        for one in _here(case):
            one["market_restrictions"] = restrictions(code)
    elif how == "beside":
        blocks(case, place)["restrictions"] = restrictions(code)
    else:
        for right_here in _granting(case, blocks(case, place)):
            right_here["restrictions"] = restrictions(code)
    # Where nothing is left of any model, it is the withdrawal of the whole title.
    nothing_left = code in ("04", "21", "11")
    return ("restricted", "withdrawn") if nothing_left else ("restricted",)


def _supplying(case: Case, rng: random.Random) -> int:
    """A record that has a market for the country and others besides."""
    places = [place for place in range(len(case.fresh)) if _here(case, place)]
    return rng.choice(places)


def market_withdrawn(case: Case, rng: random.Random) -> tuple[str, ...]:
    place = _supplying(case, rng)
    for one in _here(case, place):
        one["market_status"] = rng.choice(("11", "12", "15", "16", "07"))
    return ("withdrawn",) if _is_whole(case, place) else ("market_withdrawn",)


def unavailable(case: Case, rng: random.Random) -> tuple[str, ...]:
    place = _supplying(case, rng)
    if place == 0 and rng.random() < 0.2:
        for detail in _supplies(case):
            detail["unpriced"], detail["prices"] = "08", []
        return ("unavailable",)
    codes = UNAVAILABLE if place == 0 else TAKEN_DOWN
    for detail in _supplies(case, place):
        detail["availability"] = rng.choice(codes)
    return ("withdrawn", "unavailable") if _is_whole(case, place) else ("unavailable",)


def no_market_supply(case: Case, rng: random.Random) -> tuple[str, ...]:
    place = _supplying(case, rng)
    for one in _here(case, place):
        one["supplies"], one["market_reference"] = [], "m9"
    return ("withdrawn",) if _is_whole(case, place) else ("no_market_supply",)


def outside_markets(case: Case, _rng: random.Random) -> None:
    for one in _here(case):
        one["market"] = territory(inc="NZ")


def not_announced(case: Case, rng: random.Random) -> None:
    blocks(case, _stating(case, rng))["dates"].append(dated(rng.choice(("09", "10")), FUTURE))


def embargoed(case: Case, rng: random.Random) -> None:
    how = rng.choice(("general", "market", "supply", "rejected"))
    one = dated(rng.choice(EMBARGOES[case.model]), rng.choice((FUTURE, "202703")), None)
    if one["raw"] == "202703":
        one = dated(one["role"], "202703", "01")
    if how == "general":
        blocks(case, _stating(case, rng))["dates"].append(one)
    elif how == "market":
        for market_here in _here(case):
            market_here["market_dates"].append(one)
    elif how == "supply":
        for detail in _supplies(case):
            detail["dates"].append(dated("02", FUTURE))
    else:
        case.records.append(Said(publishing(right("02", reg="WORLD"), dates=[dated("02", FUTURE)]), is_rejected=True))


def not_published(case: Case, rng: random.Random) -> None:
    if rng.random() < 0.3:
        for one in _here(case):
            one["market_dates"].append(dated("01", FUTURE))
        return
    block = blocks(case, _stating(case, rng))
    block["dates"] = [*(one for one in block["dates"] if one["role"] != "01"), dated("01", FUTURE)]


def not_yet_available(case: Case, rng: random.Random) -> None:
    how = rng.choice(("08", "50"))
    for detail in _supplies(case):
        if how == "08":
            detail["availability"] = rng.choice(("10", "11", "12"))
        detail["dates"].append(dated(how, FUTURE))


def undated(case: Case, rng: random.Random) -> None:
    place = 0
    block = blocks(case, place)
    block["dates"] = [one for one in block["dates"] if one["role"] != "01"]
    if rng.random() < 0.5:
        block["status"] = "02"
    else:
        for detail in _supplies(case):
            detail["availability"] = rng.choice(("10", "11", "12"))


def date_unreadable(case: Case, rng: random.Random) -> None:
    if rng.random() < 0.5:
        blocks(case, _stating(case, rng))["dates"].append(dated(rng.choice(("02", "09")), "20261399"))
    else:
        for detail in _supplies(case):
            detail["dates"].append(dated("02", "soon"))


def ended(case: Case, rng: random.Random) -> None:
    how = rng.choice(("general", "supply", "market"))
    if how == "general":
        blocks(case, _stating(case, rng))["dates"].append(dated("13", "20250101"))
    elif how == "market":
        for one in _here(case):
            one["market_dates"].append(dated("13", "20250101"))
    else:
        for detail in _supplies(case):
            detail["dates"].append(dated("51", "20260101"))


def price_removed(case: Case, _rng: random.Random) -> None:
    case.records.append(Said(supply=[market(supply("20"))], is_rejected=True))


def price_contradictory(case: Case, _rng: random.Random) -> None:
    for detail in _supplies(case):
        detail["prices"].append(price("7.77", "EUR", "02"))


def no_price(case: Case, rng: random.Random) -> None:
    how = rng.choice(("removed", "none", "currency", "type", "amount", "territory", "qualifier", "no block"))
    if how == "no block":
        case.records = [replace(one, supply=None) for one in case.records]
        return
    for detail in _supplies(case):
        if how == "removed":
            detail["prices"], detail["unpriced"] = [], "02"
        elif how == "none":
            detail["prices"] = []
        for one in detail["prices"]:
            if how == "currency":
                one["currency"] = rng.choice(("EURO", None))
            elif how == "type":
                one["type"] = rng.choice(("35", "36"))
            elif how == "amount":
                one["amount"] = rng.choice((Decimal(0), None))
            elif how == "territory":
                one["territory"] = territory(inc="NZ")
            else:
                one["qualifier"] = "13" if case.model == "library" else rng.choice(("06", "10", "13"))


def price_not_yet(case: Case, _rng: random.Random) -> None:
    for detail in _supplies(case):
        for one in detail["prices"]:
            one["dates"].append(dated("14", FUTURE))


def price_over(case: Case, _rng: random.Random) -> None:
    for detail in _supplies(case):
        for one in detail["prices"]:
            one["dates"].append(dated("15", "20260301"))


_EVERYTHING = frozenset(
    {"presence", "rights", "status", "supply", "price", "dates", "published", "records", "supply dates"}
)
CAUSES: dict[str, tuple[Plant, frozenset[str]]] = {
    "unknown": (unknown, _EVERYTHING),
    "overridden": (overridden, frozenset({"override"})),
    "limited": (limited, frozenset({"limit"})),
    "deleted": (deleted, _EVERYTHING),
    "withdrawn": (withdrawn, frozenset({"status", "supply", "records"})),
    "not_sold_separately": (not_sold_separately, frozenset({"status", "price", "supply"})),
    "no_rights": (no_rights, frozenset({"rights", "status", "dates", "published", "announced", "ends"})),
    "rights_contradictory": (rights_contradictory, frozenset({"rights"})),
    "rights_doubtful": (rights_doubtful, frozenset({"rights"})),
    "restriction_unstated": (restriction_unstated, frozenset({"rights"})),
    "not_for_sale": (not_for_sale, frozenset({"rights", "records"})),
    "rights_uncovered": (rights_uncovered, frozenset({"rights"})),
    "restricted": (restricted, frozenset({"rights", "supply"})),
    "market_withdrawn": (market_withdrawn, frozenset({"supply"})),
    "unavailable": (unavailable, frozenset({"supply", "price"})),
    "no_market_supply": (no_market_supply, frozenset({"supply", "price", "supply dates"})),
    "outside_markets": (outside_markets, frozenset({"supply", "price", "supply dates"})),
    "not_announced": (not_announced, frozenset({"announced"})),
    "embargoed": (embargoed, frozenset({"dates", "records"})),
    "not_published": (not_published, frozenset({"published"})),
    "not_yet_available": (not_yet_available, frozenset({"supply", "supply dates", "published"})),
    "undated": (undated, frozenset({"status", "supply", "published"})),
    "date_unreadable": (date_unreadable, frozenset({"dates", "announced", "supply dates"})),
    "ended": (ended, frozenset({"ends", "supply dates"})),
    "price_removed": (price_removed, frozenset({"price", "records"})),
    "price_contradictory": (price_contradictory, frozenset({"price"})),
    "no_price": (no_price, frozenset({"price", "supply", "supply dates", "published"})),
    "price_not_yet": (price_not_yet, frozenset({"price"})),
    "price_over": (price_over, frozenset({"price"})),
}
"""Each cause, and what of a title it decides: two that decide the same would hide one another."""

_OF_PRICES = frozenset({"price_removed", "price_contradictory", "no_price", "price_not_yet", "price_over"})
_ALONE = frozenset({"unknown", "deleted"})


def planted(rng: random.Random, first: str, how_many: int) -> tuple[Case, list[frozenset[str]]]:
    """A title with causes, the first of them named; and by which codes each is told."""
    case = live(rng)
    while first in _OF_PRICES and case.model == "subscription":
        case = live(rng)
    names, taken = [first], set(CAUSES[first][1])
    while len(names) < how_many:
        name = rng.choice(sorted(set(CAUSES) - _ALONE))
        if name in _OF_PRICES and case.model == "subscription":
            continue
        if first in _ALONE and name not in ("overridden", "limited"):
            name = rng.choice(("overridden", "limited"))
        if first in _ALONE and len(names) == 2:
            break
        if not taken & CAUSES[name][1]:
            names.append(name)
            taken |= CAUSES[name][1]
        elif rng.random() < 0.1:
            break
    codes = []
    for name in names:
        told = CAUSES[name][0](case, rng)
        codes.append(frozenset(told or (name,)))
    case.causes = names
    return case, codes
