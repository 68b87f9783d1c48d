"""The same titles in six dialects, and in the ways senders wrap them, are the same records."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from bindery.cli.document import document_of
from bindery.cli.document_model import RecordPart
from bindery.findings import Severity
from bindery.onix.dialects import DOCUMENT, INEXPRESSIBLE, Inexpressible, document
from bindery.onix.read import read_onix
from bindery.steps.read import open_message
from tests.onix.reading import MESSAGES, read_all, shortened
from tests.simulator import SUPPLIERS, Dialect, Entry, Header, Title, make_title, message

HEADER = Header("Northwind", datetime(2026, 3, 1, 6, tzinfo=UTC), 7)
SIX = tuple(dialect for dialect in get_args(Dialect) if dialect != "csv")
NOT_SAID = ("source", "unmapped")
"""Where a record lies and what it holds besides: of the file, not of the title."""


def _titles(count: int) -> list[Title]:
    return [make_title(11, SUPPLIERS["northwind"].house, index) for index in range(count)]


def _read(path: Path) -> list[dict[str, Any]]:
    with open_message(path, message_format="onix", mapping=None) as opened:
        read = document_of(path, opened, records=True, everything=True)
    assert read.records is not None
    assert read.counts.unreadable == 0
    return [{k: v for k, v in one.model_dump(mode="json").items() if k not in NOT_SAID} for one in read.records]


def _of_bytes(folder: Path, data: bytes) -> list[dict[str, Any]]:
    path = folder / "message.xml"
    path.write_bytes(data)
    return _read(path)


def _written(dialect: Dialect, titles: list[Title]) -> bytes:
    return b"".join(message(dialect, HEADER, map(Entry, titles)))


def _places(full: Any, other: Any, steps: list[str]) -> Iterator[tuple[Any, Any]]:
    """The things that hold a field, of both records, as far as both have them."""
    if not steps:
        yield full, other
        return
    name, *rest = steps
    inner = full[name.removesuffix("[]")], other[name.removesuffix("[]")]
    for one in zip(*inner, strict=False) if name.endswith("[]") else [inner]:
        yield from _places(*one, rest)


def _holds(one: Inexpressible, thing: dict[str, Any]) -> bool:
    beside, _, values = one.only.partition("=")
    return not one.only or thing[beside] in values.split("|")


def _forget(one: Inexpressible, full: dict[str, Any], other: dict[str, Any]) -> bool:
    """Takes what can't be expressed out of both records; says whether they differed in it."""
    *way, last = one.field.split(".")
    if last.endswith("[]"):
        last, before, after = last.removesuffix("[]"), [], []
        for both in list(_places(full, other, way)):
            before += [len(holder[last]) for holder in both]
            for holder in both:
                holder[last] = [item for item in holder[last] if not _holds(one, item)]
            after += [len(holder[last]) for holder in both]
        return before != after
    differed = False
    for mine, theirs in list(_places(full, other, way)):
        if _holds(one, mine):
            differed |= mine.get(last) != theirs.get(last)
            mine[last] = theirs[last] = "inexpressible"
    return differed


# Items go first, so that lists have the same length; what a condition looks at goes last.
ORDER = sorted(INEXPRESSIBLE, key=lambda one: (not one.field.endswith("[]"), one.only.partition("=")[0] in one.field))


def _same_but_for_the_list(release: str, full: list[dict[str, Any]], other: list[dict[str, Any]]) -> set[Inexpressible]:
    assert len(full) == len(other)
    used = set()
    for mine, theirs in zip(copy.deepcopy(full), copy.deepcopy(other), strict=True):
        used |= {one for one in ORDER if one.release == release and _forget(one, mine, theirs)}
        for field in mine:
            assert mine[field] == theirs[field], f"{release}: {field} of {mine['record_reference']}"
    return used


