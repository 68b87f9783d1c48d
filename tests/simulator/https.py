"""Real HTTP servers on loopback: files over TLS with an index a folder, and a webhook that keeps what it is sent."""

from __future__ import annotations

import base64
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import trustme

from tests.simulator.sftp import HOST, Trouble

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class HttpsSite:
    """A running HTTPS server. ``ca`` is the certificate authority to trust; ``trouble`` makes it fail."""

    base_url: str
    port: int
    ca: Path
    user: str
    password: str
    folder: Path
    trouble: Trouble


def listing(folder: Path) -> list[dict[str, Any]]:
    """A folder's index: every file under it, by name; dot files are nobody's business."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [
        {
            "name": path.relative_to(folder).as_posix(),
            "size": path.stat().st_size,
            "modified": datetime.fromtimestamp(int(path.stat().st_mtime), UTC).isoformat(),
        }
        for path in files
    ]


class _Quiet(BaseHTTPRequestHandler):
    """Says nothing on the console: a test's output is the test's."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's own name
        del format, args

    def _say(self, status: HTTPStatus, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Files(_Quiet):
    """A folder's files. A server fills in the three attributes."""

    folder: Path
    secret: str
    trouble: Trouble

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), self.secret.encode()):
            self._say(HTTPStatus.UNAUTHORIZED, b"", {"WWW-Authenticate": 'Basic realm="supplier"'})
            return
        path = (self.folder / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
        if not path.is_relative_to(self.folder):
            self._say(HTTPStatus.NOT_FOUND, b"")
        elif path.name == "index.json" and path.parent.is_dir():
            self._index(path.parent)
        elif path.is_file():
            self._file(path, with_body=with_body)
        else:
            self._say(HTTPStatus.NOT_FOUND, b"")

    def _index(self, place: Path) -> None:
        if self.trouble.refuse_listing:
            self._say(HTTPStatus.FORBIDDEN, b"")
            return
        self._say(HTTPStatus.OK, json.dumps(listing(place)).encode(), {"Content-Type": "application/json"})

    def _file(self, path: Path, *, with_body: bool) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(path.stat().st_size))
        self.send_header("Last-Modified", self.date_time_string(int(path.stat().st_mtime)))
        self.end_headers()
        if not with_body:
            return
        left = self.trouble.drop_after
        with path.open("rb") as page:
            while piece := page.read(_PIECE if left is None else min(_PIECE, left)):
                self.wfile.write(piece)
                left = None if left is None else left - len(piece)
        self.close_connection = True


class _TlsServer(ThreadingHTTPServer):
    """Shakes hands in the connection's own thread, so that a slow or hostile client holds up nobody."""

    daemon_threads = True

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext) -> None:
        super().__init__((HOST, port), handler)
        self._context = context

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(30)
        try:
            with self._context.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)
        except (ssl.SSLError, ConnectionError, TimeoutError):
            # The client hung up or does not trust us: it knows, and the next one is served.
            return


@contextmanager
def _running(server: ThreadingHTTPServer, name: str) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def certificates(state: Path) -> tuple[Path, Path]:
    """A certificate authority and a certificate for loopback, made once and kept in ``state``: (authority, server)."""
    authority, server = state / "ca.pem", state / "server.pem"
    if not server.exists():
        state.mkdir(parents=True, exist_ok=True)
        made = trustme.CA()
        made.cert_pem.write_to_path(str(authority))
        server.touch(mode=0o600)
        made.issue_cert("localhost", HOST).private_key_and_cert_chain_pem.write_to_path(str(server))
    return authority, server


@contextmanager
def https_server(
    folder: Path,
    state: Path,
    *,
    user: str = "bindery",
    password: str = "loopback",  # noqa: S107 - opens nothing but a server of the tests
    port: int = 0,
    trouble: Trouble | None = None,
) -> Iterator[HttpsSite]:
    """Serve a folder over HTTPS with basic authentication until the block ends.

    ``index.json`` of any folder is made when it is asked for: ``[{"name", "size", "modified"}]`` of all files under it.

    Args:
        folder: Its root.
        state: Where the certificates are kept.
        user: Who may enter.
        password: With what.
        port: 0 for a free one.
        trouble: How it misbehaves.
    """
    trouble = trouble or Trouble()
    authority, certificate = certificates(state)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    secret = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    handler = type("Files", (_Files,), {"folder": folder.resolve(), "secret": secret, "trouble": trouble})
    server = _TlsServer(port, handler, context)
    bound = server.server_address[1]
    with _running(server, "https"):
        yield HttpsSite(f"https://localhost:{bound}", bound, authority, user, password, folder, trouble)


@dataclass(slots=True)
class WebhookSink:
    """A running webhook, such as Slack's. ``received`` holds the JSON posted; ``status`` is what it answers."""

    url: str
    received: list[Any] = field(default_factory=list)
    status: HTTPStatus = HTTPStatus.OK


@contextmanager
def webhook_sink(*, port: int = 0) -> Iterator[WebhookSink]:
    """Take what is posted to a Slack-compatible incoming webhook on loopback until the block ends."""
    sink = WebhookSink("")

    class Handler(_Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            try:
                posted = json.loads(body)
            except ValueError:
                self._say(HTTPStatus.BAD_REQUEST, b"invalid_payload")
                return
            if sink.status == HTTPStatus.OK:
                sink.received.append(posted)
            self._say(sink.status, b"ok" if sink.status == HTTPStatus.OK else b"error")

    server = ThreadingHTTPServer((HOST, port), Handler)
    sink.url = f"http://{HOST}:{server.server_address[1]}/services/T0/B0/loopback"
    with _running(server, "webhook"):
        yield sink
