"""A folder on an SFTP server."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import paramiko

from bindery.claims import RemoteFile
from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError, UnreachableError
from bindery.feeds.declaration import Feed, SftpTransport
from bindery.feeds.transports.base import CHUNK, contained
from bindery.sftp import open_sftp


class Sftp:
    """Files under a folder of a server. Links are left alone."""

    def __init__(self, session: paramiko.SFTPClient, feed: Feed, declared: SftpTransport) -> None:
        self._session = session
        self._feed = feed
        self._root = declared.path

    def list(self, prefix: str) -> tuple[RemoteFile, ...]:
        """See ``Transport.list``."""
        try:
            self._session.stat(self._root)
        except FileNotFoundError as error:
            raise ConfigurationError(
                f"There is no folder {self._root} at {self._feed.supplier}.",
                fix=f"Correct the path of feed {self._feed.name}.",
            ) from error
        try:
            return tuple(sorted(self._walk(prefix.rstrip("/")), key=lambda file: file.name))
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise UnreachableError(
                f"{self._feed.supplier} broke off while listing: {error}.", fix="Try again later."
            ) from error

    def _walk(self, folder: str) -> Iterator[RemoteFile]:
        try:
            entries = self._session.listdir_attr(posixpath.join(self._root, folder))
        except FileNotFoundError:
            return
        for entry in entries:
            name = contained(posixpath.join(folder, entry.filename))
            mode = entry.st_mode or 0
            if stat.S_ISDIR(mode):
                yield from self._walk(name)
            elif stat.S_ISREG(mode):
                modified = None if entry.st_mtime is None else datetime.fromtimestamp(entry.st_mtime, UTC)
                yield RemoteFile(name=name, size=entry.st_size, modified=modified)

    def read(self, name: str) -> Iterator[bytes]:
        """See ``Transport.read``."""
        try:
            with self._session.open(posixpath.join(self._root, contained(name)), "rb") as file:
                file.prefetch()
                while piece := file.read(CHUNK):
                    yield piece
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise UnreachableError(
                f"{self._feed.supplier} broke off while sending {name}: {error}.", fix="Try again later."
            ) from error


@contextmanager
def open_sftp_transport(feed: Feed, declared: SftpTransport, endpoint: Endpoint) -> Iterator[Sftp]:
    """The feed's folder on the server.

    Raises:
        ConfigurationError: The host key is not the pinned one, or the login is refused.
        UnreachableError: The server does not answer.
    """
    with open_sftp(endpoint, f"feed {feed.name}") as session:
        yield Sftp(session, feed, declared)