def _all_six(folder: Path, count: int) -> set[Inexpressible]:
    """Compares the titles in all six dialects; returns what of the list they needed."""
    titles = _titles(count)
    read = {dialect: _of_bytes(folder, _written(dialect, titles)) for dialect in SIX}
    assert len(SIX) == 6
    assert len(read["onix_3.1"]) == count
    for dialect in ("onix_3.0", "onix_3.0_short", "onix_3.1_short"):
        assert read[dialect] == read["onix_3.1"], dialect
    assert read["onix_2.1_short"] == read["onix_2.1"]
    return _same_but_for_the_list("2.1", read["onix_3.1"], read["onix_2.1"])


def test_titles_in_six_dialects_are_the_same_records(tmp_path: Path) -> None:
    assert _all_six(tmp_path, 40)


@pytest.mark.slow
def test_500_titles_in_six_dialects_differ_in_what_is_listed_and_in_nothing_else(tmp_path: Path) -> None:
    assert _all_six(tmp_path, 500) == set(INEXPRESSIBLE)


@pytest.mark.parametrize("twin", ["onix_2.1_short", "onix_3.0", "onix_3.0_short", "onix_3.1_short"])
def test_whole_records_are_equal_where_a_release_can_say_all(tmp_path: Path, twin: Dialect) -> None:
    """The record model itself, with what has no place in it: what is said twice must be counted alike."""
    first: Dialect = "onix_2.1" if twin == "onix_2.1_short" else "onix_3.1"
    whole = [_records(tmp_path, _written(dialect, _titles(60))) for dialect in (first, twin)]
    assert whole[0] == whole[1]


def _records(folder: Path, data: bytes) -> list[dict[str, Any]]:
    path = folder / "message.xml"
    path.write_bytes(data)
    return _whole(path)


def _whole(path: Path) -> list[dict[str, Any]]:
    _, parsed = read_all(path)
    return [{name: value for name, value in (one.record or {}).items() if name != "source"} for one in parsed]


