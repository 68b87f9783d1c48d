"""The step that reads: an archived message becomes a table of records and a table of findings (RFC 0001)."""

from __future__ import annotations

import gc
import logging
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, time
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final, Literal, Self, get_type_hints

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bindery.catalogue.record_schema import RECORDS_SCHEMA, arrow_type
from bindery.catalogue.staging import Versions, versions_among
from bindery.claims import ReadMessage, Receipt, RefusedMessage
from bindery.errors import ConfigurationError, RefusedError
from bindery.feeds.declaration import Feed
from bindery.findings import Finding, Severity
from bindery.formats.container import unpacked
from bindery.formats.json_message import mapping_of, read_json
from bindery.formats.kind import Kind
from bindery.formats.mapping import load_column_mapping, load_json_mapping
from bindery.formats.spreadsheet import read_spreadsheet
from bindery.home import Home
from bindery.onix.read import read_onix
from bindery.quality.codes import unknown_codes
from bindery.reading import BATCH_ROWS, IsKnown, Message, MessageFacts, nothing_is_known
from bindery.steps.derive import records_table
from bindery.steps.judge import day_sent
from bindery.steps.known import Known

log = logging.getLogger(__name__)

RECORDS, FINDINGS, REFUSED = "records.parquet", "read_findings.parquet", "refused.json"
FINDINGS_SCHEMA = pa.schema(
    [
        pa.field(name, pa.string() if name == "severity" else arrow_type(hint))
        for name, hint in get_type_hints(Finding).items()
    ]
)
"""Columns of ``read_findings.parquet``."""

_VALIDATION = {False: None, True: Severity.WARN, "block": Severity.BLOCK}

_QUICKLY: Final = {
    "compression": "lz4",
    "use_dictionary": False,
    "write_statistics": False,
    "write_batch_size": 1 << 16,
}
"""How a table that lives until it is staged is written: looking for what repeats would cost more than it saves."""

_TAKEN = {"onix": {Kind.XML}, "spreadsheet": {Kind.TEXT, Kind.XLSX, Kind.XLS}, "json": {Kind.JSON}}
_WANTED = {
    "onix": "ONIX (XML, also as .gz or .zip)",
    "spreadsheet": "a sheet (CSV, XLSX or XLS, also as .gz or .zip)",
    "json": "JSON (also JSON Lines, also as .gz or .zip)",
}
_ADVICE = {
    Kind.LOCKED: "Ask the sender for the file without a password.",
    Kind.HTML: "Look at it in a browser: it may be an error page. Ask the sender for the file itself.",
    Kind.EMPTY: "Ask the sender for the file again; an empty file says nothing, and nothing was changed.",
    Kind.XLSX: "Declare the feed's format as spreadsheet, with a column mapping.",
    Kind.XLS: "Declare the feed's format as spreadsheet, with a column mapping.",
    Kind.TEXT: "Declare the feed's format as spreadsheet, with a column mapping; or ask the sender for ONIX.",
    Kind.XML: "Declare the feed's format as onix; or ask the sender for the agreed file.",
    Kind.JSON: "Declare the feed's format as json, with a mapping; or ask the sender for the agreed file.",
}


