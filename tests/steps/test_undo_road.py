"""A wrong file is taken out: the catalogue is what it would be without it, and deliveries follow (FEATURES B5)."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bindery.catalogue.fingerprint import fingerprint
from bindery.claims import AcknowledgedDelivery
from bindery.delivery.declarations import load_recipient
from bindery.home import PROJECT, Home
from bindery.steps import deliver
from bindery.steps.undo import undo
from bindery.warehouse import open_writer
from tests.steps.real_road import feed_of, judged_here, onix, published, received, repriced, titles

pytestmark = pytest.mark.slow

STORE = load_recipient(PROJECT / "include/recipients/listenwell.yaml")
FEED = feed_of()


def delivered(home: Home, day: str) -> set[str]:
    """The titles of the day's delivery, which is accepted."""
    plan = deliver.check(deliver.plan(STORE, day, home=home), STORE, home=home)
    if not plan.items:
        return set()
    rendered = [deliver.render(plan, STORE, shard, home=home) for shard in deliver.shards(plan)]
    sent = deliver.send(deliver.package(plan, STORE, rendered, home=home), STORE, home=home)
    deliver.settle(AcknowledgedDelivery(sent=sent, status="accepted"), STORE, home=home)
    return set(pq.read_table(home.root / plan.work / "items.parquet")["isbn13"].to_pylist())


def catalogue(home: Home) -> str:
    with open_writer(home) as warehouse:
        return fingerprint(warehouse)


def test_a_wrong_file_is_taken_out_and_the_next_delivery_corrects_it(tmp_path: Path) -> None:
    with_it, without = Home(tmp_path / "with"), Home(tmp_path / "without")
    ours = titles(6)
    wrong, later = onix([repriced(one, "0.01") for one in ours[:3]], day=1), onix([repriced(ours[2], "5.00")], day=2)
    with judged_here():
        for home in (with_it, without):
            received(home, FEED, 0, "full.xml", onix(ours))
        taken = received(with_it, FEED, 1, "delta.xml", wrong)
        for home in (with_it, without):
            received(home, FEED, 2, "later.xml", later)
            published(home, 2)
    offered = delivered(with_it, "2026-03-03")
    corrected = offered & {one.isbn for one in ours[:2]}
    assert corrected
    undo("northwind", taken.message_id, owner="ada", reason="wrong prices", home=with_it)
    published(with_it, 3)
    assert catalogue(with_it) == catalogue(without)
    # The third title's price came later: it stays, and nothing of it is sent again.
    assert delivered(with_it, "2026-03-04") == corrected
    assert delivered(with_it, "2026-03-05") == set()
