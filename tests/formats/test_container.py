from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from bindery.errors import RefusedError
from bindery.formats.container import Limits, unpacked
from bindery.formats.kind import Kind, kind_of

XML = b"<ONIXMessage/>"
SMALL = Limits(size=1 << 20, ratio=100, free=10_000, entries=5)


def _zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def _refused(path: Path, limits: Limits = SMALL) -> RefusedError:
    with pytest.raises(RefusedError) as caught, unpacked(path, limits=limits) as (file, _):
        file.read_bytes()
    return caught.value


def test_what_is_not_packed_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_bytes(XML)
    with unpacked(path) as (file, kind):
        assert (file, kind) == (path, Kind.XML)


def test_gzip_and_zip_are_unpacked_whatever_the_name(tmp_path: Path) -> None:
    packed = tmp_path / "m.xml"
    packed.write_bytes(gzip.compress(XML))
    with unpacked(packed) as (file, kind):
        assert (file.read_bytes(), kind) == (XML, Kind.XML)
    archive = _zip(tmp_path / "m.zip", {"__MACOSX/._feed.xml": b"x", "feed.xml": XML})
    with unpacked(archive) as (file, kind):
        assert (file.read_bytes(), kind) == (XML, Kind.XML)


@pytest.mark.parametrize(
    ("entries", "word"),
    [
        ({"../feed.xml": XML}, "leads outside"),
        ({"/etc/feed.xml": XML}, "leads outside"),
        ({"a\\..\\feed.xml": XML}, "leads outside"),
        ({"a.xml": XML, "b.xml": XML}, "holds 2 files"),
        ({}, "holds 0 files"),
        ({f"{n}.xml": XML for n in range(6)}, "holds 6 files"),
        ({"inner.gz": gzip.compress(XML)}, "packed twice"),
        ({"bomb.xml": b"0" * 900_000}, "bomb"),
        ({"big.xml": b"0" * 2_000_000}, "bomb"),
    ],
)
def test_hostile_archives_are_refused_by_name(tmp_path: Path, entries: dict[str, bytes], word: str) -> None:
    error = _refused(_zip(tmp_path / "m.zip", entries))
    assert error.rule == "F2"
    assert word in error.what


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.gz"
    path.write_bytes(gzip.compress(b"0" * 900_000))
    assert (_refused(path).rule, list(tmp_path.iterdir())) == ("F2", [path])


def test_gzip_within_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.gz"
    path.write_bytes(gzip.compress(gzip.compress(XML)))
    assert "packed twice" in _refused(path).what


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "m.zip", {"feed.xml": XML})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert "encrypted" in _refused(path).what


@pytest.mark.parametrize("cut", [5, 15])
def test_a_cut_off_archive_is_an_incomplete_upload(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "m.gz"
    path.write_bytes(gzip.compress(XML * 50)[:-cut])
    error = _refused(path)
    assert (error.rule, "incomplete upload" in error.what) == ("F1", True)
    archive = _zip(tmp_path / "m.zip", {"feed.xml": XML})
    archive.write_bytes(archive.read_bytes()[:-cut])
    assert _refused(archive).rule == "F1"


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(1024, b"\0")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", Kind.EMPTY),
        (b"\xef\xbb\xbf <?xml version='1.0'?>", Kind.XML),
        ("\ufeff<ONIXMessage/>".encode("utf-16-le"), Kind.XML),
        (b"<!DOCTYPE html><html>", Kind.HTML),
        (b' {"a": 1}', Kind.JSON),
        (b"ISBN,Title\n", Kind.TEXT),
        (COMPOUND + "Root Entry".encode("utf-16-le"), Kind.BINARY),
        (COMPOUND + "Workbook\0\0".encode("utf-16-le"), Kind.XLS),
        (COMPOUND + "EncryptedPackage\0\0".encode("utf-16-le"), Kind.LOCKED),
        (b"[ISBN],[Title]\n", Kind.TEXT),
        (b'[\n {"a": 1}]', Kind.JSON),
        ("\ufeffISBN\tTitle\r\n".encode("utf-16-le"), Kind.TEXT),
        (b"\x89PNG\r\n\x1a\n", Kind.PNG),
        (b"%PDF-1.7", Kind.PDF),
        (bytes(range(1, 9)) * 9, Kind.BINARY),
    ],
)
def test_files_are_known_by_their_first_bytes(tmp_path: Path, head: bytes, kind: Kind) -> None:
    path = tmp_path / "file.xml"
    path.write_bytes(head)
    assert kind_of(path) is kind
