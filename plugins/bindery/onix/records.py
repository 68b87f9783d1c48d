"""Products to rows of the record model, whichever release they are in.

What a record is made of follows its shape, not the release its message claims: elements of 3.x are grouped in blocks,
those of 2.1 are not, and messages that claim the wrong release are common (AUDIOBOOKS 5, row 11).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.record import BLOCKS, Kind
from bindery.catalogue.record_schema import PARTS_OF_CONTENT, VERSION_SCHEMA
from bindery.onix import mapping_2, mapping_3
from bindery.onix.parts import STRINGS, Defaults, identifiers, translated
from bindery.onix.rows import Bools, Nodes, Rows, lists
from bindery.onix.shred import LEAF

BLOCK_ELEMENTS = {
    "DescriptiveDetail": "descriptive",
    "CollateralDetail": "collateral",
    "ContentDetail": "content",
    "PublishingDetail": "publishing",
    "RelatedMaterial": "related",
    "ProductionDetail": "production",
    "ProductSupply": "supply",
}
"""Blocks of ONIX 3.x by element. Block 7, PromotionDetail, is counted as unmapped."""

BLOCK, DELETE, TEST_UPDATE = "04", "05", "88"
SUPPLY_UPDATES = {"12", "14"}
MARKET_UPDATE = "13"
"""List 1. 12 to 14 exist only in 2.1 (AUDIOBOOKS 1.3)."""

_OF_2 = ("descriptive", "collateral", "publishing", "related", "supply")


def kind_of(notification_type: str) -> Kind:
    """What a notification does. Everything but updates and deletes is a full record (List 1)."""
    if notification_type == DELETE:
        return "delete"
    if notification_type in {BLOCK, TEST_UPDATE, MARKET_UPDATE} | SUPPLY_UPDATES:
        return "block"
    return "full"


def in_blocks(products: Rows, release: str | None) -> Bools:
    """Which products are grouped in blocks, as in 3.x; where the shape doesn't tell, as of a delete, by the release."""
    if (release or "").startswith("3"):
        return np.ones(len(products), np.bool_)
    return products.there(*BLOCK_ELEMENTS, "PromotionDetail")


def shape_of(nodes: Nodes) -> str | None:
    """The release the first full record looks like, where the message doesn't say it; None where none is full."""
    products = nodes.products()
    full = np.flatnonzero(Kinds(products.value("NotificationType")).are("full"))
    return None if not len(full) else "3.0" if in_blocks(products, None)[full[0]] else "2.1"


def content_of(nodes: Nodes, defaults: Defaults, release: str | None) -> pa.Table:
    """Maps products.

    Args:
        nodes: The products' nodes.
        defaults: What they inherit from the header.
        release: The message's release.

    Returns:
        Columns ``PARTS_OF_CONTENT`` and ``unmapped``, a row a product, in their order.
    """
    grouped = in_blocks(nodes.products(), release)
    tables = [
        _content(nodes.products(chosen), defaults, blocks)
        for chosen, blocks in ((grouped, _blocks_of_3), (~grouped, _blocks_of_2))
        if chosen.any()
    ]
    table = pa.concat_tables(tables)
    if len(tables) > 1:
        order = np.argsort(np.concatenate([np.flatnonzero(grouped), np.flatnonzero(~grouped)]), kind="stable")
        table = table.take(pa.array(order))
    return table.append_column(_UNMAPPED, _unmapped(nodes))


_Blocks = Callable[[Rows, "Kinds", Defaults], tuple[dict[str, pa.Array], npt.NDArray[np.int64]]]


