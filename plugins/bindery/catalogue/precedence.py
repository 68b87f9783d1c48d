"""Precedence: who goes first for which group of fields, by supplier and day (FEATURES M2, AUDIOBOOKS section 6).

One YAML file of rules; where it says nothing, a feed's own ``precedence`` is the rank.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bindery.declarations import Mistake, load_declaration
from bindery.errors import ConfigurationError
from bindery.home import PRECEDENCE, Home
from bindery.trade.territories import world
from bindery.warehouse.engine import Warehouse

FieldGroup = Literal["descriptive", "collateral", "content", "related", "offer"]
"""Groups of fields that come from one record: ONIX's blocks; ``offer`` is publishing and supply, one whole word."""


def _country(code: str) -> str:
    if code not in world():
        message = f"{code} is no country of ISO 3166-1"
        raise ValueError(message)
    return code


class Rule(BaseModel):
    """The rank of one supplier for one group of fields.

    Attributes:
        field_group: ``descriptive``, ``collateral``, ``content``, ``related`` or ``offer`` (rights, price and
            availability).
        supplier: Whose rank it is, as feeds name it.
        territory: ISO 3166-1 country it is for; everywhere without one.
        valid_from: The first day it holds; always held without one.
        valid_until: The last day it holds; for good without one.
        rank: The lowest wins. Compared with other rules and, for suppliers without one, with ``precedence`` of feeds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field_group: FieldGroup
    supplier: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
    territory: Annotated[str, AfterValidator(_country)] | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    rank: int


class Precedence(BaseModel):
    """Who goes first: ``include/precedence.yaml``.

    Attributes:
        rules: In any order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Rule, ...]


_NAMES = tuple(Rule.model_fields)
_SCHEMA = pa.schema(
    [
        ("field_group", pa.string()),
        ("supplier", pa.string()),
        ("territory", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),
        ("rank", pa.int64()),
    ]
)


def load_precedence(home: Home) -> Precedence:
    """Read the rules in force.

    Args:
        home: Knows where the file is. It may be missing or empty, and then there are no rules; one that the
            environment names must be there.

    Raises:
        ConfigurationError: It is wrong; the error names the rule and the key.
    """
    path = home.precedence
    if not path.is_file() and PRECEDENCE in os.environ:
        raise ConfigurationError(f"There is no file {path}.", fix=f"Create it, or set {PRECEDENCE} to the right one.")
    if not path.is_file() or _is_empty(path):
        return Precedence(rules=())
    return load_declaration(path, Precedence, _mistakes)


def _is_empty(path: Path) -> bool:
    """Whether there is nothing in a file but comments; what can't be read is for ``load_declaration`` to tell."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")) is None
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return False


def _mistakes(declared: Precedence) -> Iterator[Mistake]:
    for place, rule in enumerate(declared.rules):
        if rule.valid_from and rule.valid_until and rule.valid_until < rule.valid_from:
            yield Mistake(f"rules.{place}.valid_until: it ends on {rule.valid_until}, before it begins")
    for (one, first), (other, second) in combinations(enumerate(declared.rules), 2):
        if _name(first) == _name(second) and _overlap(first, second):
            yield Mistake(
                f"rules.{other}: {second.supplier} has a rank for {second.field_group} by rules.{one} already",
                "Let one end on the day before the other begins.",
            )


def _name(rule: Rule) -> tuple[str, str, str | None]:
    return rule.field_group, rule.supplier, rule.territory


def _overlap(one: Rule, other: Rule) -> bool:
    return all(
        (first.valid_from or date.min) <= (second.valid_until or date.max)
        for first, second in ((one, other), (other, one))
    )


def rows_of(precedence: Precedence) -> list[dict[str, Any]]:
    """Rules as rows of the table ``precedence``."""
    return [rule.model_dump() for rule in precedence.rules]


def write_precedence(warehouse: Warehouse, rows: Sequence[dict[str, Any]]) -> int:
    """Replace the table where it differs, and queue the titles of the suppliers concerned.

    Args:
        warehouse: The open writer, in the transaction of the editions step, before titles are chosen.
        rows: What is to be in the table.

    Returns:
        Rows of ``merge_queue`` written.
    """
    kept, declared = (
        {tuple(row[name] for name in _NAMES) for row in table}
        for table in (warehouse.read("precedence").to_pylist(), rows)
    )
    changed = kept ^ declared
    if not changed:
        return 0
    # The rules go last: an engine without transactions queues the same titles again.
    suppliers = {row[_NAMES.index("supplier")] for row in changed}
    queued = warehouse.run("catalogue/queue_precedence", suppliers=suppliers)["rows"][0].as_py()
    warehouse.run("catalogue/clear_precedence")
    if rows:
        warehouse.load("precedence", pa.Table.from_pylist(list(rows), schema=_SCHEMA))
    return int(queued)
