from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from typer.testing import CliRunner

from bindery.cli import build
from bindery.errors import BinderyError, ConfigurationError
from bindery.feeds.load import load_feed
from bindery.home import PROJECT, Home
from tests.steps.real_road import judged_here, onix, published, received, repriced, titles

pytestmark = pytest.mark.slow

FEED = load_feed(PROJECT / "include" / "feeds" / "northwind.yaml")
OURS = titles(3)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    (home.root / "sent").mkdir()
    (home.root / "sent" / "northwind_delta_20260303.xml").write_bytes(onix([repriced(OURS[0], "3.50")], day=2))
    folder = {"transport": {"kind": "folder", "path": "outside/northwind"}}
    feed = FEED.model_validate(FEED.model_dump(by_alias=True) | folder)
    with judged_here():
        received(home, feed, 0, "northwind_full_20260301.xml", onix(OURS))
        published(home)
        received(home, feed, 1, "northwind_delta_20260302.xml", onix([repriced(OURS[1], "2.50")], day=1))
        published(home, 1)
    return home


def run(home: Home, *words: str) -> str:
    with mock.patch.dict("os.environ", {"BINDERY_HOME": str(home.root), "COLUMNS": "200"}), judged_here():
        ended = CliRunner().invoke(build(), words)
    if isinstance(ended.exception, BinderyError):
        raise ended.exception
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def asked(home: Home, *words: str) -> Any:
    return json.loads(run(home, *words, "--json"))


def test_what_a_file_would_change(home: Home) -> None:
    words = (
        "diff",
        str(home.root / "sent" / "northwind_delta_20260303.xml"),
        "--feed",
        "northwind",
        "--day",
        "2026-03-03",
    )
    shown = run(home, *words)
    for said in ("northwind_delta_20260303.xml", "1 applied", "price_amount", "3.5", OURS[0].isbn):
        assert said in shown
    changes = asked(home, *words)["changes"]
    assert (changes["created"], changes["changed"], changes["withdrawn"]) == (0, 1, 0)


def test_what_changed_between_two_days(home: Home) -> None:
    shown = run(home, "diff", "2026-03-01", "2026-03-02")
    assert OURS[1].isbn in shown
    assert "2.5" in shown
    said = asked(home, "diff", "2026-03-01", "2026-03-02", "--feed", "northwind")
    assert [one["record_reference"] for one in said["records"]] == [OURS[1].reference]
    assert OURS[1].reference in run(home, "diff", "2026-03-01", "2026-03-02", "--feed", "northwind")


def test_a_day_read_again(home: Home) -> None:
    shown = run(home, "replay", "northwind", "2026-03-02")
    for said in ("northwind_delta_20260302.xml", "merged", "same", "Nothing was changed."):
        assert said in shown
    (told,) = asked(home, "replay", "northwind", "2026-03-01", "--merge")
    assert (told["result"], told["received"]) == ("same", 3)


def test_what_cannot_be_asked(home: Home, tmp_path: Path) -> None:
    for words, complaint in (
        (("diff", "2026-03-01"), "1 days are named"),
        (("diff", "2026-13-01", "2026-03-01"), "2026-13-01 is no day"),
        (("diff", "file.xml"), "none is named"),
        (("diff", "file.xml", "--feed", "northwynd"), "did you mean 'northwind'"),
        (("replay", "northwind", "yesterday"), "yesterday is no day"),
    ):
        with pytest.raises(ConfigurationError, match=complaint):
            run(home, *words)
