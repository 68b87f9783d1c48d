"""A site: one folder that holds a whole Bindery on this machine, its Airflow, its home, its suppliers, its logs."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bindery.files import write_atomically
from bindery.home import PROJECT, Home

LOGIN = "admin"


@dataclass(frozen=True)
class Site:
    """One folder and one port.

    Attributes:
        root: The folder; everything the site writes is in it.
        port: Where the Airflow UI listens on 127.0.0.1; the two ports after it serve logs,
            the two after those the sample suppliers.
        feeds: Folder of feed declarations; the project's own where None.
    """

    root: Path
    port: int = 8080
    feeds: Path | None = None

    @property
    def home(self) -> Home:
        """Bindery's home."""
        return Home(self.root / "home")

    @property
    def airflow(self) -> Path:
        """Airflow's home."""
        return self.root / "airflow"

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.root / "logs"

    @property
    def suppliers(self) -> Path:
        """Where the sample suppliers keep what they offer."""
        return self.home.root / "suppliers"

    @property
    def acknowledging(self) -> Path:
        """Where the sample recipient that answers with receipts finds its deliveries."""
        return self.home.root / "outbox" / "audiolake"

    @property
    def state(self) -> Path:
        """Keys, ports and pids of what runs."""
        return self.root / "state"

    @property
    def address(self) -> str:
        """The Airflow UI."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment_file(self) -> Path:
        """The environment of every process of the site."""
        return self.state / "environment.json"

    def password(self) -> str:
        """The password of ``admin``, made once and kept readable by its owner only."""
        return self._secret("password", lambda: secrets.token_urlsafe(12))

    def _secret(self, name: str, make: Callable[[], str]) -> str:
        path = self.state / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(make(), encoding="utf-8")
        return path.read_text(encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """The environment variables of every process of the site, connections to the sample suppliers among them."""
        signing = self._secret("signing_key", lambda: secrets.token_urlsafe(48))
        passwords = self.state / "passwords.json"
        write_atomically(passwords, json.dumps({LOGIN: self.password()}).encode())
        passwords.chmod(0o600)
        settings = {
            "CORE__DAGS_FOLDER": PROJECT / "dags",
            "CORE__PLUGINS_FOLDER": PROJECT / "plugins",
            "CORE__LOAD_EXAMPLES": False,
            "CORE__EXECUTOR": "LocalExecutor",
            "CORE__PARALLELISM": 4,
            "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{LOGIN}:admin",
            "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": passwords,
            "API__HOST": "127.0.0.1",
            "API__PORT": self.port,
            # Without it the workers look for the API on port 8080 and every task fails with an empty log.
            "API__BASE_URL": self.address,
            "API__WORKERS": 1,
            "API__SECRET_KEY": signing,
            "API_AUTH__JWT_SECRET": signing,
            "LOGGING__WORKER_LOG_SERVER_PORT": self.port + 1,
            "LOGGING__TRIGGER_LOG_SERVER_PORT": self.port + 2,
            "DAG_PROCESSOR__REFRESH_INTERVAL": 30,
            "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 60,
            "SCHEDULER__SCHEDULER_HEARTBEAT_SEC": 2,
            # What a killed scheduler or worker left behind is taken up again within a minute, not within five.
            "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": 30,
            "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": 60,
            "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": 10,
        }
        return {
            **{f"AIRFLOW__{name}": str(value) for name, value in settings.items()},
            **self._connections(),
            "AIRFLOW_HOME": str(self.airflow),
            "BINDERY_HOME": str(self.home.root),
            "BINDERY_FEEDS": str(self.feeds or PROJECT / "include" / "feeds"),
            "PYTHONWARNINGS": "ignore",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        }

    def _connections(self) -> dict[str, str]:
        endpoints = self.state / "endpoints.json"
        if not endpoints.exists():
            return {}
        known = json.loads(endpoints.read_text(encoding="utf-8"))
        sftp, https = known["sftp"], known["https"]
        made = {
            "northwind_sftp": {
                "conn_type": "sftp",
                "host": sftp["host"],
                "port": sftp["port"],
                "login": sftp["user"],
                "password": sftp["password"],
                "extra": {"host_key": sftp["host_key"]},
            },
            "lindqvist_https": {
                "conn_type": "http",
                "host": https["base_url"],
                "login": https["user"],
                "password": https["password"],
                "extra": {"ca_file": https["ca"]},
            },
        }
        return {f"AIRFLOW_CONN_{name.upper()}": json.dumps(connection) for name, connection in made.items()}

    def write_environment(self) -> None:
        """Keep the environment for the site's processes; it holds passwords, so only its owner may read it."""
        write_atomically(self.environment_file, json.dumps(self.environment(), indent=1).encode())
        self.environment_file.chmod(0o600)

    def process_environment(self) -> dict[str, str]:
        """This process's environment with the site's over it."""
        kept: dict[str, str] = json.loads(self.environment_file.read_text(encoding="utf-8"))
        return {**os.environ, **kept}
