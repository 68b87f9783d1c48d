"""What could be changed about a title, and what it would be then (FEATURES MS1).

A change is an order to a person and, in ``kind``, ``path`` and ``value``, an exact one. Paths count as the records now
do, whatever else is changed with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from bindery.rights import supply_edits as supplying
from bindery.rights.reasons import Whose
from bindery.rights.rights_edits import EDITS as RIGHTS_EDITS
from bindery.rights.rights_edits import compacted, restated
from bindery.rights.stated_withdrawals import withdrawal_of
from bindery.rights.terms import Dated, PublishingTerms, SupplyTerms, rights_stated
from bindery.rights.title import Title, Voice
from bindery.trade.stated import RightsStated

Kind = Literal[
    "set_status",
    "drop_restriction",
    "state_right",
    "move_country",
    "drop_country",
    "exclude_country",
    "drop_code",
    "set_right",
    "drop_statement",
    "add_market",
    "add_supply",
    "set_availability",
    "set_unpriced",
    "drop_unpriced",
    "state_price",
    "drop_price",
    "set_date",
    "drop_date",
    "release_override",
    "resend_record",
    "wait",
]
"""What is done:

- ``set_status``: the status at ``path`` becomes ``value``;
- ``drop_restriction``: restrictions of the type ``value`` go from the SalesRights or market at ``path``, or from beside
  the rights (``SalesRestriction``);
- ``state_right``: a SalesRights more, such as ``02 DE``;
- ``move_country``: the country of ``value`` is named in a SalesRights of its own, and no longer in ``path``;
- ``drop_country``: the country is no longer named in ``path``;
- ``exclude_country``: it is named among the CountriesExcluded of ``path``;
- ``drop_code``: codes no longer stand among those that ``path`` includes;
- ``set_right``: the type of ``path`` becomes ``value``;
- ``drop_statement``: the statement goes;
- ``add_market``: a ProductSupply more, for the country: available, at some price;
- ``add_supply``: a SupplyDetail more in the market at ``path``, available, at some price; with the path
  ``ProductSupply`` a market more, of no stated territory;
- ``set_availability``, ``set_unpriced``: the code at ``path`` becomes ``value``;
- ``state_price``: a price more in the SupplyDetail at ``path``, and no UnpricedItemType;
- ``drop_unpriced``, ``drop_price``, ``drop_date``: what is at ``path`` goes;
- ``set_date``: the date at ``path`` becomes ``value``, a role and a day; a path without a number names no date yet: the
  date is added, and those of its role go;
- ``release_override``: the override ``value``;
- ``resend_record``: the record is sent again and passes: what was rejected of it counts no more, and a record that was
  deleted or missing is there, as one that allows it;
- ``wait``: nothing but time.

Where a country, a date or a code is left with nothing around it, the statement it was in goes too.
"""


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        kind: What is done.
        whose: Whose it is to do.
        voice: Which record, by its place in the title's voices; None for overrides, for waiting, and for a record that
            isn't there.
        block: ``publishing``, ``supply``, or empty.
        path: Where in the block, as in ``Source.path``.
        value: What to state: a code, a country with its right, a date with its role.
        text: The order, in words.
        until: When waiting ends.
    """

    kind: Kind
    whose: Whose
    voice: int | None
    block: str
    path: str
    value: str
    text: str
    until: dt.datetime | None = None


_OVERRIDE: Final = "override:"
_OPEN_RIGHTS: Final = RightsStated((), None, ())


def applied(title: Title, changes: Iterable[Change]) -> Title:
    """What a title would be after some changes. Waiting changes nothing."""
    return _compact(patched(title, changes))


def patched(title: Title, changes: Iterable[Change]) -> Title:
    """The same, with an empty place for what is gone: so every path still means what it meant before."""
    for change in changes:
        title = _patched(title, change)
    return title


def _patched(title: Title, change: Change) -> Title:
    if change.kind == "wait":
        return title
    if change.kind == "release_override":
        return _released(title, change.value)
    if change.kind == "resend_record":
        return _resent(title, change.voice)
    if change.voice is None:
        return title
    if change.kind in RIGHTS_EDITS:
        return _with_rights(title, change)
    return _with_dates_or_supply(title, change)


def _with_rights(title: Title, change: Change) -> Title:
    if change.kind == "drop_restriction" and change.block == "supply":
        return _with_dates_or_supply(title, change)
    place = _place(change)
    terms = title.voices[place].publishing
    stated = _OPEN_RIGHTS if terms is None else rights_stated(title.stated[terms.rights])
    edited = RIGHTS_EDITS[change.kind](stated, change.path, change.value)
    return _with_statement(title, place, edited)


def _with_statement(title: Title, place: int, edited: RightsStated) -> Title:
    terms = title.voices[place].publishing or PublishingTerms(None, None, (), "")
    rights, text = restated(edited)
    return _with_voice(
        replace(title, stated={**title.stated, rights: text}),
        place,
        replace(title.voices[place], publishing=terms._replace(rights=rights)),
    )


def _with_dates_or_supply(title: Title, change: Change) -> Title:
    place = _place(change)
    voice = title.voices[place]
    if change.block == "publishing":
        terms = voice.publishing
        if terms is None:
            return title
        edit = _PUBLISHING_EDITS[change.kind]
        return _with_voice(title, place, replace(voice, publishing=edit(terms, change.path, change.value)))
    stated = dict(title.stated)
    supply = supplying.EDITS[change.kind](voice.supply or (), change.path, change.value, stated)
    return _with_voice(replace(title, stated=stated), place, replace(voice, supply=supply))


