"""Whatever a record says: an override of any field is stated, and nothing else changes (RFC 0005)."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bindery.catalogue.content import content_hashes, content_of
from bindery.catalogue.facts_of import FACTS_SCHEMA, facts_of
from bindery.catalogue.overriding import BLOCKS, FIELDS, derived, read_value, unstated
from bindery.catalogue.record import Record
from bindery.catalogue.record_schema import PARTS_OF_CONTENT, VERSION_SCHEMA
from tests.catalogue.records import records

_SLOW_TO_MAKE = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
)

VALUES = {
    "title": ["Persuasion", "Unknown", "Hobbit"],
    "subtitle": ["A Novel", "Sub"],
    "authors": ["Jane Austen", "Ann Lee; Łukasz Ó", "Nina; 名前; Ann Lee"],
    "narrators": ["Juliet Stevenson", "Ann Lee", "Ann Lee; Nina"],
    "language": ["eng", "pol"],
    "abridged": ["yes", "no"],
    "duration_seconds": ["31200", "8h 40m"],
    "series": ["The Long Road", "Ann Lee #3"],
    "main_subject": ["thema:FF", "bisac:FIC022000", "12:FA"],
    "description": ["A second chance.", "<p>A <b>second</b> chance.</p><p>Bath &amp; Lyme</p>"],
    "cover_link": ["https://covers.example/1.jpg", "http://x/1"],
    "publisher": ["Ann Lee", "Naxos AudioBooks"],
    "imprint": ["Nina", "Naxos"],
    "publication_date": ["2026-03-01", "2025-02-20"],
    "price": ["9.99 GBP", "12 EUR", "10.5 USD"],
}

TOGETHER = {
    "narrators": {"narration_type"},
    "price": {"price_amount", "price_currency", "price_count", "price_problem"},
}
"""Facts that say what an overridden one says too: whose voice it is goes with the voice."""


def version_of(made: Record) -> pa.Table:
    content = content_of([made])
    facts = facts_of(content)
    columns = {"content_hash": content_hashes(content)}
    columns |= {name: content[name] for name in content.column_names}
    columns |= {name: facts[name] for name in facts.column_names}
    return pa.table([columns[name] for name in VERSION_SCHEMA.names], schema=VERSION_SCHEMA)


def chosen(block: str) -> st.SearchStrategy[dict[str, str | None]]:
    fields = {
        name: st.sampled_from([read_value(name, value) for value in VALUES[name]] + [None] * field.may_be_empty)
        for name, field in FIELDS.items()
        if field.block == block
    }
    return st.fixed_dictionaries({}, optional=fields).filter(bool)


def asked(name: str, value: str | None) -> str | None:
    return None if value is None else FIELDS[name].stated(value)


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS)
def test_any_overrides_of_any_record_are_stated_and_nothing_else(block: str) -> None:
    @_SLOW_TO_MAKE
    @given(records(*BLOCKS), chosen(block))
    def check(made: Record, fields: dict[str, str | None]) -> None:
        base = version_of(made)
        (before,) = base.to_pylist()
        (after,) = derived(base, block, [fields]).to_pylist()
        for name, value in fields.items():
            assert FIELDS[name].fact(after) == asked(name, value)
        touched = set().union(*(TOGETHER.get(name, {name}) | {name} for name in fields))
        untouched = [name for name in (*FACTS_SCHEMA.names, *PARTS_OF_CONTENT) if name not in {*touched, block}]
        assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}
        again = facts_of(pa.Table.from_pylist([after], schema=VERSION_SCHEMA)).to_pylist()[0]
        assert {name: after[name] for name in again} == again
        assert derived(base, block, [fields]).to_pylist() == [after]

    check()


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS)
def test_where_nobody_states_a_block_the_person_does(block: str) -> None:
    @_SLOW_TO_MAKE
    @given(chosen(block))
    def check(fields: dict[str, str | None]) -> None:
        (after,) = derived(unstated(block), block, [fields]).to_pylist()
        assert {name: FIELDS[name].fact(after) for name in fields} == {
            name: asked(name, value) for name, value in fields.items()
        }

    check()


@pytest.mark.slow
@_SLOW_TO_MAKE
@given(st.lists(st.tuples(records("descriptive"), chosen("descriptive")), min_size=1, max_size=3))
def test_a_version_is_derived_alike_beside_others_and_alone(pairs: list[tuple[Record, dict[str, Any]]]) -> None:
    bases = [version_of(made) for made, _ in pairs]
    together = derived(pa.concat_tables(bases), "descriptive", [fields for _, fields in pairs])
    alone = [derived(base, "descriptive", [fields]) for base, (_, fields) in zip(bases, pairs, strict=True)]
    assert together.to_pylist() == pa.concat_tables(alone).to_pylist()


@_SLOW_TO_MAKE
@given(records(*BLOCKS), st.sampled_from(BLOCKS))
def test_without_overrides_a_version_is_what_it_was(made: Record, block: str) -> None:
    base = version_of(made)
    assert derived(base, block, [{}]) == base
