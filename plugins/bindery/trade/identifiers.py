"""Identifiers of products: ISBN, and the GTIN-13 that is one (List 5; AUDIOBOOKS 1.3, failures 1 and 2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stdnum import isbn
from stdnum.exceptions import ValidationError

from bindery.catalogue.record import Identifier

IsbnProblem = Literal["missing", "malformed", "check_digit", "clash"]

ISBN10, GTIN13, ISBN13 = "02", "03", "15"
"""List 5."""
_FULL_EXPONENT = re.compile(r"([0-9])\.([0-9]{12})[Ee]\+?12")
_WHOLE_FLOAT = re.compile(r"([0-9]{13}|[0-9]{10})\.0*")
_SHAPE = re.compile(r"97[89][0-9]{10}|[0-9]{9}[0-9X]")


def _digits(text: str) -> str:
    """The text without what people and spreadsheets put around an ISBN; still unchecked."""
    # Full-width digits and odd dashes come from copied web pages.
    folded = unicodedata.normalize("NFKC", text).strip().strip("'\"=")
    folded = re.sub(r"^ISBN(?:-?1[03](?![0-9]))?[:\s]*", "", folded, flags=re.IGNORECASE)
    exponent = _FULL_EXPONENT.fullmatch(folded)
    if exponent:
        return exponent[1] + exponent[2]
    whole = _WHOLE_FLOAT.fullmatch(folded)
    if whole:
        return whole[1]
    return re.sub(r"[\s\u200b\ufeff\u00ad‐‑‒–—−-]", "", folded).upper()


def clean_isbn(text: str) -> str | None:
    """The ISBN-13 that a cell or element holds.

    Hyphens, spaces, an ``ISBN`` prefix and a float's ``.0`` are taken off and ISBN-10 is converted. A spreadsheet's
    ``9.78123E+12`` has lost its digits and is not recoverable; with all thirteen digits there it is. 9790 is ISMN
    (printed music), never an ISBN.

    Returns:
        Thirteen digits with a good check digit, or None.
    """
    digits = _digits(text)
    if not _SHAPE.fullmatch(digits) or digits.startswith("9790"):
        return None
    try:
        return str(isbn.to_isbn13(isbn.validate(digits)))
    except ValidationError:
        return None


@dataclass(frozen=True)
class ReadIsbn:
    """What a value says where an ISBN is expected.

    Attributes:
        isbn13: Thirteen digits with a good check digit, or None.
        has_shape: It has the digits of an ISBN, whatever the check digit says.
        in_book_range: It begins as the GTIN-13 of a book does.
    """

    isbn13: str | None
    has_shape: bool
    in_book_range: bool


def read_isbn(value: str) -> ReadIsbn:
    """Reads a value as an ISBN."""
    digits = _digits(value)
    is_music = digits.startswith("9790")
    return ReadIsbn(
        isbn13=clean_isbn(value),
        has_shape=_SHAPE.fullmatch(digits) is not None and not is_music,
        in_book_range=digits.startswith(("978", "979")) and not is_music,
    )


def isbn13_of(identifiers: Sequence[Identifier]) -> tuple[str | None, IsbnProblem | None]:
    """The ISBN-13 of a record.

    A valid ISBN-13 (15), GTIN-13 in the book range (03) or converted ISBN-10 (02) counts; what is invalid beside a
    valid one does not matter here. Two different valid ones clash: it can't be known which product is meant.

    Args:
        identifiers: The record's product identifiers (List 5).

    Returns:
        The ISBN and None; or None and ``missing``, ``malformed``, ``check_digit`` or ``clash``.
    """
    read = [(one["type"], read_isbn(one["value"])) for one in identifiers if one["type"] in (ISBN13, ISBN10, GTIN13)]
    candidates = [isbn for kind, isbn in read if kind != GTIN13 or isbn.in_book_range]
    if not candidates:
        return None, "missing"
    valid = {one.isbn13 for one in candidates if one.isbn13}
    if len(valid) == 1:
        return valid.pop(), None
    if valid:
        return None, "clash"
    return None, "check_digit" if any(one.has_shape for one in candidates) else "malformed"
