"""The site's processes, kept alive by supervisord: Airflow's four, and the sample suppliers."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bindery.errors import ConfigurationError
from bindery.files import write_atomically
from bindery.home import PROJECT
from bindery.local.site import Site

AIRFLOW_PROCESSES = ("api-server", "scheduler", "dag-processor", "triggerer")

_SUPERVISOR = """\
[unix_http_server]
file = {socket}
chmod = 0700

[supervisord]
logfile = {logs}/supervisord.log
pidfile = {state}/supervisord.pid
childlogdir = {logs}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl = unix://{socket}
"""

# SIGINT, because Airflow leaves orphans behind on SIGTERM; the whole group, because each process has children.
_PROGRAM = """
[program:{name}]
command = {command}
directory = {project}
autostart = false
autorestart = true
startsecs = 3
stopsignal = INT
stopasgroup = true
killasgroup = true
stopwaitsecs = 20
redirect_stderr = true
stdout_logfile = {logs}/{name}.log
stdout_logfile_maxbytes = 20MB
"""


_STOP_SECONDS = 60


class Processes:
    """Starts, watches and stops the site's processes."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._configuration = site.state / "supervisord.conf"

    def running(self) -> bool:
        """Whether the site's supervisor is alive."""
        try:
            pid = int((self._site.state / "supervisord.pid").read_text(encoding="utf-8"))
            os.kill(pid, 0)
        except (OSError, ValueError):
            return False
        return True

    def launch(self) -> None:
        """Start the supervisor, with every process still down.

        Raises:
            ConfigurationError: The site is running already.
        """
        site = self._site
        if self.running():
            raise ConfigurationError(f"The site in {site.root} is running already.", fix="Run `make down` first.")
        _require_free(site.port)
        site.logs.mkdir(parents=True, exist_ok=True)
        site.state.mkdir(parents=True, exist_ok=True)
        python = sys.executable
        commands = {
            "suppliers": (
                f"{python} -m tests.simulator serve --folder {site.suppliers} --state {site.state} "
                f"--recipients {site.acknowledging} --sftp-port {site.port + 3} --https-port {site.port + 4}"
            ),
            **{name: f"{python} -m bindery.local.airflow_process {site.root} {name}" for name in AIRFLOW_PROCESSES},
        }
        programs = (
            _PROGRAM.format(name=name, command=command, project=PROJECT, logs=site.logs)
            for name, command in commands.items()
        )
        head = _SUPERVISOR.format(socket=self._socket(), logs=site.logs, state=site.state)
        # A percent sign in a path would be read as an expansion.
        write_atomically(self._configuration, (head + "".join(programs)).encode())
        subprocess.run(
            [python, "-m", "supervisor.supervisord", "-c", str(self._configuration)],
            check=True,
            env={
                **os.environ,
                "BINDERY_HOME": str(site.home.root),
                "PYTHONPATH": f"{PROJECT / 'plugins'}{os.pathsep}{PROJECT}",
            },
        )

    def _socket(self) -> Path:
        # The path of a unix socket is short by law of the kernel; a deep project folder is not.
        path = self._site.state / "supervisor.sock"
        if len(str(path)) < 100:
            return path
        short = hashlib.sha256(str(path).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"bindery-{os.getuid()}-{short}.sock"

    def start(self, *names: str) -> None:
        """Start processes by name, and wait until each has stayed up for a moment."""
        self._control("start", *names)

    def kill(self, name: str) -> None:
        """Kill a process as a crash would; the supervisor starts it again."""
        self._control("signal", "KILL", name)

    def stop(self) -> None:
        """Stop every process of the site. Does nothing where none runs."""
        # Airflow's servers and the judge have children in sessions of their own, which no process group reaches.
        left = set(self._processes())
        if self.running():
            supervisor = psutil.Process(int((self._site.state / "supervisord.pid").read_text(encoding="utf-8")))
            left.update(supervisor.children(recursive=True))
            os.kill(supervisor.pid, signal.SIGTERM)
            deadline = time.monotonic() + _STOP_SECONDS
            while self.running() and time.monotonic() < deadline:
                time.sleep(0.2)
        left = {process for process in left if process.is_running()}
        for process in left:
            process.terminate()
        for process in psutil.wait_procs(list(left), timeout=5)[1]:
            process.kill()

    def _processes(self) -> list[psutil.Process]:
        """Every process that carries the site's home in its environment, but for this one."""
        found = []
        for process in psutil.process_iter():
            try:
                home = process.environ().get("BINDERY_HOME")
            except psutil.Error:
                continue
            if home == str(self._site.home.root) and process.pid != os.getpid():
                found.append(process)
        return found

    def _control(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(self._configuration), *words],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise ConfigurationError(
                f"`{' '.join(words)}` failed: {done.stdout.strip() or done.stderr.strip()}.",
                fix=f"Read {self._site.logs}; if something else holds port {self._site.port}, set PORT= to another.",
            )
        return done.stdout


def _require_free(port: int) -> None:
    """Refuse ports that something else holds, before Airflow fails on them with a long log.

    Raises:
        ConfigurationError: One of the site's five ports is taken.
    """
    for each in range(port, port + 5):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", each))
            except OSError as error:
                raise ConfigurationError(
                    f"Something else listens on port {each}.",
                    fix=f"Stop it, or use other ports: `make demo PORT={port + 1000}` takes five from there.",
                ) from error
