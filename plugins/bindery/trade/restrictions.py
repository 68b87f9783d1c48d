"""Sales restrictions: which business models they leave (List 71; AUDIOBOOKS 1.8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from bindery.catalogue.record import Restriction
from bindery.trade.models import MODELS, Model


class Models(NamedTuple):
    """Whether each business model is allowed. A credit buys one title, so it goes wherever sale goes."""

    sale: bool
    subscription: bool
    credit: bool
    library: bool


def _only(*models: Model) -> Models:
    return Models._make(model in models for model in MODELS)


_ALL = _only(*MODELS)
_NONE = _only()
_NOT_BY_SUBSCRIPTION = _only("sale", "credit", "library")

_LEFT: Final = {
    "06": _only("library"),  # to libraries only
    "09": _only("sale", "subscription", "credit"),  # except to libraries
    "12": _NOT_BY_SUBSCRIPTION,  # except to subscription services
    "13": _only("subscription"),  # to subscription services only
    "15": _only("sale", "credit"),  # through online retail only
    "16": _ALL,  # except to schools
    "19": _ALL,  # except through print on demand
    "20": _NOT_BY_SUBSCRIPTION,  # except to some subscription services, and we can't tell to which
    "23": _ALL,  # except to education
    "99": _ALL,  # no restrictions
}
"""What a restriction leaves. Every other one names outlets or audiences that we can't resolve, and leaves nothing: 21,
for one, is exclusive to a subscription service that has to be known by its name."""


def models_left_by(*codes: str | None) -> Models:
    """What restrictions leave together: all where there are none, nothing for a code we can't resolve."""
    left = [_LEFT.get(code or "", _NONE) for code in codes]
    return Models._make(map(all, zip(*left, strict=True))) if left else _ALL


def models_left(restrictions: Iterable[Restriction]) -> Models:
    """The same of restrictions of a record."""
    return models_left_by(*(restriction["type"] for restriction in restrictions))
