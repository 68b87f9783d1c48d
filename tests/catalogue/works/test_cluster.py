from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bindery.catalogue.works.cluster import Edge, clusters

MEMBERS = range(1, 8)
pairs = st.tuples(st.sampled_from(MEMBERS), st.sampled_from(MEMBERS)).filter(lambda pair: pair[0] < pair[1])
edges = st.lists(st.builds(lambda pair, score: Edge(1, score, *pair), pairs, st.sampled_from([0.9, 0.95, 0.99])))


def test_a_chain_is_one_cluster_named_after_its_smallest() -> None:
    assert clusters([3, 1, 2, 9], [Edge(1, 0.9, 2, 3), Edge(1, 0.9, 1, 2)], []) == {1: 1, 2: 1, 3: 1, 9: 9}


def test_a_chain_breaks_at_its_weakest_link_where_its_ends_are_kept_apart() -> None:
    found = clusters([1, 2, 3], [Edge(1, 0.91, 1, 2), Edge(1, 0.97, 2, 3)], [(1, 3)])
    assert found == {1: 1, 2: 2, 3: 2}


def test_people_go_before_scores() -> None:
    found = clusters([1, 2, 3], [Edge(0, 1.0, 1, 2), Edge(1, 0.99, 2, 3)], [(1, 3)])
    assert found == {1: 1, 2: 1, 3: 3}


@given(edges, st.lists(pairs), st.randoms(use_true_random=False))
def test_the_order_says_nothing_and_nobody_meets_whom_they_are_kept_from(
    joined: list[Edge], apart: list[tuple[int, int]], shuffled: object
) -> None:
    found = clusters(MEMBERS, joined, apart)
    again = list(joined)
    shuffled.shuffle(again)  # type: ignore[attr-defined]
    assert clusters(reversed(MEMBERS), again, apart[::-1]) == found
    assert all(found[a] != found[b] for a, b in apart)
    assert all(found[found[member]] == found[member] <= member for member in MEMBERS)
