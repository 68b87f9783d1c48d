"""Why a title is not offered: each reason, what it ends, whose it is to mend, and how.

The order is that in which reasons are told: what a person decided, what takes the title down as a whole, what rights
say, what the market's supply says, what is a matter of time, and prices last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from bindery.rights.edges import Edge

Whose = Literal["supplier", "rights desk", "recipient", "nobody"]
"""Who has to act; ``nobody`` where time alone mends it."""

Ends = Literal["new", "all", "not_yet"]
"""What a reason ends: offers to new listeners; everything, also for who has it; or it hasn't begun for anyone."""


@dataclass(frozen=True)
class Kind:
    """A kind of reason.

    Attributes:
        what: What it says, with ``{detail}``; ``telling.told`` makes a sentence of it.
        action: What to do, as an order to whoever it is.
        whose: Whose it is to do.
        ends: What it ends.
    """

    what: str
    action: str
    whose: Whose
    ends: Ends = "new"


KINDS: Final[dict[str, Kind]] = {
    "unknown": Kind(
        "no record that counts names this edition: {detail}",
        "Send a record of it that passes the rules.",
        "supplier",
        "not_yet",
    ),
    "overridden": Kind(
        "a person took it off sale: {detail}",
        "Release the override, if the decision no longer holds.",
        "rights desk",
        "all",
    ),
    "limited": Kind(
        "a person's limit leaves this country out: {detail}",
        "Release the override, if the decision no longer holds.",
        "rights desk",
        "all",
    ),
    "deleted": Kind("every record of it was deleted: {detail}", "Send the record again.", "supplier"),
    "withdrawn": Kind(
        "it is withdrawn: {detail}", "State PublishingStatus 04 (Active) again, where it is.", "supplier"
    ),
    "no_rights": Kind(
        "no sales rights are stated: {detail}", "State SalesRights for this country, where they are held.", "supplier"
    ),
    "rights_contradictory": Kind(
        "the rights say both that it may and that it may not be sold here: {detail}",
        "Take the wrong one of the two statements away.",
        "supplier",
    ),
    "rights_doubtful": Kind(
        "a denial that can't be read may mean this country: {detail}", "State ISO 3166-1 codes (List 91).", "supplier"
    ),
    "restriction_unstated": Kind(
        "the right is restricted, and no restriction says how: {detail}",
        "State the SalesRestriction, or type 01 or 02 where there is none.",
        "supplier",
    ),
    "not_for_sale": Kind(
        "it is not for sale here: {detail}", "State a SalesRights of type 01 or 02 here, where it is held.", "supplier"
    ),
    "rights_uncovered": Kind(
        "the rights leave this country without an answer: {detail}",
        "State SalesRights for this country, or ROWSalesRightsType, where they are held.",
        "supplier",
    ),
    "restricted": Kind(
        "a sales restriction takes this model away: {detail}",
        "Take the SalesRestriction away, where it is.",
        "supplier",
    ),
    "not_sold_separately": Kind(
        "it is not sold by itself: {detail}",
        "State PublishingStatus 04 (Active), where it is sold by itself.",
        "supplier",
    ),
    "market_withdrawn": Kind(
        "it is withdrawn in this market: {detail}",
        "State MarketPublishingStatus 04 (Active), where it is.",
        "supplier",
    ),
    "unavailable": Kind(
        "no supplier in this market has it: {detail}", "State ProductAvailability 20, when it is.", "supplier"
    ),
    "no_market_supply": Kind("the market's supply was taken away", "State a SupplyDetail for this market.", "supplier"),
    "outside_markets": Kind(
        "no market it is supplied to has this country", "State a ProductSupply for this market.", "supplier"
    ),
    "not_announced": Kind("it must not be shown yet: {detail}", "Wait for the announcement date.", "nobody", "not_yet"),
    "embargoed": Kind("it is embargoed: {detail}", "Wait for the end of the embargo.", "nobody", "not_yet"),
    "not_published": Kind("it is not published yet: {detail}", "Wait for the publication date.", "nobody", "not_yet"),
    "not_yet_available": Kind("it is not available yet: {detail}", "Wait for the date.", "nobody", "not_yet"),
    "undated": Kind(
        "it is forthcoming, and no date says from when: {detail}", "State the publication date.", "supplier", "not_yet"
    ),
    "date_unreadable": Kind(
        "a date that must be waited for can't be read: {detail}",
        "State the date as List 55 says.",
        "supplier",
        "not_yet",
    ),
    "ended": Kind("the time it may be offered is over: {detail}", "State a later end date, where it is.", "supplier"),
    "price_removed": Kind(
        "the newest message has no price any more", "Send the record again with a price, so that it passes.", "supplier"
    ),
    "price_contradictory": Kind(
        "two prices differ in nothing but the amount: {detail}", "Take one of the two away.", "supplier"
    ),
    "no_price": Kind("no price holds here: {detail}", "State a price for this country and model.", "supplier"),
    "price_not_yet": Kind("no price holds yet: {detail}", "Wait for the price.", "nobody", "not_yet"),
    "price_over": Kind("the last price is over: {detail}", "State a price that holds now.", "supplier"),
}

RANK: Final = {code: place for place, code in enumerate(KINDS)}

RECALLS: Final = frozenset(
    f"{signal}:{code}"
    for signal, codes in {
        "publishing_status": ("11", "12", "15"),
        "market_status": ("11", "15"),
        "availability": ("46", "49"),
    }.items()
    for code in codes
)
"""Withdrawals by law or recall: who has it loses it too (AUDIOBOOKS section 6)."""


ROW_RIGHTS: Final = "ROWSalesRightsType"


class Source(NamedTuple):
    """Where a reason was read.

    Attributes:
        voice: The place in the title's voices; None for what no record says.
        block: ``publishing`` or ``supply``; empty where a record says it as a whole.
        path: Where in the block, such as ``SalesRights[2]``.
    """

    voice: int | None
    block: str = ""
    path: str = ""


def right_path(right: int) -> str:
    """The path of a statement of rights: a SalesRights by its place, or ROWSalesRightsType for a negative one."""
    return ROW_RIGHTS if right < 0 else f"SalesRights[{right + 1}]"


class Reason(NamedTuple):
    """Why a title isn't offered somewhere by a model.

    Attributes:
        code: One of ``KINDS``.
        detail: What exactly, such as ``publishing_status:11`` or ``02:2026-05-01``.
        sources: Where it was read; of statements that clash, both.
        edge: When it begins or ends to be so, where time decides.
    """

    code: str
    detail: str = ""
    sources: tuple[Source, ...] = ()
    edge: Edge | None = None

    @property
    def ends(self) -> Ends:
        """What it ends."""
        return "all" if self.detail in RECALLS else KINDS[self.code].ends
