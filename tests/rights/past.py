"""A real catalogue that titles with a past went through, and what a plain fold says was known of them by each run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from bindery.catalogue.merging import Run
from bindery.home import Home
from bindery.steps import merge
from bindery.steps.undo import redo, undo
from bindery.trade.models import Model
from bindery.warehouse import duckdb
from tests.catalogue import model as fold
from tests.catalogue.feeding import Message, one_warehouse
from tests.rights.histories import PRECEDENCE, RUNS, Histories, StageStated, merged_at
from tests.rights.reference import Question
from tests.rights.titles import Said


@dataclass(frozen=True)
class Known(Question):
    """A question of records of which the catalogue chose whose supply counts."""

    winner: Said | None = None

    @property
    def supplied(self) -> Said | None:
        return self.winner


@dataclass
class Past:
    """What plain Python says was known by each run."""

    of: Histories
    _folded: dict[int, tuple[dict[Any, Any], dict[str, Any]]] = field(default_factory=dict)

    def is_heard_of(self, isbn: str, run: int) -> bool:
        """Whether a record ever named the title, by a run."""
        return any(row["isbn13"] == isbn for number in range(run + 1) for row in self._by(number)[0].values())

    def question(self, isbn: str, run: int, country: str, model: Model) -> Known:
        records, titles = self._by(run) if run >= 0 else ({}, {})
        edition = titles.get(isbn, {"state": "none", "reason": None, "supply_version": None})
        said: list[Said] = []
        winner = None
        for name, row in sorted(records.items()):
            if row["isbn13"] == isbn:
                voice = self._said(name, row)
                said += [voice, *self._rejected(name, row)]
                if edition["supply_version"] and name == (edition["supply_supplier"], edition["supply_record"]):
                    winner = voice
        return Known(said, edition["state"], edition["reason"], (), country, model, winner)

    def _by(self, run: int) -> tuple[dict[Any, Any], dict[str, Any]]:
        if run not in self._folded:
            records = fold.records(self.of.by(run), undone=self.of.out(run))
            self._folded[run] = (records, fold.editions(records, PRECEDENCE))
        return self._folded[run]

    def _said(self, name: tuple[str, str], row: Mapping[str, Any]) -> Said:
        publishing, supply = (self.of.contents.get(row[f"{block}_version"]) for block in ("publishing", "supply"))
        return Said(
            publishing=publishing and publishing.publishing,
            supply=supply and supply.supply,
            state=row["state"],
            said_at=row["ordering_key"].partition("|")[0],
            supplier=name[0],
            reference=name[1],
            withdrawal=row["withdrawal"],
        )

    def _rejected(self, name: tuple[str, str], row: Mapping[str, Any]) -> Iterator[Said]:
        publishing, supply = (
            {one.split(" ")[0] for one in row[f"rejected_{block}"]} for block in ("publishing", "supply")
        )
        for version in sorted(publishing | supply):
            content = self.of.contents[version]
            yield Said(
                publishing=content.publishing if version in publishing else None,
                supply=content.supply if version in supply else None,
                state="rejected",
                is_rejected=True,
                supplier=name[0],
                reference=name[1],
            )


class Catalogue:
    """A warehouse that messages go into, merged as of instants that are told."""

    def __init__(self, home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
        self.home, self.warehouse = home, warehouse
        self._stage, self._there = StageStated(home), set[str]()

    def takes(self, messages: Iterable[Message], at: dt.datetime) -> None:
        """Messages come, and a run at an instant merges them."""
        self._stage.take(self.warehouse, messages, self._there)
        run = Run(day=at.date(), at=at, name="test")
        for step in merge.STEPS:
            step(self.home, run)
        merge.verify(self.home)

    def goes_through(self, past: Histories) -> None:
        """All runs of some histories, with what is undone and redone before each."""
        for number in range(RUNS):
            for supplier, message_id in past.undone.get(number, ()):
                undo(supplier, message_id, owner="ann", reason="sent by mistake", home=self.home)
            for supplier, message_id in past.redone.get(number, ()):
                redo(supplier, message_id, home=self.home)
            self.takes(past.arriving[number], merged_at(number))


@contextmanager
def catalogue(home: Home) -> Iterator[Catalogue]:
    """One that knows its suppliers, and no title yet."""
    with one_warehouse(home) as warehouse:
        suppliers = [{"supplier": name, "precedence": rank} for name, rank in PRECEDENCE.items()]
        warehouse.load("suppliers", pa.Table.from_pylist(suppliers))
        feeds = [
            {"feed": f"{name}_daily", "supplier": name, "absence": "ignore", "absent_after": 2} for name in PRECEDENCE
        ]
        warehouse.load("feeds", pa.Table.from_pylist(feeds))
        yield Catalogue(home, warehouse)
