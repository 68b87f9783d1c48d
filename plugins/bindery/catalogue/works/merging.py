"""The step of the merge that keeps works: keys, pairs and members of the titles that changed (RFC 0006).

Everything it writes is a function of the editions and of people's assertions, whatever changed in which order (law 1);
what it reads grows with what changed and what that shares a key with (law 8).
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pyarrow as pa

from bindery.catalogue.works import bulk, reading
from bindery.catalogue.works.cluster import Edge, clusters, strongest
from bindery.catalogue.works.facts import Facts
from bindery.catalogue.works.ids import recording_id, work_id
from bindery.catalogue.works.judge import Verdict, judge
from bindery.catalogue.works.keys import LINK, MOST_EDITIONS, MOST_TITLES, keys_table
from bindery.warehouse.arrow import NUMERIC
from bindery.warehouse.engine import Warehouse

_LINK_LIMITS = {"most_linked": MOST_EDITIONS[LINK], "most_titles": MOST_TITLES}
LIMITS = _LINK_LIMITS | {
    "most_titled": MOST_EDITIONS["title"],
    "most_written": MOST_EDITIONS["title_author"],
    "most_sounding": MOST_EDITIONS["sound"],
}
"""The limits of ``keys``, as statements take them."""
_PAIRS_AT_ONCE = 200_000
_KEEPS_APART = frozenset({"related", "different"})


def merge_works(warehouse: Warehouse) -> int:
    """Find the works of the queued titles, and of those they share evidence with.

    Returns:
        Rows of ``work_members`` written or dropped.
    """
    with warehouse.transaction(), _no_collector():
        queued = _queued(warehouse)
        if not queued:
            return 0
        known = _find_keys(warehouse, queued)
        # A repeated step finds these in the queue: the keys that it would tell them by are written by then.
        warehouse.run("works/queue_worn", **LIMITS)
        warehouse.run("works/write_keys")
        warehouse.run("works/clear_found_keys")
        reading.mark(warehouse, "affected", _queued(warehouse))
        _find_pairs(warehouse, known)
        warehouse.run("works/write_pairs")
        warehouse.run("works/clear_found_pairs")
        _reach(warehouse)
        _find_members(warehouse)
        rows = int(warehouse.run("works/write_members").column("rows")[0].as_py())
        warehouse.run("works/clear_found_members")
        for part in ("keyed", "affected", "cluster"):
            warehouse.run("works/clear_batch", part=part)
        warehouse.run("catalogue/clear_queue", step="works")
    return rows


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of small tuples live at once, none in a cycle: looking through them for some takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _queued(warehouse: Warehouse) -> list[int]:
    keys: list[int] = warehouse.run("works/queued_editions").column("edition_key").to_pylist()
    return keys


def _find_keys(warehouse: Warehouse, queued: Sequence[int]) -> dict[int, Facts]:
    """Writes the keys of the queued editions; returns the facts they are made of, of a day's worth of editions."""
    warehouse.run("works/clear_found_keys")
    reading.mark(warehouse, "keyed", queued)
    if len(queued) >= bulk.FROM:
        for keys in bulk.keys_of_many(reading.told_of(warehouse, queued)):
            warehouse.load("found_work_keys", keys)
        return {}
    known = {facts.edition_key: facts for facts in reading.facts_of(warehouse, queued)}
    warehouse.load("found_work_keys", keys_table(known.values()))
    return known


def _find_pairs(warehouse: Warehouse, known: dict[int, Facts]) -> None:
    warehouse.run("works/clear_found_pairs")
    worn = frozenset(warehouse.run("works/worn_links", **_LINK_LIMITS).column("match_key").to_pylist())
    pairs = warehouse.run("works/candidates", **LIMITS)
    for start in range(0, pairs.num_rows, _PAIRS_AT_ONCE):
        some = pairs.slice(start, _PAIRS_AT_ONCE)
        first, second = (some[name].to_pylist() for name in ("edition_key_a", "edition_key_b"))
        # Pairs come in the order of their smaller edition: whoever is smaller than this one is looked at no more.
        known = {key: facts for key, facts in known.items() if key >= first[0]}
        wanted = sorted({*first, *second} - known.keys())
        known |= {facts.edition_key: facts for facts in reading.facts_of(warehouse, wanted)}
        rows = list(_judged(zip(first, second, strict=True), known, worn))
        warehouse.load("found_work_pairs", _table(rows, _PAIR_COLUMNS))


def _judged(
    pairs: Iterable[tuple[int, int]], facts: dict[int, Facts], worn: frozenset[int]
) -> Iterator[tuple[object, ...]]:
    for a, b in pairs:
        verdict = judge(facts[a], facts[b], worn)
        if verdict.says != "different" or verdict.is_contradicted:
            yield _pair_row(facts[a], facts[b], verdict)


