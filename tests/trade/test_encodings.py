from __future__ import annotations

import codecs

import pytest

from bindery.trade.encodings import iana_name


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        ("ISO-8859-1", "iso-8859-1"),
        ("latin1", "iso-8859-1"),
        ("ISO_8859-15", "iso-8859-15"),
        ("Windows-1252", "windows-1252"),
        ("cp1250", "windows-1250"),
        ("US-ASCII", "us-ascii"),
        ("UTF-16LE", "utf-16le"),
        ("KOI8-R", "koi8-r"),
        ("Shift_JIS", "shift_jis"),
        ("EUC-JP", "euc-jp"),
        ("cp437", "ibm437"),
    ],
)
def test_encodings_are_named_as_iana_names_them(declared: str, written: str) -> None:
    name = iana_name(codecs.lookup(declared).name)
    assert name == written
    assert codecs.lookup(name).name == codecs.lookup(declared).name
