"""Cells of one row to the blocks of the record model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache

import pycountry

from bindery.catalogue.record import (
    BLOCKS,
    Collateral,
    Contributor,
    DatedRole,
    Descriptive,
    Price,
    ProductSupply,
    Publishing,
    Record,
    SalesRights,
    Source,
    Territory,
)
from bindery.formats.mapping import ColumnMapping
from bindery.formats.rows import folded
from bindery.trade.dates import dated_role
from bindery.trade.durations import spoken
from bindery.trade.identifiers import clean_isbn
from bindery.trade.texts import clean_html, is_placeholder

CELL_RULE = "W15"
"""A cell can't be read; what it says is left out."""

AUTHOR, NARRATOR = "A01", "E07"
ISBN_13, AUDIO_LANGUAGE, DURATION, SECONDS = "15", "08", "09", "06"

_NUMERIC_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


@dataclass
class Cells:
    """One row, by heading. ``problems`` collects (rule, column, text) of cells that can't be read."""

    mapping: ColumnMapping
    columns: dict[str, int]
    values: tuple[str, ...]
    problems: list[tuple[str, str, str]] = field(default_factory=list)

    def get(self, heading: str | None) -> str | None:
        """A cell's text; None where it is empty, or the sheet has no such column."""
        place = self.columns.get(folded(heading)) if heading else None
        return (self.values[place] or None) if place is not None and place < len(self.values) else None

    def stated(self, heading: str | None) -> str | None:
        """A cell's text, unless it is a filler such as N/A."""
        text = self.get(heading)
        return None if text is None or is_placeholder(text) else text

    def several(self, heading: str | None) -> list[str]:
        """The values of a cell that holds several."""
        parts = (part.strip() for part in (self.get(heading) or "").split(self.mapping.separator))
        return [part for part in parts if part and not is_placeholder(part)]

    def coded(self, heading: str | None, codes: dict[str, str]) -> str | None:
        """The code for a cell's word."""
        text = self.get(heading)
        if text is None:
            return None
        if text.casefold() not in codes:
            self.complain(heading, f"{text!r} is none of: {', '.join(codes)}.")
        return codes.get(text.casefold())

    def complain(self, heading: str | None, text: str) -> None:
        """Notes a cell that can't be read."""
        self.problems.append((CELL_RULE, heading or "", text))


def record_of(cells: Cells, source: Source) -> Record:
    """One row as a full record."""
    names = cells.mapping.columns
    raw_isbn = cells.get(names.isbn)
    isbn = clean_isbn(raw_isbn) if raw_isbn else None
    if raw_isbn and isbn is None:
        cells.complain(names.isbn, f"{raw_isbn!r} is no ISBN; a spreadsheet may have turned it into a number.")
    reference = cells.get(names.record_reference) or isbn or raw_isbn
    return {
        "record_reference": reference or "",
        "notification_type": "03",
        "kind": "full",
        "deletion_text": [],
        "record_source_type": None,
        "record_source_name": None,
        "identifiers": [{"type": ISBN_13, "type_name": None, "value": isbn or raw_isbn}] if raw_isbn else [],
        "touches": list(BLOCKS),
        "descriptive": _descriptive(cells),
        "collateral": _collateral(cells),
        "content": None,
        "publishing": _publishing(cells),
        "related": None,
        "production": None,
        "supply": _supply(cells),
        "unmapped": [],
        "source": source,
    }


def _contributors(cells: Cells) -> list[Contributor]:
    names, voices = cells.mapping.columns, cells.mapping.voices
    people = [(AUTHOR, name) for name in cells.several(names.authors)]
    people += [(NARRATOR, name) for name in cells.several(names.narrators)]
    return [
        {
            "sequence": sequence,
            "roles": [role],
            "name": None if name.casefold() in voices else name,
            "name_inverted": None,
            "names_before_key": None,
            "key_names": None,
            "corporate_name": None,
            "unnamed": voices.get(name.casefold()),
            "alternative_names": [],
            "identifiers": [],
            "biography": None,
        }
        for sequence, (role, name) in enumerate(people, 1)
    ]


