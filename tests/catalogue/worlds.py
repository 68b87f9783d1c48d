"""Many random histories at once, each with suppliers and titles of its own, in one warehouse.

What one history is made of can't touch another, so each still has a catalogue of its own to be compared; but the merge,
whose cost is in its statements, runs for all of them together.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bindery.catalogue import staging
from bindery.catalogue.keeping import keep_versions
from bindery.catalogue.record import BLOCKS
from bindery.feeds.declaration import Absence
from bindery.home import Home
from bindery.warehouse import duckdb
from tests.catalogue import model
from tests.catalogue.feeding import DAY, Message, Sent, gated, message
from tests.simulator.titles import isbn13

SUPPLIERS = {"alpha": 20, "beta": 10, "gamma": 10}
COUNTRIES = ("GB", "IE", "US")
DECIDED = {"for_sale": "no", "sale_countries": "GB", "title": "What a person says", "subtitle": None}
PATCHED = frozenset({"title", "subtitle"})
"""Fields that make another version of a block."""


@dataclass(frozen=True)
class Decision:
    """An override, and whether it was released in the end."""

    isbn13: str
    field: str
    value: str | None
    released: bool


@dataclass(frozen=True)
class World:
    """One history.

    Attributes:
        messages: Everything ever sent.
        undone: Ids of those that were taken out in the end.
        absence: What each feed declares of absence.
        precedence: Rank of each supplier.
        decisions: What people decided of its titles.
    """

    messages: tuple[Message, ...]
    undone: frozenset[str]
    absence: Mapping[str, Absence]
    precedence: Mapping[str, int]
    decisions: tuple[Decision, ...] = ()

    def watched(self) -> model.Watched:
        return {feed: (absence.policy, absence.after) for feed, absence in self.absence.items()}


def world(number: int, *, seed: int = 1) -> World:
    """The history of a number: the same for the same seed."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311 - test data
    precedence = {f"{name}_{number}": rank for name, rank in SUPPLIERS.items()}
    isbns = [isbn13(f"978{seed:02d}{number:05d}{last:02d}") for last in range(3)]
    feeds = {f"{name}{kind}": name for name in precedence for kind in ("_daily", "_other")}
    absence = {
        feed: Absence(policy=dice.choice(("ignore", "flag", "withdraw")), after=dice.randint(1, 2)) for feed in feeds
    }
    messages: dict[str, Message] = {}
    for _ in range(dice.randint(2, 9)):
        feed = dice.choice(sorted(feeds))
        records = tuple(_record(dice, isbns) for _ in range(dice.randint(1, 3)))
        scope = dice.choice(("delta", "delta", "full"))
        sent = message(feeds[feed], dice.choice("12345"), *records, held=dice.random() < 0.1, feed=feed, scope=scope)
        messages[sent.message_id] = sent
    undone = frozenset(one.message_id for one in messages.values() if not one.held and dice.random() < 0.15)
    fields = dice.sample(sorted(DECIDED), dice.choice((0, 0, 1, 2)))
    decisions = tuple(Decision(isbns[0], name, DECIDED[name], dice.random() < 0.3) for name in fields)
    return World(tuple(messages.values()), undone, absence, precedence, decisions)


def _record(dice: random.Random, isbns: list[str]) -> Sent:
    kind = dice.choice(("full", "full", "full", "block", "delete"))
    blocks: dict[str, str | None] = {}
    if kind == "full":
        left_out = dice.sample(BLOCKS, dice.randint(0, 2))
        text = dice.choice("ab")
        blocks = {block: text for block in BLOCKS if block not in left_out}
    elif kind == "block":
        blocks = {block: dice.choice((None, "a", "b")) for block in dice.sample(BLOCKS, dice.randint(1, 3))}
    states_publishing = blocks.get("publishing") is not None
    allowed = [tuple(sorted(dice.sample(COUNTRIES, dice.randint(0, 3)))) for _ in range(2)]
    return Sent(
        reference=dice.choice(("r1", "r2")),
        kind=kind,
        isbn13=dice.choice((isbns[0], isbns[0], isbns[1], None)),
        blocks=tuple(blocks.items()),
        publishing_withdrawal=dice.choice((None, None, "publishing_status:11")) if states_publishing else None,
        supply_withdrawal=dice.choice((None, None, "availability:46")) if blocks.get("supply") is not None else None,
        sale=allowed[0] if states_publishing else (),
        subscription=allowed[1] if states_publishing else (),
        verdict=dice.choice(("pass", "pass", "pass", "pass", "quarantine", "out_of_scope")),
        form=dice.choice(("AJ", "AJ", "AC")),
    )


@dataclass
class Stage:
    """Stages many messages at once: the rows of ``steps.stage``, without opening the warehouse for each."""

    home: Home
    _rows: dict[str, tuple[pa.Table, pa.Table]] = field(default_factory=dict)

    def take(self, warehouse: duckdb.DuckDBWarehouse, batch: Iterable[Message], there: set[str]) -> None:
        """Loads those of a batch that are not there yet, and notes them."""
        fresh = [one for one in {sent.message_id: sent for sent in batch}.values() if one.message_id not in there]
        there |= {one.message_id for one in fresh}
        if not fresh:
            return
        made = [self._of(one) for one in fresh]
        warehouse.load("messages", pa.Table.from_pylist([_message_row(one) for one in fresh]))
        warehouse.load("received_records", pa.concat_tables(received for received, _ in made))
        versions = pa.concat_tables(records for _, records in made)
        wanted = set(versions["content_hash"].to_pylist()) - there
        there |= wanted
        keep_versions(warehouse, staging.versions_among([versions], wanted))

    def _of(self, sent: Message) -> tuple[pa.Table, pa.Table]:
        if sent.message_id not in self._rows:
            gated(sent, self.home)
            work: Path = self.home.work(sent.supplier, sent.message_id)
            received = staging.received_rows(
                work,
                supplier=sent.supplier,
                message_id=sent.message_id,
                ordering_key=sent.key,
                received=len(sent.records),
                held=sent.held,
            )
            self._rows[sent.message_id] = (received, pq.read_table(work / "records.parquet"))
        return self._rows[sent.message_id]


