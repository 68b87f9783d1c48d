"""A real SSH server in this process, and our client against it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest
from bindery.delivery.destinations import open_destination
from bindery.delivery.recipient import FolderDestination, Recipient, SftpDestination
from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError, UnreachableError
from pydantic import SecretStr

SHOP = Recipient(
    name="shop",
    title="A shop",
    owner="somebody@shop.example",
    specification="onix_3.0",
    destination=SftpDestination(kind="sftp", connection="shop", path="in/onix"),
)


class _Server(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("bindery", "sesame")


@dataclass(frozen=True)
class Running:
    root: Path
    endpoint: Endpoint


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("sftp")
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            _Server,
            "127.0.0.1",
            0,
            server_host_keys=[key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=bytes(root)),
        )

    acceptor = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    host_key = key.export_public_key().decode().strip()
    endpoint = Endpoint(
        host="127.0.0.1",
        port=acceptor.get_port(),
        login="bindery",
        password=SecretStr("sesame"),
        host_key=host_key,
    )
    yield Running(root, endpoint)
    loop.call_soon_threadsafe(acceptor.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


def test_files_are_put_whole_and_replaced_whole(server: Running, tmp_path: Path) -> None:
    source = tmp_path / "file.xml"
    for content in ("first", "a longer second"):
        source.write_text(content)
        with open_destination(SHOP, tmp_path, server.endpoint) as destination:
            destination.put(source, "shop-1/file.xml")
            assert destination.size("shop-1/file.xml") == len(content)
            assert destination.read("shop-1/file.xml") == content.encode()
    assert [path.name for path in (server.root / "in/onix/shop-1").iterdir()] == ["file.xml"]


def test_what_is_not_there_is_none(server: Running, tmp_path: Path) -> None:
    with open_destination(SHOP, tmp_path, server.endpoint) as destination:
        assert destination.size("shop-9/manifest.json") is None
        assert destination.read("shop-9.ack.json") is None
        assert destination.label == f"sftp://127.0.0.1:{server.endpoint.port}/in/onix"


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ssh-rsa"])
def test_another_host_key_than_the_pinned_one_is_refused(server: Running, tmp_path: Path, kind: str) -> None:
    stranger = asyncssh.generate_private_key(kind).export_public_key().decode()
    endpoint = server.endpoint.model_copy(update={"host_key": stranger})
    with pytest.raises(ConfigurationError) as raised, open_destination(SHOP, tmp_path, endpoint):
        pytest.fail("it connected")
    assert "host_key" in raised.value.fix


@pytest.mark.parametrize("stated", [None, "", "ssh-ed25519", "ssh-ed25519 !!!", "no-such-type AAAA"])
def test_without_a_pinned_host_key_nothing_is_sent(server: Running, tmp_path: Path, stated: str | None) -> None:
    endpoint = server.endpoint.model_copy(update={"host_key": stated})
    with (
        pytest.raises(ConfigurationError, match="no usable host_key"),
        open_destination(SHOP, tmp_path, endpoint),
    ):
        pytest.fail("it connected")


def test_a_wrong_password_is_ours_to_correct(server: Running, tmp_path: Path) -> None:
    endpoint = server.endpoint.model_copy(update={"password": SecretStr("guess")})
    with pytest.raises(ConfigurationError) as raised, open_destination(SHOP, tmp_path, endpoint):
        pytest.fail("it connected")
    assert "guess" not in str(raised.value)


def test_a_server_that_is_down_is_worth_another_try(server: Running, tmp_path: Path) -> None:
    endpoint = server.endpoint.model_copy(update={"port": 1})
    with pytest.raises(UnreachableError), open_destination(SHOP, tmp_path, endpoint):
        pytest.fail("it connected")


def test_a_recipient_over_sftp_needs_a_connection(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="names no host"), open_destination(SHOP, tmp_path, None):
        pytest.fail("it connected")


def test_a_relative_folder_is_taken_from_the_home(tmp_path: Path) -> None:
    folder = SHOP.model_copy(update={"destination": FolderDestination(kind="folder", path="outbox/shop")})
    source = tmp_path / "file.xml"
    source.write_text("x")
    with open_destination(folder, tmp_path, None) as destination:
        destination.put(source, "shop-1/file.xml")
    assert (tmp_path / "outbox/shop/shop-1/file.xml").read_text() == "x"
