"""Law 1: any order of arrival, any repeats, any batches of the merge give the catalogue that the model gives."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bindery.catalogue.record import BLOCKS
from bindery.home import Home
from bindery.steps.settle import settle
from bindery.warehouse import Warehouse
from tests.catalogue import model
from tests.catalogue.feeding import (
    DAY,
    ISBN_A,
    ISBN_B,
    Message,
    Sent,
    feed_of,
    merge_all,
    message,
    one_warehouse,
    outcomes,
    rows,
    take,
)

PRECEDENCE = {"alpha": 20, "beta": 10, "gamma": 10}

texts = st.sampled_from(["a", "b"])
countries = st.sets(st.sampled_from(["GB", "IE", "US"])).map(lambda found: tuple(sorted(found)))
touched = st.sets(st.sampled_from(BLOCKS), min_size=1, max_size=3)
signals = st.sampled_from([None, None, None, "publishing_status:11"])
supply_signals = st.sampled_from([None, None, None, "availability:46"])


@st.composite
def records(draw: st.DrawFn) -> Sent:
    kind = draw(st.sampled_from(["full", "full", "full", "block", "block", "delete"]))
    blocks: dict[str, str | None] = {}
    if kind == "full":
        left_out = draw(st.sets(st.sampled_from(BLOCKS), max_size=2))
        text = draw(texts)
        blocks = {block: text for block in BLOCKS if block not in left_out}
    elif kind == "block":
        blocks = {block: draw(st.none() | texts) for block in sorted(draw(touched))}
    speaks = kind != "delete"
    states_publishing = blocks.get("publishing") is not None
    return Sent(
        reference=draw(st.sampled_from(["r1", "r2"])),
        kind=kind,
        isbn13=draw(st.sampled_from([ISBN_A, ISBN_A, ISBN_B, None])),
        blocks=tuple(blocks.items()),
        publishing_withdrawal=draw(signals) if states_publishing else None,
        supply_withdrawal=draw(supply_signals) if blocks.get("supply") is not None else None,
        sale=draw(countries) if speaks and states_publishing else (),
        subscription=draw(countries) if speaks and states_publishing else (),
        verdict=draw(st.sampled_from(["pass", "pass", "pass", "pass", "quarantine", "out_of_scope"])),
    )


messages = st.builds(
    message,
    st.sampled_from(sorted(PRECEDENCE)),
    st.sampled_from(["1", "2", "3", "4"]),
    records(),
    records(),
    held=st.sampled_from([False, False, False, False, True]),
) | st.builds(message, st.sampled_from(sorted(PRECEDENCE)), st.sampled_from(["1", "2", "3", "4"]), records())


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[list[Message]], list[list[Message]]]:
    """The same messages twice: in two orders, with other repeats, cut into other batches."""
    sent = list({one.message_id: one for one in draw(st.lists(messages, min_size=1, max_size=7))}.values())
    return draw(batches(sent)), draw(batches(sent))


@st.composite
def batches(draw: st.DrawFn, sent: list[Message]) -> list[list[Message]]:
    arriving = draw(st.permutations(sent + draw(st.lists(st.sampled_from(sent), max_size=2))))
    cut: list[list[Message]] = [[]]
    for one in arriving:
        cut[-1].append(one)
        if draw(st.booleans()):
            cut.append([])
    return [batch for batch in cut if batch]


def catalogue(warehouse: Warehouse) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(warehouse, table) for table in ("records", "editions", "offers")}


def arrive(arriving: list[list[Message]], root: Path) -> dict[str, list[dict[str, Any]]]:
    home = Home(root)
    with one_warehouse(home) as warehouse:
        for batch in arriving:
            for sent in batch:
                take(sent, home, precedence=PRECEDENCE[sent.supplier])
            merge_all(home)
        for supplier in PRECEDENCE:
            told = settle(feed_of(supplier), DAY, home=home)
            assert sum(told.outcomes.values()) == told.received
        assert "pending" not in {outcome for outcome, _ in outcomes(warehouse).values()}
        before = {table: rows(warehouse, table) for table in WRITTEN}
        merge_all(home)
        assert {table: rows(warehouse, table) for table in WRITTEN} == before, "a second run changed something"
        return catalogue(warehouse)


WRITTEN = ("messages", "received_records", "records", "editions", "offers", "changes", "merge_queue", "territory_sets")


def said(row: dict[str, Any], by_model: Mapping[Any, Mapping[str, Any]]) -> dict[str, Any]:
    """Of a row, what the model says too."""
    names = next(iter(by_model.values()), {})
    return {name: row[name] for name in names}


def check_purity(orders: tuple[list[list[Message]], list[list[Message]]]) -> None:
    with tempfile.TemporaryDirectory() as root:
        one, other = (arrive(order, Path(root)) for order in orders)
    assert one == other
    sent = [message for batch in orders[0] for message in batch]
    folded = model.records(sent)
    assert {(row["supplier"], row["record_reference"]): said(row, folded) for row in one["records"]} == folded
    titles = model.editions(folded, PRECEDENCE)
    contents = {record.content_hash: record for message in sent for record in message.records}
    assert {row["isbn13"]: said(row, titles) for row in one["editions"]} == titles
    assert {
        (row["isbn13"], row["model"]): (row["state"], row["reason"], row["territory_set_id"]) for row in one["offers"]
    } == model.offers(folded, titles, contents)


@pytest.mark.slow
@given(histories())
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_order_of_arrival_gives_the_catalogue_of_the_model(
    orders: tuple[list[list[Message]], list[list[Message]]],
) -> None:
    check_purity(orders)


@pytest.mark.slow
@given(histories())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_order_of_arrival_gives_the_catalogue_of_the_model_at_length(
    orders: tuple[list[list[Message]], list[list[Message]]],
) -> None:
    check_purity(orders)