def _differing(path: str, one: Any, other: Any) -> set[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        return {found for name in one for found in _differing(f"{path}.{name}", one[name], other[name])}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = zip(one, other, strict=True)
        return {found for mine, theirs in pairs for found in _differing(f"{path}[]", mine, theirs)}
    return set() if one == other else {path.removeprefix(".")}


def test_a_record_of_what_the_simulator_does_not_say() -> None:
    """Parts, ranges, alternative names, five kinds of dates, two taxes, two markets: by hand, in 3.1 and in 2.1."""
    paths = [MESSAGES / "rich_31.xml", MESSAGES / "rich_21.xml"]
    full, old = (_read(path) for path in paths)
    assert _same_but_for_the_list("2.1", full, old)
    (new_record,), (old_record,) = (_whole(path) for path in paths)
    for record in (new_record, old_record):
        record.pop("unmapped")
    assert _differing("", new_record, old_record) == {
        "descriptive.composition",
        "descriptive.collections[].type",
        "collateral.texts[].audiences",
        "collateral.resources[].audiences",
        "collateral.resources[].form",
        "publishing.dates[].format",
    }
    for path in paths:
        with read_onix(path, validate=Severity.WARN) as opened:
            assert [finding for parsed in opened.records() for finding in parsed.findings] == []


@pytest.mark.parametrize("release", ["3.0", "3.1"])
def test_its_twins_in_the_other_release_and_style(tmp_path: Path, release: str) -> None:
    text = (MESSAGES / "rich_31.xml").read_text("utf-8").replace("3.1", release)
    expected = _read(MESSAGES / "rich_31.xml")
    assert _of_bytes(tmp_path, text.encode()) == expected
    assert _of_bytes(tmp_path, shortened(text).encode()) == expected


def test_the_published_list_is_the_one_that_is_tested() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run: python -m bindery.onix.dialects"
    for one in INEXPRESSIBLE:
        assert one.field.partition(".")[0].removesuffix("[]") in RecordPart.model_fields


def _mixed(data: bytes) -> bytes:
    """Some composites of a message in short tags, in reference ones."""
    pairs = ((b"b221", b"ProductIDType"), (b"x409", b"TitleElementLevel"), (b"j396", b"ProductAvailability"))
    for short, long in pairs:
        data = data.replace(b"<%b>" % short, b"<%b>" % long).replace(b"</%b>" % short, b"</%b>" % long)
    return data


def _prefixed(data: bytes) -> bytes:
    return re.sub(rb"(</?)([a-zA-Z])", rb"\1onix:\2", data).replace(b" xmlns=", b" xmlns:onix=")


def _declared(data: bytes, encoding: str) -> bytes:
    return data.replace(b'encoding="UTF-8"', b'encoding="%b"' % encoding.encode())


def _recoded(encoding: str, declared: str | None = None) -> Callable[[bytes], bytes]:
    return lambda data: _declared(data, declared or encoding).decode().encode(encoding)


WRAPPED: dict[str, tuple[Dialect, Callable[[bytes], bytes]]] = {
    "mixed tags": ("onix_3.1_short", _mixed),
    "no namespace": ("onix_3.1", lambda data: re.sub(rb' xmlns="[^"]*"', b"", data)),
    "a wrong namespace": ("onix_3.0", lambda data: data.replace(b"//ns.editeur.org/", b"//www.editeur.org/")),
    "the other style's namespace": ("onix_3.0", lambda data: data.replace(b"/reference", b"/short")),
    "a byte order mark": ("onix_3.1", lambda data: b"\xef\xbb\xbf" + data),
    "white space before the declaration": ("onix_3.1", lambda data: b"\r\n" + data),
    "no declaration": ("onix_3.1", lambda data: data.partition(b"?>\n")[2]),
    "UTF-16": ("onix_3.1", _recoded("utf-16")),
    "UTF-16, big end first, without a mark": ("onix_3.1", _recoded("utf-16-be", "UTF-16")),
    "UTF-16 declared, UTF-8 sent": ("onix_3.1", lambda data: _declared(data, "UTF-16")),
    "Latin-1 declared, UTF-8 sent": ("onix_3.1", lambda data: _declared(data, "ISO-8859-1")),
    "a DOCTYPE of 3.0": (
        "onix_3.0",
        lambda data: data.replace(b"?>\n", b'?>\n<!DOCTYPE ONIXMessage SYSTEM "http://www.editeur.org/x.dtd">\n', 1),
    ),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_however_a_message_is_wrapped_its_records_are_the_same(tmp_path: Path, name: str) -> None:
    dialect, change = WRAPPED[name]
    plain = _written(dialect, _titles(12))
    changed = change(plain)
    assert changed != plain
    assert _of_bytes(tmp_path, changed) == _of_bytes(tmp_path, plain)


def test_a_prefix_changes_nothing(tmp_path: Path) -> None:
    titles = [title for title in _titles(40) if title.text_style == "escaped"][:10]
    plain = _written("onix_3.1", titles)
    assert _of_bytes(tmp_path, _prefixed(plain)) == _of_bytes(tmp_path, plain)


@pytest.mark.parametrize("dialect", ["onix_2.1", "onix_3.1", "onix_3.1_short"])
@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("iso-8859-1", "iso-8859-1"), ("cp1252", "windows-1252"), ("cp1252", "iso-8859-1"), ("cp1252", "UTF-8")],
)
def test_western_encodings_declared_right_and_wrong(
    tmp_path: Path, dialect: Dialect, encoding: str, declared: str
) -> None:
    titles = []
    for title in _titles(120):
        try:
            title.title.encode("iso-8859-1")
            _written(dialect, [title]).decode().encode(encoding)
        except UnicodeEncodeError:
            continue
        titles.append(title)
    plain = _written(dialect, titles[:20])
    changed = _recoded(encoding, declared)(plain)
    assert changed != plain
    assert any(byte > 127 for byte in changed)
    assert _of_bytes(tmp_path, changed) == _of_bytes(tmp_path, plain)
