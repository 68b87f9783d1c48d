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
from bindery.errors import ConfigurationError
from bindery.feeds.declaration import Feed, SftpTransport
from bindery.feeds.transports.base import CHUNK, contained
from bindery.sftp import answering, open_sftp


class Sftp:
    """Files under a folder of a server. Links are left alone."""

    def __init__(self, session: paramiko.SFTPClient, feed: Feed, declared: SftpTransport) -> None:
        self._session = session
        self._feed = feed
        self._who = f"feed {feed.name}"
        self._root = declared.path

    def list(self, prefix: str) -> tuple[RemoteFile, ...]:
        """See ``Transport.list``."""
        with answering(self._who, "listing its files"):
            try:
                self._session.stat(self._root)
            except FileNotFoundError as error:
                raise ConfigurationError(
                    f"There is no folder {self._root} at {self._feed.supplier}.",
                    fix=f"Correct the path of feed {self._feed.name}.",
                ) from error
            return tuple(sorted(self._walk(prefix.rstrip("/")), key=lambda file: file.name))

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
        path = posixpath.join(self._root, contained(name))
        with answering(self._who, f"sending {name}"), self._session.open(path, "rb") as file:
            file.prefetch()
            while piece := file.read(CHUNK):
                yield piece


@contextmanager
def open_sftp_transport(feed: Feed, declared: SftpTransport, endpoint: Endpoint) -> Iterator[Sftp]:
    """The feed's folder on the server.

    Raises:
        ConfigurationError: The host key is not the pinned one, or the login is refused.
        UnreachableError: The server does not answer.
    """
    with open_sftp(endpoint, who=f"feed {feed.name}", connection=declared.connection) as session:
        yield Sftp(session, feed, declared)
