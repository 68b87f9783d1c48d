"""Homes with a catalogue of so many titles, made once and kept under ``build/bench-homes``."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Final

import numpy as np

from bindery.claims import GatedMessage
from bindery.home import PROJECT, Home
from tests.bench.suppliers import CHANGING, KINDS, SOURCES, Base, base_of, written

HOMES: Final = PROJECT / "build" / "bench-homes"

GENERATION: Final = 1
"""Counted up when other records are to be made."""

MESSAGE_RECORDS: Final = 50_000

FIXED: Final = 1_000
"""Records of a delta whose cost may not grow with the catalogue."""

FIGURES: Final = "load.json"
"""What a full load cost, in the home it made; written last."""

DELTAS: Final = 5
"""Different deltas of that size; the first warms up. Together they take most titles of the smallest catalogue."""

SMALLEST: Final = 10_000

_MIX: Final = {"price": 30, "block": 10, "rights": 15, "title": 15, "withdrawn": 3, "deleted": 1}
"""What a delta's records are, in hundredths. Of the rest two are new titles, the others are sent again unchanged."""
_NEW: Final = 2

_ROOMS: Final = ("catalogue", "steps", "warehouse")


def messages_of(titles: int) -> list[GatedMessage]:
    """The messages of a whole catalogue, staged by nobody yet, in the folder of ``untouched``."""
    home, kept = untouched(titles), untouched(titles).root / "messages.json"
    if not kept.is_file():
        shutil.rmtree(home.root, ignore_errors=True)
        claims = [claim.model_dump(mode="json") for claim in _written(titles, home)]
        kept.with_suffix(".part").write_text(json.dumps(claims), "utf-8")
        kept.with_suffix(".part").replace(kept)
    return [GatedMessage.model_validate(claim) for claim in json.loads(kept.read_text("utf-8"))]


def untouched(titles: int) -> Home:
    """Holds the messages' work folders and no warehouse."""
    return Home(HOMES / f"{titles}-{GENERATION}")


def loaded(titles: int) -> Home:
    """Holds the whole catalogue, merged by this code; where it isn't there, the full load makes it."""
    return Home(HOMES / f"{titles}-{GENERATION}-{_code()}")


def of_any_code(titles: int) -> Home | None:
    """The catalogue merged last, whatever the code was then; None where there is none."""
    folders = [file.parent for file in HOMES.glob(f"{titles}-{GENERATION}-*/{FIGURES}")]
    return Home(max(folders, key=lambda folder: folder.stat().st_mtime)) if folders else None


def forget_other_code(titles: int) -> None:
    """Takes away catalogues that other code merged."""
    for folder in HOMES.glob(f"{titles}-*-*"):
        if folder != loaded(titles).root:
            shutil.rmtree(folder)


def copy_of(source: Home, target: Home) -> None:
    """A home to change, with a warehouse and what is known of records; sharing the disk where the file system can."""
    shutil.rmtree(target.root, ignore_errors=True)
    target.warehouse.parent.mkdir(parents=True)
    known = source.known("any").parent
    for file, folder in ((source.warehouse, target.warehouse.parent), (known, target.root)):
        subprocess.run(["cp", "-r", "--reflink=auto", file, folder], check=True)  # noqa: S607 - ours


def delta(titles: int, number: int, records: int, *, home: Home) -> GatedMessage:
    """A message of changes scattered over a catalogue, of titles that no delta of another number is about.

    Args:
        titles: Of the catalogue.
        number: Its day, from 1; in order of being sent.
        records: How many.
        home: Where its work folder goes.
    """
    known = _titles(titles, CHANGING)
    order = np.random.default_rng(GENERATION).permutation(known)
    first = (number - 1) * FIXED
    chosen = order[first : first + records]
    new = records * _NEW // 100
    if len(chosen) < records:
        raise ValueError(f"a catalogue of {titles} titles is too small for delta {number} of {records} records")
    shares = np.array([_MIX.get(kind, 0) for kind in KINDS])
    kinds = np.repeat(np.arange(len(KINDS)), shares * records // 100)
    kinds = np.append(kinds, np.zeros(records - len(kinds), np.int64))
    numbers = np.sort(chosen)
    # The last are of no kind but "same", so those that are new are whole.
    kinds = np.random.default_rng(number).permutation(kinds[: records - new])
    numbers = np.append(numbers[: records - new], known + first * _NEW // 100 + np.arange(new))
    kinds = np.append(kinds, np.zeros(new, np.int64))
    name = f"delta_{titles}_{number}_{records}"
    return written(_base(CHANGING), numbers, kinds, home=home, name=name, day=number)


def isbns(titles: int, count: int) -> list[str]:
    """ISBNs scattered over a catalogue, of titles that come from two suppliers."""
    known = _titles(titles, "lindqvist_again")
    numbers = np.linspace(0, known - 1, count).astype(np.int64) * SOURCES["lindqvist_again"].every
    table, verdicts, _ = _base("northwind").table(numbers, np.zeros_like(numbers), 0)
    passed = [verdict == "pass" for verdict in verdicts["verdict"].to_pylist()]
    return [isbn for isbn, is_passed in zip(table["isbn13"].to_pylist(), passed, strict=True) if is_passed]


def _written(titles: int, home: Home) -> Iterator[GatedMessage]:
    for source in SOURCES.values():
        numbers = np.arange(_titles(titles, source.name)) * source.every
        for place, first in enumerate(range(0, len(numbers), MESSAGE_RECORDS)):
            part = numbers[first : first + MESSAGE_RECORDS]
            name = f"full_{titles}_{source.name}_{place}"
            yield written(_base(source.name), part, np.zeros_like(part), home=home, name=name, day=0)


def _titles(titles: int, source: str) -> int:
    return titles * SOURCES[source].share // 100


_bases: Final = dict[str, Base]()


def _base(source: str) -> Base:
    if source not in _bases:
        _bases[source] = base_of(SOURCES[source], HOMES / f"base-{GENERATION}")
    return _bases[source]


def _code() -> str:
    """Of everything that a merged catalogue depends on but its messages."""
    digest = hashlib.sha256()
    files = [file for room in _ROOMS for file in (PROJECT / "plugins" / "bindery" / room).rglob("*.py")]
    files += (PROJECT / "include" / "sql").rglob("*.sql")
    files += (PROJECT / "include").glob("*.yaml")
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
