"""Reading a message to Parquet, beside parsing the same bytes into a tree and doing nothing with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from lxml import etree

from bindery.claims import Receipt
from bindery.feeds.archive import keep
from bindery.feeds.declaration import Feed
from bindery.home import PROJECT, Home
from bindery.steps.read import read
from tests.bench import Work, benchmark

FEED = Feed.model_validate(
    {
        "name": "bench",
        "supplier": "bench",
        "title": "Bench",
        "owner": "bench",
        "transport": {"kind": "folder", "path": "."},
    }
)


@benchmark(
    "read",
    what="ONIX 3.0 reference to typed Parquet: split, parse, map, facts, hash",
    reference="lxml.etree.parse of the same bytes, no extraction",
    sizes=(500, 2000),
    unit="records",
    goal=1.0,
)
def reading(size: int, folder: Path) -> tuple[Work, Work]:
    """One message of ``size`` records."""
    message = folder / "message.xml"
    words = ["message", "--titles", str(size), "--dialect", "onix_3.0", "-o", str(message)]
    subprocess.run([sys.executable, "-m", "tests.simulator", *words], check=True, cwd=PROJECT, capture_output=True)
    home = Home(folder / "home")
    message_id, path, length = keep([message.read_bytes()], home=home, expected_size=None, name=message.name)
    receipt = Receipt(
        supplier=FEED.supplier,
        feed=FEED.name,
        feed_day=date(2026, 3, 1),
        name=message.name,
        message_id=message_id,
        path=path.relative_to(home.root).as_posix(),
        size=length,
    )

    def ours() -> object:
        shutil.rmtree(home.work(FEED.supplier, message_id), ignore_errors=True)
        return read(receipt, FEED, home=home)

    return ours, lambda: etree.parse(str(message))
