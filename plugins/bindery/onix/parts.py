"""Small readers of ONIX composites that releases 2.1 and 3.x have in common, or nearly.

Each takes a ``Node`` in reference names and returns a part of the record model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bindery.catalogue.record import (
    AudienceRange,
    Contributor,
    DatedRole,
    Extent,
    Identifier,
    Language,
    ProductPart,
    Restriction,
    Subject,
    Territory,
    Text,
)
from bindery.onix.tree import Node
from bindery.trade.dates import dated_role
from bindery.trade.texts import clean_html


@dataclass(frozen=True)
class Defaults:
    """What a record inherits from its message's header (AUDIOBOOKS 1.2)."""

    language: str | None = None
    price_type: str | None = None
    currency: str | None = None


XHTML = "05"
"""List 34."""

_AMOUNT = re.compile(r"\d{1,20}(\.\d{1,9})?")


def amount(raw: str | None) -> Decimal | None:
    """A price amount: digits, with a point before decimals (AUDIOBOOKS 1.10); None for anything else."""
    return Decimal(raw) if raw and _AMOUNT.fullmatch(raw) else None


def whole_number(raw: str | None) -> int | None:
    """A count of at most 9 digits; None for anything else."""
    return int(raw) if raw and re.fullmatch(r"[0-9]{1,9}", raw) else None


def identifiers(parent: Node, composite: str, type_element: str) -> list[Identifier]:
    """Identifier composites, such as ProductIdentifier with ProductIDType. Those without a value are left over."""
    return [
        {"type": node.value(type_element) or "", "type_name": node.value("IDTypeName"), "value": value}
        for node in parent.all(composite)
        if (value := node.value("IDValue"))
    ]


def territory(node: Node | None) -> Territory:
    """A Territory composite; an empty one where there is none."""
    return {
        "countries_included": node.words("CountriesIncluded") if node else [],
        "regions_included": node.words("RegionsIncluded") if node else [],
        "countries_excluded": node.words("CountriesExcluded") if node else [],
        "regions_excluded": node.words("RegionsExcluded") if node else [],
    }


def dates(parent: Node, composite: str, role_element: str) -> list[DatedRole]:
    """Date composites. The format is an attribute of Date, an element in 2.1 and early 3.0 (AUDIOBOOKS 1.9)."""
    found: list[DatedRole] = []
    for node in parent.all(composite):
        date = node.first("Date")
        raw = date.text if date else None
        if date is not None and raw:
            role, element_format = node.value(role_element), node.value("DateFormat")
            found.append(dated_role(role or "", raw, date.attribute("dateformat") or element_format))
    return found


def languages(parent: Node) -> list[Language]:
    """Language composites: role List 22, code List 74."""
    return [
        {"role": node.value("LanguageRole") or "", "code": code}
        for node in parent.all("Language")
        if (code := node.value("LanguageCode"))
    ]


def with_default_language(stated: list[Language], defaults: Defaults) -> list[Language]:
    """Adds the header's language of text where the record states neither a text nor an audio language."""
    if defaults.language and not any(language["role"] in {"01", "08"} for language in stated):
        return [*stated, {"role": "01", "code": defaults.language}]
    return stated


def extents(parent: Node) -> list[Extent]:
    """Extent composites that state a value."""
    return [
        {"type": node.value("ExtentType") or "", "value": value, "unit": node.value("ExtentUnit") or ""}
        for node in parent.all("Extent")
        if (value := node.value("ExtentValue"))
    ]


def subject(node: Node, *, scheme_element: str = "SubjectSchemeIdentifier", main: bool = False) -> Subject:
    """One Subject composite."""
    return {
        "scheme": node.value(scheme_element) or "",
        "scheme_name": node.value("SubjectSchemeName"),
        "version": node.value("SubjectSchemeVersion"),
        "code": node.value("SubjectCode"),
        "heading": node.value("SubjectHeadingText"),
        "main": node.flag("MainSubject") or main,
    }


