"""SFTP with a pinned host key: shared by the feeds that fetch and the deliveries that send."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError, UnreachableError

_TIMEOUT_SECONDS = 30.0


@contextmanager
def open_sftp(endpoint: Endpoint, *, who: str, connection: str) -> Iterator[paramiko.SFTPClient]:
    """A session with a server whose key is the pinned one; another server never sees the password.

    Args:
        endpoint: Host, login, password and host key.
        who: The feed or recipient, for the errors' text.
        connection: Id of the Airflow connection that the endpoint was filled from, for the errors' text.

    Raises:
        ConfigurationError: No host is named, no host key is pinned, another one answers, or the login is refused.
        UnreachableError: The server does not answer.
    """
    if not endpoint.host:
        raise ConfigurationError(
            f"The connection {connection} of {who} names no host.",
            fix=f"Set the Airflow connection {connection} with host, login, password and host_key.",
        )
    host, port = endpoint.host, endpoint.port or 22
    key = _pinned(endpoint, who, connection)
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.get_host_keys().add(host if port == 22 else f"[{host}]:{port}", key.get_name(), key)
    try:
        yield _session(client, endpoint, who, connection)
    finally:
        client.close()


@contextmanager
def answering(who: str, doing: str) -> Iterator[None]:
    """Around what is asked of an open session: whatever breaks it is told as the other side's failure.

    Args:
        who: The feed or recipient.
        doing: What it was asked for, such as ``listing the files``.

    Raises:
        UnreachableError: The server broke off or refused.
    """
    try:
        yield
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise UnreachableError(
            f"The server of {who} broke off while {doing}: {error!r}",
            fix="The step tries again; if it goes on, ask them whether the server is up.",
        ) from error


def _session(client: paramiko.SSHClient, endpoint: Endpoint, who: str, connection: str) -> paramiko.SFTPClient:
    host, port = str(endpoint.host), endpoint.port or 22
    try:
        client.connect(
            host,
            port,
            username=endpoint.login,
            password=endpoint.password.get_secret_value() if endpoint.password else None,
            allow_agent=False,
            look_for_keys=False,
            timeout=_TIMEOUT_SECONDS,
            banner_timeout=_TIMEOUT_SECONDS,
            auth_timeout=_TIMEOUT_SECONDS,
            channel_timeout=_TIMEOUT_SECONDS,
        )
        session = client.open_sftp()
    except paramiko.BadHostKeyException as error:
        raise ConfigurationError(
            f"{host}:{port} shows another host key than the one pinned for {who}.",
            fix="Nothing was exchanged: another machine may be answering. Ask by telephone whether the key was "
            f"changed; only then correct host_key of the connection {connection}.",
        ) from error
    except paramiko.AuthenticationException as error:
        raise ConfigurationError(
            f"{host}:{port} refuses the login of {who}: {error}",
            fix=f"Compare login and password of the connection {connection} with what they told us.",
        ) from error
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise UnreachableError(
            f"{host}:{port} does not answer for {who}: {error!r}",
            fix="The step tries again; if it goes on, ask them whether the server is up.",
        ) from error
    channel = session.get_channel()
    if channel is not None:
        # Without it a server that falls silent holds the step for ever.
        channel.settimeout(_TIMEOUT_SECONDS)
    return session


def _pinned(endpoint: Endpoint, who: str, connection: str) -> paramiko.PKey:
    try:
        kind, encoded = (endpoint.host_key or "").split()[:2]
        return paramiko.PKey.from_type_string(kind, base64.b64decode(encoded, validate=True))
    except (ValueError, binascii.Error, paramiko.SSHException, paramiko.pkey.UnknownKeyType) as error:
        raise ConfigurationError(
            f"The connection {connection} of {who} has no usable host_key.",
            fix="Put the server's public key, as they published it ('ssh-ed25519 AAAA...'), into its extra as "
            "host_key. Without it any machine could pass for theirs.",
        ) from error
