"""A jail to read files in: ``python -m tests.hostile.jailer`` reads one order a line, and answers each with a line.

Bindery is imported once; each file is then read in a forked child under hard limits, so that a file that would eat the
machine kills its child and nothing else. The child goes in by both public doors: the command line, and the step.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import resource
import shutil
import sys
import traceback
from pathlib import Path
from typing import Any

from bindery.claims import Receipt
from bindery.cli import build
from bindery.errors import BinderyError, RefusedError
from bindery.feeds.declaration import Feed
from bindery.home import Home
from bindery.steps.read import read

MEGABYTE = 1 << 20
ADDRESS_SPACE = 4_000 * MEGABYTE
"""Of which the imported libraries alone reserve a good part; what is used in fact is ``peak``."""
CPU_SECONDS = 30
FILE_SIZE = 300 * MEGABYTE

_FORBIDDEN = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind"}
    | {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.symlink", "os.link"}
)


def main() -> None:
    """Answers orders until there are none."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_read_in_child(json.loads(line))) + "\n")
        sys.stdout.flush()


def _read_in_child(order: dict[str, Any]) -> dict[str, Any]:
    answer = Path(order["folder"]) / "answer.json"
    child = os.fork()
    if child == 0:
        status = 1
        try:
            answer.write_text(json.dumps(_read(order)), "utf-8")
            status = 0
        except BaseException:  # noqa: BLE001 - a child must never return into the parent's code
            answer.write_text(json.dumps({"crashed": traceback.format_exc()[-4_000:]}), "utf-8")
        finally:
            os._exit(status)
    _, status, used = os.wait4(child, 0)
    said: dict[str, Any] = json.loads(answer.read_text("utf-8")) if answer.is_file() else {}
    return said | {
        "killed_by": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        "peak": used.ru_maxrss * 1024,
        "cpu": used.ru_utime + used.ru_stime,
    }


def _read(order: dict[str, Any]) -> dict[str, Any]:
    path, folder = Path(order["path"]), Path(order["folder"])
    home = Home(folder / "home")
    receipt = _archived(path, home)
    written: set[str] = set()
    reached_for: list[str] = []
    _watch(written, reached_for)
    os.environ["TMPDIR"] = str(folder / "tmp")
    _limit()
    said = _by_command_line(path, order["mapping"]) | _by_step(receipt, home, order["mapping"])
    return said | {"written": sorted(written), "reached_for": reached_for}


def _limit() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _archived(path: Path, home: Home) -> Receipt:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    home.archive.mkdir(parents=True)
    shutil.copyfile(path, home.archive / sha256)
    return Receipt(
        supplier="hostile",
        feed="hostile",
        feed_day=dt.date(2026, 3, 1),
        name=path.name,
        message_id=sha256,
        path=f"archive/{sha256}",
        size=path.stat().st_size,
    )


def _watch(written: set[str], reached_for: list[str]) -> None:
    """Notes every file opened for writing, and every attempt to reach the network or another program."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            reached_for.append(event)
        elif event == "open" and isinstance(arguments[0], str | bytes):
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and not flags & getattr(os, "O_TMPFILE", 0):
                written.add(os.path.realpath(os.fsdecode(arguments[0])))

    sys.addaudithook(hook)


def _by_command_line(path: Path, mapping: str | None) -> dict[str, Any]:
    out, err = io.StringIO(), io.StringIO()
    options = [] if mapping is None else ["--mapping", mapping]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            build()(["read", str(path), "--json", "--records", "--all", *options])
        except SystemExit as done:
            code = done.code
    return {"exit_code": code, "stdout": out.getvalue(), "stderr": err.getvalue()}


def _by_step(receipt: Receipt, home: Home, mapping: str | None) -> dict[str, Any]:
    feed = Feed.model_validate(
        {
            "name": "hostile",
            "supplier": "hostile",
            "title": "Hostile",
            "owner": "ops",
            "transport": {"kind": "folder", "path": "x"},
            "format": "onix" if mapping is None else "spreadsheet",
            "mapping": mapping,
        }
    )
    try:
        claim = read(receipt, feed, home=home)
    except RefusedError as error:
        return {"rule": error.rule, "what": error.what}
    except BinderyError as error:
        return {"rule": None, "what": error.what}
    return {"rule": "", "received": claim.received, "unreadable": claim.unreadable, "work": claim.work}


if __name__ == "__main__":
    main()
