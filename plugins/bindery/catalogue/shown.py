"""The facts of versions that pages show and that history tells apart, block by block."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import orjson
import pyarrow as pa

FACTS: Final = {
    "descriptive": (
        "title",
        "subtitle",
        "authors",
        "narrators",
        "narration_type",
        "language",
        "duration_seconds",
        "abridged",
        "series",
        "main_subject",
        "product_form",
    ),
    "collateral": ("description", "cover_link"),
    "content": (),
    "publishing": (
        "publisher",
        "imprint",
        "publishing_status",
        "publication_date",
        "embargoed_until",
        "rights_status",
    ),
    "related": (),
    "supply": ("availability", "price_amount", "price_currency"),
}
"""The facts shown of each block of an edition, in this order (``catalogue/facts.py`` says what they mean)."""

OFFER_FACTS: Final = ("state", "reason", "territory_set_id", "available_from", "windows")
"""The facts shown of an offer, in this order."""

LONG: Final = frozenset({"description"})
"""Facts too long to be kept twice: in ``told_apart_by`` a short hash stands for them."""

_DIGITS: Final = 16
_SET_DIGITS: Final = 8
_OF_WINDOW: Final = ("opens", "closes", "reason", "ends")
_ALWAYS_TOLD: Final = 4
"""Members of a window that are told even where nothing is stated, so that a list is read by its places."""

Row = Mapping[str, Any]


def fact(versions: Mapping[str, Row], version: str | None, name: str) -> Any:
    """What a version says of a fact.

    Args:
        versions: Versions by content hash.
        version: The content hash; None for no version.
        name: The fact; or a block of which no facts are shown: then what it says is told by a short hash of it.

    Returns:
        None where it says nothing.
    """
    value = None if version is None else versions[version][name]
    if value is None or value == []:
        return None
    if name not in FACTS:
        return value
    return _short(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))


def offer_fact(offer: Row, name: str) -> str | None:
    """A fact of an offer as one text.

    Args:
        offer: Columns of ``offers``.
        name: One of ``OFFER_FACTS``. Windows are a list of ``[territory set, opens, closes, reason, ends, price]``: of
            the set the first digits of its id; what isn't stated behind the reason is left out.
    """
    return text_of([_window(one) for one in offer[name] or ()] if name == "windows" else offer[name])


def _window(row: Row) -> list[str | None]:
    amount = text_of(row["price_amount"])
    price = amount and f"{amount} {row['price_currency'] or ''}".rstrip()
    told = [row["territory_set_id"][:_SET_DIGITS], *(row[name] for name in _OF_WINDOW), price]
    while len(told) > _ALWAYS_TOLD and told[-1] is None:
        del told[-1]
    return told


def told_apart_by(versions: pa.Table) -> pa.StringArray:
    """The facts of versions as one JSON object each, so that the merge can tell two versions apart by a narrow look.

    What has no value is left out. Blocks of which no facts are shown, and long texts, stand by a short hash.

    Args:
        versions: Rows of ``record_versions``.
    """
    names = [name for block, facts in FACTS.items() for name in facts or (block,)]
    columns = {name: versions[name].to_pylist() for name in names}
    return pa.array(
        [_as_json(dict(zip(names, row, strict=True))) for row in zip(*columns.values(), strict=True)], pa.string()
    )


def _as_json(version: Row) -> str:
    stated = {name: fact({"": version}, "", name) for name in version}
    plain = {
        name: _short(value.encode()) if name in LONG else value if isinstance(value, list | int) else text_of(value)
        for name, value in stated.items()
        if value is not None
    }
    return orjson.dumps(plain).decode()


def _short(whole: bytes) -> str:
    return hashlib.sha256(whole).hexdigest()[:_DIGITS]


def text_of(value: Any) -> str | None:
    """A value as one text: lists as JSON, amounts without the zeros that say nothing. None stays None."""
    if value is None or value == []:
        return None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return orjson.dumps(value).decode() if isinstance(value, list) else str(value)
