"""What versions say that decides rights and offers, in the narrow texts that ``bindery.rights.terms`` reads.

Made once, when a version is first kept, and by columns.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.columns import Mask, among, field, first, items, said, stated, take, whole
from bindery.catalogue.narrow import Taken, row, texts
from bindery.rights.terms import stated_id
from bindery.trade.dates import SPREADS, read_spread

_RESTRICTED: Final[dict[str, Taken]] = {"type": None, "outlets": None}
_TERRITORY: Final[dict[str, Taken]] = {
    "countries_included": None,
    "regions_included": None,
    "countries_excluded": None,
    "regions_excluded": None,
}
_RIGHT: Final[dict[str, Taken]] = {"type": None, "territory": _TERRITORY, "restrictions": _RESTRICTED}
_NOWHERE: Final = "[[],[],[],[]]"
_PUBLISHER: Final = ("01", "")
"""List 45; most senders of one publisher state no role."""


class Terms(NamedTuple):
    """The terms of some versions, one for one.

    Attributes:
        publishing: Texts of ``publishing_terms``; null where block 4 isn't stated.
        supply: Texts of ``supply_terms``; null where block 6 isn't stated, or names no market.
        stated: Rows of ``stated_terms`` that they name: texts of rights statements and territories by id.
    """

    publishing: pa.StringArray
    supply: pa.StringArray
    stated: dict[str, str]


def terms_of(versions: pa.Table) -> Terms:
    """What versions say of rights and supply.

    Args:
        versions: Rows of ``record_versions``.
    """
    named = _Named()
    publishing, supply = (whole(versions[block]) for block in ("publishing", "supply"))
    return Terms(_publishing(publishing, named), _supply(supply, named), named.texts)


class _Named:
    """Texts of ``stated_terms``, each hashed once however many records repeat it."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def __call__(self, statements: pa.StringArray) -> pa.StringArray:
        """The id of each text as JSON; ``null`` for none."""
        encoded = statements.dictionary_encode()
        distinct = encoded.dictionary.to_pylist()
        ids = [stated_id(text) for text in distinct]
        self.texts |= zip(ids, distinct, strict=True)
        return pc.fill_null(pa.array([f'"{one}"' for one in ids], pa.string()).take(encoded.indices), "null")

    def territories(self, column: pa.StructArray) -> pa.StringArray:
        """The id of each territory as JSON; ``null`` for one that names no code."""
        spelled = texts(column, _TERRITORY)
        return self(pc.if_else(pc.equal(spelled, _NOWHERE), None, spelled))


def _publishing(block: pa.StructArray, named: _Named) -> pa.StringArray:
    rights = row(
        texts(field(block, "sales_rights"), _RIGHT),
        texts(field(block, "row_sales_rights_type")),
        texts(field(block, "restrictions"), _RESTRICTED),
    )
    is_stated = block.is_valid()
    made = row(
        texts(field(block, "status")),
        texts(_publisher(field(block, "publishers"))),
        texts(field(block, "dates"), _dated),
        named(pc.if_else(is_stated, rights, None)),
    )
    return pc.if_else(is_stated, made, None)


def _publisher(column: pa.ListArray) -> pa.StringArray:
    publishers = items(column)
    will_do = said(publishers["name"]) & (~stated(publishers["role"]) | among(publishers["role"], *_PUBLISHER))
    return take(publishers["name"], first(will_do, publishers.rows, len(column)))


def _dated(dates: pa.StructArray) -> pa.StringArray:
    """A date as ``[role, date, precision]``; of one that spans time also when it begins."""
    told = (texts(field(dates, name)) for name in ("role", "date", "precision"))
    plain = pc.binary_join_element_wise(*told, ",")
    raw, form = field(dates, "raw"), pc.utf8_trim_whitespace(field(dates, "format"))
    spanning = among(form, *SPREADS)
    if spanning.any():
        begins = [
            read_spread(*one)[0] for one in zip(*(_some(column, spanning) for column in (raw, form)), strict=True)
        ]
        spread = pc.binary_join_element_wise(
            plain.filter(pa.array(spanning)), texts(pa.array(begins, pa.string())), ","
        )
        plain = pc.replace_with_mask(plain, pa.array(spanning), spread)
    return row(plain)


def _some(column: pa.StringArray, mask: Mask) -> list[str]:
    found: list[str] = column.filter(pa.array(mask)).to_pylist()
    return found


def _supply(markets: pa.ListArray, named: _Named) -> pa.StringArray:
    price: dict[str, Taken] = {
        **dict.fromkeys(("type", "qualifier", "status", "amount", "currency", "unpriced")),
        "territory": named.territories,
        "dates": _dated,
        "conditions": lambda conditions: texts(pc.struct_field(conditions, "type")),
    }
    supply: dict[str, Taken] = {
        **dict.fromkeys(("supplier_role", "supplier_name", "availability", "unpriced")),
        "dates": _dated,
        "prices": price,
    }
    market: dict[str, Taken] = {
        "market_reference": None,
        "market": named.territories,
        "market_restrictions": _RESTRICTED,
        "market_status": None,
        "market_dates": _dated,
        "supplies": supply,
    }
    is_stated = pc.greater(pc.list_value_length(markets), 0)
    return pc.if_else(pc.fill_null(is_stated, fill_value=False), texts(markets, market), None)
