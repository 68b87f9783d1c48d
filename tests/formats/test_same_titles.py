"""The same titles, written by hand in every format, are the same titles (FEATURES P6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bindery.catalogue.record import Record
from bindery.formats.json_message import read_json
from bindery.formats.mapping import load_json_mapping
from bindery.onix.read import read_onix
from bindery.reading import Message
from bindery.steps.read import open_message
from tests.catalogue.one_record import facts_of
from tests.formats.sheets import record

TITLES = Path(__file__).parent / "titles"

TOLD = (
    "isbn13", "is_audio", "product_form", "title", "subtitle", "authors", "language", "duration_seconds", "abridged",
    "series", "main_subject", "description", "cover_link", "publisher", "imprint", "publication_date",
)  # fmt: skip
"""What every format can say."""

NARRATED = ("narrators", "narration_type")
"""What OPDS and Readium can say of persons, but not of a synthesised voice: they have no word for one."""

TERMS = (
    "publishing_status", "availability", "publishing_withdrawal", "supply_withdrawal", "rights_status",
    "sale_countries", "subscription_countries", "embargoed_until", "price_count", "price_amount", "price_currency",
    "price_problem", "primary_content_type", "isbn_problem",
)  # fmt: skip
"""What a sheet and JSON of one's own can say, and an OPDS feed or a manifest can't."""


@contextmanager
def _opened(name: str) -> Iterator[Message]:
    path = TITLES / name
    if name == "onix.xml":
        with read_onix(path) as onix:
            yield onix
    elif name == "objects.json":
        with read_json(path, load_json_mapping("titles", TITLES)) as objects:
            yield objects
    else:
        sheet = name.endswith(".csv")
        mapping = "house_sheet" if sheet else None
        with open_message(path, message_format="spreadsheet" if sheet else "json", mapping=mapping) as message:
            yield message


def _records(*names: str) -> list[Record]:
    found: list[Record] = []
    for name in names:
        with _opened(name) as message:
            found += [record(parsed) for parsed in message.records()]
    return found


def _facts(*names: str) -> list[dict[str, Any]]:
    return [dict(facts_of(one)) for one in _records(*names)]


@pytest.mark.slow
def test_onix_says_what_it_was_written_to_say() -> None:
    first, second = _facts("onix.xml")
    assert (first["title"], first["narrators"], first["duration_seconds"]) == ("Fyrtårnet", ["Jan van der Meer"], 41400)
    assert (first["price_amount"], first["sale_countries"]) == (Decimal("19.95"), ["DK", "NO", "SE"])
    assert (second["narration_type"], second["publication_date"]) == ("ai_voice", date(2024, 12, 31))
    assert {"US", "CA"}.isdisjoint(second["sale_countries"])
    assert (second["publishing_status"], second["availability"]) == ("11", "46")


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (["sheet.csv"], TOLD + NARRATED + TERMS),
        (["objects.json"], TOLD + NARRATED + TERMS),
        (["opds.json"], TOLD),
        (["readium_1.json", "readium_2.json"], TOLD),
    ],
    ids=["sheet", "json", "opds", "readium"],
)
@pytest.mark.parametrize("number", [0, 1])
def test_every_format_says_the_same(names: list[str], fields: tuple[str, ...], number: int) -> None:
    wanted, found = _facts("onix.xml")[number], _facts(*names)[number]
    assert {name: found[name] for name in fields} == {name: wanted[name] for name in fields}


@pytest.mark.parametrize("names", [["opds.json"], ["readium_1.json", "readium_2.json"]], ids=["opds", "readium"])
def test_persons_who_read_are_the_same(names: list[str]) -> None:
    wanted, found = _facts("onix.xml")[0], _facts(*names)[0]
    assert {name: found[name] for name in NARRATED} == {name: wanted[name] for name in NARRATED}


@pytest.mark.parametrize("name", ["objects.json", "readium_1.json"])
def test_chapters_are_the_same(name: str) -> None:
    chapters = []
    for one in (_records("onix.xml")[0], _records(name)[0]):
        assert one["content"] is not None
        chapters.append(
            [
                (chapter["title"], chapter["start_seconds"], chapter["end_seconds"], chapter["duration_seconds"])
                for chapter in one["content"]["chapters"]
            ]
        )
    assert chapters[0] == chapters[1] == [("Øst", 0, 19800, 19800), ("Vest", 19800, 41400, 21600)]


@pytest.mark.parametrize("name", ["sheet.csv", "objects.json", "opds.json", "readium_1.json"])
def test_the_number_in_the_series_and_the_reference_are_the_same(name: str) -> None:
    for one in (_records("onix.xml")[0], _records(name)[0]):
        assert one["record_reference"] == "urn:isbn:9783161484100"
        assert one["descriptive"] is not None
        assert [(part["title"], part["part_number"]) for part in one["descriptive"]["collections"]] == [("Kysten", "3")]
