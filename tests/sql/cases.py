"""Test cases of SQL statements, kept as data: ``tests/sql/<room>/<statement>/<case>.yaml``.

See docs/sql.md for what a case file says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import yaml
from pyarrow import types
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bindery.catalogue import keys
from bindery.warehouse import statements

ROOT = Path(__file__).parent

Row = dict[str, Any]


class ReadableWarehouse(Protocol):
    """A warehouse whose tables a test can look into."""

    def run(self, statement: str, **parameters: object) -> pa.Table: ...
    def load(self, table: str, rows: pa.Table) -> int: ...
    def read(self, table: str) -> pa.Table: ...


class Then(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rows: list[Row] | None = None
    tables: dict[str, list[Row]] = Field(default_factory=dict)
    ordered: bool = False

    @model_validator(mode="after")
    def _expects_something(self) -> Then:
        if self.rows is None and not self.tables:
            message = "a case expects rows, tables or both"
            raise ValueError(message)
        return self


class Case(BaseModel):
    model_config = ConfigDict(extra="forbid")

    what: str = Field(min_length=1)
    parameters: dict[str, Any] = Field(default_factory=dict)
    defaults: dict[str, Row] = Field(default_factory=dict)
    given: dict[str, list[Row]] = Field(default_factory=dict)
    then: Then
    ordered: bool = False
    analysed_only: str | None = None
    """Why the emulator can't be given the rows: then it analyses the statement over empty tables, and no more."""

    @property
    def is_ordered(self) -> bool:
        return self.ordered or self.then.ordered


@dataclass(frozen=True)
class CaseFile:
    statement: str
    path: Path

    @property
    def id(self) -> str:
        return f"{self.statement}/{self.path.stem}"

    def read(self) -> Case:
        return Case.model_validate(yaml.safe_load(self.path.read_text(encoding="utf-8")))

    def tables(self) -> list[str]:
        """Every table the case or its statement touches."""
        case, header = self.read(), statements.statement(self.statement).header
        return sorted({*case.given, *case.then.tables, *header.reads, *header.writes})


def discover(root: Path = ROOT) -> list[CaseFile]:
    return [
        CaseFile(f"{path.parent.parent.name}/{path.parent.name}", path)
        for path in sorted([*root.glob("*/*/*.yaml"), *root.glob("*/*/*.yml")])
    ]


@dataclass(frozen=True)
class Outcome:
    """What came out of a case: the statement's answer, and every table it touches, whole."""

    answer: pa.Table
    tables: dict[str, pa.Table]


def play(case_file: CaseFile, warehouse: ReadableWarehouse, schemas: Mapping[str, pa.Schema]) -> Outcome:
    """Load what is given, run the statement, and take what came out.

    Args:
        case_file: The case.
        warehouse: Its tables are there and empty.
        schemas: The Arrow schema of each table.
    """
    case, header = case_file.read(), statements.statement(case_file.statement).header
    for table, rows in case.given.items():
        filled = [_keyed({**case.defaults.get(table, {}), **row}, schemas[table]) for row in rows]
        warehouse.load(table, arrow_rows(filled, schemas[table], f"{case_file.path}: {table}"))
    parameters = {
        name: value_of(value, parameter_type(header.parameters[name]), f"{case_file.path}: @{name}")
        if name in header.parameters
        else value
        for name, value in case.parameters.items()
    }
    answer = warehouse.run(case_file.statement, **parameters)
    return Outcome(answer, {table: warehouse.read(table) for table in case_file.tables()})


_KEYS: dict[str, tuple[Callable[..., int], tuple[str, ...]]] = {
    "record_key": (keys.record_key, ("supplier", "record_reference")),
    "edition_key": (keys.edition_key, ("isbn13",)),
    "edition_key_a": (keys.edition_key, ("isbn_a",)),
    "edition_key_b": (keys.edition_key, ("isbn_b",)),
    "version_key": (keys.version_key, ("content_hash",)),
}


