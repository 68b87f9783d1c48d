"""Where in which message a reason was read: the passages that blame a title's offers on bytes (FEATURES R5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypedDict

from bindery.catalogue.keys import edition_key, record_key
from bindery.catalogue.offering.known import Row
from bindery.rights.reasons import Reason, Source
from bindery.rights.title import Title, Voice
from bindery.warehouse.engine import Warehouse

_SIGNALS: Final = {
    "publishing_status": "Product/PublishingDetail/PublishingStatus",
    "sales_rights": "Product/PublishingDetail/SalesRights/SalesRightsType",
    "sales_restriction": "Product/PublishingDetail/SalesRights/SalesRestriction",
    "market_status": "Product/ProductSupply/MarketPublishingDetail/MarketPublishingStatus",
    "market_restriction": "Product/ProductSupply/Market/SalesRestriction",
    "market_supply": "Product/ProductSupply",
    "availability": "Product/ProductSupply/SupplyDetail/ProductAvailability",
    "notification": "Product/NotificationType",
}
"""Where in a record each signal of a withdrawal is."""

_COUNTING: Final = ("staged", "merged")


class Passage(TypedDict):
    """A record in a message, and the element of it that says so.

    Attributes:
        message: The message's name.
        feed_day: ISO 8601.
        path: The element, by the names of ONIX 3; empty for the record as a whole.
        line: Where the record begins, from 1.
        byte_start: Where the record begins in the archived message, unpacked.
        byte_end: The byte after its end.
    """

    supplier: str
    record_reference: str | None
    message: str
    message_id: str
    feed_day: str
    path: str
    line: int
    byte_start: int
    byte_end: int


class Decision(TypedDict):
    """What a person decided. ``set_at``: ISO 8601."""

    override_id: str
    field: str
    owner: str
    reason: str
    set_at: str


def passage(row: Row, path: str) -> Passage:
    """The passage of a record as it was received.

    Args:
        row: A row of ``received_records`` with its message's ``name`` and ``feed_day``.
        path: The element.
    """
    return Passage(
        supplier=row["supplier"],
        record_reference=row["record_reference"],
        message=row["name"],
        message_id=row["message_id"],
        feed_day=row["feed_day"].isoformat(),
        path=path,
        line=row["line"],
        byte_start=row["byte_start"],
        byte_end=row["byte_end"],
    )


class Passages:
    """Finds where the reasons of one title were read."""

    def __init__(self, warehouse: Warehouse, title: Title, *, known_by: dt.date | None = None) -> None:
        """Fetches every time a record of a title was received, and what people decided of it.

        Args:
            warehouse: An open warehouse.
            title: The title.
            known_by: Only messages of feed days until this one count, where there are any.
        """
        self._title = title
        keys = {record_key(voice.supplier, voice.record_reference) for voice in title.voices if voice.supplier}
        rows = warehouse.run("catalogue/blame_sources", record_keys=sorted(keys)).to_pylist() if keys else []
        early = [row for row in rows if known_by is None or row["feed_day"] <= known_by]
        self._received: list[dict[str, Any]] = early or rows
        overrides = warehouse.run("catalogue/blame_overrides", edition_keys=[edition_key(title.isbn13)]).to_pylist()
        self._decided = {row["override_id"]: row for row in overrides}

    def of(self, reason: Reason) -> list[Passage]:
        """The passages a reason was read in; none where a person decided it, or nothing says it."""
        found = [self.at(source, reason.detail) for source in reason.sources]
        return [one for one in found if one is not None]

    def at(self, source: Source, detail: str = "") -> Passage | None:
        """The passage of a source.

        Args:
            source: Where.
            detail: What is said there, where the record says it as a whole, such as ``publishing_status:11``.
        """
        if source.voice is None:
            return None
        voice = self._title.voices[source.voice]
        row = self._row(voice, source.block, detail)
        return None if row is None else passage(row, _path(source, detail))

    def decision(self, reason: Reason) -> Decision | None:
        """The override a reason comes from."""
        row = self._decided.get(reason.detail.removeprefix("override:"))
        if row is None:
            return None
        return Decision(
            override_id=row["override_id"],
            field=row["field"],
            owner=row["owner"],
            reason=row["reason"],
            set_at=row["set_at"].isoformat(),
        )

    def _row(self, voice: Voice, block: str, detail: str) -> Row | None:
        of_record = [
            row
            for row in self._received
            if (row["supplier"], row["record_reference"]) == (voice.supplier, voice.record_reference)
        ]
        version = {"publishing": voice.publishing_version, "supply": voice.supply_version}.get(block)
        if version is not None:
            said = [row for row in of_record if row["content_hash"] == version]
            # What a person changed stands on a version of nobody's: the record's own word on the block is next to it.
            fitting = said or [row for row in of_record if row[f"touches_{block}"]]
        else:
            fitting = [row for row in of_record if row["withdrawal"] == detail and detail]
        of_message = [row for row in fitting or of_record if row["message_id"] == voice.message_id]
        if voice.is_rejected and of_message:
            return of_message[-1]
        return _newest_news(fitting or of_message or of_record)


def _newest_news(rows: Iterable[Row]) -> Row | None:
    """Of several times a record said the same, the newest that counts and was news."""

    def fitness(row: Row) -> tuple[object, ...]:
        counts = row["message_state"] in _COUNTING and row["verdict"] == "pass"
        return counts, row["outcome"] == "applied", row["ordering_key"], row["message_id"], -row["position"]

    return max(rows, key=fitness, default=None)


def _path(source: Source, detail: str) -> str:
    if source.block == "publishing":
        return "/".join(part for part in ("Product/PublishingDetail", source.path) if part)
    if source.block == "supply":
        return "/".join(("Product", source.path or "ProductSupply"))
    return _SIGNALS.get(detail.partition(":")[0], "")


def newest_of_each(rows: Sequence[Row]) -> list[Row]:
    """The newest time each record was received, of rows in the order of their messages."""
    newest: dict[tuple[str, str | None], Row] = {}
    for row in rows:
        newest[row["supplier"], row["record_reference"]] = row
    return list(newest.values())
