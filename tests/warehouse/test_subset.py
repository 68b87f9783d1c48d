from __future__ import annotations

from pathlib import Path

import pytest
from bindery.warehouse import dialect, statements, subset

from tests.warehouse import DATA

OURS = [name for name in statements.names() if not name.startswith(f"{statements.DUCKDB_ROOM}/")]


@pytest.mark.parametrize("name", OURS)
def test_every_statement_is_inside(name: str) -> None:
    asked = statements.statement(name)
    assert [str(refusal) for refusal in subset.refusals(asked)] == []
    assert dialect.to_duckdb(asked)


@pytest.mark.parametrize("path", sorted((DATA / "refused").glob("*.sql")), ids=lambda path: path.stem)
def test_what_is_outside_is_refused_with_what_to_write_instead(path: Path) -> None:
    first_line, _ = path.read_text().split("\n", 1)
    why = first_line.removeprefix("-- refused: ")
    found = subset.refusals(statements.statement(f"refused/{path.stem}", DATA))
    assert any(why in str(refusal) for refusal in found), found
    assert all(refusal.path == path for refusal in found)


@pytest.mark.parametrize("path", sorted((DATA / "allowed").glob("*.sql")), ids=lambda path: path.stem)
def test_what_is_inside_is_let_through(path: Path) -> None:
    assert subset.refusals(statements.statement(f"allowed/{path.stem}", DATA)) == []


def test_a_refusal_names_the_line() -> None:
    (refusal,) = subset.refusals(statements.statement("refused/like", DATA))
    assert refusal.line == 4
