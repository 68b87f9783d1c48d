"""What is decided of a title's offers, as the catalogue keeps it: one offer a model, told by windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from bindery.rights.countries import Mask, everywhere
from bindery.rights.edges import end_day, first_day
from bindery.rights.title import Title
from bindery.rights.windows import Window, offers
from bindery.trade.models import MODELS, Model


class WindowDecided(NamedTuple):
    """One element of ``offers.windows``, its set of countries as bits."""

    countries: Mask
    state: str
    opens: str | None
    closes: str | None
    reason: str | None
    ends: str | None
    available_from: date | None
    available_until: date | None
    price_amount: str | None
    price_currency: str | None


class OfferDecided(NamedTuple):
    """A row of ``offers``. ``countries``: where it is open in any window."""

    model: Model
    state: str
    reason: str | None
    countries: Mask
    available_from: date | None
    price_amount: str | None
    price_currency: str | None
    windows: tuple[WindowDecided, ...]


def decided(title: Title) -> list[OfferDecided]:
    """A title's offers; none of one that isn't there."""
    if title.state == "none":
        return []
    found = offers(title)
    told: dict[int, tuple[WindowDecided, ...]] = {}
    made = []
    for model in MODELS:
        windows = found[model]
        if id(windows) not in told:
            told[id(windows)] = tuple(_windows(windows))
        made.append(_offer(title, model, windows, told[id(windows)]))
    return made


def _offer(
    title: Title,
    model: Model,
    windows: Sequence[tuple[Mask, tuple[Window, ...]]],
    told: tuple[WindowDecided, ...],
) -> OfferDecided:
    open_in = [(where, made) for where, made in windows if made[0].is_open]
    opens = [made[0].opens for _, made in open_in]
    best = open_in[0][1][0] if open_in else Window(is_open=False)
    covered = 0
    for where, _ in open_in:
        covered |= where
    return OfferDecided(
        model=model,
        state="offered" if open_in else "not_offered",
        reason=None if open_in else _why_nowhere(title, model, windows),
        countries=covered,
        # Of the countries where it opens, the last: nobody is told a day on which it isn't open somewhere (law 3).
        available_from=max((first_day(edge) for edge in opens if edge is not None), default=None),
        price_amount=best.amount,
        price_currency=best.currency,
        windows=told,
    )


def _windows(windows: Sequence[tuple[Mask, tuple[Window, ...]]]) -> Iterator[WindowDecided]:
    for where, made in windows:
        for window in made:
            yield WindowDecided(
                where,
                "open" if window.is_open else "closed",
                window.opens and window.opens.text,
                window.closes and window.closes.text,
                window.reason and f"{window.reason.code} {window.reason.detail}".rstrip(),
                window.ends and f"{window.ends.code} {window.ends.detail}".rstrip(),
                window.opens and first_day(window.opens),
                window.closes and end_day(window.closes),
                window.amount,
                window.currency,
            )


def _why_nowhere(title: Title, model: Model, windows: Sequence[tuple[Mask, tuple[Window, ...]]]) -> str:
    """Why a title is offered nowhere, in one word: its state, its rights, else what is said of most countries."""
    if title.state != "live":
        return title.state
    allowed, codes = _allowed(title, model)
    if not codes or "unstated" in codes:
        return "no_rights"
    if allowed:
        inside = max(windows, key=lambda pair: (pair[0] & allowed).bit_count())
        return inside[1][0].reason.code if inside[1][0].reason else "no_country_allowed"
    if codes & {"contradictory", "doubtful", "restriction_unstated"}:
        return "rights_contradictory"
    return "rights_incomplete" if "uncovered" in codes else "no_country_allowed"


def _allowed(title: Title, model: Model) -> tuple[Mask, set[str]]:
    """Where rights and persons allow a model; and what the rights that count say, in the words of ``Verdict``."""
    allowed = everywhere()
    codes: set[str] = set()
    for limit in title.limits:
        if limit.concerns(model):
            allowed &= limit.countries
    for voice in title.voices:
        if voice.publishing is None or not (voice.state == "live" or voice.is_rejected):
            continue
        for where, verdict in title.rights(voice.publishing):
            if not voice.is_rejected:
                codes.add(verdict.code)
            refused = any(one == model for one, _, _ in verdict.refused)
            denied = verdict.code == "not_for_sale" if voice.is_rejected else verdict.code != "granted"
            if refused or denied:
                allowed &= ~where
    return allowed, codes
