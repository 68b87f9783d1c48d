"""A small client of Airflow's REST API: just what the demo asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from bindery.errors import UnreachableError
from bindery.local.site import LOGIN, Site

_COMPONENTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")


class Rest:
    """A logged-in client."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._client = httpx.Client(base_url=site.address, timeout=60, trust_env=False)

    def unhealthy(self) -> tuple[str, ...]:
        """The components that are not up yet; all of them while nothing answers."""
        try:
            answer = self._client.get("/api/v2/monitor/health").json()
        except (httpx.HTTPError, ValueError):
            return ("api-server", *_COMPONENTS)
        return tuple(name for name in _COMPONENTS if (answer.get(name) or {}).get("status") != "healthy")

    def login(self) -> None:
        """Take a token for the site's admin."""
        answer = self._client.post("/auth/token", json={"username": LOGIN, "password": self._site.password()})
        answer.raise_for_status()
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    @retry(retry=retry_if_exception_type(UnreachableError), stop=stop_after_delay(60), wait=wait_fixed(1), reraise=True)
    def call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """One request, tried again for a minute while the server is away or busy (SQLite answers 503 when locked).

        Raises:
            UnreachableError: It stays away.
        """
        try:
            answer = self._client.request(method, f"/api/v2{path}", **options)
        except httpx.HTTPError as error:
            raise UnreachableError(f"Airflow does not answer: {error}.", fix=f"Read {self._site.logs}.") from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise UnreachableError(f"Airflow answers {answer.status_code} to {path}.", fix=f"Read {self._site.logs}.")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def pages(self, path: str, key: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Every item of a paged listing."""
        offset = 0
        while True:
            page = self.call("GET", path, params={**parameters, "limit": 100, "offset": offset})
            yield from page[key]
            offset += len(page[key])
            if offset >= page["total_entries"] or not page[key]:
                return

    def dag_ids(self) -> set[str]:
        """The DAGs that Airflow knows."""
        return {dag["dag_id"] for dag in self.pages("/dags", "dags")}

    def import_errors(self) -> list[str]:
        """What DAG files failed to import with."""
        return [error["stack_trace"] for error in self.pages("/importErrors", "import_errors")]

    def unpause(self, dag_id: str) -> None:
        """Let a DAG run."""
        self.call("PATCH", f"/dags/{dag_id}", json={"is_paused": False})

    def runs(self) -> list[dict[str, Any]]:
        """Every run of every DAG."""
        return list(self.pages("/dags/~/dagRuns", "dag_runs"))

    def tasks_ended(self) -> int:
        """How many tasks of all runs have ended, however."""
        ended = {"state": ["success", "failed", "skipped", "upstream_failed"], "limit": 1}
        return int(self.call("GET", "/dags/~/dagRuns/~/taskInstances", params=ended)["total_entries"])
