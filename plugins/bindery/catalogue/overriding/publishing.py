"""Patches of block 4. Rights are not among them: overrides only narrow those (law 3), see ``deriving``."""

from __future__ import annotations

from bindery.catalogue.overriding.blank import blank
from bindery.catalogue.record import Publisher, Publishing
from bindery.trade.dates import dated_role

_PUBLISHER = "01"
"""List 45."""
_PUBLICATION, _A_DAY = "01", "00"
"""Lists 163 and 55."""


def set_publisher(block: Publishing, value: str | None) -> None:
    """The publisher; co-publishers and others stay."""
    publishers = block["publishers"]
    same = next((one for one in publishers if (one["name"] or "").strip() == value), None)
    publisher = blank(Publisher, role=_PUBLISHER, name=value, identifiers=same["identifiers"] if same else [])
    others = [one for one in publishers if one is not same and one["role"] not in (_PUBLISHER, None, "")]
    block["publishers"] = [publisher, *others]


def set_imprint(block: Publishing, value: str | None) -> None:
    """The only imprint."""
    block["imprints"] = [value] if value else []


def set_publication_date(block: Publishing, value: str | None) -> None:
    """The publication date; embargoes stay."""
    others = [one for one in block["dates"] if one["role"] != _PUBLICATION]
    stated = dated_role(_PUBLICATION, (value or "").replace("-", ""), _A_DAY)
    block["dates"] = [stated, *others]