@contextmanager
def open_message(
    path: Path,
    *,
    message_format: str,
    mapping: str | None,
    name: str | None = None,
    encoding: str | None = None,
    validate: Severity | None = None,
) -> Iterator[Message]:
    """Opens a message of any format, packed or not.

    Args:
        path: The file as received.
        message_format: ``onix``, ``spreadsheet`` or ``json``.
        mapping: For a spreadsheet or JSON, its mapping. JSON that shows what it is, such as OPDS 2, needs none named.
        name: What to call it in errors.
        encoding: For ONIX, the encoding to read it in, whatever it declares (AUDIOBOOKS 5, row 6).
        validate: For ONIX, what the findings of EDItEUR's schemas weigh; None doesn't ask them.

    Yields:
        The open message.

    Raises:
        RefusedError: It can't be read at all.
        ConfigurationError: The mapping is missing or wrong, or there is no such encoding.
    """
    name = name or path.name
    with unpacked(path, name=name) as (file, kind):
        if kind not in _TAKEN[message_format]:
            fix = _ADVICE.get(kind, "Ask the sender for the agreed file; this one was left alone.")
            rule = "F1" if kind is Kind.EMPTY else "F2" if kind is Kind.LOCKED else "F5"
            raise RefusedError(f"{name} looks like {kind}; {_WANTED[message_format]} is expected.", fix=fix, rule=rule)
        if message_format == "onix":
            opened: AbstractContextManager[Message] = read_onix(file, name=name, encoding=encoding, validate=validate)
        elif message_format == "json":
            opened = read_json(file, load_json_mapping(mapping) if mapping else mapping_of(file, name), name=name)
        elif mapping is None:
            raise ConfigurationError(f"{name} is a sheet, and no column mapping is named.", fix="Name one: mapping.")
        else:
            opened = read_spreadsheet(file, load_column_mapping(mapping), kind, name=name)
        with opened as message:
            yield message


def ordering_key(facts: MessageFacts, receipt: Receipt) -> str:
    """Sorts messages of a supplier: sent at, number, repeat (AUDIOBOOKS 1.4), as one string.

    Where the message doesn't say when it was sent, the beginning of the feed day stands in. A number that isn't stated
    is 0, a repeat 1, the original.
    """
    sent = facts.sent_at or datetime.combine(receipt.feed_day, time(), UTC)
    number = re.sub(r"[^0-9A-Za-z]", "", facts.message_number or "")
    return f"{sent.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}|{number:0>12}|{facts.message_repeat or 1:03d}"


def scope_of_message(feed: Feed, name: str) -> Literal["full", "delta"]:
    """Whether a message is a full catalogue: the feed says so, for all or by file name. Where neither fits, a delta."""
    if isinstance(feed.scope, str):
        return feed.scope
    glob = feed.scope.get("full")
    base = name.rpartition("/")[2]
    return "full" if glob and (fnmatch(name, glob) or fnmatch(base, glob)) else "delta"


def read(receipt: Receipt, feed: Feed, *, home: Home, remembering: bool = True) -> ReadMessage:
    """Reads an archived message into ``records.parquet`` and ``read_findings.parquet`` in its work folder.

    However often it is run, the same bytes give the same records; those that are known by their bytes are not read,
    and say no more than the steps that follow need (see ``known``).

    Args:
        receipt: The archived message.
        feed: The feed it came by.
        home: Where the archive and the work folder are.
        remembering: Whether records known by their bytes are left unread.

    Returns:
        What was read.

    Raises:
        RefusedError: The message can't be read at all. ``refused.json`` says why, and nothing else is written.
        ConfigurationError: The feed's column mapping or encoding is missing or wrong.
    """
    work = home.work(receipt.supplier, receipt.message_id)
    work.mkdir(parents=True, exist_ok=True)
    try:
        known = Known.load(feed, home=home, size=receipt.size) if remembering else None
        claim = _read(known, receipt, feed, home, work)
    except RefusedError as error:
        for name in (RECORDS, FINDINGS):
            (work / name).unlink(missing_ok=True)
        refused = RefusedMessage(receipt=receipt, rule=error.rule, reason=error.what, fix=error.fix)
        part = work / f"{REFUSED}.part"
        part.write_text(refused.model_dump_json(indent=2) + "\n", "utf-8")
        part.replace(work / REFUSED)
        raise
    (work / REFUSED).unlink(missing_ok=True)
    return claim


def _read(known: Known | None, receipt: Receipt, feed: Feed, home: Home, work: Path) -> ReadMessage:
    # What was there before is no garbage: looking through it again and again takes a thirtieth of the time.
    gc.freeze()
    try:
        claim = _read_with(known, receipt, feed, home, work)
    finally:
        gc.unfreeze()
    if known and claim.tags == "mixed":
        # The finding counts the tags of every record, so every record is read.
        claim = _read_with(None, receipt, feed, home, work)
    if claim.known:
        log.info("%s: %d of %d records are known by their bytes", receipt.name, claim.known, claim.received)
    return claim


