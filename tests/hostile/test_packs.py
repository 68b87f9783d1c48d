"""Hostile archives: bombs of every build, names that lead outside, sizes that lie."""

from __future__ import annotations

import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.hostile.jail import Jail
from tests.onix.reading import message, product

pytestmark = pytest.mark.slow

XML = message(product("a")).encode()
ZEROS = 600_000_000
"""Bytes: more than a child may write, so that a bomb that went off would kill it."""


def _zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def _deflated_zeros(size: int, wbits: int) -> bytes:
    packer, piece = zlib.compressobj(9, zlib.DEFLATED, wbits), bytes(1 << 20)
    return b"".join([*(packer.compress(piece) for _ in range(size >> 20)), packer.flush()])


@cache
def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("feed.xml", "w") as entry:
        for _ in range(ZEROS >> 20):
            entry.write(bytes(1 << 20))
    return out.getvalue()


def _nested(levels: int) -> bytes:
    data = XML
    for level in range(levels):
        data = _zipped((f"{level}.zip", data))
    return data


def _patched(data: bytes, mark: bytes, offset: int, form: str, value: int) -> bytes:
    """An archive with one number changed, in each of its headers of a kind."""
    changed = bytearray(data)
    at = changed.find(mark)
    while at >= 0:
        struct.pack_into(form, changed, at + offset, value)
        at = changed.find(mark, at + 1)
    return bytes(changed)


CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def _encrypted() -> bytes:
    return _patched(_patched(_zipped(("feed.xml", XML)), CENTRAL, 8, "<H", 1), LOCAL, 6, "<H", 1)


def _overlapping() -> bytes:
    """A thousand entries of 5 MB, all of them the same packed bytes."""
    one = _zipped(("0000", bytes(5_000_000)))
    start, end = one.index(CENTRAL), one.index(b"PK\x05\x06")
    directory = b"".join(one[start:end].replace(b"0000", b"%04d" % n) for n in range(1_000))
    return (
        one[:start] + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1_000, 1_000, len(directory), start, 0)
    )


def _many_entries(count: int) -> bytes:
    central = b"".join(
        struct.pack("<4s6H3L5H2L", CENTRAL, 20, 20, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0) + b"%07d" % n
        for n in range(count)
    )
    local = struct.pack("<4s5H3L2H", LOCAL, 20, 0, 0, 0, 0, 0, 0, 0, 7, 0) + b"0000000"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(central), len(local), 0)
    return local + central + end


