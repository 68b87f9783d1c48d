"""Which of a supplier's prices a recipient may see: consumer prices of its own business model (E2, AUDIOBOOKS 1.10)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bindery.delivery.codes import in_list
from bindery.delivery.onix_parts import Block
from bindery.trade.models import Model
from bindery.trade.prices import QUALIFIERS

CONSUMER_PRICE_TYPES: Final = frozenset(
    {"01", "02", "03", "04", "11", "12", "13", "14", "21", "22", "23", "24", "33", "34", "41", "42"}
)
"""List 58: recommended, fixed and publisher's retail prices. Net, billing and nominal prices are ours alone."""


def recipient_prices(prices: list[Block], model: Model) -> Iterator[Block]:
    """The prices that are for consumers and of one model, priced or expressly unpriced.

    Args:
        prices: ``Price`` values of the record model.
        model: one of ``trade.models.MODELS``.
    """
    for price in prices:
        if price["type"] not in CONSUMER_PRICE_TYPES or price["qualifier"] not in QUALIFIERS[model]:
            continue
        amount = price["amount"]
        if amount is not None and amount > 0 and in_list(96, price["currency"]):
            yield price


def money(amount: Decimal) -> str:
    """An amount with at least two decimals and no needless zeros, such as ``12.90``."""
    exact = amount.normalize()
    exponent = exact.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 2
    return f"{exact:.{max(2, decimals)}f}"
