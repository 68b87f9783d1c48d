"""What versions say of the books they are of: one narrow JSON text each, made once, when a version is first kept.

The step of works reads these texts by number, and never the fat ``record_versions``. They hold what was said, not what
is made of it: so a better rule for titles or names needs nothing to be staged again.
"""

from __future__ import annotations

from typing import Any, Final, TypedDict

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

Text = str | None
Identifier = tuple[Text, Text, Text]
"""Type, name of the type, value."""
Element = tuple[Text, Text, Text, Text]
"""Level, text, without prefix, part number."""
Contributor = tuple[int | None, list[str], Text, Text, Text, Text, list[tuple[Text, Text]]]
"""Sequence, roles, name, key names, inverted name, name of a company, identifiers as type and value."""


class Said(TypedDict, total=False):
    """A text of ``work_facts``, read. What a version doesn't say is not in it; lists in it are rows of columns.

    Attributes:
        title: The facts of these names of ``catalogue/facts.py``, so down to ``primary_content_type``.
        composition: List 2.
        edition_types: List 21.
        languages: Role (List 22) and code (List 74).
        titles: Type (List 15) and elements.
        collections: Title and part number.
        texts: How many product parts have an identifier of their own.
        contributors: In the order sent.
        works: Relation (List 164) and identifiers.
        products: Relations (List 51) and identifiers.
    """

    title: str
    subtitle: str
    language: str
    duration_seconds: int
    abridged: str
    primary_content_type: str
    composition: str
    edition_types: list[str]
    languages: list[tuple[Text, Text]]
    titles: list[tuple[Text, list[Element]]]
    collections: list[tuple[Text, Text]]
    texts: int
    contributors: list[Contributor]
    works: list[tuple[Text, list[Identifier]]]
    products: list[tuple[list[str], list[Identifier]]]


_FLAT: Final = ("title", "subtitle", "language", "duration_seconds", "abridged", "primary_content_type")
_IDENTIFIER: Final = {"type": None, "type_name": None, "value": None}
_DESCRIPTIVE: Final[dict[str, Any]] = {
    "composition": None,
    "edition_types": None,
    "languages": {"role": None, "code": None},
    "titles": {
        "type": None,
        "elements": {"level": None, "text": None, "without_prefix": None, "part_number": None},
    },
    "collections": {"title": None, "part_number": None},
    "contributors": {
        "sequence": None,
        "roles": None,
        "name": None,
        "key_names": None,
        "name_inverted": None,
        "corporate_name": None,
        "identifiers": {"type": None, "value": None},
    },
}
_RELATED: Final[dict[str, Any]] = {
    "works": {"relation": None, "identifiers": _IDENTIFIER},
    "products": {"relations": None, "identifiers": _IDENTIFIER},
}
_TO_ESCAPE: Final = r'["\\\x00-\x1f]'


def said(text: str | None) -> Said:
    """A text of ``work_facts`` as it is read; of no version, nothing."""
    found: Said = orjson.loads(text) if text else {}
    return found


def work_facts(versions: pa.Table) -> pa.StringArray:
    """What versions say that tells works apart, as ``said`` reads it.

    Args:
        versions: Rows of ``record_versions``.
    """
    descriptive, related = (versions[block].combine_chunks() for block in ("descriptive", "related"))
    columns = {name: (versions[name].combine_chunks(), None) for name in _FLAT}
    columns |= {name: (pc.struct_field(descriptive, name), taken) for name, taken in _DESCRIPTIVE.items()}
    columns["texts"] = (_texts(pc.struct_field(descriptive, "parts")), None)
    columns |= {name: (pc.struct_field(related, name), taken) for name, taken in _RELATED.items()}
    members = [_member(name, column, taken) for name, (column, taken) in columns.items()]
    whole = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*members, ""), start=1)
    return pc.binary_join_element_wise("{", whole, "}", "")


def _texts(parts: pa.ListArray) -> pa.Int64Array:
    counts = pc.fill_null(pc.list_value_length(pc.struct_field(parts.flatten(), "identifiers")), 0)
    upto = np.concatenate([[0], np.cumsum(counts.to_numpy(zero_copy_only=False) > 0)])
    ends = _offsets(parts).to_numpy()
    found = upto[ends[1:]] - upto[ends[:-1]]
    return pa.array(found, pa.int64(), mask=found == 0)


def _member(name: str, column: pa.Array, taken: dict[str, Any] | None) -> pa.StringArray:
    """``,"name":value`` of each version that says it; nothing of the others."""
    is_list = pa.types.is_list(column.type)
    stated = pc.greater(pc.list_value_length(column), 0) if is_list else column.is_valid()
    if not pc.any(stated).as_py():
        return pa.repeat(pa.scalar("", pa.string()), len(column))
    said_of = pc.binary_join_element_wise(f',"{name}":', _json(column, taken), "")
    return pc.if_else(pc.fill_null(stated, fill_value=False), said_of, "")


def _json(column: pa.Array, taken: dict[str, Any] | None) -> pa.StringArray:
    """Each value as JSON: structs as rows of the fields taken, no list as an empty one.

    By columns, because a version at a time as Python objects takes ten times as long.
    """
    if pa.types.is_list(column.type):
        items = _json(column.flatten(), taken)
        joined = pc.binary_join(pa.ListArray.from_arrays(_offsets(column), items), ",")
        return pc.binary_join_element_wise("[", joined, "]", "")
    if pa.types.is_struct(column.type):
        fields = [_json(pc.struct_field(column, name), inner) for name, inner in (taken or {}).items()]
        return pc.binary_join_element_wise("[", pc.binary_join_element_wise(*fields, ","), "]", "")
    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "null")
    to_escape = pc.fill_null(pc.match_substring_regex(column, _TO_ESCAPE), fill_value=False)
    quoted = pc.binary_join_element_wise('"', column, '"', "")
    if pc.any(to_escape).as_py():
        escaped = [orjson.dumps(text).decode() for text in column.filter(to_escape).to_pylist()]
        quoted = pc.replace_with_mask(quoted, to_escape, pa.array(escaped, pa.string()))
    return pc.fill_null(quoted, "null")


def _offsets(lists: pa.ListArray) -> pa.Int32Array:
    """Where each list begins among the flattened items; those of a slice don't begin at nought."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
