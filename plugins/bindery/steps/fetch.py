"""Fetch: from a supplier's folder into the archive."""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from wcmatch import glob

from bindery.claims import Receipt, RemoteFile
from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError
from bindery.feeds.archive import keep
from bindery.feeds.declaration import Feed
from bindery.feeds.transports import open_transport
from bindery.files import write_atomically
from bindery.home import Home

log = logging.getLogger(__name__)

UNFINISHED = ("**/*.part", "**/*.tmp", "**/*.filepart", "**/*.crdownload", "**/.*")
"""Names under which uploads are still under way (AUDIOBOOKS section 5, row 19)."""

_GLOB = glob.GLOBSTAR | glob.DOTMATCH | glob.FORCEUNIX
_FRESH = timedelta(minutes=5)
_PAUSE_SECONDS = 2.0


def list_messages(feed: Feed, feed_day: date, *, home: Home, endpoint: Endpoint | None) -> tuple[RemoteFile, ...]:
    """The files of one feed day that are complete.

    A file is left alone while its name says that it is unfinished, and while its size or time still changes between
    two looks; it is there again at the next look.

    Args:
        feed: The declaration; its ``files`` glob selects by name; ``**`` spans folders.
        feed_day: The day.
        home: A folder transport's relative path is taken from it.
        endpoint: Where a remote transport connects to.

    Returns:
        The files, sorted by name; empty where the supplier has none for the day.

    Raises:
        ConfigurationError: The declaration or its connection is wrong.
        UnreachableError: The supplier does not answer.
    """
    try:
        pattern = feed.files.format(feed_day=feed_day)
    except (KeyError, IndexError, ValueError) as error:
        raise ConfigurationError(
            f"The files glob {feed.files!r} of feed {feed.name} has an unknown placeholder.",
            fix="Only {feed_day} and {feed_day:%Y%m%d} stand for something.",
        ) from error
    prefix = _fixed_folder(pattern)

    def matching(found: tuple[RemoteFile, ...]) -> tuple[RemoteFile, ...]:
        return tuple(file for file in found if glob.globmatch(file.name, pattern, flags=_GLOB))

    with open_transport(feed, home=home, endpoint=endpoint) as transport:
        files = matching(transport.list(prefix))
        if any(_fresh(file) for file in files):
            time.sleep(_PAUSE_SECONDS)
            later = set(matching(transport.list(prefix)))
            moving = [file.name for file in files if file not in later]
            if moving:
                log.warning("Left alone, still being uploaded: %s", ", ".join(moving))
            files = tuple(file for file in files if file in later)
    unfinished = [file.name for file in files if _unfinished(file.name)]
    if unfinished:
        log.warning("Left alone, unfinished by name: %s", ", ".join(unfinished))
    return tuple(file for file in files if not _unfinished(file.name))


def fetch(feed: Feed, feed_day: date, file: RemoteFile, *, home: Home, endpoint: Endpoint | None) -> Receipt:
    """Bring one file's bytes into the archive.

    Args:
        feed: The declaration.
        feed_day: The day it was found on.
        file: As listed.
        home: Holds the archive and the receipts.
        endpoint: Where a remote transport connects to.

    Returns:
        The receipt, which is also kept in the home.

    Raises:
        UnreachableError: The supplier broke off, or the file is not the one listed any more.
    """
    with open_transport(feed, home=home, endpoint=endpoint) as transport:
        message_id, path, size = keep(
            transport.read(file.name), home=home, expected_size=file.size, name=f"{feed.name}: {file.name}"
        )
    receipt = Receipt(
        supplier=feed.supplier,
        feed=feed.name,
        feed_day=feed_day,
        name=file.name,
        message_id=message_id,
        path=path.relative_to(home.root).as_posix(),
        size=size,
        modified=file.modified,
    )
    write_atomically(_receipt_path(receipt, home), receipt.model_dump_json(indent=1).encode())
    return receipt


def receipts(feed: Feed, feed_day: date, *, home: Home) -> tuple[Receipt, ...]:
    """Every message received for a feed day, in the order of their names."""
    folder = home.receipts / feed.name / feed_day.isoformat()
    kept = (Receipt.model_validate_json(path.read_bytes()) for path in folder.glob("*.json"))
    return tuple(sorted(kept, key=lambda receipt: (receipt.name, receipt.message_id)))


def _receipt_path(receipt: Receipt, home: Home) -> Path:
    # The same name with other bytes is another arrival; the same name with the same bytes is the same one.
    arrival = hashlib.sha256(f"{receipt.name}\0{receipt.message_id}".encode()).hexdigest()[:32]
    return home.receipts / receipt.feed / receipt.feed_day.isoformat() / f"{arrival}.json"


def _fixed_folder(pattern: str) -> str:
    fixed = pattern
    for sign in "*?[":
        fixed = fixed.split(sign, 1)[0]
    return fixed[: fixed.rfind("/") + 1]


def _fresh(file: RemoteFile) -> bool:
    # The clock decides only whether to look twice, never what a message says.
    return file.modified is None or datetime.now(UTC) - file.modified < _FRESH


def _unfinished(name: str) -> bool:
    return bool(glob.globmatch(name, UNFINISHED, flags=_GLOB))
