"""One supplier's titles over the days: what is known, what happens to it, how it then looks."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from tests.simulator.faults import RECORD_FAULTS, RecordFault
from tests.simulator.messages import Dialect
from tests.simulator.sheet import as_said
from tests.simulator.titles import House, Price, Title, dice, for_distributor, make_rights, make_title, reprice


class Supplier(NamedTuple):
    """One who sends.

    Attributes:
        share: Its part of the titles asked for; in the demo their number.
        hour: When it sends, UTC.
    """

    house: House
    dialect: Dialect
    sender: str
    share: int
    hour: int


SUPPLIERS: Mapping[str, Supplier] = {
    "northwind": Supplier(House("northwind", "Northwind Audio", "97819", "01"), "onix_3.0", "Northwind", 400, 1),
    "lindqvist": Supplier(House("lindqvist", "", "97891", "02"), "onix_3.1_short", "Lindqvist", 250, 2),
    "harbour": Supplier(House("harbour", "", "97815", "04"), "onix_2.1", "Harbour Média", 150, 2),
    "papyrus": Supplier(
        House("papyrus", "Papyrus Press", "97839", "01", western=True, out_of_scope=0), "csv", "Papyrus", 60, 3
    ),
}
_SHARES = {
    "new": 20,
    "price": 40,
    "rights": 10,
    "title": 10,
    "withdrawn": 10,
    "deleted": 5,
    "block": 10,
    "again": 20,
    "late": 5,
    "withdrawn_rejected": 1,
}
"""Events a day, in thousandths of the titles; each at least once. ``block`` is a price in a block update, ``again`` a
record sent again unchanged, ``late`` a price that arrives a day after it was sent."""
GONE = frozenset({"withdrawn", "withdrawn_rejected", "deleted"})


class Event(NamedTuple):
    """What happens to a title on a day; 0 is the first."""

    day: int
    kind: str


def is_quiet(name: str, day: int) -> bool:
    """Whether a supplier has nothing to say that day, and says so (``NoProduct``)."""
    return name == "lindqvist" and day > 0 and day % 3 == 2


def is_late(name: str, day: int) -> bool:
    """Whether a message of the day before arrives that day."""
    return name == "northwind" and day > 1 and day % 3 == 2


class Timeline:
    """One supplier's titles over the days.

    Attributes:
        known: How many titles are known at the end of each day.
        faulty: The mistake in a title's record, by title.
        events: What happens to a title, by title, in order of days.
        daily: Titles something happens to, by day, in order.
    """

    def __init__(self, seed: int, name: str, sizes: Mapping[str, int], days: int, faults: float) -> None:
        self.seed = seed
        self.name = name
        self.supplier = SUPPLIERS[name]
        self.sizes = sizes
        self.faults = faults
        self.known = [sizes[name]]
        self.faulty = self._place_faults()
        self.events: dict[int, list[Event]] = {}
        self.daily: list[list[int]] = [[]]
        for day in range(1, days):
            self._happen(day)

    def base(self, index: int) -> Title:
        """The title as first sent. A distributor's every fourth and an aggregator's every fifth is Northwind's."""
        house = self.supplier.house
        every, theirs = {"lindqvist": (4, index // 4), "harbour": (5, index // 5 * 2 + 1)}.get(self.name, (1, -1))
        if index % every == 0 and 0 <= theirs < self.sizes.get("northwind", 0):
            publisher = SUPPLIERS["northwind"].house
            return for_distributor(make_title(self.seed, publisher, theirs), house, index)
        title = make_title(self.seed, house, index)
        return as_said(title) if self.supplier.dialect == "csv" else title

    def at(self, index: int, day: int) -> Title:
        """The title as it is at the end of a day, without the mistake its record may have."""
        title = self.base(index)
        for event in self.events.get(index, ()):
            if event.day <= day:
                title = self._apply(title, index, event)
        return title

    def kind(self, index: int, day: int) -> str:
        """What happens to the title that day; empty for nothing."""
        return next((event.kind for event in self.events.get(index, ()) if event.day == day), "")

    def gone(self, index: int, day: int) -> str:
        """How the title has gone by the end of a day (one of ``GONE``); empty where it is still there."""
        return next((event.kind for event in self.events.get(index, ()) if event.day <= day and event.kind in GONE), "")

    def stale(self, index: int, day: int) -> Title:
        """The title with a price that was overtaken before it arrived."""
        return self._apply(self.at(index, day - 2), index, Event(day, "late"))

    def _apply(self, title: Title, index: int, event: Event) -> Title:
        throw = dice(self.seed, self.name, index, event.day, event.kind)
        if event.kind in {"price", "block", "late"}:
            factor = throw.choice((0.7, 0.8, 0.9, 1.1, 1.2, 1.3))
            prices = title.prices or (Price("01", "9.99", "USD", ("US",)),)
            return replace(title, prices=tuple(replace(one, amount=reprice(one.amount, factor)) for one in prices))
        if event.kind == "rights":
            changed = replace(title, rights=make_rights(throw))
            return as_said(changed) if self.supplier.dialect == "csv" else changed
        if event.kind == "title":
            return replace(title, title=f"{title.title} {throw.choice(('Revisited', 'Retold', 'Remembered'))}")
        if event.kind == "withdrawn":
            return replace(title, status=throw.choice(("11", "17")), availability="46")
        return title

    def _place_faults(self) -> dict[int, RecordFault]:
        fitting = [fault for fault in RECORD_FAULTS if self.supplier.dialect in fault.dialects]
        throw = dice(self.seed, self.name, "faults")
        initial = self.known[0]
        # Each supplier begins elsewhere in the list, so that together they show all of it.
        begin = 9 * list(SUPPLIERS).index(self.name)
        audio = (index for index in throw.sample(range(initial), initial) if self.base(index).is_audio)
        wanted = range(round(initial * self.faults))
        return {index: fitting[(begin + place) % len(fitting)] for place, index in zip(wanted, audio, strict=False)}

    def _happen(self, day: int) -> None:
        throw = dice(self.seed, self.name, "day", day)
        known = self.known[-1]
        touched: dict[int, str] = {}
        for kind in self._kinds(day):
            wanted = max(1, self.known[0] * _SHARES[kind] // 1000)
            if kind == "new":
                touched.update(dict.fromkeys(range(known, known + wanted), kind))
                continue
            for _ in range(wanted):
                index = self._pick(throw, known, touched, since=day - 1 if kind == "late" else day)
                if index is not None:
                    touched[index] = kind
        for index, kind in touched.items():
            self.events.setdefault(index, []).append(Event(day, kind))
        self.daily.append(sorted(touched))
        self.known.append(known + sum(kind == "new" for kind in touched.values()))

    def _kinds(self, day: int) -> list[str]:
        left_out = set()
        if is_quiet(self.name, day):
            return []
        if not is_late(self.name, day):
            left_out.add("late")
        if not self.faults:
            left_out.add("withdrawn_rejected")
        if self.supplier.dialect == "onix_2.1":
            left_out.add("block")
        if self.supplier.dialect == "csv":
            left_out |= {"block", "deleted", "again", "withdrawn_rejected"}
        return [kind for kind in _SHARES if kind not in left_out]

    def _pick(self, throw: random.Random, known: int, touched: Mapping[int, str], *, since: int) -> int | None:
        """A title that may have something happen to it: sound, an audiobook, untouched from ``since`` on, not gone."""
        for _ in range(200):
            index = throw.randrange(known)
            happened = self.events.get(index, ())
            busy = any(event.day >= since or event.kind in GONE for event in happened)
            if index not in touched and index not in self.faulty and not busy and self.base(index).is_audio:
                return index
        return None
