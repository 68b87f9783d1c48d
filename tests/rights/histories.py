"""Titles with a past: some suppliers' messages, run by run, with corrections, late ones, deletes and rejected records.

Their records state blocks 4 and 6 in full, so that what the catalogue makes of them is asked of the real terms.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from bindery.catalogue import staging
from bindery.catalogue.facts_of import FACTS_SCHEMA, facts_of
from bindery.catalogue.record import BLOCKS, ProductSupply, Publishing
from bindery.catalogue.record_schema import RECORDS_SCHEMA
from bindery.trade.withdrawals import publishing_withdrawal, supply_withdrawal
from tests.catalogue.feeding import Message, Sent, digest
from tests.catalogue.worlds import Stage
from tests.rights.random_titles import Chance
from tests.simulator.titles import isbn13
from tests.trade.builders import descriptive

PRECEDENCE: Final = {"alpha": 20, "beta": 10, "gamma": 10}
RUNS: Final = 6
_DATES: Final = ("01", "02", "09", "10", "13", "27", "30", "31", "32", "33", "39")


@dataclass(frozen=True)
class Stated(Sent):
    """A record that states blocks 4 and 6 in full."""

    publishing: Publishing | None = None
    supply: list[ProductSupply] | None = None

    @property
    def content_hash(self) -> str:
        return digest(self.reference, self.kind, self.isbn13, self.blocks, self.publishing, self.supply)


def stated(
    reference: str,
    isbn: str | None,
    publishing: Publishing | None = None,
    supply: list[ProductSupply] | None = None,
    *,
    kind: str = "full",
    touches: Sequence[str] = BLOCKS,
    verdict: str = "pass",
) -> Stated:
    """A record. ``touches`` of a block update names its blocks; one that it doesn't state it clears."""
    said: dict[str, Any] = {"publishing": publishing, "supply": supply}
    names = () if kind == "delete" else touches
    return Stated(
        reference=reference,
        kind=kind,
        isbn13=isbn,
        blocks=tuple((name, None if said.get(name, name) is None else "said") for name in names),
        publishing_withdrawal=publishing_withdrawal(publishing),
        supply_withdrawal=supply_withdrawal(supply),
        verdict=verdict,
        publishing=publishing,
        supply=supply,
    )


def _row(position: int, sent: Stated) -> dict[str, Any]:
    return {
        "position": position,
        "readable": True,
        "is_known": False,
        "scope": "in",
        "bytes_hash": bytes.fromhex(sent.content_hash),
        "content_hash": sent.content_hash,
        "record_reference": sent.reference,
        "notification_type": {"full": "03", "block": "04", "delete": "05"}[sent.kind],
        "kind": sent.kind,
        "identifiers": [{"type": "15", "type_name": None, "value": sent.isbn13}] if sent.isbn13 else [],
        "touches": list(sent.touches),
        "descriptive": descriptive(product_form="AJ") if sent.states("descriptive") else None,
        "publishing": sent.publishing,
        "supply": sent.supply,
        "source": {"byte_start": position * 100, "byte_end": position * 100 + 99, "line": position + 1},
    }


def _table(sent: Iterable[Sent]) -> pa.Table:
    rows = [_row(position, one) for position, one in enumerate(sent) if isinstance(one, Stated)]
    read = pa.Table.from_pylist(rows, schema=RECORDS_SCHEMA)
    facts = facts_of(read)
    columns = {name: facts[name] if name in FACTS_SCHEMA.names else read[name] for name in RECORDS_SCHEMA.names}
    return pa.table(columns, schema=RECORDS_SCHEMA)


class StageStated(Stage):
    """Stages messages of such records, with the facts read out of their blocks."""

    def _of(self, sent: Message) -> tuple[pa.Table, pa.Table]:
        work = self.home.work(sent.supplier, sent.message_id)
        work.mkdir(parents=True, exist_ok=True)
        records = _table(sent.records)
        pq.write_table(records, work / "records.parquet")
        reasons = {"pass": None, "quarantine": "R1"}
        verdicts = [
            {"position": position, "verdict": one.verdict, "reason": reasons[one.verdict]}
            for position, one in enumerate(sent.records)
        ]
        pq.write_table(pa.Table.from_pylist(verdicts), work / "verdicts.parquet")
        received = staging.received_rows(
            work,
            supplier=sent.supplier,
            message_id=sent.message_id,
            ordering_key=sent.key,
            received=len(sent.records),
            held=sent.held,
        )
        return received, records


Slot = tuple[int, str, str]
"""The run that takes a message, its supplier and its ordering key."""


