"""The warm judge: one process a machine and home that has imported Great Expectations and judges for everyone.

The first judge step starts it (RFC 0002). It listens on a Unix socket in ``home.run`` that only its user may open,
answers each request in a forked child, and ends after ten idle minutes. The socket's name carries the fingerprint of
the code and the rules, so a process with other code is never asked. Where anything is wrong with it, the caller judges
in its own process, with the same result.

A request is one JSON line: ``{"fingerprint", "records", "sent_on"}``, the path relative to the home. The answer is one
JSON line, ``{"fingerprint", "pid", "ok", "rows"}`` and ``"what"``, ``"fix"`` where a rule can't be run, then the
findings as an Arrow stream.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import importlib.metadata
import json
import logging
import os
import signal
import socket
import socketserver
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from bindery import findings as findings_module
from bindery.catalogue import facts, record, record_schema
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.quality import judge, rules

log = logging.getLogger(__name__)

IDLE_MINUTES = 10.0
START_SECONDS = 90.0
"""How long a caller waits for the process to come up: the import on a busy machine, several times over."""

_LONGEST_SOCKET_PATH = 100
"""Linux allows 107 bytes, macOS 103."""

_LONGEST_REQUEST = 64 * 1024


class _ColdError(Exception):
    """The warm judge can't be used this time; the caller judges itself."""


@dataclass(frozen=True)
class Place:
    """Where the warm judge of this home and this code is met."""

    home: Home

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.home.run / f"judge-{fingerprint()[:12]}.sock"

    @property
    def serving(self) -> Path:
        """Locked by the process that serves, as long as it lives. Who holds it may remove a stale socket."""
        return self.socket.with_suffix(".lock")

    @property
    def starting(self) -> Path:
        """Locked by the caller that starts the process, so that others wait for it instead of starting their own."""
        return self.socket.with_suffix(".start")

    @property
    def log(self) -> Path:
        """What the process has to say."""
        return self.socket.with_suffix(".log")

    def prepare(self) -> None:
        """Make the folder, for this user alone."""
        self.home.run.mkdir(mode=0o700, parents=True, exist_ok=True)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """SHA-256 of everything that decides findings: this code, the rules, and the libraries' versions."""
    digest = hashlib.sha256()
    modules = (Path(str(module.__file__)) for module in (findings_module, facts, record, record_schema))
    for file in (*sorted(Path(__file__).parent.glob("*.py")), *modules, *sorted(rules.FOLDER.iterdir())):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    for library in ("great_expectations", "pandas", "pyarrow"):
        digest.update(f"{library} {importlib.metadata.version(library)}\0".encode())
    digest.update(sys.version.encode())
    return digest.hexdigest()


def findings_of(home: Home, records: Path, *, sent_on: date | None) -> pa.Table:
    """Judge records with the warm judge, or in this process where it can't be used. The result is the same.

    Args:
        home: Holds the records, and the socket.
        records: ``records.parquet``, inside the home.
        sent_on: The day the message was sent; None where it doesn't say.

    Returns:
        What ``judge.findings_of`` returns.

    Raises:
        ConfigurationError: A rule can't be run.
    """
    try:
        return _asked(home, records, sent_on)
    except (_ColdError, OSError, ValueError, pa.ArrowException) as reason:
        log.warning("Judging in this process, because the warm judge can't be used: %s", reason)
        return judge.findings_of(records, sent_on=sent_on)


def _asked(home: Home, records: Path, sent_on: date | None) -> pa.Table:
    request = {
        "fingerprint": fingerprint(),
        "records": str(records.absolute().relative_to(home.root.absolute())),
        "sent_on": sent_on.isoformat() if sent_on else None,
    }
    with _connected(Place(home)) as connection:
        # A killed process closes the connection at once; this limit is for one that hangs.
        connection.settimeout(120 + records.stat().st_size / 100_000)
        connection.sendall(json.dumps(request).encode() + b"\n")
        with connection.makefile("rb") as answer:
            return _read_answer(answer)


