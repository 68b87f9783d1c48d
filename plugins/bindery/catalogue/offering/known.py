"""What is known of titles' rights and supply, as pointers; and the texts they point at, put together.

``Known`` is what the history keeps of a title, because versions are never changed: so what was known at a past instant
can be asked as if it were now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypedDict, cast

import pyarrow as pa

from bindery.catalogue.keys import version_key
from bindery.rights.countries import mask
from bindery.rights.terms import PublishingTerms, SupplyTerms, publishing_terms, supply_terms
from bindery.rights.title import Limit, Title, Voice
from bindery.trade.models import Model
from bindery.warehouse.engine import Warehouse

Row = Mapping[str, Any]

Versions = Mapping[str, tuple[PublishingTerms | None, SupplyTerms | None]]
"""The terms of blocks 4 and 6 of each version, by content hash."""


class KnownVoice(TypedDict):
    """What a record says, as pointers (see ``rights.title.Voice``).

    ``rejected_publishing`` and ``rejected_supply`` name each version whose block 4, or 6, was rejected and not replaced
    by a record that counts: ``<content_hash> <message_id>``, the newest first.
    """

    supplier: str
    record_reference: str
    message_id: str
    ordering_key: str
    state: str
    withdrawal: str | None
    publishing_version: str | None
    supply_version: str | None
    rejected_publishing: list[str]
    rejected_supply: list[str]


class KnownLimit(TypedDict):
    """Where a person limits a title."""

    model: Model
    territory_set_id: str
    override_id: str


class Known(TypedDict):
    """All that decides a title's offers, as pointers. ``state`` is ``none`` where no record names it."""

    isbn13: str
    state: str
    reason: str | None
    publishing_version: str | None
    supply_version: str | None
    supply_supplier: str | None
    supply_record: str | None
    voices: list[KnownVoice]
    limits: list[KnownLimit]


def known_of(isbn13: str, edition: Row | None, voices: Iterable[Row], limits: Iterable[Row]) -> Known:
    """What rows of the catalogue say of a title.

    Args:
        isbn13: Whose.
        edition: Its row of ``editions``; None where there is none.
        voices: Its rows of ``records``.
        limits: Its rows of ``legal_limits``.
    """
    said: Row = edition or {"state": "none"}
    pointers = ("reason", "publishing_version", "supply_version", "supply_supplier", "supply_record")
    known: dict[str, Any] = {
        "isbn13": isbn13,
        "state": said["state"],
        **{name: said.get(name) for name in pointers},
        "voices": [{name: row[name] for name in KnownVoice.__annotations__} for row in voices],
        "limits": [{name: row[name] for name in KnownLimit.__annotations__} for row in limits],
    }
    return cast("Known", known)


@lru_cache(maxsize=20_000)
def _publishing(text: str) -> PublishingTerms:
    return publishing_terms(text)


@lru_cache(maxsize=20_000)
def _supply(text: str) -> SupplyTerms:
    return supply_terms(text)


Texts = Mapping[str, tuple[str | None, str | None]]
"""Texts of ``publishing_terms`` and ``supply_terms``, by content hash."""

_NO_TEXTS: Final = pa.table({"content_hash": [], "publishing_terms": [], "supply_terms": []})


def _read(texts: tuple[str | None, str | None]) -> tuple[PublishingTerms | None, SupplyTerms | None]:
    publishing, supply = texts
    return None if publishing is None else _publishing(publishing), None if supply is None else _supply(supply)


