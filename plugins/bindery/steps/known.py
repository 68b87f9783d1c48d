"""What was read and judged before, by the bytes of a record: a re-sent record costs its bytes, not its parse (law 8).

Reading and judging are functions of a record's bytes, of what it inherits from its message, and of our code and rules.
So a record that passed need not be read again while these stay. It is a memory, not a truth: nothing is lost with it.

One file for each message staged; together they hold each record's newest bytes, and some older ones.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bindery.catalogue.record_schema import RECORDS_SCHEMA
from bindery.feeds.declaration import Feed
from bindery.home import PROJECT, Home
from bindery.quality import warm

NARROW: Final = (
    "record_reference",
    "notification_type",
    "kind",
    "isbn13",
    "publishing_withdrawal",
    "supply_withdrawal",
    "touches",
    "content_hash",
)
"""What the steps after reading need of a record that is known."""

KNOWN_SCHEMA: Final = pa.schema([RECORDS_SCHEMA.field(name) for name in ("bytes_hash", *NARROW)])

SEGMENTS: Final = 16
"""Files of a supplier's memory before they are made one."""

BYTES_A_RECORD: Final = 300
"""A message smaller than this a known record is read sooner than the memory is."""

_CONDITIONS: Final = b"bindery.conditions"


@lru_cache(maxsize=1)
def _of_code() -> str:
    """SHA-256 of the code that reads, of code lists and of the libraries that read with it."""
    digest = hashlib.sha256(warm.fingerprint().encode())
    rooms = Path(__file__).resolve().parents[1]
    files = [file for room in ("onix", "trade", "catalogue") for file in (rooms / room).rglob("*.py")]
    files += (PROJECT / "include" / "codelists").glob("*.json")
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    for library in ("lxml", "nh3", "numba", "numpy", "pyarrow"):
        digest.update(f"{library} {version(library)}\0".encode())
    return digest.hexdigest()


def conditions(feed: Feed) -> str:
    """What has to stay the same for a record to be known: our code and rules, and how the feed has them applied."""
    asked = {"format", "mapping", "encoding", "test_records", "codelists", "validation"}
    applied = feed.model_dump(mode="json", include=asked)
    return hashlib.sha256(f"{_of_code()}\0{json.dumps(applied, sort_keys=True)}".encode()).hexdigest()


class Known:
    """Records of one supplier, by the hash of their bytes."""

    def __init__(self, files: list[Path]) -> None:
        """Reads the hashes; the rest is read when a record is met."""
        self._files = files
        tables = [pq.read_table(file, columns=["bytes_hash"], use_threads=False) for file in files]
        self._hashes = pa.concat_tables(tables)["bytes_hash"].combine_chunks()
        self._rows: pa.Table | None = None

    @classmethod
    def load(cls, feed: Feed, *, home: Home, size: int) -> Self | None:
        """What is known of a feed's supplier.

        Args:
            feed: The feed a message came by.
            home: Where the memory is.
            size: The message's bytes.

        Returns:
            None where nothing is known, or reading the message costs less than remembering.
        """
        wanted = conditions(feed).encode()
        files = [
            (file, metadata)
            for file in sorted(home.known(feed.supplier).glob("*.parquet"))
            if (metadata := pq.read_schema(file).metadata or {}).get(_CONDITIONS) == wanted
        ]
        if not files:
            return None
        count = sum(pq.read_metadata(file).num_rows for file, _ in files)
        return cls([file for file, _ in files]) if size >= count * BYTES_A_RECORD else None

    def includes(self, hashes: pa.Array) -> npt.NDArray[np.bool_]:
        """Which of these are known."""
        return np.asarray(pc.is_in(hashes, self._hashes))

    def rows(self, hashes: pa.Array) -> pa.Table:
        """What is known of records, in their order.

        Args:
            hashes: Of their bytes; all of them known.

        Returns:
            Columns ``NARROW``.
        """
        if self._rows is None:
            self._rows = _read(self._files).combine_chunks()
        places = pc.index_in(hashes, self._rows["bytes_hash"].combine_chunks())
        return self._rows.select(NARROW).take(places)


def _read(files: list[Path]) -> pa.Table:
    return pa.concat_tables([pq.read_table(file, schema=KNOWN_SCHEMA, use_threads=False) for file in files])


def remember(work: Path, feed: Feed, message_id: str, *, home: Home) -> None:
    """Remembers the records of a message that was staged: those that passed and were not known before.

    Args:
        work: Its work folder, holding ``records.parquet`` and ``verdicts.parquet``.
        feed: The feed it came by.
        message_id: SHA-256 of its bytes.
        home: Where the memory is.
    """
    records = pq.read_table(work / "records.parquet", columns=["position", "is_known", *KNOWN_SCHEMA.names])
    verdicts = pq.read_table(work / "verdicts.parquet", columns=["position", "verdict"])
    passed = verdicts.filter(pc.equal(verdicts["verdict"], "pass"))["position"]
    new = pc.and_(pc.is_in(records["position"], passed.combine_chunks()), pc.invert(records["is_known"]))
    found = records.filter(new).select(KNOWN_SCHEMA.names)
    if not found.num_rows:
        return
    folder = home.known(feed.supplier)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = conditions(feed)
    _write(found, folder / f"{message_id}.parquet", wanted)
    _tidy(folder, wanted)


def _write(table: pa.Table, path: Path, wanted: str) -> None:
    part = path.with_suffix(".part")
    pq.write_table(table.replace_schema_metadata({_CONDITIONS: wanted.encode()}), part, compression="zstd")
    part.replace(path)


def _tidy(folder: Path, wanted: str) -> None:
    """Makes many files one, each record's newest bytes kept; takes away what other code or rules left."""
    files = sorted(folder.glob("*.parquet"), key=lambda file: file.stat().st_mtime_ns)
    stale = [file for file in files if (pq.read_schema(file).metadata or {}).get(_CONDITIONS) != wanted.encode()]
    for file in stale:
        file.unlink()
    left = [file for file in files if file not in stale]
    if len(left) <= SEGMENTS:
        return
    table = _read(left).combine_chunks()
    references = table["record_reference"].combine_chunks().dictionary_encode().indices
    _, last = np.unique(np.asarray(pc.fill_null(references, -1))[::-1], return_index=True)
    newest = np.sort(table.num_rows - 1 - last)
    _write(table.take(pa.array(newest)), left[-1], wanted)
    for file in left[:-1]:
        file.unlink()
