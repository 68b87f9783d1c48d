"""However a message is damaged, it is refused or read; and a record's damage costs its neighbours nothing (law P4)."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bindery.cli.document import document_of
from bindery.cli.document_model import ReadDocument
from bindery.errors import RefusedError
from bindery.steps.read import open_message
from tests.corpus import CORPUS, needs_corpus
from tests.onix import damage
from tests.onix.simulated import KINDS, simulated

FAST, ALL = 16, 167
"""Damages of each kind, of six releases and tag styles: 96 every time, 1,002 with the slow tests."""

_RECORD_TAG = re.compile(rb"<(/?)(?:[^\s<>/:]+:)?[Pp]roduct(?=[\s/>])")
_JUNK = (
    *(b"loose words", b"<!-- a comment -->", b"</Product>", b"</product>", b"<Series><x/></Series>", b"&amp;", b"\0"),
    *(b"<!-- never closed", b"<![CDATA[ never closed", b"<?never closed", b"<a b='", b"\xff\xfe", b"-->", b"<", b">>"),
    *(b"<Product>", b"<product>", b"<Product a='", b"<RecordReference>x</RecordReference>", b"<Header>", b"</Header>"),
    *(b"<![CDATA[<Product></Product>]]>", b"<!-- <Product></Product> -->", b"<Product/>", b"<x:Product></x:Product>"),
)


@dataclass(frozen=True)
class Whole:
    """A message as it was: its bytes, where its records are, and what each of them says."""

    data: bytes
    places: list[tuple[int, int]]
    said: list[str]


def _document(path: Path, data: bytes) -> ReadDocument:
    path.write_bytes(data)
    with open_message(path, message_format="onix", mapping=None) as message:
        document = document_of(path, message, records=True, everything=True)
    assert document.counts.received == document.counts.read + document.counts.unreadable
    assert document.records is not None
    assert len(document.records) == document.counts.read
    blocked = [one for one in document.findings if one.severity == "block" and one.text.startswith("The record can't")]
    assert len(blocked) == document.counts.unreadable, "each that can't be read says why"
    assert all(one.rule and one.fix and one.line and one.byte_start is not None for one in blocked)
    return document


def _said(document: ReadDocument, data: bytes) -> list[str]:
    """Each record that was read: its bytes, and what it says wherever it stands."""
    said = []
    for one in document.records or []:
        bare: dict[str, Any] = one.model_dump(mode="json", by_alias=True, exclude={"source", "position"})
        said.append(json.dumps(bare) + data[one.source["byte_start"] : one.source["byte_end"]].decode("latin-1"))
    return said


@cache
def _whole(release: str, style: str, titles: int, folder: Path) -> Whole:
    data = simulated(release, style, titles=titles, seed=titles)
    document = _document(folder / "whole.xml", data)
    assert (document.counts.received, document.counts.unreadable) == (titles, 0)
    places = [(one.source["byte_start"], one.source["byte_end"]) for one in document.records or []]
    return Whole(data, places, _said(document, data))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damage")


def _dice(*facts: object) -> random.Random:
    return random.Random(" ".join(map(str, facts)))  # noqa: S311 - a test's dice


def _anywhere(dice: random.Random, whole: Whole, path: Path) -> None:
    data = whole.data
    for _ in range(dice.choice((1, 1, 2, 5))):
        data = dice.choice(damage.WAYS)(dice, data) or b" "
    refused = None
    try:
        _document(path, data)
    except RefusedError as error:
        refused = error
    assert refused is None or (refused.rule in {"F1", "F2", "F3", "F4", "F5"} and refused.what and refused.fix)


def _inside(start: int, end: int) -> slice:
    """A record without its own two tags."""
    return slice(start + len("<Product>"), end - len("</Product>"))


def _in_one_record(dice: random.Random, whole: Whole, path: Path) -> None:
    hit = dice.randrange(len(whole.places))
    inside = _inside(*whole.places[hit])
    changed = dice.choice(damage.WAYS)(dice, whole.data[inside])
    data = whole.data[: inside.start] + changed + whole.data[inside.stop :]
    try:
        document = _document(path, data)
    except RefusedError as error:
        assert b"ONIX" in changed, f"one record had the message refused: {error}"  # noqa: PT017 - both ways are right
        return
    said, after = _said(document, data), len(whole.said) - hit - 1
    assert said[:hit] == whole.said[:hit]
    assert said[len(said) - after :] == whole.said[hit + 1 :]
    of_the_hit = document.counts.received - (len(whole.said) - 1)
    assert 1 <= of_the_hit <= 2 + len(_RECORD_TAG.findall(changed))


def _between_records(dice: random.Random, whole: Whole, path: Path) -> None:
    at = dice.choice(whole.places)[dice.randrange(2)]
    junk = b" ".join(dice.choice(_JUNK) for _ in range(dice.choice((1, 1, 2, 3))))
    data = whole.data[:at] + junk + whole.data[at:]
    document = _document(path, data)
    said = iter(_said(document, data))
    assert all(one in said for one in whole.said), f"a record is lost, or out of order, beside {junk!r}"
    extra = document.counts.received - len(whole.said)
    assert 0 <= extra <= 1 + 2 * len(_RECORD_TAG.findall(junk))


def _two_swap_chunks(dice: random.Random, whole: Whole, path: Path) -> None:
    one, other = sorted(dice.sample(range(len(whole.places)), 2))
    first, second = _inside(*whole.places[one]), _inside(*whole.places[other])
    a, b = dice.randrange(first.start, first.stop), dice.randrange(second.start, second.stop)
    size = dice.choice((1, 40, 400))
    ends = min(a + size, first.stop), min(b + size, second.stop)
    parts = (whole.data[:a], whole.data[b : ends[1]], whole.data[ends[0] : b], whole.data[a : ends[0]])
    data = b"".join((*parts, whole.data[ends[1] :]))
    document = _document(path, data)
    assert document.counts.received == len(whole.said)
    said = iter(_said(document, data))
    kept = [text for place, text in enumerate(whole.said) if place not in {one, other}]
    assert all(text in said for text in kept)


TRIALS = (_anywhere, _in_one_record, _between_records, _two_swap_chunks)


def _try(release: str, style: str, numbers: range, folder: Path) -> None:
    for number in numbers:
        dice = _dice(release, style, number)
        whole = _whole(release, style, dice.choice((5, 6, 9, 20)), folder)
        trial = TRIALS[number % len(TRIALS)]
        try:
            trial(dice, whole, folder / "damaged.xml")
        except Exception as error:
            error.add_note(f"{trial.__name__}, dice {release} {style} {number}")
            raise


@pytest.mark.parametrize(("release", "style"), KINDS)
def test_damage_is_contained(release: str, style: str, folder: Path) -> None:
    _try(release, style, range(FAST), folder)


@pytest.mark.slow
@pytest.mark.parametrize(("release", "style"), KINDS)
def test_a_thousand_damages_are_contained(release: str, style: str, folder: Path) -> None:
    _try(release, style, range(FAST, ALL), folder)


@needs_corpus
@pytest.mark.parametrize("name", ["Onix3sample_refnames_badchar.xml", "Onix3sample_refnames_badchar_2.xml"])
def test_of_three_real_products_a_control_character_costs_one(name: str, tmp_path: Path) -> None:
    data = (CORPUS / "jaerith+ONIX-Data/OnixData.Standard.BaseTests/Samples" / name).read_bytes()
    document = _document(tmp_path / name, data)
    assert (document.counts.received, document.counts.read, document.counts.unreadable) == (3, 2, 1)
    healthy = data.translate(bytes.maketrans(b"\x10\x17", b"  "))
    healed = _document(tmp_path / name, healthy)
    assert healed.counts.read == 3
    survivors = iter(_said(healed, healthy))
    assert all(one in survivors for one in _said(document, data))
