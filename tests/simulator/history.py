"""What four suppliers send over some days, and what is true at the end of each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Literal, NamedTuple

from tests.simulator.faults import (
    MESSAGE_FAULTS,
    Injected,
    MessageFault,
    Said,
    fault_note,
    gzipped,
    spoil_withdrawal,
    wrong_encoding,
)
from tests.simulator.messages import Entry, message
from tests.simulator.onix3 import BLOCKS, ENTITY_MARK, Header
from tests.simulator.timeline import SUPPLIERS, Timeline, is_late, is_quiet
from tests.simulator.titles import EPOCH, Title, make_title

State = Literal["present", "withdrawn", "deleted", "quarantined", "out_of_scope"]
_TEST_RECORDS = 4_000_000
"""Numbers of test records: far from the titles'."""
_REJECTED: Said = (
    "withdrawal_in_rejected_record",
    "withdrawn",
    "T1: the record is quarantined, its withdrawal holds.",
)
_HELD_PRICES = frozenset({"price_without_currency", "zero_price", "comma_decimals"})


class MessageFile(NamedTuple):
    """A file as it arrives. ``chunks`` makes its bytes anew each time it is called."""

    supplier: str
    day: date
    name: str
    chunks: Callable[[], Iterator[bytes]]


class Truth(NamedTuple):
    """What one supplier's record ought to be at the end of a day.

    Attributes:
        isbn13: The title's own, also where the record states it wrongly.
        state: ``withdrawn`` stays known but may not be sold; ``quarantined`` was never let in.
        prices: Amount by currency; without the one that a receiver holds back.
        countries: Where sale is allowed, sorted ISO 3166-1 codes.
        title: As a good receiver reads it: entities resolved.
        restriction: List 71 code of the sales restriction; empty for none.
        fault: The mistake in its record (``RECORD_FAULTS``); None for none.
    """

    supplier: str
    record: str
    isbn13: str
    day: date
    state: State
    title: str
    prices: dict[str, str]
    countries: tuple[str, ...]
    restriction: str
    fault: str | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A message to be sent. ``change`` is done to its finished bytes; ``note`` is the manifest's line on the file."""

    day: int
    name: str
    header: Header
    entries: Callable[[], Iterator[Entry]]
    change: Callable[[bytes], bytes] | None = None
    note: Said | None = None


class History:
    """Messages and truth of some suppliers, the same for the same arguments.

    Args:
        seed: Decides everything.
        suppliers: Names out of ``SUPPLIERS``.
        days: Days of history: a full message on the first, deltas after; spreadsheets are always full.
        titles: How many titles on the first day: in all, shared out as in the demo, or by supplier.
        faults: Share of records with a mistake, 0 to 1; with 0 no message is broken either.
        first_day: The day of the full messages.
    """

    def __init__(
        self,
        seed: int = 1,
        suppliers: tuple[str, ...] = tuple(SUPPLIERS),
        days: int = 3,
        titles: int | Mapping[str, int] = 860,
        faults: float = 0.05,
        *,
        first_day: date = EPOCH,
    ) -> None:
        self.days = days
        self.first_day = first_day
        sizes = dict(titles) if isinstance(titles, Mapping) else share_out(titles)
        self._streams = [_Stream(Timeline(seed, name, sizes, days, faults), first_day) for name in suppliers]

    def day(self, number: int) -> date:
        """The date of a day of the history, 0 being the first."""
        return self.first_day + timedelta(days=number)

    def messages(self, day: int | None = None) -> Iterator[MessageFile]:
        """All files, day by day and supplier by supplier, in order of name; or those of one day, from 0."""
        for number in range(self.days) if day is None else (day,):
            for stream in self._streams:
                yield from stream.files(number)

    def truth(self, day: int) -> Iterator[Truth]:
        """What each record ever sent ought to be at the end of a day, by supplier, then in order of publication."""
        for stream in self._streams:
            yield from stream.truth(day)

    def manifest(self) -> list[Injected]:
        """Every fault that was put in, by day and supplier."""
        return [note for number in range(self.days) for stream in self._streams for note in stream.notes(number)]


