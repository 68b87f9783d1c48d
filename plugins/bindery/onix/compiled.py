"""How functions of this room are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """Compiles a function of numbers and arrays when it is first called; the result is kept beside its source.

    It may make no array: without reference counting, which that would need, it runs a quarter faster.
    """
    made: _F = njit(cache=True, _nrt=False)(function)  # type: ignore[call-overload]  # an option without a public name
    return made
