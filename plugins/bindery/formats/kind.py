"""What a file looks like, by its first bytes; never by its name."""

from __future__ import annotations

import codecs
import mmap
import re
import struct
import zipfile
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a file looks like, in words for an error."""

    EMPTY = "an empty file"
    XML = "XML"
    HTML = "HTML (a web page, perhaps an error page)"
    JSON = "JSON"
    TEXT = "text (CSV)"
    XLSX = "XLSX"
    LOCKED = "an Excel workbook with a password"
    XLS = "XLS (BIFF)"
    GZIP = "gzip"
    ZIP = "ZIP"
    ARCHIVE = "an archive of a kind that isn't read (7z, RAR, xz, bzip2, zstd)"
    PNG = "PNG"
    JPEG = "JPEG"
    GIF = "GIF"
    PDF = "PDF"
    AUDIO = "an audio file"
    MARC = "MARC 21"
    BINARY = "binary data"


_MAGIC = (
    (b"\x1f\x8b", Kind.GZIP),
    (b"\x89PNG\r\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"GIF8", Kind.GIF),
    (b"%PDF-", Kind.PDF),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"Rar!", Kind.ARCHIVE),
    (b"\xfd7zXZ\0", Kind.ARCHIVE),
    (b"BZh", Kind.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Kind.ARCHIVE),
    (b"ID3", Kind.AUDIO),
    (b"fLaC", Kind.AUDIO),
    (b"OggS", Kind.AUDIO),
    (b"RIFF", Kind.AUDIO),
)
_MARC_LEADER = re.compile(rb"\d{5}[acdnp][a-z][a-z ]")
ZIP_DIRECTORY = 4 << 20
"""Bytes an archive's directory may have to be looked at; one of a thousand files has a tenth of that."""
_ZIP_END, _ZIP_END_64 = b"PK\x05\x06", b"PK\x06\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Microsoft's container of the nineties, which holds old workbooks and, today, encrypted ones."""

_COMPOUND_PARTS = (("EncryptedPackage", Kind.LOCKED), ("Workbook", Kind.XLS), ("Book", Kind.XLS))
_JSON_START = re.compile(rb"\{\s*(?:[\"}]|\Z)|\[\s*(?:[\[{\"\]\d-]|\Z)")
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")


def kind_of(path: Path) -> Kind:
    """What a file looks like."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        return Kind.EMPTY
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_ZIP_STARTS):
        return _kind_of_zip(path)
    if head.startswith(_COMPOUND):
        return _kind_of_compound(path)
    return _kind_of_text(head)


def zip_directory_size(path: Path) -> int:
    """Bytes of a ZIP archive's directory, by what its end says; the library reads it whole, however long it is."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 16) - 100))
        tail = file.read()
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) < at + 22:
        return 0
    (size,) = struct.unpack_from("<L", tail, at + 12)
    wide = tail.rfind(_ZIP_END_64, 0, at)
    if wide >= 0 and at >= wide + 56:
        (size,) = struct.unpack_from("<Q", tail, wide + 40)
    return int(size)


def _kind_of_zip(path: Path) -> Kind:
    if zip_directory_size(path) > ZIP_DIRECTORY:
        return Kind.ZIP
    try:
        with zipfile.ZipFile(path) as archive:
            return Kind.XLSX if "xl/workbook.xml" in archive.namelist() else Kind.ZIP
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Kind.ZIP


def _kind_of_compound(path: Path) -> Kind:
    """By the names of the parts in it, which are in UTF-16. A Word document is one too."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        for name, kind in _COMPOUND_PARTS:
            # A name in the directory begins its entry, and entries begin at multiples of 128 bytes.
            at = whole.find(name.encode("utf-16-le") + b"\0\0")
            while at != -1:
                if at % 128 == 0:
                    return kind
                at = whole.find(name.encode("utf-16-le") + b"\0\0", at + 1)
    return Kind.BINARY


def _kind_of_text(head: bytes) -> Kind:
    encoding = wide_encoding(head)
    plain = head.removeprefix(codecs.BOM_UTF8)
    if encoding:
        plain = head.decode(encoding, "ignore").removeprefix("\ufeff").replace("\0", "").encode("utf-8", "ignore")
    if not plain.strip(b"\0"):
        return Kind.BINARY
    start = plain.lstrip()[:200]
    if start.startswith(b"<"):
        return Kind.HTML if re.match(rb"<(!doctype\s+)?html\b", start, re.IGNORECASE) else Kind.XML
    if _JSON_START.match(start):
        return Kind.JSON
    if _MARC_LEADER.match(start) and b"\x1e" in head:
        return Kind.MARC
    controls = sum(1 for byte in plain if byte < 32 and byte not in b"\t\n\r\f\x1a")
    return Kind.BINARY if controls > len(plain) // 50 else Kind.TEXT


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 of either byte order, as Excel saves 'Unicode text': by its mark, or by the zeros beside ASCII letters."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    zeros = [head[start::2].count(0) for start in (0, 1)]
    if max(zeros) <= len(head) // 4 or min(zeros) > 0:
        return None
    return "utf-16-be" if zeros[0] else "utf-16-le"
