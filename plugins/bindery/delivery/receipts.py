"""What a recipient says of a delivery in ``<delivery_id>.ack.json``."""

from __future__ import annotations

import re
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bindery.errors import RefusedError

_DASHES: Final = re.compile(r"[\s-]")
_ISBN13: Final = re.compile(r"\d{13}")


class Answer(BaseModel):
    """A receipt. ``rejected`` names the titles (ISBN-13) not taken from a delivery that was otherwise accepted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: Literal["accepted", "rejected"]
    rejected: tuple[str, ...] = ()
    delivery_id: str | None = None


def read_receipt(data: bytes, delivery_id: str, sent: frozenset[str]) -> Answer:
    """Read a receipt.

    A recipient may list everything it does not want; titles that were not in this delivery are left out.

    Args:
        data: The file's bytes.
        delivery_id: The delivery it lies beside.
        sent: The ISBNs in that delivery.

    Returns:
        The answer, its rejected titles being among those sent.

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
    rejected = [_DASHES.sub("", isbn13) for isbn13 in answer.rejected]
    unclear = [isbn13 for isbn13 in rejected if not _ISBN13.fullmatch(isbn13)]
    if unclear:
        raise _refused(delivery_id, f"it rejects what is no ISBN-13: {', '.join(map(repr, unclear[:5]))}")
    return answer.model_copy(update={"rejected": tuple(isbn13 for isbn13 in rejected if isbn13 in sent)})


def _refused(delivery_id: str, problem: str) -> RefusedError:
    return RefusedError(
        f"the receipt {delivery_id}.ack.json cannot be used: {problem}",
        fix='Ask the recipient for {"status": "accepted" or "rejected", "rejected": [isbn13, ...]}. '
        "Until then nothing of the delivery counts as accepted.",
    )