def _read_answer(answer: IO[bytes]) -> pa.Table:
    line = answer.readline(_LONGEST_REQUEST)
    if not line.endswith(b"\n"):
        message = "it broke off"
        raise _ColdError(message)
    head = dict(json.loads(line))
    if head.get("fingerprint") != fingerprint():
        message = f"process {head.get('pid')} runs other code"
        raise _ColdError(message)
    if "what" in head:
        raise ConfigurationError(head["what"], fix=head["fix"])
    if not head.get("ok"):
        message = f"process {head.get('pid')} failed: {head.get('error')}"
        raise _ColdError(message)
    with pa.ipc.open_stream(answer) as stream:
        table = stream.read_all()
    if table.schema != judge.FINDINGS_SCHEMA or table.num_rows != head.get("rows"):
        message = f"process {head.get('pid')} did not answer with findings"
        raise _ColdError(message)
    return table


@contextlib.contextmanager
def _connected(place: Place) -> Iterator[socket.socket]:
    """A connection to the warm judge, which is started where there is none."""
    connection = _connect(place) or _started(place)
    with connection:
        yield connection


def _connect(place: Place) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(30)
    try:
        with _short(place.socket) as address:
            connection.connect(address)
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


def _started(place: Place) -> socket.socket:
    """Start the process, or wait for the caller that is starting it; then connect."""
    place.prepare()
    deadline = time.monotonic() + START_SECONDS
    with place.starting.open("ab") as starter:
        while not _locked(starter):
            if connection := _connect(place):
                return connection
            _wait(deadline, "another caller's start took too long")
        if connection := _connect(place):
            return connection
        process = _spawn(place)
        while True:
            if connection := _connect(place):
                return connection
            if process.poll():  # Code 0 means that another serves already, or is about to.
                message = f"it ended at once with code {process.returncode}; see {place.log}"
                raise _ColdError(message)
            _wait(deadline, f"it did not come up in {START_SECONDS:.0f} s; see {place.log}")


def _wait(deadline: float, otherwise: str) -> None:
    if time.monotonic() > deadline:
        raise _ColdError(otherwise)
    time.sleep(0.05)


def _spawn(place: Place) -> subprocess.Popen[bytes]:
    """The process in a session of its own, so that it outlives the task that starts it."""
    here = str(Path(__file__).resolve().parents[2])
    paths = [here, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
        # Threads don't survive a fork, and the children run side by side anyway.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "bindery.quality.warm", "--home", str(place.home.root.absolute())]
    # A caller that runs since before an upgrade must not wait for a socket of code that is gone.
    command += ["--fingerprint", fingerprint()]
    with place.log.open("wb") as log_file:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, stdin=subprocess.DEVNULL, stdout=log_file, stderr=log_file, env=environment, start_new_session=True
        )


def _locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """An address of a socket that fits the system's limit: through the folder's descriptor where the path is too long.

    Raises:
        _ColdError: There is no such address on this system.
    """
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        yield str(path)
        return
    if not Path("/proc/self/fd").is_dir():
        message = f"the path of its socket is too long for this system: {path}"
        raise _ColdError(message)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class _Idle(Exception):  # noqa: N818 - an end, not an error
    """Nobody asked for a while."""


