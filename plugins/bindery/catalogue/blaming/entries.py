"""The answer of blame: each field's values, newest first, with where they come from and why they won."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypedDict

from bindery.catalogue.blaming.evidence import Evidence, Row
from bindery.catalogue.blaming.rules import rule_of
from bindery.catalogue.blaming.sources import Source, sources_of
from bindery.catalogue.blaming.spells import FIELDS, Spell, countries_of, spells_of


class Moment(TypedDict):
    """When a change was made.

    Attributes:
        change_id: Its number in the change log.
        day: The catalogue's day.
        at: The moment, in UTC.
        run: The Airflow run, or the command.
    """

    change_id: int
    day: date | None
    at: datetime | None
    run: str | None


class Cause(TypedDict):
    """What caused a change: ``message``, ``undo``, ``redo``, ``override``, ``precedence``, … and which."""

    cause: str
    supplier: str
    cause_id: str


class Entry(TypedDict):
    """A value of a field.

    Attributes:
        value: A text, number, date or list; of a set of territories its countries.
        since: The change that brought it.
        until: The change that ended it; None where it holds now.
        supplier: Whose record states it; None where a person or several records decide.
        rule: Why it won.
        sources: The records it comes from, in their messages.
        causes: What caused the change that brought it.
    """

    field: str
    value: Any
    since: Moment
    until: Moment | None
    supplier: str | None
    record_reference: str | None
    rule: str
    sources: list[Source]
    causes: list[Cause]


class Blame(TypedDict):
    """A title's values by field, newest first; a field that never had one is left out."""

    isbn13: str
    fields: dict[str, list[Entry]]


def blame_of(evidence: Evidence, field: str | None = None) -> Blame:
    """What is to be said of a title.

    Args:
        evidence: Everything kept of it.
        field: One of ``FIELDS``; None for all.
    """
    told = {
        name: [_entry(evidence, spell) for spell in reversed(spells_of(evidence, name))]
        for name in (FIELDS if field is None else (field,))
    }
    return Blame(isbn13=evidence.isbn13, fields={name: entries for name, entries in told.items() if entries})


def _entry(evidence: Evidence, spell: Spell) -> Entry:
    begins = evidence.history[spell.first]
    ends = None if spell.is_current(evidence) else evidence.history[spell.last + 1]
    sources = sources_of(evidence, spell)
    # Of what the whole title decides, one record is named only where it is the only one.
    named = {(source["supplier"], source["record_reference"]) for source in sources}
    only = sources[0] if len(named) == 1 and spell.override_id is None else None
    return Entry(
        field=spell.field,
        value=countries_of(evidence, spell.field, spell.value),
        since=_moment(begins),
        until=None if ends is None else _moment(ends),
        supplier=spell.supplier or (only and only["supplier"]),
        record_reference=spell.record_reference or (only and only["record_reference"]),
        rule=rule_of(evidence, spell),
        sources=sources,
        causes=[
            Cause(cause=one["cause"], supplier=one["supplier"], cause_id=one["cause_id"])
            for one in begins["causes"] or ()
        ],
    )


def _moment(row: Row) -> Moment:
    return Moment(change_id=row["change_id"], day=row["day"], at=row["changed_at"], run=row["run"])
