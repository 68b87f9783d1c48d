from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import pty
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bindery.cli import build
from bindery.cli.document_model import ReadDocument
from bindery.home import PROJECT
from tests.corpus import CORPUS, manifest, needs_corpus
from tests.onix.reading import MESSAGES, message, product


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(build(), ["read", *map(str, arguments)], env={"COLUMNS": "160", "TERM": "dumb"})


def _document(*arguments: object) -> dict[str, Any]:
    result = _run("--json", *arguments)
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_json_says_what_is_in_a_message() -> None:
    document = _document(MESSAGES / "ref_30.xml")
    assert document["message"]["release"] == "3.0"
    assert document["message"]["sent_at"] == "2026-03-01T08:30:00Z"
    assert document["counts"] == {
        "received": 3,
        "read": 3,
        "unreadable": 0,
        "out_of_scope": 0,
        "test": 0,
        "no_product": False,
    }
    assert document["findings"] == []
    assert document["unmapped"]["Product/PublishingDetail/CityOfPublication"] == 1
    assert "records" not in document


def test_json_records_are_flat() -> None:
    record = _document(MESSAGES / "ref_30.xml", "--records")["records"][0]
    assert (record["isbn13"], record["title"], record["subtitle"]) == ("9783161484100", "Das Leuchtfeuer", "Roman")
    assert (record["authors"], record["narrators"]) == (["Inga Brandt"], ["Jan van der Meer"])
    assert (record["narration_type"], record["abridged"], record["language"]) == ("voice_replica", "no", "ger")
    assert (record["duration_seconds"], record["track_count"]) == (41400, 112)
    assert record["publication_date"] == "2026-03"
    assert record["collections"] == [{"type": "10", "title": "Die Küste", "part_number": "3", "identifiers": []}]
    assert record["sales_rights"][0]["countries_included"] == ["DE", "AT", "CH"]
    assert record["sales_rights"][0]["restrictions"][0]["type"] == "12"
    price = record["prices"][0]
    assert (price["amount"], price["currency"], price["from"], price["until"]) == ("19.95", "EUR", "2026-03-01", None)
    assert record["related_products"][0]["relations"] == ["06"]
    assert set(record["source"]) == {"byte_start", "byte_end", "line"}


