"""The smallest set of changes that makes a title live in a country, for a model, at an instant (FEATURES MS1).

Found on the terms: of the changes that may take a reason away the one that leaves the fewest reasons is taken, and the
title asked again, until it is live. Then what isn't needed goes. A date that time alone mends is waited for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import chain
from typing import Final, NamedTuple

from bindery.rights.availability import ask
from bindery.rights.changes import Change, applied, patched
from bindery.rights.edges import instant
from bindery.rights.mending import mended_by
from bindery.rights.orders import Asked
from bindery.rights.reasons import KINDS, Reason
from bindery.rights.telling import told
from bindery.rights.title import Title
from bindery.trade.models import Model

__all__ = ["Change", "applied", "remedy"]

_ROUNDS: Final = 64
"""Changes at most."""
_REASONS: Final = 8
"""Reasons for which changes are compared in a round, the gravest first."""
_FAR: Final = 9000
"""A date in this year or later means never; nobody waits for it."""


_Key = tuple[str, int | None, str, str, str]


class _Standing(NamedTuple):
    """How a title stands: live from ``live_at`` on, or what is to be mended."""

    live_at: dt.datetime | None
    reasons: tuple[Reason, ...] = ()
    waits: tuple[Reason, ...] = ()


def remedy(title: Title, country: str, model: Model, at: dt.datetime) -> tuple[Change, ...]:
    """The smallest set of changes that makes a title live.

    Args:
        title: All that is known of it.
        country: ISO 3166-1 alpha-2.
        model: How it shall be offered.
        at: From when on; an aware instant.

    Returns:
        Nothing where it is live. Else changes that together make it live at ``at``, or with one that waits at its end,
        and without any of which it is not; what is graver first, waiting last. Where more than ``_ROUNDS`` changes are
        needed, those of them that come first.
    """
    asked = Asked(title, country, model, at)
    if _standing(asked).live_at == at:
        return ()
    return _with_wait(asked, _needed(asked, _found(asked)))


def _standing(asked: Asked) -> _Standing:
    answer = ask(asked.title, asked.country, asked.model, asked.at)
    if answer.is_open:
        return _Standing(asked.at)
    waits: list[Reason] = []
    if answer.opens_at is not None and answer.opens_at.year < _FAR:
        return _Standing(answer.opens_at, waits=answer.reasons)
    moment = asked.at
    while True:
        standing = tuple(reason for reason in answer.reasons if not _is_wait(reason, asked.country))
        waiting = [reason for reason in answer.reasons if reason not in standing]
        waits += waiting
        later = max((instant(r.edge, asked.country) for r in waiting if r.edge is not None), default=moment)
        if standing or later <= moment:
            return _Standing(None, standing or answer.reasons, tuple(waits))
        # What is waited for is reached when something else has ended.
        moment = later
        answer = ask(asked.title, asked.country, asked.model, moment)


def _is_wait(reason: Reason, country: str) -> bool:
    if KINDS[reason.code].whose != "nobody" or reason.edge is None:
        return False
    return instant(reason.edge, country).year < _FAR


def _after(asked: Asked, changes: Iterable[Change]) -> Asked:
    return asked._replace(title=patched(asked.title, changes))


def _live_at(asked: Asked, changes: Iterable[Change]) -> dt.datetime | None:
    return _standing(_after(asked, changes)).live_at


def _found(asked: Asked) -> tuple[Change, ...]:
    """Changes that make it live; perhaps more than are needed."""
    found: list[Change] = []
    now = asked
    while len(found) < _ROUNDS:
        standing = _standing(now)
        if standing.live_at is not None:
            break
        told_of = chain.from_iterable(mended_by(now, reason) for reason in standing.reasons[:_REASONS])
        made = {_key(change) for change in found}
        changes = {_key(change): change for change in told_of if _key(change) not in made}
        if not changes:
            break
        best = min(changes.values(), key=lambda change: _left(_after(now, [change])))
        found.append(best)
        now = _after(now, [best])
    return tuple(found)


def _key(change: Change) -> _Key:
    """What is done, in whatever words and for whichever reason."""
    return change.kind, change.voice, change.block, change.path, change.value


def _left(asked: Asked) -> int:
    """How many reasons are left to mend."""
    standing = _standing(asked)
    return -1 if standing.live_at is not None else len(standing.reasons)


def _needed(asked: Asked, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Those without which it isn't live when it is with all."""
    live_at = _live_at(asked, changes)
    if live_at is None:
        return changes
    is_less = True
    while is_less:
        is_less = False
        for change in changes:
            fewer = tuple(one for one in changes if one is not change)
            without = _live_at(asked, fewer)
            if without is not None and without <= live_at:
                changes, is_less = fewer, True
    return changes


def _with_wait(asked: Asked, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    after = _after(asked, changes)
    standing = _standing(after)
    until = standing.live_at
    if until is None or until == asked.at:
        return changes
    why = standing.waits[0]
    source = why.sources[0] if why.sources else None
    wait = Change(
        "wait",
        "nobody",
        None,
        "" if source is None else source.block,
        "" if source is None else source.path,
        until.isoformat(),
        f"Wait until {until:%Y-%m-%d %H:%M} UTC: {told(why, after.title)}.",
        until,
    )
    return (*changes, wait)
