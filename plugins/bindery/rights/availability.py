"""Whether a title is offered in a country, by a model, at an instant; and if not, every reason (FEATURES R3, R5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, NamedTuple

from bindery.rights.countries import Mask, bit
from bindery.rights.edges import after, in_order, instant
from bindery.rights.reasons import Reason
from bindery.rights.stance import Stance, stance
from bindery.rights.title import Title
from bindery.rights.windows import Span, edges_of, spans
from bindery.trade.models import Model

GRACE: Final = dt.timedelta(days=30)
"""How long who has started a title may go on after it ends by no recall (AUDIOBOOKS section 6)."""


@dataclass(frozen=True)
class Answer:
    """What holds at an instant.

    Attributes:
        is_open: Whether it is offered.
        reasons: Why it isn't, the gravest first; empty where it is.
        since: When it became so; None where it always was.
        until: When it stops to be so; None where it never does.
        opens_at: Where it isn't offered, when it will be next; None where no date that is stated makes it so.
        amount: The price that holds.
        currency: Of the price.
    """

    is_open: bool
    reasons: tuple[Reason, ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    opens_at: dt.datetime | None = None
    amount: str | None = None
    currency: str | None = None


def ask(title: Title, country: str, model: Model, at: dt.datetime) -> Answer:
    """Whether a title is offered.

    Args:
        title: All that is known of it.
        country: ISO 3166-1 alpha-2.
        model: How.
        at: An aware instant, past or future.
    """
    one = stance(title, bit(country), model)
    if one.blocks:
        return Answer(is_open=False, reasons=_blocked(one, country, at))
    found = _times(one, country)
    now = next(place for place, time in enumerate(found) if time.ends is None or at < time.ends)
    is_open = found[now].span.period is not None
    first, last = now, now
    while first > 0 and (found[first - 1].span.period is not None) == is_open:
        first -= 1
    while last + 1 < len(found) and (found[last + 1].span.period is not None) == is_open:
        last += 1
    since, until = found[first].begins, found[last].ends
    period = found[now].span.period
    if period is None:
        return Answer(is_open=False, reasons=found[now].span.reasons, since=since, until=until, opens_at=until)
    return Answer(is_open=True, since=since, until=until, amount=period.amount, currency=period.currency)


class _Time(NamedTuple):
    """A span in one country."""

    begins: dt.datetime | None
    ends: dt.datetime | None
    span: Span


def _times(one: Stance, country: str) -> list[_Time]:
    """The spans of a stance in one country, without those that last no time there."""
    found = []
    for span in spans(one, in_order(edges_of(one), country)):
        begins, ends = (None if edge is None else instant(edge, country) for edge in (span.begins, span.ends))
        if begins is None or ends is None or begins < ends:
            found.append(_Time(begins, ends, span))
    return found


def _blocked(one: Stance, country: str, at: dt.datetime) -> tuple[Reason, ...]:
    """What blocks, and what time adds: whoever mends the rest has to wait for it still."""
    waits = tuple(reason for reason in one.opens if reason.edge and instant(reason.edge, country) > at)
    over = tuple(reason for reason in one.closes if reason.edge and instant(reason.edge, country) <= at)
    return (*one.blocks, *waits, *over)


@dataclass(frozen=True)
class Entitlements:
    """What listeners may do in a country at an instant (AUDIOBOOKS section 6).

    Attributes:
        sellable: It may be sold title by title.
        streamable_new: Who has a subscription may start it.
        streamable_existing: Who has started it may go on.
        redownloadable: Who has bought it may download it again.
    """

    sellable: bool
    streamable_new: bool
    streamable_existing: bool
    redownloadable: bool


def entitlements(title: Title, country: str, at: dt.datetime) -> Entitlements:
    """What listeners may do.

    A recall or a person's word ends everything. What ends otherwise ends for new listeners: who has started goes on for
    ``GRACE``, who has bought downloads until the last redownload date (List 166: 29), where one is stated.
    """
    sale, subscription = (ask(title, country, model, at) for model in ("sale", "subscription"))
    return Entitlements(
        sellable=sale.is_open,
        streamable_new=subscription.is_open,
        streamable_existing=subscription.is_open or _goes_on(title, subscription, country, at),
        redownloadable=_may_download(title, sale, country, at),
    )


def _goes_on(title: Title, answer: Answer, country: str, at: dt.datetime) -> bool:
    if any(reason.ends != "new" for reason in answer.reasons):
        return False
    ended = [moment for reason in answer.reasons if (moment := _ended_at(title, reason, country)) is not None]
    # Without knowing since when, nobody is let go on (law 3).
    return len(ended) == len(answer.reasons) and at < min(ended) + GRACE


def _ended_at(title: Title, reason: Reason, country: str) -> dt.datetime | None:
    if reason.edge is not None:
        return instant(reason.edge, country)
    said = [title.voices[source.voice].said_at for source in reason.sources if source.voice is not None]
    moments = [moment for moment in map(_moment, said) if moment is not None]
    return max(moments, default=None)


def _moment(ordering_key: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(ordering_key.partition("|")[0]).astimezone(dt.UTC)
    except ValueError:
        return None


def _may_download(title: Title, answer: Answer, country: str, at: dt.datetime) -> bool:
    if any(reason.ends != "new" for reason in answer.reasons):
        return False
    here: Mask = bit(country)
    for market in title.supply or ():
        if market.market is not None and not here & title.place(market.market).reach:
            continue
        for supply in market.supplies:
            for one in supply.dates:
                last = after(one.date, one.precision) if one.role == "29" else None
                if last is not None and instant(last, country) <= at:
                    return False
    return True
