"""A finding: one thing a rule says about a record or a message. The rooms meet in it.

What a rule means (severity, effect, fix) is stated once, in the rule registry under ``expectations/``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict


class Severity(StrEnum):
    """What a failed rule does.

    ``BLOCK`` quarantines the record (or refuses the message), ``HOLD_PART`` keeps back the part named by the rule's
    effect, ``WARN`` ships with loss, ``TIP`` is advice.
    """

    BLOCK = "block"
    HOLD_PART = "hold_part"
    WARN = "warn"
    TIP = "tip"


class Finding(TypedDict):
    """One thing a rule says.

    ``position`` is the record's place in its message, from 0; None where the finding is about the whole message.
    ``path`` is the element path in reference names, ``line`` counts from 1, ``byte_start`` is the offset in the
    archived bytes; each is None where there is no such place.
    """

    rule: str
    severity: Severity
    position: int | None
    record_reference: str | None
    path: str | None
    line: int | None
    byte_start: int | None
    text: str
    fix: str


def message_warning(rule: str, text: str, fix: str) -> Finding:
    """What a reader says of a message as a whole."""
    return Finding(
        rule=rule,
        severity=Severity.WARN,
        position=None,
        record_reference=None,
        path=None,
        line=None,
        byte_start=None,
        text=text,
        fix=fix,
    )
