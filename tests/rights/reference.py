"""Whether a title is offered, asked of its records one country and one instant at a time.

A plain reading of AUDIOBOOKS 1.8 to 1.10 and 6. It shares with the evaluator only what a record's signal of withdrawal
is (``bindery.trade.withdrawals``, which has tests of its own).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bindery.catalogue.record import DatedRole, Price, ProductSupply, Supply
from bindery.rights.title import Limit
from bindery.trade.withdrawals import publishing_withdrawal, supply_withdrawal
from tests.rights import plainly
from tests.rights.titles import Said

OWNED = ("sale", "credit")
ALWAYS = {"09": "not_announced", "10": "not_announced", "02": "embargoed", "01": "not_published"}
EMBARGOES = {
    "sale": ("27", "32", "33"),
    "credit": ("27", "32", "33"),
    "subscription": ("30", "31"),
    "library": ("39",),
}
GONE_MARKETS = ("01", "03", "05", "07", "08", "11", "12", "15", "16", "17")
GONE = ("01", "34", *map(str, range(40, 53)))
NOT_YET = ("10", "11", "12")
CONSUMER = ("01", "02", "03", "04", "41", "42", "11", "12", "13", "14", "33", "34")
LIBRARY = (None, "00", "06", "10", "14", "15", "16", "18")
RECALLS = (
    *("publishing_status:11", "publishing_status:12", "publishing_status:15"),
    *("market_status:11", "market_status:15", "availability:46", "availability:49"),
)
GRACE = dt.timedelta(days=30)


@dataclass(frozen=True)
class Why:
    """A reason: its code; the signal; since when, where a date or a record says it; the moment that changes it."""

    code: str
    signal: str = ""
    said_at: str | None = None
    moment: dt.datetime | None = None


@dataclass
class Priced:
    """A time at a price: from the last of ``opens`` until the first of ``closes``."""

    amount: str | None
    opens: list[Why] = field(default_factory=list)
    closes: list[Why] = field(default_factory=list)
    begins: str = ""
    is_limited: bool = False


@dataclass(frozen=True)
class Question:
    """Records of an edition, a place in the world and a model."""

    records: Sequence[Said]
    state: str
    reason: str | None
    limits: Sequence[Limit]
    country: str
    model: str

    def blocks(self) -> list[Why]:
        return [one for one in self._said() if one.moment is None]

    def _said(self) -> list[Why]:
        said = [*self._state(), *self._rights()]
        for record in self.counted:
            said += self._block_4(record)
            if record is not self.supplied:
                said += self._others(record)
        return said + self._markets()[0]

    @property
    def counted(self) -> list[Said]:
        return [one for one in self.records if one.state == "live" or one.is_rejected]

    @property
    def supplied(self) -> Said | None:
        """The record whose supply won."""
        live = (one for one in self.records if one.state == "live" and not one.is_rejected)
        return next((one for one in live if one.supply is not None), None)

    @property
    def needs_price(self) -> bool:
        return self.model != "subscription"

    def _state(self) -> Iterator[Why]:
        signals = [(one, withdrawal(one)) for one in self.records if one.state != "deleted"]
        found = [Why("withdrawn", signal, one.said_at) for one, signal in signals if signal]
        yield from found
        if self.state == "deleted":
            yield Why("deleted", said_at=max(one.said_at for one in self.records if one.state == "deleted"))
        elif (self.reason or "").startswith("override:"):
            yield Why("overridden")
        elif self.state == "withdrawn" and not found:
            yield Why("withdrawn", (self.reason or "").split(" ")[-1])
        elif self.state not in ("live", "withdrawn"):
            yield Why("unknown")
        for limit in self.limits:
            concerns = limit.model == self.model or (limit.model == "sale" and self.model in ("credit", "library"))
            place = sorted(plainly.COUNTRIES).index(self.country)
            if concerns and not limit.countries >> place & 1:
                yield Why("limited")

    def _rights(self) -> Iterator[Why]:
        stating = [one for one in self.counted if one.publishing is not None]
        for one in stating:
            assert one.publishing is not None
            why = plainly.rights(one.publishing, self.country, self.model)
            # What was rejected only narrows: what it doesn't say, it doesn't say.
            if why and not (one.is_rejected and why in ("no_rights", "rights_uncovered")):
                yield Why(why, said_at=one.said_at)
        if self.state == "live" and all(one.is_rejected for one in stating):
            yield Why("no_rights")

    def _in(self, record: Said) -> list[ProductSupply]:
        return [one for one in record.supply or () if plainly.inside(one["market"], self.country)]

    def _near(self, record: Said) -> list[ProductSupply]:
        """Markets that the country is in, or may be."""
        return [
            one
            for one in record.supply or ()
            if not plainly.is_stated(one["market"]) or plainly.place(one["market"], self.country) != "outside"
        ]

    def _block_4(self, record: Said) -> Iterator[Why]:
        """Status and dates: what each market that has the country states goes before what is said in general."""
        markets = self._in(record)
        own = [{date["role"] for date in one["market_dates"] if is_known(date)} for one in markets]
        dates = [date for one in markets for date in one["market_dates"]]
        statuses: list[str | None] = [one["market_status"] for one in markets if one["market_status"] is not None]
        if record.publishing is not None:
            general = record.publishing["dates"]
            dates += [one for one in general if not own or any(one["role"] not in roles for roles in own)]
            if not markets or any(one["market_status"] is None for one in markets):
                statuses.append(record.publishing["status"])
        for date in dates:
            yield from self._date(date, record.said_at)
        is_published = any(one["role"] == "01" and is_known(one) for one in dates)
        for status in statuses:
            if status in ("13", "18"):
                yield Why("not_sold_separately", said_at=record.said_at)
            if status == "02" and not is_published:
                yield Why("undated", said_at=record.said_at)

    def _date(self, date: DatedRole, said_at: str) -> Iterator[Why]:
        role = date["role"]
        if date["date"] == "1900-01-01" and role == "01":
            return
        if role == "13":
            yield self._end(date, said_at)
        elif role in ALWAYS or role in EMBARGOES[self.model]:
            if plainly.is_read(date):
                yield Why(ALWAYS.get(role, "embargoed"), moment=plainly.opens(date, self.country))
            elif role != "01":
                yield Why("date_unreadable", said_at=said_at)

    def _end(self, date: DatedRole, said_at: str) -> Why:
        if not plainly.is_read(date):
            return Why("date_unreadable", said_at=said_at)
        return Why("ended", moment=plainly.ends(date, self.country))

    def _closed(self, market: ProductSupply, said_at: str) -> Iterator[Why]:
        if market["market_status"] in GONE_MARKETS:
            yield Why("market_withdrawn", f"market_status:{market['market_status']}", said_at)
        if not market["supplies"] and market["market_reference"]:
            yield Why("no_market_supply", said_at=said_at)
        if not plainly.leaves(market["market_restrictions"], self.model):
            yield Why("restricted", said_at=said_at)

    def _others(self, record: Said) -> Iterator[Why]:
        """What other records, and rejected ones, say against an offer: of a market only where all its suppliers do."""
        won = self.supplied
        same = won is not None and (record.supplier, record.reference) == (won.supplier, won.reference)
        is_newer = record.is_rejected and same
        for market in self._near(record):
            yield from self._closed(market, record.said_at)
            against = [list(self._against(one, record.said_at, is_newer=is_newer)) for one in market["supplies"]]
            away = [one for one in against if any(why.moment is None for why in one)]
            going_on = [one for one in against if one not in away]
            if not going_on:
                yield from (why for one in away for why in one if why.moment is None)
            for code in ("embargoed", "ended"):
                if all(any(why.code == code for why in one) for one in going_on):
                    yield from (why for one in going_on for why in one if why.code == code)
        supplies = [one for market in self._in(record) for one in market["supplies"]]
        priced = [
            one
            for one in supplies
            if one["unpriced"] or any(plainly.inside(price["territory"], self.country) for price in one["prices"])
        ]
        if is_newer and self.needs_price and supplies and not priced:
            yield Why("price_removed", said_at=record.said_at)

    def _against(self, supply: Supply, said_at: str, *, is_newer: bool) -> Iterator[Why]:
        if supply["availability"] in GONE or (is_newer and not self._has(supply)):
            yield Why("unavailable", f"availability:{supply['availability']}", said_at)
        if is_newer and supply["unpriced"] in ("03", "05"):
            yield Why("not_sold_separately", said_at=said_at)
        if is_newer and supply["unpriced"] == "08":
            yield Why("unavailable", said_at=said_at)
        for date in supply["dates"]:
            if date["role"] == "02":
                yield from self._date(date, said_at)
            if date["role"] == "51" and is_newer:
                yield self._end(date, said_at)

    def _has(self, supply: Supply) -> bool:
        has = supply["availability"] in (None, "20", "21", "22", "23")
        return has or (supply["availability"] == "99" and not self.needs_price)

    def _markets(self) -> tuple[list[Why], list[Priced]]:
        """Block 6 of the record that won: why it isn't supplied, or the times in which it is."""
        record = self.supplied
        if record is None:
            return ([Why("no_price")], []) if self.needs_price else ([], [Priced(None)])
        near = [(one, list(self._closed(one, record.said_at))) for one in self._near(record)]
        blocks = [why for _, closed in near for why in closed]
        inside = self._in(record)
        if not inside:
            return [*blocks, Why("outside_markets", said_at=record.said_at)], []
        lacking: list[Why] = []
        away: list[Why] = []
        found: list[Priced] = []
        for market, closed in near:
            if closed or market not in inside:
                continue
            if not market["supplies"]:
                lacking += [Why("no_price", said_at=record.said_at)] if self.needs_price else []
                found += [] if self.needs_price else [Priced(None)]
            for supply in market["supplies"]:
                why = self._not_supplied(record, market, supply)
                if why:
                    away.append(why)
                    continue
                prices, missing = self._prices(supply, record.said_at)
                found += prices
                lacking += missing
        if not found and not blocks:
            blocks = lacking or away
        return blocks, found

    def _not_supplied(self, record: Said, market: ProductSupply, supply: Supply) -> Why | None:
        code = None
        if supply["availability"] in NOT_YET:
            general = record.publishing["dates"] if record.publishing else []
            dated = any(one["role"] == "08" and plainly.is_read(one) for one in supply["dates"])
            published = any(one["role"] == "01" and is_known(one) for one in (*market["market_dates"], *general))
            code = None if dated or published else "undated"
        elif not self._has(supply):
            return Why("unavailable", f"availability:{supply['availability']}", record.said_at)
        if code is None and supply["unpriced"] in ("03", "05"):
            code = "not_sold_separately"
        if code is None and supply["unpriced"] == "08":
            code = "unavailable"
        if code is None and any(one["role"] in ("02", "50", "51") and not one["date"] for one in supply["dates"]):
            code = "date_unreadable"
        return Why(code, said_at=record.said_at) if code else None

    def _prices(self, supply: Supply, said_at: str) -> tuple[list[Priced], list[Why]]:
        opens, closes = [], []
        for date in supply["dates"]:
            if date["role"] in ("02", "50") or (date["role"] == "08" and supply["availability"] in NOT_YET):
                code = "embargoed" if date["role"] == "02" else "not_yet_available"
                if plainly.is_read(date):
                    opens.append(Why(code, moment=plainly.opens(date, self.country)))
            elif date["role"] == "51":
                closes.append(self._end(date, said_at))
        valid = [one for one in supply["prices"] if self._holds_here(one)]
        if contradict(valid):
            return [], [Why("price_contradictory", said_at=said_at)]
        found = [self._priced(one, opens, closes) for one in valid]
        terms = supply["unpriced"]
        if terms == "01" and not found:
            found.append(Priced("0", opens, closes))
        elif not self.needs_price or (self.model == "library" and not found and terms in ("04", "06", "07")):
            found.append(Priced(None, opens, closes))
        return found, [] if found else [Why("no_price", said_at=said_at)]

    def _holds_here(self, price: Price) -> bool:
        qualifiers = {"library": LIBRARY, "subscription": ("13",)}.get(self.model, (None, "00", "05", "08", "17"))
        if not plainly.inside(price["territory"], self.country) or price["qualifier"] not in qualifiers:
            return False
        if price["qualifier"] in ("08", "17") and not price["dates"]:
            return False
        for date in price["dates"]:
            if not plainly.is_read(date) or (date["role"] == "24" and plainly.begins(date, self.country) is None):
                return False
        if price["amount"] is None:
            return price["unpriced"] == "01"
        if self.model in OWNED and (
            price["type"] not in CONSUMER or any(c["type"] != "00" for c in price["conditions"])
        ):
            return False
        return price["type"] not in (None, "35", "36", "37") and price["currency"] is not None and price["amount"] > 0

    def _priced(self, price: Price, opens: list[Why], closes: list[Why]) -> Priced:
        found = Priced("0" if price["amount"] is None else str(price["amount"]), [*opens], [*closes])
        for date in price["dates"]:
            if date["role"] in ("14", "24"):
                moment = (
                    plainly.opens(date, self.country) if date["role"] == "14" else plainly.begins(date, self.country)
                )
                found.opens.append(Why("price_not_yet", moment=moment))
                found.begins = max(found.begins, plainly.wall(date))
            if date["role"] in ("15", "24"):
                found.closes.append(Why("price_over", moment=plainly.is_over(date, self.country)))
                found.is_limited = True
        return found

    def answer(self, at: dt.datetime) -> tuple[list[Why], str | None]:
        """Every reason against an offer at an instant, none where it is offered; and the price that holds."""
        said, times = self._said(), self._markets()[1]
        blocks = [one for one in said if one.moment is None]
        reasons = [*blocks, *(one for one in said if one.moment is not None and stands(one, at))]
        if blocks:
            return reasons, None
        holding = [one for one in times if not any(stands(why, at) for why in (*one.opens, *one.closes))]
        if not holding:
            for one in times:
                ended = [why for why in one.closes if stands(why, at)]
                reasons += ended or [why for why in one.opens if stands(why, at)]
            return reasons, None
        if reasons:
            return reasons, None
        # What holds for a time only goes first, then what began last, then what is stated first.
        limited = [one for one in holding if one.is_limited] or holding
        return [], max(limited, key=lambda one: one.begins).amount

    def may_download(self, at: dt.datetime) -> bool:
        """Whether who has bought it may download it again: until the last redownload date, unless it was recalled."""
        record = self.supplied
        dates = [
            date
            for market in (self._near(record) if record else ())
            for supply in market["supplies"]
            for date in supply["dates"]
            if date["role"] == "29" and plainly.is_read(date)
        ]
        is_over = any(plainly.is_over(date, self.country) <= at for date in dates)
        return not is_over and all(ends_for(why) == "new" for why in self.answer(at)[0])

    def moments(self) -> list[dt.datetime]:
        """Every instant at which the answer may change, in order."""
        said, times = self._markets()
        whys = [*self._said(), *said, *(why for one in times for why in (*one.opens, *one.closes))]
        return sorted({one.moment for one in whys if one.moment is not None})


