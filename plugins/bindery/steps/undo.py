"""Undo and redo: take a message out of what the catalogue is made of, or let it count again (RFC 0005).

Nothing is restored from a copy: the same fold runs over the messages that are left. The next merge does it.
"""

from __future__ import annotations

from typing import Literal

from bindery.claims import StagedMessage
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.warehouse import open_writer


def undo(supplier: str, message_id: str, *, owner: str, reason: str, home: Home) -> StagedMessage:
    """Let a message count no longer; later ones keep counting. To undo it twice does nothing more.

    The same bytes sent again stay undone, until a person says ``redo``.

    Args:
        supplier: Who sent it.
        message_id: SHA-256 of its bytes.
        owner: Who decided it.
        reason: Why.
        home: Where the warehouse is.

    Raises:
        ConfigurationError: There is no such message, or it doesn't count: it is held, or was refused.
    """
    return _change(
        supplier,
        message_id,
        ("staged", "merged"),
        "undone",
        home=home,
        statements=("undo_records", "undo_message"),
        reason=f"{owner}: {reason}",
    )


def redo(supplier: str, message_id: str, *, home: Home) -> StagedMessage:
    """Let a message count again that was undone; the next merge takes it. Otherwise it does nothing.

    Args:
        supplier: Who sent it.
        message_id: SHA-256 of its bytes.
        home: Where the warehouse is.

    Raises:
        ConfigurationError: There is no such message, or it was never undone and doesn't count.
    """
    return _change(
        supplier, message_id, ("undone",), "staged", home=home, statements=("redo_records", "redo_message"), reason=None
    )


def _change(
    supplier: str,
    message_id: str,
    expected: tuple[str, ...],
    becomes: Literal["undone", "staged"],
    *,
    home: Home,
    statements: tuple[str, str],
    reason: str | None,
) -> StagedMessage:
    named = {"supplier": supplier, "message_id": message_id}
    with open_writer(home) as warehouse, warehouse.transaction():
        found = warehouse.run("catalogue/find_message", **named).to_pylist()
        state = found[0]["state"] if found else "unknown"
        done = ("undone",) if becomes == "undone" else ("staged", "merged")
        if state not in (*expected, *done):
            raise ConfigurationError(
                f"message {message_id} of {supplier} is {state}, so there is nothing to {_VERB[becomes]}",
                fix="Name a message that is staged or merged, or one that was undone; bindery status lists them.",
            )
        if state in expected:
            records, message = statements
            warehouse.run("catalogue/queue_message", **named, cause=_VERB[becomes])
            warehouse.run("catalogue/touch_message", **named)
            warehouse.run(f"catalogue/{records}", **named)
            # The message goes last: an engine without transactions runs all of it again.
            warehouse.run(f"catalogue/{message}", **named, **({} if reason is None else {"reason": reason}))
    return StagedMessage(**named, state=becomes, received=found[0]["received"])


_VERB = {"undone": "undo", "staged": "redo"}
