"""ONIX for Books 3.0, reference tags: one Product an edition, and the message around them (AUDIOBOOKS 1.2, 1.3).

A withdrawal is a full record (notification 03) whose status, rights and availability say that the title may not be
sold: ``PublishingStatus`` 11 and ``ProductAvailability`` 46, or the takedown codes the supplier stated itself. List 1
code 05 means that the *record* was issued in error, so it is used only where the edition itself is gone (deleted by
its supplier, or no longer to be shown).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from lxml import etree

from bindery.delivery.items import Edition, replacing
from bindery.delivery.onix_collateral import add_collateral, add_content, add_related
from bindery.delivery.onix_descriptive import add_descriptive
from bindery.delivery.onix_parts import add
from bindery.delivery.onix_supply import add_publishing, add_supplies
from bindery.delivery.recipient import Recipient

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE: Final = "http://ns.editeur.org/onix/3.0/reference"
_BEGIN: Final = f'<?xml version="1.0" encoding="UTF-8"?>\n<ONIXMessage release="3.0" xmlns="{NAMESPACE}">\n'.encode()
_END: Final = b"</ONIXMessage>\n"


def record_reference(isbn13: str) -> str:
    """Our permanent reference of an edition's record; never the bare ISBN (AUDIOBOOKS 1.3)."""
    return f"bindery.edition.{isbn13}"


def product(edition: Edition, recipient: Recipient, day: date) -> _Element:
    """One Product record.

    Args:
        edition: What to send.
        recipient: For whom; its model decides prices and restrictions.
        day: The delivery's day; resources that come out later are left out.

    Returns:
        The element, without a namespace: the message declares it once.
    """
    record = etree.Element("Product")
    gone = is_deletion(edition)
    add(record, "RecordReference", record_reference(edition.isbn13))
    add(record, "NotificationType", "05" if gone else "03")
    if gone:
        add(record, "DeletionText", "The record is no longer in our catalogue.")
    add(record, "RecordSourceType", "04")
    add(record, "RecordSourceName", recipient.sender_name)
    for code in ("03", "15"):
        identifier = add(record, "ProductIdentifier")
        add(identifier, "ProductIDType", code)
        add(identifier, "IDValue", edition.isbn13)
    if gone:
        return record
    add_descriptive(record, edition)
    add_collateral(record, edition.block("collateral"), day)
    add_content(record, edition.block("content"))
    add_publishing(record, edition, recipient)
    add_related(record, edition.block("related"))
    add_supplies(record, edition, recipient)
    return record


def is_deletion(edition: Edition) -> bool:
    """Whether the record itself goes (List 1 code 05) and not only the title's availability."""
    gone = edition.item["edition_state"] in (None, "deleted") or edition.block("descriptive") is None
    return edition.withdrawn and gone


def write_shard(path: Path, editions: Iterable[Edition], recipient: Recipient, day: date) -> None:
    """Write the Products of some editions, one after the other, without the message around them."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        for edition in editions:
            file.write(etree.tostring(product(edition, recipient, day), encoding="UTF-8"))
            file.write(b"\n")


def header(recipient: Recipient, number: int, day: date) -> bytes:
    """The message's Header.

    ``SentDateTime`` is the delivery's day, so that the same delivery has the same bytes whenever it is made; two
    deliveries of one day are told apart by ``MessageNumber`` (AUDIOBOOKS 1.2).
    """
    element = etree.Element("Header")
    add(add(element, "Sender"), "SenderName", recipient.sender_name)
    add(add(element, "Addressee"), "AddresseeName", recipient.title)
    add(element, "MessageNumber", number)
    add(element, "SentDateTime", f"{day:%Y%m%d}")
    return etree.tostring(element, encoding="UTF-8") + b"\n"


def write_message(file: IO[bytes], recipient: Recipient, number: int, day: date, shards: Iterable[Path]) -> None:
    """Join shards to one message."""
    file.write(_BEGIN)
    file.write(header(recipient, number, day))
    for shard in shards:
        with shard.open("rb") as source:
            while chunk := source.read(1 << 20):
                file.write(chunk)
    file.write(_END)
