"""Reading messages to Parquet, beside parsing the same bytes into a tree and doing nothing with it."""

from __future__ import annotations

import mmap
import shutil
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lxml import etree

from bindery.claims import ReadMessage, Receipt
from bindery.feeds.declaration import Feed
from bindery.home import Home
from bindery.onix.prolog import PROLOG_LIMIT, detect_encoding, read_prolog
from bindery.onix.split import split
from bindery.steps.read import read
from tests.bench import Prepare, Work, benchmark, memory
from tests.bench.messages import FEED, archived, path_of
from tests.simulator.messages import Dialect

PARSE = "lxml.etree.parse of the same bytes, no extraction"
SIZES = (2_000, 10_000, 50_000)
CHANGED_EVERY = 100
SMALL = 10
BYTES_A_RECORD = 9_650
"""Of the simulator's ONIX 3.0."""


def _anew(receipt: Receipt, feed: Feed, home: Home) -> ReadMessage:
    """The step as it runs the first time: nothing is left of an earlier one."""
    shutil.rmtree(home.work(receipt.supplier, receipt.message_id), ignore_errors=True)
    return read(receipt, feed, home=home)


def _read_and_parse(dialect: Dialect, feed: Feed = FEED) -> Prepare:
    def prepare(size: int, folder: Path) -> tuple[Work, Work]:
        home = Home(folder / "home")
        receipt = archived(home, titles=size, dialect=dialect)
        # Entities of 2.1's DTD are unknown without it, and parsing would end there.
        parser = etree.XMLParser(recover=dialect == "onix_2.1")
        return partial(_anew, receipt, feed, home), partial(etree.parse, str(path_of(receipt, home)), parser)

    return prepare


_registered: Callable[..., Callable[[Prepare], Prepare]] = partial(benchmark, reference=PARSE, unit="records")

_registered("read", what="ONIX 3.0 reference to typed Parquet: split, parse, map, facts, hash", sizes=SIZES, goal=1.0)(
    _read_and_parse("onix_3.0")
)
_registered("read_short", what="the same in short tags", sizes=(10_000,), goal=None)(_read_and_parse("onix_3.0_short"))
_registered("read_21", what="the same of ONIX 2.1", sizes=(10_000,), goal=None)(_read_and_parse("onix_2.1"))
_registered("validate", what="read, every record held to EDItEUR's schema", sizes=(2_000,), goal=None)(
    _read_and_parse("onix_3.0", FEED.model_copy(update={"validation": True}))
)


@benchmark(
    "resend",
    what=f"a full message sent again, every {CHANGED_EVERY}th record changed, the first read, judged and staged before",
    reference=PARSE,
    sizes=SIZES,
    unit="records",
    goal=0.15,
)
def resending(size: int, folder: Path) -> tuple[Work, Work]:
    """Two messages: the first takes the whole road into the warehouse, which is what makes its records known."""
    # Loads an engine, which is none of the memory of reading.
    from bindery.steps import gate, judge, stage

    home = Home(folder / "home")
    judged = judge.judge(read(archived(home, titles=size), FEED, home=home), home=home)
    stage.stage(gate.gate(judged, FEED, home=home), FEED, home=home)
    receipt = archived(home, titles=size, day=1, changed_every=CHANGED_EVERY)
    claim = _anew(receipt, FEED, home)
    if not 0.9 * size <= claim.known <= size - size // CHANGED_EVERY:
        raise RuntimeError(f"of {size} records sent again {claim.known} are known: this would measure something else")
    return partial(_anew, receipt, FEED, home), partial(etree.parse, str(path_of(receipt, home)))


@benchmark(
    "split",
    what="where the records of a message begin and end",
    reference=PARSE,
    sizes=(10_000,),
    unit="records",
    goal=None,
)
def splitting(size: int, folder: Path) -> tuple[Work, Work]:
    """One message, mapped as reading maps it."""
    home = Home(folder / "home")
    path = path_of(archived(home, titles=size), home)
    head = path.read_bytes()[:PROLOG_LIMIT]
    root = read_prolog(head, detect_encoding(head, path.name), path.name)

    def ours() -> object:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return deque(split(mapped, root, path.name), maxlen=0)

    return ours, partial(etree.parse, str(path))


@benchmark(
    "small",
    what=f"many messages of {SMALL} records each, one after the other",
    reference=PARSE,
    sizes=(200,),
    unit="messages",
    goal=None,
)
def small(size: int, folder: Path) -> tuple[Work, Work]:
    """What a message costs beside its records."""
    home = Home(folder / "home")
    receipts = [archived(home, titles=SMALL, first=SMALL * number) for number in range(size)]

    def ours() -> None:
        for receipt in receipts:
            _anew(receipt, FEED, home)

    def reference() -> None:
        for receipt in receipts:
            etree.parse(str(path_of(receipt, home)))

    return ours, reference


@memory(
    "memory",
    what="peak memory of reading one message",
    reference="the same process before it: everything imported, a small message read",
    sizes=(1_000,),
    unit="MB",
    goal=400,
)
def remembering(size: int, folder: Path) -> Work:
    """One message of so many MB."""
    home = Home(folder / "home")
    _anew(archived(home, titles=SMALL), FEED, home)
    return partial(_anew, archived(home, titles=size * 1_000_000 // BYTES_A_RECORD), FEED, home)
