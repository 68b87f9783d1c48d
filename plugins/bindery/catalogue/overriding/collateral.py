"""Patches of block 2."""

from __future__ import annotations

from typing import Final

from bindery.catalogue.overriding.blank import blank
from bindery.catalogue.record import Collateral, Resource, Text
from bindery.trade.texts import clean_html

_DESCRIPTION, _SHORT_DESCRIPTION = "03", "02"
"""List 153."""
_PUBLIC: Final = frozenset({"00", "03"})
"""List 154: anybody, end customers."""
_FRONT_COVER, _IMAGE, _DOWNLOADABLE = "01", "03", "02"
"""Lists 158, 159 and 161."""


def set_description(block: Collateral, value: str | None) -> None:
    """The description for anybody; texts for the trade or the press stay."""
    gone = {_DESCRIPTION} if value else {_DESCRIPTION, _SHORT_DESCRIPTION}
    texts = [one for one in block["texts"] if one["type"] not in gone or not _is_public(one)]
    if value:
        text = Text(type=_DESCRIPTION, audiences=["00"], language=None, html=clean_html(value, None), raw=value)
        texts.insert(0, text)
    block["texts"] = texts


def _is_public(text: Text) -> bool:
    return not text["audiences"] or not _PUBLIC.isdisjoint(text["audiences"])


def set_cover_link(block: Collateral, value: str | None) -> None:
    """The front cover, as one with what is known of its size."""
    resources = [one for one in block["resources"] if not _is_cover(one)]
    if value:
        cover = blank(Resource, content_type=_FRONT_COVER, mode=_IMAGE, form=_DOWNLOADABLE, link=value)
        resources.insert(0, cover)
    block["resources"] = resources


def _is_cover(resource: Resource) -> bool:
    return resource["content_type"] == _FRONT_COVER and resource["mode"] in (None, _IMAGE)
