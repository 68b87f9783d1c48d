"""Every signal to take a title down (AUDIOBOOKS section 6): how a record says it, and what has to come of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.simulator import onix3
from tests.simulator.titles import Rights, Title

_TITLE = re.compile(r"<TitleDetail>\s*<TitleType>01</TitleType>.*?</TitleDetail>\n", re.DOTALL)


@dataclass(frozen=True)
class Market:
    """One ProductSupply. ``ends``: SupplyDate 51 (YYYYMMDD). ``restriction``: List 71."""

    country: str
    currency: str
    status: str = "04"
    availability: str = "20"
    amount: str = "9.99"
    restriction: str = ""
    ends: str = ""

    def text(self) -> str:
        """As ONIX 3.0. Without an amount it states no price, nor why there is none."""
        restriction = _wrapped("SalesRestriction", _tag("SalesRestrictionType", self.restriction))
        ends = _wrapped("SupplyDate", _tag("SupplyDateRole", "51") + _tag("Date", self.ends)) if self.ends else ""
        price = _tag("PriceType", "02") + _tag("PriceAmount", self.amount) + _tag("CurrencyCode", self.currency)
        territory = _wrapped("Territory", _tag("CountriesIncluded", self.country))
        supplier = _wrapped("Supplier", _tag("SupplierRole", "01") + _tag("SupplierName", "Northwind"))
        return _wrapped(
            "ProductSupply",
            _wrapped("Market", territory + restriction)
            + _wrapped("MarketPublishingDetail", _tag("MarketPublishingStatus", self.status))
            + _wrapped(
                "SupplyDetail",
                supplier
                + _tag("ProductAvailability", self.availability)
                + ends
                + (_wrapped("Price", price) if self.amount else ""),
            ),
        )


def _tag(name: str, value: str) -> str:
    return f"<{name}>{value}</{name}>\n" if value else ""


def _wrapped(name: str, content: str) -> str:
    return f"<{name}>\n{content}</{name}>\n" if content else ""


@dataclass(frozen=True)
class Said:
    """A record: a title sold and streamed in Britain and the United States, until a signal says otherwise.

    As a block update (04) it holds block 6 alone.
    """

    title: Title
    notification: str = "03"
    markets: tuple[Market, ...] = (Market("GB", "GBP"), Market("US", "USD"))
    has_title: bool = True

    def text(self) -> str:
        """The ``<Product>``."""
        if self.notification == "05":
            return onix3.record(self.title, "05")
        others = [block for block in onix3.BLOCKS if block != "supply" and self.notification != "04"]
        made = onix3.record(self.title, self.notification, others)
        supply = "".join(market.text() for market in self.markets)
        made = made.replace("</Product>", f"{supply}</Product>")
        return made if self.has_title else _TITLE.sub("", made, count=1)


def on_sale(title: Title) -> Said:
    """The record of a title that everybody may buy and stream everywhere it is supplied."""
    return Said(
        replace(
            title, status="04", published="20200101", embargo="", embargo_role="", rights=Rights(), series="", form="AJ"
        )
    )


@dataclass(frozen=True)
class Scope:
    """Where and for which model a signal closes, and where the title stays open. ``code``: of ``rights.reasons``."""

    model: str
    country: str
    code: str
    open_model: str
    open_country: str | None


@dataclass(frozen=True)
class Signal:
    """One signal.

    Attributes:
        name: Signal and code, as reasons have it.
        say: Makes a good record say it.
        scopes: What it closes; empty for the whole title, ``name`` being the reason.
        rejected_for: The rule that rejects its record; None for a delete, which states nothing that could be wrong.
        is_contradicted: Whether the good record stands beside it in the message, so that neither counts.
        again: What a second message, an hour later, makes a good record say; it is rejected too.
        again_for: The rule that rejects the second record.
    """

    name: str
    say: Callable[[Said], Said]
    scopes: tuple[Scope, ...] = ()
    rejected_for: str | None = "R3"
    is_contradicted: bool = False
    again: Callable[[Said], Said] | None = None
    again_for: str = "R3"

    def sent_again(self, good: Said) -> list[Said]:
        """What the second message holds of the title."""
        return [] if self.again is None else [replace(self.again(good), has_title=self.again_for != "R3")]

    def sent(self, good: Said) -> list[Said]:
        """What the message with the signal holds of the title."""
        signalled = self.say(good)
        return [good, signalled] if self.is_contradicted else [replace(signalled, has_title=not self.rejected_for)]


def _of_title(**said: object) -> Callable[[Said], Said]:
    return lambda one: replace(one, title=replace(one.title, **said))  # type: ignore[arg-type]


def _of_every_market(**said: str) -> Callable[[Said], Said]:
    return lambda one: replace(one, markets=tuple(replace(market, **said) for market in one.markets))


def _of_first_market(**said: str) -> Callable[[Said], Said]:
    return lambda one: replace(one, markets=(replace(one.markets[0], **said), *one.markets[1:]))


def _of_last_market(**said: str) -> Callable[[Said], Said]:
    return lambda one: replace(one, markets=(*one.markets[:-1], replace(one.markets[-1], **said)))


def _as_update(said: Said, *more: Market) -> Said:
    """Its block 6, with more markets, as a block update."""
    return replace(said, notification="04", markets=(*said.markets, *more))


STATUSES = ("01", "03", "05", "07", "08", "11", "12", "15", "16", "17")
MARKET_STATUSES = STATUSES
"""12 is "recalled" in List 64 and "not available in this market" in List 68."""
AVAILABILITIES = ("01", "34", *(str(code) for code in range(40, 53)))
DENIALS = ("03", "04", "05", "06")


def whole() -> Iterator[Signal]:
    """What takes the whole title down."""
    yield Signal(
        "notification:05",
        lambda one: replace(one, notification="05"),
        rejected_for="contradiction",
        is_contradicted=True,
    )
    for code in STATUSES:
        yield Signal(f"publishing_status:{code}", _of_title(status=code))
    for code in MARKET_STATUSES:
        yield Signal(f"market_status:{code}", _of_every_market(status=code))
    for code in AVAILABILITIES:
        yield Signal(f"availability:{code}", _of_every_market(availability=code))
    for code in DENIALS:
        yield Signal(f"sales_rights:{code}", _of_title(rights=Rights(kind=code)))
    for code in ("03", "04", "21"):
        yield Signal(f"sales_restriction:{code}", _of_title(rights=Rights(restriction=code)))
    yield Signal("market_restriction:03", _of_every_market(restriction="03"))


def scoped() -> Iterator[Signal]:
    """What takes it down in one market, or for one model."""

    def british(code: str) -> tuple[Scope]:
        return (Scope("sale", "GB", code, "sale", "US"),)

    for code in MARKET_STATUSES:
        yield Signal(f"market_status:{code} in GB", _of_first_market(status=code), british("market_withdrawn"))
    for code in AVAILABILITIES:
        yield Signal(f"availability:{code} in GB", _of_first_market(availability=code), british("unavailable"))
    # The simulator states what WORLD leaves out as not for sale (03).
    yield Signal("sales_rights:03 in GB", _of_title(rights=Rights(excluded=("GB",))), british("not_for_sale"))
    unstreamed = (Scope("subscription", "GB", "restricted", "sale", "GB"),)
    yield Signal("sales_restriction:12", _of_title(rights=Rights(restriction="12")), unstreamed)
    yield Signal("sales_restriction:20", _of_title(rights=Rights(restriction="20")), unstreamed)
    unsold = (Scope("sale", "GB", "restricted", "subscription", "GB"),)
    yield Signal("sales_restriction:13", _of_title(rights=Rights(restriction="13")), unsold)
    yield Signal("market_restriction:12 in GB", _of_first_market(restriction="12"), unstreamed)
    yield Signal("market_restriction:03 in GB", _of_first_market(restriction="03"), british("restricted"))
    # A subscription needs no price (List 57: 04, 06).
    unpriced = (Scope("sale", "GB", "price_removed", "subscription", "GB"),)
    yield Signal("price removed", _of_every_market(amount=""), unpriced)
    yield Signal("price removed in GB", _of_first_market(amount=""), british("price_removed"))
    for role, closed, left in (("02", "sale", None), ("30", "subscription", "sale"), ("31", "subscription", "sale")):
        moved = _of_title(embargo="20270101", embargo_role=role)
        scope = Scope(closed, "GB", "embargoed", left or "", "GB" if left else None)
        yield Signal(f"embargo:{role} moved", moved, (scope,))
    yield Signal("supply_date:51 in GB", _of_first_market(ends="20260301"), british("ended"))
    yield from two_in_a_row()


def two_in_a_row() -> Iterator[Signal]:
    """A rejected record after a rejected one: what the older says holds still."""
    yield Signal(
        "market_status:07 in GB, then availability:46 in US",
        _of_first_market(status="07"),
        (
            Scope("sale", "GB", "market_withdrawn", "", None),
            Scope("sale", "US", "unavailable", "", None),
        ),
        again=_of_last_market(availability="46"),
    )
    yield Signal(
        "sales_restriction:13, then an embargo of streaming",
        _of_title(rights=Rights(restriction="13")),
        (Scope("sale", "GB", "restricted", "", None), Scope("subscription", "GB", "embargoed", "", None)),
        again=_of_title(embargo="20270101", embargo_role="30"),
    )
    # Ireland's availability is no code of List 65.
    yield Signal(
        "sales_rights:03 in GB, then a supply update with availability:46 in US",
        _of_title(rights=Rights(excluded=("GB",))),
        (
            Scope("sale", "GB", "not_for_sale", "", None),
            Scope("sale", "US", "unavailable", "", None),
        ),
        again=lambda one: _as_update(_of_last_market(availability="46")(one), Market("IE", "EUR", availability="00")),
        again_for="R4",
    )


WHOLE, SCOPED = tuple(whole()), tuple(scoped())

DELETE = Signal("delete", lambda one: replace(one, notification="05"), rejected_for=None)
"""A delete that counts."""
