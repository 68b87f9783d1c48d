"""All that is known of one title's rights and supply, now or at a past instant (RFC 0005)."""

from __future__ import annotations

import datetime as dt
from typing import cast

import orjson

from bindery.catalogue.keys import edition_key
from bindery.catalogue.offering.known import Known, Spoken, known_of
from bindery.rights.title import Title
from bindery.warehouse.engine import Warehouse


def title_now(warehouse: Warehouse, isbn13: str) -> Title:
    """What the catalogue knows of a title.

    Args:
        warehouse: An open warehouse.
        isbn13: 13 digits. Of one that no record names the title's state is ``none``.
    """
    key = edition_key(isbn13)
    edition = warehouse.run("rights/edition_of", edition_key=key).to_pylist()
    voices = warehouse.run("rights/voices_of", edition_key=key).to_pylist()
    limits = warehouse.run("rights/limits_of", edition_key=key).to_pylist()
    (title,) = Spoken(warehouse).titles([known_of(isbn13, edition[0] if edition else None, voices, limits)])
    return title


def title_known_at(warehouse: Warehouse, isbn13: str, instant: dt.datetime) -> Title | None:
    """What the catalogue knew of a title.

    Args:
        warehouse: An open warehouse.
        isbn13: 13 digits.
        instant: An aware instant.

    Returns:
        The title as it was; None where nothing was known of it yet.
    """
    rows = warehouse.run("rights/known_at", edition_key=edition_key(isbn13), known_at=instant).to_pylist()
    if not rows:
        return None
    (title,) = Spoken(warehouse).titles([cast("Known", orjson.loads(rows[0]["known"]))])
    return title
