"""The business models an edition is offered by."""

from __future__ import annotations

from typing import Final, Literal, get_args

Model = Literal["sale", "subscription", "credit", "library"]
"""Title by title; as much as one likes by the month; for a credit of a membership; lent by a library."""

MODELS: Final[tuple[Model, ...]] = get_args(Model)