def person_name(node: Node) -> str | None:
    """A name in reading order: as sent, else put together from its parts (ONIX group P.7)."""
    if node.has("PersonName"):
        return node.value("PersonName")
    parts = ("TitlesBeforeNames", "NamesBeforeKey", "PrefixToKey", "KeyNames", "NamesAfterKey", "SuffixToKey")
    return " ".join(filter(None, (node.value(part) for part in parts))) or None


def contributor(node: Node) -> Contributor:
    """One Contributor composite of either release."""
    alternatives: list[str] = []
    name_ids = identifiers(node, "NameIdentifier", "NameIDType")
    name_ids += identifiers(node, "PersonNameIdentifier", "PersonNameIDType")
    for other in node.all("AlternativeName", "Name"):
        other_name = person_name(other) or other.value("CorporateName") or other.value("PersonNameInverted")
        if other_name:
            alternatives.append(other_name)
        name_ids += identifiers(other, "NameIdentifier", "NameIDType")
        name_ids += identifiers(other, "PersonNameIdentifier", "PersonNameIDType")
    biographies = text("", node.first("BiographicalNote"))
    sequence = whole_number(node.peek("SequenceNumber"))
    if sequence is not None:
        node.value("SequenceNumber")
    return {
        "sequence": sequence,
        "roles": node.values("ContributorRole"),
        "name": person_name(node),
        "name_inverted": node.value("PersonNameInverted"),
        "names_before_key": node.value("NamesBeforeKey"),
        "key_names": node.value("KeyNames"),
        "corporate_name": node.value("CorporateName"),
        "unnamed": node.value("UnnamedPersons"),
        "alternative_names": alternatives,
        "identifiers": name_ids,
        "biography": biographies[0]["html"] or None if biographies else None,
    }


def restrictions(parent: Node) -> list[Restriction]:
    """SalesRestriction composites (List 71), with the outlets they name."""
    found: list[Restriction] = []
    for node in parent.all("SalesRestriction"):
        outlets: list[str] = []
        for outlet in node.all("SalesOutlet"):
            ids = [value for one in outlet.all("SalesOutletIdentifier") for value in one.values("IDValue")]
            outlets.extend(filter(None, [outlet.value("SalesOutletName"), *ids]))
        found.append(
            {
                "type": node.value("SalesRestrictionType") or "",
                "outlets": outlets,
                "note": node.value("SalesRestrictionNote", "SalesRestrictionDetail"),
            }
        )
    return found


def audience_ranges(parent: Node) -> list[AudienceRange]:
    """AudienceRange composites: precisions and bounds alternate, in the order sent."""
    return [
        {
            "qualifier": one.value("AudienceRangeQualifier"),
            "precisions": one.values("AudienceRangePrecision"),
            "bounds": one.values("AudienceRangeValue"),
        }
        for one in parent.all("AudienceRange")
    ]


def product_parts(parent: Node, element: str, quantity_elements: tuple[str, ...]) -> list[ProductPart]:
    """The items of a product of several: ProductPart, or ContainedItem in 2.1."""
    return [
        {
            "is_primary": one.flag("PrimaryPart"),
            "product_form": one.value("ProductForm"),
            "product_form_details": one.values("ProductFormDetail"),
            "product_content_types": one.values("ProductContentType"),
            "identifiers": identifiers(one, "ProductIdentifier", "ProductIDType"),
            "quantity": one.value(*quantity_elements),
        }
        for one in parent.all(element)
    ]


def text(kind: str, node: Node | None, *, audiences: Iterable[str] = (), text_format: str | None = None) -> list[Text]:
    """A text, cleaned; nothing where the element is empty. ``text_format``: List 34, where an element states it."""
    raw = node.markup() if node else None
    if node is None or not raw:
        return []
    stated = XHTML if node.children else node.attribute("textformat") or text_format
    return [
        {
            "type": kind,
            "audiences": list(audiences),
            "language": node.attribute("language"),
            "html": clean_html(raw, stated),
            "raw": raw,
        }
    ]
