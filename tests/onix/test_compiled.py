from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bindery.home import PROJECT
from tests.onix.reading import MESSAGES

READ = """
import sys
from pathlib import Path
from bindery.onix import shred
from bindery.onix.read import read_onix
with read_onix(Path(sys.argv[1])) as message:
    print(Path(shred.__file__).parents[3], [record.record_reference for record in message.records()])
"""


@pytest.mark.slow
def test_a_message_is_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    """As on a read-only disk: numba finds no place to keep what it compiles."""
    package = tmp_path / "plugins" / "bindery"
    shutil.copytree(PROJECT / "plugins" / "bindery", package, ignore=shutil.ignore_patterns("__pycache__"))
    # A file where the folder would be stops root, too.
    (package / "onix" / "__pycache__").touch()
    clean = {name: value for name, value in os.environ.items() if name not in {"NUMBA_CACHE_DIR", "XDG_CACHE_HOME"}}
    environment = clean | {"PYTHONPATH": str(tmp_path / "plugins"), "BINDERY_PROJECT": str(PROJECT), "HOME": os.devnull}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(MESSAGES / "ref_30.xml")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path))
    assert done.stdout.count("'") == 6, "three records"
