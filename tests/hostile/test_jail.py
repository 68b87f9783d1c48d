"""The jail notices what it is there to notice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bindery.home import PROJECT

_PRISONER = """
import json, os, resource, socket, sys
from pathlib import Path
from tests.hostile import jailer

written, reached_for = set(), []
jailer._watch(written, reached_for)
Path(sys.argv[1]).write_text("stray")
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError:
    pass
print(json.dumps([sorted(written), reached_for]))
"""

_EATERS = {
    "memory": "jailer._by_command_line = lambda *_: bytes(2 * jailer.ADDRESS_SPACE)",
    "time": "jailer.CPU_SECONDS = 1\njailer._by_command_line = lambda *_: [x for x in iter(int, 1)]",
    "disk": "jailer._by_command_line = lambda path, _: path.with_name('big').write_bytes(bytes(jailer.FILE_SIZE + 1))",
}


def _run(code: str, *arguments: str, given: str = "") -> str:
    environment = {"PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        env=environment,
    )
    return done.stdout


def test_strays_and_connections_are_noticed(tmp_path: Path) -> None:
    stray = tmp_path / "stray"
    written, reached_for = json.loads(_run(_PRISONER, str(stray)))
    assert written == [str(stray.resolve())]
    assert "socket.connect" in reached_for


@pytest.mark.slow
def test_what_eats_the_machine_is_ended(tmp_path: Path) -> None:
    said = {}
    for name, change in _EATERS.items():
        folder = tmp_path / name
        (folder / "tmp").mkdir(parents=True)
        path = folder / "m.xml"
        path.write_text("<ONIXMessage/>")
        order = json.dumps({"path": str(path), "folder": str(folder), "mapping": None})
        said[name] = json.loads(_run(f"from tests.hostile import jailer\n{change}\njailer.main()", given=order + "\n"))
    assert "MemoryError" in said["memory"]["crashed"]
    assert said["time"]["killed_by"] is not None
    assert said["disk"]["killed_by"] is not None or "File too large" in said["disk"]["crashed"]
