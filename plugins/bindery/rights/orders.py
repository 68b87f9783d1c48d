"""What a remedy is wanted for, and the orders that need no more than a record (``bindery.rights.mending``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

from bindery.rights.changes import Change, Kind
from bindery.rights.countries import Mask, bit
from bindery.rights.edges import zones_of
from bindery.rights.reasons import KINDS, Reason, Source
from bindery.rights.telling import coded, record_of
from bindery.rights.terms import rights_stated
from bindery.rights.title import Title
from bindery.trade.models import Model
from bindery.trade.stated import RightsStated

_ACTIVE: Final = "04"
_RESENT: Final = dict.fromkeys(KINDS, ", and without what it says now, where that is no longer so") | {
    "deleted": "",
    "unknown": "",
    "withdrawn": ", where it is no longer withdrawn",
    "price_removed": ", with a price",
}
"""What a record is to be like that is sent again, by the code of the reason."""


class Asked(NamedTuple):
    """What a remedy is wanted for.

    Attributes:
        title: As it is after the changes found so far, with the places it had before them.
        country: ISO 3166-1 alpha-2.
        model: How it shall be offered.
        at: From when on.
    """

    title: Title
    country: str
    model: Model
    at: dt.datetime

    @property
    def here(self) -> Mask:
        """The country as a set."""
        return bit(self.country)

    @property
    def day(self) -> str:
        """The last day that has begun in every zone of the country."""
        return min(self.at.astimezone(zone).date() for zone in zones_of(self.country)).isoformat()

    def rights(self, place: int) -> RightsStated:
        """The sales rights of a record."""
        terms = self.title.voices[place].publishing
        return RightsStated((), None, ()) if terms is None else rights_stated(self.title.stated[terms.rights])


def order(kind: Kind, reason: Reason, source: Source, value: str, text: str) -> Change:
    """A change that is to take a reason away."""
    return Change(kind, KINDS[reason.code].whose, source.voice, source.block, source.path, value, text)


def place_in_words(asked: Asked, source: Source) -> str:
    """Where, in words: the element around what is stated, and the record."""
    around = source.path.rpartition("/")[0]
    record = record_of(asked.title, source.voice)
    return f"{around} of {record}" if around else record


def who_states(title: Title) -> int | None:
    """Whose the missing block would be: the record that won, else the first that counts and states block 4."""
    if title.supplied_by is not None:
        return title.supplied_by
    counting = [place for place, one in enumerate(title.voices) if one.state == "live" and not one.is_rejected]
    stating = [place for place in counting if title.voices[place].publishing is not None]
    return next(iter(stating or counting), None)


def set_status(asked: Asked, reason: Reason, source: Source) -> Change:
    """An active status in the place of another."""
    element = source.path.rpartition("/")[2]
    number = "64" if source.block == "publishing" else "68"
    text = f"State {element} {coded(number, _ACTIVE)} in {place_in_words(asked, source)}, where that is true."
    return order("set_status", reason, source, _ACTIVE, text)


def resend(asked: Asked, reason: Reason, place: int | None) -> Change:
    """A record again, or a first one."""
    if place is None:
        text = f"Send a record of {asked.title.isbn13} that passes the rules."
    else:
        text = f"Send {record_of(asked.title, place)} again, so that it passes the rules{_RESENT.get(reason.code, '')}."
    return order("resend_record", reason, Source(place), "", text)


def resent(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """The record that a reason is about, again."""
    place = source.voice
    if place is None and asked.title.voices and reason.code == "unknown":
        place = 0
    yield resend(asked, reason, place)
