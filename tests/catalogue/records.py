"""Records of the odd kind for property tests: every block optional, codes good and bad, texts that are fillers."""

from __future__ import annotations

from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
from hypothesis import strategies as st
from typing_extensions import is_typeddict

from bindery.catalogue.record import DatedRole, Record, Territory, Text
from bindery.trade.dates import dated_role
from bindery.trade.texts import clean_html
from tests.trade.builders import record

_NAMES = [
    "Ann Lee",
    " Ann Lee ",
    "N/A",
    "tbc",
    "Unknown  narrator",
    "Ｎ/Ａ",
    "---",
    "",
    " ",
    "Łukasz Ó",
    "名前",
    "Nina",
]
_PIECES = [
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<ul><li>",
        "</li></ul>",
        "<br/>",
        "<a href='http://x/?a=1&b=>'>",
        "</a>",
        "<pre>\n",
    ),
    *(
        "&amp;",
        "&lt;b&gt;",
        "&nbsp;",
        "\u2028",
        "\xa0",
        "\u3000",
        "\n",
        "  ",
        " ",
        "TBC",
        "N/A",
        "“Ja” – tak",
        "one",
        "x" * 300,
    ),
]
_RAW_DATES = [
    *("20250220", "202502", "2025", "20250220T0000", "20250220T1830", "20251332", "soon", "", "99991231T1830"),
    *("19000101", "20250220T0000Z", "00000101", "2025022020250301", "202502202503"),
]
_COUNTRIES = ["DE", "AT", "US", "GB", "BG", "de", "UK", "XX", "AN", "DE,AT", ";", "WORLD", ""]
_REGIONS = ["WORLD", "ROW", "ECZ", "US-CA", "CN-TW", "GB-EWS", "XX-YY", "WORLD,DE", "world", ""]
_WORDS: dict[str, list[str]] = {
    "Identifier.type": ["15", "03", "02", "01"],
    "Identifier.value": [
        *("9783161484100", "978-3-16-148410-0", "9783161484101", "3-16-148410-X", "316148410x", "0306406152"),
        *("ISBN 9783161484100", "9.78316148410E+12", "9783161484100.0", "９７８３１６１４８４１００", "9790000000000"),
        *("9771234567003", "978", "", "x", "9780306406157", "4006381333931", "316148410\u20100"),
    ],
    "Title.type": ["01", "03"],
    "TitleElement.level": ["01", "02", "03"],
    "TitleElement.text": ["Title", " Title ", "", " ", "Unknown"],
    "TitleElement.prefix": ["The", "", " "],
    "TitleElement.without_prefix": ["Hobbit", "", " "],
    "TitleElement.subtitle": ["Sub", "", " "],
    "TitleElement.part_number": ["33", ""],
    "Collection.title": _NAMES,
    "Contributor.roles": ["A01", "A02", "E07", "E03", "B06"],
    "Contributor.name": _NAMES,
    "Contributor.name_inverted": _NAMES,
    "Contributor.corporate_name": _NAMES,
    "Contributor.alternative_names": _NAMES,
    "Contributor.unnamed": ["01", "04", "05", "06", "07", "08", "09", ""],
    "Language.role": ["01", "02", "08"],
    "Language.code": ["eng", "pol", ""],
    "Extent.type": ["09", "16", "22"],
    "Extent.unit": ["04", "05", "06", "11", "14", "15", "16"],
    "Extent.value": ["524", "00225", "0022510", "0", "1.5", "0117799", "x", ""],
    "Subject.scheme": ["93", "10", "12", "20"],
    "Subject.code": ["FF", "FIC022000", ""],
    "Descriptive.product_form": ["AJ", "AN", "EA", "SA", "BC", "00", ""],
    "Descriptive.primary_content_type": ["01", "03", "10", "13"],
    "Descriptive.product_content_types": ["01", "10"],
    "Descriptive.product_form_details": ["A103", "E101"],
    "Descriptive.edition_types": ["ABR", "UBR", "DGO"],
    "ProductPart.product_form": ["AJ", "BC"],
    "Text.type": ["03", "02", "04"],
    "Text.audiences": ["00", "03", "02"],
    "Resource.content_type": ["01", "45"],
    "Resource.mode": ["03", "02"],
    "Resource.link": ["http://x/1", "http://x/2", ""],
    "Publisher.role": ["01", "02", ""],
    "Publisher.name": _NAMES,
    "Publishing.imprints": _NAMES,
    "Publishing.status": ["04", "11", "07", ""],
    "Publishing.row_sales_rights_type": ["00", "01", "03", "07", ""],
    "SalesRights.type": ["01", "02", "03", "04", "06", "07", "08", "00"],
    "Restriction.type": ["09", "12", "13", "04", "99"],
    "DatedRole.role": ["01", "02", "10", "27", "31", "11"],
    "Price.type": ["01", "02", "05", "42", "99"],
    "Price.qualifier": ["00", "05", "06", "01"],
    "Price.currency": ["EUR", "USD", "XXX"],
    "Price.unpriced": ["01", "02"],
    "Supply.supplier_role": ["01", "02"],
    "Supply.supplier_name": ["A", "B"],
    "Supply.availability": ["20", "21", "46", "43", "01", "99", ""],
    "ProductSupply.market_reference": ["m", ""],
    "ProductSupply.market_status": ["04", "11", "12", "01", ""],
}
_SMALL = ["", "x", "é", "y" * 260]


