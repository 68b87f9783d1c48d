"""Decides the offers of the queued titles, and keeps what they were decided by, batch by batch (law 8)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

import orjson
import pyarrow as pa

from bindery.catalogue.keys import key_of
from bindery.catalogue.offering.known import Known, Row, Spoken, known_of
from bindery.catalogue.staging import territory_set_id
from bindery.rights.countries import Mask, countries_of, everywhere
from bindery.rights.edges import end_day, first_day
from bindery.rights.models import MODELS, Model
from bindery.rights.title import Title
from bindery.rights.windows import Window, offers
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
    spoken = Spoken(warehouse)
    interned = _Interned(warehouse)
    rows = 0
    for start in range(0, len(queued), _TITLES_AT_A_TIME):
        some = queued[start : start + _TITLES_AT_A_TIME]
        known = _known(warehouse, some)
        made = [row for title in spoken.titles(known) for row in _rows(title)]
        interned.keep({part for row in made for part in row["masks"]})
        if made:
            rows += warehouse.load("decided_offers", _table(made, interned))
        told = [
            {"edition_key": row["edition_key"], "isbn13": row["isbn13"], "known_key": key_of(text), "known": text}
            for row, one in zip(some, known, strict=True)
            for text in (orjson.dumps(one).decode(),)
        ]
        warehouse.load("decided_titles", pa.Table.from_pylist(told))
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
        self._kept: set[str] | None = None

    def __getitem__(self, countries: Mask) -> str:
        return self._ids[countries]

    def keep(self, sets: set[Mask]) -> None:
        """Name sets, and write those that aren't kept yet."""
        fresh = {one: territory_set_id(countries_of(one)) for one in sets - self._ids.keys()}
        if not fresh:
            return
        if self._kept is None:
            self._kept = set(self._warehouse.run("catalogue/known_territories")["territory_set_id"].to_pylist())
        rows = [
            {"territory_set_id": name, "countries": list(countries_of(one))}
            for one, name in fresh.items()
            if name not in self._kept
        ]
        if rows:
            self._warehouse.load("territory_sets", pa.Table.from_pylist(rows))
        self._kept.update(fresh.values())
        self._ids |= fresh


def _rows(title: Title) -> Iterator[dict[str, Any]]:
    """A title's offers, a row a model, with sets of countries as bits."""
    if title.state == "none":
        return
    found = offers(title)
    for model in MODELS:
        windows = found[model]
        open_in = [(where, made) for where, made in windows if made[0].is_open]
        covered = 0
        for where, _ in open_in:
            covered |= where
        first_opens = [made[0].opens for _, made in open_in]
        best = open_in[0][1][0] if open_in else None
        yield {
            "isbn13": title.isbn13,
            "model": model,
            "state": "offered" if open_in else "not_offered",
            "reason": None if open_in else _why_nowhere(title, model, windows),
            "mask": covered,
            "masks": [covered, *(where for where, _ in windows)],
            "available_from": max((first_day(edge) for edge in first_opens if edge is not None), default=None),
            "price_amount": best and best.amount,
            "price_currency": best and best.currency,
            "windows": windows,
        }


def _why_nowhere(title: Title, model: Model, windows: Sequence[tuple[Mask, tuple[Window, ...]]]) -> str:
    """Why a title is offered nowhere, in one word: its state, its rights, else what is said of most countries."""
    if title.state != "live":
        return title.state
    allowed, codes = _allowed(title, model)
    if not codes or "unstated" in codes:
        return "no_rights"
    if allowed:
        inside = max(windows, key=lambda pair: (pair[0] & allowed).bit_count())
        return inside[1][0].reason.code if inside[1][0].reason else "no_country_allowed"
    if codes & {"contradictory", "doubtful", "restriction_unstated"}:
        return "rights_contradictory"
    return "rights_incomplete" if "uncovered" in codes else "no_country_allowed"


def _allowed(title: Title, model: Model) -> tuple[Mask, set[str]]:
    """Where rights and persons allow a model; and what the rights that count say, in the words of ``Verdict``."""
    allowed = everywhere()
    codes: set[str] = set()
    for limit in title.limits:
        if limit.concerns(model):
            allowed &= limit.countries
    for voice in title.voices:
        if voice.publishing is None or not (voice.state == "live" or voice.is_rejected):
            continue
        for where, verdict in title.rights(voice.publishing):
            if not voice.is_rejected:
                codes.add(verdict.code)
            refused = any(one == model for one, _, _ in verdict.refused)
            denied = verdict.code == "not_for_sale" if voice.is_rejected else verdict.code != "granted"
            if refused or denied:
                allowed &= ~where
    return allowed, codes


def _table(made: Sequence[Mapping[str, Any]], interned: _Interned) -> pa.Table:
    rows = []
    for one in made:
        row = {
            "edition_key": int(one["isbn13"]),
            **{name: one[name] for name in ("isbn13", "model", "state", "reason", "available_from")},
            "territory_set_id": interned[one["mask"]],
            "price_amount": one["price_amount"],
            "price_currency": one["price_currency"],
            "windows": [_window(interned[where], window) for where, made_of in one["windows"] for window in made_of],
        }
        row["offer_hash"] = hashlib.sha256(orjson.dumps(row)).hexdigest()
        rows.append(_with_decimals(row))
    return pa.Table.from_pylist(rows, schema=_OFFERS)


def _window(set_id: str, window: Window) -> dict[str, Any]:
    return {
        "territory_set_id": set_id,
        "state": "open" if window.is_open else "closed",
        "opens": window.opens and window.opens.text,
        "closes": window.closes and window.closes.text,
        "reason": window.reason and f"{window.reason.code} {window.reason.detail}".rstrip(),
        "ends": window.ends and f"{window.ends.code} {window.ends.detail}".rstrip(),
        "available_from": window.opens and first_day(window.opens),
        "available_until": window.closes and end_day(window.closes),
        "price_amount": window.amount,
        "price_currency": window.currency,
    }


def _with_decimals(row: dict[str, Any]) -> dict[str, Any]:
    for one in (row, *row["windows"]):
        if one["price_amount"] is not None:
            one["price_amount"] = Decimal(one["price_amount"])
    return row


_AMOUNT: Final = pa.decimal128(38, 9)
_WINDOW: Final = pa.struct(
    [
        *((name, pa.string()) for name in ("territory_set_id", "state", "opens", "closes", "reason", "ends")),
        ("available_from", pa.date32()),
        ("available_until", pa.date32()),
        ("price_amount", _AMOUNT),
        ("price_currency", pa.string()),
    ]
)
_OFFERS: Final = pa.schema(
    [
        ("edition_key", pa.int64()),
        *((name, pa.string()) for name in ("isbn13", "model", "state", "reason", "territory_set_id")),
        ("available_from", pa.date32()),
        ("price_amount", _AMOUNT),
        ("price_currency", pa.string()),
        ("windows", pa.list_(_WINDOW)),
        ("offer_hash", pa.string()),
    ]
)
