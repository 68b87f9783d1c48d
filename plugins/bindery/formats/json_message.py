"""A supplier's JSON to records: one object is one full record (notification type 03), read by a mapping.

A record's bytes are its own exactly: a line of JSON Lines, an item of a list, an object of several one after another. A
line that is broken costs itself alone. A list whose brackets don't fit together has no telling where its next item
begins, so the message is refused there, as one that breaks off.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from mmap import ACCESS_READ, mmap
from pathlib import Path

from bindery.catalogue.record import Source
from bindery.errors import RefusedError
from bindery.formats.json_split import RECORD_LIMIT, BrokenJsonError, Span, Splitter, paths_in
from bindery.formats.json_values import JsonValues, parsed_json
from bindery.formats.kind import wide_encoding
from bindery.formats.mapping import JsonMapping, json_mappings
from bindery.formats.message import MappedMessage, unreadable
from bindery.formats.paths import steps_of
from bindery.formats.places import Place
from bindery.formats.values import VALUE_RULE, Problem
from bindery.reading import ParsedRecord
from bindery.trade.dates import read_sent_at

FORMAT = "json"
_LOOKED_AT = 1 << 20
"""Bytes in which a message must show what it is."""


class JsonMessage(MappedMessage):
    """An open JSON message. Use as a context manager; iterate ``records()`` once."""

    def __init__(self, path: Path, mapping: JsonMapping, *, name: str | None = None) -> None:
        """Opens the message.

        Args:
            path: The file, uncompressed.
            mapping: What its values mean.
            name: What to call it in errors.

        Raises:
            RefusedError: It isn't JSON in UTF-8.
        """
        super().__init__(mapping, FORMAT, name or path.name)
        self.mapping = mapping
        self.facts.encoding = "utf-8"
        try:
            self._document, self._start = _mapped(self._opened, path, self.name)
        except BaseException:
            self._opened.close()
            raise
        self._newlines, self._counted_to = 0, 0

    def records(self) -> Iterator[ParsedRecord]:
        """The records, in order.

        Raises:
            RefusedError: It holds no records where the mapping says, breaks off, or can't be told apart.
        """
        whole = self.mapping.records == ("$",)
        position = -1
        for position, span in enumerate(self._lines() if whole and self._is_lines() else self._items()):
            source: Source = {"byte_start": span.start, "byte_end": span.end, "line": self._line_of(span.start)}
            raw = self._document[span.start : min(span.end, span.start + RECORD_LIMIT)]
            parsed = self._parsed(position, source, raw)
            self._read_object(parsed, raw, span)
            yield parsed
        if position < 0:
            self._warn("F16", "The message holds no records.", "Sender: send no file where nothing changed.")

    def _read_object(self, parsed: ParsedRecord, raw: bytes, span: Span) -> None:
        problem, content = None, None
        doubled: list[str] = []
        if span.end - span.start > RECORD_LIMIT:
            problem = f"It is longer than {RECORD_LIMIT:,} bytes."
        else:
            try:
                content, doubled = parsed_json(raw)
            except ValueError as error:
                problem = f"It is no JSON: {error}."
        if problem is None and not isinstance(content, dict):
            problem = "It is no object."
        if problem:
            fix = "Sender: write it as one JSON object in UTF-8, and send it again."
            parsed.findings = [unreadable(parsed, f"The record can't be read. {problem}", fix)]
            return
        values = JsonValues(self.mapping, content, [])
        if self.mapping.records == ("$",):
            self._read_facts(values, first=parsed.position == 0)
        text = "The object has this key more than once; the last one counts."
        self._read(parsed, values, [Problem(VALUE_RULE, key, text) for key in dict.fromkeys(doubled)])

    def _is_lines(self) -> bool:
        """Whether it is JSON Lines: an object on its first line, and another one on the next that isn't blank."""
        begins = (self._document[span.start : span.start + 1] for span in self._lines())
        return next(begins, b"") == b"{" and next(begins, b"") == b"{"

    def _lines(self) -> Iterator[Span]:
        """The lines that aren't blank."""
        position, size = self._start, len(self._document)
        while position < size:
            feed = self._document.find(b"\n", position)
            end = size if feed == -1 else feed
            line = self._document[position : min(end, position + RECORD_LIMIT)]
            stripped = line.strip()
            if stripped:
                start = position + len(line) - len(line.lstrip())
                yield Span(start, start + len(stripped) if len(line) == end - position else end)
            position = end + 1

    def _items(self) -> Iterator[Span]:
        """The items of the lists that the mapping names."""
        wanted = frozenset(steps for path in self.mapping.records if (steps := steps_of(path)) is not None)
        splitter = Splitter(self._document, wanted, self._start)
        try:
            yield from splitter.spans()
        except BrokenJsonError as error:
            what = f"{self.name} is no whole JSON: {error} (byte {error.at:,}, line {self._line_of(error.at)})."
            fix = "Ask the sender to upload it again; nothing of it was applied."
            raise RefusedError(what, fix=fix, rule="F1") from None
        if not splitter.found:
            keys = sorted({path[0] for path in paths_in(self._document, self._start, _LOOKED_AT) if path})
            there = f"its keys are {', '.join(keys)[:200]}" if keys else "it is empty"
            what = f"{self.name} has nothing at {' or '.join(self.mapping.records)}; {there}."
            raise RefusedError(what, fix="Ask the sender for the agreed message, or name another mapping.", rule="F5")
        if () not in wanted:
            self._read_outside(splitter.outside)

    def _read_outside(self, outside: bytes) -> None:
        """What is beside the records: facts of the message, and what nobody reads."""
        try:
            content, _ = parsed_json(outside)
        except ValueError as error:
            what = f"{self.name} is no JSON around its records: {error}."
            raise RefusedError(what, fix="Ask the sender to correct it; nothing of it was applied.") from None
        values = JsonValues(self.mapping, content, [])
        self._read_facts(values, first=True)
        for element in values.unmapped():
            self.counts.unmapped[element["path"]] += element["count"]

    def _read_facts(self, values: JsonValues, *, first: bool) -> None:
        """Sender and time; of a message that is its records, as long as no second one says otherwise."""
        places = {key: Place(at=(path,)) for key in ("sent_at", "sender") if (path := getattr(self.mapping, key))}
        if not first:
            self.facts.sent_at = self.facts.sender = None
            return
        self.facts.sender = values.stated(places.get("sender"))
        sent_at = values.stated(places.get("sent_at"))
        self.facts.sent_at = read_sent_at(sent_at) if sent_at else None

    def _line_of(self, at: int) -> int:
        """The line of a byte. Asked for in rising order, every byte is looked at once."""
        if at < self._counted_to:
            self._newlines, self._counted_to = 0, 0
        while self._counted_to < at:
            end = min(at, self._counted_to + _LOOKED_AT)
            self._newlines += self._document[self._counted_to : end].count(b"\n")
            self._counted_to = end
        return self._newlines + 1


