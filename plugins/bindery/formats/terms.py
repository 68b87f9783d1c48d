"""Terms of one record: publisher, dates, rights, availability, prices (Blocks 4 and 6; AUDIOBOOKS 1.8 to 1.10)."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from bindery.catalogue.record import DatedRole, Price, ProductSupply, Publishing, SalesRights, Territory
from bindery.formats.places import Place, PricePlace
from bindery.formats.values import Values
from bindery.trade.codelists import codelist
from bindery.trade.dates import dated_role

_NUMERIC_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")
_CENTURY_TURNS = 69
"""Two digits are 1969 to 2068, as POSIX has it."""

_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_COUNTRIES, _REGIONS = "91", "49"


def publishing_of(values: Values) -> Publishing:
    """Block 4."""
    places = values.mapping.places
    publisher, imprint = values.stated(places.publisher), values.stated(places.imprint)
    rights, elsewhere = _sales_rights(values)
    return {
        "imprints": [imprint] if imprint else [],
        "publishers": [{"role": "01", "name": publisher, "identifiers": []}] if publisher else [],
        "country": None,
        "status": values.coded(places.status, values.mapping.status),
        "dates": _publication(values),
        "sales_rights": rights,
        "row_sales_rights_type": elsewhere,
        "restrictions": [],
    }


def _publication(values: Values) -> list[DatedRole]:
    """The publication date (List 163: 01). Systems that know only moments write midnight for a day."""
    place = values.mapping.places.publication_date
    text = values.stated(place)
    if text is None:
        return []
    midnight = _MIDNIGHT.fullmatch(text)
    read = dated_role("01", midnight[1] if midnight else _in_order(text, values.mapping.date_order), None)
    if read["date"] is None:
        values.complain(place, f"{text!r} is no date; write it as 2026-03-01.")
    read["raw"] = text
    return [read]


def _in_order(text: str, order: str) -> str:
    """A date written in the declared order as ISO 8601; any other text as it is."""
    found = _NUMERIC_DATE.fullmatch(text)
    if not found or order == "iso":
        return text
    day, month = (found[1], found[2]) if order == "dmy" else (found[2], found[1])
    year = int(found[3])
    if len(found[3]) == 2:
        year += 1900 if year >= _CENTURY_TURNS else 2000
    return f"{year:04d}-{month:0>2}-{day:0>2}"


def _codes(values: Values, place: Place | None) -> tuple[list[str], list[str]]:
    """Countries and regions at a place, as ONIX tells them apart: List 91 has two letters, List 49 has more."""
    words = [word for text in values.texts(place) for word in re.split(r"[\s,;]+", text.upper()) if word]
    unknown = [word for word in words if word not in codelist(_COUNTRIES) and word not in codelist(_REGIONS)]
    if unknown:
        values.complain(place, f"{', '.join(map(repr, unknown))}: no country (List 91) and no region (List 49).")
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


def _sales_rights(values: Values) -> tuple[list[SalesRights], str | None]:
    """Rights as a sheet means them: for sale where included, not for sale where excluded and everywhere else.

    No territory at all states no rights; law 3 then lets nobody have it.
    """
    mapping, places = values.mapping, values.mapping.places
    countries, regions = _codes(values, places.territories_included)
    without, outside = _codes(values, places.territories_excluded)
    # Unknown can be said of the rest of the world alone (List 46: 00).
    excluded = "03" if mapping.elsewhere == "00" else mapping.elsewhere
    found: list[SalesRights] = []
    if countries or regions:
        where = _territory(countries, regions, without, outside) if regions else _territory(countries, [])
        found.append({"type": mapping.sales_rights_type, "territory": where, "restrictions": []})
    if without or outside:
        found.append({"type": excluded, "territory": _territory(without, outside), "restrictions": []})
    return found, mapping.elsewhere if found and "WORLD" not in regions else None


def supply_of(values: Values) -> list[ProductSupply] | None:
    """Block 6; None where nothing is said of it."""
    mapping = values.mapping
    availability = values.coded(mapping.places.availability, mapping.availability)
    prices = [price for group in mapping.prices for item in values.each(group.each) for price in _prices(item, group)]
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


def _prices(values: Values, group: PricePlace) -> list[Price]:
    """The price at a place; one that can't be read has no amount and keeps its words."""
    raw = values.stated(group.at)
    if raw is None:
        return []
    unpriced = values.mapping.unpriced.get(raw.casefold())
    amount = None if unpriced else _amount(raw, decimal_comma=values.mapping.decimal_comma)
    if amount is None and unpriced is None:
        values.complain(group.at, f"{raw!r} is no price; write it as 9.99.")
    currency = (values.get(group.currency_at) or "").upper() or group.currency
    if currency is None:
        values.complain(group.currency_at, f"The price {raw!r} has no currency.")
    return [
        {
            "type": group.type,
            "qualifier": group.qualifier,
            "conditions": [],
            "status": None,
            "raw_amount": raw,
            "amount": amount,
            "currency": currency,
            "unpriced": unpriced,
            "territory": _territory(list(group.territory), []),
            "dates": [],
            "taxes": [],
        }
    ]


def _amount(raw: str, *, decimal_comma: bool) -> Decimal | None:
    text = re.sub(r"^[^\d.,-]+|[^\d.,]+$", "", raw).strip()
    text = text.replace(".", "").replace(",", ".") if decimal_comma else re.sub(r",(?=\d{3}(?:\D|$))", "", text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    # As many digits as the record model holds (decimal, 38 digits, 9 of them after the point).
    return value if value.is_finite() and 0 <= value < 10**20 and int(value.as_tuple().exponent) >= -9 else None
