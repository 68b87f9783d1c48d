"""A title's offers as sets of countries and windows of time: the stances of its cells, in order (FEATURES R3, R4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from bindery.rights.countries import Mask, bit, cells, countries_of, one_of
from bindery.rights.edges import Edge, in_order
from bindery.rights.pricing import Period
from bindery.rights.reasons import RANK, Reason
from bindery.rights.stance import Stance, forbidden, stance
from bindery.rights.terms import SupplyTerms
from bindery.rights.title import Title
from bindery.trade.models import MODELS, Model
from bindery.trade.prices import QUALIFIERS

_APART: Final = dt.timedelta(hours=30)
"""Two moments on the wall that are farther apart come in the same order in every zone there is."""


class Span(NamedTuple):
    """A time in which nothing changes.

    Attributes:
        begins: None for always before.
        ends: None for always after.
        period: What it is supplied by; None where it isn't offered.
        reasons: Why it isn't, the gravest first.
    """

    begins: Edge | None
    ends: Edge | None
    period: Period | None
    reasons: tuple[Reason, ...]


class Window(NamedTuple):
    """A time in which a title is offered; or, where it never is, why.

    Attributes:
        is_open: Whether it is offered in it.
        opens: From when on; None for always before.
        closes: Until when; None for always after.
        reason: Why it isn't offered before it opens, or at all.
        ends: Why it isn't offered after it closes.
        amount: The price; None without one.
        currency: Of the price.
    """

    is_open: bool
    opens: Edge | None = None
    closes: Edge | None = None
    reason: Reason | None = None
    ends: Reason | None = None
    amount: str | None = None
    currency: str | None = None


def spans(one: Stance, order: Sequence[Edge]) -> list[Span]:
    """The times of a stance, one behind the other.

    Args:
        one: The stance.
        order: Its edges, in the order in which they are reached.
    """
    found = []
    borders = [None, *order, None]
    passed: set[Edge] = set()
    for begins, ends in pairwise(borders):
        if begins is not None:
            passed.add(begins)
        found.append(Span(begins, ends, *_at(one, passed)))
    return found


def edges_of(one: Stance) -> set[Edge]:
    """The moments at which a stance may change. None where something forbids it whatever the time."""
    if one.blocks:
        return set()
    reasons = [*one.opens, *one.closes, *(r for period in one.periods for r in (*period.opens, *period.closes))]
    return {reason.edge for reason in reasons if reason.edge is not None}


def _at(one: Stance, passed: set[Edge]) -> tuple[Period | None, tuple[Reason, ...]]:
    """What holds when some edges are passed: the period it is supplied by, or every reason against it."""
    waits = [reason for reason in one.opens if reason.edge not in passed]
    over = [reason for reason in one.closes if reason.edge in passed]
    without: list[Reason] = []
    for period in one.periods:
        waiting = [reason for reason in period.opens if reason.edge not in passed]
        ended = [reason for reason in period.closes if reason.edge in passed]
        if not waiting and not ended:
            if not (one.blocks or waits or over):
                return period, ()
            without = []
            break
        without += ended or waiting
    reasons = sorted(dict.fromkeys([*one.blocks, *waits, *over, *without]), key=lambda reason: RANK[reason.code])
    return None, tuple(reasons)


def windows_of(one: Stance, order: Sequence[Edge]) -> tuple[Window, ...]:
    """The windows in which a stance is open, in their order; one that isn't open where there are none."""
    if one.blocks:
        return (Window(is_open=False, reason=one.blocks[0]),)
    found: list[Window] = []
    before: Reason | None = None
    is_open = False
    for span in spans(one, order):
        if span.period is None:
            before = span.reasons[0]
            if is_open:
                found[-1] = found[-1]._replace(ends=before)
            is_open = False
            continue
        amount, currency = span.period.amount, span.period.currency
        if is_open and (found[-1].amount, found[-1].currency) == (amount, currency):
            found[-1] = found[-1]._replace(closes=span.ends)
        else:
            reason = None if is_open else before
            found.append(
                Window(
                    is_open=True,
                    opens=span.begins,
                    closes=span.ends,
                    reason=reason,
                    amount=amount,
                    currency=currency,
                )
            )
        is_open = True
    return tuple(found) or (Window(is_open=False, reason=before),)


