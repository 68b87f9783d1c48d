"""Deliver: plan, check, render, package, send, read the acknowledgement, settle.

The order of the steps is the order of their claim checks. A plan is the difference between what the recipient should
have and what it took (law 7), so a delivery that is lost, refused or cut off is made good by the next one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bindery.claims import AcknowledgedDelivery, Package, Plan, SentDelivery
from bindery.delivery import packing, render_jsonl, render_onix
from bindery.delivery.check import check_items
from bindery.delivery.destinations import Destination, open_destination
from bindery.delivery.items import (
    ITEM_SCHEMA,
    OMISSION_SCHEMA,
    Edition,
    editions,
    replacing,
    version_hashes,
    write_rows,
)
from bindery.delivery.receipts import read_receipt
from bindery.delivery.recipient import FolderDestination, Recipient
from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError, LawBrokenError
from bindery.home import Home
from bindery.steps.delivery_ledger import (
    DeliveryReport,
    begun_deliveries,
    deliveries_of,
    mark_begun,
    read_items,
    settle,
)
from bindery.warehouse import Warehouse, open_snapshot

__all__ = [
    "acknowledgement",
    "check",
    "deliveries",
    "package",
    "plan",
    "render",
    "send",
    "settle",
    "shards",
]

SHARD_ITEMS: Final = 2_000
"""Titles rendered by one task. At 11 KB each their blocks stay well under 100 MB."""

_NO_DAY: Final = date(1970, 1, 1)


def plan(recipient: Recipient, partition_key: str | None, *, home: Home, full: bool = False) -> Plan:
    """Work out what the recipient should have and does not have.

    Args:
        recipient: For whom.
        partition_key: The day (ISO 8601) the delivery is made for; None means the newest feed day in the catalogue.
        home: Where the catalogue is.
        full: Send everything the recipient should have, taken or not.

    Returns:
        The plan. The same catalogue, accepted items and day give the same plan. ``items`` may be 0: then there is
        nothing to send.
    """
    with open_snapshot(home) as warehouse:
        settled = deliveries_of(warehouse, recipient.name)
        begun = begun_deliveries(recipient, home, {row.delivery_id for row in settled})
        number = 1 + max((row.number for row in settled), default=0)
        day = _day(partition_key, warehouse)
        # An earlier try of this very plan is found again; what was begun before it stays in doubt.
        for count in range(len(begun) + 1):
            rows = _planned(
                warehouse, recipient, day, [read_items(package.plan, home) for package in begun[:count]], full=full
            )
            delivery_id = _delivery_id(recipient, number + count, day, rows)
            if count < len(begun) and begun[count].plan.delivery_id == delivery_id:
                break
    work = home.deliveries(recipient.name) / delivery_id
    write_rows(work / "planned.parquet", rows)
    write_rows(work / "items.parquet", rows)
    write_rows(work / "omissions.parquet", OMISSION_SCHEMA.empty_table())
    with replacing(work / "day.json") as temporary:
        temporary.write_bytes(orjson.dumps({"day": day}))
    return Plan(
        recipient=recipient.name,
        delivery_id=delivery_id,
        number=number + count,
        partition_key=partition_key,
        work=work.relative_to(home.root).as_posix(),
        items=rows.num_rows,
        withdrawals=_withdrawals(rows),
        omitted=0,
    )


def check(plan: Plan, recipient: Recipient, *, home: Home) -> Plan:
    """Leave out titles the recipient may not get, each with its reason, for this recipient only (E1, E2).

    Args:
        plan: What is planned.
        recipient: Whose minimum counts.
        home: Where the delivery's folder is.

    Returns:
        The plan with what is left; ``omitted`` counts titles.
    """
    work, day = home.root / plan.work, _read_day(plan, home)
    planned = pq.read_table(work / "planned.parquet")
    going: list[Mapping[str, Any]] = []
    omissions: list[dict[str, Any]] = []
    with open_snapshot(home) as warehouse:
        for start in range(0, planned.num_rows, SHARD_ITEMS):
            found = _editions(warehouse, planned.slice(start, SHARD_ITEMS))
            checked, left_out = check_items(found, recipient, day)
            going += checked
            omissions += left_out
    going.sort(key=lambda item: (item["action"] != "withdraw", item["isbn13"]))
    rows = pa.Table.from_pylist(list(going), schema=ITEM_SCHEMA)
    write_rows(work / "items.parquet", rows)
    write_rows(work / "omissions.parquet", pa.Table.from_pylist(omissions, schema=OMISSION_SCHEMA))
    return plan.model_copy(
        update={
            "items": rows.num_rows,
            "withdrawals": _withdrawals(rows),
            "omitted": len({row["isbn13"] for row in omissions}),
        }
    )


def shards(plan: Plan) -> list[int]:
    """The numbers of a plan's shards, from 0, each of at most ``SHARD_ITEMS`` titles."""
    return list(range(-(-plan.items // SHARD_ITEMS)))


def render(plan: Plan, recipient: Recipient, shard: int, *, home: Home) -> str:
    """Write one shard of a delivery in the recipient's specification.

    Args:
        plan: A checked plan.
        recipient: For whom.
        shard: One of ``shards(plan)``.
        home: Where the delivery's folder is.

    Returns:
        The shard's file, relative to the home.
    """
    work, day = home.root / plan.work, _read_day(plan, home)
    items = read_items(plan, home).slice(shard * SHARD_ITEMS, SHARD_ITEMS)
    onix = recipient.specification == "onix_3.0"
    path = work / "shards" / f"{shard:05}.{'xml' if onix else 'jsonl'}"
    with open_snapshot(home) as warehouse:
        found = _editions(warehouse, items)
    if onix:
        render_onix.write_shard(path, found, recipient, day)
    else:
        render_jsonl.write_shard(path, found, recipient)
    return path.relative_to(home.root).as_posix()


def package(plan: Plan, recipient: Recipient, rendered: Sequence[str], *, home: Home) -> Package:
    """Join the shards to the files that are sent. The same plan gives the same bytes.

    Args:
        plan: A checked plan.
        recipient: For whom.
        rendered: The shards' files, as ``render`` returned them, in any order.
        home: Where the delivery's folder is.

    Raises:
        LawBrokenError: The files do not carry what is planned (E3), or something restricted (E2).
    """
    items = read_items(plan, home)
    if items.num_rows != plan.items or len(rendered) != len(shards(plan)) or not plan.items:
        raise LawBrokenError(
            f"delivery {plan.delivery_id} has {plan.items} items in {len(shards(plan))} shards by its plan, "
            f"{items.num_rows} items in {len(rendered)} shards by its folder",
            fix="Nothing was sent. Run the delivery again from its plan; an empty plan is not packed.",
            law=2,
        )
    folder = home.root / plan.work / "package"
    day = _read_day(plan, home)
    paths = [home.root / name for name in sorted(rendered)]
    files = packing.pack_content(folder, plan.delivery_id, recipient, paths, number=plan.number, day=day)
    actions = zip(items.column("isbn13").to_pylist(), items.column("action").to_pylist(), strict=True)
    packing.check_content(folder, plan.delivery_id, recipient, actions)
    omissions = pq.read_table(home.root / plan.work / "omissions.parquet").to_pylist()
    packing.write_omissions(folder / "omissions.csv", omissions)
    files.append("omissions.csv")
    stated = {
        "delivery_id": plan.delivery_id,
        "recipient": recipient.name,
        "number": plan.number,
        "day": day.isoformat(),
        "specification": recipient.specification,
        "items": plan.items,
        "withdrawals": plan.withdrawals,
        "omitted": plan.omitted,
    }
    packing.write_manifest(folder / "manifest.json", stated, files)
    files.append("manifest.json")
    return Package(
        plan=plan,
        folder=folder.relative_to(home.root).as_posix(),
        files=tuple(files),
        items=plan.items,
        bytes=sum((folder / name).stat().st_size for name in files),
        sha256=packing.hash_together(folder, files),
    )


def send(package: Package, recipient: Recipient, *, home: Home, endpoint: Endpoint | None = None) -> SentDelivery:
    """Put a package at the recipient's, under ``<destination>/<delivery_id>/``, the manifest last.

    A file that lies there with its size is not sent again, so the step can be killed and repeated.

    Args:
        package: What to send.
        recipient: To whom.
        home: Where the package is.
        endpoint: The SFTP server; not needed for a folder.

    Raises:
        ConfigurationError: The endpoint is missing or refuses us.
        UnreachableError: The destination does not answer.
    """
    delivery_id, folder = package.plan.delivery_id, home.root / package.folder
    mark_begun(package, home)
    with open_destination(recipient, home.root, endpoint) as destination:
        for name in package.files:
            there = f"{delivery_id}/{name}"
            if destination.size(there) != (folder / name).stat().st_size:
                destination.put(folder / name, there)
        where = f"{destination.label}/{delivery_id}"
    if isinstance(recipient.destination, FolderDestination):
        where = f"{recipient.destination.path}/{delivery_id}"
    return SentDelivery(package=package, destination=where)


def acknowledgement(
    sent: SentDelivery, recipient: Recipient, *, home: Home, endpoint: Endpoint | None = None
) -> AcknowledgedDelivery | None:
    """Ask once what the recipient says of a delivery.

    Args:
        sent: What was sent.
        recipient: Who answers, and how (``Recipient.acknowledgement``).
        home: Where the package is.
        endpoint: The SFTP server; not needed for a folder.

    Returns:
        The answer; None where there is none yet.

    Raises:
        RefusedError: The receipt cannot be used.
        UnreachableError: The destination does not answer.
    """
    package = sent.package
    delivery_id, folder = package.plan.delivery_id, home.root / package.folder
    with open_destination(recipient, home.root, endpoint) as destination:
        if recipient.acknowledgement.kind == "on_arrival":
            sizes = {name: destination.size(f"{delivery_id}/{name}") for name in package.files}
            arrived = all(size == (folder / name).stat().st_size for name, size in sizes.items())
            return AcknowledgedDelivery(sent=sent, status="accepted") if arrived else None
        data = _receipt(destination, delivery_id)
    if data is None:
        return None
    isbns = frozenset(read_items(package.plan, home).column("isbn13").to_pylist())
    answer = read_receipt(data, delivery_id, isbns)
    return AcknowledgedDelivery(sent=sent, status=answer.status, rejected=answer.rejected)


def deliveries(home: Home) -> list[DeliveryReport]:
    """Every settled delivery in the published catalogue, by recipient and number."""
    with open_snapshot(home) as warehouse:
        return deliveries_of(warehouse, "")


def _planned(
    warehouse: Warehouse, recipient: Recipient, day: date, in_doubt: Sequence[pa.Table], *, full: bool
) -> pa.Table:
    sent = [
        (row["isbn13"], row["action"]) for table in in_doubt for row in table.select(["isbn13", "action"]).to_pylist()
    ]
    rows = warehouse.run(
        "delivery/plan_items",
        recipient=recipient.name,
        model=recipient.model,
        countries=list(recipient.countries),
        everywhere=not recipient.countries,
        specification=_specification(recipient),
        unsettled_upserts=sorted({isbn13 for isbn13, action in sent if action == "upsert"}),
        unsettled_withdrawals=sorted({isbn13 for isbn13, action in sent if action == "withdraw"}),
        full=full,
        day=day,
    )
    sold = {
        row["territory_set_id"]: set(row["countries"] or ()) & set(recipient.countries or row["countries"] or ())
        for row in warehouse.run("delivery/territory_sets").to_pylist()
    }
    # What is left of a title of which a window is over may be several sets.
    named = [(keys or "").split() for keys in rows.column("territory_set_id").to_pylist()]
    countries = [sorted(set().union(*(sold.get(key, ()) for key in keys))) for keys in named]
    return rows.append_column("countries", pa.array(countries, pa.list_(pa.string()))).cast(ITEM_SCHEMA)


def _specification(recipient: Recipient) -> str:
    """All of a declaration that changes how a title is rendered; part of each item's hash."""
    version = packing.SPECIFICATION_VERSIONS[recipient.specification]
    countries = " ".join(sorted(recipient.countries))
    return f"{recipient.specification}|{version}|{recipient.model}|{countries}|{recipient.sender_name}"


def _delivery_id(recipient: Recipient, number: int, day: date, rows: pa.Table) -> str:
    digest = hashlib.sha256(day.isoformat().encode())
    for isbn13, item_hash in zip(rows.column("isbn13").to_pylist(), rows.column("item_hash").to_pylist(), strict=True):
        digest.update(f"|{isbn13}|{item_hash}".encode())
    return f"{recipient.name}-{number:05}-{digest.hexdigest()[:12]}"


def _day(partition_key: str | None, warehouse: Warehouse) -> date:
    if partition_key is not None:
        try:
            return date.fromisoformat(partition_key[:10])
        except ValueError as error:
            raise ConfigurationError(
                f"{partition_key!r} is not a day to deliver for", fix="Give a day as 2026-03-01."
            ) from error
    newest = warehouse.run("delivery/catalogue_day").column("catalogue_day").to_pylist()
    return newest[0] if newest and newest[0] else _NO_DAY


def _read_day(plan: Plan, home: Home) -> date:
    return date.fromisoformat(orjson.loads((home.root / plan.work / "day.json").read_bytes())["day"])


def _withdrawals(rows: pa.Table) -> int:
    return int(pc.sum(pc.equal(rows.column("action"), "withdraw")).as_py() or 0)


def _editions(warehouse: Warehouse, items: pa.Table) -> Iterator[Edition]:
    rows = items.to_pylist()
    versions = warehouse.run("delivery/versions", hashes=version_hashes(rows))
    return editions(rows, versions)


def _receipt(destination: Destination, delivery_id: str) -> bytes | None:
    inside = destination.read(f"{delivery_id}/{delivery_id}.ack.json")
    return destination.read(f"{delivery_id}.ack.json") if inside is None else inside
