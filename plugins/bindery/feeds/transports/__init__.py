"""Transports: how a supplier's files are listed and read. They only read; the state of a file is ours to keep."""

from __future__ import annotations

from contextlib import AbstractContextManager

from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError
from bindery.feeds.declaration import Feed, FolderTransport, HttpsTransport
from bindery.feeds.transports.base import Transport
from bindery.feeds.transports.folder import open_folder
from bindery.home import Home

__all__ = ["Transport", "open_transport"]


def open_transport(feed: Feed, *, home: Home, endpoint: Endpoint | None) -> AbstractContextManager[Transport]:
    """The transport a feed declares, ready to list and read.

    Args:
        feed: The declaration.
        home: A folder's relative path is taken from it.
        endpoint: Where a remote transport connects to; None for a folder.

    Raises:
        ConfigurationError: The feed needs a connection and none is given.
        UnreachableError: The supplier does not answer.
    """
    declared = feed.transport
    if isinstance(declared, FolderTransport):
        return open_folder(home.root / declared.path)
    if endpoint is None:
        raise ConfigurationError(
            f"Feed {feed.name} needs the connection {declared.connection!r}, and there is none.",
            fix=f"Create it in Airflow, or set AIRFLOW_CONN_{declared.connection.upper()}.",
        )
    if isinstance(declared, HttpsTransport):
        from bindery.feeds.transports.https import open_https  # noqa: PLC0415 - httpx is heavy at parse time

        return open_https(feed, declared, endpoint)
    from bindery.feeds.transports.sftp import open_sftp_transport  # noqa: PLC0415 - paramiko is heavy at parse time

    return open_sftp_transport(feed, declared, endpoint)
