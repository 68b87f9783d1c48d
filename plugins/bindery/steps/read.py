"""The step that reads: an archived message becomes a table of records and a table of findings (RFC 0001)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, time
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal, Self, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from bindery.catalogue.content import content_hash
from bindery.catalogue.facts import Facts
from bindery.catalogue.facts_of import facts_of
from bindery.catalogue.record import Record
from bindery.catalogue.record_schema import PARTS_OF_CONTENT, RECORDS_SCHEMA, arrow_type
from bindery.claims import ReadMessage, Receipt, RefusedMessage
from bindery.errors import ConfigurationError, RefusedError
from bindery.feeds.declaration import Feed
from bindery.findings import Finding
from bindery.formats.container import unpacked
from bindery.formats.json_message import mapping_of, read_json
from bindery.formats.kind import Kind
from bindery.formats.mapping import load_column_mapping, load_json_mapping
from bindery.formats.spreadsheet import read_spreadsheet
from bindery.home import Home
from bindery.onix.read import read_onix
from bindery.reading import Message, MessageFacts, ParsedRecord

RECORDS, FINDINGS, REFUSED = "records.parquet", "read_findings.parquet", "refused.json"
TEST_NOTIFICATIONS = {"88", "89"}
"""List 1."""

FINDINGS_SCHEMA = pa.schema(
    [
        pa.field(name, pa.string() if name == "severity" else arrow_type(hint))
        for name, hint in get_type_hints(Finding).items()
    ]
)
"""Columns of ``read_findings.parquet``."""

_BATCH = 1_000

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
def open_message(path: Path, *, message_format: str, mapping: str | None, name: str | None = None) -> Iterator[Message]:
    """Opens a message of any format, packed or not.

    Args:
        path: The file as received.
        message_format: ``onix``, ``spreadsheet`` or ``json``.
        mapping: For a spreadsheet or JSON, its mapping. JSON that shows what it is, such as OPDS 2, needs none named.
        name: What to call it in errors.

    Yields:
        The open message.

    Raises:
        RefusedError: It can't be read at all.
        ConfigurationError: The mapping is missing or wrong.
    """
    name = name or path.name
    with unpacked(path, name=name) as (file, kind):
        if kind not in _TAKEN[message_format]:
            fix = _ADVICE.get(kind, "Ask the sender for the agreed file; this one was left alone.")
            rule = "F1" if kind is Kind.EMPTY else "F2" if kind is Kind.LOCKED else "F5"
            raise RefusedError(f"{name} looks like {kind}; {_WANTED[message_format]} is expected.", fix=fix, rule=rule)
        with _opened(file, kind, message_format, mapping, name) as message:
            yield message


def _opened(
    file: Path, kind: Kind, message_format: str, mapping: str | None, name: str
) -> AbstractContextManager[Message]:
    if message_format == "onix":
        return read_onix(file, name=name)
    if message_format == "json":
        return read_json(file, load_json_mapping(mapping) if mapping else mapping_of(file, name), name=name)
    if mapping is None:
        raise ConfigurationError(f"{name} is a sheet, and no column mapping is named.", fix="Name one: mapping.")
    return read_spreadsheet(file, load_column_mapping(mapping), kind, name=name)


def scope_of(record: Record, facts: Facts, *, test_records: bool) -> Literal["in", "not_audio", "test"]:
    """Whether a record concerns us. A record whose form isn't stated does, until rules have judged it (rule R5)."""
    if record["notification_type"] in TEST_NOTIFICATIONS and not test_records:
        return "test"
    return "not_audio" if facts["is_audio"] is False else "in"


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


def read(receipt: Receipt, feed: Feed, *, home: Home) -> ReadMessage:
    """Reads an archived message into ``records.parquet`` and ``read_findings.parquet`` in its work folder.

    The same bytes give the same files, however often it is run.

    Args:
        receipt: The archived message.
        feed: The feed it came by.
        home: Where the archive and the work folder are.

    Returns:
        What was read.

    Raises:
        RefusedError: The message can't be read at all. ``refused.json`` says why, and nothing else is written.
        ConfigurationError: The feed's column mapping is missing or wrong.
    """
    work = home.work(receipt.supplier, receipt.message_id)
    work.mkdir(parents=True, exist_ok=True)
    try:
        claim = _read(receipt, feed, home.root, work)
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


def _read(receipt: Receipt, feed: Feed, root: Path, work: Path) -> ReadMessage:
    parts = {name: work / f"{name}.part" for name in (RECORDS, FINDINGS)}
    counts = {"received": 0, "unreadable": 0, "not_audio": 0, "test": 0}
    try:
        with (
            open_message(
                root / receipt.path, message_format=feed.format, mapping=feed.mapping, name=receipt.name
            ) as message,
            _TableFile(parts[RECORDS], RECORDS_SCHEMA) as records,
            _TableFile(parts[FINDINGS], FINDINGS_SCHEMA) as findings,
        ):
            for parsed in message.records():
                row = row_of(parsed, test_records=feed.test_records)
                records.add(row)
                findings.extend(parsed.findings)
                counts["received"] += 1
                counts["unreadable"] += not row["readable"]
                if row["scope"] in counts:
                    counts[row["scope"]] += 1
            findings.extend(message.counts.findings)
        for name, part in parts.items():
            part.replace(work / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    facts = message.facts
    return ReadMessage(
        receipt=receipt,
        work=os.fspath(work.relative_to(root)),
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


def row_of(parsed: ParsedRecord, *, test_records: bool) -> dict[str, Any]:
    """A record as a row of ``records.parquet``."""
    row: dict[str, Any] = {
        "position": parsed.position,
        "readable": parsed.record is not None,
        "scope": "in",
        "bytes_hash": parsed.bytes_hash,
        "record_reference": parsed.record_reference,
        "source": parsed.source,
    }
    record = parsed.record
    if record is None:
        return row
    facts = facts_of(record)
    return {
        **row,
        **facts,
        **{name: record[name] for name in PARTS_OF_CONTENT},  # type: ignore[literal-required]  # all are keys of Record
        "record_reference": parsed.record_reference,
        "notification_type": record["notification_type"] or None,
        "unmapped": record["unmapped"],
        "content_hash": content_hash(record),
        "scope": scope_of(record, facts, test_records=test_records),
    }


class _TableFile:
    """A Parquet file written in batches, so that a message of any length fits in memory."""

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
        if len(self._rows) >= _BATCH:
            self._flush()

    def extend(self, rows: list[Any]) -> None:
        for row in rows:
            self.add(row)

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []
