"""What a recipient says of a delivery in ``<delivery_id>.ack.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bindery.errors import RefusedError


class Answer(BaseModel):
    """A receipt. ``rejected`` names the titles (ISBN-13) not taken from a delivery that was otherwise accepted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: Literal["accepted", "rejected"]
    rejected: tuple[str, ...] = ()
    delivery_id: str | None = None


def read_receipt(data: bytes, delivery_id: str, sent: frozenset[str]) -> Answer:
    """Read a receipt.

    Args:
        data: The file's bytes.
        delivery_id: The delivery it lies beside.
        sent: The ISBNs in that delivery.

    Raises:
        RefusedError: It is not a receipt, or not of this delivery.
    """
    try:
        answer = Answer.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise _refused(delivery_id, f"{place}: {first['msg']}") from error
    if answer.delivery_id not in (None, delivery_id):
        raise _refused(delivery_id, f"it answers {answer.delivery_id}")
    strangers = sorted(set(answer.rejected) - sent)
    if strangers:
        raise _refused(delivery_id, f"it rejects titles that were not sent: {', '.join(strangers[:5])}")
    return answer


def _refused(delivery_id: str, problem: str) -> RefusedError:
    return RefusedError(
        f"the receipt {delivery_id}.ack.json cannot be used: {problem}",
        fix='Ask the recipient for {"status": "accepted" or "rejected", "rejected": [isbn13, ...]}. '
        "Until then nothing of the delivery counts as accepted.",
    )
