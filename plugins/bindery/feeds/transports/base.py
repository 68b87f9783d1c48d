"""What every transport offers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Protocol

from bindery.claims import RemoteFile
from bindery.errors import RefusedError

CHUNK = 1 << 20
"""Bytes read at a time."""


class Transport(Protocol):
    """An open way to one feed's files."""

    def list(self, prefix: str) -> tuple[RemoteFile, ...]:
        """The files whose folder starts with ``prefix`` (a folder path, ``""`` for all), sorted by name.

        Raises:
            UnreachableError: The supplier does not answer.
        """
        ...

    def read(self, name: str) -> Iterator[bytes]:
        """A file's bytes, in pieces.

        Raises:
            UnreachableError: The supplier breaks off, or the file is gone.
        """
        ...


def contained(name: str) -> str:
    """A remote name that stays inside the feed's folder.

    Raises:
        RefusedError: It is absolute, climbs out, or holds a control character or backslash.
    """
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or any(ord(sign) < 32 for sign in name):
        raise RefusedError(
            f"The supplier offers a file named {name!r}, which points outside its folder.",
            fix="Ask the supplier to offer plain file names.",
            rule="F2",
        )
    return name
