"""Reads messages written in tests."""

from __future__ import annotations

import re
from pathlib import Path

from bindery.onix.names import short_tags
from bindery.onix.read import OnixMessage, read_onix
from bindery.reading import ParsedRecord

MESSAGES = Path(__file__).parent / "messages"


def read_all(path: Path) -> tuple[OnixMessage, list[ParsedRecord]]:
    """The message, closed, and all its records."""
    with read_onix(path) as message:
        return message, list(message.records())


def read_bytes(folder: Path, data: bytes) -> tuple[OnixMessage, list[ParsedRecord]]:
    """The same, of bytes."""
    path = folder / "message.xml"
    path.write_bytes(data)
    return read_all(path)


def shortened(xml: str) -> str:
    """The short twin of a message in reference tags."""
    short = {reference: tag for tag, reference in short_tags().items()}
    xml = xml.replace("/reference", "/short")
    return re.sub(r"(</?)([A-Z]\w*)", lambda tag: tag[1] + short.get(tag[2], tag[2]), xml)


def product(reference: str, inside: str = "") -> str:
    """A small product."""
    return (
        f"<Product><RecordReference>{reference}</RecordReference><NotificationType>03</NotificationType>"
        f"<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9783161484100</IDValue></ProductIdentifier>"
        f"<DescriptiveDetail><ProductForm>AJ</ProductForm>{inside}</DescriptiveDetail></Product>"
    )


def message(*products: str, head: str = "", root: str = 'ONIXMessage release="3.0"') -> str:
    """A message of products."""
    header = "<Header><Sender><SenderName>S</SenderName></Sender><SentDateTime>20260301</SentDateTime></Header>"
    return f"{head}<{root}>\n{header}\n" + "\n".join(products) + f"\n</{root.split(maxsplit=1)[0]}>\n"
