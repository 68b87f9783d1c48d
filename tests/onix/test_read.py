from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bindery.errors import ConfigurationError, RefusedError
from bindery.onix.prolog import detect_encoding, read_prolog
from bindery.onix.read import read_onix
from bindery.onix.split import split
from tests.onix.reading import MESSAGES, message, product, read_all, read_bytes

THREE = message(product("a"), product("b", "<ProductFormDetail>A103</ProductFormDetail>"), product("c"))


def _references(parsed: list) -> list[str | None]:  # type: ignore[type-arg]
    return [one.record["record_reference"] for one in parsed if one.record]


def _refused(folder: Path, data: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        read_bytes(folder, data)
    return caught.value


def test_source_finds_each_record_again() -> None:
    path = MESSAGES / "ref_30.xml"
    data = path.read_bytes()
    _, parsed = read_all(path)
    assert len(parsed) == 3, "commented-out records and tags in CDATA don't count"
    for one in parsed:
        piece = data[one.source["byte_start"] : one.source["byte_end"]]
        assert piece.startswith(b"<Product>")
        assert piece.endswith(b"</Product>")
        assert data[: one.source["byte_start"]].count(b"\n") + 1 == one.source["line"]
        assert (one.record_reference or "").encode() in piece


def test_parts_tile_the_message() -> None:
    data = (MESSAGES / "ref_30.xml").read_bytes()
    root = read_prolog(data, detect_encoding(data, "m"), "m")
    parts = list(split(data, root, "m"))
    assert [part.kind for part in parts] == ["header", "record", "record", "record"]
    edges = [root.end, *(edge for part in parts for edge in (part.byte_start, part.byte_end))]
    assert edges == sorted(edges)


@pytest.mark.parametrize("cut", [1, 10, 60, 300])
def test_a_truncated_message_is_an_incomplete_upload(tmp_path: Path, cut: int) -> None:
    error = _refused(tmp_path, THREE.rstrip()[:-cut].encode())
    assert error.rule == "F1"
    assert "incomplete upload" in error.what


def test_bytes_after_the_end_are_refused(tmp_path: Path) -> None:
    assert "goes on after the end" in _refused(tmp_path, (THREE + THREE).encode()).what


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"<rss><channel/></rss>", "rss"),
        (b"<ONIXMESAGE/>", "ONIXMESAGE"),
        (b"<ONIXMessage release='4.0'/>", "release 4.0"),
        (b"<ONIXMessageAcknowledgement release='3.0'/>", "not a feed message"),
        (b"not xml at all", "can't be read as XML"),
    ],
)
def test_other_files_are_refused_by_what_they_are(tmp_path: Path, data: bytes, word: str) -> None:
    assert word in _refused(tmp_path, data).what


def test_a_message_without_records_is_read_with_a_warning(tmp_path: Path) -> None:
    read, parsed = read_bytes(tmp_path, message().encode())
    assert parsed == []
    assert [finding["rule"] for finding in read.counts.findings] == ["F16"]
    read, parsed = read_bytes(tmp_path, b'<ONIXMessage release="3.0"/>')
    assert (parsed, [finding["rule"] for finding in read.counts.findings]) == ([], ["F16", "F7"])


@pytest.mark.parametrize("tag", ["<NoProduct/>", "<NoProduct></NoProduct>", "<x507/>"])
def test_no_product_says_that_nothing_changed(tmp_path: Path, tag: str) -> None:
    read, parsed = read_bytes(tmp_path, message(tag).encode())
    assert (read.facts.no_product, parsed, read.counts.findings) == (True, [], [])


def test_a_bare_product_is_read(tmp_path: Path) -> None:
    _, parsed = read_bytes(tmp_path, product("alone").encode())
    assert _references(parsed) == ["alone"]


