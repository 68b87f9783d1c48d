"""Facts from block 2."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.columns import Index, Items, Mask, among, any_of, field, first, items, said, stated, take
from bindery.catalogue.facts_of.texts import long_fillers, plain_texts

_DESCRIPTIONS = ("03", "02")
_PUBLIC = ("00", "03")
_CONSUMERS = "03"


def collateral_facts(block: pa.StructArray) -> dict[str, pa.Array]:
    """``description`` and ``cover_link``."""
    return {
        "description": _descriptions(items(field(block, "texts")), len(block)),
        "cover_link": _cover_links(items(field(block, "resources")), len(block)),
    }


def _cover_links(resources: Items, count: int) -> pa.StringArray:
    """The first front cover (List 158: 01) that is an image; a holding image (45) is no cover."""
    link = resources["link"]
    image = among(resources["mode"], "03") | ~stated(resources["mode"])
    covers = among(resources["content_type"], "01") & image & said(link)
    return take(link, first(covers, resources.rows, count))


def _descriptions(texts: Items, count: int) -> pa.StringArray:
    """Description (03), else short description (02): for end customers first, then the longest.

    A text for the trade, the press or by agreement only is never taken; 2.1 knows no audience, and is.
    """
    audiences = items(texts["audiences"])
    named = any_of(audiences.rows, len(texts.rows))
    public = ~named | any_of(audiences.rows[among(audiences.values, *_PUBLIC)], len(texts.rows))
    for_consumers = any_of(audiences.rows[among(audiences.values, _CONSUMERS)], len(texts.rows))
    found: pa.StringArray | None = None
    missing = np.ones(count, np.bool_)
    for kind in _DESCRIPTIONS:
        wanted = np.flatnonzero(public & missing[texts.rows] & among(texts["type"], kind))
        if len(wanted):
            best = _best(take(texts["html"], wanted), texts.rows[wanted], for_consumers[wanted], count)
            found = best if found is None else pc.coalesce(found, best)
            missing = ~stated(found)
    return pa.nulls(count, pa.string()) if found is None else found


def _best(html: pa.StringArray, rows: Index, preferred: Mask, count: int) -> pa.StringArray:
    """For each row the preferred or else the longest text, null where there are fillers only."""
    words = plain_texts(html)
    good = np.flatnonzero(~long_fillers(words))
    words, rows, preferred = take(words, good), rows[good], preferred[good]
    if (rows[1:] == rows[:-1]).any():
        # Of equal length, the last in the order of characters: something has to decide.
        order = pc.sort_indices(
            pa.table(
                {
                    "row": rows,
                    "preferred": pa.array(preferred).cast(pa.int8()),
                    "length": pc.utf8_length(words),
                    "words": words,
                }
            ),
            [("row", "ascending"), ("preferred", "descending"), ("length", "descending"), ("words", "descending")],
        ).to_numpy()
        words, rows = take(words, order), rows[order]
    return take(words, first(np.ones(len(rows), np.bool_), rows, count))
