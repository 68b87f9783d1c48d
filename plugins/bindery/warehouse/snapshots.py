"""Published copies of the warehouse: ``snapshots/<n>.duckdb``, and ``snapshots/current``, a link to the newest.

Readers follow the link once and keep the file they opened: a merge never waits for them, and they never wait for a
merge. A publisher that is killed leaves the old copy in force.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import tenacity

from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.warehouse.duckdb import DuckDBWarehouse, in_memory, open_read_only

KEPT = 3
"""Copies kept, the newest included: an operator can look at the two before it."""

_CURRENT = "current"


def publish(home: Home, warehouse: DuckDBWarehouse) -> Path:
    """Make what is committed visible to readers.

    Args:
        home: Where the copies are.
        warehouse: The open writer, outside a transaction.

    Returns:
        The copy now in force.

    Raises:
        ConfigurationError: It could not be copied, for example because the disk is full; the old copy stays in force.
    """
    home.snapshots.mkdir(parents=True, exist_ok=True)
    for leftover in home.snapshots.glob("*.part"):
        leftover.unlink()
    warehouse.checkpoint()
    newest = home.snapshots / f"{max(_numbers(home), default=0) + 1}.duckdb"
    part = newest.with_suffix(".part")
    _copy(home.warehouse, part)
    part.replace(newest)
    link = home.snapshots / f"{_CURRENT}.part"
    link.symlink_to(newest.name)
    link.replace(home.snapshots / _CURRENT)
    for number in sorted(_numbers(home))[:-KEPT]:
        (home.snapshots / f"{number}.duckdb").unlink()
    return newest


@tenacity.retry(
    retry=tenacity.retry_if_exception_type(FileNotFoundError), stop=tenacity.stop_after_attempt(5), reraise=True
)
def open_newest(home: Home) -> DuckDBWarehouse:
    """Open the newest copy to read; an empty warehouse where none is published yet."""
    current = home.snapshots / _CURRENT
    if not current.is_symlink():
        return in_memory(home)
    # The link is followed here, so that the copy opened has one name for good; if it is pruned meanwhile, look again.
    return open_read_only(home, home.snapshots / current.readlink())


@tenacity.retry(
    retry=tenacity.retry_if_exception_type(FileNotFoundError), stop=tenacity.stop_after_attempt(5), reraise=True
)
def copy_newest(home: Home, target: Path) -> None:
    """Copy the newest copy to a file that whoever asks may write to; no file where none is published yet.

    Raises:
        ConfigurationError: It could not be copied, for example because the disk is full.
    """
    current = home.snapshots / _CURRENT
    if not current.is_symlink():
        return
    newest = home.snapshots / current.readlink()
    try:
        _copy(newest, target)
    except ConfigurationError:
        # Pruned meanwhile: there is a newer one.
        if not newest.is_file():
            raise FileNotFoundError(newest) from None
        raise


def _numbers(home: Home) -> list[int]:
    return [int(path.stem) for path in home.snapshots.glob("*.duckdb") if path.stem.isdecimal()]


def _copy(source: Path, target: Path) -> None:
    # Copied by another process: closing any handle of ours on the file would drop the writer's lock on it, because
    # POSIX locks belong to the process. cp also shares blocks where the file system can.
    program = shutil.which("cp")
    if program is None:
        raise ConfigurationError("there is no cp on PATH", fix="Install coreutils where the warehouse is written.")
    done = subprocess.run([program, str(source), str(target)], capture_output=True, text=True, check=False)  # noqa: S603 - both paths are the home's
    if done.returncode:
        raise ConfigurationError(
            f"{source} could not be copied to {target}: {done.stderr.strip()}",
            fix="Make room on that disk and run it again. Readers still see the copy before.",
        )
