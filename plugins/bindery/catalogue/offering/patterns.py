"""Offers decided once for all titles that say the same but for their dates and amounts.

Suppliers write a few thousand patterns of rights, markets and prices. So dates and amounts are taken out of the texts
of a title, others that are as far apart and in the same order are put in their place, and what is decided of those is
remembered; then the title's own are put back. What could depend on more than the order of dates, such as dates a day
or two apart or times of day, is decided by itself.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from bindery.catalogue.offering.decided import OfferDecided, WindowDecided, decided
from bindery.catalogue.offering.known import Known, Spoken, Texts

_REMEMBERED: Final = 20_000
"""Patterns kept: some 100 MB."""

_DATE: Final = re.compile(r'"(\d{4}-\d\d-\d\d)"')
_AMOUNT: Final = re.compile(r'"(\d+\.\d+)"')
_NOT_BY_DAY: Final = re.compile(r'"(?:year|month|time)"')
_FILLER: Final = "1900-01-01"
_DAY: Final = timedelta(days=1)
_APART: Final = 60
"""Days between the dates that stand for others."""
_CLOSE: Final = 2
"""Days: what is nearer may come in another order in some countries."""
_FIRST: Final = date(2001, 1, 1)
_AFTER: Final = "9000"
_BEFORE: Final = "1000"
_STANDS_IN: Final = re.compile(r"(\d{4}-\d\d-\d\d|\d+\.0001)")


class _Values(NamedTuple):
    """A title's own dates and amounts, by what stands in for them."""

    texts: dict[str, str]
    days: dict[date, date]


class _Masked(NamedTuple):
    """A title's texts without its own dates and amounts."""

    key: Hashable
    known: Known
    texts: Texts
    values: _Values | None


class Patterns:
    """Remembers what is decided of patterns."""

    def __init__(self, spoken: Spoken) -> None:
        """Reads through a warehouse's texts."""
        self._spoken = spoken
        self._decided: dict[Hashable, list[tuple[OfferDecided, bool]]] = {}

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._decided)

    def offers(self, known: Sequence[Known]) -> Iterator[list[OfferDecided]]:
        """The offers of titles, in their order."""
        texts = self._spoken.texts(known)
        masked = [_masked(one, texts) for one in known]
        if len(self._decided) > _REMEMBERED:
            self._decided.clear()
        new = {one.key: one for one in masked if one.key not in self._decided}
        titles = self._spoken.read([(one.known, one.texts) for one in new.values()])
        for key, title in zip(new, titles, strict=True):
            self._decided[key] = [(offer, _is_by_values(offer)) for offer in decided(title)]
        for one in masked:
            found = self._decided[one.key]
            if one.values is None:
                del self._decided[one.key]
                yield [offer for offer, _ in found]
            else:
                put_back = _PutBack(one.values)
                yield [put_back(offer) if by_values else offer for offer, by_values in found]


def _masked(known: Known, texts: Texts) -> _Masked:
    own = {pointer: texts[pointer] for pointer in _versions(known)}
    values = _values(text for both in own.values() for text in both if text is not None)
    if values is None:
        return _Masked((known["isbn13"],), known, own, None)
    stand_ins = {f'"{text}"': f'"{stand_in}"' for stand_in, text in values.texts.items()}
    without = {
        pointer: (_without(publishing, stand_ins), _without(supply, stand_ins))
        for pointer, (publishing, supply) in own.items()
    }
    return _Masked(_key(known, without), known, without, values)


def _without(text: str | None, stand_ins: dict[str, str]) -> str | None:
    if text is None:
        return None
    found = _DATE.sub(lambda match: stand_ins.get(match.group(), match.group()), text)
    return _AMOUNT.sub(lambda match: stand_ins[match.group()], found)


