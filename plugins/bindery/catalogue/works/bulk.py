"""The keys of many editions at once, in several processes: in a first load, reading titles is what takes long."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final

import pyarrow as pa

from bindery.catalogue.works.keys import keys_table
from bindery.catalogue.works.reading import facts_in

FROM: Final = 200_000
"""Editions from which on it pays: processes take a second or two to start, and facts found there are found again."""
_PROCESSES: Final = 2
_AT_ONCE: Final = 20_000
"""Editions a process takes at a time: some 15 MB of texts."""


def keys_in(told: pa.Table) -> pa.Table:
    """The keys of editions out of what they say."""
    return keys_table(facts_in(told))


def keys_of_many(told: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The keys of editions out of what ``reading.told_of`` gives, in its order.

    Where processes can't be started, such as in one that may have no children, it works alone, and the same comes out.
    """
    pieces = (one.slice(start, _AT_ONCE) for one in told for start in range(0, one.num_rows, _AT_ONCE))
    # Not a fork: that would copy the locks of the engine's threads, held by nobody. No collector, as in ``merging``.
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        waiting: deque[tuple[pa.Table, Future[pa.Table] | None]] = deque()
        for piece in pieces:
            waiting.append((piece, _begun(pool, piece)))
            if len(waiting) > 2 * _PROCESSES:
                yield _done(*waiting.popleft())
        while waiting:
            yield _done(*waiting.popleft())


def _begun(pool: ProcessPoolExecutor, piece: pa.Table) -> Future[pa.Table] | None:
    try:
        return pool.submit(keys_in, piece)
    except (OSError, BrokenProcessPool, AssertionError):
        # An assertion is how multiprocessing says that a daemon has no children.
        return None


def _done(piece: pa.Table, begun: Future[pa.Table] | None) -> pa.Table:
    if begun is not None:
        try:
            return begun.result()
        except BrokenProcessPool:
            pass
    return keys_in(piece)
