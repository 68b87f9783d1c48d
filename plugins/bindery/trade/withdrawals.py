"""Signals that a product has to come down (AUDIOBOOKS section 6, rule T1; Lists 46, 64, 65, 68, 71)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bindery.catalogue.record import ProductSupply, Publishing, SalesRights, Supply
from bindery.trade.restrictions import models_left, models_left_by
from bindery.trade.rights import GRANTS, rights_of

WITHDRAWN_STATUSES = ("11", "15", "12", "17", "16", "01", "03", "07", "08", "05")
"""List 64, most restrictive first: withdrawn, recalled (15, deprecated 12), permanently and temporarily withdrawn,
cancelled, postponed indefinitely, out of print, inactive, no longer our product."""

WITHDRAWN_MARKET_STATUSES = ("11", "15", "17", "16", "01", "03", "07", "08", "05", "12")
"""List 68 differs from 64: its 12 is "not available in this market"."""

WITHDRAWN_AVAILABILITIES = ("46", "49", "34", "01", "52", "51", "43", "40", "41", "42", "44", "45", "47", "48", "50")
"""List 65, most restrictive first: withdrawn, recalled, temporarily withdrawn, cancelled, then the others that are
not available."""

_DENIALS = ("06", "04", "05", "03")
"""List 46, most restrictive first."""


def _first(order: tuple[str, ...], codes: Iterable[str | None]) -> str | None:
    found = set(codes)
    return next((code for code in order if code in found), None)


def stated_withdrawal(status: str | None, types: Collection[str | None]) -> str | None:
    """The withdrawal that a publishing status (List 64) or the types of all rights (List 46) state."""
    withdrawn = _first(WITHDRAWN_STATUSES, [status])
    if withdrawn:
        return f"publishing_status:{withdrawn}"
    denial = _first(_DENIALS, types)
    return f"sales_rights:{denial}" if denial and not GRANTS.intersection(types) else None


def publishing_withdrawal(publishing: Publishing | None) -> str | None:
    """The withdrawal that block 4 states.

    In this order: a publishing status; rights that are nowhere for sale (03-06 only); restrictions that leave no model
    where rights would.

    Returns:
        ``publishing_status:11``, ``sales_rights:04`` or ``sales_restriction:03``; None where nothing is withdrawn.
    """
    if publishing is None:
        return None
    types = [*(rights["type"] for rights in publishing["sales_rights"]), publishing["row_sales_rights_type"]]
    return stated_withdrawal(publishing["status"], types) or _restriction(publishing)


def _unrestricted(publishing: Publishing) -> Publishing:
    """The same block as if no restriction were stated; 07 and 08 are 01 and 02 with one."""
    plain = {"07": "01", "08": "02"}
    rights = [
        SalesRights(type=plain.get(one["type"], one["type"]), territory=one["territory"], restrictions=[])
        for one in publishing["sales_rights"]
    ]
    return {**publishing, "sales_rights": rights, "restrictions": []}


def _restriction(publishing: Publishing) -> str | None:
    """A restriction that leaves nothing of rights that otherwise would allow something."""
    restrictions = [*publishing["restrictions"], *(r for s in publishing["sales_rights"] for r in s["restrictions"])]
    codes = [one["type"] for one in restrictions]
    if any(models_left_by(*codes)):
        return None
    if any(rights_of(publishing, None).allowed.values()) or not rights_of(_unrestricted(publishing), None).sale:
        return None
    return f"sales_restriction:{_narrowest(codes)}"


def _narrowest(codes: Iterable[str]) -> str:
    """What takes all models away says more than one of two that take some each."""
    return min(codes, key=lambda code: (sum(models_left_by(code)), code))


def _supply_signal(supply: Supply) -> str | None:
    availability = _first(WITHDRAWN_AVAILABILITIES, [supply["availability"]])
    return f"availability:{availability}" if availability else None


def _market_signal(market: ProductSupply) -> str | None:
    """Why nothing is sold in a market; None where something is.

    Restrictions close it only where they leave no model: what is open to some is decided model by model.
    """
    status = _first(WITHDRAWN_MARKET_STATUSES, [market["market_status"]])
    if status:
        return f"market_status:{status}"
    if not any(models_left(market["market_restrictions"])):
        return f"market_restriction:{_narrowest(one['type'] for one in market['market_restrictions'])}"
    if not market["supplies"]:
        # A market named without supply is how 3.1 takes the supply of that market away (AUDIOBOOKS 1.3).
        return "market_supply:none" if market["market_reference"] else None
    signals = [_supply_signal(supply) for supply in market["supplies"]]
    return None if None in signals else _most_restrictive([signal for signal in signals if signal])


_ORDER = (
    *(f"market_status:{code}" for code in WITHDRAWN_MARKET_STATUSES[:4]),
    *(f"availability:{code}" for code in WITHDRAWN_AVAILABILITIES[:3]),
    *(f"market_status:{code}" for code in WITHDRAWN_MARKET_STATUSES[4:]),
    *(f"availability:{code}" for code in WITHDRAWN_AVAILABILITIES[3:]),
)


def _most_restrictive(signals: list[str]) -> str:
    return min(signals, key=lambda signal: (_ORDER.index(signal) if signal in _ORDER else len(_ORDER), signal))


def supply_withdrawal(supply: list[ProductSupply] | None) -> str | None:
    """The withdrawal that block 6 states: only where every market says so, and in a market every supplier.

    Returns:
        The most restrictive of ``market_status:11``, ``availability:46``, ``market_restriction:03`` and
        ``market_supply:none``; None where any market still sells, or there is no block 6.
    """
    if not supply:
        return None
    signals = [_market_signal(market) for market in supply]
    return None if None in signals else _most_restrictive([signal for signal in signals if signal])
