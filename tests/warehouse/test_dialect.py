"""What BigQuery answers where sqlglot's DuckDB would answer something else, silently (expected values: its manual)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb as engine
import pytest
from bindery.warehouse import arrow, dialect, statements

from tests.warehouse import DATA

ANSWERS = [
    ("max_by_null", {}, None),
    ("numeric_scale", {}, Decimal("12.123456789")),
    ("trim_whitespace", {"text": " \t\n\u00a0\u2003\u3000Das Boot\r\n"}, "Das Boot"),
    ("concat_null", {}, None),
    (
        "timestamp_diff_whole_units",
        {"later": datetime(2026, 1, 2, 11, tzinfo=UTC), "sooner": datetime(2026, 1, 1, 12, tzinfo=UTC)},
        0,
    ),
    ("date_add_is_a_date", {"day": date(2026, 2, 27)}, date(2026, 3, 2)),
    ("sum_is_an_integer", {}, 3),
    ("nulls_come_first", {}, "none a b"),
    ("in_unnest_of_nothing", {"codes": []}, False),
    ("sha256_is_lower_hex", {}, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("null_parameter", {"text": None}, "nothing"),
]


@pytest.mark.parametrize(("name", "parameters", "answer"), ANSWERS, ids=[name for name, _, _ in ANSWERS])
def test_duckdb_answers_what_bigquery_does(name: str, parameters: dict[str, object], answer: object) -> None:
    asked = statements.statement(f"dialect/{name}", DATA)
    values = statements.check_parameters(asked, parameters)
    with engine.connect() as connection:
        table = arrow.plain(connection.sql(dialect.to_duckdb(asked), params=values or None).to_arrow_table())
    assert table.column("answer").to_pylist() == [answer]


def test_every_example_is_tested() -> None:
    assert {Path(path).stem for path in (DATA / "dialect").glob("*.sql")} == {name for name, _, _ in ANSWERS}
