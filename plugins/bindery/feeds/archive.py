"""The archive: received bytes, immutable, by SHA-256, kept before anything reads them (law 4)."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bindery.errors import UnreachableError
from bindery.home import Home


def keep(pieces: Iterable[bytes], *, home: Home, expected_size: int | None, name: str) -> tuple[str, Path, int]:
    """Store bytes under their SHA-256. The same bytes are stored once; killed half-way, nothing is stored.

    Args:
        pieces: The bytes.
        home: Holds the archive.
        expected_size: What the listing said; None where it said nothing.
        name: The file's name, for the error's text.

    Returns:
        The SHA-256 in lower-case hex, the path in the archive, the size in bytes.

    Raises:
        UnreachableError: Fewer or more bytes came than were listed: the file is still being written.
    """
    home.archive.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    handle, temporary = tempfile.mkstemp(dir=home.archive, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if expected_size is not None and size != expected_size:
            raise UnreachableError(
                f"{name} was listed with {expected_size} bytes and came with {size}.",
                fix="It was left alone; it is probably still being uploaded. Try again later.",
            )
        message_id = digest.hexdigest()
        path = home.archive / message_id[:2] / message_id
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            Path(temporary).chmod(0o444)
            Path(temporary).replace(path)
        return message_id, path, size
    finally:
        Path(temporary).unlink(missing_ok=True)
