"""Facts from block 4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from bindery.catalogue.columns import Items, among, field, first, items, said, take
from bindery.catalogue.distinct import Distinct, spread
from bindery.catalogue.facts_of.rights import rights_facts
from bindery.trade.dates import latest_day
from bindery.trade.texts import is_placeholder

NEVER = date(9999, 12, 31)
"""The end of an embargo whose date can't be read (law 3)."""

_PUBLICATION = "01"
_EMBARGOES = ("02", "09", "10", "27", "30", "31")
_FILLER_DATE = "1900-01-01"
_EPOCH = date(1970, 1, 1)
_NO_EMBARGO = np.int32(np.iinfo(np.int32).min)

_NAMES = pa.list_(pa.struct([("role", pa.string()), ("name", pa.string())]))


class _Days(NamedTuple):
    """What a date stands for, in days since 1970."""

    latest: int
    free: int


def _read_date(date: str | None, precision: str | None) -> _Days:
    """The latest day a date may mean; and the first day that is free of an embargo until it.

    An hour of the day counts as the next day, an unreadable date as never.
    """
    if not date or not precision:
        return _Days(0, (NEVER - _EPOCH).days)
    day = free = latest_day(date, precision)
    if precision == "time" and date[11:16] != "00:00":
        free = min(day, NEVER - timedelta(days=1)) + timedelta(days=1)
    return _Days((day - _EPOCH).days, (free - _EPOCH).days)


def _said(text: str | None) -> str | None:
    """A text, unless it is a filler."""
    return text.strip() if text and not is_placeholder(text) else None


def _publisher(publishers: Sequence[Mapping[str, str | None]]) -> str | None:
    """The publisher (List 45 role 01), else one without a role, else the first named."""
    for roles in (("01",), (None, ""), None):
        for publisher in publishers:
            if (roles is None or publisher["role"] in roles) and _said(publisher["name"]):
                return _said(publisher["name"])
    return None


class _Names(NamedTuple):
    publisher: str | None
    imprint: str | None


def _read_names(publishers: list[dict[str, str | None]] | None, imprints: list[str] | None) -> _Names:
    return _Names(_publisher(publishers or []), next((name for name in map(_said, imprints or []) if name), None))


_NAMES_SAID = Distinct(_read_names)
_DAYS = Distinct(_read_date)


def publishing_facts(block: pa.StructArray) -> dict[str, pa.Array]:
    """``publisher`` to ``publishing_withdrawal``."""
    names, of_name = _NAMES_SAID(field(block, "publishers").cast(_NAMES), field(block, "imprints"))
    return {
        "publisher": spread([one.publisher for one in names], of_name, pa.string()),
        "imprint": spread([one.imprint for one in names], of_name, pa.string()),
        "publishing_status": field(block, "status"),
        **_dates(items(field(block, "dates")), len(block)),
        **rights_facts(block),
    }


def _dates(dates: Items, count: int) -> dict[str, pa.Array]:
    """Publication date, and the latest end of an embargo."""
    embargoes = among(dates["role"], *_EMBARGOES)
    published = among(dates["role"], _PUBLICATION) & said(dates["date"]) & said(dates["precision"])
    published &= ~among(dates["date"], _FILLER_DATE)
    wanted = np.flatnonzero(embargoes | published)
    rows, embargoes, published = dates.rows[wanted], embargoes[wanted], published[wanted]
    days, codes = _DAYS(*(dates[name].take(pa.array(wanted)) for name in ("date", "precision")))
    latest, free = (np.array([day[which] for day in days], np.int32)[codes] for which in (0, 1))
    ends = np.full(count, _NO_EMBARGO)
    np.maximum.at(ends, rows[embargoes], free[embargoes])
    return {
        "publication_date": take(pa.array(latest).cast(pa.date32()), first(published, rows, count)),
        "embargoed_until": pa.array(ends, mask=ends == _NO_EMBARGO).cast(pa.date32()),
    }