def _mapped(opened: ExitStack, path: Path, name: str) -> tuple[mmap, int]:
    """The file as bytes, and where its text begins."""
    if path.stat().st_size == 0:
        raise RefusedError(f"{name} is empty (0 bytes).", fix="Ask the sender for the file again.", rule="F1")
    file = opened.enter_context(path.open("rb"))
    document = opened.enter_context(mmap(file.fileno(), 0, access=ACCESS_READ))
    head = document[:256]
    if wide_encoding(head):
        fix = "Ask the sender for JSON in UTF-8; it has no other encoding (RFC 8259)."
        raise RefusedError(f"{name} is JSON in UTF-16.", fix=fix, rule="F4")
    return document, len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0


def recognised(path: Path, mappings: Mapping[str, JsonMapping]) -> str | None:
    """The name of the mapping that knows a JSON message by its keys; None where none does."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as document:
        seen = paths_in(document, 3 if document[:3] == codecs.BOM_UTF8 else 0, _LOOKED_AT)
    for name, mapping in mappings.items():
        if any(all(steps_of(one) in seen for one in keys) for keys in mapping.recognised_by):
            return name
    return None


def read_json(path: Path, mapping: JsonMapping, *, name: str | None = None) -> JsonMessage:
    """Opens a JSON message for reading: see ``JsonMessage``.

    Raises:
        RefusedError: It isn't JSON in UTF-8.
    """
    return JsonMessage(path, mapping, name=name)


def mapping_of(path: Path, name: str) -> JsonMapping:
    """The mapping of a message for which none is named.

    Raises:
        RefusedError: It doesn't show what it is.
    """
    mappings = json_mappings()
    known = recognised(path, mappings)
    if known is None:
        there = ", ".join(mappings)
        what = f"{name} looks like JSON, and doesn't show whose: no mapping says what its values mean."
        raise RefusedError(what, fix=f"Name a mapping (--mapping NAME; there are {there}), or write one.", rule="F5")
    return mappings[known]
