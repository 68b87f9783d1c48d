"""Patches of block 6."""

from __future__ import annotations

from bindery.catalogue.overriding.blank import blank
from bindery.catalogue.overriding.values import split_price
from bindery.catalogue.record import Price, ProductSupply, Supply
from bindery.trade.prices import CONSUMER_QUALIFIERS, CONSUMER_TYPES, consumer_price

_WITH_TAX = "02"
"""List 58: what a consumer pays."""


def set_price(block: list[ProductSupply], value: str | None) -> None:
    """The price consumers see, amount and currency as one.

    It takes the place of the price that is shown, and of every consumer price in its own currency; each keeps its
    territory, dates and tax. Consumer prices in other currencies stay. Where none is shown it is stated for the first
    market, instead of what said there that there is no price.
    """
    amount, currency = split_price(value or "")
    shown = consumer_price(block)
    if shown is None:
        _state(block, amount=amount, currency=currency)
        return
    for market in block:
        for supply in market["supplies"]:
            for price in supply["prices"]:
                in_its_place = price["currency"] == currency and _is_consumers(price) and (price["amount"] or 0) > 0
                if price is shown or in_its_place:
                    price["amount"], price["currency"], price["raw_amount"] = amount, currency, f"{amount:f}"


def _is_consumers(price: Price) -> bool:
    return price["type"] in CONSUMER_TYPES and price["qualifier"] in CONSUMER_QUALIFIERS


def _state(block: list[ProductSupply], **priced: object) -> None:
    if not block:
        block.append(blank(ProductSupply))
    market = next((one for one in block if one["supplies"]), block[0])
    if not market["supplies"]:
        market["supplies"] = [blank(Supply)]
    supply = market["supplies"][0]
    price = blank(Price, type=_WITH_TAX, raw_amount=f"{priced['amount']:f}", **priced)
    supply["unpriced"] = None
    for one in market["supplies"]:
        one["prices"] = [old for old in one["prices"] if not _is_consumers(old)]
    supply["prices"] = [price, *supply["prices"]]
