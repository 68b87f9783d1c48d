"""What messages read by a mapping have in common, whatever they are written in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Self

from bindery.catalogue.record import Source
from bindery.findings import Finding, Severity, message_warning
from bindery.formats.blocks import record_of
from bindery.formats.mapping import Mapping
from bindery.formats.values import Problem, Values
from bindery.reading import Counts, MessageFacts, ParsedRecord, ReadOneByOne


class MappedMessage(ReadOneByOne, AbstractContextManager["MappedMessage"]):
    """An open message whose records a mapping reads. Use as a context manager; iterate ``records()`` once."""

    def __init__(self, mapping: Mapping, message_format: str, name: str) -> None:
        self.name = name
        self.facts, self.counts = MessageFacts(format=message_format), Counts()
        self._opened = ExitStack()
        self._fingerprint = mapping.fingerprint().encode()
        self._known_by = (
            mapping.places.record_reference.at if mapping.places.record_reference else (),
            mapping.places.isbn.at if mapping.places.isbn else (),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def _parsed(self, position: int, source: Source, *raw: bytes) -> ParsedRecord:
        return ParsedRecord(position, source, hashlib.sha256(b"\0".join((self._fingerprint, *raw))).hexdigest())

    def _read(self, parsed: ParsedRecord, values: Values, problems: Sequence[Problem] = ()) -> None:
        """Reads a record's values into it, with what is wrong with them."""
        record = record_of(values, parsed.source)
        record["unmapped"] = values.unmapped()
        for element in record["unmapped"]:
            self.counts.unmapped[element["path"]] += element["count"]
        parsed.record, parsed.record_reference = record, record["record_reference"] or None
        found = [*values.problems, *problems]
        if parsed.record_reference is None:
            text = "The record has neither a record ID nor an ISBN, so it can't be told from others."
            at = next((heading for places in reversed(self._known_by) for heading in places), "")
            found.append(Problem("R1", values.where(at), text))
        parsed.findings = [_finding(parsed, problem) for problem in found]

    def _warn(self, rule: str, text: str, fix: str) -> None:
        self.counts.findings.append(message_warning(rule, text, fix))


def _finding(parsed: ParsedRecord, problem: Problem) -> Finding:
    return Finding(
        rule=problem.rule,
        severity=Severity.BLOCK if problem.rule == "R1" else Severity.WARN,
        position=parsed.position,
        record_reference=parsed.record_reference,
        path=problem.where or None,
        line=parsed.source["line"],
        byte_start=parsed.source["byte_start"],
        text=problem.text,
        fix=f"Sender: correct {problem.where or 'the record'}.",
    )


def unreadable(parsed: ParsedRecord, reason: str, fix: str) -> Finding:
    """The finding of a record that can't be read."""
    return Finding(
        rule="F1",
        severity=Severity.BLOCK,
        position=parsed.position,
        record_reference=None,
        path=None,
        line=parsed.source["line"],
        byte_start=parsed.source["byte_start"],
        text=reason,
        fix=fix,
    )
