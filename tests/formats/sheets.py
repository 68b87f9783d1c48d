"""Sheets for tests: read from bytes, and an old Excel workbook written by hand, since nothing writes one any more."""

from __future__ import annotations

import struct
from pathlib import Path

from bindery.catalogue.record import Record
from bindery.formats.kind import Kind
from bindery.formats.mapping import ColumnMapping, load_column_mapping
from bindery.formats.spreadsheet import SheetMessage, read_spreadsheet
from bindery.reading import ParsedRecord

MAPPINGS = Path(__file__).parent / "mappings"


def read_sheet(
    path: Path, mapping: ColumnMapping | str, kind: Kind = Kind.TEXT
) -> tuple[SheetMessage, list[ParsedRecord]]:
    if isinstance(mapping, str):
        mapping = load_column_mapping(mapping, MAPPINGS if (MAPPINGS / f"{mapping}.yaml").is_file() else None)
    with read_spreadsheet(path, mapping, kind) as sheet:
        return sheet, list(sheet.records())


def record(parsed: ParsedRecord) -> Record:
    assert parsed.record is not None, parsed.findings
    return parsed.record


def old_workbook(rows: list[list[str | float]], names: tuple[str, ...] = ("Titles",)) -> bytes:
    """BIFF8 in a compound file: the workbook's stream fills eight sectors and more, so that it needs no small ones.

    Its sheets are one and the same, under several names.
    """
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHH", row, column, 0) + text)
            else:
                sheet += _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    sheet += _record(0x000A, b"")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    begin += _record(0x0042, struct.pack("<H", 1200))
    told = [struct.pack("<BB", len(name), 0) + name.encode("latin-1") for name in names]
    offset = len(begin) + sum(4 + 6 + len(name) for name in told) + 4
    begin += b"".join(_record(0x0085, struct.pack("<IBB", offset, 0, 0) + name) for name in told)
    begin += _record(0x000A, b"")
    return _compound((begin + sheet).ljust(4608, b"\0"))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    sectors = -(-len(stream) // 512)
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    header += struct.pack("<108I", *[free] * 108)
    chain = [table, end, *range(3, 2 + sectors), end]
    allocation = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    entries = _entry("Root Entry", 5, 1, end, 0) + _entry("Workbook", 2, free, 2, len(stream))
    return header + allocation + entries.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    nothing = 0xFFFFFFFF
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, nothing, nothing, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
