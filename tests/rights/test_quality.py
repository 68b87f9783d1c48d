from __future__ import annotations

import pytest

from bindery.rights.quality import rule_of
from bindery.rights.reasons import Reason


@pytest.mark.parametrize(
    ("code", "detail", "rule"),
    [
        ("rights_contradictory", "", "Q3"),
        ("no_rights", "no block 4", "Q4"),
        ("rights_uncovered", "", "Q4"),
        ("price_contradictory", "9.99 and 8.99 EUR", "Q5"),
        ("no_price", "currency:EURO", "Q5"),
        ("no_price", "none is stated", "no_price"),
        ("withdrawn", "publishing_status:11", "T1"),
        ("withdrawn", "alpha absence:alpha_full", "withdrawn"),
        ("unavailable", "availability:46", "T1"),
        ("unavailable", "availability:99", "unavailable"),
        ("embargoed", "02:2026-05-01", "embargoed"),
    ],
)
def test_the_rule_that_says_the_same(code: str, detail: str, rule: str) -> None:
    assert rule_of(Reason(code, detail)) == rule
