from __future__ import annotations

from pathlib import Path

from bindery.catalogue.fingerprint import fingerprint
from bindery.home import Home
from bindery.warehouse import open_writer
from tests.catalogue.feeding import full, merge_all, message, take


def mark(home: Home, *messages: object) -> str:
    for each in messages:
        take(each, home)  # type: ignore[arg-type] # what message() makes
        merge_all(home)
    with open_writer(home) as warehouse:
        return fingerprint(warehouse)


def test_the_same_messages_in_another_order_leave_the_same_mark(tmp_path: Path) -> None:
    first, second = message("alpha", "1", full("The Long Road")), message("alpha", "2", full("The Longer Road"))
    assert mark(Home(tmp_path / "a"), first, second) == mark(Home(tmp_path / "b"), second, first)


def test_another_title_leaves_another_mark(tmp_path: Path) -> None:
    one, other = message("alpha", "1", full("The Long Road")), message("alpha", "1", full("The Short Road"))
    assert mark(Home(tmp_path / "a"), one) != mark(Home(tmp_path / "b"), other)
