"""Named statements: ``include/sql/<room>/<name>.sql`` with the header ``<name>.yml`` beside it.

A statement is written once, in GoogleSQL, and is asked for by its name. Its header says whose it is, what it does and
which parameters it takes; values are checked against those types before an engine sees them, so that both engines
get the same value of the same type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bindery.errors import ConfigurationError
from bindery.home import PROJECT

SQL_ROOT = PROJECT / "include" / "sql"
"""Where every statement is."""

DDL_ROOM = "tables"
"""The room that holds one ``CREATE TABLE`` a table."""

DUCKDB_ROOM = "duckdb"
"""The room of the DuckDB session's own statements, the only ones in another dialect."""

_NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")
_ARRAY = re.compile(r"ARRAY<([A-Z0-9]+)>")

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "STRING": (str,),
    "INT64": (int,),
    "FLOAT64": (float,),
    "BOOL": (bool,),
    "DATE": (date,),
    "TIMESTAMP": (datetime,),
    "NUMERIC": (Decimal,),
}


class Header(BaseModel):
    """What a ``.yml`` header says about the statement or table beside it.

    Attributes:
        owner: The room that answers for it.
        what: One line: what it does, or what the table holds.
        grain: What one row is.
        keys: Columns that together name one row; empty where rows have no key.
        parameters: The GoogleSQL type of each ``@parameter``.
        reads: Tables it reads.
        writes: Tables it writes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: str = Field(min_length=1)
    what: str = Field(min_length=1)
    grain: str = Field(min_length=1)
    keys: tuple[str, ...] = ()
    parameters: Mapping[str, str] = Field(default_factory=dict)
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()

    @field_validator("parameters")
    @classmethod
    def _known_types(cls, parameters: Mapping[str, str]) -> Mapping[str, str]:
        for name, declared in parameters.items():
            if element_type(declared) not in _PYTHON_TYPES:
                known = ", ".join(_PYTHON_TYPES)
                message = f"parameter {name}: {declared} is not one of {known}, or ARRAY<…> of one of them"
                raise ValueError(message)
        return parameters


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement as it is in the repository. Loaded once, so compared and cached by identity."""

    name: str
    path: Path
    text: str
    header: Header


def element_type(declared: str) -> str:
    """The scalar inside ``ARRAY<…>``, or the type itself."""
    array = _ARRAY.fullmatch(declared)
    return array.group(1) if array else declared


def is_array(declared: str) -> bool:
    """Whether a declared parameter type is an array."""
    return _ARRAY.fullmatch(declared) is not None


def names(root: Path = SQL_ROOT) -> list[str]:
    """Every statement's name, sorted; those of the ``tables`` room and of the DuckDB session included."""
    return sorted(f"{path.parent.name}/{path.stem}" for path in root.glob("*/*.sql"))


def tables(root: Path = SQL_ROOT) -> list[str]:
    """Every table that has a definition, sorted."""
    return sorted(path.stem for path in (root / DDL_ROOM).glob("*.sql"))


@cache
def statement(name: str, root: Path = SQL_ROOT) -> Statement:
    """Load a statement and its header.

    Args:
        name: Such as ``catalogue/fold_records``.
        root: The folder that holds the rooms.

    Raises:
        ConfigurationError: There is no such statement, or its header is missing or wrong.
    """
    path = root / f"{name}.sql"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise ConfigurationError(f"there is no statement {name!r}", fix=f"Write {path}, or ask for one that is there.")
    return Statement(name, path, path.read_text(encoding="utf-8"), _header(path.with_suffix(".yml")))


def _header(path: Path) -> Header:
    try:
        return Header.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"{path} is missing", fix="Every .sql file has a .yml header beside it: see docs/sql.md."
        ) from error
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(
            f"{path} is not a valid header: {error}", fix="Correct the header: see docs/sql.md."
        ) from error


def check_parameters(asked: Statement, values: Mapping[str, object]) -> dict[str, object]:
    """The values to bind, each of the type its header declares.

    ``None`` is a NULL of the declared type. An array is never NULL and holds no NULL, because BigQuery has neither.

    Raises:
        ConfigurationError: A parameter is missing, unknown or of another type.
    """
    declared = asked.header.parameters
    if missing := sorted(declared.keys() - values.keys()):
        raise _refuse(asked, f"was not given {', '.join(missing)}")
    if unknown := sorted(values.keys() - declared.keys()):
        raise _refuse(asked, f"does not take {', '.join(unknown)}")
    return {name: _checked(asked, name, declared[name], value) for name, value in values.items()}


def _checked(asked: Statement, name: str, declared: str, value: object) -> object:
    if not is_array(declared):
        if value is not None and not _is_a(value, declared):
            raise _refuse(asked, f"takes {name} as {declared}, not as {value!r}")
        return value
    if isinstance(value, str) or not isinstance(value, Sequence | set | frozenset):
        raise _refuse(asked, f"takes {name} as {declared}, not as {value!r}")
    items = list(value) if isinstance(value, Sequence) else sorted(value)
    for item in items:
        if not _is_a(item, element_type(declared)):
            raise _refuse(asked, f"takes {name} as {declared}; {item!r} is not one")
    return items


def _is_a(value: object, scalar: str) -> bool:
    # bool is an int and datetime is a date in Python, but not in SQL.
    if isinstance(value, bool) and scalar != "BOOL":
        return False
    if scalar == "DATE":
        return isinstance(value, date) and not isinstance(value, datetime)
    if scalar == "TIMESTAMP":
        return isinstance(value, datetime) and value.utcoffset() is not None
    return isinstance(value, _PYTHON_TYPES[scalar])


def _refuse(asked: Statement, problem: str) -> ConfigurationError:
    takes = ", ".join(f"{name}: {kind}" for name, kind in asked.header.parameters.items()) or "no parameters"
    return ConfigurationError(f"{asked.name} {problem}", fix=f"Correct the call: the header declares {takes}.")
