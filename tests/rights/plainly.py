"""What one stated thing means in one country, read from the documents by itself: territories, rights, moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

import pycountry

from bindery.catalogue.record import DatedRole, Publishing, Restriction, Territory

COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
LEAVES = {
    "06": {"library"},
    "09": {"sale", "subscription", "credit"},
    "12": {"sale", "credit", "library"},
    "13": {"subscription"},
    "15": {"sale", "credit"},
    "20": {"sale", "credit", "library"},
    "99": {"sale", "subscription", "credit", "library"},
}
"""List 71; every other code leaves nothing."""

_GRANTS = ("01", "02", "07", "08")
_DENIALS = ("03", "04", "05", "06")
_DAY = dt.timedelta(days=1)


def leaves(restrictions: Iterable[Restriction], model: str) -> bool:
    return all(model in LEAVES.get(one["type"], ()) for one in restrictions)


def _means(code: str, country: str) -> str:
    """How a code reaches a country: ``yes``, ``part`` or ``no``."""
    if code in COUNTRIES or code == "WORLD":
        return "yes" if code in (country, "WORLD") else "no"
    meant = {"UK": "GB"}.get(code, code.partition("-")[0])
    # What resembles no country may mean any.
    return "part" if meant == country or meant not in COUNTRIES else "no"


def is_stated(where: Territory) -> bool:
    return any(where.values())


Place = Literal["named", "reached", "part", "outside"]


def place(where: Territory, country: str) -> Place:
    """Whether a territory has a country, by its name or through a region, or may have it."""
    excluded = {_means(code, country) for code in where["countries_excluded"] + where["regions_excluded"]}
    names = {_means(code, country) for code in where["countries_included"]}
    regions = {_means(code, country) for code in where["regions_included"] if code != "WORLD"}
    if is_stated(where) and not (where["countries_included"] or where["regions_included"]):
        return "outside" if "yes" in excluded else "part"
    if "yes" in excluded:
        both = country in where["countries_included"] and country in where["countries_excluded"]
        return "part" if both else "outside"
    if "yes" in names:
        return "part" if "part" in excluded else "named"
    if "WORLD" in where["regions_included"]:
        # A region beside WORLD should not be there.
        doubt = "part" in excluded or regions & {"yes", "part"}
        return "part" if doubt else "reached"
    if "yes" in regions:
        return "part" if "part" in excluded else "reached"
    return "part" if "part" in names | regions else "outside"


def inside(where: Territory, country: str) -> bool:
    """Whether a market or a price is surely for a country; without a territory it is for all."""
    return not is_stated(where) or place(where, country) in ("named", "reached")


def rights(block: Publishing, country: str, model: str) -> str | None:  # noqa: PLR0911 - one for each reason
    """Why rights forbid a model in a country (AUDIOBOOKS 1.8); None where they allow it."""
    if not block["sales_rights"] and not block["row_sales_rights_type"]:
        return "no_rights"
    placed = [(one, place(one["territory"], country)) for one in block["sales_rights"]]
    deciding = [one for one, where in placed if where == "named"] or [
        one for one, where in placed if where == "reached"
    ]
    for_it = [one for one in deciding if one["type"] in _GRANTS]
    row = block["row_sales_rights_type"]
    if for_it and len(for_it) < len(deciding):
        return "rights_contradictory"
    if deciding and not for_it:
        return "not_for_sale"
    if not deciding:
        if row in _DENIALS:
            return "not_for_sale"
        if row not in ("01", "02") and not (row in _GRANTS and block["restrictions"]):
            return "rights_uncovered"
    if any(where == "part" and one["type"] not in _GRANTS for one, where in placed):
        return "rights_doubtful"
    for one, where in placed:
        says_how = one["restrictions"] or block["restrictions"]
        if one["type"] in ("07", "08") and where in ("named", "reached") and not says_how:
            return "restriction_unstated"
    limits = [*block["restrictions"], *(limit for one in for_it for limit in one["restrictions"])]
    return None if leaves(limits, model) else "restricted"


@cache
def _zones() -> dict[str, list[ZoneInfo]]:
    found: dict[str, list[ZoneInfo]] = {}
    for line in (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            found.setdefault(line[:2], []).append(ZoneInfo(line.split("\t")[2]))
    return found


def _moments(wall: dt.datetime, zone: dt.tzinfo) -> list[dt.datetime]:
    """When a clock on the wall shows a time: once, twice, or (where it jumps over it) by the clock before and after."""
    offsets = {(wall.replace(tzinfo=dt.UTC) + day).astimezone(zone).utcoffset() for day in (-_DAY, _DAY)}
    found = [wall.replace(tzinfo=dt.timezone(offset)) for offset in offsets if offset is not None]
    shown = [one for one in found if one.astimezone(zone).replace(tzinfo=None) == wall]
    return [one.astimezone(dt.UTC) for one in shown or found]


@lru_cache(maxsize=100_000)
def _on_the_wall(wall: dt.datetime, country: str, *, latest: bool) -> dt.datetime:
    zones: list[dt.tzinfo] = [*_zones().get(country, [])]
    zones = zones or [dt.timezone(dt.timedelta(hours=-12)), dt.timezone(dt.timedelta(hours=14))]
    moments = [moment for zone in zones for moment in _moments(wall, zone)]
    return max(moments) if latest else min(moments)


def _days(text: str) -> tuple[dt.date, dt.date]:
    """The first and the last day a date may mean."""
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    if day:
        return dt.date(year, month, day), dt.date(year, month, day)
    if month:
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        return dt.date(year, month, 1), following - _DAY
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def is_read(one: DatedRole) -> bool:
    return one["date"] is not None


def _at(text: str, country: str, which: Literal["opens", "ends", "is over"]) -> dt.datetime:
    if "T" in text:
        wall = dt.datetime.fromisoformat(text)
        return wall if wall.tzinfo else _on_the_wall(wall, country, latest=which != "ends")
    first, last = _days(text)
    day = {"opens": last, "ends": first, "is over": last + _DAY}[which]
    return _on_the_wall(_midnight(day), country, latest=which != "ends")


def opens(one: DatedRole, country: str) -> dt.datetime:
    """When what waits for a date opens: on the latest day it may mean, when its last zone is there."""
    return _at(one["date"] or "", country, "opens")


def ends(one: DatedRole, country: str) -> dt.datetime:
    """When what ends on a date is over: on the earliest day it may mean, when its first zone is there."""
    return _at((halves(one) or [one["date"] or ""])[0], country, "ends")


def is_over(one: DatedRole, country: str) -> dt.datetime:
    """When what holds until a date, that day included, is over."""
    return _at(one["date"] or "", country, "is over")


def begins(one: DatedRole, country: str) -> dt.datetime | None:
    """When a price begins to hold that has dates from and until."""
    both = halves(one)
    return _at(both[0], country, "opens") if both else None


def halves(one: DatedRole) -> list[str] | None:
    """Both dates of a spread of days (06) or months (07)."""
    size = {"06": 8, "07": 6}.get(one["format"] or "")
    if size is None or len(one["raw"]) != 2 * size:
        return None
    texts = [one["raw"][:size], one["raw"][size:]]
    return ["-".join(filter(None, (text[:4], text[4:6], text[6:]))) for text in texts]


def wall(one: DatedRole) -> str:
    """When a price begins, by the clock on the wall: as stated, a partial date as its last day."""
    text = (halves(one) or [one["date"] or ""])[0]
    if "T" not in text:
        return f"{_days(text)[1].isoformat()}T00:00"
    moment = dt.datetime.fromisoformat(text)
    return text if moment.tzinfo is None else moment.astimezone(dt.UTC).isoformat()
