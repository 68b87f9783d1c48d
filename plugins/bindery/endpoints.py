"""Where a remote party is and how to prove who we are. Filled from an Airflow connection, never written down."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SecretStr


class Endpoint(BaseModel):
    """A remote party.

    Attributes:
        host_key: For SFTP: the server's public key as in ``known_hosts`` (``ssh-ed25519 AAAA…``). Without it nothing
            is sent or fetched.
        base_url: For HTTPS: scheme, host, port and leading path.
        ca_file: For HTTPS: certificate authority to trust instead of the system's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str | None = None
    port: int | None = None
    login: str | None = None
    password: SecretStr | None = None
    host_key: str | None = None
    base_url: str | None = None
    ca_file: str | None = None
