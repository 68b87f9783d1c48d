from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from bindery.errors import ConfigurationError
from bindery.warehouse import statements

HEADER = """
owner: warehouse
what: an example
grain: example
parameters: {text: STRING, number: INT64, yes: BOOL, day: DATE, moment: TIMESTAMP, price: NUMERIC, codes: ARRAY<STRING>}
"""

GOOD = {
    "text": "x",
    "number": 1,
    "yes": True,
    "day": date(2026, 3, 1),
    "moment": datetime(2026, 3, 1, tzinfo=UTC),
    "price": Decimal("9.99"),
    "codes": ["a"],
}


def written(root: Path, header: str) -> statements.Statement:
    (root / "room").mkdir(exist_ok=True)
    (root / "room" / "example.sql").write_text("")
    (root / "room" / "example.yml").write_text(header.replace("yes:", "'yes':"))
    return statements.statement("room/example", root)


def test_parameters_of_the_declared_types_are_bound(tmp_path: Path) -> None:
    assert statements.check_parameters(written(tmp_path, HEADER), GOOD) == GOOD


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 1),
        ("number", True),
        ("number", "1"),
        ("number", 1.0),
        ("yes", 1),
        ("day", datetime(2026, 3, 1, tzinfo=UTC)),
        ("day", "2026-03-01"),
        ("moment", datetime(2026, 3, 1)),  # noqa: DTZ001 - a moment without a zone is what is refused
        ("moment", date(2026, 3, 1)),
        ("price", 9.99),
        ("codes", "abc"),
        ("codes", None),
        ("codes", ["a", None]),
        ("codes", [1]),
    ],
)
def test_a_value_of_another_type_is_refused_by_name(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=name):
        statements.check_parameters(written(tmp_path, HEADER), {**GOOD, name: value})


def test_a_scalar_may_be_null(tmp_path: Path) -> None:
    values = {**GOOD, "text": None, "price": None}
    assert statements.check_parameters(written(tmp_path, HEADER), values) == values


def test_a_set_is_bound_in_order(tmp_path: Path) -> None:
    bound = statements.check_parameters(written(tmp_path, HEADER), {**GOOD, "codes": {"b", "a"}})
    assert bound["codes"] == ["a", "b"]


def test_missing_and_unknown_parameters_are_refused(tmp_path: Path) -> None:
    asked = written(tmp_path, HEADER)
    with pytest.raises(ConfigurationError, match="was not given codes"):
        statements.check_parameters(asked, {name: value for name, value in GOOD.items() if name != "codes"})
    with pytest.raises(ConfigurationError, match="does not take other"):
        statements.check_parameters(asked, {**GOOD, "other": 1})


@pytest.mark.parametrize(
    "header",
    [
        "owner: x\nwhat: y\ngrain: z\nkey: [a]\n",
        "owner: x\nwhat: y\n",
        "owner: x\nwhat: y\ngrain: z\nparameters: {a: VARCHAR}\n",
        "- not a header\n",
        "owner: [x\n",
    ],
)
def test_a_wrong_header_is_refused_by_its_path(tmp_path: Path, header: str) -> None:
    with pytest.raises(ConfigurationError, match=r"example\.yml"):
        written(tmp_path, header)


def test_a_missing_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "bare.sql").write_text("")
    with pytest.raises(ConfigurationError, match=r"bare\.yml is missing"):
        statements.statement("room/bare", tmp_path)


@pytest.mark.parametrize("name", ["catalogue/nothing_of_that_name", "../tables/offers", "tables", "tables/Offers", ""])
def test_no_other_file_is_a_statement(name: str) -> None:
    with pytest.raises(ConfigurationError, match="no statement"):
        statements.statement(name)


@pytest.mark.parametrize("table", statements.tables())
def test_every_table_says_its_grain_and_keys_in_columns_it_has(table: str) -> None:
    asked = statements.statement(f"{statements.DDL_ROOM}/{table}")
    assert asked.header.writes == (table,)
    assert all(f"  {key} " in asked.text for key in asked.header.keys)
