"""What a recipient may not get: titles below its minimum (E1) and titles not yet announced (E2, AUDIOBOOKS 7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from bindery.delivery.items import Edition
from bindery.delivery.recipient import Recipient
from bindery.trade.dates import latest_day

_SPECIFICATION_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    # ONIX 3.0 makes ProductForm, a TitleDetail and an Imprint or Publisher mandatory in the blocks we write.
    "onix_3.0": (("title",), ("product_form",), ("publisher", "imprint")),
    "jsonl_parquet": (),
}

ANNOUNCEMENT_ROLES = frozenset({"09", "10"})
"""List 163: public and trade announcement. Before that day not even the metadata may be shown (AUDIOBOOKS 1.9)."""

Row = dict[str, Any]


def check_items(found: Iterable[Edition], recipient: Recipient, day: date) -> tuple[list[Row], list[Row]]:
    """Divide planned titles into those that go and those that are omitted.

    A title the recipient may hold is withdrawn instead of left as it is where leaving it would be wrong: it must not
    be shown, its countries changed, or what the recipient holds is not known (law 3). Withdrawals are never omitted.

    Args:
        found: Planned titles.
        recipient: For whom.
        day: The delivery's day.

    Returns:
        Items (rows of ``ITEM_SCHEMA``), withdrawals first, and omissions (rows of ``OMISSION_SCHEMA``).
    """
    going: list[Row] = []
    omitted: list[Row] = []
    for edition in found:
        item = dict(edition.item)
        if edition.withdrawn:
            going.append(item)
            continue
        embargoes = _embargoes(edition, day)
        reasons = [*_missing(edition, recipient), *embargoes]
        if not reasons:
            going.append(item)
            continue
        title = None if embargoes else edition.fact("title")
        omitted.extend({"isbn13": edition.isbn13, "title": title, "reason": reason} for reason in reasons)
        if item["may_hold"] and (embargoes or item["is_unanswered"] or _countries_changed(item)):
            going.append(_withdrawal(item, embargoed=bool(embargoes)))
    going.sort(key=lambda item: (item["action"] != "withdraw", item["isbn13"]))
    return going, omitted


def _missing(edition: Edition, recipient: Recipient) -> list[str]:
    needs: list[tuple[str, ...]] = [(name,) for name in recipient.requires]
    needs += [need for need in _SPECIFICATION_NEEDS[recipient.specification] if need not in needs]
    return [
        f"it states no {' or '.join(need)}" for need in needs if not any(_states(edition.fact(name)) for name in need)
    ]


def _states(value: object) -> bool:
    return value is not None and value not in ("", [], "unknown")


def _embargoes(edition: Edition, day: date) -> list[str]:
    publishing = edition.block("publishing")
    reasons = []
    for dated in publishing["dates"] if publishing else ():
        if dated["role"] not in ANNOUNCEMENT_ROLES:
            continue
        if dated["date"] is None:
            reasons.append(f"its announcement date {dated['raw']!r} cannot be read")
        elif latest_day(dated["date"], dated["precision"]) > day:
            reasons.append(f"it is not announced before {latest_day(dated['date'], dated['precision'])}")
    return reasons


def _countries_changed(item: Row) -> bool:
    # The planned item's hash ends in its territory set (include/sql/delivery/plan_items.sql).
    return not str(item["accepted_hash"]).endswith(f".{item['territory_set_id']}")


def _withdrawal(item: Row, *, embargoed: bool) -> Row:
    basis = f"withdraw|{item['isbn13']}|{item['accepted_hash'] or ''}"
    return {
        **item,
        "action": "withdraw",
        "item_hash": hashlib.sha256(basis.encode()).hexdigest(),
        "countries": [],
        # Its metadata must not be shown again, so it is taken down like a record that is gone.
        "edition_state": "deleted" if embargoed else item["edition_state"],
    }