def _descriptive(cells: Cells) -> Descriptive:
    mapping, names = cells.mapping, cells.mapping.columns
    series, language = cells.stated(names.series), _language(cells)
    edition, duration = cells.coded(names.abridged, mapping.abridged), _seconds(cells)
    return {
        "composition": "00",
        "product_form": mapping.product_form,
        "product_form_details": [],
        "primary_content_type": mapping.primary_content_type,
        "product_content_types": [],
        "technical_protections": [],
        "titles": [
            {
                "type": "01",
                "elements": [
                    {
                        "level": "01",
                        "text": cells.get(names.title),
                        "prefix": None,
                        "without_prefix": None,
                        "subtitle": cells.stated(names.subtitle),
                        "part_number": None,
                    }
                ],
            }
        ],
        "collections": [
            {"type": None, "title": series, "part_number": cells.stated(names.number_in_series), "identifiers": []}
        ]
        if series
        else [],
        "contributors": _contributors(cells),
        "contributor_statement": None,
        "edition_types": [edition] if edition else [],
        "edition_statement": None,
        "languages": [{"role": AUDIO_LANGUAGE, "code": language}] if language else [],
        "extents": [{"type": DURATION, "value": str(duration), "unit": SECONDS}] if duration is not None else [],
        "subjects": [
            {
                "scheme": mapping.subject_scheme,
                "scheme_name": None,
                "version": None,
                "code": code,
                "heading": None,
                "main": place == 0,
            }
            for place, code in enumerate(" ".join(cells.several(names.subjects)).split())
        ],
        "audiences": [],
        "audience_ranges": [],
        "parts": [],
    }


@cache
def _language_codes() -> dict[str, str]:
    """List 74, which is ISO 639-2/B, by code of two or three letters and by English name, lower case."""
    codes: dict[str, str] = {}
    for language in pycountry.languages:
        code = str(getattr(language, "bibliographic", language.alpha_3))
        for known in (language.alpha_3, code, getattr(language, "alpha_2", None), language.name.casefold()):
            if known:
                codes.setdefault(known, code)
    return codes


def _language(cells: Cells) -> str | None:
    heading = cells.mapping.columns.language
    text = cells.stated(heading)
    code = _language_codes().get(text.casefold()) if text else None
    if text and code is None:
        cells.complain(heading, f"{text!r} is no language.")
    return code


def _seconds(cells: Cells) -> int | None:
    heading = cells.mapping.columns.duration
    text = cells.stated(heading)
    length = spoken(text) if text else None
    if text and length is None:
        cells.complain(heading, f"{text!r} is no length; write it as '9 hrs and 12 mins' or 9:12:00.")
    return length


def _collateral(cells: Cells) -> Collateral:
    names = cells.mapping.columns
    text, cover = cells.stated(names.description), cells.stated(names.cover)
    return {
        "texts": [{"type": "03", "audiences": ["00"], "language": None, "html": clean_html(text, None), "raw": text}]
        if text
        else [],
        "resources": [
            {
                "content_type": "01",
                "audiences": [],
                "mode": "03",
                "form": "02",
                "link": cover,
                "features": [],
                "dates": [],
            },
        ]
        if cover
        else [],
    }


def _publication(cells: Cells) -> list[DatedRole]:
    heading, order = cells.mapping.columns.publication_date, cells.mapping.date_order
    text = cells.stated(heading)
    if text is None:
        return []
    found = _NUMERIC_DATE.fullmatch(text)
    iso = text
    if found and order != "iso":
        day, month = (found[1], found[2]) if order == "dmy" else (found[2], found[1])
        iso = f"{found[3]}-{month:0>2}-{day:0>2}"
    read = dated_role("01", iso, None)
    if read["date"] is None:
        cells.complain(heading, f"{text!r} is no date; write it as 2026-03-01.")
    read["raw"] = text
    return [read]


