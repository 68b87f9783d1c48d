"""Where a title is offered at an instant, by model and sets of countries, as published (FEATURES R3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypedDict

from bindery.catalogue.offering.asking import title_known_at, title_now
from bindery.catalogue.offering.contradicting import Told, told_contradictions
from bindery.catalogue.offering.passages import Passages
from bindery.catalogue.offering.unheard import unheard
from bindery.home import Home
from bindery.rights.contradictions import contradictions
from bindery.rights.countries import countries_of
from bindery.rights.edges import Edge, instant
from bindery.rights.reasons import Reason
from bindery.rights.telling import told, told_briefly
from bindery.rights.title import Title
from bindery.rights.windows import Window, offers
from bindery.steps.why import moment
from bindery.trade.models import MODELS, Model
from bindery.warehouse import open_snapshot

State = Literal["open", "later", "over", "closed"]
"""Offered at the instant; not yet; no more; at no time."""


class Offered(TypedDict):
    """How one model stands in some countries.

    Attributes:
        countries: ISO 3166-1 alpha-2, sorted.
        state: At the instant asked about.
        opens: From when on the window holds, as stated: local time where it names no zone; None for always before.
        closes: Until when; None for always after.
        amount: The price in it.
        code: Why it isn't offered at the instant, one of ``rights.reasons.KINDS``.
        brief: The same in a few words.
        reason: The same, with who says so where.
    """

    model: str
    countries: list[str]
    state: State
    opens: str | None
    closes: str | None
    amount: str | None
    currency: str | None
    code: str | None
    brief: str | None
    reason: str | None


class Countries(TypedDict):
    """Where a title is offered.

    Attributes:
        at: The instant asked about, ISO 8601 in UTC.
        known_at: As of when the catalogue is asked; None for now.
        was_received: Whether any record ever named it.
        offers: By model in the order of ``MODELS``; of each, open ones first, then the largest.
        contradictions: What contradicts itself in its records.
    """

    isbn13: str
    at: str
    known_at: str | None
    was_received: bool
    offers: list[Offered]
    contradictions: list[Told]


class _Part(NamedTuple):
    state: State
    window: Window
    reason: Reason | None


def countries(
    home: Home,
    isbn13: str,
    *,
    at: dt.datetime,
    model: Model | None = None,
    known_at: dt.datetime | None = None,
) -> Countries:
    """Where a title is offered at an instant, where later, and where not and why.

    Args:
        home: Where the published catalogue is.
        isbn13: 13 digits.
        at: The instant; aware.
        model: Only this one; None for all.
        known_at: Answer by what was known then; None for now.
    """
    with open_snapshot(home) as warehouse:
        found = title_now(warehouse, isbn13) if known_at is None else title_known_at(warehouse, isbn13, known_at)
        title = found or Title(isbn13, "none", None, ())
        known_by = None if known_at is None else known_at.astimezone(dt.UTC).date()
        rows = warehouse.run("rights/received_of", isbn13=isbn13).to_pylist() if title.state == "none" else []
        clashing = contradictions(title)
        causes = unheard([row for row in rows if known_by is None or row["feed_day"] <= known_by], isbn13)
        cause = "; ".join(one.text for one in causes) or "nothing of it was known then"
        return Countries(
            isbn13=isbn13,
            at=moment(at) or "",
            known_at=moment(known_at),
            was_received=bool(rows) or title.state != "none",
            offers=[
                one
                for of_model in MODELS
                if model is None or of_model == model
                for one in _offered(title, of_model, at, cause)
            ],
            contradictions=told_contradictions(clashing, Passages(warehouse, title, known_by=known_by)),
        )


_ORDER: dict[State, int] = {"open": 0, "later": 1, "over": 2, "closed": 3}


def _offered(title: Title, model: Model, at: dt.datetime, cause: str) -> list[Offered]:
    together: dict[_Part, list[str]] = {}
    for mask, made in offers(title)[model]:
        for country in countries_of(mask):
            together.setdefault(_part(made, country, at), []).append(country)
    found = [
        Offered(
            model=model,
            countries=sorted(where),
            state=part.state,
            opens=_text(part.window.opens),
            closes=_text(part.window.closes),
            amount=part.window.amount,
            currency=part.window.currency,
            code=part.reason and part.reason.code,
            brief=part.reason and (cause if title.state == "none" else told_briefly(part.reason, title)),
            reason=part.reason and (cause if title.state == "none" else told(part.reason, title)),
        )
        for part, where in together.items()
    ]
    return sorted(found, key=lambda one: (_ORDER[one["state"]], -len(one["countries"]), one["countries"]))


def _part(made: Sequence[Window], country: str, at: dt.datetime) -> _Part:
    """How the windows of a country stand at an instant: the one that is open, else the next, else the last."""
    times = list(_times(made, country))
    for window, opens, closes in times:
        if (opens is None or opens <= at) and (closes is None or at < closes):
            return _Part("open", window, None)
    for window, opens, _ in times:
        if opens is not None and opens > at:
            return _Part("later", window, window.reason)
    if times:
        return _Part("over", times[-1][0], times[-1][0].ends)
    return _Part("closed", made[0], made[0].reason)


def _times(made: Sequence[Window], country: str) -> Iterator[tuple[Window, dt.datetime | None, dt.datetime | None]]:
    for window in made:
        if window.is_open:
            opens, closes = (None if edge is None else instant(edge, country) for edge in (window.opens, window.closes))
            # A window that closes in this country before it opens there is none.
            if opens is None or closes is None or opens < closes:
                yield window, opens, closes


def _text(edge: Edge | None) -> str | None:
    return None if edge is None else edge.at