def _link() -> bytes:
    entry = zipfile.ZipInfo("feed.xml")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def _lzma_of_four_gigabytes() -> bytes:
    """An LZMA entry whose header asks for a dictionary of 4 GB."""
    data = bytearray(_zipped(("feed.xml", XML), method=zipfile.ZIP_LZMA))
    at = data.index(b"feed.xml") + len(b"feed.xml")
    struct.pack_into("<L", data, at + 5, 0xFFFFFFFF)
    return bytes(data)


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "zip bomb": (_zip_bomb, "F2", "looks like a bomb"),
    "zip bomb that hides its size": (
        lambda: _patched(_patched(_zip_bomb(), CENTRAL, 24, "<L", 1_000), LOCAL, 22, "<L", 1_000),
        "F1",
        "can't be unpacked",
    ),
    "zip bomb that claims to be packed loosely": (
        lambda: _patched(_zip_bomb(), CENTRAL, 20, "<L", 1 << 30),
        "F2",
        "directory that doesn't fit it",
    ),
    "gzip bomb": (lambda: _deflated_zeros(ZEROS, 31), "F2", "looks like a bomb"),
    "gzip bomb of many members": (lambda: _deflated_zeros(20 << 20, 31) * 30, "F2", "looks like a bomb"),
    "zip in zip": (lambda: _nested(2), "F2", "packed twice: there is ZIP inside"),
    "zip nested a hundred times": (lambda: _nested(100), "F2", "packed twice: there is ZIP inside"),
    "zip in gzip": (lambda: gzip.compress(_zipped(("feed.xml", XML))), "F2", "packed twice: there is ZIP inside"),
    "gzip in zip": (lambda: _zipped(("feed.xml.gz", gzip.compress(XML))), "F2", "packed twice: there is gzip inside"),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(XML)), "F2", "packed twice: there is gzip inside"),
    "xz in gzip": (lambda: gzip.compress(lzma.compress(XML)), "F2", "packed twice: there is an archive"),
    "two messages": (lambda: _zipped(("a.xml", XML), ("b.xml", XML)), "F2", "holds 2 files (a.xml, b.xml"),
    "one message twice": (lambda: _zipped(("a.xml", XML), ("a.xml", XML)), "F2", "holds 2 files"),
    "nothing": (_zipped, "F2", "holds 0 files"),
    "2,000 entries": (lambda: _zipped(*((f"{n}.xml", b"") for n in range(2_000))), "F2", "holds 2,000 files"),
    "a million entries": (lambda: _many_entries(1_000_000), "F2", "too many files"),
    "entries that overlap": (_overlapping, "F2", "overlap"),
    "encrypted": (_encrypted, "F2", "encrypted"),
    "absolute name": (lambda: _zipped(("/etc/feed.xml", XML)), "F2", "leads outside: /etc/feed.xml"),
    "name that climbs": (lambda: _zipped(("../../feed.xml", XML)), "F2", "leads outside: ../../feed.xml"),
    "name that climbs later": (lambda: _zipped(("a/../../feed.xml", XML)), "F2", "leads outside"),
    "name that climbs the Windows way": (lambda: _zipped(("..\\feed.xml", XML)), "F2", "leads outside"),
    "name on a drive": (lambda: _zipped(("C:\\feed.xml", XML)), "F2", "leads outside"),
    "name on a share": (lambda: _zipped(("\\\\host\\feed.xml", XML)), "F2", "leads outside"),
    "clutter that climbs": (lambda: _zipped(("__MACOSX/../../x", b""), ("feed.xml", XML)), "F2", "leads outside"),
    "symbolic link": (_link, "F2", "symbolic link"),
    "LZMA that asks for 4 GB": (_lzma_of_four_gigabytes, "F2", "method that isn't read (lzma)"),
    "bzip2 in zip": (lambda: _zipped(("f", XML), method=zipfile.ZIP_BZIP2), "F2", "method that isn't read (bzip2)"),
    "size said too small": (
        lambda: _patched(_patched(_zipped(("feed.xml", XML)), CENTRAL, 24, "<L", 10), LOCAL, 22, "<L", 10),
        "F1",
        "can't be unpacked",
    ),
    "size said to be 4 GB": (lambda: _patched(_zipped(("feed.xml", XML)), CENTRAL, 24, "<L", 0xFFFFFFF0), "F2", "bomb"),
    "packed size said too large": (
        lambda: _patched(_zipped(("feed.xml", XML)), CENTRAL, 20, "<L", 0x7FFFFFF0),
        "F2",
        "directory that doesn't fit it",
    ),
    "wrong checksum": (lambda: _patched(_zipped(("feed.xml", XML)), CENTRAL, 16, "<L", 1), "F1", "CRC"),
    "a header elsewhere": (
        lambda: _patched(_zipped(("feed.xml", XML)), CENTRAL, 42, "<L", 5),
        "F1",
        "can't be unpacked",
    ),
    "a directory elsewhere": (
        lambda: _patched(_zipped(("feed.xml", XML)), b"PK\x05\x06", 16, "<L", 0x7FFFFFF0),
        "F2",
        "directory that doesn't fit it",
    ),
    "gzip cut off": (lambda: gzip.compress(XML)[:-9], "F1", "incomplete upload"),
    "gzip with a wrong checksum": (lambda: gzip.compress(XML)[:-8] + bytes(8), "F1", "can't be unpacked"),
    "gzip with something behind": (lambda: gzip.compress(XML) + b"#!/bin/sh", "F1", "can't be unpacked"),
    "gzip with a name of 5 MB": (
        lambda: b"\x1f\x8b\x08\x08" + bytes(6) + b"x" * 5_000_000,
        "F1",
        "incomplete upload",
    ),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), "F5", "an archive of a kind that isn't read"),
    "RAR": (lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100), "F5", "an archive of a kind that isn't read"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", REFUSED)
def test_hostile_archives_are_refused_by_name(tmp_path: Path, jail: Jail, name: str) -> None:
    build, rule, word = REFUSED[name]
    path = tmp_path / "deep" / "down" / "feed.zip"
    path.parent.mkdir(parents=True)
    path.write_bytes(build())
    before = sorted(tmp_path.rglob("*"))
    outcome = jail.read(path)
    assert outcome.rule == rule
    assert word in outcome.what
    outside = [one for one in sorted(tmp_path.rglob("*")) if not one.is_relative_to(path.parent / "feed.zip.jail")]
    assert outside == before


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: _zipped(("feed.xml", data))], ids=["gzip", "zip"])
def test_what_is_packed_well_within_the_ratio_is_read(
    tmp_path: Path, jail: Jail, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "feed"
    records = [product(f"r{n}", f"<EditionStatement>{n * 7919}</EditionStatement>") for n in range(2_000)]
    path.write_bytes(pack(message(*records).encode()))
    assert jail.read(path).received == 2_000
