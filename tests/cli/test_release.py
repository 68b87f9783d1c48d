from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

import pytest
from typer.testing import CliRunner

from bindery.cli import build
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.steps import merge
from tests.catalogue.feeding import full, merge_all, message, take


def run(home: Home, *words: str) -> str:
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root)}):
        ended = CliRunner().invoke(build(), words)
    if isinstance(ended.exception, ConfigurationError):
        raise ended.exception
    return ended.stdout


@pytest.mark.slow
def test_a_held_message_is_merged_once_a_person_releases_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    take(message("alpha", "1", full("The Long Road"), held=True), home)
    merge_all(home)
    merge.publish(home)
    (held,) = json.loads(run(home, "status", "--json"))["messages_kept_back"]
    assert held["state"] == "held"
    for _ in range(2):
        assert "`catalogue`: 1." in run(home, "release", "alpha", held["message_id"])
    merge_all(home)
    merge.publish(home)
    shown = json.loads(run(home, "status", "--json"))
    assert shown["messages_kept_back"] == []
    assert {"what": "editions", "state": "live", "number": 1} in shown["catalogue"]


def test_what_is_not_held_is_not_released(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unknown"):
        run(Home(tmp_path), "release", "alpha", "0" * 64)
