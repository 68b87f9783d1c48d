"""Offers decided by pattern are the offers decided title by title."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bindery.catalogue.keys import version_key
from bindery.catalogue.offering.decided import decided
from bindery.catalogue.offering.known import Known, KnownVoice, Spoken
from bindery.catalogue.offering.patterns import Patterns
from bindery.home import Home
from bindery.rights.title import Title, Voice
from bindery.warehouse import duckdb
from tests.rights.random_titles import Chance
from tests.rights.titles import Said, dated, title
from tests.trade.builders import market, price, publishing, right, supply, territory

_BLOCKS = ("descriptive", "collateral", "content", "publishing", "related", "production", "supply")


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBWarehouse]:
    opened = duckdb.in_memory(Home(tmp_path))
    yield opened
    opened.close()


class Shelf:
    """Puts titles into a warehouse as versions and stated terms, and says what is known of them."""

    def __init__(self, warehouse: duckdb.DuckDBWarehouse) -> None:
        self._warehouse = warehouse
        self._stated: dict[str, str] = {}
        self._rows: dict[str, dict[str, Any]] = {}

    def known(self, isbn13: str, of: Title) -> Known:
        self._stated |= of.stated
        voices = [self._voice(f"{isbn13}-{place}", voice) for place, voice in enumerate(of.voices)]
        merged: list[KnownVoice] = []
        for voice, said in zip(of.voices, voices, strict=True):
            if not voice.is_rejected:
                merged.append(said)
                continue
            first = next(one for one in merged if one["supplier"] == said["supplier"])
            version = said["publishing_version"] or said["supply_version"]
            if said["publishing_version"]:
                first["rejected_publishing"].append(f"{version} m")
            if said["supply_version"]:
                first["rejected_supply"].append(f"{version} m")
        winner = None if of.supplied_by is None else voices[of.supplied_by]
        return Known(
            isbn13=isbn13,
            state=of.state,
            reason=of.reason,
            publishing_version=next((one["publishing_version"] for one in merged if one["publishing_version"]), None),
            supply_version=winner and winner["supply_version"],
            supply_supplier=winner and winner["supplier"],
            supply_record=winner and winner["record_reference"],
            voices=merged,
            limits=[],
        )

    def _voice(self, name: str, voice: Voice) -> KnownVoice:
        publishing = None if voice.publishing is None else json.dumps(voice.publishing)
        supplied = None if voice.supply is None else json.dumps(voice.supply)
        self._rows[name] = {"publishing_terms": publishing, "supply_terms": supplied}
        return KnownVoice(
            supplier=voice.supplier,
            record_reference=voice.record_reference,
            message_id="m",
            ordering_key=voice.said_at,
            state=voice.state,
            withdrawal=voice.withdrawal,
            publishing_version=None if publishing is None else name,
            supply_version=None if supplied is None else name,
            rejected_publishing=[],
            rejected_supply=[],
        )

    def load(self) -> Spoken:
        rows = [
            {
                "version_key": version_key(name),
                "content_hash": name,
                **{f"has_{block}": False for block in _BLOCKS},
                "sale_territory_set_id": "",
                "subscription_territory_set_id": "",
                **texts,
            }
            for name, texts in self._rows.items()
        ]
        self._warehouse.load("version_blocks", pa.Table.from_pylist(rows))
        stated = [{"stated_id": name, "statement": text} for name, text in self._stated.items()]
        self._warehouse.load("stated_terms", pa.Table.from_pylist(stated))
        return Spoken(self._warehouse)


def _same(warehouse: duckdb.DuckDBWarehouse, titles: list[Title]) -> int:
    """Compares, and says how many titles were decided by another one's pattern."""
    shelf = Shelf(warehouse)
    known = [shelf.known(f"{9780000000000 + place}", one) for place, one in enumerate(titles)]
    spoken = shelf.load()
    patterns = Patterns(spoken)
    read = spoken.titles(known)
    for one, offers in zip(read, patterns.offers(known), strict=True):
        assert offers == decided(one)
    return len(titles) - len(patterns)


def _random(seed: int) -> Title:
    chance = Chance(seed)
    return title(*chance.records())


def test_random_titles(warehouse: duckdb.DuckDBWarehouse) -> None:
    _same(warehouse, [_random(seed) for seed in range(400)])


def test_titles_that_differ_in_dates_and_amounts_share_a_pattern(warehouse: duckdb.DuckDBWarehouse) -> None:
    dice = random.Random(3)  # noqa: S311 - no secret

    def day() -> str:
        return f"{dice.randint(2024, 2027)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"

    def one() -> Title:
        prices = (
            price(f"{dice.randint(5, 40)}.99", "GBP", territory=territory("GB"), dates=[dated("14", day())]),
            price(f"{dice.randint(5, 40)}.49", "EUR", territory=territory("DE FR IE"), dates=[dated("15", day())]),
            price(f"{dice.randint(5, 40)}.95", "USD", territory=territory("US AU")),
        )
        said = publishing(
            right("02", reg="WORLD", exc="US"), row="03", dates=[dated("01", day()), dated("31", day())], status="04"
        )
        return title(Said(said, [market(supply("20", *prices))]))

    shared = _same(warehouse, [one() for _ in range(300)])
    assert shared > 150


@pytest.mark.parametrize(
    "dates",
    [
        # Until a day and from the next: one edge.
        [("15", "20260630"), ("14", "20260701")],
        # A day apart: the order may differ from country to country.
        [("15", "20260701"), ("14", "20260701")],
        [("14", "202607")],
        [("14", "20260701T1000Z")],
        [("15", "99991231")],
        [("14", "19000101")],
    ],
)
def test_what_depends_on_more_than_the_order_of_dates(
    warehouse: duckdb.DuckDBWarehouse, dates: list[tuple[str, str]]
) -> None:
    prices = [price(f"{place + 1}.50", "USD", dates=[dated(*said)]) for place, said in enumerate(dates)]
    said = publishing(right("01", reg="WORLD"), dates=[dated("13", "20260702"), dated("01", "19000101")])
    _same(warehouse, [title(Said(said, [market(supply("20", *prices))]))])
