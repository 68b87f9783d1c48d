"""titusz/onixcheck (Apache-2.0) and rognlien/onix-viewer (MIT).

onixcheck judges by schema; we read what can be read and judge by rules, because a schema error seldom decides whether a
record may be sold (AUDIOBOOKS 1.13). So its ``invalid_*`` files, unless they are no ONIX at all, are read; each
invalid value is in the record as sent, or absent, so that a rule can see it.

The viewer's files are not in the corpus; the same cases are written here.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bindery.cli import build
from bindery.errors import RefusedError
from tests.corpus import needs_corpus
from tests.onix.golden.reading import document, document_at, pairs, record

ROOT = "titusz+onixcheck"


@needs_corpus
@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("valid_onix2_ref", "2.1"),
        ("valid_onix3_ref", "3.0"),
        ("valid_onix3_ref_ns", "3.0"),
        ("valid_onix3_short", "3.0"),
        ("valid_google_onix_3", "3.0"),
        ("Google Sample ONIX 2.1", "2.1"),
    ],
)
def test_valid_messages_are_read_without_a_finding(name: str, release: str) -> None:
    read = document(f"{ROOT}/{name}.xml")
    assert (read["message"]["release"], read["counts"]["unreadable"], read["findings"]) == (release, 0, [])
    assert read["records"][0]["record_reference"]


@needs_corpus
def test_a_header_without_a_sender_is_read_and_shows_none() -> None:
    for name in ("invalid_onix3_ref", "invalid_google_onix_3"):
        assert document(f"{ROOT}/{name}.xml")["message"]["sender"] is None
    assert document(f"{ROOT}/valid_onix3_ref.xml")["message"]["sender"] == "John Doe"


@needs_corpus
def test_invalid_values_are_kept_as_sent() -> None:
    read = record(f"{ROOT}/invalid_google_onix_3.xml")
    assert ("10", "04") in pairs(read["extents"], "type", "unit"), "pages in hours"
    assert read["duration_seconds"] is None, "pages in hours are no length"
    assert "USDD" in {price["currency"] for price in read["prices"]}
    (contributor,) = record(f"{ROOT}/win_console_issue.xml")["contributors"]
    assert pairs(contributor["identifiers"], "type", "value") == [("16\N{ZERO WIDTH SPACE}", "0000000083795662")]


@needs_corpus
def test_an_unknown_root_is_refused() -> None:
    with pytest.raises(RefusedError, match="its root element is ONIXMESAGE"):
        document(f"{ROOT}/invalid_onix_root.xml")


ACKNOWLEDGEMENT = "http://ns.editeur.org/onix/acknowledgement/3.0"


@pytest.mark.parametrize(
    "data",
    [
        f"""<ONIXMessageAcknowledgement release="3.0" xmlns="{ACKNOWLEDGEMENT}/reference"><Header/>
          <Product><RecordReference>a</RecordReference><RecordStatus>00</RecordStatus></Product>
        </ONIXMessageAcknowledgement>""",
        f"""<ONIXMessageAcknowledgement release="3.0" xmlns="{ACKNOWLEDGEMENT}/short"><header/>
          <product><a001>a</a001><a498>03</a498></product>
        </ONIXMessageAcknowledgement>""",
        f"""<ONIXmessageacknowledgement release="3.0" xmlns="{ACKNOWLEDGEMENT}/short"><header/>
        </ONIXmessageacknowledgement>""",
    ],
)
def test_an_acknowledgement_is_no_feed_message(tmp_path: Path, data: str) -> None:
    path = tmp_path / "ack.xml"
    path.write_text(data)
    with pytest.raises(RefusedError, match="is an ONIX acknowledgement") as caught:
        document_at(path)
    assert caught.value.rule == "F5"
    result = CliRunner().invoke(build(), ["read", "--json", str(path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "answers a delivery of ours" in result.stderr


@pytest.mark.parametrize(
    ("data", "rule", "reason"),
    [
        ('<rss version="2.0"><channel><title>Feed</title></channel></rss>', "F5", "its root element is rss"),
        ("<note><to>Tove</to></note>", "F5", "its root element is note"),
        ("<config><script><![CDATA[<b>Hello</b>]]></script></config>", "F5", "its root element is config"),
        ("<!-- a comment --><catalog><book/></catalog>", "F5", "its root element is catalog"),
        ("<root>\n  <unclosed>\n</root>", "F5", "its root element is root"),
        ("<ONIXMessage><Header></ONIXMessage>", "F1", "has a header that never ends"),
    ],
)
def test_other_xml_is_refused(tmp_path: Path, data: str, rule: str, reason: str) -> None:
    path = tmp_path / "other.xml"
    path.write_text(f'<?xml version="1.0"?>\n{data}')
    with pytest.raises(RefusedError, match=reason) as caught:
        document_at(path)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("kind", "value", "isbn13", "problem"),
    [
        # The viewer shows the GTIN as sent; as an ISBN its check digit is wrong (2 is right), so it is none.
        ("03", "9780000000003", None, "check_digit"),
        ("03", "9780000000002", "9780000000002", None),
        ("02", "0123456789", "9780123456786", None),
        ("01", "internal-XYZ", None, "missing"),
    ],
)
def test_products_with_one_identifier(
    tmp_path: Path, kind: str, value: str, isbn13: str | None, problem: str | None
) -> None:
    path = tmp_path / "one.xml"
    path.write_text(
        '<ONIXMessage xmlns="http://ns.editeur.org/onix/3.0/reference" release="3.0">'
        "<Header><Sender><SenderName>x</SenderName></Sender><SentDateTime>20260101</SentDateTime></Header>"
        "<Product><RecordReference>one</RecordReference><NotificationType>03</NotificationType>"
        f"<ProductIdentifier><ProductIDType>{kind}</ProductIDType><IDValue>{value}</IDValue></ProductIdentifier>"
        "<DescriptiveDetail><ProductForm>BB</ProductForm><TitleDetail><TitleType>01</TitleType><TitleElement>"
        "<TitleText>A book</TitleText></TitleElement></TitleDetail></DescriptiveDetail></Product></ONIXMessage>"
    )
    read = document_at(path)
    (one,) = read["records"]
    assert (one["isbn13"], one["isbn_problem"], one["title"]) == (isbn13, problem, "A book")
    assert one["identifiers"] == [{"type": kind, "type_name": None, "value": value}]


def test_a_product_by_itself_is_a_message_of_one(tmp_path: Path) -> None:
    path = tmp_path / "product.xml"
    path.write_text(
        '<Product xmlns="http://ns.editeur.org/onix/3.1/reference"><RecordReference>a</RecordReference>'
        "<NotificationType>03</NotificationType><DescriptiveDetail><ProductForm>EA</ProductForm><Contributor>"
        "<ContributorRole>A01</ContributorRole><PersonNameInverted>Falcon, Nicolas Roger</PersonNameInverted>"
        "</Contributor></DescriptiveDetail></Product>"
    )
    read = document_at(path)
    assert (read["message"]["release"], read["message"]["tags"], read["message"]["sender"]) == (
        "3.1",
        "reference",
        None,
    )
    assert (read["counts"]["received"], read["records"][0]["authors"]) == (1, ["Falcon, Nicolas Roger"])


@pytest.mark.parametrize("style", ["NoProduct", "x507"])
def test_a_message_of_no_product_says_so(tmp_path: Path, style: str) -> None:
    root, header = ("ONIXMessage", "<Header><SentDateTime>20260301T0930Z</SentDateTime></Header>")
    if style == "x507":
        root, header = "ONIXmessage", "<header><x307>20260301T0930Z</x307></header>"
    path = tmp_path / "none.xml"
    path.write_text(f'<{root} release="3.0">{header}<{style}/></{root}>')
    read = document_at(path)
    assert (read["counts"]["no_product"], read["counts"]["received"], read["records"]) == (True, 0, [])
    assert (read["message"]["sent_at"], read["findings"]) == ("2026-03-01T09:30:00Z", [])
    assert CliRunner().invoke(build(), ["read", str(path)]).exit_code == 0
