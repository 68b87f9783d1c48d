"""Whole messages, streamed: a header, records one after another, an end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, NamedTuple

from tests.simulator import onix3, onix21, sheet
from tests.simulator.onix3 import BLOCKS, Header
from tests.simulator.titles import Title

Dialect = Literal["onix_3.0", "onix_3.1_short", "onix_2.1", "csv"]
DIALECTS: tuple[Dialect, ...] = ("onix_3.0", "onix_3.1_short", "onix_2.1", "csv")


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
    elif dialect == "onix_2.1":
        yield onix21.opening(header).encode()
        for entry in entries:
            yield onix21.record(entry.title, entry.notification).encode()
        yield b"</ONIXMessage>\n"
    else:
        yield from _onix3(header, entries, short=dialect == "onix_3.1_short")


def _onix3(header: Header, entries: Iterable[Entry], *, short: bool) -> Iterator[bytes]:
    said = onix3.short_tags if short else str
    yield said(onix3.opening(header, release="3.1" if short else "3.0")).encode()
    empty = True
    for title, notification, blocks in entries:
        empty = False
        yield said(onix3.record(title, notification, blocks)).encode()
    if empty:
        yield said("<NoProduct/>\n").encode()
    yield said("</ONIXMessage>\n").encode()
