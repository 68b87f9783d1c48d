"""What the compiled reader takes, lxml reads the same: a comment makes a record one that lxml reads."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from bindery.onix.read import read_onix
from tests.onix.simulated import KINDS, simulated

TITLES = 60


def _read(data: bytes, path: Path) -> tuple[pa.Table, list[str], dict[str, int]]:
    path.write_bytes(data)
    with read_onix(path) as message:
        batches = list(message.batches())
    table = pa.concat_tables([batch.table for batch in batches]).drop_columns(["source", "bytes_hash"])
    texts = [finding["text"] for batch in batches for finding in batch.findings]
    return table, texts, dict(message.counts.unmapped)


@pytest.mark.parametrize(("release", "style"), KINDS)
def test_both_readers_come_to_the_same(release: str, style: str, tmp_path: Path) -> None:
    data = simulated(release, style, titles=TITLES)
    commented, count = re.subn(rb"<[Pp]roduct>", rb"\g<0><!-- lxml's -->", data)
    assert count == TITLES
    plainly = _read(data, tmp_path / "plain.xml")
    carefully = _read(commented, tmp_path / "careful.xml")
    assert plainly[0].num_rows == TITLES
    assert carefully[0].to_pylist() == plainly[0].to_pylist()
    assert carefully[1:] == plainly[1:]