class _AskedToEnd(Exception):  # noqa: N818 - an end, not an error
    """A termination signal came."""


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Answers each request in a forked child, which has everything imported and dies with its memory."""

    max_children = max(2, os.cpu_count() or 2)
    request_queue_size = 128

    def __init__(self, place: Place, lock: IO[bytes], *, idle_seconds: float) -> None:
        self.place, self.lock, self.idle_seconds = place, lock, idle_seconds
        self.last_asked = time.monotonic()
        self.is_asked_to_end = False
        super().__init__(str(place.socket), _Handler, bind_and_activate=False)
        place.socket.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            with _short(place.socket) as address:
                self.socket.bind(address)
        finally:
            os.umask(before)
        self.identity = place.socket.stat().st_ino
        self.server_activate()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.last_asked = time.monotonic()
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        # This is the child. Were the parent killed, an open copy of the lock would keep another from starting, and an
        # open copy of the listening socket would let callers queue for nobody.
        self.socket.close()
        self.lock.close()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        super().finish_request(request, client_address)

    def service_actions(self) -> None:
        super().service_actions()
        if self.is_asked_to_end:
            raise _AskedToEnd
        if self.active_children:
            self.last_asked = time.monotonic()
        elif time.monotonic() - self.last_asked > self.idle_seconds or not self._is_reachable():
            raise _Idle

    def end(self, *_: object) -> None:
        """Marks the process to end, within a second.

        An exception raised by the signal itself would be lost where it comes while a fork's hooks run.
        """
        self.is_asked_to_end = True

    def _is_reachable(self) -> bool:
        try:
            return self.place.socket.stat().st_ino == self.identity
        except OSError:
            return False

    def stop(self) -> None:
        """Make room for another process first; then let the children finish."""
        self.socket.close()
        if self._is_reachable():
            self.place.socket.unlink(missing_ok=True)
        self.lock.close()
        self.server_close()


class _Handler(socketserver.StreamRequestHandler):
    timeout = 60
    server: _Server

    def handle(self) -> None:
        head: dict[str, Any] = {"fingerprint": fingerprint(), "pid": os.getppid(), "ok": False}
        table = None
        try:
            table = self._judged(json.loads(self.rfile.readline(_LONGEST_REQUEST)))
            head |= {"ok": True, "rows": table.num_rows}
        except ConfigurationError as error:
            head |= {"what": error.what, "fix": error.fix}
        except Exception as error:
            # Whatever it is, the caller judges itself and meets it there.
            log.exception("A request failed")
            head["error"] = f"{type(error).__name__}: {error}"
        self.wfile.write(json.dumps(head).encode() + b"\n")
        if table is not None:
            with pa.ipc.new_stream(self.wfile, table.schema) as stream:
                stream.write_table(table)

    def _judged(self, request: dict[str, Any]) -> pa.Table:
        if request["fingerprint"] != fingerprint():
            message = "the caller runs other code"
            raise _ColdError(message)
        root = self.server.place.home.root.resolve()
        records = (root / request["records"]).resolve()
        if not records.is_relative_to(root):
            message = f"{request['records']} is outside the home"
            raise _ColdError(message)
        sent_on = date.fromisoformat(request["sent_on"]) if request["sent_on"] else None
        return judge.findings_of(records, sent_on=sent_on)


def serve(home: Home, *, idle_seconds: float) -> None:
    """Serve until nobody has asked for a while, or until a termination signal; at once where another serves already.

    Args:
        home: Whose messages are judged.
        idle_seconds: How long to wait for a request.
    """
    place = Place(home)
    place.prepare()
    with place.serving.open("ab") as lock:
        if not _locked(lock):
            log.info("Another process serves already")
            return
        _warm_up()
        server = _Server(place, lock, idle_seconds=idle_seconds)
        signal.signal(signal.SIGTERM, server.end)
        log.info("Serving on %s", place.socket)
        try:
            server.serve_forever(poll_interval=min(1.0, idle_seconds / 4))
        except (_Idle, _AskedToEnd) as end:
            log.info("Ending: %s", "idle" if isinstance(end, _Idle) else "asked to")
        finally:
            server.stop()


def _warm_up() -> None:
    """Import, build the suites, and judge one record, so that the children find everything loaded."""
    records = pa.Table.from_pylist(
        [{"position": 0, "readable": True, "is_known": False, "scope": "in"}], schema=record_schema.RECORDS_SCHEMA
    )
    judge.findings_of_table(records, sent_on=None)


def main(arguments: list[str] | None = None) -> None:
    """Run the warm judge of a home."""
    parser = argparse.ArgumentParser(prog="python -m bindery.quality.warm", description=main.__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the folder that BINDERY_HOME names")
    parser.add_argument("--idle-minutes", type=float, default=IDLE_MINUTES, help="end after so long without a request")
    parser.add_argument("--fingerprint", help="end at once where the code on disk is other code than this")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    if given.fingerprint not in {None, fingerprint()}:
        sys.exit("The code on disk is not the caller's.")
    serve(Home(given.home.absolute()), idle_seconds=60 * given.idle_minutes)


if __name__ == "__main__":
    main()
