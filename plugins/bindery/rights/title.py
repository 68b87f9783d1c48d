"""All that decides where a title may be offered: what each record says, what won, and where a person limits it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from bindery.rights.countries import Mask, mask
from bindery.rights.terms import PublishingTerms, SupplyTerms, rights_stated, territory_stated
from bindery.trade.models import Model
from bindery.trade.rights import Verdict, verdicts
from bindery.trade.territories import expand


class Place(NamedTuple):
    """What a stated territory means: countries surely inside, and those that may be."""

    countries: Mask
    reach: Mask


Decided = tuple[tuple[Mask, Verdict], ...]
"""What stated rights say of the world, by sets of countries."""


@lru_cache(maxsize=50_000)
def rights_said(statement: str) -> Decided:
    """What a text of stated rights decides."""
    return tuple((mask(one.countries), one) for one in verdicts(rights_stated(statement)))


@lru_cache(maxsize=50_000)
def place_said(statement: str) -> Place:
    """What a text of a stated territory means."""
    found = expand(territory_stated(statement))
    sure = mask(found.countries)
    return Place(sure, sure | mask(found.doubtful))


@dataclass(frozen=True)
class Voice:
    """One record of a title, and what it says.

    Attributes:
        supplier: Whose it is; empty for what a person put in the place of a winning block.
        record_reference: The supplier's name of it.
        message_id: The message that said it last.
        said_at: When that message was sent, as its ordering key begins.
        state: ``live``, ``deleted`` or ``withdrawal`` (only a signal of it counts).
        withdrawal: The signal that takes the whole title down, such as ``publishing_status:11``.
        is_rejected: Whether it is a newer record that was rejected: it may only narrow (law 3).
        publishing: Block 4, where stated.
        supply: Block 6, where stated.
        publishing_version: The content hash of the version block 4 is from.
        supply_version: The content hash of the version block 6 is from.
    """

    supplier: str
    record_reference: str
    message_id: str = ""
    said_at: str = ""
    state: str = "live"
    withdrawal: str | None = None
    is_rejected: bool = False
    publishing: PublishingTerms | None = None
    supply: SupplyTerms | None = None
    publishing_version: str | None = None
    supply_version: str | None = None


@dataclass(frozen=True)
class Limit:
    """A person's word on where a model is allowed at most."""

    model: Model
    countries: Mask
    override_id: str

    def concerns(self, model: Model) -> bool:
        """Whether it limits a model: what is said of sale holds wherever a copy changes hands."""
        return self.model == model or (self.model == "sale" and model in ("credit", "library"))


@dataclass(frozen=True)
class Title:
    """All that is known of a title's rights and supply at one time.

    Attributes:
        isbn13: The edition.
        state: The edition's: ``live``, ``withdrawn``, ``deleted``, or ``none`` where there is no such edition.
        reason: Why it isn't live.
        voices: Its records, in the order of suppliers and references; rejected ones behind those they follow.
        supply: Block 6 of the edition, from the record that won; None where none states any.
        supplied_by: The place in ``voices`` of the record it is from; None where there is none.
        limits: A person's limits.
        stated: Texts of ``stated_terms`` by id, all that the terms name.
        memo: What was read of it already, by whoever reads it.
    """

    isbn13: str
    state: str
    reason: str | None
    voices: tuple[Voice, ...]
    supply: SupplyTerms | None = None
    supplied_by: int | None = None
    limits: tuple[Limit, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict)
    memo: dict[Hashable, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    def rights(self, terms: PublishingTerms) -> Decided:
        """What the rights of some terms decide."""
        return rights_said(self.stated[terms.rights])

    def place(self, territory: str) -> Place:
        """What a territory named by its id means."""
        return place_said(self.stated[territory])