class Spoken:
    """The texts that titles point at, fetched when they are needed; what suppliers repeat is fetched once."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Fetches from a warehouse."""
        self._warehouse = warehouse
        self._stated: dict[str, str] = {}
        self._limits: dict[str, int] = {}

    def titles(self, known: Sequence[Known]) -> list[Title]:
        """What is known of titles, in full."""
        texts = self.texts(known)
        return self.read([(one, texts) for one in known])

    def texts(self, known: Sequence[Known]) -> Texts:
        """The texts of all versions that titles point at."""
        hashes = {pointer for one in known for pointer in _pointers(one) if pointer is not None}
        keys = sorted(map(version_key, hashes))
        rows = self._warehouse.run("catalogue/version_terms", version_keys=keys) if keys else _NO_TEXTS
        names = ("content_hash", "publishing_terms", "supply_terms")
        hashed, publishing, supply = (rows[name].to_pylist() for name in names)
        return dict(zip(hashed, zip(publishing, supply, strict=True), strict=True))

    def read(self, known: Sequence[tuple[Known, Texts]]) -> list[Title]:
        """What is known of titles, by the texts that come with each."""
        versions = [{pointer: _read(texts[pointer]) for pointer in _pointers(one) if pointer} for one, texts in known]
        self._fetch_stated(terms for of_title in versions for terms in of_title.values())
        self._fetch_limits([one for one, _ in known])
        return [self._title(one, of_title) for (one, _), of_title in zip(known, versions, strict=True)]

    def _fetch_stated(self, terms: Iterable[tuple[PublishingTerms | None, SupplyTerms | None]]) -> None:
        named: set[str] = set()
        for publishing, supply in terms:
            if publishing is not None:
                named.add(publishing.rights)
            for market in supply or ():
                named.add(market.market or "")
                named.update(price.territory or "" for one in market.supplies for price in one.prices)
        missing = sorted(named - self._stated.keys() - {""})
        if missing:
            rows = self._warehouse.run("catalogue/stated_terms_of", ids=missing).to_pylist()
            self._stated |= {row["stated_id"]: row["statement"] for row in rows}

    def _fetch_limits(self, known: Sequence[Known]) -> None:
        named = {limit["territory_set_id"] for one in known for limit in one["limits"]} - self._limits.keys()
        if named:
            rows = self._warehouse.run("catalogue/blame_countries", territory_set_ids=sorted(named)).to_pylist()
            self._limits |= dict.fromkeys(named, 0) | {
                row["territory_set_id"]: mask(row["countries"] or ()) for row in rows
            }

    def _title(self, known: Known, versions: Versions) -> Title:
        voices: list[Voice] = []
        supplied_by = None
        for said in known["voices"]:
            if (said["supplier"], said["record_reference"]) == (known["supply_supplier"], known["supply_record"]):
                supplied_by = len(voices)
            voices += _voices(said, versions)
        won = known["publishing_version"]
        if won is not None and all(won != voice.publishing_version for voice in voices):
            # A person's word stands beside the records', and like theirs can only narrow (law 3).
            voices.append(Voice("", "", publishing=versions[won][0], publishing_version=won))
        return Title(
            isbn13=known["isbn13"],
            state=known["state"],
            reason=known["reason"],
            voices=tuple(voices),
            supply=_of(versions, known["supply_version"], 1),
            supplied_by=supplied_by,
            limits=tuple(
                Limit(limit["model"], self._limits[limit["territory_set_id"]], limit["override_id"])
                for limit in known["limits"]
            ),
            stated=self._stated,
        )


def _pointers(known: Known) -> Iterable[str | None]:
    yield from (known["publishing_version"], known["supply_version"])
    for voice in known["voices"]:
        yield from (voice["publishing_version"], voice["supply_version"])
        yield from _named(voice["rejected_publishing"])
        yield from _named(voice["rejected_supply"])


def _named(rejected: Iterable[str]) -> dict[str, str]:
    """The message that brought each rejected version, by the version."""
    return {version: message_id for version, _, message_id in (one.partition(" ") for one in rejected)}


def _of(versions: Mapping[str, Any], pointer: str | None, which: int) -> Any:
    return None if pointer is None else versions[pointer][which]


def _voices(said: KnownVoice, versions: Versions) -> list[Voice]:
    voice = Voice(
        supplier=said["supplier"],
        record_reference=said["record_reference"],
        message_id=said["message_id"],
        said_at=said["ordering_key"].partition("|")[0],
        state=said["state"],
        withdrawal=said["withdrawal"],
        publishing=_of(versions, said["publishing_version"], 0),
        supply=_of(versions, said["supply_version"], 1),
        publishing_version=said["publishing_version"],
        supply_version=said["supply_version"],
    )
    return [voice, *_rejected(said, versions)]


def _rejected(said: KnownVoice, versions: Versions) -> list[Voice]:
    """A voice a rejected version, speaking only of the blocks for which it stands."""
    publishing, supply = _named(said["rejected_publishing"]), _named(said["rejected_supply"])
    return [
        Voice(
            supplier=said["supplier"],
            record_reference=said["record_reference"],
            message_id=message_id,
            state="rejected",
            is_rejected=True,
            publishing=versions[version][0] if version in publishing else None,
            supply=versions[version][1] if version in supply else None,
            publishing_version=version if version in publishing else None,
            supply_version=version if version in supply else None,
        )
        for version, message_id in (supply | publishing).items()
    ]
