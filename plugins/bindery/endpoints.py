"""Where a remote party is reached: what an Airflow connection or a CLI flag tells, without Airflow."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SecretStr


class Endpoint(BaseModel):
    """One remote party.

    Attributes:
        host: Name or address.
        port: None for the protocol's own.
        login: Who we say we are.
        password: Never printed.
        host_key: The SSH server's public key, ``<type> <base64>``, as in a ``known_hosts`` file.
        base_url: For HTTPS.
        ca_file: PEM file of a private certificate authority, for HTTPS.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str | None = None
    port: int | None = None
    login: str | None = None
    password: SecretStr | None = None
    host_key: str | None = None
    base_url: str | None = None
    ca_file: str | None = None