def _place(change: Change) -> int:
    if change.voice is None:
        raise ValueError(f"{change.kind} names no record")
    return change.voice


def _set_status(terms: PublishingTerms, _path: str, value: str) -> PublishingTerms:
    return terms._replace(status=value)


def _set_date(terms: PublishingTerms, path: str, value: str) -> PublishingTerms:
    return terms._replace(dates=supplying.dates_with(terms.dates, path, value))


def _drop_date(terms: PublishingTerms, path: str, _value: str) -> PublishingTerms:
    return terms._replace(dates=supplying.dates_without(terms.dates, path))


_PUBLISHING_EDITS: Final[Mapping[str, Callable[[PublishingTerms, str, str], PublishingTerms]]] = {
    "set_status": _set_status,
    "set_date": _set_date,
    "drop_date": _drop_date,
}


def _with_voice(title: Title, place: int, voice: Voice) -> Title:
    """A title one record of which says something else; what follows from it follows."""
    before = title.voices[place]
    if before.withdrawal == withdrawal_of(before, title.stated):
        voice = replace(voice, withdrawal=withdrawal_of(voice, title.stated))
    return _with_voices(title, {place: voice})


def _with_voices(title: Title, changed: Mapping[int, Voice]) -> Title:
    voices = tuple(changed.get(place, voice) for place, voice in enumerate(title.voices))
    supplied_by = title.supplied_by
    if supplied_by is None:
        # Of who states block 6 wins who also states block 4.
        supplied_by = next(
            (place for place, one in enumerate(voices) if _counts(one) and one.supply and one.publishing), None
        )
    after = replace(title, voices=voices, supplied_by=supplied_by)
    if supplied_by is not None:
        after = replace(after, supply=voices[supplied_by].supply)
    return _settled(after, is_explained=any(map(_takes_down, title.voices)) or title.state != "withdrawn")


def _settled(title: Title, *, is_explained: bool) -> Title:
    """The state that follows from the records, unless a person decides it, or what decides it isn't known."""
    if (title.reason or "").startswith(_OVERRIDE) or not is_explained:
        return title
    down = sorted(f"{one.supplier} {one.withdrawal}" for one in title.voices if _takes_down(one))
    if down:
        return replace(title, state="withdrawn", reason=down[0])
    if any(map(_counts, title.voices)):
        return replace(title, state="live", reason=None)
    return title


def _takes_down(voice: Voice) -> bool:
    return voice.withdrawal is not None and voice.state != "deleted"


def _counts(voice: Voice) -> bool:
    return voice.state == "live" and not voice.is_rejected


def _released(title: Title, override: str) -> Title:
    limits = tuple(limit for limit in title.limits if limit.override_id != override)
    title = replace(title, limits=limits)
    if title.reason != f"{_OVERRIDE}{override}":
        return title
    return _settled(replace(title, state="none", reason=None), is_explained=True)


def _resent(title: Title, place: int | None) -> Title:
    if place is None:
        if title.voices:
            return _settled(title, is_explained=True)
        title = replace(title, voices=(Voice("", "", state="deleted"),))
        place = 0
    sent = title.voices[place]
    same = {
        at: one
        for at, one in enumerate(title.voices)
        if (one.supplier, one.record_reference) == (sent.supplier, sent.record_reference)
    }
    changed = {at: _silenced(one) for at, one in same.items() if one.is_rejected}
    counting = {at: one for at, one in same.items() if _counts(one)}
    for at, one in counting.items():
        changed[at] = replace(one, withdrawal=withdrawal_of(one, title.stated))
    if not counting and not (sent.is_rejected and any(map(_counts, title.voices))):
        title, changed[place] = _with_all(title, sent)
    return _with_voices(title, changed)


def _silenced(voice: Voice) -> Voice:
    return replace(voice, state="deleted", withdrawal=None, is_rejected=False, publishing=None, supply=None)


def _with_all(title: Title, voice: Voice) -> tuple[Title, Voice]:
    """A record as it is when it allows everything everywhere."""
    rights, text = restated(RIGHTS_EDITS["state_right"](_OPEN_RIGHTS, "SalesRights", "02 WORLD"))
    stated = {**title.stated, rights: text}
    supply: SupplyTerms = supplying.EDITS["add_supply"]((), "ProductSupply", "20", stated)
    allowing = replace(
        voice,
        state="live",
        withdrawal=None,
        is_rejected=False,
        publishing=PublishingTerms("04", None, (), rights),
        supply=supply,
    )
    return replace(title, stated=stated), allowing


def _compact(title: Title) -> Title:
    """Without the empty places."""
    for place, voice in enumerate(title.voices):
        if voice.publishing is not None and voice.publishing.rights in title.stated:
            terms = voice.publishing
            stated = rights_stated(title.stated[terms.rights])
            kept = compacted(stated)
            if kept != stated:
                title = _with_statement(title, place, kept)
        kept_of_it = _without_gaps(title.voices[place])
        if kept_of_it != title.voices[place]:
            title = _with_voices(title, {place: kept_of_it})
    return title


def _without_gaps(voice: Voice) -> Voice:
    if voice.publishing is not None:
        dates: tuple[Dated, ...] = tuple(one for one in voice.publishing.dates if one.role is not None)
        voice = replace(voice, publishing=voice.publishing._replace(dates=dates))
    return replace(voice, supply=supplying.compacted(voice.supply)) if voice.supply else voice
