"""The GoogleSQL that Bindery writes: what both engines answer alike, and nothing else.

An allow-list over the syntax tree: a construct that is not named here is refused, with its file and line and what to
write instead. ``docs/sql.md`` gives the reasons. ``python -m bindery.warehouse.subset`` checks every statement.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp
from sqlglot.errors import SqlglotError

from bindery.errors import ConfigurationError
from bindery.warehouse import dialect, statements
from bindery.warehouse.statements import Statement

_STATEMENTS = (exp.Query, exp.Insert, exp.Update, exp.Delete, exp.Merge)

_ALLOWED = frozenset[type[exp.Expr]](
    {
        # Queries and their clauses.
        *(exp.Select, exp.Subquery, exp.Union, exp.Except, exp.Intersect, exp.With, exp.CTE, exp.From, exp.Join),
        *(exp.Where, exp.Group, exp.Having, exp.Qualify, exp.Order, exp.Ordered, exp.Limit, exp.Distinct, exp.Unnest),
        *(exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Dot, exp.Tuple, exp.Values),
        # Statements that write, and the definitions of tables.
        *(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Whens, exp.When, exp.Create, exp.Schema, exp.ColumnDef),
        *(exp.ColumnConstraint, exp.NotNullColumnConstraint, exp.DataType),
        # Values and logic.
        *(exp.Literal, exp.Null, exp.Boolean, exp.Parameter, exp.Var, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or),
        *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Exists),
        *(exp.NullSafeEQ, exp.NullSafeNEQ, exp.Add, exp.Sub, exp.Mul, exp.DPipe, exp.Case, exp.If, exp.Coalesce),
        *(exp.Nullif, exp.Cast, exp.Array, exp.Struct, exp.PropertyEQ, exp.Greatest, exp.Least),
        # Strings, dates.
        *(exp.Concat, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.StartsWith, exp.LowerHex, exp.SHA2Digest),
        *(exp.ArraySize, exp.DateAdd, exp.DateSub, exp.DateDiff, exp.TimestampDiff),
        # Aggregates and windows.
        *(exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.ArgMax, exp.ArgMin, exp.LogicalOr, exp.LogicalAnd),
        *(exp.ArrayAgg, exp.GroupConcat, exp.IgnoreNulls, exp.Window, exp.WindowSpec, exp.RowNumber, exp.Rank),
        *(exp.Lag, exp.Lead, exp.FirstValue),
    }
)

_INSTEAD: dict[type[exp.Expr], str] = {
    exp.Div: "compute shares in Python; division by zero and the type of a quotient differ",
    exp.Like: "use STARTS_WITH; the two engines escape patterns differently",
    exp.TryCast: "parse values in Python, when a record is read; DuckDB accepts texts that BigQuery does not",
    exp.CurrentTimestamp: "pass the moment as a parameter; no clock decides data",
    exp.CurrentDate: "pass the day as a parameter; no clock decides data",
    exp.Rand: "use a hash of the key; no randomness decides data",
    exp.Extract: "compare dates, or pass the part as a parameter; parts are numbered differently",
    exp.Substring: "cut strings in Python, when a record is read; position 0 differs",
    exp.PrimaryKey: "say the key in the header; an index makes a wide MERGE eight times slower on DuckDB",
    exp.Bracket: "use UNNEST with a WHERE clause; an index beyond the end is an error on one engine only",
    exp.MD5Digest: "use TO_HEX(SHA256(…))",
    exp.FarmFingerprint: "use TO_HEX(SHA256(…))",
    exp.Command: "write one query, INSERT, UPDATE, DELETE or MERGE",
    exp.TruncateTable: "use DELETE … WHERE TRUE",
    exp.AnyValue: "use MIN, MAX or MAX_BY: any value is another value on each engine",
}

_TYPES = frozenset(
    {
        *(exp.DType.TEXT, exp.DType.BIGINT, exp.DType.DOUBLE, exp.DType.BOOLEAN, exp.DType.DATE),
        *(exp.DType.TIMESTAMPTZ, exp.DType.DECIMAL, exp.DType.ARRAY, exp.DType.STRUCT),
    }
)

_CASTS = frozenset({exp.DType.TEXT, exp.DType.BIGINT, exp.DType.BOOLEAN, exp.DType.DATE, exp.DType.DECIMAL})


@dataclass(frozen=True, order=True)
class Refusal:
    """One place where a statement leaves the subset."""

    path: Path
    line: int
    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}: {self.instead}"


def refusals(asked: Statement) -> list[Refusal]:
    """Everything in a statement that is outside the subset, or that its header does not say."""
    try:
        trees = dialect.parse(asked.text)
    except SqlglotError as error:
        return [Refusal(asked.path, 1, "is not GoogleSQL", str(error).splitlines()[0])]
    if len(trees) != 1:
        return [Refusal(asked.path, 1, f"holds {len(trees)} statements", "write one statement a file")]
    (tree,) = trees
    found = [*_kind(tree, asked)]
    for node in tree.walk():
        if type(node) not in _ALLOWED:
            found.append((node, f"{_named(node)} is outside the subset", _instead(node)))
        found.extend(_misused(node))
    found.extend(_unlike_header(tree, asked))
    return sorted({Refusal(asked.path, _line(node), what, instead) for node, what, instead in found})


_Found = tuple[exp.Expr, str, str]


def _kind(tree: exp.Expr, asked: Statement) -> Iterator[_Found]:
    if asked.path.parent.name == statements.DDL_ROOM:
        if not isinstance(tree, exp.Create) or tree.kind != "TABLE" or not tree.args.get("exists"):
            yield tree, "does not create a table", "write CREATE TABLE IF NOT EXISTS"
        elif tree.args.get("expression"):
            yield tree, "a table made from a query", "list the columns, and fill the table with a statement of its own"
    elif not isinstance(tree, _STATEMENTS):
        yield tree, f"{_named(tree)} is not a statement of ours", "write a query, INSERT, UPDATE, DELETE or MERGE"


def _misused(node: exp.Expr) -> Iterator[_Found]:
    yield from _misused_in_statement(node)
    yield from _misused_value(node)
    if isinstance(node, exp.ArrayAgg | exp.GroupConcat):
        yield from _unordered(node)
    elif isinstance(node, exp.Limit) and isinstance(node.parent, exp.Query) and not node.parent.args.get("order"):
        yield node, "LIMIT without ORDER BY", "order the rows by a key; otherwise each engine keeps other rows"
    elif isinstance(node, exp.Table) and node.args.get("db"):
        yield node, f"{node.sql(dialect='bigquery')} names a dataset", "name the table alone; the dataset is configured"


def _misused_in_statement(node: exp.Expr) -> Iterator[_Found]:
    inside_merge = isinstance(node.parent, exp.When)
    if isinstance(node, exp.Update):
        for target in (setting.this for setting in node.expressions if isinstance(setting, exp.EQ)):
            if isinstance(target, exp.Column) and target.table:
                yield target, "SET with a qualified column", "name the column alone"
    if isinstance(node, exp.Update | exp.Delete) and not inside_merge:
        if not node.args.get("where"):
            yield node, "writes without a WHERE clause", "write WHERE TRUE where every row is meant"
        if node.args.get("from_"):
            yield node, "UPDATE … FROM", "write a MERGE; DuckDB takes any of several matches, silently"
    if isinstance(node, exp.Insert):
        if node.this == exp.var("ROW"):
            yield node, "inserts ROW", "list the columns"
        elif not inside_merge and not isinstance(node.this, exp.Schema):
            yield node, "inserts without naming columns", "list the columns, so that a new column does not shift them"


def _misused_value(node: exp.Expr) -> Iterator[_Found]:
    if isinstance(node, exp.Literal) and not node.is_string and not node.name.isdecimal():
        yield node, f"{node.name} is FLOAT64 on BigQuery and DECIMAL on DuckDB", f"write NUMERIC '{node.name}'"
    elif isinstance(node, exp.DataType) and node.this not in _TYPES:
        yield node, f"type {node.sql(dialect='bigquery')}", "use the types of docs/sql.md"
    elif isinstance(node, exp.Cast) and node.to.this not in _CASTS and not _is_written_out(node.this):
        yield node, f"a cast to {node.to.sql(dialect='bigquery')}", "bind a parameter of that type"
    elif isinstance(node, exp.DateDiff | exp.DateAdd | exp.DateSub) and str(node.args.get("unit")) != "DAY":
        yield (
            node,
            f"{_named(node)} in {node.args.get('unit')}",
            "count in DAY; the engines cut other units differently",
        )


def _is_written_out(value: exp.Expr) -> bool:
    """Whether both engines read a value alike: NULL, a literal, an empty array."""
    return isinstance(value, exp.Null | exp.Literal) or (isinstance(value, exp.Array) and not value.expressions)


def _unordered(node: exp.Expr) -> Iterator[_Found]:
    inside = node.this
    if isinstance(inside, exp.Limit):
        yield node, f"{_named(node)} with LIMIT", "number the rows with ROW_NUMBER and filter them"
    elif not isinstance(inside, exp.Order) and not inside.find(exp.Order):
        yield node, f"{_named(node)} without ORDER BY", "order it inside; otherwise each engine has its own order"


def _unlike_header(tree: exp.Expr, asked: Statement) -> Iterator[_Found]:
    header = asked.header
    used = {parameter.name for parameter in tree.find_all(exp.Parameter)}
    if used != set(header.parameters):
        differing = ", ".join(f"@{name}" for name in sorted(used ^ set(header.parameters)))
        yield tree, f"parameters differ from the header's: {differing}", "say the same in both"
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    touched = {table.name for table in tree.find_all(exp.Table)} - named
    written = _written(tree)
    for what, used, said in (
        ("writes", written, set(header.writes)),
        ("reads", touched - written, set(header.reads) - written),
    ):
        if used != said:
            yield (
                tree,
                f"{what} {', '.join(sorted(used)) or 'nothing'}",
                f"the header says {', '.join(sorted(said)) or 'nothing'}",
            )


def _written(tree: exp.Expr) -> set[str]:
    if not isinstance(tree, exp.Insert | exp.Update | exp.Delete | exp.Merge | exp.Create):
        return set()
    target = tree.this if isinstance(tree.this, exp.Table) else tree.this.find(exp.Table)
    return {target.name} if target else set()


def _named(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.name).upper()
    return str(node.meta.get("bigquery_name") or type(node).__name__.upper())


def _instead(node: exp.Expr) -> str:
    return _INSTEAD.get(type(node), "write it with what docs/sql.md allows, or compute it in Python")


def _line(node: exp.Expr) -> int:
    """The line of the nearest token whose place is known; not every node keeps its own."""
    for near in node.walk():
        if "line" in near.meta:
            return int(near.meta["line"])
    return _line(node.parent) if node.parent else 1


def main() -> int:
    """Check every statement and print what is refused: the exit code is 1 where anything is."""
    count = 0
    for name in statements.names():
        if name.startswith(f"{statements.DUCKDB_ROOM}/"):
            continue
        try:
            found: list[object] = [*refusals(statements.statement(name))]
        except ConfigurationError as error:
            found = [error]
        for refusal in found:
            sys.stdout.write(f"{refusal}\n")
        count += len(found)
    return 1 if count else 0


if __name__ == "__main__":
    raise SystemExit(main())
