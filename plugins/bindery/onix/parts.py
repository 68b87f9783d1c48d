"""Small readers of ONIX composites that releases 2.1 and 3.x have in common, or nearly.

Each takes ``Rows``, that is, all elements of one kind in many records, and returns an Arrow array with a part of the
record model for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.record import (
    Audience,
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
from bindery.catalogue.record_schema import arrow_type
from bindery.onix.rows import Rows, constant, empty_lists, joined, joined_lists, lists, struct
from bindery.onix.shred import MARKUP
from bindery.trade.dates import read_date
from bindery.trade.texts import clean_html

Part = tuple[npt.NDArray[Any], pa.Array]
"""Values, and the row each belongs to."""


@dataclass(frozen=True)
class Defaults:
    """What a record inherits from its message's header (AUDIOBOOKS 1.2)."""

    language: str | None = None
    price_type: str | None = None
    currency: str | None = None


XHTML = "05"
"""List 34."""

_AMOUNT = re.compile(r"[0-9]{1,20}(\.[0-9]{1,9})?")
_MONEY = pa.decimal128(38, 9)
STRINGS = pa.list_(pa.string())


def stated(values: pa.Array) -> npt.NDArray[np.bool_]:
    """Which rows have a value."""
    return np.asarray(values.is_valid())


def blank(values: pa.Array) -> pa.Array:
    """Empty texts for what isn't stated, where the model has no null."""
    return pc.fill_null(values, "") if values.null_count else values


def defaulted(values: pa.Array, default: str | None) -> pa.Array:
    """Values, and the header's default where a record states none."""
    return values if default is None else pc.fill_null(values, default)


def kept(rows: Rows, found: pa.Array, wanted: pa.Array) -> Part:
    """Those rows whose ``wanted`` value is stated; the others are left over."""
    if not wanted.null_count:
        return rows.above, found
    keep = stated(wanted)
    rows.leave(~keep)
    return rows.above[keep], found.filter(pa.array(keep))


def some(above: npt.NDArray[Any], values: pa.Array, wanted: pa.Array) -> Part:
    """Those values whose ``wanted`` value is stated."""
    keep = stated(wanted)
    return above[keep], values.filter(pa.array(keep))


def translated(values: pa.Array, change: Callable[[Any], Any], kind: pa.DataType | None = None) -> pa.Array:
    """Each value changed by a function that is called once for each distinct one; null stays null."""
    coded = values.dictionary_encode()
    changed = pa.array([change(one) for one in coded.dictionary.to_pylist()], kind or pa.string())
    return changed.take(coded.indices)


@lru_cache(maxsize=100_000)
def amount(raw: str) -> Decimal | None:
    """A price amount: digits, with a point before decimals (AUDIOBOOKS 1.10); None for anything else."""
    return Decimal(raw) if _AMOUNT.fullmatch(raw) else None


def amounts(raw: pa.Array) -> pa.Array:
    """Price amounts; null for what can't be read."""
    return translated(raw, amount, _MONEY)


def whole_number(raw: str | None) -> int | None:
    """A count of at most 9 digits; None for anything else."""
    return int(raw) if raw and re.fullmatch(r"[0-9]{1,9}", raw) else None


def identifiers(rows: Rows, composite: str, type_element: str) -> pa.Array:
    """Identifier composites, such as ProductIdentifier with ProductIDType. Those without a value say nothing."""
    found, values = identifier_rows(rows, composite, type_element)
    return lists(found, values, len(rows))


def identifier_rows(rows: Rows, composite: str, type_element: str) -> Part:
    """The same, as values with the row each belongs to."""
    one = rows.all(composite)
    value = one.value("IDValue")
    found = struct(Identifier, type=blank(one.value(type_element)), type_name=one.value("IDTypeName"), value=value)
    return kept(one, found, value)


def territory(rows: Rows, path: str = "Territory") -> pa.Array:
    """A Territory composite; an empty one where there is none."""
    return struct(
        Territory,
        countries_included=rows.words(f"{path}/CountriesIncluded"),
        regions_included=rows.words(f"{path}/RegionsIncluded"),
        countries_excluded=rows.words(f"{path}/CountriesExcluded"),
        regions_excluded=rows.words(f"{path}/RegionsExcluded"),
    )


_read_date = lru_cache(maxsize=200_000)(read_date)


