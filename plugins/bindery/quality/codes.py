"""Codes that no code list has: found a table at a time, because nearly every table is clean (FEATURES P3).

``include/codelists/leaves.csv`` says which leaf of the record model is governed by which list. For each leaf the values
of a whole table are flattened and made unique, and only what is strange is looked for in the rows. What a rule says of
it (severity, what to do) is stated in the registry.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from bindery.findings import Finding
from bindery.home import PROJECT
from bindery.quality.rules import Check, rules
from bindery.trade.codelists import DEFAULT_ISSUE, ISSUE_OF_2_1, added_in, codelist, deprecated_codes

LEAVES = PROJECT / "include" / "codelists" / "leaves.csv"
_UNKNOWN, _NEWER, _DEPRECATED = "W5.code_known", "W5.code_newer", "W5.code_deprecated"
_FORM = "W12.form_known"
"""An unknown form may be an audiobook's, so it is spoken of where the record is taken for something else, too."""
_ITEMS = "[]"
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Leaf:
    """A place in the record model that holds codes.

    Attributes:
        steps: The way there: a column, struct fields, ``[]`` for the items of a list.
        number: Its code list in 3.x.
        path: The element's path in 3.x.
        check: What an unknown code fails, as ``rule.check`` of the registry.
        old_numbers: Lists of issue 27 that govern it in 2.1.
        only_old: Whether in 2.1 the list of 3.x has no say. Otherwise its codes are known too: senders of 2.1 use them.
        old_path: The element's path in 2.1.
        only_where: A field beside it and the value that it has to have, such as the type that makes a value a code.
    """

    steps: tuple[str, ...]
    number: str
    path: str
    check: str
    old_numbers: tuple[str, ...]
    only_old: bool
    old_path: str
    only_where: tuple[str, str] | None

    def known(self, issue: int, *, old: bool) -> frozenset[str]:
        """The codes that may stand here in an issue; ``old`` is for ONIX 2.1."""
        found = {code for number in self.old_numbers if old for code in codelist(number, ISSUE_OF_2_1)}
        return frozenset(found if old and self.only_old else found.union(codelist(self.number, issue)))

    def deprecated(self, issue: int, *, old: bool) -> frozenset[str]:
        """Codes better not used any more. In 2.1 there often is no other."""
        return frozenset() if old else frozenset(deprecated_codes(self.number, issue))


@cache
def leaves() -> tuple[Leaf, ...]:
    """Every leaf that a code list governs, in the order of the record model."""
    with LEAVES.open(encoding="utf-8", newline="") as file:
        return tuple(_leaf(row) for row in csv.DictReader(file))


def _leaf(row: dict[str, str]) -> Leaf:
    beside, _, value = row["only_where"].partition("=")
    old = row["lists_of_2_1"]
    return Leaf(
        steps=tuple(row["leaf"].replace(_ITEMS, f".{_ITEMS}").split(".")),
        number=row["list"],
        path=f"Product/{row['element']}",
        check=row["check"] or _UNKNOWN,
        old_numbers=tuple(old.removeprefix("+").split()),
        only_old=bool(old) and not old.startswith("+"),
        old_path=f"Product/{row['element_of_2_1'] or row['element']}",
        only_where=(beside, value) if beside else None,
    )


@cache
def path_in_3(path: str) -> str:
    """The path in ONIX 3.x of an element that holds codes in 2.1; any other path as it is."""
    return next((leaf.path for leaf in leaves() if leaf.old_path == path), path)


@cache
def _fine(leaf: Leaf, issue: int, old: bool) -> frozenset[str | None]:  # noqa: FBT001 - a key of the cache
    """What needs no word: known codes, and nothing, which is for other rules to judge."""
    return (leaf.known(issue, old=old) - leaf.deprecated(issue, old=old)) | {None, ""}


def unknown_codes(records: pa.Table, *, issue: int = DEFAULT_ISSUE, release: str | None = None) -> list[Finding]:
    """What is to say about the codes of records: unknown, newer than the issue, or deprecated.

    Args:
        records: With the columns of ``RECORDS_SCHEMA``. Those out of scope are passed over, except for their form.
        issue: The issue of the code lists to judge by.
        release: The message's release; in ONIX 2.1 some leaves are governed by other lists.

    Returns:
        One finding a record, leaf and code, in order of position and then of the record model.

    Raises:
        ConfigurationError: The issue is not shipped.
    """
    old = (release or "").startswith("2")
    columns = _Columns(records)
    strange = [
        (leaf, found)
        for leaf in leaves()
        if (found := set(columns.values(leaf).unique().to_pylist()) - _fine(leaf, issue, old))
    ]
    if not strange:
        return []
    return list(_findings(records, columns, strange, _Judgement(issue, old)))


