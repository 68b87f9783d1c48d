"""A small catalogue as a delivery sees it: what the merge would have written, title by title."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from bindery.catalogue.keys import edition_key
from bindery.catalogue.record_schema import VERSION_SCHEMA
from bindery.delivery.items import BLOCKS, ITEM_SCHEMA, Edition
from bindery.home import Home
from bindery.warehouse import open_snapshot, open_writer, publish
from bindery.warehouse.duckdb import DuckDBWarehouse

NOWHERE: dict[str, list[str]] = {
    "countries_included": [],
    "regions_included": [],
    "countries_excluded": [],
    "regions_excluded": [],
}


def day(role: str, iso: str, precision: str = "day") -> dict[str, Any]:
    return {"role": role, "raw": iso, "format": None, "date": iso, "precision": precision}


def price(amount: str, currency: str = "GBP", **changes: Any) -> dict[str, Any]:
    return {
        "type": "02",
        "qualifier": None,
        "conditions": [],
        "status": None,
        "raw_amount": amount,
        "amount": Decimal(amount),
        "currency": currency,
        "unpriced": None,
        "territory": NOWHERE,
        "dates": [],
        "taxes": [],
        **changes,
    }


def text(html: str, audiences: Iterable[str] = ("03",), text_type: str = "03") -> dict[str, Any]:
    return {"type": text_type, "audiences": list(audiences), "language": "eng", "html": html, "raw": html}


def descriptive(title: str | None) -> dict[str, Any]:
    return {
        "composition": "00",
        "product_form": "AJ",
        "product_form_details": ["A103", "A103"],
        "primary_content_type": "01",
        "product_content_types": ["01", "21"],
        "technical_protections": ["00"],
        "titles": [
            {
                "type": "01",
                "elements": [
                    {
                        "level": "01",
                        "text": title,
                        "prefix": None,
                        "without_prefix": None,
                        "subtitle": "A Life",
                        "part_number": None,
                    }
                ],
            }
        ],
        "collections": [{"type": "10", "title": "Tall Tales", "part_number": "3", "identifiers": []}],
        "contributors": [
            contributor("A01", "Ada Palmer", sequence=1),
            contributor("E07", None, sequence=1, unnamed="08", alternative_names=["Sam Reed"]),
        ],
        "contributor_statement": None,
        "edition_types": ["UBR", "UBR"],
        "edition_statement": None,
        "languages": [{"role": "08", "code": "eng"}],
        "extents": [{"type": "09", "value": "0103005", "unit": "16"}],
        "subjects": [
            {
                "scheme": "93",
                "scheme_name": None,
                "version": "1.5",
                "code": "FBA",
                "heading": "Fiction",
                "main": True,
            },
            {
                "scheme": "93",
                "scheme_name": None,
                "version": None,
                "code": "FV",
                "heading": None,
                "main": True,
            },
        ],
        "audiences": [{"type": "01", "value": "01"}],
        "audience_ranges": [],
        "parts": [],
    }


def contributor(role: str, name: str | None, **changes: Any) -> dict[str, Any]:
    return {
        "sequence": None,
        "roles": [role],
        "name": name,
        "name_inverted": None,
        "names_before_key": None,
        "key_names": None,
        "corporate_name": None,
        "unnamed": None,
        "alternative_names": [],
        "identifiers": [{"type": "16", "type_name": None, "value": "0000000121032683"}],
        "biography": "<p>Born in <em>Leeds</em>.</p>",
        **changes,
    }


def collateral() -> dict[str, Any]:
    return {
        "texts": [
            text("<p>A <b>long</b> voyage.</p><ul><li>One</li><li>Two</li></ul>"),
            text("Only for the trade: 60 % discount", ["02"]),
        ],
        "resources": [
            {
                "content_type": "01",
                "audiences": [],
                "mode": "03",
                "form": "02",
                "link": "https://example.org/covers/9780000000002.jpg",
                "features": [{"type": "02", "value": "3000"}],
                "dates": [day("17", "2026-01-05")],
            },
            {
                "content_type": "38",
                "audiences": [],
                "mode": "02",
                "form": "02",
                "link": "https://example.org/review-copy.mp3",
                "features": [],
                "dates": [],
            },
        ],
    }


def content() -> dict[str, Any]:
    chapter = {
        "sequence": "1",
        "type": "03",
        "title": "Leaving",
        "start_seconds": 0.0,
        "end_seconds": 1805.5,
        "duration_seconds": None,
    }
    return {"chapters": [chapter, {**chapter, "title": None, "start_seconds": 1805.5, "end_seconds": None}]}


def publishing() -> dict[str, Any]:
    return {
        "imprints": ["Northlight Audio"],
        "publishers": [{"role": "01", "name": "Northlight", "identifiers": []}],
        "country": "GB",
        "status": "04",
        "dates": [day("01", "2026-03", "month")],
        "sales_rights": [
            {
                "type": "01",
                "territory": {**NOWHERE, "regions_included": ["WORLD"]},
                "restrictions": [],
            }
        ],
        "row_sales_rights_type": None,
        "restrictions": [],
    }


def related() -> dict[str, Any]:
    return {
        "works": [{"relation": "01", "identifiers": [{"type": "15", "type_name": None, "value": "9780000000019"}]}],
        "products": [
            {
                "relations": ["06"],
                "identifiers": [{"type": "15", "type_name": None, "value": "9780000000026"}],
                "product_form": "BB",
            }
        ],
    }


def supply() -> list[dict[str, Any]]:
    return [
        {
            "market_reference": None,
            "market": NOWHERE,
            "market_restrictions": [],
            "market_status": "04",
            "market_dates": [day("01", "2026-03-01")],
            "supplies": [
                {
                    "supplier_role": "06",
                    "supplier_name": "Harbour Distribution",
                    "availability": "20",
                    "unpriced": None,
                    "dates": [day("08", "2026-03-01")],
                    "prices": [
                        price("12.99", taxes=[{"type": "01", "rate_code": "S", "percent": "20"}]),
                        price("19.5", "USD", territory={**NOWHERE, "countries_included": ["US", "MX"]}),
                        price("5.25", type="05"),
                        price("0.80", qualifier="13"),
                    ],
                }
            ],
        }
    ]


@dataclass(frozen=True)
class Title:
    """One edition, its offer and its one record version."""

    isbn13: str
    title: str | None = "The Salt Road"
    language: str | None = "eng"
    countries: tuple[str, ...] = ("GB", "US")
    model: str = "sale"
    offered: bool = True
    state: str = "live"
    changes: dict[str, Any] = field(default_factory=dict)

    def version(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            name: [] if pa.types.is_list(VERSION_SCHEMA.field(name).type) else None for name in VERSION_SCHEMA.names
        }
        return row | {
            "content_hash": self.hash,
            "record_reference": f"ref-{self.isbn13}",
            "notification_type": "03",
            "kind": "full",
            "isbn13": self.isbn13,
            "is_audio": True,
            "product_form": "AJ",
            "title": self.title,
            "authors": ["Ada Palmer"],
            "narration_type": "voice_replica",
            "language": self.language,
            "duration_seconds": 3785,
            "abridged": "no",
            "series": "Tall Tales",
            "description": "A long voyage.",
            "publisher": "Northlight",
            "imprint": "Northlight Audio",
            "publishing_status": "04",
            "publication_date": date(2026, 3, 31),
            "rights_status": "known",
            "availability": "20",
            "price_count": 4,
            "descriptive": descriptive(self.title),
            "collateral": collateral(),
            "content": content(),
            "publishing": publishing(),
            "related": related(),
            "supply": supply(),
            **self.changes,
        }

    @property
    def hash(self) -> str:
        return f"v-{self.isbn13}-{self.title}-{self.language}"

    @property
    def territory(self) -> str:
        return "set-" + "-".join(self.countries)

    def pointers(self) -> dict[str, str]:
        return {
            f"{block}_{column}": value
            for block in BLOCKS
            for column, value in (("supplier", "north"), ("record", f"ref-{self.isbn13}"), ("version", self.hash))
        }

    def edition_row(self) -> dict[str, Any]:
        return {
            "edition_key": edition_key(self.isbn13),
            "isbn13": self.isbn13,
            "state": self.state,
            **self.pointers(),
            "edition_hash": f"{self.state}-{self.hash}",
        }

    def offer_row(self) -> dict[str, Any]:
        return {
            "edition_key": edition_key(self.isbn13),
            "isbn13": self.isbn13,
            "model": self.model,
            "state": "offered" if self.offered else "not_offered",
            "territory_set_id": self.territory,
            "available_from": date(2026, 3, 1),
            "price_amount": Decimal("12.99"),
            "price_currency": "GBP",
            "offer_hash": f"{self.model}-{self.offered}-{self.territory}",
        }

    def item(self, action: str = "upsert", **changes: Any) -> dict[str, Any]:
        row = dict.fromkeys(ITEM_SCHEMA.names) | self.pointers()
        return row | {
            "isbn13": self.isbn13,
            "action": action,
            "item_hash": f"hash.{self.territory}",
            "may_hold": False,
            "is_unanswered": False,
            "territory_set_id": self.territory,
            "available_from": date(2026, 3, 1),
            "edition_state": self.state,
            "countries": list(self.countries) if action == "upsert" else [],
            **changes,
        }

    def edition(self, action: str = "upsert", **changes: Any) -> Edition:
        version = pa.Table.from_pylist([self.version()], schema=VERSION_SCHEMA).to_pylist()[0]
        return Edition(self.item(action, **changes), dict.fromkeys(BLOCKS, version))

    def but(self, **changes: Any) -> Title:
        return replace(self, **changes)


_OURS = ("deliveries", "delivery_items", "accepted_items", "omissions")


def write(home: Home, titles: Iterable[Title]) -> None:
    """Make the catalogue hold exactly these titles, keep what is known of deliveries, and publish it."""
    titles = list(titles)
    by_isbn = {title.isbn13: title for title in titles}
    kept = _read(home, _OURS)
    shutil.rmtree(home.root / "warehouse", ignore_errors=True)
    with open_writer(home) as warehouse:
        with warehouse.transaction():
            for table, content in kept.items():
                warehouse.load(table, content)
            warehouse.load("editions", rows(title.edition_row() for title in by_isbn.values()))
            warehouse.load("offers", rows(title.offer_row() for title in titles))
            warehouse.load(
                "record_versions",
                pa.Table.from_pylist([title.version() for title in by_isbn.values()], schema=VERSION_SCHEMA),
            )
            regions = {title.territory: title.countries for title in titles}
            warehouse.load(
                "territory_sets",
                rows({"territory_set_id": key, "countries": list(value)} for key, value in regions.items()),
            )
        publish(home, warehouse)


def read(home: Home, table: str) -> pa.Table:
    """A table of the published catalogue, whole."""
    return _read(home, (table,))[table]


def _read(home: Home, tables: Iterable[str]) -> dict[str, pa.Table]:
    with open_snapshot(home) as warehouse:
        assert isinstance(warehouse, DuckDBWarehouse)
        return {table: warehouse.read(table) for table in tables}


def rows(dicts: Iterable[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(dicts))