def share_out(titles: int) -> dict[str, int]:
    """So many titles by supplier, in the demo's proportions, at least ten each."""
    whole = sum(supplier.share for supplier in SUPPLIERS.values())
    return {name: max(10, titles * supplier.share // whole) for name, supplier in SUPPLIERS.items()}


class _Stream:
    """One supplier's messages."""

    def __init__(self, timeline: Timeline, first_day: date) -> None:
        self._line = timeline
        self._name = timeline.name
        self._dialect = timeline.supplier.dialect
        self._first_day = first_day
        self._sent = 0
        self._plans: list[_Plan] = []
        for day in range(len(timeline.known)):
            self._plan_day(day)
        self._plans.sort(key=lambda plan: (plan.day, plan.name))

    def files(self, day: int) -> Iterator[MessageFile]:
        for plan in self._plans:
            if plan.day == day:
                yield MessageFile(self._name, self._date(day), plan.name, partial(self._write, plan))

    def notes(self, day: int) -> Iterator[Injected]:
        for plan in self._plans:
            if plan.day != day:
                continue
            if plan.note:
                yield fault_note(self._name, self._date(day), plan.name, plan.note)
            for said, title in self._mistakes(plan):
                yield fault_note(self._name, self._date(day), plan.name, said, title)

    def _mistakes(self, plan: _Plan) -> Iterator[tuple[Said, Title]]:
        """The mistakes in a message's records."""
        if "_full_" in plan.name or self._dialect == "csv":
            for index in sorted(self._line.faulty):
                fault = self._line.faulty[index]
                yield (fault.kind, fault.expected, fault.receiver), fault.spoil(self._line.base(index))
        elif plan.name.endswith(("_01.xml", "_01.xml.gz")):
            for index in self._line.daily[plan.day]:
                if self._line.kind(index, plan.day) == "withdrawn_rejected":
                    yield _REJECTED, spoil_withdrawal(self._line.at(index, plan.day))

    def truth(self, day: int) -> Iterator[Truth]:
        for index in range(self._line.known[day]):
            yield self._truth(index, day)

    def _truth(self, index: int, day: int) -> Truth:
        title = self._line.at(index, day)
        fault = self._line.faulty.get(index)
        gone = self._line.gone(index, day)
        state: State = "present"
        if not title.is_audio:
            state = "out_of_scope"
        elif fault and fault.expected == "quarantined":
            state = "quarantined"
        elif gone:
            state = "deleted" if gone == "deleted" else "withdrawn"
        sent = fault.spoil(title) if fault and state == "present" else title
        held = 1 if fault and fault.kind in _HELD_PRICES else 0
        return Truth(
            supplier=self._name,
            record=sent.reference,
            isbn13=title.isbn,
            day=self._date(day),
            state=state,
            title=sent.full_title.replace(ENTITY_MARK, "–"),
            prices={price.currency: price.amount for price in sent.prices[held:]},
            countries=sent.rights.countries(),
            restriction=sent.rights.restriction,
            fault=fault.kind if fault else None,
        )

    def _date(self, day: int) -> date:
        return self._first_day + timedelta(days=day)

    def _header(self, day: int, *, hour: int = 0, repeat: int = 1) -> Header:
        """The next message's header, sent on ``day`` at the supplier's hour or ``hour`` later."""
        if repeat == 1:
            self._sent += 1
        supplier = self._line.supplier
        sent_at = datetime.combine(self._date(day), time(supplier.hour), UTC) + timedelta(hours=hour)
        return Header(supplier.sender, sent_at, self._sent, repeat)

    def _add(
        self,
        day: int,
        kind: str,
        header: Header,
        entries: Callable[[], Iterator[Entry]],
        *,
        number: int = 1,
        ending: str = ".xml",
        change: Callable[[bytes], bytes] | None = None,
        note: Said | None = None,
    ) -> None:
        """Plan a message of a kind: ``full``, ``delta`` (numbered within the day) or none."""
        parts = [self._name, kind, f"{self._date(day):%Y%m%d}", f"{number:02}" if kind == "delta" else ""]
        name = "_".join(part for part in parts if part) + ending
        self._plans.append(_Plan(day, name, header, entries, change, note))

    def _plan_day(self, day: int) -> None:
        if self._dialect == "csv":
            self._add(day, "", self._header(day), lambda: self._all(day), ending=".csv")
        elif day == 0:
            self._add(day, "full", self._header(day), lambda: self._all(day))
        else:
            {"northwind": self._northwind, "lindqvist": self._lindqvist, "harbour": self._harbour}[self._name](day)

    def _northwind(self, day: int) -> None:
        if is_late(self._name, day + 1) and day + 1 < len(self._line.known):
            # Sent before this day's delta, and numbered so, but it arrives tomorrow.
            note: Said = (
                "late_message",
                "stale",
                "Records that a newer message has overtaken are stale, the others are applied.",
            )
            self._add(day + 1, "delta", self._header(day, hour=-1), lambda: self._late(day + 1), number=9, note=note)
        header = self._header(day)
        self._add(day, "delta", header, lambda: self._changes(day))
        if day % 3 == 1:
            repeat: Said = ("repeated_file", "repeat", "The same bytes were read already.")
            self._add(day, "delta", header, lambda: self._changes(day), number=2, note=repeat)
            if self._line.faults:
                self._broken(day, MESSAGE_FAULTS[-1], header, number=3)

    def _lindqvist(self, day: int) -> None:
        if is_quiet(self._name, day):
            # Yesterday's message once more: same number and time, MessageRepeat 2.
            note: Said = ("repeated_message", "unchanged", "Sent again: nothing changes.")
            self._add(
                day,
                "delta",
                self._header(day - 1, repeat=2),
                lambda: self._changes(day - 1),
                number=1,
                note=note,
            )
            self._add(day, "delta", self._header(day), lambda: iter(()), number=2)
            return
        if day % 3 == 1:
            fine: Said = ("gzip", "applied", "Unpacked and read.")
            self._add(
                day, "delta", self._header(day), lambda: self._changes(day), ending=".xml.gz", change=gzipped, note=fine
            )
            return
        self._add(day, "delta", self._header(day), lambda: self._changes(day))

    def _harbour(self, day: int) -> None:
        header = self._header(day)
        if day % 3 == 2 and self._line.faults:
            note: Said = (
                "wrong_encoding",
                "applied",
                "Not UTF-8 as declared: read as cp1252, with a warning.",
            )
            self._add(day, "delta", header, lambda: self._changes(day), change=wrong_encoding, note=note)
        else:
            self._add(day, "delta", header, lambda: self._changes(day))
        if day % 3 == 1 and self._line.faults:
            for number, fault in enumerate(MESSAGE_FAULTS, 2):
                self._broken(day, fault, self._header(day, hour=1), number=number)

    def _broken(self, day: int, fault: MessageFault, header: Header, *, number: int) -> None:
        self._add(
            day,
            "delta",
            header,
            lambda: self._changes(day),
            number=number,
            ending=fault.ending,
            change=fault.make,
            note=(fault.kind, fault.expected, fault.receiver),
        )

    def _write(self, plan: _Plan) -> Iterator[bytes]:
        pieces = message(self._dialect, plan.header, plan.entries())
        if plan.change is None:
            yield from pieces
        else:
            yield plan.change(b"".join(pieces))

    def _all(self, day: int) -> Iterator[Entry]:
        for index in range(self._line.known[day]):
            title = self._line.at(index, day)
            fault = self._line.faulty.get(index)
            if fault is None:
                yield Entry(title)
                continue
            if fault.kind == "duplicate_reference":
                yield Entry(title)
            yield Entry(fault.spoil(title))

    def _changes(self, day: int) -> Iterator[Entry]:
        for index in self._line.daily[day]:
            kind = self._line.kind(index, day)
            title = self._line.at(index, day)
            if kind == "deleted":
                yield Entry(title, "05")
            elif kind == "block":
                yield Entry(title, "04", ("supply",))
            elif kind == "withdrawn_rejected":
                yield Entry(spoil_withdrawal(title))
            elif kind != "late":
                yield Entry(title)
        if day % 3 == 1:
            yield Entry(self._test_record(day), "89")
            yield Entry(self._test_record(day + 1), "88", BLOCKS)

    def _test_record(self, number: int) -> Title:
        title = make_title(self._line.seed, self._line.supplier.house, _TEST_RECORDS + number)
        return replace(title, form="AJ", title=f"Test {title.title}", form_detail="A103")

    def _late(self, day: int) -> Iterator[Entry]:
        overtaken = [index for index in self._line.daily[day - 1] if self._line.kind(index, day - 1) == "price"]
        for index in overtaken[:5]:
            yield Entry(self._line.stale(index, day))
        for index in self._line.daily[day]:
            if self._line.kind(index, day) == "late":
                yield Entry(self._line.at(index, day))