def _keyed(row: Row, schema: pa.Schema) -> Row:
    """The row with the keys it leaves out: they follow from the texts they stand for."""
    found = {
        key: made(*(row[text] for text in texts))
        for key, (made, texts) in _KEYS.items()
        if key in schema.names and key not in row and all(row.get(text) is not None for text in texts)
    }
    return row | found


def check(case_file: CaseFile, outcome: Outcome) -> None:
    """Compare what came out with what the case expects, in the columns that the case writes."""
    case = case_file.read()
    if case.then.rows is not None:
        _compare(outcome.answer, case.then.rows, f"{case_file.path}: rows", ordered=case.is_ordered)
    for table, rows in case.then.tables.items():
        _compare(outcome.tables[table], rows, f"{case_file.path}: {table}", ordered=False)


def _compare(table: pa.Table, rows: Sequence[Row], where: str, *, ordered: bool) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if absent := [name for name in columns if name not in table.column_names]:
        message = f"{where}: no column {', '.join(absent)}; there are {', '.join(table.column_names)}"
        raise AssertionError(message)
    found = rows_of(table.select(columns) if columns else table, ordered=ordered)
    wanted = [
        {name: value_of(row.get(name), table.schema.field(name).type, f"{where}.{name}") for name in columns}
        for row in rows
    ]
    assert found == (wanted if ordered else _sorted(wanted)), where


def rows_of(table: pa.Table, *, ordered: bool = False) -> list[Row]:
    """A table as comparable rows."""
    rows = [
        {field.name: value_of(row[field.name], field.type, field.name) for field in table.schema}
        for row in table.to_pylist()
    ]
    return rows if ordered else _sorted(rows)


def arrow_rows(rows: Sequence[Row], schema: pa.Schema, where: str) -> pa.Table:
    for row in rows:
        if unknown := row.keys() - set(schema.names):
            message = f"{where} has no column {', '.join(sorted(unknown))}"
            raise ValueError(message)
    made = [
        {field.name: value_of(row.get(field.name), field.type, f"{where}.{field.name}") for field in schema}
        for row in rows
    ]
    return pa.Table.from_pylist(made, schema=schema)


def parameter_type(declared: str) -> pa.DataType:
    scalar = {
        "STRING": pa.string(),
        "INT64": pa.int64(),
        "FLOAT64": pa.float64(),
        "BOOL": pa.bool_(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us", tz="UTC"),
        "NUMERIC": pa.decimal128(38, 9),
    }[statements.element_type(declared)]
    return pa.list_(scalar) if statements.is_array(declared) else scalar


def value_of(value: Any, kind: pa.DataType, where: str) -> Any:
    """A YAML value as the Python value of a column's type.

    An array that is left out is an empty one: BigQuery stores no other.
    """
    if types.is_list(kind):
        return [value_of(item, kind.value_type, where) for item in value or []]
    if value is None:
        return None
    if types.is_struct(kind):
        return {field.name: value_of(value.get(field.name), field.type, f"{where}.{field.name}") for field in kind}
    return _scalar(value, kind, where)


def _scalar(value: Any, kind: pa.DataType, where: str) -> Any:
    if types.is_decimal(kind):
        return Decimal(str(value))
    if types.is_timestamp(kind):
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if types.is_date(kind):
        return date.fromisoformat(value) if isinstance(value, str) else value
    wanted: tuple[type, ...] = (str,)
    if types.is_integer(kind):
        wanted = (int,)
    elif types.is_boolean(kind):
        wanted = (bool,)
    elif types.is_floating(kind):
        wanted = (float, int)
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        message = f"{where} is {kind}, but the case says {value!r} (quote codes and numbers that are strings)"
        raise TypeError(message)
    return value


def _sorted(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: repr([_plain(value) for value in row.values()]))


def _plain(value: Any) -> Any:
    # 1.5 and 1.500000000 are one value, and have to sort as one.
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value