def stands(why: Why, at: dt.datetime) -> bool:
    assert why.moment is not None
    return at >= why.moment if why.code in ("ended", "price_over") else at < why.moment


def is_known(date: DatedRole) -> bool:
    return plainly.is_read(date) and not (date["role"] == "01" and date["date"] == "1900-01-01")


def withdrawal(record: Said) -> str | None:
    """What takes the whole title down."""
    return record.withdrawal or publishing_withdrawal(record.publishing) or supply_withdrawal(record.supply)


def contradict(prices: Sequence[Price]) -> bool:
    """Whether two prices differ in nothing but the amount (rule Q5)."""
    amounts: dict[str, Decimal] = {}
    for one in prices:
        dates = [(date["role"], date["raw"]) for date in one["dates"]]
        key = repr((one["type"], one["qualifier"], one["currency"], dates, one["conditions"]))
        amount = one["amount"] or Decimal(0)
        if one["qualifier"] not in ("06", "10") and amounts.setdefault(key, amount) != amount:
            return True
    return False


def ends_for(why: Why) -> str:
    """Whom a reason ends it for: ``new`` listeners, ``all``, or it has ``not_yet`` begun for anyone."""
    if why.signal in RECALLS or why.code in ("overridden", "limited"):
        return "all"
    waits = ("not_announced", "embargoed", "not_published", "not_yet_available", "undated", "date_unreadable")
    return "not_yet" if why.code in (*waits, "price_not_yet", "unknown") else "new"


def may_go_on(reasons: Sequence[Why], at: dt.datetime) -> bool:
    """Whether who has started may go on: thirty days after it ended, if it is known when it did."""
    since = [why.moment or (dt.datetime.fromisoformat(why.said_at) if why.said_at else None) for why in reasons]
    known = [one for one in since if one is not None]
    is_over = any(ends_for(why) != "new" for why in reasons) or len(known) < len(since)
    return not is_over and at < min(known, default=at) + GRACE