def cells_of(title: Title, model: Model) -> tuple[Mask, ...]:
    """The world cut so that everything said of a title for a model is the same within a cell."""
    sets: set[Mask] = {limit.countries for limit in title.limits}
    for voice in title.voices:
        if voice.state != "live" and not voice.is_rejected:
            continue
        if voice.publishing is not None:
            sets.update(where for where, _ in title.rights(voice.publishing))
        sets.update(_borders(title, voice.supply))
        if voice.is_rejected:
            sets.update(_price_borders(title, voice.supply, None))
    sets.update(_borders(title, title.supply))
    # A rejected record takes away what counts, of whatever kind.
    is_any = any(voice.is_rejected for voice in title.voices)
    sets.update(_price_borders(title, title.supply, None if is_any else model))
    return cells(tuple(sorted(sets)))


def _borders(title: Title, supply: SupplyTerms | None) -> Iterator[Mask]:
    for market in supply or ():
        if market.market is not None:
            yield from title.place(market.market)


def _price_borders(title: Title, supply: SupplyTerms | None, model: Model | None) -> Iterator[Mask]:
    """Where prices hold: those a model can have, or of all models."""
    for market in supply or ():
        for one in market.supplies:
            for price in one.prices:
                if price.territory is not None and (model is None or price.qualifier in QUALIFIERS[model]):
                    yield title.place(price.territory).countries


def offers(title: Title) -> dict[Model, list[tuple[Mask, tuple[Window, ...]]]]:
    """Every model's windows, by disjoint sets of countries that together are the world; the largest set first."""
    found = {model: _of_model(title, model) for model in MODELS if model != "credit"}
    # A credit buys what money buys; only a person's limit may tell them apart.
    by_credit = any(limit.model == "credit" for limit in title.limits)
    return found | {"credit": _of_model(title, "credit") if by_credit else found["sale"]}


def _of_model(title: Title, model: Model) -> list[tuple[Mask, tuple[Window, ...]]]:
    together: dict[tuple[Window, ...], Mask] = {}
    for cell in cells_of(title, model):
        against = forbidden(title, cell & -cell, model)
        if against is not None:
            made: tuple[Window, ...] = (Window(is_open=False, reason=against),)
            together[made] = together.get(made, 0) | cell
            continue
        one = stance(title, cell & -cell, model)
        for part, order in _orders(edges_of(one), cell):
            made = windows_of(one, order)
            together[made] = together.get(made, 0) | part
    return sorted(((mask, made) for made, mask in together.items()), key=lambda pair: (-pair[0].bit_count(), pair[0]))


def _orders(edges: set[Edge], cell: Mask) -> Iterator[tuple[Mask, Sequence[Edge]]]:
    """The order in which edges are reached; where it differs between the countries of a cell, part by part."""
    order = in_order(edges, one_of(cell))
    if all(_same_everywhere(one, next_one) for one, next_one in pairwise(order)):
        yield cell, order
        return
    parts: dict[tuple[Edge, ...], Mask] = {}
    for country in countries_of(cell):
        of_country = tuple(in_order(edges, country))
        parts[of_country] = parts.get(of_country, 0) | bit(country)
    for found, part in parts.items():
        yield part, found


def _same_everywhere(one: Edge, next_one: Edge) -> bool:
    if one.at == next_one.at:
        return True
    moments = [dt.datetime.fromisoformat(edge.at.rstrip("Z")) for edge in (one, next_one)]
    both_instants = not one.is_local and not next_one.is_local
    return both_instants or abs(moments[1] - moments[0]) > _APART
