"""One flat JSON object an edition, one a line, and the same columns in Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from bindery.delivery.items import BLOCKS, Edition, replacing
from bindery.delivery.onix_collateral import open_audiences
from bindery.delivery.onix_parts import narrowed
from bindery.delivery.prices import money, recipient_prices
from bindery.delivery.recipient import Recipient

_ORIGIN: Final = pa.struct([pa.field(name, pa.string()) for name in ("supplier", "record_reference", "content_hash")])

SCHEMA: Final = pa.schema(
    [
        pa.field("isbn13", pa.string()),
        pa.field("action", pa.string()),
        pa.field("title", pa.string()),
        pa.field("subtitle", pa.string()),
        pa.field("authors", pa.list_(pa.string())),
        pa.field("narrators", pa.list_(pa.string())),
        pa.field("narration_type", pa.string()),
        pa.field("language", pa.string()),
        pa.field("duration_seconds", pa.int64()),
        pa.field("publisher", pa.string()),
        pa.field("imprint", pa.string()),
        pa.field("series", pa.string()),
        pa.field("description", pa.string()),
        pa.field(
            "subjects",
            pa.list_(pa.struct([pa.field(name, pa.string()) for name in ("scheme", "code", "heading")])),
        ),
        pa.field("abridged", pa.string()),
        pa.field("publication_date", pa.string()),
        pa.field("available_from", pa.string()),
        pa.field("countries", pa.list_(pa.string())),
        pa.field("price", pa.struct([pa.field("amount", pa.string()), pa.field("currency", pa.string())])),
        pa.field("provenance", pa.struct([pa.field(block, _ORIGIN) for block in BLOCKS])),
    ]
)
"""The columns. Dates are ISO 8601 and amounts are decimal text, exact in JSON and Parquet alike.

``subjects``: List 27 scheme and its code. ``price`` is the first consumer price of the recipient's model; null where
there is none. A withdrawal has ``action`` ``withdraw`` and nothing but its ISBN.
"""


def row(edition: Edition, recipient: Recipient) -> dict[str, Any]:
    """One edition's object, with the keys of ``SCHEMA``."""
    blank: dict[str, Any] = {field.name: [] if pa.types.is_list(field.type) else None for field in SCHEMA}
    blank |= {"isbn13": edition.isbn13, "action": edition.item["action"]}
    if edition.withdrawn:
        return blank
    simple = ("title", "subtitle", "narration_type", "language", "duration_seconds", "abridged", "series")
    return blank | {
        **{name: edition.fact(name) for name in (*simple, "publisher", "imprint")},
        "authors": edition.fact("authors") or [],
        "narrators": edition.fact("narrators") or [],
        "description": _description(edition),
        "subjects": _subjects(edition),
        "publication_date": _iso(edition.fact("publication_date")),
        "available_from": _iso(edition.item["available_from"]),
        "countries": list(edition.item["countries"]),
        "price": _price(edition, recipient),
        "provenance": {block: _origin(edition, block) for block in BLOCKS},
    }


def write_shard(path: Path, editions: Iterable[Edition], recipient: Recipient) -> None:
    """Write some editions as JSON Lines."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        for edition in editions:
            file.write(orjson.dumps(row(edition, recipient), option=orjson.OPT_APPEND_NEWLINE))


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)


def write_parquet(path: Path, shards: Iterable[Path]) -> None:
    """Write the objects of JSON Lines shards as one Parquet file, one row group a shard."""
    with replacing(path) as temporary, pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:
        for shard in shards:
            writer.write_table(pa.Table.from_pylist(list(read_rows(shard)), schema=SCHEMA))


def _iso(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _description(edition: Edition) -> str | None:
    # The fact is the best text a consumer may see; without one such text there is nothing to show.
    collateral = edition.block("collateral")
    if collateral is None or not any(open_audiences(text) for text in collateral["texts"]):
        return None
    text = edition.fact("description")
    return None if text is None else str(text)


def _subjects(edition: Edition) -> list[dict[str, str | None]]:
    block = edition.block("descriptive")
    return [
        {"scheme": subject["scheme"], "code": subject["code"], "heading": subject["heading"]}
        for subject in (block["subjects"] if block else ())
    ]


def _price(edition: Edition, recipient: Recipient) -> dict[str, str] | None:
    countries = frozenset(edition.item["countries"])
    for product_supply in edition.block("supply") or ():
        market = narrowed(product_supply["market"], countries)
        for supply in product_supply["supplies"]:
            for price in recipient_prices(supply["prices"], recipient.model):
                if narrowed(price["territory"], market):
                    return {"amount": money(price["amount"]), "currency": price["currency"]}
    return None


def _origin(edition: Edition, block: str) -> dict[str, str] | None:
    version = edition.item[f"{block}_version"]
    if version is None:
        return None
    return {
        "supplier": edition.item[f"{block}_supplier"],
        "record_reference": edition.item[f"{block}_record"],
        "content_hash": version,
    }
