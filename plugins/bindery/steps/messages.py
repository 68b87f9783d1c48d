"""Messages as people name them: by id, by the beginning of one, or by the name of the file."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, NamedTuple

from bindery.errors import ConfigurationError
from bindery.warehouse.engine import Warehouse

_ID: Final = re.compile(r"[0-9a-f]{6,64}")
_SHOWN: Final = 10


class NamedMessage(NamedTuple):
    """A message that a person named. ``reason`` says why it is held, refused or undone."""

    supplier: str
    message_id: str
    feed: str
    feed_day: date
    name: str
    state: str
    reason: str | None
    received: int


def message_named(warehouse: Warehouse, message: str, *, supplier: str | None = None) -> NamedMessage:
    """The one message that is meant.

    Args:
        warehouse: An open warehouse.
        message: SHA-256 of its bytes in hex, at least the first 6 digits; or the name under which it arrived.
        supplier: Who sent it, where the name isn't enough.

    Raises:
        ConfigurationError: There is none, or more than one; the error lists them.
    """
    lowered = message.lower()
    beginning = lowered if _ID.fullmatch(lowered) else None
    rows = warehouse.run("catalogue/messages_named", name=message, beginning=beginning, supplier=supplier).to_pylist()
    found = [NamedMessage(**row) for row in rows]
    if not found:
        of = f" of {supplier}" if supplier else ""
        raise ConfigurationError(
            f"there is no message {message!r}{of}",
            fix="Give its SHA-256, the first 6 digits of it or more, or its name as it arrived; "
            "bindery status lists what is kept back, bindery title what set a value.",
        )
    if len(found) > 1:
        listed = "; ".join(
            f"{one.message_id[:12]} {one.name} of {one.supplier}, {one.feed_day}" for one in found[:_SHOWN]
        )
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise ConfigurationError(
            f"{message!r} may be {len(found)} messages: {listed}{more}",
            fix="Give more digits of the id of the one that is meant, or --supplier.",
        )
    return found[0]
