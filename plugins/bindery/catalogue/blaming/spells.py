"""Spells: the times during which one field of a title had one value, said by one record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from bindery.catalogue.blaming.evidence import Evidence, Row
from bindery.catalogue.shown import FACTS, OFFER_FACTS, offer_fact, text_of
from bindery.trade.models import MODELS

BLOCK_OF: Final = {name: block for block, names in FACTS.items() for name in (names or (block,))}
"""The block each fact is in; a block of which no facts are shown is its own."""

STANDING: Final = ("state", "reason")

FIELDS: Final = (*STANDING, *BLOCK_OF, *(f"{model}.{fact}" for model in MODELS for fact in OFFER_FACTS))
"""Every field that has a history, in the order shown."""

OVERRIDDEN_BY: Final = {"price_amount": "price", "price_currency": "price"}
"""What people name to override a fact, where it isn't called like the fact."""


@dataclass(frozen=True)
class Spell:
    """A time during which a field had one value.

    Attributes:
        field: The field.
        first: Where it begins in the title's history.
        last: The last place in the history at which it holds.
        value: The value; None where nothing was stated.
        supplier: Whose record states the block; None of what no record states.
        record_reference: That record.
        override_id: The override that sets the value, where a person did.
    """

    field: str
    first: int
    last: int
    value: Any
    supplier: str | None = None
    record_reference: str | None = None
    override_id: str | None = None

    def is_current(self, evidence: Evidence) -> bool:
        """Whether it holds now."""
        return self.last == len(evidence.history) - 1


def spells_of(evidence: Evidence, field: str) -> list[Spell]:
    """The spells of a field, oldest first; without those before it was ever stated.

    Args:
        evidence: Of a title.
        field: One of ``FIELDS``.
    """
    if field in STANDING:
        found = list(_standing(evidence, field))
    elif field in BLOCK_OF:
        found = list(_facts(evidence, field))
    else:
        found = list(_offered(evidence, field))
    while found and found[0].value is None and field != "reason":
        del found[0]
    return found if any(spell.value is not None for spell in found) else []


def values_at(evidence: Evidence, at: int | None) -> dict[str, Any]:
    """What a title's fields were at a place in its history, countries spelt out; without those that had no value.

    Args:
        evidence: Of the title.
        at: The place; None for before its history.
    """
    if at is None:
        return {}
    row = evidence.history[at]
    values: dict[str, Any] = {field: row[field] for field in STANDING}
    values |= {field: _value(evidence, row, field, block) for field, block in BLOCK_OF.items()}
    for field in FIELDS[len(values) :]:
        value = offer_values(evidence, field)[at]
        values[field] = countries_of(evidence, field, value)
    return {field: value for field, value in values.items() if value is not None}


def countries_of(evidence: Evidence, field: str, value: Any) -> Any:
    """The countries of a set of territories; any other value as it is."""
    if field.endswith(".territory_set_id") and value is not None:
        return list(evidence.countries.get(value, ()))
    return value


def is_derived(evidence: Evidence, row: Row, block: str) -> bool:
    """Whether a title's version of a block is one that people's overrides made: no record ever had it."""
    version, supplier = row[f"{block}_version"], row[f"{block}_supplier"]
    if version is None:
        return False
    received = evidence.received_of(supplier, row[f"{block}_record"]) if supplier is not None else ()
    return all(one["content_hash"] != version for one in received)


def _standing(evidence: Evidence, field: str) -> Iterator[Spell]:
    for first, last in _runs(evidence, lambda _, row: (row["state"], row["reason"])):
        yield Spell(field, first, last, evidence.history[first][field])


def _facts(evidence: Evidence, field: str) -> Iterator[Spell]:
    block = BLOCK_OF[field]

    def said(_: int, row: Row) -> tuple[Any, ...]:
        override = _override(evidence, row, field, block)
        by = (None, None) if override else (row[f"{block}_supplier"], row[f"{block}_record"])
        return (text_of(_value(evidence, row, field, block)), *by, override)

    for first, last in _runs(evidence, said):
        _, supplier, reference, override = said(first, evidence.history[first])
        value = _value(evidence, evidence.history[first], field, block)
        yield Spell(field, first, last, value, supplier, reference, override)


def _value(evidence: Evidence, row: Row, field: str, block: str) -> Any:
    return evidence.said(row[f"{block}_version"], field)


def _override(evidence: Evidence, row: Row, field: str, block: str) -> str | None:
    wanted = OVERRIDDEN_BY.get(field, field)
    held = [one["override_id"] for one in evidence.overrides if one["field"] == wanted and _held(one, row)]
    return held[-1] if held and is_derived(evidence, row, block) else None


def _held(override: Row, row: Row) -> bool:
    """Whether an override was in force when a change was made."""
    at, day = row["changed_at"], row["day"]
    if at is not None and (override["set_at"] > at or (override["released_at"] or at) < at):
        return False
    return override["expires_on"] is None or day is None or bool(override["expires_on"] > day)


def _offered(evidence: Evidence, field: str) -> Iterator[Spell]:
    values = offer_values(evidence, field)
    for first, last in _runs(evidence, lambda at, _: values[at]):
        yield Spell(field, first, last, values[first])


def offer_values(evidence: Evidence, field: str) -> list[str | None]:
    """What each row of the history had: from what is offered now, back through what each change says was before."""
    model, _, fact = field.partition(".")
    now = evidence.offers.get(model)
    values = [offer_fact(now, fact) if now else None]
    for at in range(len(evidence.history) - 1, 0, -1):
        row, before = evidence.history[at], evidence.history[at - 1]
        told = [one["old_value"] for one in row["fields"] or () if one["field"] == field]
        value = told[0] if told else values[-1]
        values.append(None if before["state"] == "gone" else value)
    return values[::-1]


def _runs(evidence: Evidence, said: Callable[[int, Row], Any]) -> list[tuple[int, int]]:
    """First and last place of each run of rows that say the same."""
    numbered: Sequence[tuple[int, Row]] = list(enumerate(evidence.history))
    runs = []
    for _, group in groupby(numbered, key=lambda one: said(*one)):
        places = [at for at, _ in group]
        runs.append((places[0], places[-1]))
    return runs