def _pair_row(a: Facts, b: Facts, verdict: Verdict) -> tuple[object, ...]:
    evidence = [one._asdict() | {"weight": _decimal(one.weight)} for one in verdict.evidence]
    told = (verdict.says, verdict.relation, verdict.score, verdict.same_recording, verdict.evidence)
    return (
        *(a.edition_key, b.edition_key, a.isbn13, b.isbn13),
        *(verdict.says, verdict.relation or None, _decimal(verdict.score), verdict.same_recording, evidence),
        hashlib.sha256(repr(told).encode()).hexdigest(),
    )


def _reach(warehouse: Warehouse) -> None:
    """Everybody whose work may be another now: who is joined with an affected edition, or was."""
    affected = _queued(warehouse)
    mates = warehouse.run("works/work_mates").column("edition_key").to_pylist()
    reading.mark(warehouse, "cluster", sorted({*affected, *mates}))
    while met := warehouse.run("works/neighbours").column("edition_key").to_pylist():
        reading.add(warehouse, "cluster", met)


def _find_members(warehouse: Warehouse) -> None:
    warehouse.run("works/clear_found_members")
    editions = warehouse.run("works/reached_editions")
    if not editions.num_rows:
        return
    pairs = warehouse.run("works/reached_pairs").to_pylist()
    assertions = warehouse.run("works/reached_assertions").to_pylist()
    keys = editions["edition_key"].to_pylist()
    judged = [
        Edge(1, float(pair["score"]), pair["edition_key_a"], pair["edition_key_b"])
        for pair in pairs
        if pair["verdict"] == "same_work"
    ]
    said = [Edge(0, 1.0, one["edition_key_a"], one["edition_key_b"]) for one in assertions if one["kind"] == "must"]
    apart = _apart(pairs, assertions)
    works = clusters(keys, [*said, *judged], apart)
    recordings = clusters(
        keys,
        [
            Edge(1, float(pair["score"]), pair["edition_key_a"], pair["edition_key_b"])
            for pair in pairs
            if pair["same_recording"] and works.get(pair["edition_key_a"]) == works.get(pair["edition_key_b"])
        ],
        [
            *apart,
            *(
                (pair["edition_key_a"], pair["edition_key_b"])
                for pair in pairs
                if pair["verdict"] == "same_work" and not pair["same_recording"]
            ),
        ],
    )
    best = strongest([*said, *judged], works)
    told = {(pair["edition_key_a"], pair["edition_key_b"]): pair["evidence"] for pair in pairs}
    rows = [
        (
            *(key, isbn13, works[key], work_id(works[key]), recordings[key], recording_id(recordings[key])),
            *_joined_by(best.get(key), told),
        )
        for key, isbn13 in zip(keys, editions["isbn13"].to_pylist(), strict=True)
    ]
    warehouse.load("found_work_members", _table(rows, _MEMBER_COLUMNS))


def _apart(pairs: Sequence[dict[str, Any]], assertions: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """What may not come together. A person who joined two goes before any verdict; one who split them before all."""
    must = {(one["edition_key_a"], one["edition_key_b"]) for one in assertions if one["kind"] == "must"}
    never = {(one["edition_key_a"], one["edition_key_b"]) for one in assertions if one["kind"] == "never"}
    judged = {
        (pair["edition_key_a"], pair["edition_key_b"]) for pair in pairs if pair["verdict"] in _KEEPS_APART
    } - must
    return sorted(never | judged)


def _decimal(number: float) -> Decimal:
    return Decimal(str(round(number, 4)))


def _joined_by(edge: Edge | None, told: dict[tuple[int, int], list[dict[str, Any]]]) -> tuple[str, Decimal | None]:
    if edge is None:
        return "alone", None
    if edge.rank == 0:
        return "person", None
    kinds = dict.fromkeys(str(one["kind"]) for one in told[edge.a, edge.b])
    return ", ".join(kinds), _decimal(edge.score)


_PAIR_COLUMNS = (
    *("edition_key_a", "edition_key_b", "isbn_a", "isbn_b"),
    *("verdict", "relation", "score", "same_recording", "evidence", "pair_hash"),
)
_MEMBER_COLUMNS = (
    *("edition_key", "isbn13", "work_key", "work_id", "recording_key", "recording_id"),
    *("joined_by", "score"),
)
_TYPES = {
    "relation": pa.string(),
    "score": NUMERIC,
    "evidence": pa.list_(pa.struct([("kind", pa.string()), ("detail", pa.string()), ("weight", NUMERIC)])),
}


def _table(rows: Sequence[tuple[object, ...]], columns: tuple[str, ...]) -> pa.Table:
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pa.table(
        {name: pa.array(list(column), _TYPES.get(name)) for name, column in zip(columns, values, strict=True)}
    )
