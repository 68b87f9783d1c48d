"""Suppliers of a catalogue to measure with: a few thousand simulated titles, read and judged once, then multiplied."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bindery.catalogue.record_schema import READ_SCHEMA, RECORDS_SCHEMA
from bindery.claims import GatedMessage, JudgedMessage, ReadMessage, Receipt
from bindery.feeds.archive import keep
from bindery.feeds.declaration import Feed, FolderTransport
from bindery.home import Home
from bindery.reading import Batch
from bindery.steps.derive import records_table
from bindery.steps.judge import judge
from bindery.steps.read import read
from tests.bench.renumber import Names, Numbers, copies, names, references
from tests.simulator.messages import Dialect, Entry, message
from tests.simulator.onix3 import BLOCKS, Header
from tests.simulator.timeline import SUPPLIERS
from tests.simulator.titles import EPOCH, Title, dice, for_distributor, make_rights, make_title, reprice

BASE: Final = 500
"""Titles of each source that are read for real."""

TITLES_SHARING_AUTHORS: Final = 3
"""Copies of a record whose people bear the same names: an author has a handful of titles, not one, not thousands."""

AGAIN: Final = 5_000_000
"""Number of a distributor's first record of another house's title; its own are numbered from 0."""

_SEED: Final = 1
_BATCH: Final = 5_000
_BYTES_A_RECORD: Final = 9_650
_BESIDE: Final = ("findings", "verdicts")


@dataclass(frozen=True)
class Source:
    """Titles of one house, as one supplier sends them.

    Attributes:
        share: Its part of the catalogue's records, in hundredths of the titles.
        every: It sends each so-manieth title of the house.
        precedence: Of its feed.
    """

    name: str
    supplier: str
    house: str
    dialect: Dialect
    share: int
    every: int
    precedence: int

    @property
    def is_again(self) -> bool:
        """Whether another supplier sends these titles too."""
        return self.supplier != self.house


SOURCES: Final = {
    source.name: source
    for source in (
        Source("northwind", "northwind", "northwind", "onix_3.0", 60, 1, 10),
        Source("lindqvist", "lindqvist", "lindqvist", "onix_3.1_short", 20, 1, 50),
        Source("harbour", "harbour", "harbour", "onix_2.1", 15, 1, 80),
        Source("papyrus", "papyrus", "papyrus", "onix_3.1", 5, 1, 20),
        Source("lindqvist_again", "lindqvist", "northwind", "onix_3.1_short", 10, 6, 50),
    )
}
"""A tenth of the titles come from two suppliers."""

CHANGING: Final = "northwind"
"""The source whose titles change."""

KINDS: Final = ("same", "price", "block", "rights", "title", "withdrawn", "deleted")
"""What may happen to a title; ``block`` is a price in a block update, ``deleted`` a notification 05."""


@dataclass(frozen=True)
class Base:
    """A source's records as they were read and judged.

    Attributes:
        read: A row a title and kind: all titles of the first kind, then of the next.
        known_by: What each row's title is known by.
        verdicts: A row for each of ``read``.
        findings: With ``position``, the row of ``read`` each is about.
    """

    source: Source
    read: pa.Table
    known_by: Names
    verdicts: pa.Table
    findings: pa.Table

    def table(self, numbers: Numbers, kinds: Numbers, first: int) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Records, verdicts and findings of some titles.

        Args:
            numbers: The titles.
            kinds: What happened to each, as a place in ``KINDS``.
            first: Position of the first in its message.
        """
        source, rows = self.source, kinds * BASE + numbers % BASE
        house = SUPPLIERS[source.house].house
        reference = references(source.supplier, numbers + AGAIN if source.is_again else numbers)
        now = names(house.name, house.isbn_prefix, numbers)
        families = numbers // (BASE * TITLES_SHARING_AUTHORS)
        made = copies(
            self.read, rows, reference=reference, was=self.known_by, now=now, numbers=numbers, families=families
        )
        table = records_table(Batch(made), None, test_records=False)
        position = pa.array(np.arange(first, first + len(rows)))
        start = pc.multiply(position, _BYTES_A_RECORD)
        places = [start, pc.add(start, _BYTES_A_RECORD), pc.add(pc.multiply(position, 200), 14)]
        table = _set(table, position=position, source=pa.StructArray.from_arrays(places, fields=list(_SOURCE)))
        verdicts = _set(self.verdicts.take(pa.array(rows)), position=position)
        return table, verdicts, self._findings(rows, position, reference)

    def _findings(self, rows: Numbers, position: pa.Array, reference: pa.Array) -> pa.Table:
        about = np.asarray(self.findings["position"])
        first, last = np.searchsorted(about, rows, "left"), np.searchsorted(about, rows, "right")
        record = np.repeat(np.arange(len(rows)), last - first)
        within = np.arange(len(record)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
        taken = self.findings.take(pa.array(first[record] + within))
        where = pa.array(record)
        # Where in a message it stands isn't measured by: what is remembered counts it from the record's beginning.
        start = pc.multiply(position.take(where), _BYTES_A_RECORD)
        return _set(taken, position=position.take(where), record_reference=reference.take(where), byte_start=start)


_SOURCE: Final = RECORDS_SCHEMA.field("source").type


def feed_of(source: Source) -> Feed:
    """The feed its messages come by."""
    return Feed(
        name=f"{source.supplier}_bench",
        supplier=source.supplier,
        title=source.supplier,
        owner="bench",
        transport=FolderTransport(kind="folder", path="in"),
        precedence=source.precedence,
    )


def base_of(source: Source, folder: Path) -> Base:
    """Reads and judges what a source's records are multiplied from; from then on it lies in the folder."""
    kept = folder / source.name
    if not kept.is_dir():
        part = kept.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        _read_base(source, part)
        part.replace(kept)
    tables = {name: pq.read_table(kept / f"{name}.parquet") for name in ("read", *_BESIDE)}
    house = SUPPLIERS[source.house].house
    known_by = names(house.name, house.isbn_prefix, np.arange(tables["read"].num_rows) % BASE)
    return Base(source, tables["read"].cast(READ_SCHEMA), known_by, tables["verdicts"], tables["findings"])


def _read_base(source: Source, part: Path) -> None:
    kinds = KINDS if source.name == CHANGING else KINDS[:1]
    home, tables = Home(part / "home"), dict[str, list[pa.Table]]()
    for number, kind in enumerate(kinds):
        header = Header(SUPPLIERS[source.supplier].sender, sent_at(source, 0), 1)
        entries = (_entry(source, index, kind) for index in range(BASE))
        message_id, path, size = keep(
            message(source.dialect, header, entries), home=home, expected_size=None, name=f"{source.name}_{kind}.xml"
        )
        receipt = _receipt(
            source,
            f"{source.name}_{kind}.xml",
            day=0,
            message_id=message_id,
            path=path.relative_to(home.root),
            size=size,
        )
        work = home.root / judge(read(receipt, feed_of(source), home=home), home=home).message.work
        tables.setdefault("read", []).append(pq.read_table(work / "records.parquet").select(READ_SCHEMA.names))
        for name in _BESIDE:
            table = pq.read_table(work / f"{name}.parquet")
            tables.setdefault(name, []).append(_set(table, position=pc.add(table["position"], number * BASE)))
    for name, found in tables.items():
        table = pa.concat_tables(found)
        pq.write_table(table.sort_by("position") if name == "findings" else table, part / f"{name}.parquet")
    shutil.rmtree(home.root)


def _entry(source: Source, index: int, kind: str) -> Entry:
    title = make_title(_SEED, SUPPLIERS[source.house].house, index)
    if source.is_again:
        title = for_distributor(title, SUPPLIERS[source.supplier].house, AGAIN + index)
    if kind == "block":
        return Entry(_changed(title, "price", 0.8), "04", ("supply",))
    return Entry(_changed(title, kind, 1.2), "05" if kind == "deleted" else "03", BLOCKS)


def _changed(title: Title, kind: str, factor: float) -> Title:
    if kind == "price":
        prices = tuple(replace(price, amount=reprice(price.amount, factor)) for price in title.prices)
        return replace(title, prices=prices)
    if kind == "rights":
        return replace(title, rights=make_rights(dice(_SEED, title.reference, kind)))
    if kind == "title":
        return replace(title, title=f"{title.title} Revisited")
    return replace(title, status="11", availability="46") if kind == "withdrawn" else title


def sent_at(source: Source, day: int) -> datetime:
    """When its message of a day was sent."""
    return datetime.combine(EPOCH + timedelta(days=day), time(SUPPLIERS[source.supplier].hour), UTC)


def written(base: Base, numbers: Numbers, kinds: Numbers, *, home: Home, name: str, day: int) -> GatedMessage:
    """A message's work folder, as reading and judging leave it, and the claim the gate hands on.

    Args:
        base: The source's records.
        numbers: The titles in it.
        kinds: What happened to each, as a place in ``KINDS``.
        home: Where.
        name: Of the message; no other of the supplier has it.
        day: When it was sent.
    """
    source = base.source
    message_id = hashlib.sha256(f"{source.supplier} {name}".encode()).hexdigest()
    work = home.work(source.supplier, message_id)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    beside: dict[str, list[pa.Table]] = {name: [] for name in _BESIDE}
    # Settings of the reader's.
    quickly = {"compression": "lz4", "use_dictionary": False, "write_statistics": False}
    with pq.ParquetWriter(work / "records.parquet", RECORDS_SCHEMA, **quickly) as records:
        for first, last in _steps(len(numbers), _BATCH):
            table, verdicts, findings = base.table(numbers[first:last], kinds[first:last], first)
            records.write_table(table)
            beside["verdicts"].append(verdicts)
            beside["findings"].append(findings)
    for kind, tables in beside.items():
        pq.write_table(pa.concat_tables(tables), work / f"{kind}.parquet", compression="zstd")
    verdict = pa.concat_tables(beside["verdicts"])["verdict"]
    blocked = pc.sum(pc.equal(verdict, "quarantine")).as_py()
    out_of_scope = pc.sum(pc.equal(verdict, "out_of_scope")).as_py()
    sent = sent_at(source, day)
    claim = ReadMessage(
        receipt=_receipt(
            source,
            name,
            day=day,
            message_id=message_id,
            path=Path("archive") / message_id,
            size=len(numbers) * _BYTES_A_RECORD,
        ),
        work=work.relative_to(home.root).as_posix(),
        format="onix",
        release=source.dialect.removeprefix("onix_")[:3],
        tags="short" if source.dialect.endswith("short") else "reference",
        sent_at=sent,
        message_number=str(day + 1),
        scope="delta",
        ordering_key=f"{sent:%Y-%m-%dT%H:%M:%SZ}|{day + 1:0>12}|001",
        received=len(numbers),
        unreadable=0,
        not_audio=out_of_scope,
        test=0,
    )
    judged = JudgedMessage(message=claim, findings=sum(map(len, beside["findings"])), blocked=blocked)
    return GatedMessage(judged=judged, held=False)


def _receipt(source: Source, name: str, *, day: int, message_id: str, path: Path, size: int) -> Receipt:
    return Receipt(
        supplier=source.supplier,
        feed=feed_of(source).name,
        feed_day=date.fromordinal(EPOCH.toordinal() + day),
        name=name,
        message_id=message_id,
        path=path.as_posix(),
        size=size,
    )


def _steps(count: int, step: int) -> Iterator[tuple[int, int]]:
    return ((first, min(first + step, count)) for first in range(0, count, step))


def _set(table: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, column in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), column)
    return table