class _Columns:
    """Values of a table's nested columns; what leaves have in common is flattened once."""

    def __init__(self, records: pa.Table) -> None:
        self._records = records
        self._flat: dict[tuple[str, ...], pa.Array] = {}

    def array(self, steps: tuple[str, ...]) -> pa.Array:
        """The values at a place, of all records one after another."""
        if steps not in self._flat:
            self._flat[steps] = self._made(steps)
        return self._flat[steps]

    def _made(self, steps: tuple[str, ...]) -> pa.Array:
        *before, last = steps
        if not before:
            column = self._records[last]
            return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        parent = self.array(tuple(before))
        if last == _ITEMS:
            return parent.flatten()
        # Without nulls, a field is there at once; with them, what lies under a null isn't to be seen.
        return pc.struct_field(parent, last) if parent.null_count else parent.field(last)

    def values(self, leaf: Leaf) -> pa.Array:
        """A leaf's values, where they are codes."""
        values = self.array(leaf.steps)
        return values if leaf.only_where is None else values.filter(self._condition(leaf))

    def rows(self, leaf: Leaf) -> pa.Array:
        """The row that each of ``values`` is in."""
        rows = pa.array(range(self._records.num_rows), pa.int64())
        for end, step in enumerate(leaf.steps):
            if step == _ITEMS:
                rows = rows.take(pc.list_parent_indices(self.array(leaf.steps[:end])))
        return rows if leaf.only_where is None else rows.filter(self._condition(leaf))

    def _condition(self, leaf: Leaf) -> pa.Array:
        beside, value = leaf.only_where or ("", "")
        return pc.equal(self.array((*leaf.steps[:-1], beside)), value)


class _Judgement(NamedTuple):
    issue: int
    old: bool

    def of(self, leaf: Leaf, code: str) -> tuple[str, str]:
        """The check a strange code fails, and what is to say about it."""
        name = leaf.path.rpartition("/")[2] if not self.old else leaf.old_path.rpartition("/")[2]
        shown = code if len(code) <= _LONGEST_SHOWN else f"{code[:_LONGEST_SHOWN]}…"
        if code in leaf.known(self.issue, old=self.old):
            since = deprecated_codes(leaf.number, self.issue)[code]
            text = f"{name} is {shown!r}, which List {leaf.number} has deprecated since issue {since}"
            return _DEPRECATED, f"{text} (judged by issue {self.issue})."
        newer = None if self.old and leaf.only_old else added_in(leaf.number, code)
        if newer is not None and newer > self.issue:
            text = f"{name} is {shown!r}, which is newer than issue {self.issue} of List {leaf.number}"
            return _NEWER, f"{text}: issue {newer} has it."
        return leaf.check, f"{name} is {shown!r}, which is not in {self._lists(leaf)}."

    def _lists(self, leaf: Leaf) -> str:
        current = [] if self.old and leaf.only_old else [f"List {leaf.number} of issue {self.issue}"]
        olds = [f"List {number} of issue {ISSUE_OF_2_1}" for number in leaf.old_numbers if self.old]
        return " or ".join([*current, *olds])


def _findings(
    records: pa.Table, columns: _Columns, strange: list[tuple[Leaf, set[Any]]], judgement: _Judgement
) -> Iterator[Finding]:
    placed = [
        (row, number, code)
        for number, (leaf, codes) in enumerate(strange)
        for row, code in _placed(columns, leaf, codes)
    ]
    placed.sort(key=lambda one: one[:2])
    names = ("scope", "position", "record_reference", "source")
    rows = sorted({row for row, _, _ in placed})
    of_row = dict(zip(rows, records.select(names).take(rows).to_pylist(), strict=True))
    for row, number, code in placed:
        record, leaf = of_row[row], strange[number][0]
        if record["scope"] not in ({"in", "not_audio"} if leaf.check == _FORM else {"in"}):
            continue
        name, text = judgement.of(leaf, code)
        check = _registered(name)
        yield Finding(
            rule=check.rule,
            severity=check.severity,
            position=record["position"],
            record_reference=record["record_reference"],
            path=leaf.old_path if judgement.old else leaf.path,
            line=record["source"]["line"],
            byte_start=record["source"]["byte_start"],
            text=text,
            fix=check.fix,
        )


def _placed(columns: _Columns, leaf: Leaf, codes: set[Any]) -> Iterator[tuple[int, str]]:
    """Row and code of every strange value, each pair once, in the order of the table."""
    values = columns.values(leaf)
    here = pc.is_in(values, value_set=pa.array(sorted(codes), pa.string()))
    pairs = zip(columns.rows(leaf).filter(here).to_pylist(), values.filter(here).to_pylist(), strict=True)
    yield from dict.fromkeys(pairs)


@cache
def _registered(name: str) -> Check:
    rule, _, check = name.partition(".")
    return next(one for one in rules()[rule].checks if one.check == check)
