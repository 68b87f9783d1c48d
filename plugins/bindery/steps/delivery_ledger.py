"""The ledger of deliveries: what was begun and what became of it, written down for the next plan.

A delivery that was begun and never settled is told by a mark in its folder, made before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from bindery.delivery.items import replacing
from bindery.delivery.recipient import Recipient
from bindery.home import Home
from bindery.steps.claims import AcknowledgedDelivery, MergeResult, Package, Plan, SentDelivery
from bindery.warehouse import Warehouse, open_writer, publish

_MARK: Final = "sending.json"


@dataclass(frozen=True)
class DeliveryReport:
    """A settled delivery. ``path`` is relative to the home; ``state`` is accepted, rejected or silent."""

    delivery_id: str
    recipient: str
    number: int
    partition_key: str | None
    path: str
    items: int
    withdrawals: int
    omitted: int
    bytes: int
    sha256: str
    state: str


def settle(outcome: SentDelivery | AcknowledgedDelivery | Plan, recipient: Recipient, *, home: Home) -> MergeResult:
    """Write down what became of a delivery, and publish it.

    Args:
        outcome: An answered delivery; a ``SentDelivery`` that was not answered by its deadline (silent: nothing of it
            counts as accepted); or a checked ``Plan`` with nothing to send, whose omissions alone are kept.
        recipient: Whose delivery.
        home: Where the warehouse is.

    Returns:
        The rows written; 0 where this delivery was settled before.
    """
    with open_writer(home) as warehouse:
        with warehouse.transaction():
            rows = _keep_omissions(warehouse, outcome, home) if isinstance(outcome, Plan) else 0
            if not isinstance(outcome, Plan):
                rows = _settle(warehouse, outcome, recipient, home)
        publish(home, warehouse)
    return MergeResult(step="settle", rows=rows)


def deliveries_of(warehouse: Warehouse, recipient: str) -> list[DeliveryReport]:
    """Settled deliveries of one recipient, or of all (empty text)."""
    return [DeliveryReport(**row) for row in warehouse.run("delivery/deliveries", recipient=recipient).to_pylist()]


def mark_begun(package: Package, home: Home) -> None:
    """Say that the sending of a package begins: from now on the recipient may hold it."""
    with replacing(home.root / package.plan.work / _MARK) as temporary:
        temporary.write_text(package.model_dump_json(), "utf-8")


def begun_deliveries(recipient: Recipient, home: Home, settled: Collection[str]) -> list[Package]:
    """Packages whose sending was begun and never settled, by number.

    Args:
        recipient: Whose.
        home: Where the deliveries are.
        settled: Ids of the deliveries that were.
    """
    marks = sorted(home.deliveries(recipient.name).glob(f"*/{_MARK}"))
    packages = [Package.model_validate_json(mark.read_bytes()) for mark in marks if mark.parent.name not in settled]
    return sorted(packages, key=lambda package: package.plan.number)


def read_items(plan: Plan, home: Home) -> pa.Table:
    """A plan's items, rows of ``ITEM_SCHEMA``."""
    return pq.read_table(home.root / plan.work / "items.parquet")


def _settle(
    warehouse: Warehouse, outcome: SentDelivery | AcknowledgedDelivery, recipient: Recipient, home: Home
) -> int:
    if isinstance(outcome, AcknowledgedDelivery):
        package, state, rejected = outcome.sent.package, outcome.status, sorted(set(outcome.rejected))
    else:
        package, state, rejected = outcome.package, "silent", []
    settled = {row.delivery_id for row in deliveries_of(warehouse, recipient.name)}
    if package.plan.delivery_id in settled:
        return 0
    rows = 0
    for earlier in begun_deliveries(recipient, home, settled):
        # Begun, then given up for a newer one: whether it arrived is not known.
        if earlier.plan.number < package.plan.number:
            rows += _write_items(warehouse, earlier.plan, home) + _write_delivery(warehouse, earlier, "silent")
    rows += _write_items(warehouse, package.plan, home)
    if state == "accepted":
        rows += _changed(
            warehouse.run("delivery/accept_items", delivery_id=package.plan.delivery_id, rejected=rejected)
        )
    rows += _keep_omissions(warehouse, package.plan, home)
    # The delivery's own row is last: on an engine without transactions it says that everything before it is done.
    return rows + _write_delivery(warehouse, package, state)


def _write_items(warehouse: Warehouse, plan: Plan, home: Home) -> int:
    warehouse.run("delivery/forget_delivery_items", delivery_id=plan.delivery_id)
    items = read_items(plan, home).select(["isbn13", "action", "item_hash"])
    for name, value in (("delivery_id", plan.delivery_id), ("recipient", plan.recipient)):
        items = items.append_column(name, pa.array([value] * items.num_rows, pa.string()))
    return warehouse.load("delivery_items", items)


def _write_delivery(warehouse: Warehouse, package: Package, state: str) -> int:
    row = {
        **package.plan.model_dump(
            include={"delivery_id", "recipient", "number", "partition_key", "items", "withdrawals", "omitted"}
        ),
        "path": package.folder,
        "bytes": package.bytes,
        "sha256": package.sha256,
        "state": state,
    }
    return warehouse.load("deliveries", pa.Table.from_pylist([row]))


def _keep_omissions(warehouse: Warehouse, plan: Plan, home: Home) -> int:
    omissions = pq.read_table(home.root / plan.work / "omissions.parquet", columns=["isbn13", "reason"])
    recipient = pa.array([plan.recipient] * omissions.num_rows, pa.string())
    warehouse.run("delivery/forget_omissions", recipient=plan.recipient)
    return warehouse.load("omissions", omissions.append_column("recipient", recipient))


def _changed(written: pa.Table) -> int:
    return int(written.column("rows")[0].as_py())