def _publishing(cells: Cells) -> Publishing:
    mapping, names = cells.mapping, cells.mapping.columns
    publisher, imprint = cells.stated(names.publisher), cells.stated(names.imprint)
    rights, elsewhere = _sales_rights(cells)
    return {
        "imprints": [imprint] if imprint else [],
        "publishers": [{"role": "01", "name": publisher, "identifiers": []}] if publisher else [],
        "country": None,
        "status": cells.coded(names.status, mapping.status),
        "dates": _publication(cells),
        "sales_rights": rights,
        "row_sales_rights_type": elsewhere,
        "restrictions": [],
    }


def _codes(cells: Cells, heading: str | None) -> tuple[list[str], list[str]]:
    """Countries and regions of a cell, as ONIX tells them apart: List 91 has two letters, List 49 has more."""
    words = [word for word in re.split(r"[\s,;]+", (cells.get(heading) or "").upper()) if word]
    return [word for word in words if len(word) == 2], [word for word in words if len(word) != 2]


def _territory(
    countries: list[str], regions: list[str], without: list[str] | None = None, outside: list[str] | None = None
) -> Territory:
    return {
        "countries_included": countries,
        "regions_included": regions,
        "countries_excluded": without or [],
        "regions_excluded": outside or [],
    }


def _sales_rights(cells: Cells) -> tuple[list[SalesRights], str | None]:
    """Rights as a sheet means them: for sale where included, not for sale where excluded and everywhere else.

    No territory at all states no rights; law 3 then lets nobody have it.
    """
    mapping, names = cells.mapping, cells.mapping.columns
    countries, regions = _codes(cells, names.territories_included)
    without, outside = _codes(cells, names.territories_excluded)
    found: list[SalesRights] = []
    if countries or regions:
        where = _territory(countries, regions, without, outside) if regions else _territory(countries, [])
        found.append({"type": mapping.sales_rights_type, "territory": where, "restrictions": []})
    if without or outside:
        found.append({"type": mapping.elsewhere, "territory": _territory(without, outside), "restrictions": []})
    return found, mapping.elsewhere if found and "WORLD" not in regions else None


def _supply(cells: Cells) -> list[ProductSupply] | None:
    availability = cells.coded(cells.mapping.columns.availability, cells.mapping.availability)
    prices = _prices(cells)
    if availability is None and not prices:
        return None
    return [
        {
            "market_reference": None,
            "market": _territory([], []),
            "market_restrictions": [],
            "market_status": None,
            "market_dates": [],
            "supplies": [
                {
                    "supplier_role": None,
                    "supplier_name": None,
                    "availability": availability,
                    "unpriced": None,
                    "dates": [],
                    "prices": prices,
                }
            ],
        }
    ]


def _prices(cells: Cells) -> list[Price]:
    found: list[Price] = []
    for column in cells.mapping.prices:
        raw = cells.stated(column.column)
        if raw is None:
            continue
        amount = _amount(raw, decimal_comma=cells.mapping.decimal_comma)
        if amount is None:
            cells.complain(column.column, f"{raw!r} is no price; write it as 9.99.")
        found.append(
            {
                "type": column.type,
                "qualifier": column.qualifier,
                "conditions": [],
                "status": None,
                "raw_amount": raw,
                "amount": amount,
                "currency": column.currency,
                "unpriced": None,
                "territory": _territory(list(column.territory), []),
                "dates": [],
                "taxes": [],
            }
        )
    return found


def _amount(raw: str, *, decimal_comma: bool) -> Decimal | None:
    text = re.sub(r"^[^\d.,-]+|[^\d.,]+$", "", raw).strip()
    text = text.replace(".", "").replace(",", ".") if decimal_comma else re.sub(r",(?=\d{3}(?:\D|$))", "", text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    # As many digits as the record model holds (decimal, 38 digits, 9 of them after the point).
    return value if value.is_finite() and 0 <= value < 10**20 and int(value.as_tuple().exponent) >= -9 else None
