"""What was read and judged before, by the bytes of a record: a re-sent record costs its bytes, not its parse (law 8).

Reading and judging are functions of a record's bytes, of what it inherits from its message, and of our code and rules.
So a record that passed need not be read again while these stay (RFC 0003). It is a memory, not a truth: nothing is
lost with it, and whatever is wrong with it is a line in the log.

One file for each message staged; together they hold each record's newest bytes, and some older ones.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bindery.catalogue.record_schema import RECORDS_SCHEMA
from bindery.claims import ReadMessage
from bindery.feeds.declaration import Feed
from bindery.home import PROJECT, Home
from bindery.quality import warm
from bindery.quality.judge import FINDINGS_SCHEMA
from bindery.steps.judge import day_sent

log = logging.getLogger(__name__)

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

KNOWN_SCHEMA: Final = pa.schema(
    [
        pa.field("bytes_hash", pa.binary(16)),
        *(RECORDS_SCHEMA.field(name) for name in (*NARROW, "publication_date")),
        pa.field("findings", pa.dictionary(pa.int32(), pa.string())),
    ]
)
"""``findings`` is what was found wrong with the record, as JSON, with places counted from where it begins."""

SEGMENTS: Final = 16
"""Files of a supplier's memory before they are made one."""

BYTES_A_RECORD: Final = 100
"""A message smaller than this a known record is read sooner than the memory is."""

DAYS_AHEAD: Final = 366
"""Days from sending to publication beyond which a record is read each time.

Rules may weigh how far ahead a publication is (W13): the one thing by which a record's verdict hangs on its message's
date. None says a word below this.
"""

_CODE, _SETTINGS = b"bindery.code", b"bindery.settings"
_BROKEN: Final = (OSError, pa.ArrowException, ValueError)
_SAID: Final = pa.list_(
    pa.struct(
        [
            *(pa.field(name, pa.string()) for name in ("rule", "severity", "path", "text", "fix")),
            *(pa.field(name, pa.int64()) for name in ("line", "byte_start")),
        ]
    )
)


def _of_code() -> str:
    """SHA-256 of the code that reads and judges, of rules, code lists and the libraries that read with it."""
    digest = hashlib.sha256(warm.fingerprint().encode())
    rooms = Path(__file__).resolve().parents[1]
    files = [file for room in ("onix", "trade", "catalogue", "steps") for file in (rooms / room).rglob("*.py")]
    files += [*rooms.glob("*.py"), *(file for file in (PROJECT / "include" / "codelists").iterdir() if file.is_file())]
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    for library in ("lxml", "nh3", "numba", "numpy", "orjson", "pyarrow", "pycountry", "python-stdnum"):
        digest.update(f"{library} {version(library)}\0".encode())
    return digest.hexdigest()


CODE: Final = _of_code()
"""Of the code as it was when it was loaded: files that an upgrade changes under a running process are not its code."""


def _conditions(feed: Feed) -> dict[bytes, bytes]:
    """What has to stay the same for a record to be known: our code and rules, and how the feed has them applied."""
    applied = feed.model_dump(mode="json", include={"encoding", "test_records", "codelists"})
    return {_CODE: CODE.encode(), _SETTINGS: json.dumps(applied, sort_keys=True).encode()}


def _are_remembered(feed: Feed) -> bool:
    """Sheets and JSON have no bytes of a record; EDItEUR's schemas are asked about each record anew."""
    return feed.format == "onix" and not feed.validation


