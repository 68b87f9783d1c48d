"""One product element to one record, whichever release it is in.

What a record is made of follows its shape, not the release its message claims: elements of 3.x are grouped in blocks,
those of 2.1 are not, and messages that claim the wrong release are common (AUDIOBOOKS 5, row 11).
"""

from __future__ import annotations

from bindery.catalogue.record import BLOCKS, Kind, ProductSupply, Record, Source
from bindery.findings import Finding, Severity
from bindery.onix import mapping_2, mapping_3
from bindery.onix.parts import Defaults, identifiers
from bindery.onix.tree import Node

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


def kind_of(notification_type: str) -> Kind:
    """What a notification does. Everything but updates and deletes is a full record (List 1)."""
    if notification_type == DELETE:
        return "delete"
    if notification_type in {BLOCK, TEST_UPDATE, MARKET_UPDATE} | SUPPLY_UPDATES:
        return "block"
    return "full"


def is_in_blocks(node: Node) -> bool:
    """Whether a product is grouped in blocks, as in 3.x."""
    return node.has(*BLOCK_ELEMENTS, "PromotionDetail")


def record_of(node: Node, defaults: Defaults, source: Source, release: str | None) -> tuple[Record, list[str]]:
    """Maps one product.

    Args:
        node: The Product element.
        defaults: What it inherits from the header.
        source: Where its bytes are.
        release: The message's release, for a product whose shape doesn't tell, such as a delete.

    Returns:
        The record, and the rules' names of what it lacks or carries oddly: ``RecordReference``,
        ``NotificationType``, ``MarketRepresentation`` (an update of type 13, which is not applied).
    """
    in_blocks = is_in_blocks(node) or (release or "").startswith("3")
    reference, notification = node.value("RecordReference"), node.value("NotificationType")
    # 2.1 senders write 3 for 03; the code is what is meant.
    code = notification.zfill(2) if notification else ""
    kind = kind_of(code)
    found = (
        identifiers(node, "ProductIdentifier", "ProductIDType") if in_blocks else mapping_2.product_identifiers(node)
    )
    record: Record = {
        "record_reference": reference or "",
        "notification_type": code,
        "kind": kind,
        "deletion_text": node.values("DeletionText"),
        "record_source_type": node.value("RecordSourceType"),
        "record_source_name": node.value("RecordSourceName"),
        "identifiers": found,
        "touches": [],
        "descriptive": None,
        "collateral": None,
        "content": None,
        "publishing": None,
        "related": None,
        "production": None,
        "supply": None,
        "unmapped": [],
        "source": source,
    }
    if kind != "delete":
        _fill_blocks(record, node, defaults, in_blocks=in_blocks)
    record["unmapped"] = [{"path": path, "count": count} for path, count in sorted(node.unmapped().items())]
    lacks = [name for name, value in (("RecordReference", reference), ("NotificationType", notification)) if not value]
    return record, lacks + ["MarketRepresentation"] * (code == MARKET_UPDATE)


def _fill_blocks(record: Record, node: Node, defaults: Defaults, *, in_blocks: bool) -> None:
    if in_blocks:
        _fill_from_3(record, node, defaults)
    else:
        _fill_from_2(record, node, defaults)


def _fill_from_3(record: Record, node: Node, defaults: Defaults) -> None:
    """An empty block is None: in a block update it clears what was there (AUDIOBOOKS 1.3)."""
    present: dict[str, Node] = {}
    supply: list[ProductSupply] = []
    for child in node.all(*BLOCK_ELEMENTS):
        block = BLOCK_ELEMENTS[child.name]
        first = block not in present
        present.setdefault(block, child)
        if child.children and block == "supply":
            supply.append(mapping_3.product_supply(child, defaults))
        elif child.children and first:
            # Only ProductSupply may be repeated; what a second block says is left over and counted as unmapped.
            _fill_block(record, block, child, defaults)
    record["supply"] = supply or None
    record["touches"] = [block for block in BLOCKS if record["kind"] == "full" or block in present]


def _fill_block(record: Record, block: str, node: Node, defaults: Defaults) -> None:
    match block:
        case "descriptive":
            record["descriptive"] = mapping_3.descriptive(node, defaults)
        case "collateral":
            record["collateral"] = mapping_3.collateral(node)
        case "content":
            record["content"] = mapping_3.content(node)
        case "publishing":
            record["publishing"] = mapping_3.publishing(node)
        case "related":
            record["related"] = mapping_3.related(node)
        case "production":
            record["production"] = mapping_3.production(node)


def _fill_from_2(record: Record, node: Node, defaults: Defaults) -> None:
    """Updates 12 and 14 carry the supply; 13 carries only markets, and would wipe prices if it replaced it."""
    if record["notification_type"] == MARKET_UPDATE:
        return
    record["supply"] = mapping_2.supply(node, defaults) or None
    if record["notification_type"] in SUPPLY_UPDATES:
        record["touches"] = ["supply"]
        return
    record["descriptive"] = mapping_2.descriptive(node, defaults)
    record["collateral"] = mapping_2.collateral(node)
    record["publishing"] = mapping_2.publishing(node)
    record["related"] = mapping_2.related(node)
    record["touches"] = list(BLOCKS) if record["kind"] == "full" else _touched_by_2(record)


def _touched_by_2(record: Record) -> list[str]:
    """2.1 has no blocks, so a partial update (04) replaces what it says something about (AUDIOBOOKS 1.3)."""
    empty: dict[str, object] = {}
    touched = []
    for block in ("descriptive", "collateral", "publishing", "related", "supply"):
        part = record.get(block) or empty
        if isinstance(part, list) or any(part.values() if isinstance(part, dict) else ()):
            touched.append(block)
    for block in BLOCKS:
        if block not in touched:
            record[block] = None  # type: ignore[literal-required]  # every name in BLOCKS is a key of Record
    return touched


def findings_of(record: Record, lacks: list[str], position: int) -> list[Finding]:
    """Findings about what a record lacks (rule R1), and an update that is not applied (rule R7)."""
    source = record["source"]
    texts = {
        "RecordReference": (
            "R1",
            Severity.BLOCK,
            "The record has no RecordReference, so it can't be told from others.",
        ),
        "NotificationType": ("R1", Severity.BLOCK, "The record has no NotificationType; it was read as a full record."),
        "MarketRepresentation": ("R7", Severity.WARN, "A market representation update (13) is kept but not applied."),
    }
    fixes = {
        "RecordReference": "Sender: give every product a RecordReference that never changes.",
        "NotificationType": "Sender: state the NotificationType; 03 for a complete record.",
        "MarketRepresentation": "Sender: send the complete record (03), or supply and market together (14).",
    }
    return [
        Finding(
            rule=texts[what][0],
            severity=texts[what][1],
            position=position,
            record_reference=record["record_reference"] or None,
            path=f"Product/{what}",
            line=source["line"],
            byte_start=source["byte_start"],
            text=texts[what][2],
            fix=fixes[what],
        )
        for what in lacks
    ]
