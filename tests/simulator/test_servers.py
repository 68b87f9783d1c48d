from __future__ import annotations

import base64
import json
import os
import signal
import smtplib
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from http import HTTPStatus
from pathlib import Path

import httpx
import paramiko
import pytest

from tests.simulator.servers import (
    HttpsSite,
    Manners,
    SftpSite,
    Trouble,
    acknowledge,
    acknowledging_recipient,
    https_server,
    outside_world,
    sftp_server,
    smtp_sink,
    webhook_sink,
)

CONTENT = b"<ONIXMessage/>" * 20_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    served = tmp_path / "served"
    (served / "northwind" / "2026-03-01").mkdir(parents=True)
    (served / "northwind" / "2026-03-01" / "full.xml").write_bytes(CONTENT)
    (tmp_path / "secret.txt").write_text("not served")
    return served


@contextmanager
def client(site: SftpSite, *, key: paramiko.PKey | None = None) -> Iterator[paramiko.SFTPClient]:
    with paramiko.SSHClient() as connection:
        kind, blob = site.host_key.split()
        pinned = paramiko.Ed25519Key(data=base64.b64decode(blob))
        connection.get_host_keys().add(f"[{site.host}]:{site.port}", kind, pinned)
        connection.connect(
            site.host,
            site.port,
            username=site.user,
            password=None if key else site.password,
            pkey=key,
            look_for_keys=False,
            allow_agent=False,
        )
        with connection.open_sftp() as sftp:
            yield sftp


def test_a_pinned_sftp_client_lists_reads_and_writes(folder: Path, tmp_path: Path) -> None:
    with sftp_server(folder) as site, client(site) as sftp:
        assert sftp.listdir("/northwind/2026-03-01") == ["full.xml"]
        sftp.get("/northwind/2026-03-01/full.xml", str(tmp_path / "got.xml"))
        sftp.mkdir("/recipients")
        sftp.put(str(tmp_path / "got.xml"), "/recipients/.sent.xml")
        sftp.posix_rename("/recipients/.sent.xml", "/recipients/sent.xml")
    assert (tmp_path / "got.xml").read_bytes() == CONTENT
    assert (folder / "recipients" / "sent.xml").read_bytes() == CONTENT


def test_sftp_shows_nothing_outside_its_folder(folder: Path) -> None:
    with sftp_server(folder) as site, client(site) as sftp, pytest.raises(FileNotFoundError):
        sftp.stat("/../secret.txt")


def test_sftp_takes_a_key_and_refuses_a_wrong_password(folder: Path) -> None:
    key = paramiko.ECDSAKey.generate()
    with sftp_server(folder, authorized_key=f"{key.get_name()} {key.get_base64()}") as site:
        with client(site, key=key) as sftp:
            assert sftp.listdir("/") == ["northwind"]
        with pytest.raises(paramiko.AuthenticationException), client(replace(site, password="guess")):  # noqa: S106 - wrong
            pass


def test_another_host_key_is_noticed(folder: Path) -> None:
    with sftp_server(folder) as one, sftp_server(folder) as two:
        swapped = replace(two, host_key=one.host_key)
        with pytest.raises(paramiko.BadHostKeyException), client(swapped):
            pass


def test_a_read_only_sftp_server_takes_nothing(folder: Path) -> None:
    with sftp_server(folder, read_only=True) as site, client(site) as sftp:
        for attempt in (
            lambda: sftp.open("/new.xml", "w"),
            lambda: sftp.mkdir("/new"),
            lambda: sftp.remove("/northwind/2026-03-01/full.xml"),
            lambda: sftp.rename("/northwind", "/southwind"),
        ):
            with pytest.raises(PermissionError):
                attempt()
        assert sftp.open("/northwind/2026-03-01/full.xml").read(4) == b"<ONI"
    assert [path.name for path in folder.iterdir()] == ["northwind"]


def test_sftp_can_drop_a_download_midway_and_recover(folder: Path, tmp_path: Path) -> None:
    with sftp_server(folder, trouble=Trouble(drop_after=100_000)) as site:
        with pytest.raises((EOFError, OSError, paramiko.SSHException)), client(site) as sftp:
            sftp.get("/northwind/2026-03-01/full.xml", str(tmp_path / "half.xml"))
        site.trouble.drop_after = None
        with client(site) as sftp:
            sftp.get("/northwind/2026-03-01/full.xml", str(tmp_path / "whole.xml"))
    assert (tmp_path / "whole.xml").read_bytes() == CONTENT


def test_sftp_can_drop_an_upload_midway_and_refuse_a_listing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "up.xml").write_bytes(CONTENT)
    with sftp_server(folder, trouble=Trouble(drop_after=100_000, slow_upload=0.001)) as site:
        with pytest.raises((EOFError, OSError, paramiko.SSHException)), client(site) as sftp:
            sftp.put(str(tmp_path / "up.xml"), "/up.xml")
        site.trouble.refuse_listing = True
        with client(site) as sftp, pytest.raises(PermissionError):
            sftp.listdir("/")
    assert (folder / "up.xml").stat().st_size < len(CONTENT)


def browser(site: HttpsSite) -> httpx.Client:
    context = ssl.create_default_context(cafile=site.ca)
    return httpx.Client(base_url=site.base_url, auth=(site.user, site.password), verify=context, trust_env=False)