class Known:
    """Records of one supplier, by the hash of their bytes. All in memory: files may go while it is used."""

    def __init__(self, table: pa.Table) -> None:
        """Takes rows of ``KNOWN_SCHEMA``, one or more."""
        self._rows = table.select(NARROW)
        self._said: pa.DictionaryArray = table["findings"].combine_chunks()
        self._hashes = _words(table["bytes_hash"])
        self._order = np.argsort(self._hashes[:, 0], kind="stable")
        self._firsts = self._hashes[self._order, 0]
        never = np.iinfo(np.int32).min
        self._published = np.asarray(pc.fill_null(table["publication_date"].cast(pa.int32()), never)).astype(np.int64)

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
        if not _are_remembered(feed):
            return None
        wanted = _conditions(feed)
        footers = {file: _footer(file) for file in sorted(home.known(feed.supplier).glob("*.parquet"))}
        files = {file: footer.num_rows for file, footer in footers.items() if footer and _holds(footer, wanted)}
        if size < sum(files.values()) * BYTES_A_RECORD:
            return None
        tables = [table for file in files if (table := _read(file)) is not None and table.num_rows]
        return cls(pa.concat_tables(tables).unify_dictionaries().combine_chunks()) if tables else None

    def includes(self, hashes: pa.Array, *, sent_on: date | None) -> npt.NDArray[np.bool_]:
        """Which records need no reading.

        Args:
            hashes: Of their bytes.
            sent_on: The day their message was sent; None where it doesn't say.
        """
        places = self._places(hashes)
        near = np.ones(len(places), np.bool_)
        if sent_on is not None:
            near = self._published[places] - (sent_on - date(1970, 1, 1)).days <= DAYS_AHEAD
        return (places >= 0) & near

    def rows(self, hashes: pa.ChunkedArray) -> pa.Table:
        """What is known of records, in their order.

        Args:
            hashes: Of their bytes; all of them known.

        Returns:
            Columns ``NARROW``.
        """
        return self._rows.take(pa.array(self._places(hashes)))

    def findings(self, records: pa.Table) -> pa.Table:
        """What was found wrong with the records that are known, as if it were found now.

        Args:
            records: Rows of ``records.parquet``, others among them.

        Returns:
            A table of ``FINDINGS_SCHEMA``.
        """
        known = records.filter(records["is_known"])
        if not known.num_rows:
            return FINDINGS_SCHEMA.empty_table()
        codes = np.asarray(self._said.indices)[self._places(known["bytes_hash"])]
        distinct, which = np.unique(codes, return_inverse=True)
        texts = self._said.dictionary.take(pa.array(distinct)).to_pylist()
        said = pa.array([orjson.loads(text) for text in texts], _SAID).take(pa.array(which))
        of_record = known.select(["position", "record_reference", "source"]).take(pc.list_parent_indices(said))
        each, source = said.flatten(), of_record["source"].combine_chunks()
        columns = {name: pc.struct_field(each, name) for name in ("rule", "severity", "path", "text", "fix")}
        columns |= {name: of_record[name] for name in ("position", "record_reference")}
        columns |= {
            name: pc.add(pc.struct_field(each, name), pc.struct_field(source, name)) for name in ("line", "byte_start")
        }
        return pa.table([columns[name] for name in FINDINGS_SCHEMA.names], schema=FINDINGS_SCHEMA)

    def _places(self, hashes: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.int64]:
        """The row of each, -1 where there is none."""
        wanted = _words(hashes)
        at = np.minimum(np.searchsorted(self._firsts, wanted[:, 0]), len(self._order) - 1)
        places = self._order[at]
        return np.where((self._hashes[places] == wanted).all(axis=1), places, -1)


