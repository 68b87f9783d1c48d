"""Whole messages, streamed: a header, records one after another, an end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple, get_args

from tests.simulator import onix3, onix21, sheet
from tests.simulator.onix3 import BLOCKS, Header
from tests.simulator.short_tags import short_tags
from tests.simulator.titles import Title

Dialect = Literal["onix_3.0", "onix_3.0_short", "onix_3.1", "onix_3.1_short", "onix_2.1", "onix_2.1_short", "csv"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


class Entry(NamedTuple):
    """A record in a message: the title, its notification type (List 1) and, for 04, the blocks sent."""

    title: Title
    notification: str = "03"
    blocks: Collection[str] = BLOCKS


def message(dialect: Dialect, header: Header, entries: Iterable[Entry]) -> Iterator[bytes]:
    """A message's bytes, a piece a record. Without entries ONIX 3.x says ``NoProduct``; 2.1 has no such word.

    Args:
        dialect: How to write it. A spreadsheet has no header and no notifications: it says what is there.
        header: Sender, time, number and repeat.
        entries: The records in order.
    """
    if dialect == "csv":
        for line in sheet.lines(entry.title for entry in entries):
            yield line.encode("cp1252")
    else:
        release, _, style = dialect.removeprefix("onix_").partition("_")
        written = _onix21(header, entries, short=style == "short")
        if release != "2.1":
            written = _onix3(header, entries, release, short=style == "short")
        for piece in written:
            yield (short_tags(piece, release=release) if style else piece).encode()


def _onix21(header: Header, entries: Iterable[Entry], *, short: bool) -> Iterator[str]:
    yield onix21.opening(header, short=short)
    for entry in entries:
        yield onix21.record(entry.title, entry.notification)
    yield "</ONIXMessage>\n"


def _onix3(header: Header, entries: Iterable[Entry], release: str, *, short: bool) -> Iterator[str]:
    yield onix3.opening(header, release=release, short=short)
    empty = True
    for title, notification, blocks in entries:
        empty = False
        yield onix3.record(title, notification, blocks)
    if empty:
        yield "<NoProduct/>\n"
    yield "</ONIXMessage>\n"
