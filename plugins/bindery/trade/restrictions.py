"""Sales restrictions: which business models they leave (List 71; AUDIOBOOKS 1.8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bindery.catalogue.record import Restriction


class Models(NamedTuple):
    """Whether sale title by title, and subscription, are allowed."""

    sale: bool
    subscription: bool


_BOTH = Models(sale=True, subscription=True)
_NEITHER = Models(sale=False, subscription=False)
_SALE_ONLY = Models(sale=True, subscription=False)

_LEFT = {
    "09": _BOTH,  # except to libraries
    "12": _SALE_ONLY,  # except to subscription services
    "13": Models(sale=False, subscription=True),  # to subscription services only
    "15": _SALE_ONLY,  # through online retail only
    "16": _BOTH,  # except to schools
    "19": _BOTH,  # except through print on demand
    "20": _SALE_ONLY,  # except to some subscription services, and we can't tell to which
    "23": _BOTH,  # except to education
    "99": _BOTH,  # no restrictions
}
"""What a restriction leaves. Every other one names outlets or audiences that we can't resolve, and leaves neither: 21,
for one, is exclusive to a subscription service that has to be known by its name."""


def models_left_by(code: str) -> Models:
    """What one restriction leaves; neither for a code we can't resolve."""
    return _LEFT.get(code, _NEITHER)


def models_left(restrictions: Iterable[Restriction]) -> Models:
    """What all the restrictions together leave; both where there are none."""
    left = [models_left_by(restriction["type"]) for restriction in restrictions]
    return Models(sale=all(one.sale for one in left), subscription=all(one.subscription for one in left))