def _words(hashes: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """Hashes as two numbers each."""
    whole = hashes.combine_chunks() if isinstance(hashes, pa.ChunkedArray) else hashes
    fixed = whole.cast(pa.binary(16))
    words: npt.NDArray[np.uint64] = np.frombuffer(fixed.buffers()[1], np.uint64).reshape(-1, 2)
    return words[fixed.offset : fixed.offset + len(fixed)]


def remember(work: Path, message: ReadMessage, feed: Feed, *, home: Home) -> None:
    """Remembers the records of a message that was staged: those that passed and were not known before.

    Not those of a message in mixed tags or of no stated release, because what such a message says of itself hangs on
    all of its records.

    Args:
        work: Its work folder, holding ``records``, ``findings`` and ``verdicts.parquet``.
        message: The message.
        feed: The feed it came by.
        home: Where the memory is.
    """
    if not _are_remembered(feed) or message.release is None or message.tags in {None, "mixed"}:
        return
    folder = home.known(feed.supplier)
    try:
        found = _worth_remembering(work, day_sent(message.sent_at))
        if found.num_rows:
            with _alone(folder):
                _write(found, folder / f"{message.receipt.message_id}.parquet", _conditions(feed))
                _tidy(folder, _conditions(feed))
    except _BROKEN as error:
        log.warning("What %s says is not remembered, so it is read again when it is sent again: %s", feed.name, error)


def _worth_remembering(work: Path, sent_on: date | None) -> pa.Table:
    columns = ["position", "is_known", "source", "bytes_hash", *NARROW, "publication_date"]
    records = pq.read_table(work / "records.parquet", columns=columns)
    verdicts = pq.read_table(work / "verdicts.parquet", columns=["position", "verdict"])
    passed = verdicts.filter(pc.equal(verdicts["verdict"], "pass"))["position"]
    new = pc.and_(pc.is_in(records["position"], passed.combine_chunks()), pc.invert(records["is_known"]))
    if sent_on is not None:
        ahead = pc.days_between(pa.scalar(sent_on, pa.date32()), records["publication_date"])
        new = pc.and_(new, pc.fill_null(pc.less_equal(ahead, DAYS_AHEAD), fill_value=True))
    found = records.filter(new)
    texts = pa.array(_said(found, pq.read_table(work / "findings.parquet")), pa.string())
    said = texts.dictionary_encode().cast(KNOWN_SCHEMA.field("findings").type)
    kept = {name: found[name] for name in KNOWN_SCHEMA.names if name != "findings"} | {"findings": said}
    kept["bytes_hash"] = found["bytes_hash"].cast(pa.binary(16))
    return pa.table([kept[name] for name in KNOWN_SCHEMA.names], schema=KNOWN_SCHEMA)


def _said(records: pa.Table, findings: pa.Table) -> Iterator[bytes]:
    """The findings of each record."""
    begins = dict(zip(records["position"].to_pylist(), records["source"].to_pylist(), strict=True))
    said: dict[int, list[dict[str, Any]]] = {}
    for row in findings.to_pylist():
        position = row["position"]
        if position in begins:
            for name in ("line", "byte_start"):
                row[name] = None if row[name] is None else row[name] - begins[position][name]
            said.setdefault(position, []).append({name: row[name] for name in _FIELDS})
    return (orjson.dumps(said.get(position, [])) for position in begins)


_FIELDS: Final = tuple(field.name for field in _SAID.value_type)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The only writer of a supplier's memory. What a killed one left half written is taken away."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for part in folder.glob("*.part"):
            part.unlink()
        yield


def _write(table: pa.Table, path: Path, conditions: dict[bytes, bytes]) -> None:
    part = path.with_suffix(".part")
    pq.write_table(table.replace_schema_metadata(conditions), part, compression="zstd", write_page_checksum=True)
    part.replace(path)


def _footer(file: Path) -> pq.FileMetaData | None:
    """What a file says of itself; None where it is gone or broken. A broken one is taken away."""
    try:
        return pq.read_metadata(file)
    except _BROKEN as error:
        _take_away(file, error)
        return None


def _holds(footer: pq.FileMetaData, conditions: dict[bytes, bytes]) -> bool:
    return conditions.items() <= (footer.metadata or {}).items()


def _read(file: Path) -> pa.Table | None:
    """A file's rows; None where it is gone or broken."""
    try:
        table = pq.read_table(
            file,
            columns=KNOWN_SCHEMA.names,
            read_dictionary=["findings"],
            use_threads=False,
            page_checksum_verification=True,
        )
        return table.replace_schema_metadata(None).cast(KNOWN_SCHEMA)
    except _BROKEN as error:
        _take_away(file, error)
        return None


def _take_away(file: Path, error: Exception) -> None:
    # Another process makes several files one, and then removes them: nothing is wrong with that.
    if not isinstance(error, FileNotFoundError):
        log.warning("%s can't be read and is removed; its records are read again: %s", file, error)
        file.unlink(missing_ok=True)


def _tidy(folder: Path, conditions: dict[bytes, bytes]) -> None:
    """Makes many files one, each record's newest bytes kept; takes away what other code or rules left."""
    files = {file: _footer(file) for file in sorted(folder.glob("*.parquet"), key=_age)}
    for file, footer in files.items():
        if footer and not _holds(footer, {_CODE: conditions[_CODE]}):
            file.unlink(missing_ok=True)
    same = [file for file, footer in files.items() if footer and _holds(footer, conditions)]
    if len(same) <= SEGMENTS:
        return
    tables = [table for file in same if (table := _read(file)) is not None]
    table = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    references = table["record_reference"].combine_chunks().dictionary_encode().indices
    _, last = np.unique(np.asarray(pc.fill_null(references, -1))[::-1], return_index=True)
    newest = np.sort(table.num_rows - 1 - last)
    _write(table.take(pa.array(newest)), same[-1], conditions)
    for file in same[:-1]:
        file.unlink(missing_ok=True)


def _age(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
