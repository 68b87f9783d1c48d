"""What a record states of sales rights, as it is kept once for all records that state the same (AUDIOBOOKS 1.8)."""

from __future__ import annotations

from typing import NamedTuple

from bindery.catalogue.record import Territory


class Restricted(NamedTuple):
    """A sales restriction. ``type``: List 71."""

    type: str | None
    outlets: tuple[str, ...]


class RightStated(NamedTuple):
    """One SalesRights. ``type``: List 46."""

    type: str
    territory: Territory
    restrictions: tuple[Restricted, ...]


class RightsStated(NamedTuple):
    """All that block 4 says of sales rights: the text of ``stated_terms``, read."""

    rights: tuple[RightStated, ...]
    row: str | None
    """ROWSalesRightsType, List 46."""
    restrictions: tuple[Restricted, ...]
    """Those that stand beside the rights (3.0, deprecated)."""
