from __future__ import annotations

import gzip
import zipfile
from datetime import UTC, datetime, time
from io import BytesIO

import pytest
from lxml import etree
from stdnum import isbn

from tests.simulator import RECORD_FAULTS, SUPPLIERS, Entry, Header, History, Injected, Title, make_title, message
from tests.simulator.faults import MESSAGE_FAULTS, spoil_withdrawal
from tests.simulator.onix3 import record
from tests.simulator.titles import EPOCH

FAULTS = {fault.kind: fault for fault in RECORD_FAULTS}
BROKEN = {fault.kind: fault for fault in MESSAGE_FAULTS}
NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"


def sound() -> Title:
    """An audiobook with prices, sold in all the world."""
    made = (make_title(2, SUPPLIERS["northwind"].house, index) for index in range(1000))
    return next(
        one for one in made if one.form == "AJ" and one.prices and one.rights.countries() and not one.rights.rest
    )


def spoiled(kind: str) -> str:
    return record(FAULTS[kind].spoil(sound()))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("isbn10_only", "<ProductIDType>02</ProductIDType>"),
        ("mojibake", "â€“ cafÃ©"),
        ("control_character", "\x0b</Title"),
        ("named_entity", " &ndash; Part One"),
        ("double_escaped_html", "&amp;lt;p&amp;gt;"),
        ("script_in_description", "&lt;script&gt;alert('x')&lt;/script&gt;"),
        ("placeholder_text", '<Text textformat="02">TBC</Text>'),
        ("unknown_code", "<EditionType>XQZ</EditionType>"),
        ("zero_price", "<PriceAmount>0.00</PriceAmount>"),
        ("row_in_territory", "<RegionsIncluded>ROW</RegionsIncluded>"),
        ("uk_in_territory", "<CountriesIncluded>IE UK</CountriesIncluded>"),
        ("commas_in_territory", "<CountriesIncluded>AT,DE,CH</CountriesIncluded>"),
        ("impossible_date", ">20251332</Date>"),
        ("hhhmm_as_minutes", "<ExtentValue>01130</ExtentValue>\n<ExtentUnit>05</ExtentUnit>"),
    ],
)
def test_a_mistake_is_in_the_record_and_not_in_the_sound_one(kind: str, text: str) -> None:
    assert text in spoiled(kind)
    assert text not in record(sound())


def test_the_check_digit_does_not_hold() -> None:
    number = FAULTS["bad_isbn_check_digit"].spoil(sound()).isbn
    assert number[:12] == sound().isbn[:12]
    assert not isbn.is_valid(number)


def test_an_isbn_10_is_that_of_the_title() -> None:
    number = FAULTS["isbn10_only"].spoil(sound()).isbn
    assert len(number) == 10
    assert isbn.to_isbn13(number) == sound().isbn


def test_nobody_reads_and_nothing_is_named() -> None:
    assert "<ContributorRole>E0" not in spoiled("narrator_missing")
    assert "<RecordReference>" not in spoiled("record_without_reference")


def test_prices_lack_what_they_need() -> None:
    assert spoiled("price_without_currency").count("<CurrencyCode>") == record(sound()).count("<CurrencyCode>") - 1
    assert "," in FAULTS["comma_decimals"].spoil(sound()).prices[0].amount


def test_a_country_is_sold_in_and_not_sold_in() -> None:
    root = etree.fromstring(spoiled("contradictory_rights").encode())
    kinds = [kind.text for kind in root.iter("SalesRightsType")]
    assert "03" in kinds
    assert kinds[0] in {"01", "02"}
    assert FAULTS["contradictory_rights"].spoil(sound()).rights.contradicted


def test_a_control_character_and_a_bare_entity_are_fatal_to_a_parser() -> None:
    for kind in ("control_character", "named_entity"):
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(spoiled(kind).encode())


