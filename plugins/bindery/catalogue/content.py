"""Identity of content: two records with the same hash say the same thing (law 6)."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import orjson

from bindery.catalogue.record import Record
from bindery.catalogue.record_schema import PARTS_OF_CONTENT


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8; decimals are strings without trailing zeros."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    raise TypeError


def content_hash(record: Record) -> str:
    """SHA-256, in lower-case hex, of the canonical JSON of a record's content (``PARTS_OF_CONTENT``).

    Where the record came from, and what of it has no place in the model, is not part of what it says.
    """
    # What isn't stated is null in tables, so that the hash can be made again from them.
    parts = {name: None if record[name] == "" else record[name] for name in PARTS_OF_CONTENT}  # type: ignore[literal-required]  # all are keys of Record
    return hashlib.sha256(canonical_json(parts)).hexdigest()
