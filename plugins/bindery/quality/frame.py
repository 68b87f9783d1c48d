"""The judge's frame: one row a record, the facts as plain columns, indexed by position.

Rules are written over these columns. A rule about a block judges a record only where the record carries that block:
its row condition is ``touches_<block>``, true for all blocks of a full record, for the blocks sent in a block update,
and for none of a delete. So one frame serves all three kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.record import BLOCKS
from bindery.quality.misuses import MISUSES, clashes, misuses, uncovered

if TYPE_CHECKING:
    import pandas as pd

_FACTS_AS_THEY_ARE = (
    "record_reference",
    "notification_type",
    "kind",
    "isbn13",
    "isbn_problem",
    "product_form",
    "title",
    "narration_type",
    "language",
    "abridged",
    "main_subject",
    "description",
    "cover_link",
    "rights_status",
    "price_currency",
    "price_problem",
)
_COUNTS = (
    "identifier_count",
    "audience_count",
    "contributor_count",
    "isni_count",
    "hidden_descriptions",
    "description_length",
)
_NUMBERS = ("duration_seconds", "publication_year", "publication_days_ahead", "price_amount")
_TEXTS = ("narrators", "adult_subject")

COLUMNS = (*_FACTS_AS_THEY_ARE, *(f"touches_{block}" for block in BLOCKS), *_TEXTS, *MISUSES, *_COUNTS, *_NUMBERS)
"""Columns a rule may name, in its column, its row condition or its text."""

SOURCE_COLUMNS = [
    "position",
    "readable",
    "is_known",
    "scope",
    "source",
    "identifiers",
    "touches",
    "descriptive",
    "collateral",
    "publishing",
    "supply",
    "narrators",
    "duration_seconds",
    "publication_date",
    "price_amount",
    *_FACTS_AS_THEY_ARE,
]
"""Columns of ``records.parquet`` that the frame and the evidence are made of."""

_ADULT_SUBJECTS = r"^(FIC005|FIC027010|FP|5X)"
"""BISAC erotica (FIC005, FIC027010) and Thema FP (erotic fiction) and 5X (adult interest qualifiers)."""


def build(records: pa.Table, *, sent_on: date | None) -> pd.DataFrame:
    """The frame of some records.

    Args:
        records: Rows of ``records.parquet`` that are readable and in scope, with ``SOURCE_COLUMNS``.
        sent_on: The day the message was sent, against which dates are judged; None where the message doesn't say.

    Returns:
        A frame with ``COLUMNS``, indexed by ``position``. Empty text is null, because an empty element states nothing.
    """
    columns: dict[str, pa.Array] = {name: _text(records[name]) for name in _FACTS_AS_THEY_ARE}
    touches = _one(records["touches"])
    for block in BLOCKS:
        columns[f"touches_{block}"] = pa.array(_count(touches, pc.equal(touches.flatten(), block)) > 0)
    columns |= _descriptive(_one(records["descriptive"])) | _collateral(_one(records["collateral"]))
    columns |= misuses(records["publishing"], records["supply"])
    narrators = _one(records["narrators"])
    columns["narrators"] = _text(pc.binary_join(narrators.cast(pa.list_(pa.string())), "; "))
    columns["identifier_count"] = _lengths(_one(records["identifiers"]))
    columns["description_length"] = pc.fill_null(pc.utf8_length(columns["description"]), 0).cast(pa.int64())
    columns["duration_seconds"] = _one(records["duration_seconds"]).cast(pa.float64())
    columns["price_amount"] = _one(records["price_amount"]).cast(pa.float64())
    published = _one(records["publication_date"])
    columns["publication_year"] = pc.year(published).cast(pa.float64())
    columns["publication_days_ahead"] = _days_after(published, sent_on)
    import pandas as pd

    frame: pd.DataFrame = pa.table({name: columns[name] for name in COLUMNS}).to_pandas()
    # Unnamed, because Great Expectations answers with a dictionary a row where the index has a name.
    frame.index = pd.Index(records["position"].to_numpy())
    return frame


def evidence(records: pa.Table, names: Iterable[str]) -> dict[str, list[str]]:
    """What a finding's text shows of nested parts, as sent; computed only for the records that fail.

    Args:
        records: The failing rows.
        names: Keys of ``EVIDENCE``.

    Returns:
        For each name one text a row.
    """
    return {name: EVIDENCE[name](records) for name in names}


def _identifiers(records: pa.Table) -> list[str]:
    rows = records["identifiers"].to_pylist()
    return ["; ".join(f"type {one['type']}: {one['value']}" for one in row or []) or "none" for row in rows]


def _prices(records: pa.Table) -> list[str]:
    return [
        "; ".join(_price(price) for market in row or [] for supply in market["supplies"] for price in supply["prices"])
        or "none"
        for row in records["supply"].to_pylist()
    ]


def _price(price: dict[str, Any]) -> str:
    parts = (price["raw_amount"] or "no amount", price["currency"] or "no currency")
    return f"{parts[0]} {parts[1]} (type {price['type'] or 'not stated'})"


EVIDENCE: dict[str, Callable[[pa.Table], list[str]]] = {
    "identifiers": _identifiers,
    "prices": _prices,
    "rights_clashes": clashes,
    "uncovered_countries": uncovered,
}


def _descriptive(block: pa.StructArray) -> dict[str, pa.Array]:
    contributors = pc.struct_field(block, "contributors")
    names = pc.struct_field(contributors.flatten(), "identifiers")
    with_isni = _count(names, pc.equal(pc.struct_field(names.flatten(), "type"), "16")) > 0
    subjects = pc.struct_field(block, "subjects")
    codes = pc.struct_field(subjects.flatten(), "code")
    adult = np.flatnonzero(_true(pc.match_substring_regex(codes, _ADULT_SUBJECTS)))
    parents = pc.list_parent_indices(subjects).to_numpy()
    first: list[str | None] = [None] * len(block)
    for at in adult[::-1]:
        first[parents[at]] = codes[int(at)].as_py()
    return {
        "audience_count": _lengths(pc.struct_field(block, "audiences")),
        "contributor_count": _lengths(contributors),
        "isni_count": pa.array(_count(contributors, with_isni).astype("int64")),
        "adult_subject": pa.array(first, pa.string()),
    }


def _collateral(block: pa.StructArray) -> dict[str, pa.Array]:
    """Counts descriptions (List 153: 02, 03) whose audience (List 154) is stated and holds neither 00 nor 03."""
    texts = pc.struct_field(block, "texts")
    each = texts.flatten()
    described = pc.is_in(pc.struct_field(each, "type"), pa.array(["02", "03"]))
    audiences = pc.struct_field(each, "audiences")
    stated = _lengths(audiences).to_numpy() > 0
    public = _count(audiences, pc.is_in(audiences.flatten(), pa.array(["00", "03"]))) > 0
    hidden = described.to_numpy(zero_copy_only=False) & stated & ~public
    return {"hidden_descriptions": pa.array(_count(texts, hidden).astype("int64"))}


def _count(lists: pa.ListArray, marks: Any) -> np.ndarray[Any, Any]:
    """How many items of each list are marked; ``marks`` is one truth value for each item of ``lists.flatten()``."""
    each = _true(marks) if isinstance(marks, pa.Array) else marks
    return np.bincount(pc.list_parent_indices(lists).to_numpy(), weights=each.astype(float), minlength=len(lists))


def _true(marks: pa.BooleanArray) -> np.ndarray[Any, Any]:
    marked: np.ndarray[Any, Any] = marks.fill_null(False).to_numpy(zero_copy_only=False)  # noqa: FBT003 - Arrow's own
    return marked


def _lengths(lists: pa.ListArray) -> pa.Array:
    return pc.fill_null(pc.list_value_length(lists), 0).cast(pa.int64())


def _text(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    text = _one(column).cast(pa.string())
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(text), ""), pa.scalar(None, pa.string()), text)


def _days_after(days: pa.Array, sent_on: date | None) -> pa.Array:
    if sent_on is None:
        return pa.nulls(len(days), pa.float64())
    return pc.days_between(pa.scalar(sent_on, pa.date32()), days).cast(pa.float64())


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