@dataclass
class _Speaker:
    """A supplier's record of a title, and what it said last."""

    supplier: str
    reference: str
    isbn: str
    chance: Chance
    last: Stated | None = None

    def says(self) -> Stated:
        """Its next record."""
        new = self._next()
        if new.verdict == "pass":
            self.last = new
        return new

    def _next(self) -> Stated:
        if self.last is None or self.last.kind == "delete":
            return self._block() if self.chance.often(0.06) else self._full()
        last = self.last
        ways: dict[Callable[[], Stated], int] = {
            lambda: self._corrected(last): 40,
            self._full: 10,
            self._block: 20,
            lambda: last: 9,
            lambda: stated(self.reference, self.chance.one((self.isbn, None)), kind="delete"): 6,
            self._rejected: 13,
            lambda: stated(self.reference, _neighbour(self.isbn), last.publishing, last.supply): 2,
        }
        (way,) = self.chance.random.choices(list(ways), list(ways.values()))
        return way()

    def _full(self, verdict: str = "pass") -> Stated:
        publishing = None if self.chance.seldom(0.2) else self.chance.publishing()
        supply = None if self.chance.seldom(0.2) else self._markets()
        return stated(self.reference, self.isbn, publishing, supply, verdict=verdict)

    def _markets(self) -> list[ProductSupply]:
        return [self.chance.market() for _ in range(self.chance.one((1, 1, 1, 2)))]

    def _block(self, verdict: str = "pass") -> Stated:
        touches = self.chance.one((("publishing",), ("supply",), ("publishing", "supply")))
        publishing = self.chance.publishing() if "publishing" in touches and not self.chance.seldom(0.1) else None
        supply = self._markets() if "supply" in touches and not self.chance.seldom(0.1) else None
        named = self.chance.one((self.isbn, self.isbn, None))
        return stated(self.reference, named, publishing, supply, kind="block", touches=touches, verdict=verdict)

    def _rejected(self) -> Stated:
        if self.chance.often(0.1):
            return stated(self.reference, self.isbn, kind="delete", verdict="quarantine")
        return self._block("quarantine") if self.chance.often(0.3) else self._full("quarantine")

    def _corrected(self, last: Stated) -> Stated:
        """The record again in full, with other dates, rights or supply."""
        what = self.chance.one(("dates", "dates", "rights", "supply"))
        publishing = last.publishing or self.chance.publishing()
        supply = last.supply or self._markets()
        if what == "dates":
            publishing = {**publishing, "dates": self.chance.dates(_DATES, 2)}
        elif what == "rights":
            publishing = {**publishing, "sales_rights": self.chance.publishing()["sales_rights"]}
        else:
            supply = self._markets()
        return stated(self.reference, self.isbn, publishing, supply)


def _neighbour(isbn: str) -> str:
    """A title that a record may come to name by mistake."""
    return isbn13(str(int(isbn[:12]) ^ 1))


@dataclass(frozen=True)
class Histories:
    """Titles and all that was sent of them.

    Attributes:
        isbns: The titles.
        arriving: The messages of each run.
        undone: Ids of the messages that are undone before each run.
        redone: Ids of those undone before that count again from each run on.
    """

    isbns: tuple[str, ...]
    arriving: tuple[tuple[Message, ...], ...]
    undone: Mapping[int, tuple[tuple[str, str], ...]]
    redone: Mapping[int, tuple[tuple[str, str], ...]]
    contents: Mapping[str, Stated] = field(repr=False, default_factory=dict)

    def by(self, run: int) -> list[Message]:
        """What had come by a run."""
        return [sent for batch in self.arriving[: run + 1] for sent in batch]

    def out(self, run: int) -> set[str]:
        """Ids of the messages that don't count in a run."""
        found: set[str] = set()
        for number in range(run + 1):
            found |= {message_id for _, message_id in self.undone.get(number, ())}
            found -= {message_id for _, message_id in self.redone.get(number, ())}
        return found


def histories(titles: int, seed: int) -> Histories:
    """Titles with two to six records of one to three suppliers each."""
    dice = random.Random(seed)  # noqa: S311 - test data
    isbns = tuple(isbn13(f"97830{number:07d}") for number in range(titles))
    slots: dict[Slot, list[Stated]] = {}
    for number, isbn in enumerate(isbns):
        for slot, record in _of_title(isbn, Chance(seed * 100_000 + number)):
            slots.setdefault(slot, []).append(record)
    arriving: list[list[Message]] = [[] for _ in range(RUNS)]
    for (run, supplier, key), records in sorted(slots.items(), key=lambda pair: pair[0]):
        arriving[run].append(Message(supplier, key, tuple(records), name=f"{supplier}-{run}-{key}.xml"))
    undone: dict[int, tuple[tuple[str, str], ...]] = {}
    for run in (2, 3, 4):
        undone[run] = tuple((one.supplier, one.message_id) for one in dice.sample(arriving[run - 1], 3))
    redone = {4: undone[2][:2], 5: undone[3][:1]}
    contents = {one.content_hash: one for records in slots.values() for one in records}
    return Histories(isbns, tuple(map(tuple, arriving)), undone, redone, contents)


def _of_title(isbn: str, chance: Chance) -> Iterable[tuple[Slot, Stated]]:
    suppliers = chance.random.sample(sorted(PRECEDENCE), chance.one((1, 1, 2, 2, 3)))
    speakers = [_Speaker(name, f"r{isbn[6:]}", isbn, chance) for name in suppliers]
    if chance.often(0.1):
        speakers.append(_Speaker(suppliers[0], f"s{isbn[6:]}", isbn, chance))
    runs = sorted(chance.random.choices(range(RUNS), k=max(len(speakers), chance.random.randint(2, 5)) + 1))
    for place, run in enumerate(runs):
        speaker = speakers[place] if place < len(speakers) else chance.one(speakers)
        sent_in = chance.random.randint(0, run) if chance.often(0.4) else run
        yield (run, speaker.supplier, key_of(sent_in, chance.random.randint(0, 4))), speaker.says()


def key_of(run: int, hour: int) -> str:
    """The ordering key of a message sent in the morning before a run."""
    return f"2026-03-{run + 1:02d}T{hour:02d}:00:00+00:00|"


def merged_at(run: int) -> dt.datetime:
    """When a run tells of its changes."""
    return dt.datetime(2026, 3, run + 1, 12, tzinfo=dt.UTC)
