"""A real SFTP server on loopback, serving one folder; and ways to make it fail."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh

HOST = "127.0.0.1"
_WRITES = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC


@dataclass(slots=True)
class Trouble:
    """How a server misbehaves. It may be changed while the server runs; every server shares this form.

    Attributes:
        drop_after: The connection breaks once so many bytes of files were sent on it or received; None for never.
        refuse_listing: Folders can't be listed.
        slow_upload: Seconds to wait for each piece that is written.
    """

    drop_after: int | None = None
    refuse_listing: bool = False
    slow_upload: float = 0.0


@dataclass(frozen=True, slots=True)
class SftpSite:
    """A running SFTP server.

    Attributes:
        host_key: As in ``known_hosts``, without the host: ``ssh-ed25519 AAAA…``.
        trouble: Change it to make the server fail.
    """

    host: str
    port: int
    host_key: str
    user: str
    password: str
    folder: Path
    trouble: Trouble


class _Files(asyncssh.SFTPServer):
    """The folder, as one connection sees it."""

    def __init__(
        self, channel: asyncssh.SSHServerChannel[bytes], folder: Path, trouble: Trouble, *, read_only: bool
    ) -> None:
        super().__init__(channel, chroot=str(folder).encode())
        self._channel = channel
        self._trouble = trouble
        self._read_only = read_only
        self._passed = 0

    def _count(self, size: int) -> None:
        self._passed += size
        limit = self._trouble.drop_after
        if limit is not None and self._passed > limit:
            self._channel.get_connection().abort()
            raise asyncssh.SFTPConnectionLost("dropped on purpose")

    def _may_write(self) -> None:
        if self._read_only:
            raise asyncssh.SFTPPermissionDenied("this server is read-only")

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if pflags & _WRITES:
            self._may_write()
        return super().open(path, pflags, attrs)

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        read = super().read(file_obj, offset, size)
        data = await read if inspect.isawaitable(read) else read
        self._count(len(data))
        return data

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        self._count(len(data))
        if self._trouble.slow_upload:
            await asyncio.sleep(self._trouble.slow_upload)
        written = super().write(file_obj, offset, data)
        return await written if inspect.isawaitable(written) else written

    def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        if self._trouble.refuse_listing:
            raise asyncssh.SFTPPermissionDenied("listing is refused on purpose")
        return super().scandir(path)

    def remove(self, path: bytes) -> Awaitable[None] | None:
        self._may_write()
        return super().remove(path)

    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Awaitable[None] | None:
        self._may_write()
        return super().mkdir(path, attrs)

    def rmdir(self, path: bytes) -> Awaitable[None] | None:
        self._may_write()
        return super().rmdir(path)

    def rename(self, oldpath: bytes, newpath: bytes) -> Awaitable[None] | None:
        self._may_write()
        return super().rename(oldpath, newpath)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> Awaitable[None] | None:
        self._may_write()
        return super().posix_rename(oldpath, newpath)

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Awaitable[None] | None:
        self._may_write()
        return super().setstat(path, attrs)

    def symlink(self, oldpath: bytes, newpath: bytes) -> Awaitable[None] | None:
        del oldpath, newpath
        raise asyncssh.SFTPPermissionDenied("links are not for suppliers")

    def link(self, oldpath: bytes, newpath: bytes) -> Awaitable[None] | None:
        del oldpath, newpath
        raise asyncssh.SFTPPermissionDenied("links are not for suppliers")


class _Door(asyncssh.SSHServer):
    """Lets in one user, by password or key."""

    def __init__(self, user: str, password: str, key: asyncssh.SSHKey | None) -> None:
        self._user = user
        self._password = password
        self._key = key

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (self._user, self._password)

    def public_key_auth_supported(self) -> bool:
        return self._key is not None

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return self._key is not None and username == self._user and key.public_data == self._key.public_data


def host_key(path: Path | None = None) -> asyncssh.SSHKey:
    """A new Ed25519 host key; with ``path`` the one kept there, so that a pinned key still holds after a restart."""
    if path is not None and path.exists():
        return asyncssh.read_private_key(str(path))
    key = asyncssh.generate_private_key("ssh-ed25519")
    if path is not None:
        path.touch(mode=0o600)
        key.write_private_key(str(path))
    return key


@contextmanager
def sftp_server(
    folder: Path,
    *,
    user: str = "bindery",
    password: str = "loopback",  # noqa: S107 - opens nothing but a server of the tests
    authorized_key: str | None = None,
    key: asyncssh.SSHKey | None = None,
    port: int = 0,
    read_only: bool = False,
    trouble: Trouble | None = None,
) -> Iterator[SftpSite]:
    """Serve a folder over SFTP on loopback until the block ends. Nothing outside the folder can be seen.

    Args:
        folder: Its root.
        user: Who may enter.
        password: With what.
        authorized_key: A public key in OpenSSH form that lets the user in as well.
        key: The host key; a new one by default.
        port: 0 for a free one.
        read_only: Whether writing is refused.
        trouble: How it misbehaves.
    """
    own = key or host_key()
    public = asyncssh.import_public_key(authorized_key) if authorized_key else None
    trouble = trouble or Trouble()

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            lambda: _Door(user, password, public),
            HOST,
            port,
            server_host_keys=[own],
            sftp_factory=lambda channel: _Files(channel, folder.resolve(), trouble, read_only=read_only),
            allow_scp=False,
        )

    async def stop(acceptor: asyncssh.SSHAcceptor) -> None:
        acceptor.close()
        await acceptor.wait_closed()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sftp", daemon=True)
    thread.start()
    try:
        acceptor = asyncio.run_coroutine_threadsafe(start(), loop).result(30)
        line = own.export_public_key().decode().split()
        try:
            yield SftpSite(HOST, acceptor.get_port(), " ".join(line[:2]), user, password, folder, trouble)
        finally:
            asyncio.run_coroutine_threadsafe(stop(acceptor), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
