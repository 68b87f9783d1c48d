"""No silent loss (FEATURES P7): every leaf of every release is in the record, or it is counted as left over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bindery.catalogue.record import Record
from bindery.reading import ParsedRecord
from tests.onix.reading import read_bytes
from tests.onix.whole_schema import header, is_flag, leaf_paths, record

RELEASES = ("2.1", "3.0", "3.1")

STATED = {
    # Texts that become something else, and what they become.
    "Product/ContentDetail/ContentItem/AVItem/TimeRun/StartTime": ("0010203", '"start_seconds": 3723.0'),
    "Product/ContentDetail/ContentItem/AVItem/TimeRun/EndTime": ("0020304", '"end_seconds": 7384.0'),
    "Product/ContentDetail/ContentItem/AVItem/AVDuration": ("0030405", '"duration_seconds": 11045.0'),
    "Product/OtherText/TextTypeCode": ("17", '"type": "05"'),
    "Product/MediaFile/MediaFileTypeCode": ("44", '"content_type": "15"'),
    "Product/MediaFile/MediaFileDate": ("20260301", '"date": "2026-03-01"'),
    # Flags.
    "Product/DescriptiveDetail/Subject/MainSubject": ("", '"main": true'),
    "Product/DescriptiveDetail/ProductPart/PrimaryPart": ("", '"is_primary": true'),
}
DECIDING = {
    # Elements that only decide how another is read: which level of a title names the series, whether a text is HTML.
    "Product/DescriptiveDetail/Collection/TitleDetail/TitleElement/TitleElementLevel",
    "Product/OtherText/TextFormat",
}


def _message(release: str, products: list[bytes]) -> bytes:
    head = "<Header><Sender><SenderName>S</SenderName></Sender><SentDateTime>20260301</SentDateTime></Header>"
    body = b"\n".join(products)
    return f'<ONIXMessage release="{release}">\n{head}\n'.encode() + body + b"\n</ONIXMessage>"


def _texts(release: str) -> dict[str, str]:
    """A text for each leaf that no other has."""
    paths = leaf_paths(release)
    return {
        path: STATED[path][0] if path in STATED else str(1_000_001 + number)
        for number, path in enumerate(paths)
        if not is_flag(release, path)
    }


def _held(content: Record) -> str:
    return json.dumps(
        {name: value for name, value in content.items() if name not in {"unmapped", "source"}}, default=str
    )


def _fate(parsed: ParsedRecord, path: str, texts: dict[str, str]) -> str:
    """``mapped``, ``counted`` or ``lost``."""
    assert parsed.record is not None
    if {"path": path, "count": 1} in parsed.record["unmapped"]:
        return "counted"
    if path.startswith("Product/ProductionDetail/") and path not in texts:
        sign = f"<{path.rpartition('/')[2]}/>"
    else:
        sign = STATED[path][1] if path in STATED else texts[path]
    return "mapped" if sign in _held(parsed.record) else "lost"


@pytest.mark.parametrize("release", RELEASES)
def test_a_record_with_every_element_loses_none(tmp_path: Path, release: str) -> None:
    paths, texts = leaf_paths(release), _texts(release)
    message, (parsed,) = read_bytes(tmp_path, _message(release, [record(paths, texts)]))
    fates = {path: _fate(parsed, path, texts) for path in paths}
    assert {path for path, fate in fates.items() if fate == "lost"} <= DECIDING
    assert len(paths) > 700
    counted = [path for path, fate in fates.items() if fate == "counted"]
    assert sum(message.counts.unmapped[path] for path in paths) == len(counted)
    assert {fate: list(fates.values()).count(fate) > 100 for fate in ("mapped", "counted")} == {
        "mapped": True,
        "counted": True,
    }


@pytest.mark.parametrize("release", RELEASES)
def test_each_element_by_itself_is_not_lost(tmp_path: Path, release: str) -> None:
    """A composite that lacks what makes it one, such as an identifier's type without its value, is left over."""
    paths, texts = leaf_paths(release), _texts(release)
    _, parsed = read_bytes(tmp_path, _message(release, [record([path], texts) for path in paths]))
    lost = {path for path, one in zip(paths, parsed, strict=True) if _fate(one, path, texts) == "lost"}
    assert lost <= DECIDING


UNREADABLE = {
    "Product/ContentDetail/ContentItem/AVItem/TimeRun/StartTime": "soon",
    "Product/DescriptiveDetail/Contributor/SequenceNumber": "first",
    "Product/OtherText/TextTypeCode": "42",
    "Product/MediaFile/MediaFileTypeCode": "30",
}


@pytest.mark.parametrize("path", UNREADABLE)
def test_what_cannot_be_understood_is_counted(tmp_path: Path, path: str) -> None:
    release = "3.1" if "Detail/" in path else "2.1"
    paths, texts = leaf_paths(release), _texts(release) | {path: UNREADABLE[path]}
    _, (parsed,) = read_bytes(tmp_path, _message(release, [record(paths, texts)]))
    assert _fate(parsed, path, texts) == "counted"


@pytest.mark.parametrize("release", RELEASES)
def test_the_header_loses_nothing_either(tmp_path: Path, release: str) -> None:
    paths = leaf_paths(release, "Header")
    texts = {path: str(1_000_001 + number) for number, path in enumerate(paths)}
    data = f'<ONIXMessage release="{release}">'.encode() + header(release, texts) + b"<NoProduct/></ONIXMessage>"
    message, _ = read_bytes(tmp_path, data)
    facts = message.facts
    held = json.dumps([facts.sender, facts.message_number, facts.message_repeat, *_as_list(message.defaults)])
    sent = {"Header/SentDateTime", "Header/SentDate"}
    lost = {path for path in paths if not message.counts.unmapped[path] and texts[path] not in held}
    assert lost <= sent, "it can't be read as a date, and a finding says so"
    assert [one["rule"] for one in message.counts.findings] == ["F7"]


def _as_list(defaults: Any) -> list[Any]:
    return [defaults.language, defaults.price_type, defaults.currency]
