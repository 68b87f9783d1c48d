from __future__ import annotations

import json

import pytest

from bindery.airflow.endpoints import endpoint_of
from bindery.errors import ConfigurationError

pytestmark = pytest.mark.airflow


def _connect(monkeypatch: pytest.MonkeyPatch, **connection: object) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_NORTHWIND", json.dumps(connection))


def test_an_sftp_connection_carries_its_pinned_host_key(monkeypatch: pytest.MonkeyPatch) -> None:
    _connect(
        monkeypatch,
        conn_type="sftp",
        host="sftp.northwind.example",
        port=2222,
        login="bindery",
        password="secret",  # noqa: S106 - a test's own
        extra={"host_key": "ssh-ed25519 AAAA"},
    )
    endpoint = endpoint_of("northwind", needed_by="feed northwind")
    assert (endpoint.host, endpoint.port, endpoint.login) == ("sftp.northwind.example", 2222, "bindery")
    assert endpoint.host_key == "ssh-ed25519 AAAA"
    assert endpoint.password is not None
    assert endpoint.password.get_secret_value() == "secret"
    assert "secret" not in repr(endpoint)


@pytest.mark.parametrize(
    ("connection", "base_url"),
    [
        ({"conn_type": "https", "host": "feeds.example"}, "https://feeds.example"),
        ({"conn_type": "https", "host": "feeds.example", "port": 8443}, "https://feeds.example:8443"),
        ({"conn_type": "http", "schema": "https", "host": "feeds.example", "port": 443}, "https://feeds.example"),
        ({"conn_type": "http", "host": "https://feeds.example/x"}, "https://feeds.example/x"),
        (
            {"conn_type": "http", "host": "a.example", "extra": {"base_url": "https://b.example/y"}},
            "https://b.example/y",
        ),
        ({"conn_type": "sftp", "host": "feeds.example"}, None),
    ],
)
def test_a_web_connection_becomes_a_base_url(
    monkeypatch: pytest.MonkeyPatch, connection: dict[str, object], base_url: str | None
) -> None:
    _connect(monkeypatch, **connection)
    assert endpoint_of("northwind", needed_by="feed northwind").base_url == base_url


def test_a_missing_connection_names_the_feed_and_the_variable_to_set() -> None:
    with pytest.raises(ConfigurationError, match="'lindqvist_https' of feed lindqvist does not exist") as raised:
        endpoint_of("lindqvist_https", needed_by="feed lindqvist")
    assert "AIRFLOW_CONN_LINDQVIST_HTTPS" in raised.value.fix
