"""Files as a person names them: pipes and standard input too, of any format, packed or not."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from bindery.errors import ConfigurationError, RefusedError
from bindery.findings import Severity
from bindery.formats.container import Limits, unpacked
from bindery.formats.kind import Kind
from bindery.formats.mapping import FOLDER, ColumnMapping, JsonMapping, load_mapping
from bindery.reading import Message
from bindery.steps.read import open_message

STDIN = Path("-")
_CHUNK = 1 << 20
_BYTES_COUNT = {Kind.XML, Kind.JSON, Kind.TEXT}
"""Kinds whose records are known by their place in the file."""


class How(NamedTuple):
    """How a person wants a file read: see the options of ``bindery read``."""

    mapping: str | None
    encoding: str | None
    validate: bool


class Opened(NamedTuple):
    """A file, opened.

    Attributes:
        path: The bytes as received.
        message: What they hold.
        size: Bytes in which records are counted; None where they are counted otherwise.
    """

    path: Path
    message: Message
    size: int | None


@contextmanager
def opened(path: Path, how: How) -> Iterator[Opened]:
    """Opens a file for as long as the context is open.

    Args:
        path: The file; ``-`` is standard input.
        how: How to read it.

    Yields:
        It, with its message.

    Raises:
        RefusedError: It can't be read at all.
        ConfigurationError: What is asked doesn't fit it.
    """
    if path.is_dir():
        raise RefusedError(f"{path} is a folder.", fix=f"Name files: {path}/*")
    with _at_hand(path) as file, unpacked(file) as (inner, kind):
        message_format = _format_of(file.name, kind, how.mapping)
        _check(file.name, message_format, how)
        with open_message(
            inner,
            message_format=message_format,
            mapping=how.mapping,
            name=file.name,
            encoding=how.encoding,
            validate=Severity.WARN if how.validate else None,
        ) as message:
            yield Opened(file, message, inner.stat().st_size if kind in _BYTES_COUNT else None)


@contextmanager
def _at_hand(path: Path) -> Iterator[Path]:
    """The file itself; of a pipe, which gives its bytes once, a copy."""
    if path != STDIN and (path.is_file() or not path.exists()):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="bindery-") as folder:
        copy = Path(folder) / ("stdin" if path == STDIN else path.name)
        if path == STDIN:
            _copy(sys.stdin.buffer, copy)
        else:
            with path.open("rb") as source:
                _copy(source, copy)
        yield copy


def _copy(source: IO[bytes], target: Path) -> None:
    limit, done = Limits().size, 0
    with target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            done += len(chunk)
            if done > limit:
                what = f"{target.name} gives more than {limit:,} bytes."
                raise RefusedError(what, fix="Save it to a file and look at its size.", rule="F2")
            out.write(chunk)


def _format_of(name: str, kind: Kind, mapping: str | None) -> str:
    """What a file is to be read as: as the mapping says, else as it looks."""
    if mapping is not None:
        declared = load_mapping(mapping)
        if kind is Kind.XML:
            what = f"{name} looks like XML, and mapping {mapping!r} is for {_wanted(declared)}."
            raise ConfigurationError(what, fix="Leave out --mapping: ONIX needs none.")
        return "json" if isinstance(declared, JsonMapping) else "spreadsheet"
    if kind in {Kind.TEXT, Kind.XLSX, Kind.XLS}:
        what = f"{name} looks like {kind}, and no column mapping says what its columns mean."
        there = ", ".join(_column_mappings())
        raise RefusedError(
            what, fix=f"Name a mapping (--mapping NAME, one of {there}), or write one: docs/formats.md.", rule="F5"
        )
    return "json" if kind is Kind.JSON else "onix"


def _wanted(mapping: ColumnMapping | JsonMapping) -> str:
    return "JSON" if isinstance(mapping, JsonMapping) else "sheets"


def _column_mappings() -> list[str]:
    names = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    return [name for name in names if isinstance(load_mapping(name), ColumnMapping)]


def _check(name: str, message_format: str, how: How) -> None:
    if message_format != "onix" and how.encoding is not None:
        raise ConfigurationError("--encoding is for ONIX only.", fix="Leave it out: it is detected for other formats.")
    if message_format != "onix" and how.validate:
        what = f"{name} is not ONIX, and no schema says what is valid."
        raise RefusedError(what, fix="Leave out --validate.")
