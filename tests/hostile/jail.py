"""Asks the jailer to read a file, and looks at what it left behind."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bindery.home import PROJECT
from tests.onix.reading import MESSAGES, read_all

PEAK = 700 << 20
"""Bytes in memory that reading any file may come to, the program itself among them."""


@dataclass
class Outcome:
    """What came of reading a file by both doors.

    Attributes:
        exit_code: Of ``bindery read``.
        document: What it printed, if it read the file.
        stderr: What it said if it didn't.
        rule: The rule the step refuses the file by; None if it was read.
        what: The refusal in words.
    """

    exit_code: int
    document: dict[str, Any] | None
    stderr: str
    rule: str | None
    what: str = ""
    received: int = 0
    unreadable: int = 0
    records: list[dict[str, Any]] = field(default_factory=list)

    @property
    def references(self) -> list[str | None]:
        """Record references of the records that were read."""
        return [one["record_reference"] for one in self.records]

    def findings(self, severity: str = "block") -> list[tuple[str, str]]:
        """Rule and text of the findings of a severity."""
        found = self.document["findings"] if self.document else []
        return [(one["rule"], one["text"]) for one in found if one["severity"] == severity]


class Jail:
    """A running jailer. Close it."""

    def __init__(self) -> None:
        # What compiles a reader is not the file it reads: else the first one in would be held to account for it.
        read_all(MESSAGES / "ref_30.xml")
        self._jailer = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.jailer"],
            cwd=PROJECT,
            env={
                "PYTHONPATH": f"{PROJECT / 'plugins'}:{PROJECT}",
                "PATH": "/usr/bin:/bin",
                "NO_COLOR": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """Ends the jailer."""
        assert self._jailer.stdin is not None
        assert self._jailer.stdout is not None
        self._jailer.stdin.close()
        self._jailer.wait(30)
        self._jailer.stdout.close()

    def read(self, path: Path, *, mapping: str | None = None) -> Outcome:
        """Reads a file in a child. Fails if it was killed, crashed, reached out, or wrote where it mustn't."""
        folder = path.parent / f"{path.name}.jail"
        (folder / "tmp").mkdir(parents=True)
        before = _tree(path.parent)
        answer = self._ask({"path": str(path), "folder": str(folder), "mapping": mapping})
        assert answer["killed_by"] is None, f"killed by signal {answer['killed_by']}"
        assert "crashed" not in answer, answer["crashed"]
        assert answer["reached_for"] == []
        assert answer["peak"] < PEAK, f"{answer['peak'] >> 20} MB"
        _left_nothing_behind(answer["written"], folder, before)
        return _outcome(answer)

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._jailer.stdin is not None
        assert self._jailer.stdout is not None
        self._jailer.stdin.write(json.dumps(order) + "\n")
        self._jailer.stdin.flush()
        answer: dict[str, Any] = json.loads(self._jailer.stdout.readline())
        return answer


def _tree(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() or path.is_symlink()}


def _left_nothing_behind(written: list[str], folder: Path, before: set[Path]) -> None:
    """Nothing is written but in the message's work folder and in the temporary folder, and nothing stays there."""
    work, temporary = folder.resolve() / "home" / "work" / "hostile", folder.resolve() / "tmp"
    strays = [
        name for name in written if not Path(name).is_relative_to(work) and not Path(name).is_relative_to(temporary)
    ]
    assert strays == [], strays
    assert list((folder / "tmp").iterdir()) == []
    new = {path.relative_to(folder) for path in _tree(folder.parent) - before}
    assert {path.parts[:2] for path in new} <= {("answer.json",), ("home", "archive"), ("home", "work")}
    kept = {path.name for path in new if path.parts[:2] == ("home", "work")}
    assert kept in ({"refused.json"}, {"records.parquet", "read_findings.parquet"})


def _outcome(answer: dict[str, Any]) -> Outcome:
    document = json.loads(answer["stdout"]) if answer["stdout"] else None
    refused = bool(answer["rule"]) or answer["rule"] is None
    assert (answer["exit_code"] == 2) == refused == (document is None)
    if refused:
        assert "What to do" in answer["stderr"]
        assert answer["what"].split(": ")[0].rpartition("/")[2]
        return Outcome(2, None, answer["stderr"], answer["rule"], answer["what"])
    counts = document["counts"]
    assert counts["received"] == counts["read"] + counts["unreadable"] == answer["received"]
    assert counts["unreadable"] == answer["unreadable"]
    assert (answer["exit_code"] == 1) == any(one["severity"] == "block" for one in document["findings"])
    return Outcome(
        answer["exit_code"],
        document,
        answer["stderr"],
        None,
        received=answer["received"],
        unreadable=answer["unreadable"],
        records=document["records"],
    )
