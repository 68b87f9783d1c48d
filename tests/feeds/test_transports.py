"""Feeds over SFTP and HTTPS, against real servers on loopback."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest
import trustme
from pydantic import SecretStr

from bindery.claims import RemoteFile
from bindery.endpoints import Endpoint
from bindery.errors import ConfigurationError, UnreachableError
from bindery.feeds.archive import keep
from bindery.feeds.declaration import Feed, HttpsTransport, SftpTransport
from bindery.feeds.transports import Transport, open_transport
from bindery.home import Home
from tests.simulator.servers import Trouble, https_server, sftp_server

CONTENT = b"<ONIXMessage/>" * 20_000
FILE = "north/2026-03-01/full.xml"


@dataclass(frozen=True)
class Supplier:
    """A running server, the feed on it, and how it fails."""

    feed: Feed
    endpoint: Endpoint
    trouble: Trouble
    home: Home

    def open(self, **other: object) -> AbstractContextManager[Transport]:
        """The feed's files, with something else in the connection."""
        return open_transport(self.feed, home=self.home, endpoint=self.endpoint.model_copy(update=other))


def feed(transport: SftpTransport | HttpsTransport) -> Feed:
    return Feed(name="north", supplier="north", title="North", owner="a@example.com", transport=transport)


@pytest.fixture
def served(tmp_path: Path) -> Path:
    folder = tmp_path / "served"
    contents = {FILE: CONTENT, "north/2026-03-02/delta.xml": b"<ONIXMessage/>", "other/secret.xml": b"not for north"}
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def sftp(served: Path, tmp_path: Path) -> Iterator[Supplier]:
    trouble = Trouble()
    with sftp_server(served, read_only=True, trouble=trouble) as site:
        endpoint = Endpoint(
            host=site.host,
            port=site.port,
            login=site.user,
            password=SecretStr(site.password),
            host_key=site.host_key,
        )
        declared = SftpTransport(kind="sftp", connection="north_sftp", path="/north")
        yield Supplier(feed(declared), endpoint, trouble, Home(tmp_path / "home"))


@pytest.fixture
def https(served: Path, tmp_path: Path) -> Iterator[Supplier]:
    trouble = Trouble()
    with https_server(served, tmp_path / "state", trouble=trouble) as site:
        endpoint = Endpoint(
            base_url=site.base_url,
            login=site.user,
            password=SecretStr(site.password),
            ca_file=str(site.ca),
        )
        declared = HttpsTransport(kind="https", connection="north_https", path="north")
        yield Supplier(feed(declared), endpoint, trouble, Home(tmp_path / "home"))


@pytest.fixture(params=["sftp", "https"])
def supplier(request: pytest.FixtureRequest) -> Supplier:
    running = request.getfixturevalue(request.param)
    assert isinstance(running, Supplier)
    return running


def names(files: tuple[RemoteFile, ...]) -> list[str]:
    return [file.name for file in files]


def archived(home: Home) -> list[Path]:
    return [path for path in home.archive.rglob("*") if path.is_file()]


def test_a_suppliers_files_are_listed_with_their_sizes_and_nobody_elses(supplier: Supplier) -> None:
    with supplier.open() as transport:
        assert names(transport.list("")) == ["2026-03-01/full.xml", "2026-03-02/delta.xml"]
        (file,) = transport.list("2026-03-01/")
        assert (file.name, file.size) == ("2026-03-01/full.xml", len(CONTENT))
        assert file.modified is not None
        assert transport.list("2026-03-03/") == ()


def test_a_file_comes_into_the_archive_as_it_is(supplier: Supplier) -> None:
    with supplier.open() as transport:
        read = transport.read("2026-03-01/full.xml")
        message_id, path, size = keep(read, home=supplier.home, expected_size=len(CONTENT), name="full.xml")
    assert (message_id, size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    assert path.read_bytes() == CONTENT


def test_a_wrong_password_is_ours_to_correct(supplier: Supplier) -> None:
    with pytest.raises(ConfigurationError) as caught, supplier.open(password=SecretStr("guess")) as transport:
        transport.list("")
    assert "password" in caught.value.fix
    assert "guess" not in str(caught.value)


def test_a_server_that_breaks_off_is_worth_another_try_and_leaves_nothing(supplier: Supplier) -> None:
    supplier.trouble.drop_after = 100_000
    with pytest.raises(UnreachableError), supplier.open() as transport:
        keep(transport.read("2026-03-01/full.xml"), home=supplier.home, expected_size=len(CONTENT), name="full.xml")
    assert archived(supplier.home) == []
    supplier.trouble.drop_after = None
    with supplier.open() as transport:
        keep(transport.read("2026-03-01/full.xml"), home=supplier.home, expected_size=len(CONTENT), name="full.xml")
    assert len(archived(supplier.home)) == 1


def test_a_file_that_is_gone_is_told_by_name(supplier: Supplier) -> None:
    with pytest.raises(UnreachableError, match=r"gone\.xml"), supplier.open() as transport:
        list(transport.read("2026-03-01/gone.xml"))


def test_a_refused_listing_does_not_pass_for_an_empty_one(supplier: Supplier) -> None:
    supplier.trouble.refuse_listing = True
    with pytest.raises((ConfigurationError, UnreachableError)), supplier.open() as transport:
        transport.list("")


def test_a_folder_that_does_not_exist_is_ours_to_correct(sftp: Supplier) -> None:
    elsewhere = feed(SftpTransport(kind="sftp", connection="north_sftp", path="/south"))
    with (
        pytest.raises(ConfigurationError, match="no folder /south"),
        open_transport(elsewhere, home=sftp.home, endpoint=sftp.endpoint) as transport,
    ):
        transport.list("")


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ssh-rsa"])
def test_another_host_key_is_refused_before_any_login(
    sftp: Supplier, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    logins: list[str] = []

    def begin_auth(_: asyncssh.SSHServer, username: str) -> bool:
        logins.append(username)
        return True

    monkeypatch.setattr(asyncssh.SSHServer, "begin_auth", begin_auth)
    stranger = asyncssh.generate_private_key(kind).export_public_key().decode()
    with pytest.raises(ConfigurationError, match="another host key") as caught, sftp.open(host_key=stranger):
        pytest.fail("it connected")
    assert "north_sftp" in caught.value.fix
    assert logins == []
    with sftp.open():
        assert logins == ["bindery"]


@pytest.mark.parametrize("stated", [None, "", "ssh-ed25519", "no-such-type AAAA"])
def test_without_a_pinned_host_key_nothing_is_fetched(sftp: Supplier, stated: str | None) -> None:
    with pytest.raises(ConfigurationError, match="no usable host_key"), sftp.open(host_key=stated):
        pytest.fail("it connected")


def test_a_server_that_is_down_is_worth_another_try(supplier: Supplier) -> None:
    down = supplier.open(port=1, base_url="https://localhost:1")
    with pytest.raises(UnreachableError), down as transport:
        transport.list("")


def test_a_certificate_of_an_unknown_authority_is_refused(https: Supplier, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    for authority in (None, str(other)):
        with (
            pytest.raises(ConfigurationError, match="certificate") as caught,
            https.open(ca_file=authority) as transport,
        ):
            transport.list("")
        assert "north_https" in caught.value.fix
