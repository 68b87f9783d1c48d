"""What versions say of the books they are of: one narrow JSON text each, made once, when a version is first kept.

The step of works reads these texts by number, and never the fat ``record_versions``. They hold what was said, not what
is made of it: so a better rule for titles or names needs nothing to be staged again.
"""

from __future__ import annotations

from typing import Final, TypedDict

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.narrow import Taken, member, offsets

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
_DESCRIPTIVE: Final[dict[str, Taken]] = {
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
_RELATED: Final[dict[str, Taken]] = {
    "works": {"relation": None, "identifiers": _IDENTIFIER},
    "products": {"relations": None, "identifiers": _IDENTIFIER},
}


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
    columns: dict[str, tuple[pa.Array, Taken]] = {name: (versions[name].combine_chunks(), None) for name in _FLAT}
    columns |= {name: (pc.struct_field(descriptive, name), taken) for name, taken in _DESCRIPTIVE.items()}
    columns["texts"] = (_texts(pc.struct_field(descriptive, "parts")), None)
    columns |= {name: (pc.struct_field(related, name), taken) for name, taken in _RELATED.items()}
    members = [member(name, column, taken) for name, (column, taken) in columns.items()]
    whole = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*members, ""), start=1)
    return pc.binary_join_element_wise("{", whole, "}", "")


def _texts(parts: pa.ListArray) -> pa.Int64Array:
    counts = pc.fill_null(pc.list_value_length(pc.struct_field(parts.flatten(), "identifiers")), 0)
    upto = np.concatenate([[0], np.cumsum(counts.to_numpy(zero_copy_only=False) > 0)])
    ends = offsets(parts).to_numpy()
    found = upto[ends[1:]] - upto[ends[:-1]]
    return pa.array(found, pa.int64(), mask=found == 0)
