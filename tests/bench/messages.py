"""Messages to measure with: the simulator's, archived as a feed's are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bindery.claims import Receipt
from bindery.feeds.archive import keep
from bindery.feeds.declaration import Feed, FolderTransport
from bindery.home import Home
from tests.simulator.messages import Dialect, Entry, message
from tests.simulator.onix3 import Header
from tests.simulator.timeline import SUPPLIERS
from tests.simulator.titles import EPOCH, make_title

SEED = 1
FEED = Feed(
    name="bench",
    supplier="bench",
    title="Bench",
    owner="bench",
    transport=FolderTransport(kind="folder", path="."),
    scope="full",
)


def archived(
    home: Home,
    *,
    titles: int,
    dialect: Dialect = "onix_3.0",
    first: int = 0,
    day: int = 0,
    changed_every: int | None = None,
) -> Receipt:
    """A full message in the archive of a home.

    Args:
        home: Where.
        titles: Records in it.
        dialect: How it is written.
        first: Number of the first title.
        day: When it was sent; the message's number is one more.
        changed_every: Every so many records, one says something else than on the first day.
    """
    name = f"full_{first}_{day}.xml"
    pieces = _pieces(titles, dialect, first, day, changed_every)
    message_id, path, size = keep(pieces, home=home, expected_size=None, name=name)
    return Receipt(
        supplier=FEED.supplier,
        feed=FEED.name,
        feed_day=EPOCH + timedelta(days=day),
        name=name,
        message_id=message_id,
        path=path.relative_to(home.root).as_posix(),
        size=size,
    )


def _pieces(titles: int, dialect: Dialect, first: int, day: int, changed_every: int | None) -> Iterator[bytes]:
    release = dialect.removesuffix("_short")
    supplier = next(one for one in SUPPLIERS.values() if one.dialect.startswith(release))
    sent_at = datetime.combine(EPOCH + timedelta(days=day), time(supplier.hour), UTC)
    header = Header(supplier.sender, sent_at, day + 1)

    def entries() -> Iterator[Entry]:
        for index in range(first, first + titles):
            title = make_title(SEED, supplier.house, index)
            if changed_every and index % changed_every == 0:
                title = replace(title, subtitle=f"{title.subtitle}, with a new afterword")
            yield Entry(title)

    return message(dialect, header, entries())


def path_of(receipt: Receipt, home: Home) -> Path:
    """The archived file."""
    return home.root / receipt.path
