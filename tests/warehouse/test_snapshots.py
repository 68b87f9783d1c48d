from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from bindery.errors import BinderyError, ConfigurationError
from bindery.home import Home
from bindery.warehouse import open_snapshot, open_writer, publish, snapshots
from bindery.warehouse.duckdb import DuckDBWarehouse, open_read_only

from tests.warehouse import PYTHON


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def writer(home: Home) -> Iterator[DuckDBWarehouse]:
    with open_writer(home) as warehouse:
        assert isinstance(warehouse, DuckDBWarehouse)
        yield warehouse


def add(writer: DuckDBWarehouse, supplier: str) -> None:
    writer.load("suppliers", pa.table({"supplier": [supplier], "precedence": [1]}))


def seen(home: Home) -> list[str]:
    with open_snapshot(home) as warehouse:
        assert isinstance(warehouse, DuckDBWarehouse)
        return sorted(warehouse.read("suppliers").column("supplier").to_pylist())


def test_before_anything_is_published_the_catalogue_is_empty(home: Home) -> None:
    assert seen(home) == []
    assert not home.warehouse.exists()


def test_readers_see_what_was_published_and_not_what_came_after(home: Home, writer: DuckDBWarehouse) -> None:
    add(writer, "northwind")
    publish(home, writer)
    add(writer, "harbour")
    assert seen(home) == ["northwind"]
    publish(home, writer)
    assert seen(home) == ["harbour", "northwind"]


def test_a_reader_keeps_what_it_opened_after_its_copy_is_pruned(home: Home, writer: DuckDBWarehouse) -> None:
    add(writer, "northwind")
    publish(home, writer)
    with open_snapshot(home) as reader:
        for number in range(snapshots.KEPT + 1):
            add(writer, f"supplier {number}")
            publish(home, writer)
        assert isinstance(reader, DuckDBWarehouse)
        assert reader.read("suppliers").column("supplier").to_pylist() == ["northwind"]
    assert sorted(path.name for path in home.snapshots.glob("*.duckdb")) == ["3.duckdb", "4.duckdb", "5.duckdb"]


def test_a_reader_cannot_write(home: Home, writer: DuckDBWarehouse) -> None:
    publish(home, writer)
    with open_snapshot(home) as reader, pytest.raises(BinderyError):
        reader.load("suppliers", pa.table({"supplier": ["a"], "precedence": [1]}))


READ = """
import sys
from pathlib import Path
from bindery.errors import UnreachableError
from bindery.home import Home
from bindery.warehouse import open_snapshot, open_writer
home = Home(Path(sys.argv[1]))
with open_snapshot(home) as warehouse:
    print(warehouse.read("suppliers").num_rows)
try:
    with open_writer(home, wait=0.1):
        print("the lock was lost")
except UnreachableError:
    print("locked")
"""


def test_publishing_keeps_the_writers_lock_and_lets_other_processes_read(home: Home, writer: DuckDBWarehouse) -> None:
    add(writer, "northwind")
    publish(home, writer)
    done = subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-c", READ, str(home.root)], env=PYTHON, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n") == ["1", "locked", ""]


@pytest.mark.parametrize("killed_at", ["copy", "rename", "link"])
def test_a_publisher_killed_on_the_way_leaves_the_old_copy_in_force(
    home: Home, writer: DuckDBWarehouse, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    add(writer, "northwind")
    publish(home, writer)
    add(writer, "harbour")
    replace = Path.replace

    class Killed(BaseException):
        pass

    def die_after_half_a_copy(_source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise Killed

    def die_before_replacing(self: Path, target: Path) -> Path:
        if (killed_at == "link") == (Path(target).name == "current"):
            raise Killed
        return replace(self, target)

    with monkeypatch.context() as patched:
        if killed_at == "copy":
            patched.setattr(snapshots, "_copy", die_after_half_a_copy)
        else:
            patched.setattr(Path, "replace", die_before_replacing)
        with pytest.raises(Killed):
            publish(home, writer)
    assert seen(home) == ["northwind"]
    publish(home, writer)
    assert seen(home) == ["harbour", "northwind"]
    assert list(home.snapshots.glob("*.part")) == []


def test_a_copy_that_fails_leaves_the_old_one_in_force(home: Home, writer: DuckDBWarehouse, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="could not be copied"):
        snapshots._copy(tmp_path / "absent", tmp_path / "target")
    publish(home, writer)
    assert seen(home) == []


def test_a_pruned_copy_is_not_there(home: Home) -> None:
    with pytest.raises(FileNotFoundError):
        open_read_only(home, home.snapshots / "1.duckdb")