def _dates() -> st.SearchStrategy[DatedRole]:
    roles, formats = st.sampled_from(_WORDS["DatedRole.role"]), st.sampled_from([None, "00", "05", "13", "06", "07"])
    return st.builds(dated_role, roles, st.sampled_from(_RAW_DATES), formats)


def _texts() -> st.SearchStrategy[Text]:
    raw = st.lists(st.sampled_from(_PIECES) | st.text(max_size=4), max_size=6).map("".join)
    audiences = st.lists(st.sampled_from(_WORDS["Text.audiences"]), max_size=2)

    def built(kind: str, audiences: list[str], raw: str, text_format: str | None) -> Text:
        return Text(type=kind, audiences=audiences, language=None, html=clean_html(raw, text_format), raw=raw)

    return st.builds(built, st.sampled_from(_WORDS["Text.type"]), audiences, raw, st.sampled_from([None, "02", "06"]))


def _territories() -> st.SearchStrategy[Territory]:
    countries, regions = (st.lists(st.sampled_from(codes), max_size=3) for codes in (_COUNTRIES, _REGIONS))
    return st.builds(
        Territory,
        countries_included=countries,
        regions_included=regions,
        countries_excluded=countries | st.just([]),
        regions_excluded=regions | st.just([]),
    )


_SPECIAL = {DatedRole: _dates, Text: _texts, Territory: _territories}
_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-1, 3),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    Decimal: st.sampled_from([Decimal(one) for one in ("9.99", "9.990", "0", "-1", "0.000000001", "12")]),
}


def stated(hint: Any, name: str = "") -> st.SearchStrategy[Any]:
    """Values of a type of the record model; ``name`` is the type and field they are for."""
    if hint in _SPECIAL:
        return _SPECIAL[hint]()
    if hint is str or hint in _SCALARS:
        return _SCALARS.get(hint, st.sampled_from(_WORDS.get(name, _SMALL)))
    if is_typeddict(hint):
        fields = {field: stated(one, f"{hint.__name__}.{field}") for field, one in get_type_hints(hint).items()}
        return st.fixed_dictionaries(fields)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        return st.lists(stated(arguments[0], name), max_size=3)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.one_of(*(st.none() if one is NoneType else stated(one, name) for one in arguments))
    message = f"no values for {hint!r}"
    raise TypeError(message)


def records(*blocks: str) -> st.SearchStrategy[Record]:
    """Records with some of these blocks; the rest says nothing."""
    hints = get_type_hints(Record)
    return st.fixed_dictionaries({}, optional={name: stated(hints[name], name) for name in blocks}).map(
        lambda parts: record(**parts)
    )


def values_of(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Values of an Arrow type, null and empty ones at every depth."""
    if pa.types.is_struct(kind):
        value: st.SearchStrategy[Any] = st.fixed_dictionaries({one.name: values_of(one.type) for one in kind})
    elif pa.types.is_list(kind):
        value = st.lists(values_of(kind.value_type), max_size=2)
    else:
        scalars = {
            pa.string(): st.sampled_from(_SMALL) | st.text(max_size=2),
            pa.int64(): st.integers(-(2**63), 2**63 - 1),
            pa.float64(): _SCALARS[float],
            pa.bool_(): st.booleans(),
        }
        value = scalars.get(kind, _SCALARS[Decimal])
    return st.none() | value