def test_https_lists_folders_and_serves_files(folder: Path, tmp_path: Path) -> None:
    with https_server(folder, tmp_path / "state") as site, browser(site) as web:
        (entry,) = web.get("/northwind/2026-03-01/index.json").json()
        assert (entry["name"], entry["size"]) == ("full.xml", len(CONTENT))
        assert entry["modified"].endswith("+00:00")
        assert [one["name"] for one in web.get("/northwind/index.json").json()] == ["2026-03-01/full.xml"]
        assert web.get("/northwind/2026-03-01/full.xml").content == CONTENT
        assert web.get("/northwind/2026-03-02/index.json").status_code == HTTPStatus.NOT_FOUND
        assert web.get("/%2e%2e/secret.txt").status_code == HTTPStatus.NOT_FOUND


def test_https_asks_for_the_password_and_for_trust(folder: Path, tmp_path: Path) -> None:
    with https_server(folder, tmp_path / "state") as site:
        with browser(site) as web:
            assert web.get("/index.json", auth=("bindery", "wrong")).status_code == HTTPStatus.UNAUTHORIZED
        with httpx.Client(trust_env=False) as stranger, pytest.raises(httpx.ConnectError):
            stranger.get(f"{site.base_url}/index.json")


def test_https_can_break_off_and_refuse_a_listing(folder: Path, tmp_path: Path) -> None:
    trouble = Trouble(drop_after=100_000, refuse_listing=True)
    with https_server(folder, tmp_path / "state", trouble=trouble) as site, browser(site) as web:
        assert web.get("/northwind/index.json").status_code == HTTPStatus.FORBIDDEN
        with pytest.raises(httpx.RemoteProtocolError):
            web.get("/northwind/2026-03-01/full.xml")
        trouble.drop_after = None
        assert web.get("/northwind/2026-03-01/full.xml").content == CONTENT


def test_mail_is_kept_or_refused() -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "bindery@example.org", "team@example.org", "Märchen refused"
    letter.set_content("harbour 2026-03-02")
    with smtp_sink() as sink, smtplib.SMTP(sink.host, sink.port) as post:
        post.send_message(letter)
        assert [one["Subject"] for one in sink.received] == ["Märchen refused"]
        sink.refuse = True
        with pytest.raises(smtplib.SMTPDataError):
            post.send_message(letter)
        assert len(sink.received) == 1


def test_a_webhook_keeps_what_it_answers_ok_to() -> None:
    with webhook_sink() as sink, httpx.Client(trust_env=False) as web:
        assert web.post(sink.url, json={"text": "late"}).text == "ok"
        sink.status = HTTPStatus.TOO_MANY_REQUESTS
        assert web.post(sink.url, json={"text": "again"}).status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert web.post(sink.url, content=b"{").status_code == HTTPStatus.BAD_REQUEST
        assert sink.received == [{"text": "late"}]


def test_a_recipient_acknowledges_complete_deliveries_once(tmp_path: Path) -> None:
    (tmp_path / "tandem" / "d1").mkdir(parents=True)
    (tmp_path / "tandem" / "d2").mkdir()
    (tmp_path / "tandem" / "d2" / "manifest.json").write_text("{}")
    answer = tmp_path / "tandem" / "d2.ack.json"
    assert acknowledge(tmp_path, Manners(silent=True)) == []
    assert acknowledge(tmp_path, Manners(rejected=("9781900000004",))) == [answer]
    assert json.loads(answer.read_text()) == {"status": "accepted", "rejected": ["9781900000004"]}
    assert acknowledge(tmp_path, Manners()) == []
    (tmp_path / "tandem" / "d1" / "DONE").touch()
    assert acknowledge(tmp_path, Manners()) == [tmp_path / "tandem" / "d1.ack.json"]


def appears(path: Path, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)
    return path.exists()


def test_a_recipient_watches_by_itself(tmp_path: Path) -> None:
    with acknowledging_recipient(tmp_path / "in", every=0.02):
        (tmp_path / "in" / "d3").mkdir()
        (tmp_path / "in" / "d3" / "DONE").touch()
        assert appears(tmp_path / "in" / "d3.ack.json")


def test_keys_and_password_outlive_a_restart(folder: Path, tmp_path: Path) -> None:
    with outside_world(folder, tmp_path / "state") as first:
        written = json.loads((tmp_path / "state" / "endpoints.json").read_text())
        assert written == first
    with outside_world(folder, tmp_path / "state") as second:
        assert second["sftp"]["host_key"] == first["sftp"]["host_key"]
        assert second["https"]["password"] == first["https"]["password"]
    assert (tmp_path / "state" / "endpoints.json").stat().st_mode & 0o077 == 0


def test_serve_runs_until_it_is_told_to_stop(folder: Path, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    state = tmp_path / "state"
    command = [sys.executable, "-m", "tests.simulator", "serve", "--folder", str(folder), "--state", str(state)]
    process = subprocess.Popen(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)})  # noqa: S603 - our own
    try:
        assert appears(state / "endpoints.json")
        https = json.loads((state / "endpoints.json").read_text())["https"]
        context = ssl.create_default_context(cafile=https["ca"])
        with httpx.Client(verify=context, auth=(https["user"], https["password"]), trust_env=False) as web:
            assert web.get(f"{https['base_url']}/northwind/index.json").status_code == HTTPStatus.OK
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
