"""Functions compiled to machine code when they are first called (numba), and kept on disk for the next process."""

from __future__ import annotations

import logging
from typing import Any

from numba import njit

log = logging.getLogger(__name__)


def compiled(function: Any) -> Any:
    """Compiles a function.

    What is compiled is kept beside the source, else in the user's cache, or where ``NUMBA_CACHE_DIR`` says. Where none
    of these can be written, as on a read-only disk, each process compiles for itself, for about ten seconds.
    """
    try:
        return njit(cache=True)(function)
    except RuntimeError as error:
        log.debug("Not kept on disk: %s", error)
        return njit(function)
