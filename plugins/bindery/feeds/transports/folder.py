"""A folder on this machine or a mount."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bindery.claims import RemoteFile
from bindery.errors import ConfigurationError, UnreachableError
from bindery.feeds.transports.base import CHUNK, contained


class Folder:
    """Files under a root; links that lead out of it are left alone."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def list(self, prefix: str) -> tuple[RemoteFile, ...]:
        """See ``Transport.list``."""
        start = self._root / prefix
        found = []
        for path in sorted(start.rglob("*")) if start.is_dir() else ():
            if path.is_file() and path.resolve().is_relative_to(self._root):
                state = path.stat()
                found.append(
                    RemoteFile(
                        name=path.relative_to(self._root).as_posix(),
                        size=state.st_size,
                        modified=datetime.fromtimestamp(state.st_mtime, UTC),
                    )
                )
        return tuple(found)

    def read(self, name: str) -> Iterator[bytes]:
        """See ``Transport.read``."""
        try:
            with (self._root / contained(name)).open("rb") as file:
                while piece := file.read(CHUNK):
                    yield piece
        except OSError as error:
            raise UnreachableError(
                f"{name} can't be read: {error.strerror}.", fix="Try again; it may be gone."
            ) from error


@contextmanager
def open_folder(root: Path) -> Iterator[Folder]:
    """A folder ready to list and read.

    Raises:
        ConfigurationError: There is no such folder.
    """
    if not root.is_dir():
        raise ConfigurationError(f"There is no folder {root}.", fix="Create or mount it, or correct the feed's path.")
    yield Folder(root)
