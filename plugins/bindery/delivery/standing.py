"""Whether a recipient has a title that is offered, and if not, what stands between (FEATURES R5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from bindery.delivery.recipient import Recipient

Row = Mapping[str, Any]

Code = Literal[
    "recipient_country", "recipient_model", "recipient_omits", "not_delivered", "unanswered", "recipient_rejected"
]


@dataclass(frozen=True)
class Obstacle:
    """What keeps a title from a recipient.

    Attributes:
        code: What kind it is.
        text: In words.
        action: What to do, as an order.
        whose: Whose it is to do; ``you`` who ask.
    """

    code: Code
    text: str
    action: str
    whose: Literal["supplier", "recipient", "nobody", "you"]


@dataclass(frozen=True)
class Standing:
    """How a title stands with a recipient.

    Attributes:
        obstacles: What keeps it away, what never changes by itself first.
        taken_with: The delivery with which the recipient took it last; None where it holds none.
        taken_for: The day that delivery was made for, ISO 8601.
    """

    obstacles: tuple[Obstacle, ...]
    taken_with: str | None
    taken_for: str | None


def standing(
    recipient: Recipient,
    country: str,
    model: str,
    *,
    sent: Sequence[Row],
    omitted: Sequence[str],
    begun: Sequence[str],
) -> Standing:
    """How a title stands with a recipient.

    Args:
        recipient: Who.
        country: ISO 3166-1 alpha-2.
        model: How it is asked for.
        sent: Its settled deliveries, rows of ``delivery/sent_of`` by number.
        omitted: Why the newest delivery left it out.
        begun: Ids of deliveries that hold it, were begun and are not settled yet.
    """
    found: list[Obstacle] = []
    if recipient.countries and country not in recipient.countries:
        found.append(
            Obstacle(
                "recipient_country",
                f"{recipient.name} does not sell in {country}: it takes {' '.join(recipient.countries)}",
                f"Add {country} to the countries of {recipient.name}.yaml, if it sells there.",
                "recipient",
            )
        )
    if model != recipient.model:
        found.append(
            Obstacle(
                "recipient_model",
                f"{recipient.name} takes {recipient.model}, not {model}",
                f"Ask with --model {recipient.model}.",
                "you",
            )
        )
    taken = next((row for row in reversed(sent) if row["delivery_id"] == row["accepted_delivery"]), None)
    holds = taken is not None and taken["action"] == "upsert"
    found += [
        Obstacle("recipient_omits", f"{recipient.name} did not get it: {reason}", _mend(reason), "supplier")
        for reason in omitted
    ]
    if not found and not holds:
        found.append(_on_the_way(recipient, sent, begun))
    if not holds or taken is None:
        return Standing(tuple(found), None, None)
    return Standing(tuple(found), taken["delivery_id"], taken["partition_key"])


_STATES: Final = "it states no "


def _mend(reason: str) -> str:
    if reason.startswith(_STATES):
        return f"State {reason.removeprefix(_STATES)}."
    return "State it as List 55 says." if "cannot be read" in reason else "Wait for the announcement date."


def _on_the_way(recipient: Recipient, sent: Sequence[Row], begun: Sequence[str]) -> Obstacle:
    """Why a title that nothing keeps away is not there yet."""
    name = recipient.name
    newest = sent[-1] if sent else None
    if begun or (newest is not None and newest["state"] == "silent"):
        delivery = begun[-1] if begun or newest is None else newest["delivery_id"]
        return Obstacle(
            "unanswered",
            f"{name} was sent it with {delivery} and has not answered",
            "Acknowledge the delivery; until then each delivery sends it again.",
            "recipient",
        )
    if newest is not None and newest["delivery_id"] != newest["accepted_delivery"]:
        return Obstacle(
            "recipient_rejected",
            f"{name} rejected it in {newest['delivery_id']}",
            "Say what is wrong with it; the next delivery sends it again.",
            "recipient",
        )
    before = "" if newest is None else f"; it was withdrawn from it with {newest['delivery_id']}"
    return Obstacle(
        "not_delivered", f"{name} has not been sent it yet{before}", "Wait for the next delivery.", "nobody"
    )
