"""Airflow connections as endpoints: the only place where secrets enter."""

from __future__ import annotations

from airflow.sdk import BaseHook, Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from pydantic import SecretStr

from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError

_WEB = {"http": 80, "https": 443}


def endpoint_of(connection_id: str, *, needed_by: str) -> Endpoint:
    """Where a remote party is, from an Airflow connection.

    The extra of the connection may hold ``host_key`` (SFTP), ``base_url`` and ``ca_file`` (HTTPS). Without
    ``base_url`` a connection of type http or https makes one of its schema, host and port.

    Args:
        connection_id: The connection's id, from a declaration.
        needed_by: Who needs it, such as ``feed northwind``; the error names them.

    Returns:
        The endpoint.

    Raises:
        ConfigurationError: There is no such connection.
    """
    try:
        connection = BaseHook.get_connection(connection_id)
    except AirflowNotFoundException as error:
        raise ConfigurationError(
            f"The connection {connection_id!r} of {needed_by} does not exist.",
            fix=f"Add it in Airflow, or set the environment variable AIRFLOW_CONN_{connection_id.upper()}.",
        ) from error
    extra = connection.extra_dejson
    return Endpoint(
        host=connection.host or None,
        port=connection.port,
        login=connection.login or None,
        password=SecretStr(connection.password) if connection.password else None,
        host_key=extra.get("host_key"),
        base_url=extra.get("base_url") or _base_url(connection),
        ca_file=extra.get("ca_file"),
    )


def _base_url(connection: Connection) -> str | None:
    if connection.conn_type not in _WEB or not connection.host:
        return None
    if "://" in connection.host:
        return connection.host
    scheme = connection.schema or connection.conn_type
    port = f":{connection.port}" if connection.port and connection.port != _WEB.get(scheme) else ""
    return f"{scheme}://{connection.host}{port}"
