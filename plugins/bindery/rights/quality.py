"""The quality rules (docs/rules.md) that say the same of a record as a reason says of an offer."""

from __future__ import annotations

from typing import Final

from bindery.rights.reasons import Reason
from bindery.trade.withdrawals import WITHDRAWN_AVAILABILITIES

RULES: Final = {
    "withdrawn": "T1",
    "deleted": "T1",
    "market_withdrawn": "T1",
    "no_market_supply": "T1",
    "rights_contradictory": "Q3",
    "rights_doubtful": "Q3",
    "restriction_unstated": "Q3",
    "outside_markets": "Q3",
    "no_rights": "Q4",
    "rights_uncovered": "Q4",
    "price_contradictory": "Q5",
    "date_unreadable": "W15",
}
"""The quality rules that say the same as a reason does."""

_WRONG_PRICES: Final = ("type:", "currency:", "amount:")


def rule_of(reason: Reason) -> str:
    """The quality rule that says the same as a reason; where none does, the reason's code."""
    detail = reason.detail
    if reason.code == "withdrawn" and detail.rpartition(" ")[2].startswith("absence:"):
        return reason.code
    if reason.code == "unavailable" and detail.removeprefix("availability:") in WITHDRAWN_AVAILABILITIES:
        return "T1"
    if reason.code == "no_price" and detail.startswith(_WRONG_PRICES):
        return "Q5"
    return RULES.get(reason.code, reason.code)
