"""Reasons as sentences for people: codes by the names their lists give them, records by their suppliers."""

from __future__ import annotations

from typing import Final

from bindery.rights.reasons import KINDS, Reason, Source
from bindery.rights.title import Title
from bindery.trade.codelists import name_of

_CODED: Final = {
    "publishing_status": ("publishing status", "64"),
    "status": ("publishing status", "64"),
    "market_status": ("market publishing status", "68"),
    "availability": ("availability", "65"),
    "sales_rights": ("sales rights type", "46"),
    "sales_restriction": ("sales restriction", "71"),
    "market_restriction": ("sales restriction of every market", "71"),
    "restriction": ("sales restriction", "71"),
    "unpriced": ("unpriced item type", "57"),
    "qualifier": ("price qualifier", "59"),
    "type": ("price type", "58"),
    "currency": ("currency", "96"),
    "notification": ("notification type", "1"),
}
"""How a detail begins, what it is called, and the list of its codes."""

_DATES: Final = {"PublishingDate": "163", "MarketDate": "163", "SupplyDate": "166", "Price": "173"}
"""Elements with dates, and the list of their roles."""

_PLAIN: Final = {
    "market_supply:none": "every market was left without a supply",
    "conditions": "under conditions only",
    "for other countries": "prices for other countries only",
}
_NAMED_IN_DETAIL: Final = frozenset({"not_for_sale", "rights_contradictory", "rights_doubtful", "restriction_unstated"})
"""Kinds whose detail is the path of what says so."""


def told(reason: Reason, title: Title) -> str:
    """A reason as a sentence: what it is, and which record says so where.

    Args:
        reason: Why the title isn't offered.
        title: The one it was found for.
    """
    kind = KINDS[reason.code]
    what = kind.what.format(detail=spelt(reason), where=", ".join(source.path for source in reason.sources))
    what = what.removesuffix(" ()")
    by = dict.fromkeys(record_of(title, source.voice) for source in reason.sources if source.voice is not None)
    path = "" if reason.code in _NAMED_IN_DETAIL else " and ".join(s.path for s in reason.sources if s.path)
    where = ", ".join(part for part in (path, " and ".join(by)) if part)
    return f"{what}: {where}" if where else what


def record_of(title: Title, place: int | None) -> str:
    """A record by its name, such as ``record r1 of acme``."""
    if place is None:
        return "the edition"
    voice = title.voices[place]
    rejected = "rejected " if voice.is_rejected else ""
    if not voice.supplier:
        return "what a person stated"
    return f"{rejected}record {voice.record_reference} of {voice.supplier}"


def coded(number: str, code: str) -> str:
    """A code with the name its list gives it, such as ``11 (Withdrawn from sale)``."""
    name = name_of(number, code)
    return f"{code} ({name})" if name else f"{code} (not in List {number})"


def spelt(reason: Reason) -> str:
    """The detail of a reason, codes spelt out."""
    detail = reason.detail
    if detail in _PLAIN:
        return _PLAIN[detail]
    # An edition's reason names the supplier before the signal.
    supplier, _, signal = detail.rpartition(" ")
    what, colon, code = signal.partition(":")
    if colon and what in _CODED:
        label, number = _CODED[what]
        told_by = f" by {supplier}" if supplier else ""
        return f"{label} {coded(number, code) if code not in ('', 'None') else 'of no code'}{told_by}"
    if what == "override":
        return f"override {code}"
    if what == "absence":
        return f"it is missing from feed {code}"
    if what == "amount":
        return "an amount that is none" if code == "None" else f"amount {code}"
    return _date(reason.sources, detail)


def _date(sources: tuple[Source, ...], detail: str) -> str:
    """A dated role, or one whose date can't be read; any other detail as it is."""
    role, _, day = detail.partition(":")
    element = sources[0].path.rpartition("/")[2].partition("[")[0] if sources else ""
    number = _DATES.get(element)
    name = name_of(number, role) if number else None
    return detail if name is None else f"{role} {name}, {day}".removesuffix(", ")
