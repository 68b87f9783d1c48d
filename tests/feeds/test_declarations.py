from __future__ import annotations

from pathlib import Path

import pytest

from bindery.errors import ConfigurationError
from bindery.feeds import load_feed, load_feeds
from bindery.home import PROJECT

GOOD = """
name: north
supplier: north
title: North
owner: a@example.com
transport: {kind: sftp, connection: north_sftp, path: /out}
"""


def declare(folder: Path, text: str, name: str = "north") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_feeds_cover_folder_sftp_and_https() -> None:
    feeds = load_feeds(PROJECT / "include" / "feeds")
    assert [feed.name for feed in feeds] == ["harbour", "lindqvist", "northwind", "papyrus"]
    assert {feed.transport.kind for feed in feeds} == {"folder", "sftp", "https"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("owner:", "onwer:"), "onwer: there is no such key; did you mean 'owner'"),
        (GOOD.replace("connection:", "conection:"), "did you mean 'connection'"),
        (GOOD.replace("kind: sftp", "kind: ftp"), "transport"),
        (GOOD + "precedence: first", "precedence"),
        (GOOD + "gate: {max_blocked_share: 3}", "gate.max_blocked_share"),
        ("name: [", "is not YAML"),
        ("- a list", "holds no declaration"),
    ],
)
def test_a_mistake_in_a_feed_names_the_file_the_key_and_the_remedy(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_feed(declare(tmp_path, text))
    assert "north.yaml" in str(caught.value)
    assert says in str(caught.value)


def test_a_feed_is_named_after_its_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="declares the name 'north'"):
        load_feed(declare(tmp_path, GOOD, name="south"))