class Kinds:
    """What the notifications of some products do.

    Attributes:
        stated: Two digits, List 1; null where it isn't stated.
        code: The same, empty where it isn't.
        kind: ``full``, ``block`` or ``delete``.
    """

    def __init__(self, stated: pa.Array) -> None:
        # 2.1 senders write 3 for 03; the code is what is meant.
        self.stated = translated(stated, lambda text: text.zfill(2))
        self.code = pc.fill_null(self.stated, "")
        self.kind = translated(self.code, kind_of)

    def are(self, *kinds: Kind) -> Bools:
        """Which are of these kinds."""
        return np.asarray(pc.is_in(self.kind, pa.array(kinds)))

    def coded(self, *codes: str) -> Bools:
        """Which have one of these codes."""
        return np.asarray(pc.is_in(self.code, pa.array(codes)))


def _content(products: Rows, defaults: Defaults, blocks: _Blocks) -> pa.Table:
    kinds = Kinds(products.value("NotificationType"))
    find_identifiers = mapping_2.product_identifiers if blocks is _blocks_of_2 else _identifiers_of_3
    columns = {
        "record_reference": products.value("RecordReference"),
        "notification_type": kinds.stated,
        "kind": kinds.kind,
        "deletion_text": products.values("DeletionText"),
        "record_source_type": products.value("RecordSourceType"),
        "record_source_name": products.value("RecordSourceName"),
        "identifiers": find_identifiers(products),
    }
    found, touched = blocks(products, kinds, defaults)
    columns |= found | {"touches": _touches(touched)}
    return pa.table([columns[name] for name in PARTS_OF_CONTENT], schema=_CONTENT)


_CONTENT = pa.schema([VERSION_SCHEMA.field(name) for name in PARTS_OF_CONTENT])
_UNMAPPED = pa.field("unmapped", pa.list_(pa.struct([("path", pa.string()), ("count", pa.int64())])))


def _identifiers_of_3(products: Rows) -> pa.Array:
    return identifiers(products, "ProductIdentifier", "ProductIDType")


def _touches(touched: npt.NDArray[np.int64]) -> pa.Array:
    """Names of blocks, in their order, from a bit for each."""
    distinct, which = np.unique(touched, return_inverse=True)
    names = [[block for place, block in enumerate(BLOCKS) if bits >> place & 1] for bits in distinct.tolist()]
    return pa.array(names, STRINGS).take(pa.array(which))


_ALL_BLOCKS = (1 << len(BLOCKS)) - 1
_BIT = {block: 1 << place for place, block in enumerate(BLOCKS)}


def _blocks_of_3(products: Rows, kinds: Kinds, defaults: Defaults) -> tuple[dict[str, pa.Array], Any]:
    """An empty block is null: in a block update it clears what was there (AUDIOBOOKS 1.3).

    Only ProductSupply may be repeated; what a second block says is left over and counted as unmapped.
    """
    living = products.where(~kinds.are("delete"))
    rows = np.flatnonzero(~kinds.are("delete"))
    touched = np.where(kinds.are("full"), _ALL_BLOCKS, 0)
    found: dict[str, pa.Array] = {}
    for element, block in BLOCK_ELEMENTS.items():
        one = living.all(element) if block == "supply" else living.first(element)
        touched[rows[one.above]] |= _BIT[block]
        one = one.where((one.table.flags[one.nodes] & LEAF) == 0)
        values = _block_of_3(block, one, defaults)
        above = rows[one.above]
        found[block] = (
            _listed_or_null(above, values, len(products))
            if block == "supply"
            else _raised(above, values, len(products))
        )
    return found, touched


_PLAIN_BLOCKS = {
    "collateral": mapping_3.collateral,
    "content": mapping_3.content,
    "publishing": mapping_3.publishing,
    "related": mapping_3.related,
    "production": mapping_3.production,
}
"""Blocks that inherit nothing from the header."""


def _block_of_3(block: str, rows: Rows, defaults: Defaults) -> pa.Array:
    if block == "descriptive":
        return mapping_3.descriptive(rows, defaults)
    if block == "supply":
        return mapping_3.product_supply(rows, defaults)
    return _PLAIN_BLOCKS[block](rows)


