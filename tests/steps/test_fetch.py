from __future__ import annotations

import os
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bindery.claims import RemoteFile
from bindery.errors import ConfigurationError, RefusedError, UnreachableError
from bindery.feeds.declaration import Feed
from bindery.feeds.transports.base import contained
from bindery.home import Home
from bindery.steps.fetch import fetch, list_messages, receipts

DAY = date(2026, 3, 1)


def folder_feed(path: Path, files: str = "{feed_day}/*") -> Feed:
    return Feed.model_validate(
        {
            "name": "north",
            "supplier": "north",
            "title": "North",
            "owner": "a@example.com",
            "transport": {"kind": "folder", "path": str(path)},
            "files": files,
        }
    )


def put(path: Path, content: bytes, *, old: bool = True) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if old:
        os.utime(path, (1_700_000_000, 1_700_000_000))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def names(feed: Feed, home: Home) -> list[str]:
    return [file.name for file in list_messages(feed, DAY, home=home, endpoint=None)]


def test_a_day_has_the_files_of_its_folder_and_no_other_day(tmp_path: Path, home: Home) -> None:
    put(tmp_path / "2026-03-01" / "b.xml", b"b")
    put(tmp_path / "2026-03-01" / "a.xml", b"a")
    put(tmp_path / "2026-03-01" / "deeper" / "c.xml", b"c")
    put(tmp_path / "2026-03-02" / "d.xml", b"d")
    assert names(folder_feed(tmp_path), home) == ["2026-03-01/a.xml", "2026-03-01/b.xml"]
    assert names(folder_feed(tmp_path, "{feed_day}/**"), home) == [
        "2026-03-01/a.xml",
        "2026-03-01/b.xml",
        "2026-03-01/deeper/c.xml",
    ]
    assert names(folder_feed(tmp_path, "{feed_day:%Y-%m-02}/*"), home) == ["2026-03-02/d.xml"]


def test_a_day_without_a_folder_has_no_files(tmp_path: Path, home: Home) -> None:
    assert names(folder_feed(tmp_path), home) == []


def test_unfinished_uploads_are_left_alone(tmp_path: Path, home: Home) -> None:
    for name in ("a.xml.part", "b.tmp", ".c.xml", "d.xml.filepart"):
        put(tmp_path / "2026-03-01" / name, b"half")
    put(tmp_path / "2026-03-01" / "whole.xml", b"whole")
    assert names(folder_feed(tmp_path), home) == ["2026-03-01/whole.xml"]


def test_a_file_that_still_grows_is_left_alone(tmp_path: Path, home: Home) -> None:
    growing = tmp_path / "2026-03-01" / "growing.xml"
    put(growing, b"<", old=False)
    done = threading.Event()

    def upload() -> None:
        with growing.open("ab") as file:
            while not done.is_set():
                file.write(b"x")
                file.flush()
                time.sleep(0.05)

    writer = threading.Thread(target=upload)
    writer.start()
    try:
        assert names(folder_feed(tmp_path), home) == []
    finally:
        done.set()
        writer.join()


def test_fetching_again_changes_nothing(tmp_path: Path, home: Home) -> None:
    put(tmp_path / "2026-03-01" / "a.xml", b"<ONIXMessage/>")
    feed = folder_feed(tmp_path)
    (file,) = list_messages(feed, DAY, home=home, endpoint=None)
    first = fetch(feed, DAY, file, home=home, endpoint=None)
    assert fetch(feed, DAY, file, home=home, endpoint=None) == first
    assert receipts(feed, DAY, home=home) == (first,)
    assert (home.root / first.path).read_bytes() == b"<ONIXMessage/>"


def test_the_same_bytes_under_two_names_are_two_arrivals_of_one_message(tmp_path: Path, home: Home) -> None:
    for name in ("a.xml", "b.xml"):
        put(tmp_path / "2026-03-01" / name, b"<ONIXMessage/>")
    feed = folder_feed(tmp_path)
    for file in list_messages(feed, DAY, home=home, endpoint=None):
        fetch(feed, DAY, file, home=home, endpoint=None)
    kept = receipts(feed, DAY, home=home)
    assert [receipt.name for receipt in kept] == ["2026-03-01/a.xml", "2026-03-01/b.xml"]
    assert len({receipt.message_id for receipt in kept}) == 1


def test_a_file_that_is_gone_is_a_passing_failure(tmp_path: Path, home: Home) -> None:
    gone = RemoteFile(name="gone.xml", size=3, modified=datetime(2026, 3, 1, tzinfo=UTC))
    with pytest.raises(UnreachableError, match=r"gone\.xml"):
        fetch(folder_feed(tmp_path), DAY, gone, home=home, endpoint=None)


def test_a_missing_connection_is_named_with_the_variable_to_set(home: Home) -> None:
    feed = Feed.model_validate(
        {
            "name": "north",
            "supplier": "north",
            "title": "North",
            "owner": "a@example.com",
            "transport": {"kind": "sftp", "connection": "north_sftp", "path": "/"},
        }
    )
    with pytest.raises(ConfigurationError, match="AIRFLOW_CONN_NORTH_SFTP"):
        list_messages(feed, DAY, home=home, endpoint=None)


def test_an_unknown_placeholder_is_named(tmp_path: Path, home: Home) -> None:
    with pytest.raises(ConfigurationError, match="unknown placeholder"):
        names(folder_feed(tmp_path, "{day}/*"), home)


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "a\\b", "a\nb", ""])
def test_names_that_point_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(RefusedError):
        contained(name)


def test_a_link_that_leads_out_of_the_folder_is_left_alone(tmp_path: Path, home: Home) -> None:
    secret = tmp_path / "secret"
    put(secret, b"s")
    day = tmp_path / "feed" / "2026-03-01"
    day.mkdir(parents=True)
    (day / "a.xml").symlink_to(secret)
    assert names(folder_feed(tmp_path / "feed"), home) == []
