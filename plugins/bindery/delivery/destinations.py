"""Where packages go: a folder or an SFTP server, through the same three operations."""

from __future__ import annotations

import base64
import binascii
import os
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

_TIMEOUT_SECONDS = 30.0
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
    if endpoint is None or not endpoint.host:
        raise ConfigurationError(
            f"recipient {recipient.name} is sent to over SFTP, and connection {declared.connection} names no host",
            fix=f"Set the Airflow connection {declared.connection} with host, login, password and host_key.",
        )
    with _sftp_session(recipient.name, declared.connection, endpoint) as session:
        yield _Sftp(session, PurePosixPath(declared.path), f"sftp://{endpoint.host}:{endpoint.port or 22}")


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


@contextmanager
def _sftp_session(recipient: str, connection: str, endpoint: Endpoint) -> Iterator[paramiko.SFTPClient]:
    host, port = str(endpoint.host), endpoint.port or 22
    client = paramiko.SSHClient()
    key = _pinned_key(connection, endpoint.host_key)
    client.get_host_keys().add(host if port == 22 else f"[{host}]:{port}", key.get_name(), key)
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    try:
        client.connect(
            host,
            port,
            username=endpoint.login,
            password=endpoint.password.get_secret_value() if endpoint.password else None,
            look_for_keys=False,
            allow_agent=False,
            timeout=_TIMEOUT_SECONDS,
            banner_timeout=_TIMEOUT_SECONDS,
            auth_timeout=_TIMEOUT_SECONDS,
            channel_timeout=_TIMEOUT_SECONDS,
        )
        session = client.open_sftp()
        channel = session.get_channel()
        if channel is not None:
            channel.settimeout(_TIMEOUT_SECONDS)
        yield session
    except (paramiko.BadHostKeyException, paramiko.AuthenticationException) as error:
        raise ConfigurationError(
            f"{recipient}: {host}:{port} was refused: {error}",
            fix=f"Compare login, password and host_key of connection {connection} with what {recipient} told us. "
            "A changed host key may mean that another machine answers.",
        ) from error
    except paramiko.SSHException as error:
        if "not found in known_hosts" in str(error) or "nown host" in str(error):
            raise ConfigurationError(
                f"{recipient}: {host}:{port} shows another kind of host key than the pinned one: {error}",
                fix=f"Compare host_key of connection {connection} with what {recipient} told us.",
            ) from error
        raise _broken_off(recipient, host, port, error) from error
    except (OSError, EOFError) as error:
        raise _broken_off(recipient, host, port, error) from error
    finally:
        client.close()


def _broken_off(recipient: str, host: str, port: int, error: Exception) -> UnreachableError:
    return UnreachableError(
        f"{recipient}: {host}:{port} did not answer, or broke off: {error!r}",
        fix="The step tries again; if it goes on, ask the recipient whether the server is up.",
    )


def _pinned_key(connection: str, stated: str | None) -> paramiko.PKey:
    parts = (stated or "").split()
    try:
        kind, encoded = parts[0], parts[1]
        return paramiko.PKey.from_type_string(kind, base64.b64decode(encoded, validate=True))
    except (IndexError, binascii.Error, ValueError, paramiko.SSHException, paramiko.pkey.UnknownKeyType) as error:
        raise ConfigurationError(
            f"connection {connection} has no usable host_key",
            fix="Put the server's public key there, '<type> <base64>', as the recipient published it. "
            "Without it any machine could take our deliveries.",
        ) from error


class _Sftp:
    def __init__(self, session: paramiko.SFTPClient, path: PurePosixPath, server: str) -> None:
        self._session = session
        self._path = path
        self.label = f"{server}/{path}"

    def size(self, name: str) -> int | None:
        try:
            found = self._session.stat(str(self._path / name))
        except FileNotFoundError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode or 0) else None

    def put(self, source: Path, name: str) -> None:
        path = self._path / name
        self._make_folders(path.parent)
        temporary = path.with_name(f".{path.name}.part")
        self._session.put(os.fspath(source), str(temporary), confirm=True)
        self._rename(str(temporary), str(path))

    def read(self, name: str) -> bytes | None:
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
