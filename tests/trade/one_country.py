"""A second evaluator of territories and rights, country by country, straight from AUDIOBOOKS 1.8.

It shares nothing with ``bindery.trade``: no sets, no bitmaps, no levels folded into one another. For one country it
looks at one code after another, and at one statement after another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import pycountry

from bindery.catalogue.record import ProductSupply, Publishing, SalesRights, Territory

COUNTRIES = tuple(sorted(country.alpha_2 for country in pycountry.countries))
MODELS = ("sale", "subscription", "credit", "library")

Means = Literal["yes", "maybe", "no"]
Place = Literal["named", "reached", "doubtful", "outside"]

_ALL_MODELS = {"sale", "subscription", "credit", "library"}
_LEAVES = {
    "06": {"library"},
    "09": {"sale", "subscription", "credit"},
    "12": {"sale", "credit", "library"},
    "13": {"subscription"},
    "15": {"sale", "credit"},
    "20": {"sale", "credit", "library"},
    **dict.fromkeys(("16", "19", "23", "99"), _ALL_MODELS),
}
_EUROZONE = {
    *("AD", "AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT"),
    *("LT", "LU", "LV", "MC", "ME", "MT", "NL", "PT", "SI", "SK", "SM", "VA"),
}
_BECAME = {"AN": "BQ CW SX", "CS": "RS ME", "YU": "RS ME"}
_ARE_COUNTRIES = {
    "CN-TW": "TW", "CN-71": "TW", "CN-HK": "HK", "CN-91": "HK", "CN-MO": "MO", "CN-92": "MO",
    "GB-IOM": "IM", "GB-CHA": "GG JE",
}  # fmt: skip


@cache
def country_means(code: str, country: str) -> Means:
    """Whether a code of List 91, well written or not, means a country."""
    if code == country:
        return "yes"
    if code in COUNTRIES:
        return "no"
    if code in _BECAME:
        return "maybe" if country in _BECAME[code].split() else "no"
    meant = {"UK": "GB", "EL": "GR"}.get(code.upper(), code.upper())
    return "maybe" if meant == country or meant not in COUNTRIES else "no"


@cache
def region_means(code: str, country: str) -> Means:
    """Whether a code of List 49 means a country: all of it, or a part."""
    if code == "WORLD":
        return "yes"
    if code == "ROW":
        return "no"
    if code == "ECZ":
        return "yes" if country in _EUROZONE else "maybe" if country == "BG" else "no"
    if code in _ARE_COUNTRIES:
        return "yes" if country in _ARE_COUNTRIES[code].split() else "no"
    whole = code.upper().split("-")[0]
    return "maybe" if whole == country or whole not in COUNTRIES else "no"


def _best(found: Iterable[Means]) -> Means:
    answers = set(found)
    return "yes" if "yes" in answers else "maybe" if "maybe" in answers else "no"


@cache
def _value_means(value: str, country: str, *, is_region: bool) -> Means:
    """What is joined by a comma is certain of nothing."""
    codes = value.replace(";", ",").split(",")
    means = region_means if is_region else country_means
    found = _best(means(code, country) for code in codes if code)
    return "maybe" if len(codes) > 1 and found == "yes" else found


@lru_cache(maxsize=50_000)
def _all_mean(values: tuple[str, ...], country: str, *, is_region: bool) -> Means:
    return _best([_value_means(value, country, is_region=is_region) for value in values])


def _list_means(values: list[str], country: str, *, is_region: bool) -> Means:
    return _all_mean(tuple(values), country, is_region=is_region) if values else "no"


def place(where: Territory, country: str) -> Place:
    """How a country lies in a territory: certainly, by its name or by a region; perhaps; or not."""
    by_name = _list_means(where["countries_included"], country, is_region=False)
    regions = where["regions_included"]
    by_region = _list_means([code for code in regions if code != "WORLD"], country, is_region=True)
    if "WORLD" in regions:
        by_region = "yes" if by_region == "no" else "maybe"
    not_by_name = _list_means(where["countries_excluded"], country, is_region=False)
    excluded = _best([not_by_name, _list_means(where["regions_excluded"], country, is_region=True)])
    excludes = bool(where["countries_excluded"] or where["regions_excluded"])
    if excludes and not (where["countries_included"] or regions):
        return "outside" if excluded == "yes" else "doubtful"
    if by_name == "yes" and not_by_name == "yes":
        return "doubtful"
    if excluded == "yes" or (by_name == "no" and by_region == "no"):
        return "outside"
    if excluded == "maybe" or "yes" not in (by_name, by_region):
        return "doubtful"
    return "named" if by_name == "yes" else "reached"


def models_left(codes: Iterable[str]) -> set[str]:
    left = set(_ALL_MODELS)
    for code in codes:
        left &= _LEAVES.get(code, set())
    return left


@dataclass(frozen=True)
class Answer:
    """What rights say of one country, in the words of ``bindery.trade.rights.Verdict``."""

    code: str
    statements: tuple[int, ...] = ()
    is_exclusive: bool = False
    refused: tuple[tuple[str, str, int], ...] = ()
    clashes: tuple[tuple[int, int], ...] = ()

    @property
    def models(self) -> set[str]:
        return set(MODELS) - {model for model, _, _ in self.refused} if self.code == "granted" else set()


def _grants(kind: str | None) -> bool:
    return kind in ("01", "02", "07", "08")


def _denies(kind: str | None) -> bool:
    return kind in ("03", "04", "05", "06")


def _refused(places: list[int], block: Publishing) -> tuple[tuple[str, str, int], ...]:
    stated = [(-1, one["type"]) for one in block["restrictions"]]
    for at in places:
        stated += [(at, one["type"]) for one in (block["sales_rights"][at]["restrictions"] if at >= 0 else [])]
    found = {(model, code, at) for at, code in stated for model in MODELS if model not in models_left([code])}
    return tuple(sorted(found))


def _elsewhere(block: Publishing) -> tuple[list[int], list[int]]:
    """What grants and what denies where no statement speaks of a country."""
    row = block["row_sales_rights_type"]
    denying = [-1] if _denies(row) else []
    for at, one in enumerate(block["sales_rights"]):
        if _denies(one["type"]) and "ROW" in one["territory"]["regions_included"]:
            denying.append(at)
    may_grant = row in ("01", "02") or (row in ("07", "08") and block["restrictions"])
    return ([-1] if may_grant and not denying else []), denying


def answer(block: Publishing, country: str) -> Answer:
    """What block 4 says of one country."""
    return answer_where(block, [place(one["territory"], country) for one in block["sales_rights"]])


def answer_where(block: Publishing, places: list[Place]) -> Answer:
    """What block 4 says of a country that lies so in the territories of its statements."""
    rights = block["sales_rights"]
    if not (rights or block["row_sales_rights_type"]):
        return Answer("unstated")
    level = next((one for one in ("named", "reached") if one in places), None)
    if level:
        granting = [at for at, one in enumerate(rights) if places[at] == level and _grants(one["type"])]
        denying = [at for at, one in enumerate(rights) if places[at] == level and not _grants(one["type"])]
    else:
        granting, denying = _elsewhere(block)
    if granting and denying:
        pairs = tuple((one, other) for one in granting for other in denying)
        return Answer("contradictory", (granting[0], denying[0]), clashes=pairs)
    if denying:
        return Answer("not_for_sale", tuple(denying))
    if granting:
        return _granted(granting, places, block)
    return Answer("uncovered", (-1,) if block["row_sales_rights_type"] else ())


def _granted(granting: list[int], places: list[Place], block: Publishing) -> Answer:
    """Granted, unless a statement of any level takes it back."""
    rights = block["sales_rights"]
    doubts = [at for at, one in enumerate(rights) if places[at] == "doubtful" and not _grants(one["type"])]
    if doubts:
        return Answer("doubtful", tuple(doubts))
    vague = [at for at, one in enumerate(rights) if places[at] in ("named", "reached") and _is_vague(one, block)]
    if vague:
        return Answer("restriction_unstated", tuple(vague))
    kinds = {rights[at]["type"] if at >= 0 else block["row_sales_rights_type"] for at in granting}
    return Answer("granted", tuple(granting), not kinds.isdisjoint({"01", "07"}), _refused(granting, block))


def _is_vague(one: SalesRights, block: Publishing) -> bool:
    return one["type"] in ("07", "08") and not one["restrictions"] and not block["restrictions"]


def allowed(block: Publishing, supply: list[ProductSupply], country: str) -> set[str]:
    """The models that a record allows in a country."""
    models = answer(block, country).models
    return within_markets(models, supply, [place(one["market"], country) for one in supply])


def within_markets(models: set[str], supply: list[ProductSupply], places: list[Place]) -> set[str]:
    """Those of some models that the markets leave in a country that lies so in them; one without territory is all."""
    where = [at if any(one["market"].values()) else "reached" for one, at in zip(supply, places, strict=True)]
    if supply and not {"named", "reached"}.intersection(where):
        return set()
    for one, at in zip(supply, where, strict=True):
        if at != "outside":
            models = models & models_left(restriction["type"] for restriction in one["market_restrictions"])
    return models
