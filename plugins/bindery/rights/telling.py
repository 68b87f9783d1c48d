"""Reasons as sentences for people: codes by the names their lists give them, records by their suppliers."""

from __future__ import annotations

from typing import Final

from bindery.rights.reasons import KINDS, ROW_RIGHTS, Reason, Source
from bindery.rights.rights_edits import place_of
from bindery.rights.terms import rights_stated
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
    "qualifier": ("the price has qualifier", "59"),
    "type": ("the price has type", "58"),
    "currency": ("the price has currency", "96"),
    "notification": ("notification type", "1"),
}
"""How a detail begins, what it is called, and the list of its codes."""

_DATES: Final = {"PublishingDate": "163", "MarketDate": "163", "SupplyDate": "166", "Price": "173"}
"""Elements with dates, and the list of their roles."""

_PLAIN: Final = {
    "none": "none was received that passes",
    "market_supply:none": "every market was left without a supply",
    "conditions": "the price holds under conditions only",
    "for other countries": "the price is for other countries",
    "none is stated": "none is stated",
    "no supply": "the market states no supplier",
    "no block 4": "no record states block 4",
    "no block 6": "no block 6 is stated",
}
_OF_RIGHTS: Final = frozenset(
    {"not_for_sale", "rights_contradictory", "rights_doubtful", "restriction_unstated", "rights_uncovered"}
)
"""Kinds whose detail is the path of what says so."""


def told(reason: Reason, title: Title) -> str:
    """A reason as a sentence: what it is, and which record says so where.

    Args:
        reason: Why the title isn't offered.
        title: The one it was found for.

    Returns:
        Such as ``it is withdrawn: publishing status 11 (Withdrawn from sale), as record r1 of acme says``.
    """
    what = told_briefly(reason, title)
    says: dict[str, list[str]] = {}
    for source in reason.sources:
        if source.voice is not None:
            says.setdefault(record_of(title, source.voice), []).append(source.path)
    where = " and ".join(_said_in(record, paths) for record, paths in says.items())
    return f"{what}, as {where}" if where else what


def told_briefly(reason: Reason, title: Title) -> str:
    """The same without who says so, such as ``it is withdrawn: publishing status 11 (Withdrawn from sale)``."""
    detail = _of_rights(reason, title) if reason.code in _OF_RIGHTS else spelt(reason)
    return KINDS[reason.code].what.format(detail=detail).removesuffix(": ")


def _said_in(record: str, paths: list[str]) -> str:
    named = " and ".join(path for path in paths if path)
    return f"{record} says in {named}" if named else f"{record} says"


def record_of(title: Title, place: int | None) -> str:
    """A record by its name, such as ``record r1 of acme``."""
    if place is None:
        return "the edition"
    voice = title.voices[place]
    if not voice.supplier:
        return "what a person stated"
    return f"{'rejected ' if voice.is_rejected else ''}record {voice.record_reference} of {voice.supplier}"


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
        by = f" by {supplier}" if supplier else ""
        return f"{label} {coded(number, code) if code not in ('', 'None') else 'of no code'}{by}"
    if what == "absence":
        return f"it is missing from feed {code}"
    if what == "amount":
        return "the price has no amount" if code == "None" else f"the price has amount {code}"
    if reason.code in ("overridden", "limited"):
        return f"override {detail.removeprefix('override:')}"
    return _date(reason.sources, detail)


def _of_rights(reason: Reason, title: Title) -> str:
    """The types of the statements that decide."""
    types = []
    for source in reason.sources:
        terms = None if source.voice is None else title.voices[source.voice].publishing
        if terms is None:
            continue
        stated = rights_stated(title.stated[terms.rights])
        place = place_of(source.path)
        kind = stated.rights[place].type if place is not None else stated.row if source.path == ROW_RIGHTS else None
        if kind:
            types.append(coded("46", kind))
    return " and ".join(f"sales rights type {one}" for one in types)


def _date(sources: tuple[Source, ...], detail: str) -> str:
    """A dated role, or one whose date can't be read; any other detail as it is."""
    role, _, day = detail.partition(":")
    element = sources[0].path.rpartition("/")[2].partition("[")[0] if sources else ""
    number = _DATES.get(element)
    name = name_of(number, role) if number else None
    return detail if name is None else f"{name} ({role}) {day}".rstrip()
