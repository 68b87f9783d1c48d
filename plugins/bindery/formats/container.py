"""Files that come packed: gzip, or ZIP with one file in it; one level, within limits (rule F2, AUDIOBOOKS 5, row 21).

Nothing is written under a name from an archive, so no name can lead out of the folder; a name that tries is refused all
the same, because its sender is either broken or hostile.
"""

from __future__ import annotations

import gzip
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from bindery.errors import RefusedError
from bindery.formats.kind import ZIP_DIRECTORY, Kind, kind_of, zip_directory_size

_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_READ_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The others can ask for gigabytes of memory by a number in the archive."""
_OTHER_METHODS = {zipfile.ZIP_BZIP2: "bzip2", zipfile.ZIP_LZMA: "lzma", 9: "deflate64", 93: "zstd", 95: "xz"}
_LOCAL_HEADER = 30
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True)
class Limits:
    """What a packed file may grow to.

    Attributes:
        size: Bytes when unpacked.
        ratio: Times its packed size, once it is larger than ``free``. Feeds come to 10 to 40.
        free: Bytes below which the ratio doesn't matter.
        entries: Files in an archive.
    """

    size: int = 4 << 30
    ratio: int = 100
    free: int = 10 << 20
    entries: int = 1000


@contextmanager
def unpacked(path: Path, *, name: str | None = None, limits: Limits | None = None) -> Iterator[tuple[Path, Kind]]:
    """The file itself, or what is packed in it, for as long as the context is open.

    Args:
        path: The file as received.
        name: What to call it in errors.
        limits: Limits to hold it to.

    Yields:
        Path of the unpacked file, and what it looks like.

    Raises:
        RefusedError: It grows beyond the limits, is encrypted, damaged or packed twice, or doesn't hold one file.
    """
    name, limits = name or path.name, limits or Limits()
    kind = kind_of(path)
    if kind is Kind.XLSX:
        _check_archive(path, name, limits)
    if kind not in {Kind.GZIP, Kind.ZIP}:
        yield path, kind
        return
    with tempfile.TemporaryDirectory(prefix="bindery-") as folder:
        target = Path(folder) / "message"
        if kind is Kind.GZIP:
            _gunzip(path, target, name, limits)
        else:
            _unzip(path, target, name, limits)
        inner = kind_of(target)
        if inner in {Kind.GZIP, Kind.ZIP, Kind.ARCHIVE}:
            raise _refused(f"{name} is packed twice: there is {inner} inside.", "Ask the sender to pack it once.")
        if inner is Kind.XLSX:
            _check_archive(target, name, limits)
        yield target, inner


def _refused(what: str, fix: str) -> RefusedError:
    return RefusedError(what, fix=fix, rule="F2")


def _broken(name: str, error: Exception) -> RefusedError:
    what = f"{name} is an incomplete upload: it can't be unpacked ({error})."
    return RefusedError(what, fix="Ask the sender to upload it again.", rule="F1")


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, packed: int, name: str, limits: Limits) -> None:
    done = 0
    with target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            done += len(chunk)
            if done > limits.size or (done > limits.free and done > limits.ratio * max(packed, 1)):
                what = f"{name} unpacks to more than {done:,} bytes from {packed:,}: it looks like a bomb."
                raise _refused(what, "Ask the sender what it is; nothing of it was read.")
            out.write(chunk)


def _gunzip(path: Path, target: Path, name: str, limits: Limits) -> None:
    try:
        with gzip.open(path, "rb") as source:
            _copy(source, target, path.stat().st_size, name, limits)
    except (EOFError, OSError, zlib.error) as error:
        raise _broken(name, error) from None


def _unzip(path: Path, target: Path, name: str, limits: Limits) -> None:
    entries = [entry for entry in _check_archive(path, name, limits) if not _is_clutter(entry)]
    if len(entries) != 1:
        names = ", ".join(entry.filename for entry in entries[:3])
        what = f"{name} holds {len(entries)} files" + (f" ({names}, …)." if entries else ".")
        raise _refused(what, "Ask the sender for one message a file.")
    try:
        with zipfile.ZipFile(path) as archive, archive.open(entries[0]) as source:
            _copy(source, target, max(entries[0].compress_size, 1), name, limits)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise _broken(name, error) from None


def _is_clutter(entry: zipfile.ZipInfo) -> bool:
    return entry.is_dir() or entry.filename.startswith(_CLUTTER[0]) or PurePosixPath(entry.filename).name in _CLUTTER


def _check_archive(path: Path, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """The archive's directory, held to the limits before anything is unpacked."""
    if (size := zip_directory_size(path)) > ZIP_DIRECTORY:
        raise _refused(f"{name} has a directory of {size:,} bytes: too many files.", "Ask for one message a file.")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _broken(name, error) from None
    if len(entries) > limits.entries:
        raise _refused(f"{name} holds {len(entries):,} files.", "Ask the sender for one message a file.")
    for entry in entries:
        _check_entry(entry, name)
    _check_places(entries, path.stat().st_size, name)
    grown, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if grown > limits.size or (grown > limits.free and grown > limits.ratio * max(packed, 1)):
        what = f"{name} unpacks to {grown:,} bytes from {packed:,}: it looks like a bomb."
        raise _refused(what, "Ask the sender what it is; nothing of it was read.")
    return entries


def _check_places(entries: list[zipfile.ZipInfo], size: int, name: str) -> None:
    """Entries that share packed bytes are one bomb many times over; one that claims more than there is hides a bomb."""
    behind = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
        if entry.header_offset < 0 or end > size:
            what = (
                f"{name} has a directory that doesn't fit it: {entry.filename} would end at byte {end:,} of {size:,}."
            )
            raise _refused(what, "Ask the sender to pack it again.")
        if entry.header_offset < behind:
            raise _refused(f"{name} holds files that overlap: it looks like a bomb.", "Ask the sender what it is.")
        behind = end


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    inner = entry.filename.replace("\\", "/")
    if inner.startswith("/") or ":" in inner.split("/")[0] or ".." in inner.split("/"):
        raise _refused(f"{name} holds a file whose name leads outside: {entry.filename}.", "Ask the sender what it is.")
    if entry.flag_bits & _ENCRYPTED:
        raise _refused(f"{name} is encrypted.", "Ask the sender for the file without a password.")
    if entry.compress_type not in _READ_METHODS and not entry.is_dir():
        method = _OTHER_METHODS.get(entry.compress_type, f"number {entry.compress_type}")
        raise _refused(f"{name} is packed by a method that isn't read ({method}).", "Ask for ZIP with deflate.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refused(f"{name} holds a symbolic link: {entry.filename}.", "Ask the sender for the file itself.")