def _values(texts: Iterable[str]) -> _Values | None:
    """The dates and amounts that can be taken out; None where what is decided may depend on more than their order."""
    dates: set[str] = set()
    amounts: dict[str, None] = {}
    for text in texts:
        if _NOT_BY_DAY.search(text):
            return None
        dates.update(_DATE.findall(text))
        amounts |= dict.fromkeys(_AMOUNT.findall(text))
    dates.discard(_FILLER)
    ordered = sorted(dates)
    if ordered and (ordered[0] < _BEFORE or ordered[-1] > _AFTER):
        return None
    days = [date.fromisoformat(one) for one in ordered]
    if any((later - day).days <= _CLOSE for day, later in pairwise(days)):
        return None
    found, of_days = {}, {}
    for place, (text, day) in enumerate(zip(ordered, days, strict=True)):
        stand_in = _stand_in(place)
        # A last day of a period ends with its midnight, which is the next day's.
        for shift in (timedelta(), _DAY):
            of_days[stand_in + shift] = day + shift
        found[stand_in.isoformat()] = text
    return _Values(found | {f"{place}.0001": amount for place, amount in enumerate(amounts, 1)}, of_days)


@cache
def _stand_in(place: int) -> date:
    return _FIRST + timedelta(days=_APART * place)


def _versions(known: Known) -> Iterator[str]:
    for pointer in (known["publishing_version"], known["supply_version"]):
        if pointer is not None:
            yield pointer
    for voice in known["voices"]:
        for pointer in (voice["publishing_version"], voice["supply_version"]):
            if pointer is not None:
                yield pointer
        for rejected in (*voice["rejected_publishing"], *voice["rejected_supply"]):
            yield rejected.partition(" ")[0]


def _key(known: Known, texts: Texts) -> Hashable:
    """All that offers are decided by, without the names of who said it."""

    def said(pointer: str | None, which: int) -> str | None:
        return None if pointer is None else texts[pointer][which]

    winner = (known["supply_supplier"], known["supply_record"])
    voices = tuple(
        (
            voice["state"],
            voice["withdrawal"],
            (voice["supplier"], voice["record_reference"]) == winner,
            voice["publishing_version"] == known["publishing_version"],
            said(voice["publishing_version"], 0),
            said(voice["supply_version"], 1),
            tuple(said(one.partition(" ")[0], 0) for one in voice["rejected_publishing"]),
            tuple(said(one.partition(" ")[0], 1) for one in voice["rejected_supply"]),
        )
        for voice in known["voices"]
    )
    limits = tuple((limit["model"], limit["territory_set_id"], limit["override_id"]) for limit in known["limits"])
    won = (said(known["publishing_version"], 0), said(known["supply_version"], 1))
    return (known["state"], known["reason"], won, voices, limits)


def _is_by_values(offer: OfferDecided) -> bool:
    values = [offer.price_amount, *(text for window in offer.windows for text in _texts(window))]
    return any(value is not None and _STANDS_IN.search(value) for value in values)


def _texts(window: WindowDecided) -> tuple[str | None, ...]:
    return (window.opens, window.closes, window.reason, window.ends, window.price_amount)


class _PutBack:
    """Puts a title's own dates and amounts back into its offers."""

    def __init__(self, values: _Values) -> None:
        self._days, self._texts = values.days, values.texts
        self._told: dict[str, str] = {}
        self._windows: dict[int, tuple[WindowDecided, ...]] = {}

    def __call__(self, offer: OfferDecided) -> OfferDecided:
        # Credit has the windows of sale.
        if id(offer.windows) not in self._windows:
            self._windows[id(offer.windows)] = tuple(map(self._window, offer.windows))
        model, state, reason, countries, since, amount, currency, windows = offer
        back = self._windows[id(windows)]
        return OfferDecided(model, state, reason, countries, self._day(since), self._text(amount), currency, back)

    def _window(self, one: WindowDecided) -> WindowDecided:
        countries, state, opens, closes, reason, ends, since, until, amount, currency = one
        return WindowDecided(
            countries,
            state,
            self._text(opens),
            self._text(closes),
            self._text(reason),
            self._text(ends),
            self._day(since),
            self._day(until),
            self._text(amount),
            currency,
        )

    def _day(self, stand_in: date | None) -> date | None:
        return None if stand_in is None else self._days.get(stand_in, stand_in)

    def _text(self, told: str | None) -> str | None:
        if told is None:
            return None
        found = self._told.get(told)
        if found is None:
            found = self._told[told] = _STANDS_IN.sub(self._own, told)
        return found

    def _own(self, match: re.Match[str]) -> str:
        stand_in = match.group()
        found = self._texts.get(stand_in)
        if found is not None or "-" not in stand_in:
            return found or stand_in
        # The day after one of the title's, or a day that is no stand-in.
        day = self._days.get(date.fromisoformat(stand_in))
        return stand_in if day is None else day.isoformat()
