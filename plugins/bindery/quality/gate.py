"""The feed's gate: limits beyond which a message is held for a person (AUDIOBOOKS section 7, F rules)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Counts:
    """What the gate weighs of a message.

    Attributes:
        received: Records in the message.
        in_scope: Of these, the ones that are not out of scope; unreadable ones are among them.
        quarantined: Of those in scope.
        withdrawals: Records in scope that carry a withdrawal, quarantined ones among them.
        no_product: The message says that nothing changed.
        listed: Live records that the feed listed before, where a full message that leaves them out withdraws them.
        missing: Of these, the ones it leaves out.
    """

    scope: Literal["full", "delta"]
    received: int
    in_scope: int
    quarantined: int
    withdrawals: int
    no_product: bool
    listed: int = 0
    missing: int = 0


@dataclass(frozen=True)
class LastFull:
    """The feed's last full message that was let through."""

    name: str
    received: int


@dataclass(frozen=True)
class Limits:
    """The feed's limits, shares from 0 to 1. See ``feeds.declaration.Gate``."""

    max_blocked_share: float
    min_full_share: float
    max_withdrawn_share: float
    min_records: int


def reasons(counts: Counts, limits: Limits, last_full: LastFull | None) -> tuple[str, ...]:
    """Why a message is held, in words with the numbers; nothing where it may go on.

    A share of a few records says little, so small messages are not judged by share. A full message is compared by the
    size of the last one: a small full after a large one is what a broken export looks like.

    Args:
        counts: Of the message.
        limits: Of its feed.
        last_full: What a full message is compared with; None where there is none.
    """
    found = []
    if counts.scope == "full" and not counts.no_product:
        found += _full(counts.received, limits, last_full)
    if counts.in_scope >= limits.min_records:
        if counts.quarantined > limits.max_blocked_share * counts.in_scope:
            found.append(
                f"F14: {_of(counts.quarantined, counts.in_scope)} are quarantined;"
                f" the feed allows {limits.max_blocked_share:.0%}."
            )
        if counts.withdrawals > limits.max_withdrawn_share * counts.in_scope:
            found.append(
                f"F10: {_of(counts.withdrawals, counts.in_scope)} carry a withdrawal;"
                f" the feed allows {limits.max_withdrawn_share:.0%}."
            )
    if counts.listed >= limits.min_records and counts.missing > limits.max_withdrawn_share * counts.listed:
        found.append(
            f"F10: {_of(counts.missing, counts.listed)} that the feed listed before are missing;"
            f" the feed allows {limits.max_withdrawn_share:.0%}."
        )
    return tuple(found)


def _full(received: int, limits: Limits, last: LastFull | None) -> list[str]:
    if received == 0:
        return ["F9: The full message is empty."]
    if last is None or last.received < limits.min_records or received >= limits.min_full_share * last.received:
        return []
    text = (
        f"F9: The full message has {received:,} records, the last one ({last.name}) had {last.received:,}:"
        f" {received / last.received:.1%} of it; the feed asks for at least {limits.min_full_share:.0%}."
    )
    return [text]


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} records ({part / whole:.1%})"
