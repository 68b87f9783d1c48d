"""A real SFTP server on loopback, and our client against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest
from pydantic import SecretStr

from bindery.delivery.destinations import open_destination
from bindery.delivery.recipient import FolderDestination, Recipient, SftpDestination
from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError, UnreachableError
from tests.simulator.servers import Trouble, sftp_server

SHOP = Recipient(
    name="shop",
    title="A shop",
    owner="somebody@shop.example",
    specification="onix_3.0",
    destination=SftpDestination(kind="sftp", connection="shop", path="in/onix"),
)


@dataclass(frozen=True)
class Running:
    root: Path
    endpoint: Endpoint
    trouble: Trouble


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root, trouble = tmp_path_factory.mktemp("sftp"), Trouble()
    with sftp_server(root, trouble=trouble) as site:
        endpoint = Endpoint(
            host=site.host,
            port=site.port,
            login=site.user,
            password=SecretStr(site.password),
            host_key=site.host_key,
        )
        yield Running(root, endpoint, trouble)


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


@pytest.mark.parametrize(
    "stated", [None, "", "ssh-ed25519", "ssh-ed25519 !!!", "no-such-type AAAA", "ssh-ed25519 AAAA"]
)
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


def test_a_server_that_breaks_off_is_worth_another_try(server: Running, tmp_path: Path) -> None:
    source = tmp_path / "file.xml"
    source.write_bytes(b"x" * 300_000)
    server.trouble.drop_after = 100_000
    with (
        pytest.raises(UnreachableError, match=r"recipient shop broke off while taking shop-1/file\.xml"),
        open_destination(SHOP, tmp_path, server.endpoint) as destination,
    ):
        destination.put(source, "shop-1/file.xml")
    assert not (server.root / "in/onix/shop-1/file.xml").exists()


def test_a_file_of_ours_that_is_missing_is_not_blamed_on_the_recipient(server: Running, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_destination(SHOP, tmp_path, server.endpoint) as destination:
        destination.put(tmp_path / "missing.xml", "shop-1/file.xml")


def test_a_recipient_over_sftp_needs_a_connection(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="needs the connection 'shop'"), open_destination(SHOP, tmp_path, None):
        pytest.fail("it connected")
    with pytest.raises(ConfigurationError, match="names no host"), open_destination(SHOP, tmp_path, Endpoint()):
        pytest.fail("it connected")


def test_a_relative_folder_is_taken_from_the_home(tmp_path: Path) -> None:
    folder = SHOP.model_copy(update={"destination": FolderDestination(kind="folder", path="outbox/shop")})
    source = tmp_path / "file.xml"
    source.write_text("x")
    with open_destination(folder, tmp_path, None) as destination:
        destination.put(source, "shop-1/file.xml")
    assert (tmp_path / "outbox/shop/shop-1/file.xml").read_text() == "x"