def dated(role: pa.Array, raw: pa.Array, date_format: pa.Array) -> pa.Array:
    """Dates with their roles, as sent and as read. Each distinct date is read once."""
    forms, texts = date_format.dictionary_encode(), raw.dictionary_encode()
    names, spelled = [*forms.dictionary.to_pylist(), None], [*texts.dictionary.to_pylist(), ""]
    text_codes = np.asarray(pc.fill_null(texts.indices, len(spelled) - 1), np.int64)
    codes = text_codes * len(names) + np.asarray(pc.fill_null(forms.indices, len(names) - 1), np.int64)
    distinct, which = np.unique(codes, return_inverse=True)
    read = [_read_date(spelled[code // len(names)], names[code % len(names)]) for code in distinct.tolist()]
    place = pa.array(which)
    return struct(
        DatedRole,
        role=blank(role),
        raw=raw,
        format=date_format,
        date=pa.array([date for date, _ in read], pa.string()).take(place),
        precision=pa.array([precision for _, precision in read], pa.string()).take(place),
    )


def dates(rows: Rows, composite: str, role_element: str) -> pa.Array:
    """Date composites. The format is an attribute of Date, an element in 2.1 and early 3.0 (AUDIOBOOKS 1.9)."""
    one = rows.all(composite)
    raw = one.value("Date")
    form = pc.coalesce(one.value("Date/@dateformat"), one.value("DateFormat"))
    return lists(*kept(one, dated(one.value(role_element), raw, form), raw), len(rows))


def single_dates(rows: Rows, roles: dict[str, str]) -> pa.Array:
    """Elements that are a date by themselves, each with the role it stands for."""
    parts: list[Part] = []
    for element, role in roles.items():
        one = rows.all(element)
        raw = one.text()
        parts.append(kept(one, dated(constant(role, len(one)), raw, constant(None, len(one))), raw))
    return joined_lists(parts, len(rows))


def language_rows(rows: Rows) -> Part:
    """Language composites: role List 22, code List 74."""
    one = rows.all("Language")
    code = one.value("LanguageCode")
    return kept(one, struct(Language, role=blank(one.value("LanguageRole")), code=code), code)


def languages(rows: Rows, parts: Sequence[Part], defaults: Defaults) -> pa.Array:
    """Languages from several places; the header's where a record states neither a text nor an audio language."""
    if defaults.language:
        told = np.zeros(len(rows), np.bool_)
        for above, found in parts:
            spoken = pc.is_in(found.field("role"), pa.array(["01", "08"]))
            told[above[np.asarray(spoken)]] = True
        silent = np.flatnonzero(~told)
        default = struct(Language, role=constant("01", len(silent)), code=constant(defaults.language, len(silent)))
        parts = [*parts, (silent, default)]
    return joined_lists(parts, len(rows))


def extent_rows(rows: Rows) -> Part:
    """Extent composites that state a value."""
    one = rows.all("Extent")
    value = one.value("ExtentValue")
    unit = blank(one.value("ExtentUnit"))
    return kept(one, struct(Extent, type=blank(one.value("ExtentType")), value=value, unit=unit), value)


def subject_rows(
    rows: Rows, composite: str = "Subject", scheme: str = "SubjectSchemeIdentifier", *, main: bool = False
) -> Part:
    """Subject composites; ``main`` where the composite itself says so."""
    one = rows.all(composite)
    flag = one.flag("MainSubject")
    found = struct(
        Subject,
        scheme=blank(one.value(scheme)),
        scheme_name=one.value("SubjectSchemeName"),
        version=one.value("SubjectSchemeVersion"),
        code=one.value("SubjectCode"),
        heading=one.value("SubjectHeadingText"),
        main=pc.or_(flag, pa.scalar(main)),
    )
    return one.above, found


_PARTS_OF_NAMES = ("TitlesBeforeNames", "NamesBeforeKey", "PrefixToKey", "KeyNames", "NamesAfterKey", "SuffixToKey")


def person_name(rows: Rows) -> pa.Array:
    """A name in reading order: as sent, else put together from its parts (ONIX group P.7).

    Key names alone are a whole name (Voltaire) only where the inverted name, if there is one, says no more.
    """
    name = rows.value("PersonName")
    nameless = ~rows.has("PersonName")
    if not nameless.any():
        return name
    others = rows.where(nameless)
    parts = [others.value(part) for part in _PARTS_OF_NAMES]
    whole, keys, inverted = joined(*parts), others.value("KeyNames"), others.value("PersonNameInverted")
    only_keys = pc.and_(pc.equal(whole, keys), pc.not_equal(inverted, keys))
    whole = pc.if_else(pc.fill_null(only_keys, fill_value=False), pa.scalar(None, pa.string()), whole)
    return pc.replace_with_mask(name, pa.array(nameless), whole)


def contributors(rows: Rows) -> pa.Array:
    """Contributor composites of either release, as lists."""
    one = rows.all("Contributor")
    others = one.all("AlternativeName", "Name")
    person, otherwise = person_name(others), others.either("CorporateName", "PersonNameInverted")
    others.leave(stated(person), "CorporateName", "PersonNameInverted")
    other_names = pc.coalesce(person, otherwise)
    ids = [
        identifier_rows(one, "NameIdentifier", "NameIDType"),
        identifier_rows(one, "PersonNameIdentifier", "PersonNameIDType"),
    ]
    for composite, kind in (("NameIdentifier", "NameIDType"), ("PersonNameIdentifier", "PersonNameIDType")):
        above, found = identifier_rows(others, composite, kind)
        ids.append((others.above[above], found))
    biography = one.first("BiographicalNote")
    found = struct(
        Contributor,
        sequence=_sequences(one),
        roles=one.values("ContributorRole"),
        name=person_name(one),
        name_inverted=one.value("PersonNameInverted"),
        names_before_key=one.value("NamesBeforeKey"),
        key_names=one.value("KeyNames"),
        corporate_name=one.value("CorporateName"),
        unnamed=one.value("UnnamedPersons"),
        alternative_names=others.where(stated(other_names)).listed(other_names.drop_null()),
        identifiers=joined_lists(ids, len(one)),
        biography=biography.raised(_html_of(biography)),
    )
    return one.listed(found)


def _sequences(rows: Rows) -> pa.Array:
    said = rows.value("SequenceNumber")
    numbers = translated(said, whole_number, pa.int64())
    rows.leave(stated(said) & ~stated(numbers), "SequenceNumber")
    return numbers


def _html_of(rows: Rows) -> pa.Array:
    """Cleaned text of elements that may hold markup; null where nothing is left of it."""
    raw = rows.text()
    forms = _formats(rows, None)
    html = [clean_html(text, form) or None if text else None for text, form in zip(raw.to_pylist(), forms, strict=True)]
    return pa.array(html, pa.string())


def _formats(rows: Rows, text_format: pa.Array | None) -> list[str | None]:
    """What each text says it is written in (List 34): XHTML where elements are in it."""
    form = rows.attribute("textformat")
    if text_format is not None:
        form = pc.coalesce(form, text_format)
    in_markup = pa.array((rows.table.flags[rows.nodes] & MARKUP).astype(np.bool_))
    names: list[str | None] = pc.if_else(in_markup, XHTML, form).to_pylist()
    return names


def texts(rows: Rows, kind: pa.Array, audiences: pa.Array, *, text_format: pa.Array | None = None) -> Part:
    """Texts, cleaned; nothing where the element is empty.

    Args:
        rows: The elements that hold the text.
        kind: List 153, for each.
        audiences: List 154, for each.
        text_format: List 34, where an element beside the text states it.
    """
    raw = rows.text()
    forms = _formats(rows, text_format)
    language = rows.attribute("language")
    html = [clean_html(text, form) if text else None for text, form in zip(raw.to_pylist(), forms, strict=True)]
    found = struct(
        Text, type=blank(kind), audiences=audiences, language=language, html=pa.array(html, pa.string()), raw=raw
    )
    return kept(rows, found, raw)


def audiences(rows: Rows) -> pa.Array:
    """Audience composites that state a value, behind 2.1's and early 3.0's AudienceCode."""
    codes, one = rows.all("AudienceCode"), rows.all("Audience")
    code, value = codes.text(), one.value("AudienceCodeValue")
    coded = struct(Audience, type=constant("01", len(codes)), value=code)
    found = struct(Audience, type=blank(one.value("AudienceCodeType")), value=value)
    return joined_lists([kept(codes, coded, code), kept(one, found, value)], len(rows))


def audience_ranges(rows: Rows) -> pa.Array:
    """AudienceRange composites: precisions and bounds alternate, in the order sent."""
    one = rows.all("AudienceRange")
    found = struct(
        AudienceRange,
        qualifier=one.value("AudienceRangeQualifier"),
        precisions=one.values("AudienceRangePrecision"),
        bounds=one.values("AudienceRangeValue"),
    )
    return one.listed(found)


def product_parts(rows: Rows, element: str, quantity_elements: tuple[str, ...]) -> pa.Array:
    """The items of a product of several: ProductPart, or ContainedItem in 2.1."""
    one = rows.all(element)
    found = struct(
        ProductPart,
        is_primary=one.flag("PrimaryPart"),
        product_form=one.value("ProductForm"),
        product_form_details=one.values("ProductFormDetail"),
        product_content_types=one.values("ProductContentType"),
        identifiers=identifiers(one, "ProductIdentifier", "ProductIDType"),
        quantity=one.value(*quantity_elements),
    )
    return one.listed(found)


def restrictions(rows: Rows, path: str = "SalesRestriction") -> pa.Array:
    """SalesRestriction composites (List 71), with the outlets they name."""
    one = rows.all(path)
    if not len(one):
        return empty_lists(len(rows), arrow_type(Restriction))
    found = struct(
        Restriction,
        type=blank(one.value("SalesRestrictionType")),
        outlets=_outlets(one),
        note=one.value("SalesRestrictionNote", "SalesRestrictionDetail"),
    )
    return one.listed(found)


def _outlets(rows: Rows) -> pa.Array:
    """Names of sales outlets, and their identifiers."""
    outlets = rows.all("SalesOutlet")
    name, one = outlets.value("SalesOutletName"), outlets.all("SalesOutletIdentifier")
    value = one.value("IDValue")
    parts = [some(np.arange(len(outlets)), name, name), kept(one, value, value)]
    found = joined_lists(parts, len(outlets))
    return lists(np.repeat(outlets.above, np.asarray(pc.list_value_length(found))), found.flatten(), len(rows))
