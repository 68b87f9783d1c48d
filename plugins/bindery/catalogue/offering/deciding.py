"""Decides the offers of the queued titles, and keeps what they were decided by, batch by batch (law 8)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby
from typing import Any, Final

import orjson
import pyarrow as pa

from bindery.catalogue.keeping import keep_territories
from bindery.catalogue.keys import key_of
from bindery.catalogue.offering.decided import OfferDecided, WindowDecided
from bindery.catalogue.offering.known import Known, Row, Spoken, known_of
from bindery.catalogue.offering.patterns import Patterns
from bindery.catalogue.staging import territory_set_id
from bindery.rights.countries import Mask, countries_of
from bindery.warehouse.engine import Warehouse

_TITLES_AT_A_TIME: Final = 20_000

NOWHERE: Final = territory_set_id([])


def decide(warehouse: Warehouse) -> int:
    """Fill ``decided_offers`` and ``decided_titles`` for the titles whose offers are queued.

    Args:
        warehouse: The open writer, in the transaction of the offers step.

    Returns:
        Rows of ``decided_offers``.
    """
    queued = warehouse.run("rights/queued_titles").to_pylist()
    patterns = Patterns(Spoken(warehouse))
    interned = _Interned(warehouse)
    rows = 0
    for start in range(0, len(queued), _TITLES_AT_A_TIME):
        some = queued[start : start + _TITLES_AT_A_TIME]
        known = _known(warehouse, some)
        made = [
            (one["isbn13"], offer) for one, found in zip(known, patterns.offers(known), strict=True) for offer in found
        ]
        interned.keep(
            {where for _, offer in made for where in (offer.countries, *(w.countries for w in offer.windows))}
        )
        if made:
            rows += warehouse.load("decided_offers", _table(made, interned))
        texts = [orjson.dumps(one).decode() for one in known]
        told = {
            "edition_key": [row["edition_key"] for row in some],
            "isbn13": [row["isbn13"] for row in some],
            "known_key": list(map(key_of, texts)),
            "known": texts,
        }
        warehouse.load("decided_titles", pa.table(told))
    return rows


def _known(warehouse: Warehouse, some: Sequence[Row]) -> list[Known]:
    bounds = {"first": some[0]["edition_key"], "last": some[-1]["edition_key"]}
    editions = {row["edition_key"]: row for row in warehouse.run("rights/queued_editions", **bounds).to_pylist()}
    voices = _by_title(warehouse.run("rights/queued_voices", **bounds))
    limits = _by_title(warehouse.run("rights/queued_limits", **bounds))
    return [
        known_of(row["isbn13"], editions.get(key), voices.get(key, ()), limits.get(key, ()))
        for row in some
        for key in (row["edition_key"],)
    ]


def _by_title(rows: pa.Table) -> dict[int, list[Row]]:
    return {key: list(found) for key, found in groupby(rows.to_pylist(), key=lambda row: row["edition_key"])}


class _Interned:
    """Sets of countries by their bits, each kept once in ``territory_sets``."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._ids: dict[Mask, str] = {0: NOWHERE}

    def __getitem__(self, countries: Mask) -> str:
        return self._ids[countries]

    def keep(self, sets: set[Mask]) -> None:
        """Name sets, and write those that aren't kept yet."""
        fresh = {one: territory_set_id(countries_of(one)) for one in sets - self._ids.keys()}
        keep_territories(self._warehouse, {name: countries_of(one) for one, name in fresh.items()})
        self._ids |= fresh


def _table(made: Sequence[tuple[str, OfferDecided]], interned: _Interned) -> pa.Table:
    """Rows of ``decided_offers``, column by column."""
    isbns = [isbn13 for isbn13, _ in made]
    offers = [offer for _, offer in made]
    columns = {name: pa.array([getattr(offer, name) for offer in offers], kind) for name, kind in _FLAT.items()}
    sets = [interned[offer.countries] for offer in offers]
    windows = [window for offer in offers for window in offer.windows]
    offsets = pa.array(accumulate((len(offer.windows) for offer in offers), initial=0), pa.int32())
    return pa.table(
        {
            "edition_key": pa.array(map(int, isbns), pa.int64()),
            "isbn13": isbns,
            **columns,
            "price_amount": _amounts(offers),
            "territory_set_id": sets,
            "windows": pa.ListArray.from_arrays(offsets, _windows(windows, interned)),
            "offer_hash": [_hash(offer, interned) for offer in offers],
        }
    )


def _windows(windows: Sequence[WindowDecided], interned: _Interned) -> pa.StructArray:
    columns = {name: pa.array([getattr(window, name) for window in windows], kind) for name, kind in _TOLD.items()}
    sets = pa.array([interned[window.countries] for window in windows], pa.string())
    fields = {"territory_set_id": sets, **columns, "price_amount": _amounts(windows)}
    return pa.StructArray.from_arrays(list(fields.values()), names=list(fields))


def _amounts(rows: Iterable[OfferDecided] | Iterable[WindowDecided]) -> pa.Array:
    return pa.array([row.price_amount for row in rows], pa.string()).cast(pa.decimal128(38, 9))


def _hash(offer: OfferDecided, interned: _Interned) -> str:
    told: list[Any] = [*offer[:3], interned[offer.countries], *offer[4:7]]
    windows = [[interned[window.countries], *window[1:]] for window in offer.windows]
    return hashlib.sha256(orjson.dumps([told, windows])).hexdigest()


_FLAT: Final = {
    "model": pa.string(),
    "state": pa.string(),
    "reason": pa.string(),
    "available_from": pa.date32(),
    "price_currency": pa.string(),
}
_TOLD: Final = {
    "state": pa.string(),
    "opens": pa.string(),
    "closes": pa.string(),
    "reason": pa.string(),
    "ends": pa.string(),
    "available_from": pa.date32(),
    "available_until": pa.date32(),
    "price_currency": pa.string(),
}
