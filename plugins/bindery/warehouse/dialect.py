"""GoogleSQL to DuckDB: sqlglot, corrected where its DuckDB is silently different from BigQuery.

What is mapped here is what the subset (``subset.py``, ``docs/sql.md``) allows and sqlglot gets wrong. What neither
maps right is refused by the subset.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

from bindery.errors import ConfigurationError
from bindery.warehouse.statements import Statement

_WHITESPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""What BigQuery's TRIM takes off: every character with the Unicode property White_Space. DuckDB's takes off spaces."""

_NUMERIC = "DECIMAL(38, 9)"


class BinderyDuckDB(DuckDB):
    """DuckDB as the target of Bindery's GoogleSQL."""

    class Generator(DuckDBGenerator):
        """Overrides, each for one silent difference."""

        TRANSFORMS: ClassVar[dict[Any, Any]] = {
            **DuckDBGenerator.TRANSFORMS,
            # DuckDB's ARG_MAX skips rows whose value is NULL; BigQuery's MAX_BY answers NULL for them.
            exp.ArgMax: lambda self, node: self.func("ARG_MAX_NULL", node.this, node.expression),
            exp.ArgMin: lambda self, node: self.func("ARG_MIN_NULL", node.this, node.expression),
            # DATE_DIFF counts boundaries crossed; BigQuery's TIMESTAMP_DIFF counts whole units passed.
            exp.TimestampDiff: lambda self, node: self.func(
                "DATE_SUB", exp.Literal.string(str(node.args["unit"])), node.expression, node.this
            ),
            # A date plus an interval is a TIMESTAMP on DuckDB.
            exp.DateAdd: lambda self, node: _date_shift(self, node, "+"),
            exp.DateSub: lambda self, node: _date_shift(self, node, "-"),
        }

        def datatype_sql(self, expression: exp.DataType) -> str:
            """NUMERIC holds 29 digits before the point and 9 after it; DuckDB's bare DECIMAL is (18, 3)."""
            if expression.this == exp.DataType.Type.DECIMAL and not expression.expressions:
                return _NUMERIC
            return super().datatype_sql(expression)

        def trim_sql(self, expression: exp.Trim) -> str:
            """Take off what BigQuery takes off."""
            if not expression.expression:
                expression = expression.copy()
                expression.set("expression", exp.Literal.string(_WHITESPACE))
            return super().trim_sql(expression)


def _date_shift(generator: Any, node: exp.Expr, sign: str) -> str:
    shift = f"TO_{node.args['unit']}S(CAST({generator.sql(node, 'expression')} AS INT))"
    return f"CAST({generator.sql(node, 'this')} {sign} {shift} AS DATE)"


def parse(text: str) -> list[exp.Expr]:
    """The statements in a GoogleSQL text.

    Raises:
        sqlglot.errors.SqlglotError: It is not GoogleSQL.
    """
    return [tree for tree in sqlglot.parse(text, read=BigQuery) if tree is not None]


@cache
def to_duckdb(asked: Statement) -> str:
    """A statement in DuckDB's SQL, its parameters as ``$name``, each cast to the type its header declares.

    Raises:
        ConfigurationError: DuckDB has nothing that means the same.
    """
    try:
        (tree,) = parse(asked.text)
        typed = tree.transform(_typed_parameter, asked)
        return typed.sql(dialect=BinderyDuckDB, unsupported_level=ErrorLevel.RAISE)
    except (sqlglot.errors.SqlglotError, ValueError) as error:
        raise ConfigurationError(
            f"{asked.path}: cannot be run on DuckDB: {error}",
            fix="Write one GoogleSQL statement within the subset of docs/sql.md.",
        ) from error


def _typed_parameter(node: exp.Expr, asked: Statement) -> exp.Expr:
    # A bound Python list, None or int tells DuckDB less about its type than the header does.
    if not isinstance(node, exp.Parameter):
        return node
    declared = asked.header.parameters.get(node.name)
    if declared is None:
        message = f"@{node.name} is not in the header"
        raise ValueError(message)
    return exp.cast(node.copy(), exp.DataType.build(declared, dialect=BigQuery), copy=False)


@cache
def writes(asked: Statement) -> bool:
    """Whether a statement writes rows, so that its answer is their number."""
    return any(isinstance(tree, exp.Insert | exp.Update | exp.Delete | exp.Merge) for tree in parse(asked.text))
