"""The facts of a table are those that the plain model finds record by record."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bindery.catalogue.content import content_of
from bindery.catalogue.facts_of import FACTS_SCHEMA, facts_of
from bindery.catalogue.record import Record
from tests.catalogue import facts_model
from tests.catalogue.records import records

_SLOW_TO_MAKE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def assert_like_the_model(made: list[Record]) -> None:
    facts = facts_of(content_of(made))
    assert facts.schema.equals(FACTS_SCHEMA)
    assert facts.to_pylist() == [dict(facts_model.facts_of(one)) for one in made]


@pytest.mark.slow
@pytest.mark.parametrize("block", ["identifiers", "descriptive", "collateral", "publishing", "supply"])
def test_facts_of_a_block(block: str) -> None:
    @_SLOW_TO_MAKE
    @given(st.lists(records(block), max_size=6))
    def check(made: list[Record]) -> None:
        assert_like_the_model(made)

    check()


@pytest.mark.slow
@_SLOW_TO_MAKE
@given(st.lists(records("identifiers", "descriptive", "collateral", "publishing", "supply"), max_size=3))
def test_facts_of_whole_records(made: list[Record]) -> None:
    assert_like_the_model(made)


@_SLOW_TO_MAKE
@given(st.lists(records("identifiers", "collateral", "publishing"), min_size=1, max_size=6), st.data())
def test_facts_are_those_of_the_record_wherever_it_stands(made: list[Record], data: Any) -> None:
    whole = content_of(made)
    cut = data.draw(st.integers(0, len(made)))
    chunked = pa.concat_tables([whole.slice(cut), whole.slice(0, cut)])
    facts = facts_of(whole).to_pylist()
    assert facts_of(chunked).to_pylist() == facts[cut:] + facts[:cut]
    assert facts_of(whole.slice(cut)).to_pylist() == facts[cut:]