def _raised(rows: npt.NDArray[Any], values: pa.Array, count: int) -> pa.Array:
    """Values at their rows, null elsewhere."""
    if len(rows) == count:
        return values
    place = np.full(count, -1, np.int64)
    place[rows] = np.arange(len(rows))
    return values.take(pa.array(place, mask=place < 0))


def _listed_or_null(rows: npt.NDArray[Any], values: pa.Array, count: int) -> pa.Array:
    """Values as lists, null where there would be none."""
    found = lists(rows, values, count)
    some = np.bincount(rows, minlength=count) > 0
    return found if some.all() else pc.if_else(pa.array(some), found, None)


def _blocks_of_2(products: Rows, kinds: Kinds, defaults: Defaults) -> tuple[dict[str, pa.Array], Any]:
    """Updates 12 and 14 carry the supply; 13 carries only markets, and would wipe prices if it replaced it."""
    count = len(products)
    supplying = kinds.coded(*SUPPLY_UPDATES)
    supplied = ~kinds.are("delete") & ~kinds.coded(MARKET_UPDATE)
    described = supplied & ~supplying
    touched = np.where(kinds.are("full"), _ALL_BLOCKS, np.where(supplying, _BIT["supply"], 0))
    partial = described & ~kinds.are("full")
    found: dict[str, pa.Array] = {name: pa.nulls(count, _CONTENT.field(name).type) for name in BLOCKS}
    whole, rows = products.where(described), np.flatnonzero(described)
    supply_rows = np.flatnonzero(supplied)
    for block in _OF_2:
        before = whole.table.used.copy() if partial.any() else None
        if block == "supply":
            found[block] = _supply_of_2(products.where(supplied), supply_rows, count, defaults)
        else:
            found[block] = _raised(rows, _block_of_2(block, whole, defaults), count)
        if before is not None:
            said = _records_of(whole.table, np.flatnonzero(whole.table.used & ~before))
            says = np.isin(_records_of(products.table, products.nodes), said) & partial
            touched[says] |= _BIT[block]
            keep = ~partial | says
            found[block] = pc.if_else(pa.array(keep), found[block], None)
    return found, touched


def _block_of_2(block: str, rows: Rows, defaults: Defaults) -> pa.Array:
    match block:
        case "descriptive":
            return mapping_2.descriptive(rows, defaults)
        case "collateral":
            return mapping_2.collateral(rows)
        case "publishing":
            return mapping_2.publishing(rows)
        case _:
            return mapping_2.related(rows)


def _supply_of_2(rows: Rows, places: npt.NDArray[Any], count: int, defaults: Defaults) -> pa.Array:
    found = mapping_2.supply(rows, defaults)
    some = pc.list_value_length(found)
    return _raised(places, pc.if_else(pc.greater(some, 0), found, None), count)


def _records_of(nodes: Nodes, chosen: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The record each node is in."""
    return np.searchsorted(nodes.first_node, chosen, side="right") - 1


def _unmapped(nodes: Nodes) -> pa.Array:
    """Paths of elements nobody asked for, with how often each occurs, for each record."""
    left = nodes.unmapped()
    count = len(nodes.first_node) - 1
    keys = _records_of(nodes, left) * (nodes.names.path_count + 1) + nodes.path[left]
    distinct, times = np.unique(keys, return_counts=True)
    records, paths = np.divmod(distinct, nodes.names.path_count + 1)
    spelled = {path: nodes.names.path(path) for path in np.unique(paths).tolist()}
    rank = {path: place for place, (path, _) in enumerate(sorted(spelled.items(), key=lambda one: one[1]))}
    order = np.lexsort((np.array([rank[path] for path in paths.tolist()], np.int64), records))
    names = sorted(spelled.values())
    ranks = pa.array([rank[path] for path in paths[order].tolist()], pa.int64())
    values = pa.StructArray.from_arrays(
        [pa.array(names, pa.string()).take(ranks), pa.array(times[order])], fields=list(_UNMAPPED.type.value_type)
    )
    return lists(records[order], values, count)
