"""Law 1 over many histories at once: any order, repeats and batches, with undo, absence and overrides; undo alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from bindery.home import Home
from bindery.steps.override import release_override, set_override
from bindery.steps.undo import redo, undo
from bindery.warehouse import duckdb
from tests.catalogue import worlds
from tests.catalogue.feeding import Message, merge_all, one_warehouse
from tests.catalogue.worlds import Stage, World, compare, declare, found, told, world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

HISTORIES, ORDERS, UNDONE = 300, 10, 200
BATCHES = 5
NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)


def one_opened(warehouse: duckdb.DuckDBWarehouse) -> Callable[[Home], AbstractContextManager[duckdb.DuckDBWarehouse]]:
    return lambda _home: nullcontext(warehouse)


@contextmanager
def declared(home: Home, histories: list[World]) -> Iterator[duckdb.DuckDBWarehouse]:
    with one_warehouse(home) as warehouse, mock.patch("bindery.steps.override.open_writer", one_opened(warehouse)):
        declare(warehouse, histories)
        yield warehouse


def rows(warehouse: duckdb.DuckDBWarehouse) -> dict[str, dict[Any, dict[str, Any]]]:
    return {table: found(warehouse, table) for table in worlds.KEYS}


def batches(histories: list[World], dice: random.Random) -> list[list[Message]]:
    """Everything sent, in some order, some of it twice, cut at some places."""
    arriving = [sent for one in histories for sent in one.messages]
    arriving += dice.sample(arriving, len(arriving) // 5)
    dice.shuffle(arriving)
    cuts = sorted(dice.sample(range(len(arriving)), BATCHES - 1))
    return [arriving[start:end] for start, end in zip([0, *cuts], [*cuts, len(arriving)], strict=True)]


def take_out(home: Home, histories: list[World], there: set[str], dice: random.Random, *, all_of_them: bool) -> None:
    """Undoes some of what is to be undone and has come; and some of what is not, to redo it at once or later."""
    for one in histories:
        for sent in one.messages:
            if sent.held or sent.message_id not in there:
                continue
            if sent.message_id in one.undone:
                if all_of_them or dice.random() < 0.5:
                    undo(sent.supplier, sent.message_id, owner="ops", reason="test", home=home)
            elif all_of_them or dice.random() < 0.1:
                (redo if all_of_them else undo)(
                    sent.supplier,
                    sent.message_id,
                    home=home,
                    **({} if all_of_them else {"owner": "ops", "reason": "test"}),
                )


def decide(home: Home, histories: list[World], *, released: bool) -> None:
    """What people decide, always in the same order, and what they release."""
    decisions = [decision for one in histories for decision in one.decisions]
    made = [
        set_override(home, one.isbn13, one.field, one.value, owner="ops", reason="test", now=NOW) for one in decisions
    ]
    for one, override in zip(decisions, made, strict=True):
        if released and one.released:
            release_override(home, override.override_id, owner="ops", reason="test", now=NOW)


def test_any_order_with_undo_and_absence_gives_the_catalogue_of_the_model(tmp_path: Path) -> None:
    home, histories = Home(tmp_path), [world(number) for number in range(HISTORIES)]
    stage, first = Stage(home), {}
    for order in range(ORDERS):
        dice = random.Random(order)  # noqa: S311 - test data
        with declared(home, histories) as warehouse:
            there: set[str] = set()
            decided = dice.randrange(BATCHES)
            for number, batch in enumerate(batches(histories, dice)):
                stage.take(warehouse, batch, there)
                take_out(home, histories, there, dice, all_of_them=False)
                if number == decided:
                    decide(home, histories, released=number % 2 == 0)
                merge_all(home)
            if decided % 2:
                decide(home, histories, released=True)
            take_out(home, histories, there, dice, all_of_them=True)
            merge_all(home)
            compare(warehouse, histories)
            told(warehouse, histories)
            last = rows(warehouse)
        assert last == (first or last), "two orders gave two catalogues"
        first = first or last


def test_undo_of_one_message_is_a_replay_without_it_and_redo_takes_it_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    dice = random.Random(7)  # noqa: S311 - test data
    histories = []
    for number in range(UNDONE):
        whole = world(number, seed=2)
        one = dice.choice([sent for sent in whole.messages if not sent.held] or [whole.messages[0]])
        undone = frozenset() if one.held else frozenset({one.message_id})
        histories.append(replace(whole, undone=undone, decisions=()))
    stage = Stage(home)
    chosen = [
        (sent.supplier, sent.message_id) for one in histories for sent in one.messages if sent.message_id in one.undone
    ]
    assert len(chosen) > UNDONE * 0.9
    with declared(home, histories) as warehouse:
        stage.take(warehouse, [sent for one in histories for sent in one.messages], there := set())
        merge_all(home)
        compare(warehouse, histories, undone=False)
        whole_catalogue = rows(warehouse)
        for supplier, message_id in chosen:
            undo(supplier, message_id, owner="ops", reason="test", home=home)
        merge_all(home)
        compare(warehouse, histories)
        without = rows(warehouse)
        for supplier, message_id in chosen:
            redo(supplier, message_id, home=home)
        merge_all(home)
        assert rows(warehouse) == whole_catalogue
    assert there
    with declared(home, histories) as warehouse:
        left = [sent for one in histories for sent in one.messages if sent.message_id not in one.undone]
        stage.take(warehouse, left, set())
        merge_all(home)
        assert rows(warehouse) == without, "undone is not as if it had never come"
