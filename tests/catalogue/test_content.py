"""Two records have the same hash if, and only if, they say the same."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bindery.catalogue.canonical import canonical_rows
from bindery.catalogue.content import CONTENT_SCHEMA, content_hashes, content_of
from bindery.catalogue.record import Record
from tests.catalogue.records import values_of
from tests.trade.builders import market, price, record, right, supply
from tests.trade.builders import publishing as published

_SLOW_TO_MAKE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def _json(value: Any) -> str:
    """The model: sorted keys, decimals without trailing zeros."""
    return json.dumps(value, sort_keys=True, default=lambda one: f"{one.normalize():f}")


def _hash(**stated: Any) -> str:
    (found,) = content_hashes(content_of([record(**stated)])).to_pylist()
    return str(found)


def test_a_hash_is_sha_256_in_lower_case() -> None:
    assert len(_hash()) == 64
    assert set(_hash()) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"record_reference": ""}, {"record_reference": None}),
        ({"notification_type": ""}, {"notification_type": None}),
        (
            {"supply": [market(supply("20", {**price("10.5"), "amount": Decimal("10.50")}))]},
            {"supply": [market(supply("20", price("10.5")))]},
        ),
        (
            {"source": {"byte_start": 0, "byte_end": 9, "line": 1}},
            {"source": {"byte_start": 5, "byte_end": 9, "line": 2}},
        ),
        ({"unmapped": []}, {"unmapped": [{"path": "Product/X", "count": 1}]}),
    ],
)
def test_what_says_the_same_has_the_same_hash(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert _hash(**one) == _hash(**other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"record_source_name": ""}, {"record_source_name": None}),
        ({"supply": []}, {"supply": None}),
        ({"deletion_text": ["ab", "c"]}, {"deletion_text": ["a", "bc"]}),
        ({"deletion_text": ["a", "b"]}, {"deletion_text": ["b", "a"]}),
        ({"deletion_text": ["a"]}, {"deletion_text": ["a", ""]}),
        ({"deletion_text": ["a" * 254]}, {"deletion_text": ["a" * 255]}),
        ({"deletion_text": ["a" * 300, "b"]}, {"deletion_text": ["a" * 299, "ab"]}),
        ({"deletion_text": ["x"]}, {"touches": ["x"]}),
        (
            {"record_source_type": "ab", "record_source_name": "c"},
            {"record_source_type": "a", "record_source_name": "bc"},
        ),
        ({"publishing": None}, {"publishing": dict.fromkeys(published())}),
        ({"publishing": None}, {"publishing": published()}),
        ({"publishing": published(right("01", inc="DE AT"))}, {"publishing": published(right("01", inc="AT DE"))}),
        (
            {"publishing": published(right("01", inc="DE"), right("01", inc="AT"))},
            {"publishing": published(right("01", inc="DE AT"), right("01"))},
        ),
        ({"supply": [market(supply("20")), market()]}, {"supply": [market(), market(supply("20"))]}),
    ],
)
def test_any_difference_gives_another_hash(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert _hash(**one) != _hash(**other)


_ROWS = st.fixed_dictionaries({one.name: values_of(one.type) for one in CONTENT_SCHEMA})
"""Rows with anything anywhere."""
_SMALL_ROWS = st.fixed_dictionaries(
    {}, optional={name: values_of(CONTENT_SCHEMA.field(name).type) for name in ("identifiers", "content", "related")}
)


def _canonical(row: dict[str, Any]) -> str:
    named = {name: row.get(name) for name in CONTENT_SCHEMA.names}
    return _json(named | {name: named[name] or None for name in ("record_reference", "notification_type")})


@pytest.mark.slow
@_SLOW_TO_MAKE
@given(st.lists(_ROWS, max_size=2) | st.lists(_SMALL_ROWS, max_size=8))
def test_equal_hashes_are_equal_contents(rows: list[dict[str, Any]]) -> None:
    hashes = content_hashes(pa.Table.from_pylist(rows, schema=CONTENT_SCHEMA)).to_pylist()
    assert len(hashes) == len(rows)
    assert (
        len(set(zip(map(_canonical, rows), hashes, strict=True))) == len(set(hashes)) == len(set(map(_canonical, rows)))
    )


@pytest.mark.slow
@_SLOW_TO_MAKE
@given(st.lists(_ROWS, min_size=1, max_size=3), st.data())
def test_a_hash_is_the_rows_own(rows: list[dict[str, Any]], data: Any) -> None:
    """Whatever stands before and after, and however the table is cut."""
    whole = pa.Table.from_pylist(rows, schema=CONTENT_SCHEMA)
    hashes = content_hashes(whole).to_pylist()
    cut = data.draw(st.integers(0, len(rows)))
    assert content_hashes(pa.concat_tables([whole.slice(cut), whole.slice(0, cut)])).to_pylist() == [
        *hashes[cut:],
        *hashes[:cut],
    ]
    assert content_hashes(whole.slice(cut)).to_pylist() == hashes[cut:]
    assert content_hashes(whole.select(sorted(whole.column_names))).to_pylist() == hashes


@pytest.mark.slow
def test_more_rows_than_are_joined_at_a_time() -> None:
    made = [record(record_reference=str(number)) for number in range(1_203)]
    assert content_hashes(content_of(made)).to_pylist() == [_hash(record_reference=str(n)) for n in range(1_203)]


def test_what_lies_under_a_null_says_nothing() -> None:
    """Arrow may keep values where a null is; they are no part of the row."""
    strings, nulls = pa.array(["a", "b", "c"]), pa.array([False, True, False])
    hidden = [
        pa.StringArray.from_buffers(3, *[strings.buffers()[1], strings.buffers()[2], pa.py_buffer(b"\x05")]),
        pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), strings, mask=nulls),
        pa.StructArray.from_arrays([strings, pa.array([1, 2, 3])], ["text", "number"], mask=nulls),
        pa.array(np.array([1.0, 2.0, 3.0]), mask=np.array([False, True, False])),
    ]
    for array in hidden:
        bare = pa.array(array.to_pylist(), array.type)
        assert array.null_count == 1
        assert list(canonical_rows([array])) == list(canonical_rows([bare]))


def test_rows_of_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="dictionary"):
        list(canonical_rows([pa.array(["a"]).dictionary_encode()]))


def test_a_record_is_made_into_a_row() -> None:
    made: Record = record(record_reference="", notification_type="")
    (row,) = content_of([made]).to_pylist()
    assert (row["record_reference"], row["notification_type"], row["kind"]) == (None, None, "full")
