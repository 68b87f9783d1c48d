from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bindery.errors import UnreachableError
from bindery.feeds.archive import keep
from bindery.home import Home


def stored(home: Home) -> list[Path]:
    return [path for path in home.archive.rglob("*") if path.is_file()]


def test_bytes_are_kept_once_under_their_sha256(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for name in ("a.xml", "another name.xml"):
        message_id, path, size = keep([b"<ONIX", b"Message/>"], home=home, expected_size=14, name=name)
        assert message_id == hashlib.sha256(b"<ONIXMessage/>").hexdigest()
        assert path.read_bytes() == b"<ONIXMessage/>"
        assert size == 14
    assert len(stored(home)) == 1


def test_kept_bytes_cannot_be_written_over(tmp_path: Path) -> None:
    _, path, _ = keep([b"x"], home=Home(tmp_path), expected_size=None, name="a")
    assert path.stat().st_mode & 0o222 == 0


def test_a_supplier_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    home = Home(tmp_path)

    def broken() -> Iterator[bytes]:
        yield b"<ONIX"
        raise UnreachableError("The line broke.", fix="Try again.")

    with pytest.raises(UnreachableError):
        keep(broken(), home=home, expected_size=None, name="a.xml")
    assert stored(home) == []


def test_a_file_that_is_shorter_than_listed_is_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(UnreachableError, match="listed with 9 bytes and came with 4"):
        keep([b"half"], home=home, expected_size=9, name="a.xml")
    assert stored(home) == []
