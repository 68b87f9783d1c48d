"""Identifiers of works and recordings. Each names an edition, so it leads to that edition's work for ever."""

from __future__ import annotations

import re

from bindery.errors import ConfigurationError
from bindery.trade.identifiers import clean_isbn

_ID = re.compile(r"([wr])(97[89][0-9]{10})")


def work_id(edition_key: int) -> str:
    """The identifier of the work whose smallest ISBN it is."""
    return f"w{edition_key}"


def recording_id(edition_key: int) -> str:
    """The identifier of the recording whose smallest ISBN it is."""
    return f"r{edition_key}"


def edition_named(text: str) -> str:
    """The ISBN-13 that leads to what is asked for.

    A work is named after the smallest ISBN in it when it was named. Editions move between works, and that edition is in
    one of them: so an identifier given once is never given to something else, and is always answered.

    Args:
        text: An ISBN, or an identifier of a work or recording.

    Raises:
        ConfigurationError: It is neither.
    """
    named = _ID.fullmatch(text.strip().lower())
    isbn13 = clean_isbn(named[2] if named else text)
    if isbn13 is None:
        raise ConfigurationError(
            f"{text} is no ISBN and no identifier of a work or recording",
            fix="Name an ISBN, or w or r and an ISBN-13, as bindery work prints them.",
        )
    return isbn13
