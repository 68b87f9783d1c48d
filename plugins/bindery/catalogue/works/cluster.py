"""Pairs put together: who is in one work, and who is one recording. A function of the pairs alone, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Edge(NamedTuple):
    """Two editions that something joins. ``rank``: the lower goes first; people go before scores."""

    rank: int
    score: float
    a: int
    b: int

    @property
    def order(self) -> tuple[int, float, int, int]:
        """Strongest first; of equals the one with the smaller ISBNs."""
        return self.rank, -self.score, self.a, self.b


def clusters(members: Iterable[int], edges: Iterable[Edge], apart: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Put editions together, strongest edge first; one that would bring together a pair kept apart is not taken.

    So a chain never carries two narrators, a part and its whole, or what a person has split into one work: it breaks
    at its weakest link.

    Args:
        members: Every edition; one that nothing joins is alone.
        edges: What joins; ends that are no members are left out.
        apart: Pairs that may not come together, whoever else is between them.

    Returns:
        For each member the smallest member of its cluster.
    """
    together = {member: member for member in members}
    foes: dict[int, set[int]] = {}
    for a, b in apart:
        if a in together and b in together:
            foes.setdefault(a, set()).add(b)
            foes.setdefault(b, set()).add(a)
    for edge in sorted(edges, key=lambda one: one.order):
        if edge.a in together and edge.b in together:
            _join(together, foes, edge)
    return {member: _root(together, member) for member in together}


def _root(together: dict[int, int], member: int) -> int:
    while together[member] != member:
        together[member] = together[together[member]]
        member = together[member]
    return member


def _join(together: dict[int, int], foes: dict[int, set[int]], edge: Edge) -> None:
    a, b = _root(together, edge.a), _root(together, edge.b)
    if a == b:
        return
    # Foes are kept by root: those of whoever was joined are named by who they were, so they are looked up again.
    if any(_root(together, foe) == b for foe in foes.get(a, ())):
        return
    root, other = min(a, b), max(a, b)
    together[other] = root
    if other in foes:
        foes.setdefault(root, set()).update(foes.pop(other))


def strongest(edges: Iterable[Edge], cluster_of: Mapping[int, int]) -> dict[int, Edge]:
    """For each edition the best edge that holds it in its cluster."""
    best: dict[int, Edge] = {}
    for edge in sorted(edges, key=lambda one: one.order):
        if cluster_of.get(edge.a) is not None and cluster_of.get(edge.a) == cluster_of.get(edge.b):
            best.setdefault(edge.a, edge)
            best.setdefault(edge.b, edge)
    return best
