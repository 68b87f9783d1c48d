"""Some thousand records of an ONIX message at once: bytes to a table.

Most records are plain, and read where they lie. One that is not goes the careful way by itself: decoded, its entities
replaced, parsed by lxml, and either refused with its reason or written plainly and read like the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.record_schema import READ_SCHEMA
from bindery.findings import Finding, Severity
from bindery.onix.names import Names
from bindery.onix.parsing import SEND_AGAIN, Decoded, UnreadableError, decode, parse
from bindery.onix.parts import Defaults
from bindery.onix.prolog import Encoding, Root
from bindery.onix.records import MARKET_UPDATE, content_of, shape_of
from bindery.onix.rows import Nodes
from bindery.onix.split import Buffer, Part
from bindery.onix.tree import plain_xml
from bindery.reading import Batch, Counts, IsKnown, MessageFacts

REFERENCE_TAG = re.compile(rb"<(?:[^\s<>/:]{1,60}:)?(?:RecordReference|a001)(?:\s[^<>]*)?>([^<]{1,300})</")
RIGHT_ENCODING = "Sender: declare the encoding the file is in, best UTF-8."

_SLACK = bytes(8)
_REFERENCE_REACH = 10_000


class Seen(NamedTuple):
    """Records that were looked at.

    Attributes:
        parts: Where they are.
        hashes: SHA-256 of their bytes and of what the header lends them.
        known: Which need no reading.
        unread_bytes: Bytes of the others.
    """

    parts: list[Part]
    hashes: pa.Array
    known: npt.NDArray[np.bool_]
    unread_bytes: int

    @property
    def unread(self) -> int:
        """How many need reading."""
        return int(np.count_nonzero(~self.known))

    def and_then(self, other: Seen) -> Seen:
        """These and those that follow them."""
        hashes = pa.concat_arrays([self.hashes, other.hashes])
        known = np.concatenate([self.known, other.known])
        return Seen([*self.parts, *other.parts], hashes, known, self.unread_bytes + other.unread_bytes)


@dataclass
class _Work:
    """What is known so far of the records of one batch, by place in it."""

    parts: Sequence[Part]
    known: npt.NDArray[np.bool_]
    tables: list[pa.Table] = field(default_factory=list)
    places: list[Any] = field(default_factory=list)
    unreadable: dict[int, UnreadableError] = field(default_factory=dict)
    decoded: dict[int, Decoded] = field(default_factory=dict)


class BatchReader:
    """Reads the records of one message, batch after batch."""

    def __init__(
        self,
        buffer: Buffer,
        root: Root,
        *,
        encoding: Encoding,
        names: Names,
        defaults: Defaults,
        facts: MessageFacts,
        counts: Counts,
        inherited: Any,
        record_limit: int,
        is_known: IsKnown,
    ) -> None:
        """Takes what the records inherit from their message.

        Args:
            buffer: The message's bytes.
            root: Its root element.
            encoding: Its encoding.
            names: Its names and paths.
            defaults: What its header lends.
            facts: What it says about itself; the release is filled in where only records tell it.
            counts: Gets the paths of elements that have no place in the record model.
            inherited: A SHA-256 begun with what the header lends a record.
            record_limit: Bytes beyond which a record isn't parsed.
            is_known: Which records need no reading, by the hashes of their bytes.
        """
        self._buffer, self._root, self._encoding = buffer, root, encoding
        self._names, self._defaults, self._facts, self._counts = names, defaults, facts, counts
        self._inherited, self._record_limit, self._is_known = inherited, record_limit, is_known

    def look(self, parts: list[Part]) -> Seen:
        """Looks which records need reading."""
        with memoryview(self._buffer) as view:
            hashes = pa.array([self._hash(view, part) for part in parts], pa.binary())
        known = self._is_known(hashes)
        unread = sum(parts[place].byte_end - parts[place].byte_start for place in np.flatnonzero(~known).tolist())
        return Seen(parts, hashes, known, unread)

    def read(self, seen: Seen, position: int) -> Batch:
        """Reads records.

        Args:
            seen: Records that were looked at.
            position: The first one's place in the message.

        Raises:
            RefusedError: One asks for other files (rule F3).
        """
        work = _Work(seen.parts, seen.known)
        with memoryview(self._buffer) as view:
            slices = [view[part.byte_start : part.byte_end] for part in seen.parts]
            try:
                self._refuse_some(work)
                self._read_plain(work, slices)
            finally:
                # What is mapped can't be closed while a part of it is held.
                for data in slices:
                    data.release()
        return self._batch(work, seen.hashes, position)

    def _hash(self, view: memoryview, part: Part) -> bytes:
        """SHA-256 of a record's bytes and of what the header lends it."""
        digest = self._inherited.copy()
        with view[part.byte_start : part.byte_end] as data:
            digest.update(data)
        return bytes(digest.digest())

    def _refuse_some(self, work: _Work) -> None:
        for place in np.flatnonzero(~work.known).tolist():
            part = work.parts[place]
            size = part.byte_end - part.byte_start
            problem = part.problem or ("it does not begin and end as a record" if part.kind == "other" else None)
            if size > self._record_limit:
                text = f"The record has {size:,} bytes; more than {self._record_limit:,} are not read."
                fix = "Sender: send covers and samples as links, not inside the record."
                work.unreadable[place] = UnreadableError("R8", text, fix)
            elif problem:
                text = f"It is not well-formed XML: {problem}."
                work.unreadable[place] = UnreadableError("F1", text, SEND_AGAIN)

    def _read_plain(self, work: _Work, slices: list[memoryview]) -> None:
        left = [place for place in np.flatnonzero(~work.known).tolist() if place not in work.unreadable]
        plain = self._in_utf8(left, slices)
        odd = self._shred(work, plain, [slices[place] for place in plain])
        others = set(plain)
        again: list[int] = []
        texts: list[bytes] = []
        for place in left:
            if place in others:
                continue
            try:
                decoded = decode(bytes(slices[place]), self._encoding.name, forced=self._encoding.forced)
            except UnreadableError as error:
                work.unreadable[place] = error
                continue
            if decoded.warning:
                work.decoded[place] = decoded
            again.append(place)
            texts.append(decoded.text.encode())
        odd += self._shred(work, again, texts)
        self._read_carefully(work, sorted(odd), slices)

    def _in_utf8(self, places: list[int], slices: list[memoryview]) -> list[int]:
        """Those whose bytes are UTF-8 and meant to be."""
        if self._encoding.name == "utf-8":
            return [place for place in places if _is_utf8(slices[place])]
        return [place for place in places if bytes(slices[place]).isascii()]

    def _read_carefully(self, work: _Work, places: list[int], slices: list[memoryview]) -> None:
        read: list[int] = []
        plain: list[bytes] = []
        for place in places:
            try:
                node, decoded = parse(bytes(slices[place]), self._encoding, self._root)
            except UnreadableError as error:
                work.unreadable[place] = error
                work.decoded.pop(place, None)
                continue
            if decoded.warning:
                work.decoded[place] = decoded
            read.append(place)
            plain.append(plain_xml(node.element))
        for place in self._shred(work, read, plain):
            text = "It has more different elements, attributes or levels than any ONIX record."
            work.unreadable[place] = UnreadableError("R8", text, SEND_AGAIN)
            work.decoded.pop(place, None)

    def _shred(self, work: _Work, places: list[int], records: Sequence[bytes | memoryview]) -> list[int]:
        """Maps those records that are plain. Returns the places of the others."""
        if not places:
            return []
        data = b"".join([*records, _SLACK])
        ends = np.cumsum([len(record) for record in records])
        columns, first_node, odd = self._names.shred(data, ends - [len(record) for record in records], ends)
        good = np.flatnonzero(~odd)
        if len(good):
            nodes = Nodes(self._names, data, columns, np.append(first_node[:-1][good], first_node[-1]))
            if self._facts.release is None:
                self._facts.release = shape_of(nodes)
            work.tables.append(content_of(nodes, self._defaults, self._facts.release))
            work.places.append(np.array(places)[good])
        return [places[one] for one in np.flatnonzero(odd).tolist()]

    def _batch(self, work: _Work, hashes: pa.Array, position: int) -> Batch:
        count = len(work.parts)
        content = _in_order(work.tables, work.places, count)
        readable = np.ones(count, np.bool_)
        readable[list(work.unreadable)] = False
        references = content["record_reference"]
        if work.unreadable:
            recovered = [self._recovered_reference(work.parts[place]) for place in sorted(work.unreadable)]
            references = pc.replace_with_mask(
                references.combine_chunks(), pa.array(~readable), pa.array(recovered, pa.string())
            )
        columns = {name: content[name] for name in content.column_names} | {
            "position": pa.array(np.arange(position, position + count)),
            "readable": pa.array(readable),
            "bytes_hash": hashes,
            "record_reference": references,
            "source": _sources(work.parts),
        }
        table = pa.table([columns[name] for name in READ_SCHEMA.names], schema=READ_SCHEMA)
        self._count_unmapped(table)
        return Batch(table, _findings(work, table, position), pa.array(work.known))

    def _count_unmapped(self, table: pa.Table) -> None:
        elements = pc.list_flatten(table["unmapped"])
        if len(elements):
            both = pa.table({"path": pc.struct_field(elements, "path"), "count": pc.struct_field(elements, "count")})
            for row in both.group_by("path").aggregate([("count", "sum")]).to_pylist():
                self._counts.unmapped[row["path"]] += row["count_sum"]

    def _recovered_reference(self, part: Part) -> str | None:
        head = self._buffer[part.byte_start : min(part.byte_end, part.byte_start + _REFERENCE_REACH)]
        found = REFERENCE_TAG.search(head)
        if found is None:
            return None
        try:
            return decode(found.group(1), self._encoding.name, forced=self._encoding.forced).text.strip() or None
        except UnreadableError:
            return None


