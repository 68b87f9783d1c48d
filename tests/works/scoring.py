"""Pairwise precision and recall of works and recordings, against what the labelled set says is true."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from bindery.catalogue.works.merging import merge_works
from bindery.home import Home
from bindery.warehouse import duckdb
from tests.simulator.labelled import Product
from tests.works.catalogue import editions_of, load_editions, load_versions, read_products

Pair = tuple[str, str]


@dataclass
class Score:
    """Pairs of one kind: joined rightly, joined wrongly, not joined though they should be."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of the pairs joined, the share that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs to be joined, the share that is."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass
class Scores:
    """What came out: scores by case, and the pairs that are wrong."""

    products: int = 0
    works: Score = field(default_factory=Score)
    recordings: Score = field(default_factory=Score)
    works_by_case: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    recordings_by_case: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    cross_narrator: int = 0
    doubtful: int = 0
    doubtful_true: int = 0
    related: int = 0
    mistakes: list[tuple[str, Pair]] = field(default_factory=list)


def found_in(products: Sequence[Product]) -> dict[str, list[dict[str, Any]]]:
    """The tables of works after the real step over the products, read by the real reader."""
    records = read_products(products)
    warehouse = duckdb.in_memory(Home.from_environment())
    try:
        load_versions(warehouse, records)
        load_editions(warehouse, editions_of(records))
        merge_works(warehouse)
        return {table: warehouse.read(table).to_pylist() for table in ("work_members", "work_pairs")}
    finally:
        warehouse.close()


def score(products: Sequence[Product]) -> Scores:
    """Join the products, and compare with the truth."""
    tables = found_in(products)
    by_isbn = {one.isbn: one for one in products}
    made = Scores(products=len(products), related=sum(one["verdict"] == "related" for one in tables["work_pairs"]))
    members = {row["isbn13"]: row for row in tables["work_members"]}
    true_works = _pairs({isbn: one.work for isbn, one in by_isbn.items()})
    true_recordings = _pairs({isbn: one.recording for isbn, one in by_isbn.items()})
    works = _pairs({isbn: row["work_id"] for isbn, row in members.items()})
    recordings = _pairs({isbn: row["recording_id"] for isbn, row in members.items()})
    _count(made.works, made.works_by_case, works, true_works, by_isbn)
    _count(made.recordings, made.recordings_by_case, recordings, true_recordings, by_isbn)
    made.cross_narrator = sum(_voices(by_isbn[a]) != _voices(by_isbn[b]) for a, b in recordings)
    for what, pairs in (
        ("work joined wrongly", works - true_works),
        ("work missed", true_works - works),
        ("recording joined wrongly", recordings - true_recordings),
        ("recording missed", true_recordings - recordings),
    ):
        made.mistakes.extend((what, pair) for pair in sorted(pairs))
    doubtful = {(one["isbn_a"], one["isbn_b"]) for one in tables["work_pairs"] if one["verdict"] == "doubtful"}
    made.doubtful, made.doubtful_true = len(doubtful), len(doubtful & true_works)
    return made


def _voices(product: Product) -> Counter[tuple[str, ...]]:
    """The narrators' names in any order of their words."""
    voices = (one for one in product.title.contributors if one.role in {"E03", "E07"})
    return Counter(tuple(sorted(one.name.replace(",", "").split())) for one in voices)


def _pairs(labels: Mapping[str, Hashable]) -> set[Pair]:
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for isbn, label in labels.items():
        groups[label].append(isbn)
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def _count(
    total: Score, by_case: dict[str, Score], found: set[Pair], true: set[Pair], by_isbn: Mapping[str, Product]
) -> None:
    for what, pairs in (("right", found & true), ("wrong", found - true), ("missed", true - found)):
        for pair in pairs:
            setattr(total, what, getattr(total, what) + 1)
            for case in {by_isbn[isbn].case for isbn in pair}:
                setattr(by_case[case], what, getattr(by_case[case], what) + 1)


def lines(made: Scores, cases: Iterable[str]) -> list[str]:
    """The scores as a table in Markdown."""
    told = [
        "| case | work pairs | precision | recall | recording pairs | precision | recall |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, work, recording in (
        *((case, made.works_by_case[case], made.recordings_by_case[case]) for case in cases),
        ("**all**", made.works, made.recordings),
    ):
        told.append(f"| {name} | {_figures(work)} | {_figures(recording)} |")
    return told


def _figures(one: Score) -> str:
    true = one.right + one.missed
    precision = f"{one.precision:.4f}" if one.right + one.wrong else "—"
    return f"{true} | {precision} | {f'{one.recall:.4f}' if true else '—'}"
