"""A thousand random values: what blame says of each is what the plain model says, and what the archived bytes say."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bindery.catalogue.blaming.entries import Blame, Entry
from bindery.catalogue.record import BLOCKS
from bindery.catalogue.shown import FACTS, text_of
from bindery.home import Home
from bindery.steps.blame import blame_in
from bindery.steps.undo import undo
from bindery.warehouse import open_snapshot
from tests.catalogue import model
from tests.catalogue.feeding import Message, Sent
from tests.simulator.messages import Entry as Written
from tests.simulator.titles import Title
from tests.steps.real_road import feed_of, judged_here, onix, published, received, repriced, titles
from tests.steps.test_blame_bytes import read_again

pytestmark = pytest.mark.slow

VALUES = 1_000
PRECEDENCE = {"northwind": 10, "lindqvist": 20}
FEEDS = {name: feed_of(name, precedence=rank) for name, rank in PRECEDENCE.items()}
OURS, THEIRS, DAYS = 60, 30, 4


@dataclass
class Told:
    """What was received, as the model takes it, and what each of its contents says.

    Attributes:
        facts: Rows of ``records.parquet`` by the model's content hash.
        places: Where a record said a content: message and byte range, by supplier, record and content.
    """

    messages: list[Message] = field(default_factory=list)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[tuple[str, str, str], set[tuple[str, int, int]]] = field(default_factory=dict)

    def saying(self, record: tuple[str, str], name: str, value: str) -> set[tuple[str, int, int]]:
        """Where a record said a value."""
        contents = {content for *named, content in self.places if tuple(named) == record}
        return set().union(
            *(self.places[(*record, one)] for one in contents if text_of(self.facts[one][name]) == value)
        )


CHANGES: tuple[Callable[[random.Random, Title], Title | Written], ...] = (
    lambda dice, title: replace(title, title=f"{title.title} {dice.randrange(9)}"),
    lambda dice, title: replace(title, description=f"<p>Told anew, the {dice.randrange(99)}th time.</p>"),
    lambda dice, title: repriced(title, f"{dice.randrange(2, 30)}.50"),
    lambda dice, title: Written(repriced(title, f"{dice.randrange(2, 30)}.25"), "04", ("supply",)),
    lambda dice, title: Written(replace(title, subtitle=f"Part {dice.randrange(9)}"), "04", ("descriptive",)),
    lambda _dice, title: replace(title, status="11", availability="46"),
    lambda _dice, title: Written(title, "05"),
)
"""A title as it is sent on another day."""


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, frozenset[str]]:
    """Two suppliers over some days, and a message that was taken out in the end."""
    home, dice = Home(tmp_path_factory.mktemp("home")), random.Random(4)  # noqa: S311 - test data
    ours = titles(OURS)
    theirs = [replace(one, reference=f"L-{one.reference}", subtitle="As they say") for one in ours[-THEIRS:]]
    sent = []
    with judged_here():
        for day in range(DAYS):
            for name, stock, dialect in (("northwind", ours, "onix_3.0"), ("lindqvist", theirs, "onix_3.1_short")):
                chosen = (
                    stock
                    if day == 0
                    else [dice.choice(CHANGES)(dice, one) for one in dice.sample(stock, len(stock) // 2)]
                )
                made = onix(chosen, dialect=dialect, day=day, sender=name)
                sent.append(received(home, FEEDS[name], day, f"{name}.xml", made))
            published(home, day)
        wrong = sent[-4]
        undo(wrong.supplier, wrong.message_id, owner="ada", reason="the wrong file", home=home)
        published(home, DAYS)
    return home, frozenset({wrong.message_id})


def told_in(home: Home) -> Told:
    """Everything that was read, from the work folders."""
    told = Told()
    with open_snapshot(home) as warehouse:
        keys = {row["message_id"]: row["ordering_key"] for row in warehouse.read("messages").to_pylist()}  # type: ignore[attr-defined] # a test may read whole tables
    folders = sorted((home.root / "work").glob("*/*/records.parquet"))
    rows = [(path.parts[-3], path.parts[-2], pq.read_table(path).to_pylist()) for path in folders]
    whole = {one["content_hash"]: one for _, _, records in rows for one in records if not one["is_known"]}
    for supplier, message_id, records in rows:
        sent = []
        for one in records:
            content = whole[one["content_hash"]]
            made = _sent(content)
            sent.append(made)
            told.facts[made.content_hash] = content
            source = one["source"]
            place = (message_id, source["byte_start"], source["byte_end"])
            told.places.setdefault((supplier, one["record_reference"], made.content_hash), set()).add(place)
        told.messages.append(Named(supplier, keys[message_id], tuple(sent), name=message_id))
    return told


class Named(Message):
    """A message known by the id that it was received under."""

    @property
    def message_id(self) -> str:
        return self.name


def _sent(row: dict[str, Any]) -> Sent:
    touches = BLOCKS if row["kind"] == "full" else [block for block in BLOCKS if block in row["touches"]]
    return Sent(
        reference=row["record_reference"],
        kind=row["kind"],
        isbn13=row["isbn13"],
        blocks=tuple((block, row["content_hash"] if row[block] not in (None, []) else None) for block in touches),
        publishing_withdrawal=row["publishing_withdrawal"],
        supply_withdrawal=row["supply_withdrawal"],
        sale=tuple(row["sale_countries"]),
        subscription=tuple(row["subscription_countries"]),
        verdict="pass",
    )


def current(found: Blame, name: str) -> Entry | None:
    """The value of now."""
    entries = found["fields"].get(name, [])
    return entries[0] if entries and entries[0]["until"] is None else None


def test_a_thousand_values_are_the_models_and_the_bytes(road: tuple[Home, frozenset[str]], tmp_path: Path) -> None:
    home, undone = road
    told = told_in(home)
    editions = model.editions(model.records(told.messages, undone=undone), PRECEDENCE)
    asked = [(isbn13, block, name) for isbn13 in editions for block, names in FACTS.items() for name in names]
    dice = random.Random(5)  # noqa: S311 - test data
    again: dict[tuple[str, int], dict[str, Any]] = {}
    valued = 0
    with open_snapshot(home) as warehouse:
        blamed = {isbn13: blame_in(warehouse, isbn13) for isbn13 in editions}
    for isbn13, block, name in dice.sample(asked, VALUES):
        found, title = blamed[isbn13], editions[isbn13]
        assert found is not None
        version, entry = title[f"{block}_version"], current(found, name)
        value = text_of(told.facts[version][name]) if version else None
        assert (text_of(entry["value"]) if entry else None) == value, (isbn13, name)
        if entry is None or value is None:
            continue
        valued += 1
        said_by = (title[f"{block}_supplier"], title[f"{block}_record"])
        assert (entry["supplier"], entry["record_reference"]) == said_by
        (source,) = entry["sources"]
        place = (source["message_id"], source["byte_start"], source["byte_end"])
        # A record that says more later says the old of it again: its first message is to blame for the value.
        assert place in told.saying(said_by, name, value)
        assert source["message_id"] not in undone
        if place[:2] not in again:
            again[place[:2]] = read_again(home, source, tmp_path)
        assert text_of(again[place[:2]][name]) == value
    assert valued > VALUES // 2
