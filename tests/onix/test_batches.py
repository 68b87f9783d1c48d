"""Records are read some thousand at a time; where one batch ends and the next begins changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from bindery.onix import batch as reading
from bindery.onix.read import read_onix
from bindery.reading import Batch, nothing_is_known
from tests.onix.reading import message, product

COUNT = 200
CHANGED = (0, 57, 58, 199)


def _all(path: Path, is_known: Callable[[pa.Array], npt.NDArray[np.bool_]] = nothing_is_known) -> list[Batch]:
    with read_onix(path) as opened:
        return list(opened.batches(is_known))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "m.xml"
    path.write_text(message(*(product(f"r{number}", "<EditionType>ABR</EditionType>") for number in range(COUNT))))
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH_ROWS", 10)
    monkeypatch.setattr(reading, "MOST_ROWS", 60)
    # Ten small records weigh as much.
    monkeypatch.setattr(reading, "_LOOK_BYTES", 40_000)


def test_batches_are_bounded_and_come_to_the_same(path: Path, small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = _all(path)
    assert [batch.table.num_rows for batch in batches] == [10] * 20
    monkeypatch.undo()
    (whole,) = _all(path)
    assert pa.concat_tables([batch.table for batch in batches]).to_pylist() == whole.table.to_pylist()


def test_known_records_share_a_batch_with_those_that_are_read(path: Path, small: None) -> None:
    rows = pa.concat_tables([batch.table for batch in _all(path)])
    known = rows["bytes_hash"].combine_chunks().filter(pa.array([place not in CHANGED for place in range(COUNT)]))
    batches = _all(path, lambda hashes: np.asarray(pc.is_in(hashes, known)))
    assert [batch.table.num_rows for batch in batches] == [60, 60, 60, 20]
    again = pa.concat_tables([batch.table for batch in batches])
    for name in ("position", "bytes_hash", "source"):
        assert again[name].to_pylist() == rows[name].to_pylist()
    assert again["record_reference"].drop_null().to_pylist() == ["r0", "r57", "r58", "r199"]
    assert again.take(list(CHANGED)).to_pylist() == rows.take(list(CHANGED)).to_pylist()
    flags = np.concatenate([np.asarray(batch.known) for batch in batches])
    assert np.flatnonzero(~flags).tolist() == list(CHANGED)


def test_records_to_be_read_fill_no_more_than_a_batch(path: Path, small: None) -> None:
    hashes = pa.concat_tables([batch.table for batch in _all(path)])["bytes_hash"].combine_chunks()
    every_fourth = hashes.filter(pa.array([place % 4 == 0 for place in range(COUNT)]))
    batches = _all(path, lambda seen: ~np.asarray(pc.is_in(seen, every_fourth)))
    assert [batch.table.num_rows for batch in batches] == [40] * 5
    assert [np.count_nonzero(~np.asarray(batch.known)) for batch in batches] == [10] * 5
