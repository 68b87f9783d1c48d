from __future__ import annotations

import json
from pathlib import Path

import pytest

from bindery.declarations import json_schema
from bindery.errors import ConfigurationError
from bindery.feeds import Feed, load_feed, load_feeds
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
        (GOOD + "format: jsonl", "format: input should be 'onix', 'spreadsheet' or 'json'"),
        (GOOD + "gate: {max_blocked_share: 3}", "gate.max_blocked_share"),
        (GOOD + "codelists: 70", "codelists: value error, issue 70 of the code lists is not shipped; 68, 73, 75 are"),
        (GOOD + "validte: true", "validte: there is no such key; did you mean 'validate'"),
        (GOOD + "validate: sometimes", "validate"),
        ("name: [", "cannot be read"),
        ("- a list", "holds no declaration"),
    ],
)
def test_a_mistake_in_a_feed_names_the_file_the_key_and_the_remedy(tmp_path: Path, text: str, says: str) -> None:
    path = declare(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        load_feed(path)
    assert str(path) in caught.value.what
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["format: json", "format: json\nmapping: opds_2", "format: spreadsheet\nmapping: a"])
def test_formats_of_a_feed(tmp_path: Path, text: str) -> None:
    assert load_feed(declare(tmp_path, GOOD + text)).format == text.split()[1]


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_feed(declare(tmp_path, GOOD.replace("owner:", "onwer:") + "precedence: first"))
    for key in ("onwer", "owner", "precedence"):
        assert f"{key}: " in caught.value.what


def test_a_key_that_another_kind_of_transport_has_is_not_allowed(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_feed(declare(tmp_path, GOOD.replace("path:", "index: x, path:")))
    assert "transport.sftp.index: there is no such key" in caught.value.what
    assert "Allowed beside transport.sftp.index: connection, kind, path." in caught.value.fix


def test_the_json_schema_beside_the_declarations_is_that_of_the_model() -> None:
    written = (PROJECT / "include" / "feeds" / "schema.json").read_text("utf-8")
    assert json.loads(written) == json_schema(Feed)


def test_a_feed_is_named_after_its_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="declares the name 'north'"):
        load_feed(declare(tmp_path, GOOD, name="south"))