def _is_utf8(data: memoryview) -> bool:
    try:
        str(data, "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _in_order(tables: list[pa.Table], places: list[Any], count: int) -> pa.Table:
    """Content of the records in message order; null where one can't be read."""
    if len(tables) == 1 and len(places[0]) == count:
        return tables[0]
    if not tables:
        return pa.Table.from_pylist([{}] * count, schema=READ_SCHEMA)
    order = np.full(count, -1, np.int64)
    known = np.concatenate(places)
    order[known] = np.arange(len(known))
    return pa.concat_tables(tables).combine_chunks().take(pa.array(order, mask=order < 0))


def _sources(parts: Sequence[Part]) -> pa.Array:
    kind = READ_SCHEMA.field("source").type
    bounds = np.array([(part.byte_start, part.byte_end, part.line) for part in parts], np.int64).reshape(-1, 3)
    return pa.StructArray.from_arrays([pa.array(column) for column in bounds.T], fields=list(kind))


_LACKS = {
    "record_reference": (
        "R1",
        Severity.BLOCK,
        "RecordReference",
        "The record has no RecordReference, so it can't be told from others.",
        "Sender: give every product a RecordReference that never changes.",
    ),
    "notification_type": (
        "R1",
        Severity.BLOCK,
        "NotificationType",
        "The record has no NotificationType; it was read as a full record.",
        "Sender: state the NotificationType; 03 for a complete record.",
    ),
    MARKET_UPDATE: (
        "R7",
        Severity.WARN,
        "MarketRepresentation",
        "A market representation update (13) is kept but not applied.",
        "Sender: send the complete record (03), or supply and market together (14).",
    ),
}
"""Findings about what a record lacks (rule R1), and an update that is not applied (rule R7)."""


def _findings(work: _Work, table: pa.Table, position: int) -> list[Finding]:
    found: list[Finding] = []
    references: list[str | None] = []

    def add(
        place: int, rule: str, severity: Severity, path: str, *, text: str, fix: str, line: int = 0, offset: int = 0
    ) -> None:
        if not references:
            references.extend(table["record_reference"].to_pylist())
        part = work.parts[place]
        found.append(
            Finding(
                rule=rule,
                severity=severity,
                position=position + place,
                record_reference=references[place],
                path=path,
                line=part.line + line,
                byte_start=part.byte_start + offset,
                text=text,
                fix=fix,
            )
        )

    for place, error in work.unreadable.items():
        text = f"The record can't be read. {error.text}"
        add(
            place,
            error.rule,
            Severity.BLOCK,
            "Product",
            text=text,
            fix=error.fix,
            line=error.line,
            offset=error.offset,
        )
    for place, decoded in work.decoded.items():
        add(
            place,
            "F4",
            Severity.WARN,
            "Product",
            text=decoded.warning or "",
            fix=RIGHT_ENCODING,
            offset=decoded.offset,
        )
    readable = np.asarray(table["readable"]) & ~work.known
    for what, (rule, severity, element, text, fix) in _LACKS.items():
        if what == MARKET_UPDATE:
            lacking = np.asarray(pc.fill_null(pc.equal(table["notification_type"], what), fill_value=False))
        else:
            lacking = readable & np.asarray(pc.is_null(table[what]))
        for place in np.flatnonzero(lacking).tolist():
            add(place, rule, severity, f"Product/{element}", text=text, fix=fix)
    found.sort(key=lambda finding: finding["position"] or 0)
    return found