def test_a_withdrawal_stands_in_a_record_that_is_rejected() -> None:
    text = record(spoil_withdrawal(sound()))
    assert "<PublishingStatus>11</PublishingStatus>" in text
    assert "<ProductAvailability>46</ProductAvailability>" in text
    assert not isbn.is_valid(spoil_withdrawal(sound()).isbn)


def good() -> bytes:
    header = Header("Harbour Média", datetime.combine(EPOCH, time(2), UTC), 1)
    titles = [make_title(2, SUPPLIERS["harbour"].house, index) for index in range(30)]
    return b"".join(message("onix_2.1", header, map(Entry, titles)))


def test_broken_files_are_broken_in_their_way() -> None:
    truncated = BROKEN["truncated_file"].make(good())
    assert good().startswith(truncated)
    assert not truncated.endswith(b"</ONIXMessage>\n")
    assert BROKEN["empty_file"].make(good()) == b""
    assert etree.fromstring(BROKEN["unknown_root"].make(good())).tag == "catalogue"
    assert BROKEN["entity_bomb"].make(good()).count(b"<!ENTITY") == 10
    assert b'SYSTEM "file:///' in BROKEN["external_entity"].make(good())
    assert b"<Product>" not in BROKEN["no_records"].make(good())
    assert etree.fromstring(BROKEN["no_records"].make(good())).tag == "ONIXMessage"
    assert BROKEN["half_uploaded"].ending.endswith(".part")


def test_a_zip_bomb_is_small_and_becomes_large() -> None:
    bomb = BROKEN["zip_bomb"].make(b"")
    with zipfile.ZipFile(BytesIO(bomb)) as archive:
        (inside,) = archive.infolist()
    assert len(bomb) < 64 << 10
    assert inside.file_size / len(bomb) > 500


@pytest.fixture(scope="module")
def history() -> History:
    return History(seed=1)


def test_the_wrong_encoding_is_not_utf_8_but_is_cp1252(history: History) -> None:
    content = next(b"".join(one.chunks()) for one in history.messages(2) if one.name == "harbour_delta_20260303_01.xml")
    assert b'encoding="UTF-8"' in content
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert "Harbour Média" in content.decode("cp1252")


def test_gzip_is_a_good_message(history: History) -> None:
    packed = next(b"".join(one.chunks()) for one in history.messages(1) if one.name.endswith(".gz"))
    assert etree.fromstring(gzip.decompress(packed)).tag == "{http://ns.editeur.org/onix/3.1/short}ONIXmessage"


def test_the_demo_shows_every_fault(history: History) -> None:
    kinds = {note["kind"] for note in history.manifest()}
    assert {fault.kind for fault in RECORD_FAULTS} <= kinds
    assert {fault.kind for fault in MESSAGE_FAULTS} <= kinds
    assert {"withdrawal_in_rejected_record", "wrong_encoding", "gzip", "late_message"} <= kinds


def test_the_manifest_points_at_the_record_in_the_file(history: History) -> None:
    noted = {note["file"] for note in history.manifest() if note["isbn"]}
    named = {f"{one.supplier}/{one.day}/{one.name}": one for one in history.messages()}
    files = {name: b"".join(named[name].chunks()) for name in noted}
    notes: list[Injected] = [note for note in history.manifest() if note["isbn"]]
    assert len(notes) > 40
    for note in notes:
        content = files[note["file"]]
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        assert (note["isbn"] or "").encode() in content
        assert (note["record"] or "").encode() in content


def test_a_duplicate_reference_stands_twice_with_different_content(history: History) -> None:
    note = next(
        note for note in history.manifest() if note["kind"] == "duplicate_reference" and note["supplier"] == "northwind"
    )
    full = next(b"".join(one.chunks()) for one in history.messages(0) if one.supplier == "northwind")
    root = etree.fromstring(full, etree.XMLParser(recover=True, resolve_entities=False))
    twins = [
        etree.tostring(product)
        for product in root.findall("{*}Product")
        if product.findtext("{*}RecordReference") == note["record"]
    ]
    assert len(twins) == 2
    assert twins[0] != twins[1]
