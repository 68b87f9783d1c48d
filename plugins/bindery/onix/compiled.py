"""How functions of this room are compiled: to machine code when first called (numba), and kept for the next process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

log = logging.getLogger(__name__)
_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """Compiles a function of numbers and arrays.

    It may make no array: without reference counting, which that would need, it runs a quarter faster. What is compiled
    is kept beside the source, else in the user's cache, or where ``NUMBA_CACHE_DIR`` says. Where none of these can be
    written, as on a read-only disk, each process compiles for itself, for about ten seconds.
    """
    made: _F
    try:
        made = njit(cache=True, _nrt=False)(function)  # type: ignore[call-overload]  # an option without a public name
    except RuntimeError as error:
        log.debug("Not kept on disk: %s", error)
        made = njit(_nrt=False)(function)  # type: ignore[call-overload]
    return made
