"""The warm judge for real: processes are started, killed and raced; the findings stay the same."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.quality import judge, warm
from tests.quality.records import record, write

SENT_ON = date(2026, 3, 1)
PACKAGES = str(Path(warm.__file__).parents[2])
SAID = [(1, "R3"), (2, "W6")]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    yield home
    if (process := _serving(home)) is not None:
        os.kill(process, signal.SIGTERM)
        _until(lambda: not _is_alive(process))


@pytest.fixture
def records(home: Home) -> Path:
    return write(home.root / "records.parquet", [record(0), record(1, title=None), record(2, cover_link=None)])


@pytest.fixture
def never_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "findings_of", _refuse)


def _refuse(*_: Any, **__: Any) -> pa.Table:
    pytest.fail("judged in this process")


def _ask(home: Home, **request: Any) -> dict[str, Any]:
    """What the process says to a request of any shape."""
    with warm._connected(warm.Place(home)) as connection, connection.makefile("rb") as answer:
        connection.sendall(json.dumps(request).encode() + b"\n")
        return dict(json.loads(answer.readline()))


def _serving(home: Home) -> int | None:
    """The process that serves, or None; doesn't start one."""
    connection = warm._connect(warm.Place(home)) if warm.Place(home).socket.exists() else None
    if connection is None:
        return None
    with connection, connection.makefile("rb") as answer:
        connection.sendall(b"{}\n")
        return int(json.loads(answer.readline())["pid"])


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(condition: Any, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def _rules(findings: pa.Table) -> list[tuple[int, str]]:
    return list(zip(findings["position"].to_pylist(), findings["rule"].to_pylist(), strict=True))


@pytest.mark.slow
def test_six_callers_at_once_start_one_process_which_answers_as_judging_here_would(home: Home, records: Path) -> None:
    here = judge.findings_of(records, sent_on=SENT_ON)
    assert _rules(here) == SAID
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(6) as pool:
        patch.setattr(judge, "findings_of", _refuse)
        answers = list(pool.map(lambda _: warm.findings_of(home, records, sent_on=SENT_ON), range(6)))
    assert all(answer.equals(here) for answer in answers)
    assert warm.Place(home).log.read_text().count("Serving on") == 1


@pytest.mark.slow
@pytest.mark.usefixtures("never_here")
def test_one_process_outlives_who_started_it_and_answers_only_its_user_for_its_home(home: Home, records: Path) -> None:
    program = (
        "import sys, pathlib; from bindery.home import Home; from bindery.quality import warm\n"
        "warm.findings_of(Home(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2]), sent_on=None)\n"
        "assert 'great_expectations' not in sys.modules"
    )
    command = [sys.executable, "-c", program, str(home.root), str(records)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": PACKAGES})
    first = _serving(home)
    assert first is not None
    assert os.getsid(first) == first
    for _ in range(2):
        assert _rules(warm.findings_of(home, records, sent_on=SENT_ON)) == SAID
    assert _serving(home) == first
    assert stat.S_IMODE(warm.Place(home).socket.stat().st_mode) == 0o600
    write(home.root.parent / "outside.parquet", [record(0)])
    answer = _ask(home, fingerprint=warm.fingerprint(), records="../outside.parquet", sent_on=None)
    assert answer["ok"] is False
    assert "outside the home" in answer["error"]


@pytest.mark.slow
def test_a_process_killed_in_the_middle_costs_that_request_a_fallback_and_is_replaced(
    home: Home, records: Path, caplog: pytest.LogCaptureFixture
) -> None:
    process = _ask(home)["pid"]
    fifo = home.root / "slow.parquet"
    os.mkfifo(fifo)  # The child that reads it hangs until it is killed.
    answers: list[pa.Table] = []

    def ask() -> None:
        # The path is swapped once the child is caught, so that the fallback finds real records there.
        answers.append(warm.findings_of(home, fifo, sent_on=SENT_ON))

    with caplog.at_level(logging.WARNING):
        asking = threading.Thread(target=ask)
        asking.start()
        _until(lambda: _children(process))
        caught = _children(process)
        records.replace(fifo)
        for one in (process, *caught):
            os.kill(one, signal.SIGKILL)
        asking.join(60)
    assert [_rules(answer) for answer in answers] == [SAID]
    assert "Judging in this process" in caplog.text
    assert warm.Place(home).socket.exists(), "a killed process leaves its socket behind"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge, "findings_of", _refuse)
        assert _rules(warm.findings_of(home, fifo, sent_on=SENT_ON)) == SAID
    assert _serving(home) not in {None, process}


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_a_caller_with_other_code_gets_no_findings_from_it(
    home: Home, records: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = warm.Place(home)
    place.prepare()
    with socket.socket(socket.AF_UNIX) as impostor, caplog.at_level(logging.WARNING):
        with warm._short(place.socket) as address:
            impostor.bind(address)
        impostor.listen()
        answering = threading.Thread(target=_say, args=(impostor, {"fingerprint": "old", "pid": 1, "ok": True}))
        answering.start()
        assert _rules(warm.findings_of(home, records, sent_on=SENT_ON)) == SAID
        answering.join()
    assert "process 1 runs other code" in caplog.text
    place.socket.unlink()


def test_findings_cut_short_are_not_taken(home: Home, records: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = warm.Place(home)
    place.prepare()
    with socket.socket(socket.AF_UNIX) as impostor, caplog.at_level(logging.WARNING):
        with warm._short(place.socket) as address:
            impostor.bind(address)
        impostor.listen()
        head = {"fingerprint": warm.fingerprint(), "pid": 1, "ok": True, "rows": 7}
        answering = threading.Thread(target=_say, args=(impostor, head))
        answering.start()
        assert _rules(warm.findings_of(home, records, sent_on=SENT_ON)) == SAID
        answering.join()
    assert "Judging in this process" in caplog.text
    place.socket.unlink()


def _say(server: socket.socket, head: dict[str, Any]) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(json.dumps(head).encode() + b"\n")


def test_where_it_cannot_start_the_caller_judges(
    home: Home, records: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with caplog.at_level(logging.WARNING):
        assert _rules(warm.findings_of(home, records, sent_on=SENT_ON)) == SAID
    assert "it ended at once with code 1" in caplog.text


def test_a_caller_whose_code_was_replaced_on_disk_judges_itself(
    home: Home, records: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warm, "fingerprint", lambda: "0123456789abcdef")
    with caplog.at_level(logging.WARNING):
        assert _rules(warm.findings_of(home, records, sent_on=SENT_ON)) == SAID
    assert "it ended at once with code 1" in caplog.text


def test_a_rule_that_cannot_run_is_an_error_not_a_fallback() -> None:
    head = {"fingerprint": warm.fingerprint(), "pid": 1, "what": "Rule W2 could not be run", "fix": "Correct it."}
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as answer:
        theirs.sendall(json.dumps(head).encode() + b"\n")
        with pytest.raises(ConfigurationError, match="Rule W2"):
            warm._read_answer(answer)


@pytest.mark.slow
@pytest.mark.usefixtures("never_here")
def test_it_works_where_the_path_is_long_and_ends_when_nobody_asks(tmp_path: Path) -> None:
    home = Home(tmp_path / ("long" * 30))
    home.root.mkdir()
    records = write(home.root / "records.parquet", [record(0, title=None)])
    command = [sys.executable, "-m", "bindery.quality.warm", "--home", str(home.root), "--idle-minutes", "0.1"]
    environment = os.environ | {"PYTHONPATH": PACKAGES}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        _until(lambda: warm.Place(home).socket.exists() or process.poll() is not None, 90)
        assert _rules(warm.findings_of(home, records, sent_on=SENT_ON)) == [(0, "R3")]
        _, said = process.communicate(timeout=90)
    assert "Ending: idle" in said
    assert not warm.Place(home).socket.exists()
