"""The files of a delivery: one folder, with a manifest that is written last."""

from __future__ import annotations

import csv
import gzip
import hashlib
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

import orjson
from lxml import etree

from bindery.delivery import render_jsonl, render_onix
from bindery.delivery.items import replacing
from bindery.delivery.onix_collateral import RESTRICTED_AUDIENCES
from bindery.delivery.prices import CONSUMER_PRICE_TYPES
from bindery.delivery.recipient import Recipient
from bindery.errors import LawBrokenError

SPECIFICATION_VERSIONS: Final = {"onix_3.0": "1", "jsonl_parquet": "1"}
"""Raised when the same edition is rendered differently: then every title is sent again (law 7)."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_TAG: Final = f"{{{render_onix.NAMESPACE}}}"


def pack_content(
    folder: Path, delivery_id: str, recipient: Recipient, shards: Sequence[Path], *, number: int, day: date
) -> list[str]:
    """Join rendered shards to the recipient's files.

    Args:
        folder: Where to.
        delivery_id: The files' name.
        recipient: Whose specification they follow.
        shards: Rendered shards, in order.
        number: The delivery's number.
        day: The delivery's day.

    Returns:
        Names of the files, in the order they are sent.
    """
    if recipient.specification == "onix_3.0":
        name = f"{delivery_id}.xml"
        with replacing(folder / name) as temporary, temporary.open("wb") as file:
            render_onix.write_message(file, recipient, number, day, shards)
        return [name]
    lines = f"{delivery_id}.jsonl.gz"
    with (
        replacing(folder / lines) as temporary,
        temporary.open("wb") as file,
        # No name and no time in the header: the same rows are the same bytes.
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed,
    ):
        for shard in shards:
            with shard.open("rb") as source:
                shutil.copyfileobj(source, packed)
    render_jsonl.write_parquet(folder / f"{delivery_id}.parquet", shards)
    return [lines, f"{delivery_id}.parquet"]


def check_content(folder: Path, delivery_id: str, recipient: Recipient, items: Iterable[tuple[str, str]]) -> None:
    """Read the packed file back and hold it against the plan (E3), and against what may not leave (E2).

    Args:
        folder: Where the files are.
        delivery_id: Their name.
        recipient: Whose specification they follow.
        items: ISBN and action of every planned item, in order.

    Raises:
        LawBrokenError: A title is missing, too many, or twice, or something restricted is in it.
    """
    planned = list(items)
    if recipient.specification == "onix_3.0":
        found = _titles_in_message(folder / f"{delivery_id}.xml")
        expected = [render_onix.record_reference(isbn13) for isbn13, _ in planned]
    else:
        with gzip.open(folder / f"{delivery_id}.jsonl.gz", "rb") as lines:
            rows = [orjson.loads(line) for line in lines]
        found = [f"{row['isbn13']} {row['action']}" for row in rows]
        expected = [f"{isbn13} {action}" for isbn13, action in planned]
    if found != expected:
        raise LawBrokenError(
            f"delivery {delivery_id} carries {len(found)} titles, its plan {len(expected)}, or not the same ones",
            fix="Nothing was sent. Run the delivery again from its plan; if it fails again, report it as a bug.",
            law=2,
        )


def _titles_in_message(path: Path) -> list[str]:
    found = []
    for _, element in etree.iterparse(path, tag=f"{_TAG}Product", resolve_entities=False, no_network=True):
        reference = element.findtext(f"{_TAG}RecordReference") or ""
        _refuse_restricted(element, reference, path)
        found.append(reference)
        element.clear()
        while (earlier := element.getprevious()) is not None and earlier.tag == element.tag:
            cast("Any", element.getparent()).remove(earlier)
    return found


def _refuse_restricted(element: Any, reference: str, path: Path) -> None:
    net = [price.text for price in element.iter(f"{_TAG}PriceType") if price.text not in CONSUMER_PRICE_TYPES]
    closed = [one.text for one in element.iter(f"{_TAG}ContentAudience") if one.text in RESTRICTED_AUDIENCES]
    if net or closed:
        raise LawBrokenError(
            f"{reference} in {path.name} carries price types {net} and text audiences {closed} not for recipients (E2)",
            fix="Nothing was sent. This is a bug of the renderer: report it with the delivery's id.",
            law=3,
        )


def write_omissions(path: Path, omissions: Iterable[dict[str, str | None]]) -> None:
    """Write ``omissions.csv``: titles left out of this delivery, with the reason, for a person with a spreadsheet."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["isbn13", "title", "reason"])
        for row in omissions:
            writer.writerow([_harmless(row[column]) for column in ("isbn13", "title", "reason")])


def _harmless(value: str | None) -> str:
    # A cell that begins like a formula is run by spreadsheets; an apostrophe makes it text.
    text = value or ""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def write_manifest(path: Path, stated: dict[str, Any], files: Sequence[str]) -> None:
    """Write ``manifest.json`` beside the files: what is stated, then each file with its size and SHA-256."""
    listed = [
        {"name": name, "size": (path.parent / name).stat().st_size, "sha256": file_hash(path.parent / name)}
        for name in files
    ]
    with replacing(path) as temporary:
        temporary.write_bytes(orjson.dumps({**stated, "files": listed}, option=orjson.OPT_INDENT_2) + b"\n")


def file_hash(path: Path) -> str:
    """A file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_together(folder: Path, files: Iterable[str]) -> str:
    """One SHA-256 for some files: that of the lines ``<sha256>  <name>`` that ``sha256sum`` prints for them."""
    lines = "".join(f"{file_hash(folder / name)}  {name}\n" for name in files)
    return hashlib.sha256(lines.encode()).hexdigest()
