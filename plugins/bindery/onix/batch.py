"""Some thousand records of an ONIX message at once: bytes to a table.

Most records are plain, and read where they lie. One that is not goes the careful way by itself: decoded, its entities
replaced, parsed by lxml, and either refused with its reason or written plainly and read like the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

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
from bindery.onix.shred import REFERENCE, SHORT
from bindery.onix.split import Buffer, Part
from bindery.onix.tree import plain_xml
from bindery.reading import BATCH_ROWS, Batch, Counts, IsKnown, MessageFacts
from bindery.trade.entities import replace_named_entities

REFERENCE_TAG = re.compile(rb"<(?:[^\s<>/:]{1,60}:)?(?:RecordReference|a001)(?:\s[^<>]*)?>([^<]{1,300})</")
RIGHT_ENCODING = "Sender: declare the encoding the file is in, best UTF-8."

_SHORT_RECORD = re.compile(rb"<(?:[^\s<>/:]{1,60}:)?product[\s/>]")
_SLACK = bytes(8)
_DIGEST_BYTES = 16
_REFERENCE_REACH = 10_000


CHUNK_BYTES = 40_000_000
"""Bytes of records read at a time, or ``BATCH_ROWS`` records."""

MOST_ROWS = 32_000
"""Records in a batch, known ones among them, which cost little."""

_LOOK_BYTES, _LEAST_LOAD = 4_000_000, 4_000
"""Bytes of records that are looked at together, whether they are known; a smaller record counts as this many."""


class Pending:
    """Records that were found and are not read yet.

    Attributes:
        parts: Where they are.
        hashes: Of the bytes of those that were looked at, look by look.
        known: Which of these need no reading.
    """

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.hashes: list[pa.Array] = []
        self.known: list[npt.NDArray[np.bool_]] = []
        self.looked = self.unread = self.unread_bytes = 0
        self._load = 0

    def add(self, part: Part) -> bool:
        """Adds a record; says whether it is time to look at those that were added."""
        self.parts.append(part)
        size = part.byte_end - part.byte_start
        self._load += size if size > _LEAST_LOAD else _LEAST_LOAD
        if self._load < _LOOK_BYTES:
            return False
        self._load = 0
        return True

    @property
    def fullness(self) -> float:
        """1 and more where they are to be read now."""
        return max(self.unread / BATCH_ROWS, self.unread_bytes / CHUNK_BYTES, len(self.parts) / MOST_ROWS)


@dataclass
class _Work:
    """What came of the records of one batch so far, by place in it."""

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
            inherited: An XXH3-128 begun with what the header lends a record.
            record_limit: Bytes beyond which a record isn't parsed.
            is_known: Which records need no reading, by the hashes of their bytes.
        """
        self._buffer, self._root, self._encoding = buffer, root, encoding
        self._names, self._defaults, self._facts, self._counts = names, defaults, facts, counts
        self._inherited, self._record_limit, self._is_known = inherited, record_limit, is_known
        self._room = bytearray()

    def look(self, pending: Pending) -> float:
        """Looks at the bytes of records that were added; returns how full it is now."""
        new = pending.parts[pending.looked :]
        hashes = self._hashes(new)
        known = self._is_known(hashes)
        if known.any():
            known &= ~np.fromiter(map(_is_in_doubt, new), np.bool_, len(new))
        pending.looked += len(new)
        pending.hashes.append(hashes)
        pending.known.append(known)
        unread = np.flatnonzero(~known).tolist()
        pending.unread += len(unread)
        pending.unread_bytes += sum(new[place].byte_end - new[place].byte_start for place in unread)
        return pending.fullness

    def _hashes(self, parts: Sequence[Part]) -> pa.Array:
        """XXH3-128 of each record's bytes and of what the header lends it.

        Whoever makes two records of one hash hides a record of his own from us, which he may as well not send.
        """
        digests = []
        begin = self._inherited.copy
        with memoryview(self._buffer) as view:
            for _, start, end, _, _ in parts:
                digest = begin()
                # The slice isn't named: what is mapped can't be closed while a part of it is held.
                digest.update(view[start:end])
                digests.append(digest.digest())
        joined = pa.py_buffer(b"".join(digests))
        return pa.Array.from_buffers(pa.binary(_DIGEST_BYTES), len(parts), [None, joined]).cast(pa.binary())

    def read(self, pending: Pending, position: int) -> Batch:
        """Reads records that were looked at.

        Args:
            pending: The records.
            position: The first one's place in the message.

        Raises:
            RefusedError: One asks for other files (rule F3).
        """
        work = _Work(pending.parts, np.concatenate(pending.known))
        self._count_styles(work)
        self._refuse_some(work)
        self._read_plain(work)
        return self._batch(work, pa.concat_arrays(pending.hashes), position)

    def _count_styles(self, work: _Work) -> None:
        """Known records are all in one style: their first tag tells it."""
        places = np.flatnonzero(work.known).tolist()
        starts = (work.parts[place].byte_start for place in places)
        short = sum(_SHORT_RECORD.match(self._buffer, start) is not None for start in starts)
        self._names.styles[SHORT] += short
        self._names.styles[REFERENCE] += len(places) - short

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

    def _bytes(self, part: Part) -> bytes:
        return self._buffer[part.byte_start : part.byte_end]

    def _read_plain(self, work: _Work) -> None:
        left = [place for place in np.flatnonzero(~work.known).tolist() if place not in work.unreadable]
        odd = self._read_utf8(work, left) if self._encoding.name == "utf-8" else None
        if odd is None:
            odd = self._read_decoded(work, left)
        self._read_carefully(work, sorted(self._read_with_entities(work, odd)))

    def _read_utf8(self, work: _Work, places: list[int]) -> list[int] | None:
        """Reads records where they all are UTF-8, and meant to be; None where one isn't."""
        lengths = [work.parts[place].byte_end - work.parts[place].byte_start for place in places]
        data = self._room_for(sum(lengths) + len(_SLACK))
        at = 0
        with memoryview(self._buffer) as view, memoryview(data) as room:
            for place in places:
                part = work.parts[place]
                end = at + part.byte_end - part.byte_start
                # What is mapped can't be closed while a part of it is held.
                with view[part.byte_start : part.byte_end] as one:
                    room[at:end] = one
                at = end
            room[at : at + len(_SLACK)] = _SLACK
        return self._shred(work, places, data, lengths) if _is_utf8(data, at) else None

    def _room_for(self, size: int) -> bytearray:
        """Room for records' bytes, the same again where it is large enough: new pages cost time."""
        if len(self._room) < size:
            self._room = bytearray(size)
        return self._room

    def _read_decoded(self, work: _Work, places: list[int]) -> list[int]:
        """Reads records each decoded for itself."""
        read: list[int] = []
        texts: list[bytes] = []
        for place in places:
            try:
                decoded = decode(self._bytes(work.parts[place]), self._encoding.name, forced=self._encoding.forced)
            except UnreadableError as error:
                work.unreadable[place] = error
                continue
            if decoded.warning:
                work.decoded[place] = decoded
            read.append(place)
            texts.append(decoded.text.encode())
        return self._shred(work, read, b"".join([*texts, _SLACK]), [len(text) for text in texts])

    def _read_with_entities(self, work: _Work, places: list[int]) -> list[int]:
        """Reads those records again that use named characters, as 2.1 does, with these written by number."""
        others: list[int] = []
        read: list[int] = []
        texts: list[bytes] = []
        for place in places:
            data = self._bytes(work.parts[place])
            text = decode(data, self._encoding.name, forced=self._encoding.forced).text.encode()
            numbered, unknown = replace_named_entities(text, "utf-8")
            if unknown or numbered == text:
                others.append(place)
            else:
                read.append(place)
                texts.append(numbered)
        return others + self._shred(work, read, b"".join([*texts, _SLACK]), [len(text) for text in texts])

    def _read_carefully(self, work: _Work, places: list[int]) -> None:
        read: list[int] = []
        plain: list[bytes] = []
        for place in places:
            try:
                node, decoded = parse(self._bytes(work.parts[place]), self._encoding, self._root)
            except UnreadableError as error:
                work.unreadable[place] = error
                work.decoded.pop(place, None)
                continue
            if decoded.warning:
                work.decoded[place] = decoded
            read.append(place)
            plain.append(plain_xml(node.element))
        for place in self._shred(work, read, b"".join([*plain, _SLACK]), [len(one) for one in plain]):
            text = "It has more different elements, attributes or levels than any ONIX record."
            work.unreadable[place] = UnreadableError("R8", text, SEND_AGAIN)
            work.decoded.pop(place, None)

    def _shred(self, work: _Work, places: list[int], data: bytes | bytearray, lengths: list[int]) -> list[int]:
        """Maps those records that are plain. Returns the places of the others.

        Args:
            work: Gets what is read.
            places: The records' places.
            data: Their bytes, one after the other in UTF-8, and eight zeros.
            lengths: How many bytes each has.
        """
        if not places:
            return []
        ends = np.cumsum(lengths)
        # Bytes that may be written to would be another type, for which everything is compiled once more.
        letters = memoryview(data).toreadonly()
        columns, first_node, odd = self._names.shred(letters, ends - lengths, ends)
        good = np.flatnonzero(~odd)
        if len(good):
            nodes = Nodes(self._names, letters, columns, np.append(first_node[:-1][good], first_node[-1]))
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


def _is_in_doubt(part: Part) -> bool:
    """Whether what stands around it makes a record unreadable, whatever its bytes are."""
    return part.kind == "other" or part.problem is not None


def _is_utf8(data: bytearray, size: int) -> bool:
    offsets = pa.py_buffer(np.array([0, size], np.int32))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
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
    _, starts, ends, lines, _ = zip(*parts, strict=True)
    return pa.StructArray.from_arrays(
        [pa.array(column, pa.int64()) for column in (starts, ends, lines)], fields=list(kind)
    )


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