def declare(warehouse: duckdb.DuckDBWarehouse, worlds: Iterable[World]) -> None:
    """What feeds and suppliers declare."""
    feeds, suppliers = [], []
    for one in worlds:
        suppliers += [{"supplier": name, "precedence": rank} for name, rank in one.precedence.items()]
        feeds += [
            {
                "feed": feed,
                "supplier": feed.rpartition("_")[0],
                "absence": absence.policy,
                "absent_after": absence.after,
            }
            for feed, absence in one.absence.items()
        ]
    warehouse.load("suppliers", pa.Table.from_pylist(suppliers))
    warehouse.load("feeds", pa.Table.from_pylist(feeds))


def _message_row(sent: Message) -> dict[str, Any]:
    return {
        "supplier": sent.supplier,
        "message_id": sent.message_id,
        "feed": sent.of_feed,
        "feed_day": DAY,
        "name": sent.name,
        "scope": sent.scope,
        "ordering_key": sent.key,
        "received": len(sent.records),
        "state": "held" if sent.held else "staged",
    }


def expected(one: World, *, undone: Iterable[str] | None = None) -> dict[str, dict[Any, dict[str, Any]]]:
    """The catalogue of a history by the model: rows of ``records``, ``editions`` and ``offers`` by their keys."""
    folded = model.records(one.messages, one.watched(), frozenset(one.undone if undone is None else undone))
    titles = model.editions(folded, one.precedence)
    contents = {record.content_hash: record for sent in one.messages for record in sent.records}
    offered = model.offers(folded, titles, contents)
    offers = {
        name: dict(zip(("state", "reason", "territory_set_id"), offer, strict=True)) for name, offer in offered.items()
    }
    for decision in one.decisions:
        if not decision.released and decision.isbn13 in titles:
            _decide(decision, titles[decision.isbn13], offers)
    return {"records": folded, "editions": titles, "offers": offers}


def _decide(decision: Decision, title: dict[str, Any], offers: dict[tuple[str, str], dict[str, Any]]) -> None:
    """What a decision in force makes of a title and its offers, other than the text of the version it makes."""
    if decision.field == "for_sale" and title["state"] == "live":
        title |= {"state": "withdrawn", "reason": OVERRIDDEN}
        for model_ in ("sale", "subscription", "credit", "library"):
            offers[decision.isbn13, model_] = {**NOWHERE, "reason": "withdrawn"}
    for model_ in ("sale", "credit", "library"):
        offer = offers[decision.isbn13, model_]
        if decision.field == "sale_countries" and offer["state"] == "offered":
            allowed = offer["territory_set_id"] in {staging.territory_set_id(s) for s in SETS if "GB" in s}
            offer |= {"territory_set_id": staging.territory_set_id(["GB"])} if allowed else NOWHERE
    if decision.field in PATCHED:
        title.pop("descriptive_version", None)


SETS = [countries for size in range(len(COUNTRIES) + 1) for countries in itertools.combinations(COUNTRIES, size)]
OVERRIDDEN = "override"
NOWHERE = {
    "state": "not_offered",
    "reason": "no_country_allowed",
    "territory_set_id": staging.territory_set_id([]),
}


KEYS = {
    "records": ("supplier", "record_reference"),
    "editions": ("isbn13",),
    "offers": ("isbn13", "model"),
}


def found(warehouse: duckdb.DuckDBWarehouse, table: str) -> dict[Any, dict[str, Any]]:
    """A table's rows by their keys."""
    keys = KEYS[table]
    rows = warehouse.read(table).to_pylist()
    by_key = {tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]: row for row in rows}
    assert len(by_key) == len(rows), f"{table} has two rows of one key"
    return by_key


def compare(warehouse: duckdb.DuckDBWarehouse, worlds: Iterable[World], *, undone: bool = True) -> None:
    """Each history's rows are those of the model, and there are no others."""
    wanted: dict[str, dict[Any, dict[str, Any]]] = {table: {} for table in KEYS}
    for one in worlds:
        for table, rows in expected(one, undone=None if undone else ()).items():
            wanted[table] |= rows
    for table, rows in wanted.items():
        there = found(warehouse, table)
        assert there.keys() == rows.keys(), table
        for key, row in rows.items():
            assert {name: _said(there[key], name) for name in row} == row, (table, key)


def _said(row: Mapping[str, Any], name: str) -> Any:
    """A value; of a person's reason only that it is one, because decisions are numbered as they come."""
    value = row[name]
    return OVERRIDDEN if name == "reason" and str(value).startswith("override:") else value


def told(warehouse: duckdb.DuckDBWarehouse, worlds: Iterable[World]) -> None:
    """Versions that people's words made say them, and the others don't."""
    editions = found(warehouse, "editions")
    versions = {row["content_hash"]: row for row in warehouse.read("record_versions").to_pylist()}
    for one in worlds:
        for decision in one.decisions:
            edition = editions.get(decision.isbn13)
            if edition is None or decision.field not in PATCHED or edition["descriptive_version"] is None:
                continue
            value = versions[edition["descriptive_version"]][decision.field]
            assert (value == decision.value) is not decision.released or value is None, decision