def test_out_of_scope_is_shown_with_all_only(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_text(message(product("a"), product("paper").replace(">AJ<", ">BC<")))
    some, everything = _document(path, "--records"), _document(path, "--records", "--all")
    assert [one["record_reference"] for one in some["records"]] == ["a"]
    assert [one["record_reference"] for one in everything["records"]] == ["a", "paper"]
    assert some["counts"]["out_of_scope"] == 1


def test_exit_codes_and_errors_on_stderr(tmp_path: Path) -> None:
    good, blocked, cut = tmp_path / "good.xml", tmp_path / "blocked.xml", tmp_path / "cut.xml"
    good.write_text(message(product("a")))
    blocked.write_text(message(product("a"), product("b", "\x10")))
    cut.write_text(message(product("a"))[:-20])
    assert _run(good).exit_code == 0
    assert _run(blocked).exit_code == 1
    result = _run(cut, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "incomplete upload" in result.stderr
    assert "What to do" in result.stderr
    for path in (tmp_path / "absent.xml", tmp_path):
        result = _run(path)
        assert result.exit_code == 2
        assert "Traceback" not in result.output


def test_several_files_are_json_lines_and_one_bad_one_does_not_stop_the_rest(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    result = _run("--json", MESSAGES / "ref_30.xml", bad, MESSAGES / "ref_21.xml")
    assert result.exit_code == 2
    assert [json.loads(line)["message"]["release"] for line in result.stdout.splitlines()] == ["3.0", "2.1"]
    assert "looks like JSON" in result.stderr
    assert "(2 of 3)" in result.stderr


def test_unknown_codes_are_found_by_the_issue_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    voices = "<Contributor><ContributorRole>A56</ContributorRole></Contributor>"
    wrong = "<Contributor><ContributorRole>X99</ContributorRole></Contributor>"
    path.write_text(message(product("a", voices), product("b", wrong)))
    (found,) = _document(path)["findings"]
    assert (found["rule"], found["line"], found["record_reference"]) == ("W5", 4, "b")
    assert found["text"] == "ContributorRole is 'X99', which is not in List 17 of issue 73."
    newer, unknown = _document(path, "--codelists", "68")["findings"]
    assert newer["text"] == "ContributorRole is 'A56', which is newer than issue 68 of List 17: issue 72 has it."
    assert "List 17 of issue 68" in unknown["text"]
    result = _run(path, "--codelists", "70")
    assert result.exit_code == 2
    assert "68, 73, 75" in result.stderr


def test_validation_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_text(message(product("a")))
    assert _document(path)["findings"] == []
    (found,) = _document(path, "--validate")["findings"]
    assert (found["rule"], found["severity"], found["line"]) == ("R4", "warn", 3)
    assert "ONIX 3.0 schema" in found["text"]
    sheet = tmp_path / "s.csv"
    sheet.write_text("ISBN,Title\n9783161484100,T\n")
    assert "no schema" in _run(sheet, "--mapping", "house_sheet", "--validate").stderr


def test_tables_for_people() -> None:
    result = _run(MESSAGES / "ref_21.xml", "--records")
    assert result.exit_code == 0
    for word in ("Old Sound Ltd", "High Noon–Late Café", "1:30:00", "0306406157", "R7"):
        assert word in result.stdout


def test_a_sheet_needs_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("ISBN,Title\n9783161484100,T\n")
    result = _run(path)
    assert (result.exit_code, "--mapping" in result.stderr) == (2, True)
    document = _document(path, "--mapping", "house_sheet", "--records")
    assert document["records"][0]["title"] == "T"
    assert "no mapping 'nope'" in _run(path, "--mapping", "nope").stderr


def test_json_is_read_as_what_it_shows_or_by_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text('{"metadata": {"title": "T", "identifier": "urn:x:1"}, "readingOrder": [{"type": "audio/mpeg"}]}')
    document = _document(path, "--records")
    assert (document["message"]["format"], document["records"][0]["title"]) == ("json", "T")
    assert document["unmapped"] == {}
    path.write_text('{"products": []}')
    result = _run(path)
    assert (result.exit_code, "--mapping NAME" in result.stderr) == (2, True)
    assert "has nothing at books" in _run(path, "--mapping", "librivox").stderr
    assert "looks like JSON; a sheet" in _run(path, "--mapping", "house_sheet").stderr


def test_a_message_is_read_in_the_encoding_a_person_names(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    name = "<Contributor><ContributorRole>A01</ContributorRole><PersonName>Patr¡cia</PersonName></Contributor>"
    path.write_bytes(message(product("a", name)).encode("iso-8859-1"))
    document = _document(path, "--encoding", "ISO-8859-1", "--records")
    assert (document["message"]["encoding"], document["findings"]) == ("iso-8859-1", [])
    assert document["records"][0]["authors"] == ["Patr¡cia"]
    assert _run(path, "--encoding", "utf-8").exit_code == 1
    result = _run(path, "--encoding", "klingon")
    assert (result.exit_code, "no encoding 'klingon'" in result.stderr) == (2, True)


def test_standard_input_is_read(tmp_path: Path) -> None:
    data = gzip.compress(message(product("a")).encode())
    arguments = ["read", "-", "--json"]
    result = CliRunner().invoke(build(), arguments, input=data)
    document = json.loads(result.stdout)
    assert (document["message"]["name"], document["counts"]["read"]) == ("stdin", 1)
    assert document["message"]["sha256"] == hashlib.sha256(data).hexdigest()
    nothing = CliRunner().invoke(build(), arguments, input=b"")
    assert (nothing.exit_code, "stdin looks like an empty file" in nothing.stderr) == (2, True)


def test_a_pipe_that_gives_its_bytes_once_is_read(tmp_path: Path) -> None:
    path = tmp_path / "onix.xml"
    os.mkfifo(path)
    with ThreadPoolExecutor(1) as sender:
        sent = sender.submit(path.write_text, message(product("a"), product("b")))
        document = _document(path)
        assert sent.result() > 0
    assert (document["message"]["name"], document["counts"]["read"]) == ("onix.xml", 2)


def test_onix_needs_no_mapping(tmp_path: Path) -> None:
    result = _run(MESSAGES / "ref_30.xml", "--mapping", "house_sheet")
    assert result.exit_code == 2
    assert "looks like XML, and mapping 'house_sheet' is for sheets" in result.stderr
    assert "Leave out --mapping" in result.stderr


def _on_a_terminal(*arguments: object) -> tuple[str, str]:
    """Standard output, and what a person sees of standard error."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bindery", "read", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env=os.environ | {"PYTHONPATH": str(PROJECT / "plugins"), "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # Linux says so when the other end has closed.
        while some := os.read(ours, 4096):
            seen += some
    os.close(ours)
    stdout, _ = process.communicate()
    return stdout, seen.decode()


def test_progress_is_shown_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "many.xml"
    path.write_text(message(*(product(f"r{number}") for number in range(4_500))))
    stdout, seen = _on_a_terminal(path, "--json")
    assert json.loads(stdout)["counts"]["read"] == 4_500
    assert "Reading many.xml" in seen
    assert "4,500 records" in seen
    assert "100%" in seen
    assert _run(path, "--json").stderr == ""


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16", "us-ascii"])
def test_the_encoding_is_named_as_it_is_declared(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "m.xml"
    path.write_bytes(message(product("a"), head=f'<?xml version="1.0" encoding="{encoding}"?>').encode(encoding))
    named = _document(path)["message"]["encoding"]
    assert named == {"utf-16": "utf-16le"}.get(encoding, encoding)


def test_help_shows_examples() -> None:
    result = _run("--help")
    assert "bindery read onix.xml --records --json" in result.stdout


def test_as_a_module(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_text(message(product("a")))
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "plugins")}
    done = subprocess.run(
        [sys.executable, "-m", "bindery", "read", str(path), "--json"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert json.loads(done.stdout)["counts"]["read"] == 1


def test_the_published_schema_is_the_documents() -> None:
    published = json.loads((PROJECT / "docs" / "read.schema.json").read_text("utf-8"))
    assert published == ReadDocument.model_json_schema(mode="serialization"), "run: python -m bindery.cli.document"


def test_documents_fit_the_schema() -> None:
    for name in ("ref_30.xml", "ref_21.xml", "short_31.xml"):
        ReadDocument.model_validate(_document(MESSAGES / name, "--records", "--all"))


@needs_corpus
@pytest.mark.slow
def test_every_file_of_the_corpus_is_read_or_refused() -> None:
    for row in manifest():
        result = _run(CORPUS / row["path"], "--json", "--records", "--all", "--mapping", "house_sheet")
        onix = _run(CORPUS / row["path"], "--json", "--records", "--all")
        for one in (result, onix):
            assert one.exception is None or isinstance(one.exception, SystemExit), (row["path"], one.exception)
            assert one.exit_code in {0, 1, 2}
            assert one.stdout or one.stderr.strip()
