"""Files under a base URL, listed by a JSON index. Certificates are always checked; redirects are not followed."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from bindery.claims import RemoteFile
from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError, RefusedError, UnreachableError
from bindery.feeds.declaration import Feed, HttpsTransport
from bindery.feeds.transports.base import CHUNK, contained

_INDEX = TypeAdapter(tuple[RemoteFile, ...])
_INDEX_CAP = 32 << 20


class Https:
    """Files under a base URL."""

    def __init__(self, client: httpx.Client, feed: Feed, declared: HttpsTransport) -> None:
        self._client = client
        self._feed = feed
        self._index = declared.index
        self._connection = declared.connection

    def list(self, prefix: str) -> tuple[RemoteFile, ...]:
        """See ``Transport.list``. The index may also be a folder's own: it is asked for under ``prefix`` first."""
        body = b"".join(self._get(f"{prefix}{self._index}", cap=_INDEX_CAP, missing=b"[]"))
        try:
            listed = _INDEX.validate_json(body)
        except ValidationError as error:
            raise UnreachableError(
                f"The index of feed {self._feed.name} is not a list of files.",
                fix="Nothing was fetched. Try again; if it stays so, ask the supplier what became of the index.",
            ) from error
        names = (file.model_copy(update={"name": contained(f"{prefix}{file.name}")}) for file in listed)
        return tuple(sorted(names, key=lambda file: file.name))

    def read(self, name: str) -> Iterator[bytes]:
        """See ``Transport.read``."""
        return self._get(contained(name), cap=None, missing=None)

    def _get(self, name: str, *, cap: int | None, missing: bytes | None) -> Iterator[bytes]:
        try:
            with self._client.stream("GET", quote(name)) as response:
                if response.status_code == httpx.codes.NOT_FOUND and missing is not None:
                    yield missing
                    return
                self._accept(response, name)
                taken = 0
                for piece in response.iter_raw(CHUNK):
                    taken += len(piece)
                    if cap is not None and taken > cap:
                        raise RefusedError(
                            f"{name} of feed {self._feed.name} is larger than {cap} bytes.",
                            fix="Ask the supplier for an index a day.",
                            rule="F2",
                        )
                    yield piece
        except httpx.HTTPError as error:
            if _untrusted(error):
                raise ConfigurationError(
                    f"The certificate of {self._feed.supplier} is not to be trusted: {error}.",
                    fix="Nothing was exchanged: another machine may be answering. Ask the supplier; if its authority "
                    f"is its own, put that one's certificate into the extra of {self._connection} as ca_file.",
                ) from error
            raise UnreachableError(
                f"{self._feed.supplier} did not answer for {name}: {error}.", fix="Try again later."
            ) from error

    def _accept(self, response: httpx.Response, name: str) -> None:
        if response.status_code == httpx.codes.OK:
            return
        what = f"{self._feed.supplier} answered {response.status_code} for {name}."
        if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise ConfigurationError(what, fix="Check the login and password of the feed's connection.")
        raise UnreachableError(what, fix="Try again later; if it stays so, ask the supplier.")


def _untrusted(error: BaseException | None) -> bool:
    # The HTTP client tells a refused certificate and a refused connection by the same class.
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def open_https(feed: Feed, declared: HttpsTransport, endpoint: Endpoint) -> Iterator[Https]:
    """Files under the connection's base URL and the feed's path.

    Raises:
        ConfigurationError: The connection has no URL, or one that is not HTTPS.
    """
    if endpoint.base_url is None or not endpoint.base_url.startswith("https://"):
        raise ConfigurationError(
            f"The connection {declared.connection!r} of feed {feed.name} has no https:// address.",
            fix="Give the connection the host with its scheme, such as https://feeds.example.com.",
        )
    auth = None
    if endpoint.login:
        auth = httpx.BasicAuth(endpoint.login, endpoint.password.get_secret_value() if endpoint.password else "")
    base = "/".join(part.strip("/") for part in (endpoint.base_url, declared.path) if part.strip("/")) + "/"
    with httpx.Client(
        base_url=base,
        auth=auth,
        verify=ssl.create_default_context(cafile=endpoint.ca_file),
        headers={"Accept-Encoding": "identity"},
        timeout=httpx.Timeout(30),
        follow_redirects=False,
        trust_env=False,
    ) as client:
        yield Https(client, feed, declared)
