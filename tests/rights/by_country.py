"""Contradictions read country by country, which knows nothing of sets; and titles drawn by chance to read."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from bindery.catalogue.record import DatedRole, Price, ProductSupply, Publisher, Publishing, SalesRights, Territory
from bindery.rights.countries import ordered
from bindery.trade.territories import Expansion, expand
from tests.rights.titles import Said, dated
from tests.trade.builders import market, price, publishing, restrictions, supply, territory

EVERYWHERE = frozenset(ordered())

TERRITORIES: list[dict[str, str]] = [
    {"inc": "GB"},
    {"inc": "GB IE FR"},
    {"inc": "US CA"},
    {"inc": "DE AT CH LI"},
    {"inc": "US GB DE"},
    {"reg": "WORLD"},
    {"reg": "WORLD", "exc": "US CA"},
    {"reg": "WORLD", "exc": "DE FR GB"},
    {"reg": "ECZ"},
    {"inc": "AU NZ", "reg": "ECZ", "exc": "IE"},
    {"inc": "GB", "reg": "GB-SCT"},
    {"inc": "JP KR CN TW HK MO"},
]
KINDS = ("01", "02", "03", "01", "02", "06", "07", "08")
DAYS = ("20260301", "20260501", "202605", "2026", "20260601", "20250101")


@cache
def expanded(index: int) -> Expansion:
    return expand(territory(**TERRITORIES[index]))


@cache
def index_of(where: str) -> int:
    return [str(territory(**one)) for one in TERRITORIES].index(where)


def covers(where: Territory, country: str) -> bool:
    return not any(where.values()) or country in expanded(index_of(str(where))).countries


class Reading:
    """What the rights of a record say of one country, by AUDIOBOOKS 1.8: named, reached, or the rest of the world."""

    def __init__(self, block: Publishing, country: str) -> None:
        rights = block["sales_rights"]
        spans = [expanded(index_of(str(one["territory"]))) for one in rights]
        named = [place for place, one in enumerate(spans) if country in one.explicit]
        reached = [place for place, one in enumerate(spans) if country in one.countries]
        deciding = named or reached
        self.grants = [place for place in deciding if rights[place]["type"] in ("01", "02", "07", "08")]
        self.denials = [place for place in deciding if rights[place]["type"] in ("03", "04", "05", "06")]
        if not deciding and block["row_sales_rights_type"]:
            (self.grants if block["row_sales_rights_type"] in ("01", "02") else self.denials).append(-1)
        doubt = [place for place, one in enumerate(spans) if country in one.doubtful]
        takes_back = any(rights[place]["type"] in ("03", "04", "05", "06") for place in doubt)
        vague = any(
            rights[place]["type"] in ("07", "08") and not rights[place]["restrictions"] for place in {*named, *reached}
        )
        self.is_granted = bool(self.grants) and not self.denials and not takes_back and not vague
        self.is_denied = bool(self.denials) and not self.grants
        self.is_exclusive = self.is_granted and any(self._type(block, place) in ("01", "07") for place in self.grants)
        self.sells = self.is_granted and not any(
            limit["type"] == "13" for place in self.grants if place >= 0 for limit in rights[place]["restrictions"]
        )

    @staticmethod
    def _type(block: Publishing, place: int) -> str | None:
        return block["row_sales_rights_type"] if place < 0 else block["sales_rights"][place]["type"]


Finding = tuple[str, int, str, int | None, str | None]
"""A rule, then the place of the record and the path on both sides; of rights no path, because countries may differ."""


def of_country(records: Sequence[Said], country: str) -> Iterator[Finding]:
    """Every contradiction about one country."""
    said = {place: Reading(one.publishing, country) for place, one in enumerate(records) if one.publishing}
    for a, one in said.items():
        for b, other in said.items():
            differ = records[a].supplier != records[b].supplier
            if (
                a < b
                and differ
                and one.is_exclusive
                and other.is_exclusive
                and _publishers_differ(records[a], records[b])
            ):
                yield ("exclusive_overlap", a, "", b, "")
            if differ and one.is_granted and other.is_denied:
                yield ("suppliers_disagree", a, "", b, "")
        for granting in one.grants:
            for denying in one.denials:
                yield ("rights_clash", a, _right(granting), a, _right(denying))
    for place, one_record in enumerate(records):
        yield from _of_supply(place, one_record, said, country)


def _right(place: int) -> str:
    return "ROWSalesRightsType" if place < 0 else f"SalesRights[{place + 1}]"


def _publishers_differ(one: Said, other: Said) -> bool:
    names = [(said.publishing or publishing())["publishers"][0]["name"] for said in (one, other)]
    return names[0] != names[1]


def _of_supply(place: int, one: Said, said: dict[int, Reading], country: str) -> Iterator[Finding]:
    beside = [place] if place in said else list(said)
    for of_market, stated, path in _prices(one):
        if covers(of_market["market"], country) and covers(stated["territory"], country):
            is_placed = any(stated["territory"].values()) or any(of_market["market"].values())
            if stated["type"] == "02" and is_placed:
                yield from (("price_without_rights", place, path, at, "") for at in beside if said[at].is_denied)
            if stated["currency"] == "EURO":
                yield ("unknown_currency", place, path, None, None)
            if _early(stated["dates"], "14", "15"):
                yield ("end_before_start", place, path, place, path)
    if beside and all(said[at].sells for at in beside) and _lacks_price(one, country):
        yield ("rights_without_price", place, "", beside[0], "")
    general = one.publishing["dates"] if one.publishing else []
    for number, of_market in enumerate(one.supply or [], 1):
        own = of_market["market_dates"]
        if own and covers(of_market["market"], country) and _early([*general[:1], *own], "01", "13"):
            yield (
                "end_before_start",
                place,
                f"ProductSupply[{number}]/MarketPublishingDetail/MarketDate[1]",
                place,
                "",
            )
    if _early(general, "01", "13"):
        yield ("end_before_start", place, "PublishingDate[2]", place, "")


def _prices(one: Said) -> Iterator[tuple[ProductSupply, Price, str]]:
    for number, of_market in enumerate(one.supply or [], 1):
        for nth, detail in enumerate(of_market["supplies"], 1):
            for which, stated in enumerate(detail["prices"], 1):
                yield of_market, stated, f"ProductSupply[{number}]/SupplyDetail[{nth}]/Price[{which}]"


def _lacks_price(one: Said, country: str) -> bool:
    """Whether a country is supplied without a price, while others have one, and nothing says that it is meant so."""
    consumers = [(of_market, stated) for of_market, stated, _ in _prices(one) if stated["type"] == "02"]
    here = [
        detail
        for of_market in one.supply or []
        if covers(of_market["market"], country)
        for detail in of_market["supplies"]
    ]
    return (
        any(_somewhere(*pair) for pair in consumers)
        and not any(
            covers(where["market"], country) and covers(stated["territory"], country) for where, stated in consumers
        )
        and not any(detail["unpriced"] for detail in here)
        and any(detail["availability"] == "20" for detail in here)
    )


@cache
def _meeting(one: str, other: str) -> bool:
    wheres = [set(EVERYWHERE) if not name else set(expanded(int(name)).countries) for name in (one, other)]
    return bool(wheres[0] & wheres[1])


def _somewhere(of_market: ProductSupply, stated: Price) -> bool:
    names = [str(index_of(str(one))) if any(one.values()) else "" for one in (of_market["market"], stated["territory"])]
    return _meeting(*names)


def _early(dates: Iterable[DatedRole], start: str, end: str) -> bool:
    """Whether it ends before it begins, whatever day is meant."""
    starts = [one["raw"] for one in dates if one["role"] == start]
    ends = [one["raw"] for one in dates if one["role"] == end]
    latest = {"2026": "20261231", "202605": "20260531"}
    first = {"2026": "20260101", "202605": "20260501"}
    return any(latest.get(last, last) < first.get(begins, begins) for last in ends for begins in starts)


class Drawn:
    """Titles drawn by chance, and how many statements they hold."""

    def __init__(self, seed: int) -> None:
        self.any = random.Random(seed)  # noqa: S311 - drawn, not secret
        self.statements = 0

    def territory(self) -> Territory:
        return territory(**self.any.choice(TERRITORIES))

    def right(self) -> SalesRights:
        self.statements += 1
        kind = self.any.choice(KINDS)
        limits = self.any.choice([["12"], ["13"], []]) if kind in ("07", "08") else []
        return SalesRights(type=kind, territory=self.territory(), restrictions=restrictions(*limits))

    def price(self) -> Price:
        self.statements += 1
        where = self.territory() if self.any.random() < 0.7 else territory()
        currency = self.any.choice(["EUR", "GBP", "USD", "EURO"])
        dates = [dated("14", self.any.choice(DAYS)), dated("15", self.any.choice(DAYS))]
        return price(
            self.any.choice(["9.99", "12.50"]),
            currency,
            self.any.choice(["02", "02", "05"]),
            territory=where,
            dates=dates if self.any.random() < 0.2 else [],
        )

    def market(self, *, is_dated: bool) -> ProductSupply:
        details = [
            supply(self.any.choice(["20", "20", "46"]), *(self.price() for _ in range(self.any.randrange(3))))
            | {"unpriced": self.any.choice([None, None, None, "02"])}
            for _ in range(self.any.randrange(1, 3))
        ]
        where = self.territory() if self.any.random() < 0.6 else territory()
        return market(*details, market=where, market_dates=[dated("13", "20260401")] if is_dated else [])

    def record(self, supplier: str) -> Said:
        rights = [self.right() for _ in range(self.any.randrange(1, 4))]
        dates = [dated("01", self.any.choice(DAYS)), dated("13", self.any.choice(DAYS))]
        has_dates = self.any.random() < 0.3
        block = publishing(
            *rights,
            row=self.any.choice([None, "03", "01", "02"]),
            dates=dates if has_dates else [],
            publishers=[Publisher(role="01", name=self.any.choice(["Acme", "Bolt"]), identifiers=[])],
        )
        markets = [self.market(is_dated=has_dates and self.any.random() < 0.3) for _ in range(self.any.randrange(3))]
        return Said(
            block if self.any.random() < 0.9 else None,
            markets or None,
            supplier=supplier,
            reference=supplier,
            state="live",
        )

    def records(self) -> list[Said]:
        return [self.record(supplier) for supplier in ("acme", "bolt", "crow")[: self.any.randrange(1, 4)]]
