"""SQL is in include/sql, where it is linted, transpiled and compared; none of it is in Python, tests included."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"

_BEGINS = re.compile(
    r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE|MERGE|CREATE|DROP|ALTER|TRUNCATE"
    r"|with|select|insert|update|delete|merge|create|drop|alter|truncate)\s"
)
_KINDS = (exp.Query, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.TruncateTable)


def python_files() -> list[Path]:
    return sorted(path for folder in ("plugins", "dags", "tests") for path in (ROOT / folder).rglob("*.py"))


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """String literals and f-strings, the docstrings left out."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            pieces = [piece.value if isinstance(piece, ast.Constant) else "x" for piece in node.values]
            yield node.lineno, "".join(map(str, pieces))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (parts | prose):
            yield node.lineno, node.value


def is_sql(text: str) -> bool:
    if not _BEGINS.match(text):
        return False
    try:
        trees = sqlglot.parse(text, read="bigquery")
    except sqlglot.errors.SqlglotError:
        return False
    return any(isinstance(tree, _KINDS) and tree.find(exp.Table, exp.Star, exp.Literal) for tree in trees if tree)


def sql_in(source: str) -> list[int]:
    return sorted(line for line, text in texts(ast.parse(source)) if is_sql(text))


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_python_file_holds_sql(path: Path) -> None:
    assert sql_in(path.read_text(encoding="utf-8")) == []


def test_sql_in_python_is_found_and_prose_is_not() -> None:
    source = (DATA / "holds_sql.py.txt").read_text(encoding="utf-8")
    marked = [number for number, line in enumerate(source.splitlines(), start=1) if line.endswith("# SQL")]
    assert marked
    assert sql_in(source) == marked
