"""The withdrawal that terms state: the one ``bindery.trade.withdrawals`` finds in the blocks they were kept of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from bindery.catalogue.record import ProductSupply, Publishing, Restriction, SalesRights, Supply
from bindery.rights.rights_edits import compacted, territory
from bindery.rights.terms import SupplyStated, SupplyTerms, rights_stated
from bindery.rights.title import Voice
from bindery.trade.stated import Restricted
from bindery.trade.withdrawals import publishing_withdrawal, supply_withdrawal


def withdrawal_of(voice: Voice, stated: Mapping[str, str]) -> str | None:
    """The withdrawal a record's own blocks state; None where they state none, or it has none."""
    terms = voice.publishing
    by_rights = None if terms is None else _of_publishing(terms.status, stated[terms.rights])
    return by_rights or _of_supply(voice.supply or ())


@lru_cache(maxsize=10_000)
def _of_publishing(status: str | None, rights: str) -> str | None:
    stated = compacted(rights_stated(rights))
    return publishing_withdrawal(
        Publishing(
            imprints=[],
            publishers=[],
            country=None,
            status=status,
            dates=[],
            sales_rights=[
                SalesRights(type=one.type, territory=one.territory, restrictions=_restrictions(one.restrictions))
                for one in stated.rights
            ],
            row_sales_rights_type=stated.row,
            restrictions=_restrictions(stated.restrictions),
        )
    )


@lru_cache(maxsize=10_000)
def _of_supply(supply: SupplyTerms) -> str | None:
    return supply_withdrawal(
        [
            ProductSupply(
                market_reference=market.reference,
                market=territory(),
                market_restrictions=_restrictions(market.restrictions),
                market_status=market.status,
                market_dates=[],
                supplies=[_supply(one) for one in market.supplies],
            )
            for market in supply
        ]
    )


def _supply(one: SupplyStated) -> Supply:
    """What a withdrawal is found in; prices and dates are not."""
    return Supply(
        supplier_role=one.supplier_role,
        supplier_name=one.supplier_name,
        availability=one.availability,
        unpriced=one.unpriced,
        dates=[],
        prices=[],
    )


def _restrictions(stated: Iterable[Restricted]) -> list[Restriction]:
    return [Restriction(type=one.type or "", outlets=list(one.outlets), note=None) for one in stated]
