"""Random records of a title, of all that decides rights and offers, with the borders of time and place in them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from bindery.catalogue.record import (
    DatedRole,
    Price,
    PriceCondition,
    ProductSupply,
    Publishing,
    Restriction,
    SalesRights,
    Supply,
    Territory,
)
from bindery.rights.countries import mask
from bindery.rights.title import Limit
from bindery.trade.models import MODELS
from tests.rights.titles import Said, dated
from tests.trade.builders import market, price, publishing, restrictions, right, supply, territory

COUNTRIES = ("DE", "FR", "US", "AU", "BR", "RU", "KI", "BV", "HM", "GB", "CA", "JP", "LB")
"""One zone, many, the change of the clock at midnight (LB), and no zone of their own (BV, HM)."""

_T = TypeVar("_T")
_DAYS = ("20260308", "20260329", "20260405", "20261004", "20261025", "20261101", "20260501", "20250101", "20270615")
_MONTHS = ("202603", "202610", "202602", "202612", "202501")
_HOURS = ("T0000", "T0230", "T0200", "T013000", "T2330", "T0230Z", "T0100+0100", "T0230-0500", "T2300Z", "T1200+1030")
_UNREADABLE = ("TBC", "20261332", "")
_FOR_SALE = ("01", "02", "01", "02", "01", "07")
_NOT_FOR_SALE = ("03", "04", "06", "99")
_LIMITS = ("99", "12", "13", "06", "09", "15", "20", "03")


class Chance:
    """Random record blocks. Half of what is made can be sold somewhere, or nothing would be learned."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.mess = self.one((0.0, 0.05, 0.15, 0.3, 0.6, 1.0))

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def seldom(self, share: float) -> bool:
        """What keeps a title from being sold: seldom in a tidy one."""
        return self.often(share * self.mess)

    def one(self, values: Sequence[_T]) -> _T:
        return self.random.choice(values)

    def some(self, make: Callable[[], _T], most: int) -> list[_T]:
        return [make() for _ in range(self.random.randint(0, most))]

    def codes(self, values: Sequence[str], most: int) -> str:
        return " ".join(self.random.sample(values, self.random.randint(0, most)))

    def where(self) -> Territory:
        if self.often(0.5):
            return territory(reg="WORLD", exc=self.codes(COUNTRIES, 2), rexc="CA-QC" if self.seldom(0.2) else "")
        regions = self.codes(["CA-QC", "GB-SCT", "WORLD", "US-CA"], 1) if self.seldom(0.4) else ""
        names = self.codes([*COUNTRIES, "UK", "XX"] if self.seldom(0.2) else COUNTRIES, 8)
        return territory(inc=names, reg=regions, rexc="US-NY" if self.seldom(0.1) else "")

    def date(self, role: str) -> DatedRole:
        if self.seldom(0.08):
            return dated(role, self.one(_UNREADABLE))
        if self.often(0.05):
            return dated(role, f"{self.one(_DAYS)}{self.one(_DAYS)}", "06")
        if self.often(0.2):
            return dated(role, self.one((*_MONTHS, "2026", "2025")))
        if self.often(0.4):
            return dated(role, self.one(_DAYS) + self.one(_HOURS))
        return dated(role, self.one(_DAYS))

    def dates(self, roles: Sequence[str], most: int) -> list[DatedRole]:
        return [self.date(role) for role in self.random.sample(roles, self.random.randint(0, most))]

    def restrictions(self, share: float) -> list[Restriction]:
        return restrictions(*self.some(lambda: self.one(_LIMITS), 2)) if self.often(share) else []

    def right(self) -> SalesRights:
        kind = self.one(_NOT_FOR_SALE if self.seldom(0.4) else _FOR_SALE)
        limits = self.restrictions(0.8 if kind == "07" else 0.2 * self.mess)
        return SalesRights(type=kind, territory=self.where(), restrictions=limits)

    def publishing(self) -> Publishing:
        rights = [self.right() for _ in range(self.one((0, 1, 1, 1, 2, 3)))]
        if self.often(1 - self.mess):
            rights = [right("01", reg="WORLD")]
        status = self.one(("02", "13", "00", "16", "11")) if self.seldom(0.25) else self.one((None, "04"))
        dates = self.dates(("01", "02", "09", "10", "13", "27", "30", "31", "32", "33", "39", "19"), 2)
        if self.often(0.1):
            dates.append(dated("01", "19000101"))
        row = self.one((None, "01", "02", "02", "03", "00", "07"))
        return publishing(*rights, row=row, status=status, dates=dates, restrictions=self.restrictions(0.2 * self.mess))

    def price(self) -> Price:
        promoted = self.often(0.3)
        dates = self.dates(("14", "15"), 2) if promoted or self.often(0.2) else []
        if self.often(0.08):
            days = sorted((self.one(_DAYS), self.one(_DAYS)))
            dates = [dated("24", "".join(days), "06") if self.often(0.8) else dated("24", "202603202610", "07")]
        qualifier = self.one(("08", "17") if promoted else (None, None, None, "00", "05", "06", "10", "13", "12"))
        one = price(
            self.one(("9.99", "12.00", "12", "3.5")),
            self.one((None, "USD") if self.seldom(0.1) else ("EUR",)),
            self.one(("02", "04", "42", "01", "05", "36") if self.seldom(0.4) else ("02", "04")),
            qualifier=qualifier,
            dates=dates,
        )
        if self.often(0.4):
            one["territory"] = self.where()
        if self.often(0.06):
            one["conditions"] = [PriceCondition(type=self.one(("00", "10")), quantities=[])]
        if self.often(0.1):
            one["amount"], one["unpriced"] = None, self.one(("01", "02", "04", "06"))
        return one

    def supply(self) -> Supply:
        often = ("20", "21", "20", None)
        seldom = ("10", "11", "99", "31", "46", "40", "09")
        availability = self.one(seldom if self.seldom(0.5) else often)
        one = supply(availability, *[self.price() for _ in range(self.one((0, 1, 1, 2, 2, 3)))])
        if self.often(0.35):
            one["dates"] = self.dates(("02", "08", "50", "51", "29"), 2)
        if not one["prices"] or self.seldom(0.2):
            one["unpriced"] = self.one(("01", "02", "03", "04", "06", "08") if self.seldom(1) else ("01", "04", None))
        return one

    def market(self) -> ProductSupply:
        status = self.one(("02", "12", "13", "14", "16", "04", "04")) if self.seldom(0.3) else None
        reference = "M" if self.seldom(0.2) else None
        where = territory() if self.often(0.6) else self.where()
        dates = self.dates(("01", "02", "13", "30"), 2) if self.often(0.25) else []
        supplies = [self.supply() for _ in range(0 if self.seldom(0.2) else self.one((1, 1, 1, 2)))]
        return market(
            *supplies,
            status=status,
            reference=reference,
            market=where,
            market_dates=dates,
            market_restrictions=self.restrictions(0.2 * self.mess),
        )

    def record(self, supplier: str, *, is_rejected: bool = False) -> Said:
        state = self.one(("deleted", "withdrawal")) if not is_rejected and self.seldom(0.1) else "live"
        return Said(
            publishing=None if self.seldom(0.2) else self.publishing(),
            supply=None if self.seldom(0.2) else [self.market() for _ in range(self.one((1, 1, 1, 2)))],
            state=state,
            is_rejected=is_rejected,
            said_at=f"2026-0{self.random.randint(1, 9)}-15T12:00:00+00:00",
            supplier=supplier,
            withdrawal="notification:05" if state == "deleted" else "publishing_status:11" if state != "live" else None,
        )

    def records(self) -> list[Said]:
        found = []
        for supplier in ("acme", "bell", "cove")[: self.one((1, 1, 1, 1, 2, 2, 3))]:
            found.append(self.record(supplier))
            if self.often(0.15):
                found.append(self.record(supplier, is_rejected=True))
        return found

    def limits(self) -> list[Limit]:
        if not self.often(0.08):
            return []
        return [Limit(self.one(MODELS), mask(self.random.sample(COUNTRIES, 8)), "o-1")]
