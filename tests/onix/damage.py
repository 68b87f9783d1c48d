"""Ways to damage a message: what transports, exports and hands do to files, by the throw of seeded dice."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Damage = Callable[[Random, bytes], bytes]

_TAG = re.compile(rb"</?[A-Za-z][^<>]*>")
_SCRAPS = (
    *(b"<", b">", b"&", b"\0", b"\x10", b"\xff", b"\xc3", b"]]>", b"-->", b"?>", b"<!--", b"<![CDATA[", b"<?x ", b'"'),
    *(b"<Product>", b"</Product>", b"<product>", b"</product>", b"<Product/>", b'<Product a="', b"<x:Product>"),
    *(b"<ProductPart>", b"</ProductPart>", b"&nbsp;", b"&nosuch;", b"&#0;", b"<a>", b"</b>", b"<NoProduct/>"),
    *(b"<Header>", b"</Header>", b"<RecordReference>", b"<!-- x -->", b"<!DOCTYPE x>", b"<?xml version='1.0'?>"),
    *("é€日".encode(), "é".encode("latin-1"), "é".encode("utf-16"), b"\xed\xa0\x80", b"words", b" \n\t"),
)


def flip(dice: Random, data: bytes) -> bytes:
    """A few bits."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 3, 20))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def cut(dice: Random, data: bytes) -> bytes:
    """A stretch is lost."""
    start, end = _stretch(dice, data)
    return data[:start] + data[end:]


def double(dice: Random, data: bytes) -> bytes:
    """A stretch comes twice, or many times."""
    start, end = _stretch(dice, data)
    return data[:start] + data[start:end] * dice.choice((2, 2, 3, 20)) + data[end:]


def turn(dice: Random, data: bytes) -> bytes:
    """Two neighbouring stretches change places."""
    start, end = _stretch(dice, data)
    middle = dice.randint(start, end)
    return data[:start] + data[middle:end] + data[start:middle] + data[end:]


def unbalance(dice: Random, data: bytes) -> bytes:
    """A tag is lost."""
    tags = list(_TAG.finditer(data))
    if not tags:
        return cut(dice, data)
    tag = dice.choice(tags)
    return data[: tag.start()] + data[tag.end() :]


def rename(dice: Random, data: bytes) -> bytes:
    """A tag gets another's name."""
    tags = list(_TAG.finditer(data))
    if not tags:
        return flip(dice, data)
    one, other = dice.choice(tags), dice.choice(tags)
    return data[: one.start()] + other.group() + data[one.end() :]


def scrap(dice: Random, data: bytes) -> bytes:
    """Something is put in."""
    for _ in range(dice.choice((1, 1, 2, 4))):
        at = dice.randrange(len(data) + 1)
        data = data[:at] + dice.choice(_SCRAPS) + data[at:]
    return data


def encode(dice: Random, data: bytes) -> bytes:
    """A stretch is in another encoding."""
    start, end = _stretch(dice, data)
    piece = data[start:end].decode("utf-8", "replace") + dice.choice(("é", "“x”", "日本", ""))
    return (
        data[:start] + piece.encode(dice.choice(("latin-1", "cp1252", "utf-16", "shift_jis")), "replace") + data[end:]
    )


WAYS: tuple[Damage, ...] = (flip, cut, double, turn, unbalance, rename, scrap, encode)


def _stretch(dice: Random, data: bytes) -> tuple[int, int]:
    start = dice.randrange(len(data))
    return start, min(len(data), start + dice.choice((1, 5, 60, 900, 9_000)))
