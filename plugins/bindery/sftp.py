"""SFTP with a pinned host key: shared by the feeds that fetch and the deliveries that send."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError, UnreachableError

_TIMEOUT = 30.0


def _pinned(endpoint: Endpoint, who: str) -> paramiko.PKey:
    try:
        kind, encoded = (endpoint.host_key or "").split()[:2]
        return paramiko.PKey.from_type_string(kind, base64.b64decode(encoded))
    except (ValueError, binascii.Error, paramiko.SSHException) as error:
        raise ConfigurationError(
            f"The connection for {who} pins no usable host key.",
            fix="Put the server's public key, as in known_hosts (ssh-ed25519 AAAA...), into its extra as host_key.",
        ) from error


@contextmanager
def open_sftp(endpoint: Endpoint, who: str) -> Iterator[paramiko.SFTPClient]:
    """A session with a server whose key is the pinned one.

    Args:
        endpoint: Host, login, password and host key.
        who: The feed or recipient, for the error's text.

    Raises:
        ConfigurationError: No host key is pinned, another one answers, or the login is refused.
        UnreachableError: The server does not answer.
    """
    host, port = endpoint.host or "", endpoint.port or 22
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    key = _pinned(endpoint, who)
    client.get_host_keys().add(host if port == 22 else f"[{host}]:{port}", key.get_name(), key)
    try:
        client.connect(
            host,
            port=port,
            username=endpoint.login,
            password=endpoint.password.get_secret_value() if endpoint.password else None,
            allow_agent=False,
            look_for_keys=False,
            timeout=_TIMEOUT,
            banner_timeout=_TIMEOUT,
            auth_timeout=_TIMEOUT,
        )
    except paramiko.BadHostKeyException as error:
        raise ConfigurationError(
            f"{host} shows another host key than the one pinned for {who}.",
            fix="Nothing was exchanged. Ask by telephone whether the key was changed; then pin the new one.",
        ) from error
    except paramiko.AuthenticationException as error:
        raise ConfigurationError(
            f"{host} refuses the login of {who}.", fix="Check the login and password of its connection."
        ) from error
    except (OSError, paramiko.SSHException) as error:
        raise UnreachableError(f"{host}:{port} does not answer for {who}: {error}.", fix="Try again later.") from error
    try:
        yield client.open_sftp()
    finally:
        client.close()
