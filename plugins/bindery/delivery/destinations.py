"""Where packages go: a folder or an SFTP server, through the same three operations."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Protocol

import paramiko

from bindery.delivery.recipient import FolderDestination, Recipient
from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError, UnreachableError
from bindery.sftp import answering, open_sftp

_MAX_RECEIPT_BYTES = 16 << 20


class Destination(Protocol):
    """The recipient's side. Names are relative to the declared path, with forward slashes."""

    label: str

    def size(self, name: str) -> int | None:
        """A file's size in bytes; None where there is no such file."""
        ...

    def put(self, source: Path, name: str) -> None:
        """Copy a file there under a temporary name, then give it its own."""
        ...

    def read(self, name: str) -> bytes | None:
        """A small file's bytes; None where there is no such file."""
        ...


@contextmanager
def open_destination(recipient: Recipient, root: Path, endpoint: Endpoint | None) -> Iterator[Destination]:
    """Open a recipient's destination.

    Args:
        recipient: Whose.
        root: The home's root; a relative folder is taken from it.
        endpoint: Where the SFTP server is; not needed for a folder.

    Raises:
        ConfigurationError: The endpoint is missing, lacks the pinned host key, or is refused.
        UnreachableError: The server does not answer, or breaks off.
    """
    declared = recipient.destination
    if isinstance(declared, FolderDestination):
        try:
            yield _Folder(root / declared.path)
        except OSError as error:
            raise UnreachableError(
                f"the folder of {recipient.name} at {root / declared.path} failed: {error}",
                fix="See that it is mounted, writable and not full; the step tries again.",
            ) from error
        return
    if endpoint is None:
        raise ConfigurationError(
            f"Recipient {recipient.name} needs the connection {declared.connection!r}, and there is none.",
            fix=f"Create it in Airflow, or set AIRFLOW_CONN_{declared.connection.upper()}.",
        )
    who = f"recipient {recipient.name}"
    with open_sftp(endpoint, who=who, connection=declared.connection) as session:
        yield _Sftp(session, who, PurePosixPath(declared.path), f"sftp://{endpoint.host}:{endpoint.port or 22}")


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path
        self.label = str(path)

    def size(self, name: str) -> int | None:
        path = self._path / name
        return path.stat().st_size if path.is_file() else None

    def put(self, source: Path, name: str) -> None:
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.part")
        shutil.copyfile(source, temporary)
        temporary.replace(path)

    def read(self, name: str) -> bytes | None:
        path = self._path / name
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(_MAX_RECEIPT_BYTES + 1)


class _Sftp:
    def __init__(self, session: paramiko.SFTPClient, who: str, path: PurePosixPath, server: str) -> None:
        self._session = session
        self._who = who
        self._path = path
        self.label = f"{server}/{path}"

    def size(self, name: str) -> int | None:
        with answering(self._who, f"asked for the size of {name}"):
            try:
                found = self._session.stat(str(self._path / name))
            except FileNotFoundError:
                return None
            return found.st_size if stat.S_ISREG(found.st_mode or 0) else None

    def put(self, source: Path, name: str) -> None:
        path = self._path / name
        temporary = path.with_name(f".{path.name}.part")
        # Opened outside: a file of ours that is missing is not their failure.
        with source.open("rb") as file, answering(self._who, f"taking {name}"):
            self._make_folders(path.parent)
            self._session.putfo(file, str(temporary), confirm=True)
            self._rename(str(temporary), str(path))

    def read(self, name: str) -> bytes | None:
        with answering(self._who, f"sending {name}"):
            try:
                with self._session.open(str(self._path / name), "rb") as file:
                    return file.read(_MAX_RECEIPT_BYTES + 1)
            except FileNotFoundError:
                return None

    def _make_folders(self, folder: PurePosixPath) -> None:
        for part in (*reversed(folder.parents), folder):
            if str(part) not in (".", "/") and not self._exists(str(part)):
                # Another task may make the same folder first.
                with suppress(OSError):
                    self._session.mkdir(str(part))

    def _exists(self, path: str) -> bool:
        try:
            self._session.stat(path)
        except FileNotFoundError:
            return False
        return True

    def _rename(self, source: str, target: str) -> None:
        try:
            self._session.posix_rename(source, target)
        except OSError:
            # Servers without OpenSSH's extension cannot rename over a file.
            if self._exists(target):
                self._session.remove(target)
            self._session.rename(source, target)