def _read_with(known: Known | None, receipt: Receipt, feed: Feed, home: Home, work: Path) -> ReadMessage:
    parts = {name: work / f"{name}.part" for name in (RECORDS, FINDINGS)}
    counts = dict.fromkeys(("received", "unreadable", "known", "not_audio", "test"), 0)
    try:
        with (
            _opened(receipt, feed, home) as message,
            pq.ParquetWriter(parts[RECORDS], RECORDS_SCHEMA, **_QUICKLY) as records,
            _TableFile(parts[FINDINGS], FINDINGS_SCHEMA) as findings,
        ):
            for batch in message.batches(_is_known(known, message)):
                table = records_table(batch, known, test_records=feed.test_records)
                records.write_table(table)
                findings.extend(batch.findings)
                if known:
                    findings.write(known.findings(table))
                findings.extend(unknown_codes(table, issue=feed.codelists, release=message.facts.release))
                _count(counts, table)
                del batch, table
            findings.extend(message.counts.findings)
        for name, part in parts.items():
            part.replace(work / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    facts = message.facts
    return ReadMessage(
        receipt=receipt,
        work=os.fspath(work.relative_to(home.root)),
        format=facts.format,
        release=facts.release,
        tags=facts.tags,
        encoding=facts.encoding,
        sender=facts.sender,
        sent_at=facts.sent_at,
        message_number=facts.message_number,
        message_repeat=facts.message_repeat,
        scope=scope_of_message(feed, receipt.name),
        ordering_key=ordering_key(facts, receipt),
        no_product=facts.no_product,
        **counts,
    )


def _is_known(known: Known | None, message: Message) -> IsKnown:
    # The date is asked for with the first records: by then the header is read.
    return (
        nothing_is_known
        if known is None
        else lambda hashes: known.includes(hashes, sent_on=day_sent(message.facts.sent_at))
    )


def contents_of(receipt: Receipt, feed: Feed, *, home: Home, wanted: set[str]) -> Iterator[Versions]:
    """Contents of a message, read again from its bytes: for one that was known and is kept no more.

    Args:
        receipt: The archived message.
        feed: The feed it came by.
        home: Where the archive is.
        wanted: Content hashes to take.

    Yields:
        What ``staging.versions`` yields.
    """
    with _opened(receipt, feed, home) as message:
        tables = (records_table(batch, None, test_records=feed.test_records) for batch in message.batches())
        yield from versions_among(tables, wanted)


def _opened(receipt: Receipt, feed: Feed, home: Home) -> AbstractContextManager[Message]:
    return open_message(
        home.root / receipt.path,
        message_format=feed.format,
        mapping=feed.mapping,
        name=receipt.name,
        encoding=feed.encoding,
        validate=_VALIDATION[feed.validation],
    )


def _count(counts: dict[str, int], table: pa.Table) -> None:
    counts["received"] += table.num_rows
    counts["unreadable"] += table.num_rows - pc.sum(table["readable"]).as_py()
    counts["known"] += pc.sum(table["is_known"]).as_py()
    for scope in ("not_audio", "test"):
        counts[scope] += pc.sum(pc.equal(table["scope"], scope)).as_py()


class _TableFile:
    """A Parquet file of rows, written in batches."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._rows: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def add(self, row: Any) -> None:
        self._rows.append(row)
        if len(self._rows) >= BATCH_ROWS:
            self._flush()

    def extend(self, rows: list[Any]) -> None:
        for row in rows:
            self.add(row)

    def write(self, table: pa.Table) -> None:
        if table.num_rows:
            self._flush()
            self._writer.write_table(table.cast(self._schema))

    def _flush(self) -> None:
        if self._rows:
            table = pa.Table.from_pylist(self._rows, schema=self._schema)
            self._writer.write_table(table)
            self._rows = []
