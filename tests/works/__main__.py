"""Score the works of the labelled set: ``python -m tests.works``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tests.simulator.labelled_senders import CASES, products
from tests.works.scoring import lines, score

REPORTED_SEED = 20261127
"""The seed of the figures in docs/works.md. Rules are developed on other seeds."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print precision and recall, for every case and for all."""
    parser = argparse.ArgumentParser(prog="python -m tests.works", description=__doc__)
    parser.add_argument("--seed", type=int, default=REPORTED_SEED)
    parser.add_argument("--groups", type=int, default=30, help="groups of every case")
    parser.add_argument("--mistakes", action="store_true", help="list the pairs that are wrong")
    chosen = parser.parse_args(arguments)
    made_of = products(chosen.seed, groups=chosen.groups)
    made = score(made_of)
    print("\n".join(lines(made, CASES)))
    print(
        f"\nseed {chosen.seed}: {made.products} products; recordings joined across narrators: {made.cross_narrator}; "
        f"pairs that wait for a person: {made.doubtful}, of which {made.doubtful_true} are of one work; "
        f"related pairs: {made.related}"
    )
    if chosen.mistakes:
        by_isbn = {one.isbn: one for one in made_of}
        for what, (a, b) in made.mistakes:
            print(f"{what}: {a} {b} [{by_isbn[a].case}, {by_isbn[b].case}]")
            for one in (by_isbn[a], by_isbn[b]):
                title = one.title
                people = ", ".join(f"{who.role} {who.name} {who.isni}" for who in title.contributors)
                named = (
                    f"{one.full_title or title.full_title} / {title.subtitle} / {title.series} {title.number_in_series}"
                )
                kind = f"{title.language} {title.edition} {title.seconds} {one.links} {sorted(one.drops)}"
                print(f"    {named} / {people} / {kind}")


if __name__ == "__main__":
    main()