HOSTILE = {
    "entity": '<!DOCTYPE ONIXMessage [<!ENTITY a "b">]>',
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
    "external entity": '<!DOCTYPE ONIXMessage [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "network entity": '<!DOCTYPE ONIXMessage [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "parameter entity": '<!DOCTYPE ONIXMessage [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_entity_declarations_are_refused_by_name(tmp_path: Path, name: str) -> None:
    error = _refused(tmp_path, message(product("a"), head=HOSTILE[name]).encode())
    assert error.rule == "F3"
    assert "DOCTYPE" in error.what


def test_entity_declarations_are_refused_in_utf_16(tmp_path: Path) -> None:
    assert _refused(tmp_path, message(product("a"), head=HOSTILE["entity"]).encode("utf-16")).rule == "F3"


def test_xinclude_is_refused(tmp_path: Path) -> None:
    include = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    assert _refused(tmp_path, message(product("a", include)).encode()).rule == "F3"


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object, **__: object) -> None:
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    head = '<!DOCTYPE ONIXMessage SYSTEM "http://127.0.0.1:9/onix-international.dtd">'
    _, parsed = read_bytes(tmp_path, message(product("a"), head=head).encode())
    assert _references(parsed) == ["a"]


def test_a_doctype_inside_a_record_costs_only_that_record(tmp_path: Path) -> None:
    bad = product("b", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')
    _, parsed = read_bytes(tmp_path, message(product("a"), bad, product("c")).encode())
    assert _references(parsed) == ["a", "c"]


def test_a_record_over_the_cap_is_refused_by_itself(tmp_path: Path) -> None:
    big = product("big", "<EditionStatement>" + "x" * 50_000 + "</EditionStatement>")
    path = tmp_path / "m.xml"
    path.write_text(message(product("a"), big, product("c")))
    with read_onix(path, record_limit=20_000) as opened:
        parsed = list(opened.records())
    assert _references(parsed) == ["a", "c"]
    assert parsed[1].findings[0]["rule"] == "R8"
    assert parsed[1].record_reference == "big"


@pytest.mark.parametrize(
    "damage",
    [
        "<a>\x10</a>",
        "<a>&nosuchname;</a>",
        "<a>&#16;</a>",
        "<a>",
        "</b>",
        "<![CDATA[ never closed",
        "<!-- never closed",
        "<?never closed",
        "<a b=1>x</a>",
        "</Product>",
        "<Product>",
        "a & b",
        "<x:unknown/>",
    ],
)
def test_a_malformed_record_never_costs_its_neighbours(tmp_path: Path, damage: str) -> None:
    tail = product("c", "<!-- a comment --><EditionStatement><![CDATA[x]]></EditionStatement>")
    data = message(product("a"), product("b", damage), tail).encode()
    _, parsed = read_bytes(tmp_path, data)
    assert _references(parsed) == ["a", "c"]
    bad = [one for one in parsed if one.record is None]
    assert bad
    assert all(one.findings[0]["severity"] == "block" and one.findings[0]["text"] for one in bad)
    assert bad[0].source["line"] == 4


@pytest.mark.parametrize("opening", ["<!--", "<![CDATA[", "<?x ", "<Product>", "</Product>", '<Product a="'])
def test_a_flood_of_openings_is_read_in_one_pass(tmp_path: Path, opening: str) -> None:
    data = message(product("a"), product("b", opening * 50_000), product("c", "<!-- x --><?y z?>")).encode()
    _, parsed = read_bytes(tmp_path, data)
    references = _references(parsed)
    assert (references[0], references[-1]) == ("a", "c")


def test_damaged_record_tags_make_an_unreadable_record_not_a_lost_one(tmp_path: Path) -> None:
    for old, new in (("<Product>", "<Qroduct>"), ("</Product>", "</Qroduct>"), ("<Product>", "<<roduct>")):
        data = message(product("a"), product("b").replace(old, new), product("c")).encode()
        _, parsed = read_bytes(tmp_path, data)
        assert _references(parsed) == ["a", "c"]
        assert [one.record_reference for one in parsed if one.record is None] == ["b"]


def test_extensions_between_records_are_counted(tmp_path: Path) -> None:
    data = message(product("a"), "<shop:Note xmlns:shop='urn:x'>hello</shop:Note>", product("c")).encode()
    read, parsed = read_bytes(tmp_path, data)
    assert _references(parsed) == ["a", "c"]
    assert read.counts.unmapped["Note"] == 1


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-32", "shift_jis", "cp1252", "iso-8859-1", "utf-8-sig"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    declared = encoding.removesuffix("-le").removesuffix("-sig")
    head = f'<?xml version="1.0" encoding="{declared}"?>\n'
    text = "日本" if encoding == "shift_jis" else "Café"
    statement = f"<EditionStatement>{text}</EditionStatement>"
    _, parsed = read_bytes(tmp_path, message(product("a", statement), head=head).encode(encoding))
    record = parsed[0].record
    assert record is not None
    assert record["descriptive"] is not None
    assert record["descriptive"]["edition_statement"] == text
    assert parsed[0].findings == []


def test_bytes_that_are_not_utf_8_are_read_as_cp1252_and_said_so(tmp_path: Path) -> None:
    data = message(product("a"), product("b", "<EditionStatement>Caf\xe9 \x93x\x94</EditionStatement>")).encode(
        "latin-1"
    )
    _, parsed = read_bytes(tmp_path, data)
    record = parsed[1].record
    assert record is not None
    assert record["descriptive"] is not None
    assert record["descriptive"]["edition_statement"] == "Café “x”"
    (finding,) = parsed[1].findings
    assert (finding["rule"], finding["severity"]) == ("F4", "warn")
    assert finding["byte_start"] == data.index(b"\xe9")
    assert parsed[0].findings == []


def test_a_record_of_utf_8_and_damaged_bytes_is_not_guessed_at(tmp_path: Path) -> None:
    data = message(product("a"), product("b", "<EditionStatement>Café ~</EditionStatement>")).encode()
    _, parsed = read_bytes(tmp_path, data.replace(b"~", b"\xe9"))
    assert parsed[1].record is None
    finding = parsed[1].findings[0]
    assert (finding["rule"], finding["byte_start"]) == ("F4", data.index(b"~"))


def test_utf_8_declared_as_latin_1_is_not_read_as_mojibake(tmp_path: Path) -> None:
    head = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    data = message(product("a", "<EditionStatement>Café</EditionStatement>"), head=head).encode("utf-8")
    _, (parsed,) = read_bytes(tmp_path, data)
    assert parsed.record is not None
    assert parsed.record["descriptive"] is not None
    assert parsed.record["descriptive"]["edition_statement"] == "Café"
    assert parsed.findings[0]["rule"] == "F4"


@pytest.mark.parametrize(
    ("encoding", "data", "note"),
    [
        ("iso-8859-1", "Café".encode(), "CafÃ©"),
        ("iso-8859-1", b"\x80", "\x80"),
        ("windows-1252", b"\x80", "€"),
        ("utf-8", "Café".encode(), "Café"),
    ],
)
def test_a_forced_encoding_is_the_only_one_tried(tmp_path: Path, encoding: str, data: bytes, note: str) -> None:
    path = tmp_path / "m.xml"
    statement = "<ContributorStatement>?</ContributorStatement>"
    head = '<?xml version="1.0" encoding="us-ascii"?>'
    path.write_bytes(message(product("a", statement), head=head).encode().replace(b">?<", b">" + data + b"<"))
    with read_onix(path, encoding=encoding) as opened:
        (parsed,) = opened.records()
    assert parsed.record is not None
    assert parsed.record["descriptive"] is not None
    assert parsed.record["descriptive"]["contributor_statement"] == note
    assert parsed.findings == []


def test_bytes_that_do_not_fit_a_forced_encoding_make_the_record_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_bytes(message(product("a"), product("b").replace(">AJ<", ">Aé<")).encode("cp1252"))
    with read_onix(path, encoding="utf-8") as opened:
        good, bad = opened.records()
    assert good.record is not None
    assert (bad.record, bad.record_reference) == (None, "b")
    assert [(finding["rule"], finding["severity"]) for finding in bad.findings] == [("F4", "block")]
    with pytest.raises(ConfigurationError, match="no encoding 'klingon'"):
        read_onix(path, encoding="klingon")


@pytest.mark.parametrize("name", ["no-such-encoding", "utf-7"])
def test_encodings_that_cannot_be_read_are_refused(tmp_path: Path, name: str) -> None:
    head = f'<?xml version="1.0" encoding="{name}"?>'
    assert _refused(tmp_path, message(product("a"), head=head).encode()).rule == "F4"


def test_mixed_tags_are_read_and_said_so(tmp_path: Path) -> None:
    read, parsed = read_bytes(tmp_path, message(product("a", "<x416>01</x416>")).encode())
    record = parsed[0].record
    assert record is not None
    assert record["descriptive"] is not None
    assert record["descriptive"]["primary_content_type"] == "01"
    assert read.facts.tags == "mixed"
    assert "F5" in [finding["rule"] for finding in read.counts.findings]


@pytest.mark.parametrize(
    ("root", "release"),
    [
        ('ONIXMessage release="3.1" xmlns="http://ns.editeur.org/onix/3.1/reference"', "3.1"),
        ('ONIXMessage xmlns="http://www.editeur.org/onix/3.0/reference"', "3.0"),
        ("ONIXMessage", "3.0"),
    ],
)
def test_release_comes_from_attribute_namespace_or_shape(tmp_path: Path, root: str, release: str) -> None:
    read, _ = read_bytes(tmp_path, message(product("a"), root=root).encode())
    assert read.facts.release == release


def test_a_namespace_that_is_none_does_not_stop_reading(tmp_path: Path) -> None:
    root = 'ONIXMessage release="3.0" xmlns:schemaLocation="http://a http://b.xsd"'
    _, parsed = read_bytes(tmp_path, message(product("a"), root=root).encode())
    assert _references(parsed) == ["a"]


def test_a_broken_header_refuses_the_message(tmp_path: Path) -> None:
    data = message(product("a")).replace("<SenderName>S", "<SenderName>&").encode()
    assert "header" in _refused(tmp_path, data).what.lower()


def test_bytes_hash_covers_what_is_inherited(tmp_path: Path) -> None:
    first = read_bytes(tmp_path, message(product("a"), product("a")).encode())[1]
    other = read_bytes(
        tmp_path,
        message(product("a")).replace("</Header>", "<DefaultCurrencyCode>EUR</DefaultCurrencyCode></Header>").encode(),
    )[1]
    assert first[0].bytes_hash == first[1].bytes_hash != other[0].bytes_hash


_RECORD = product(
    "b",
    "<!-- é --><Contributor><SequenceNumber>1</SequenceNumber><PersonName>Zoë &amp; Co</PersonName></Contributor>"
    "<EditionStatement><![CDATA[<b>x</b>]]></EditionStatement>",
).encode()
_NEIGHBOUR = product("c", "<!-- note --><EditionStatement><![CDATA[y]]></EditionStatement><?pi z?>")


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, len(_RECORD) - 1),
    length=st.integers(1, 40),
    how=st.sampled_from(["flip", "cut", "double"]),
    byte=st.integers(0, 255),
)
def test_any_damage_to_one_record_leaves_its_neighbours_whole(
    tmp_path_factory: pytest.TempPathFactory, at: int, length: int, how: str, byte: int
) -> None:
    piece = _RECORD[at : at + length]
    damaged = {
        "flip": _RECORD[:at] + bytes([byte]) + _RECORD[at + 1 :],
        "cut": _RECORD[:at] + _RECORD[at + length :],
        "double": _RECORD[:at] + piece + piece + _RECORD[at + length :],
    }[how]
    data = message(product("a"), "@", _NEIGHBOUR).encode().replace(b"@", damaged)
    _, parsed = read_bytes(tmp_path_factory.getbasetemp(), data)
    references = _references(parsed)
    assert references[0] == "a"
    assert references[-1] == "c"
    assert len(parsed) >= 3
    assert all(one.record or one.findings for one in parsed)
    assert [one.position for one in parsed] == list(range(len(parsed)))
