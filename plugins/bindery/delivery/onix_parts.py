"""Small parts that every block of an ONIX 3.0 record is made of: elements, identifiers, dates, territories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from bindery.catalogue.record import Territory
from bindery.delivery.codes import in_list
from bindery.delivery.xhtml import xml_text
from bindery.trade.territories import expand

if TYPE_CHECKING:
    from lxml.etree import _Element

Block = Mapping[str, Any]

_FORMATS: Final = {"year": "05", "month": "01", "day": "00"}
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?")


def add(parent: _Element, tag: str, text: object = None) -> _Element:
    """Append an element, with its text on one line and without what XML cannot carry; the serialiser escapes it."""
    element = etree.SubElement(parent, tag)
    if text is not None:
        # The schema refuses line breaks in a plain text, and senders indent them.
        element.text = _SPACE.sub(" ", xml_text(str(text))).strip()
    return element


def stated(text: str | None) -> bool:
    """Whether a text says anything."""
    return text is not None and xml_text(text).strip() != ""


def add_stated(parent: _Element, tag: str, text: str | None) -> None:
    """Append an element only where its text says something."""
    if stated(text):
        add(parent, tag, text)


def add_coded(parent: _Element, tag: str, number: int, code: str | None) -> None:
    """Append an element only where its code is in the code list."""
    if in_list(number, code):
        add(parent, tag, code)


def positive(text: str | None) -> bool:
    """Whether a text is a decimal above 0, as the schema writes one."""
    try:
        return text is not None and "e" not in text.lower() and Decimal(text).is_finite() and Decimal(text) > 0
    except InvalidOperation:
        return False


def add_identifiers(parent: _Element, tag: str, type_tag: str, number: int, identifiers: Iterable[Block]) -> int:
    """Append identifiers whose type is in the code list.

    Args:
        parent: Where to.
        tag: The composite, such as ``NameIdentifier``.
        type_tag: Its type element, such as ``NameIDType``.
        number: The type's code list.
        identifiers: ``Identifier`` values of the record model.

    Returns:
        How many were appended.
    """
    count = 0
    for identifier in identifiers:
        if in_list(number, identifier["type"]) and stated(identifier["value"]):
            composite = add(parent, tag)
            add(composite, type_tag, identifier["type"])
            add_stated(composite, "IDTypeName", identifier["type_name"])
            add(composite, "IDValue", identifier["value"])
            count += 1
    return count


def add_dates(
    parent: _Element, tag: str, number: int, dates: Iterable[Block], *, without: frozenset[str] = frozenset()
) -> None:
    """Append dates that could be read, in the format of their own precision (List 55).

    Args:
        parent: Where to.
        tag: The composite, such as ``PublishingDate``; its role element is ``<tag>Role``.
        number: The role's code list.
        dates: ``DatedRole`` values of the record model.
        without: Roles to leave out.
    """
    for dated in dates:
        written = onix_date(dated["date"], dated["precision"])
        if written is None or dated["role"] in without or not in_list(number, dated["role"]):
            continue
        composite = add(parent, tag)
        add(composite, f"{tag}Role", dated["role"])
        element = add(composite, "Date", written[1])
        element.set("dateformat", written[0])


def onix_date(stated_date: str | None, precision: str | None) -> tuple[str, str] | None:
    """An ISO 8601 date as ONIX writes it.

    Returns:
        The format's code (List 55) and the date; None where there is none.
    """
    if stated_date is None or precision is None:
        return None
    if precision in _FORMATS:
        length = {"year": 4, "month": 7, "day": 10}[precision]
        return _FORMATS[precision], stated_date[:length].replace("-", "")
    found = _TIME.fullmatch(stated_date)
    if found is None:
        return _FORMATS["day"], stated_date[:10].replace("-", "")
    year, month, day, hour, minute, second, zone = found.groups()
    zone = (zone or "").replace(":", "")
    if second:
        return "14", f"{year}{month}{day}T{hour}{minute}{second}{zone}"
    return "13", f"{year}{month}{day}T{hour}{minute}{zone}"


def add_territory(parent: _Element, countries: Iterable[str]) -> None:
    """Append a Territory of countries."""
    add(add(parent, "Territory"), "CountriesIncluded", " ".join(sorted(countries)))


def narrowed(territory: Territory, countries: frozenset[str]) -> frozenset[str]:
    """The part of some countries that a territory certainly covers.

    Args:
        territory: Of the record model; one that states nothing covers everything.
        countries: ISO 3166-1 codes.
    """
    return countries & expand(territory).countries if any(territory.values()) else countries
