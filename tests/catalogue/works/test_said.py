"""What versions say of their books: written by columns, read one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bindery.catalogue.content import content_of
from bindery.catalogue.facts_of import facts_of
from bindery.catalogue.record import Record
from bindery.catalogue.record_schema import VERSION_SCHEMA
from bindery.catalogue.works.facts import ISBN, Link, read_facts
from bindery.catalogue.works.said import said, work_facts
from tests.catalogue.records import records


def versions(made: Sequence[Record]) -> pa.Table:
    content = content_of(made)
    facts = facts_of(content)
    return pa.table({**dict(zip(facts.column_names, facts.columns, strict=True)), **_columns(content)})


def _columns(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    return {name: table[name] for name in ("descriptive", "related")}


def model(version: Mapping[str, Any]) -> dict[str, Any]:
    """The same of one version, without columns."""
    descriptive, related = version["descriptive"] or {}, version["related"] or {}

    def rows(items: Any, *names: str) -> list[list[Any]]:
        return [[item[name] for name in names] for item in items or ()]

    identifiers = ("type", "type_name", "value")
    flat = ("title", "subtitle", "language", "duration_seconds", "abridged", "primary_content_type")
    whole = {name: version[name] for name in flat} | {
        "composition": descriptive.get("composition"),
        "edition_types": descriptive.get("edition_types"),
        "languages": rows(descriptive.get("languages"), "role", "code"),
        "titles": [
            [one["type"], rows(one["elements"], "level", "text", "without_prefix", "part_number")]
            for one in descriptive.get("titles") or ()
        ],
        "collections": rows(descriptive.get("collections"), "title", "part_number"),
        "texts": sum(bool(part["identifiers"]) for part in descriptive.get("parts") or ()) or None,
        "contributors": [
            [
                *(one["sequence"], one["roles"], one["name"], one["key_names"], one["name_inverted"]),
                *(one["corporate_name"], rows(one["identifiers"], "type", "value")),
            ]
            for one in descriptive.get("contributors") or ()
        ],
        "works": [[one["relation"], rows(one["identifiers"], *identifiers)] for one in related.get("works") or ()],
        "products": [
            [one["relations"], rows(one["identifiers"], *identifiers)] for one in related.get("products") or ()
        ],
    }
    return {name: value for name, value in whole.items() if value is not None and value != []}


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(records("descriptive", "related"), min_size=1, max_size=5), st.data())
def test_everything_that_was_said_is_read_wherever_it_stands(made: list[Record], data: Any) -> None:
    table = versions(made)
    cut = data.draw(st.integers(0, len(made)))
    for some in (table, table.slice(cut), pa.concat_tables([table.slice(cut), table.slice(0, cut)])):
        assert [said(text) for text in work_facts(some).to_pylist()] == [model(row) for row in some.to_pylist()]


def test_nothing_is_said_of_a_book_by_no_version() -> None:
    assert said(None) == {}
    assert work_facts(versions([])).to_pylist() == []


def test_a_version_that_says_nothing_of_a_book_has_its_place() -> None:
    rows = [{"title": "Momo"}, {}, {"related": {"works": [{"relation": "01", "identifiers": []}]}}, {"isbn13": "x"}]
    texts = work_facts(pa.Table.from_pylist(rows, schema=VERSION_SCHEMA)).to_pylist()
    assert texts == ['{"title":"Momo"}', "{}", '{"works":[["01",[]]]}', "{}"]


def test_facts_are_read_of_both_blocks() -> None:
    text = (
        '{"title":"The \\"Salt\\" Road","language":"eng","duration_seconds":3600,"abridged":"no",'
        '"contributors":[[2,["E07"],"Kofi Marsh",null,null,null,[]],'
        '[null,["A01"],"Last Named",null,null,null,[]],'
        '[1,["A01","B06"],"Una Denholm","Denholm",null,null,[["16","0000 0001 2103 2683"],["01","x"]]]]}'
    )
    related = '{"works":[["01",[["01","North work","W1"]]]],"products":[[["06"],[["15",null,"9780000000101"]]]]}'
    facts = read_facts("9780000000019", said(text), said(related), "north")
    assert facts.title.name == "salt road"
    assert [(one.family, sorted(one.ids)) for one in facts.authors] == [
        ("denholm", ["16:0000000121032683"]),
        ("named", []),
    ]
    assert [one.family for one in facts.narrators] == ["marsh"]
    assert (facts.language, facts.seconds, facts.abridged) == ("eng", 3600, "no")
    assert facts.links == {
        Link(ISBN, "9780000000019", "own"),
        Link(ISBN, "9780000000101", "format"),
        Link("north|01|north work", "w1", "work"),
    }
