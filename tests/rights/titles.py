"""Titles from plain record blocks, as the catalogue would keep them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import orjson

from bindery.catalogue.record import DatedRole, Price, ProductSupply, Publishing, Restriction, Supply, Territory
from bindery.rights.terms import Dated, MarketStated, PriceStated, PublishingTerms, SupplyStated, SupplyTerms, stated_id
from bindery.rights.title import Limit, Title, Voice
from bindery.trade.dates import dated_role, read_spread
from bindery.trade.stated import Restricted
from bindery.trade.withdrawals import publishing_withdrawal, supply_withdrawal

ISBN = "9780000000002"


@dataclass(frozen=True)
class Said:
    """A record as a supplier sent it; what isn't named is not stated.

    A rejected one follows the record of its supplier and reference. Its withdrawal is what its blocks say, unless
    ``withdrawal`` names another (such as of a delete).
    """

    publishing: Publishing | None = None
    supply: list[ProductSupply] | None = None
    state: str = "live"
    is_rejected: bool = False
    said_at: str = "2026-01-01T00:00:00+00:00"
    supplier: str = "acme"
    reference: str = "1"
    withdrawal: str | None = None


@dataclass
class Stated:
    """Texts of ``stated_terms`` by id."""

    texts: dict[str, str] = field(default_factory=dict)

    def keep(self, value: object) -> str:
        text = orjson.dumps(value).decode()
        one = stated_id(text)
        self.texts[one] = text
        return one

    def publishing(self, block: Publishing) -> PublishingTerms:
        rights = [
            [one["type"], _codes(one["territory"]), _limits(one["restrictions"])] for one in block["sales_rights"]
        ]
        said = [rights, block["row_sales_rights_type"], _limits(block["restrictions"])]
        names = [one["name"] for one in block["publishers"] if one["role"] in ("01", None)]
        return PublishingTerms(block["status"], next(iter(names), None), _dated(block["dates"]), self.keep(said))

    def supply(self, markets: Iterable[ProductSupply]) -> SupplyTerms:
        return tuple(map(self._market, markets))

    def _market(self, one: ProductSupply) -> MarketStated:
        return MarketStated(
            one["market_reference"],
            self._territory(one["market"]),
            tuple(Restricted(kind, tuple(outlets)) for kind, outlets in _limits(one["market_restrictions"])),
            one["market_status"],
            _dated(one["market_dates"]),
            tuple(map(self._supplier, one["supplies"])),
        )

    def _territory(self, where: Territory) -> str | None:
        return self.keep(_codes(where)) if any(where.values()) else None

    def _supplier(self, one: Supply) -> SupplyStated:
        return SupplyStated(
            one["supplier_role"],
            one["supplier_name"],
            one["availability"],
            one["unpriced"],
            _dated(one["dates"]),
            tuple(map(self._price, one["prices"])),
        )

    def _price(self, one: Price) -> PriceStated:
        return PriceStated(
            one["type"],
            one["qualifier"],
            one["status"],
            None if one["amount"] is None else str(one["amount"]),
            one["currency"],
            one["unpriced"],
            self._territory(one["territory"]),
            _dated(one["dates"]),
            tuple(condition["type"] for condition in one["conditions"]),
        )


def _codes(where: Territory) -> list[list[str]]:
    return [
        where["countries_included"],
        where["regions_included"],
        where["countries_excluded"],
        where["regions_excluded"],
    ]


def _limits(restrictions: Iterable[Restriction]) -> list[tuple[str, list[str]]]:
    return [(one["type"], one["outlets"]) for one in restrictions]


def _dated(dates: Iterable[DatedRole]) -> tuple[Dated, ...]:
    return tuple(
        Dated(one["role"], one["date"], one["precision"], read_spread(one["raw"], one["format"])[0]) for one in dates
    )


def dated(role: str, raw: str, date_format: str | None = None) -> DatedRole:
    """A date as sent, such as ``dated("02", "202605")``."""
    return dated_role(role, raw, date_format)


def title(*records: Said, state: str | None = None, reason: str | None = None, limits: Sequence[Limit] = ()) -> Title:
    """The edition of some records.

    Block 6 is that of the first that counts and states it; what takes one down takes the edition down, and where all
    are deleted so is it.
    """
    stated = Stated()
    voices = tuple(_voice(stated, one) for one in records)
    supplied_by = next((place for place, one in enumerate(voices) if _counts(one) and one.supply is not None), None)
    taken_down = next(
        (f"{one.supplier} {one.withdrawal}" for one in voices if one.withdrawal and one.state != "deleted"), None
    )
    if state is None and taken_down:
        state, reason = "withdrawn", taken_down
    elif state is None and voices and all(one.state == "deleted" for one in voices):
        state, reason = "deleted", "notification:05"
    return Title(
        isbn13=ISBN,
        state=state or ("live" if any(map(_counts, voices)) else "none"),
        reason=reason,
        voices=voices,
        supply=None if supplied_by is None else voices[supplied_by].supply,
        supplied_by=supplied_by,
        limits=tuple(limits),
        stated=stated.texts,
    )


def _counts(voice: Voice) -> bool:
    return voice.state == "live" and not voice.is_rejected


def _voice(stated: Stated, one: Said) -> Voice:
    by_blocks = publishing_withdrawal(one.publishing) or supply_withdrawal(one.supply)
    return Voice(
        supplier=one.supplier,
        record_reference=one.reference,
        message_id=f"{one.supplier}-{one.reference}",
        said_at=one.said_at,
        state=one.state,
        withdrawal=one.withdrawal or by_blocks,
        is_rejected=one.is_rejected,
        publishing=None if one.publishing is None else stated.publishing(one.publishing),
        supply=None if one.supply is None else stated.supply(one.supply),
    )
