from __future__ import annotations

import os
import re
from html.entities import html5
from pathlib import Path

import pytest
from bindery.errors import RefusedError
from bindery.trade.entities import replace_named_entities
from lxml import etree

SHARED = Path(os.environ.get("BINDERY_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def test_names_become_numbers() -> None:
    assert replace_named_entities(b"<t>High Noon&ndash;in Nimbin&reg;</t>", "utf-8") == (
        b"<t>High Noon&#8211;in Nimbin&#174;</t>",
        [],
    )


def test_the_five_of_xml_and_numbers_stay() -> None:
    data = b"<t>&amp;&lt;&gt;&quot;&apos;&#8211;&#x2013;</t>"
    assert replace_named_entities(data, "utf-8") == (data, [])


def test_a_name_for_a_sign_of_markup_stays_text() -> None:
    data, unknown = replace_named_entities(b"<t>&LT;b&GT;</t>", "utf-8")
    assert unknown == []
    assert etree.fromstring(data).text == "<b>"


def test_comments_cdata_and_instructions_are_passed_over() -> None:
    data = b"<t><!-- &reg; --><![CDATA[&reg;]]><?x &reg;?></t>"
    assert replace_named_entities(data, "utf-8") == (data, [])
    after, _ = replace_named_entities(data + b"&reg;", "utf-8")
    assert after == data + b"&#174;"


def test_unknown_names_are_left_and_listed_once() -> None:
    data = b"<t>&zorro;&reg;&bar;&zorro;</t>"
    assert replace_named_entities(data, "utf-8") == (b"<t>&zorro;&#174;&bar;&zorro;</t>", ["zorro", "bar"])


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "cp1252", "utf-16-le", "utf-16-be", "shift_jis"])
def test_every_encoding_keeps_its_other_bytes(encoding: str) -> None:
    text = "<t>ソ &ndash; x</t>" if encoding == "shift_jis" else "<t>é &ndash; x</t>"
    data, _ = replace_named_entities(text.encode(encoding), encoding)
    assert data.decode(encoding) == text.replace("&ndash;", "&#8211;")


def test_an_unknown_encoding_is_the_senders_fault() -> None:
    with pytest.raises(RefusedError, match="klingon"):
        replace_named_entities(b"&reg;", "klingon")
    with pytest.raises(RefusedError, match="utf-16"):
        replace_named_entities(b"<t>&ndash;</t>x", "utf-16")


def test_every_name_of_the_2_1_dtd_is_known() -> None:
    folder = SHARED / "reference" / "yob+onix" / "dtd" / "2.1r3"
    if not folder.is_dir():
        pytest.skip(f"the 2.1 DTD is not at {folder}; set BINDERY_SHARED")
    names: set[str] = set()
    for path in [*folder.glob("*.ent"), *folder.glob("*.dtd")]:
        text = re.sub(r"<!--.*?-->", "", path.read_text("latin-1"), flags=re.DOTALL)
        names.update(re.findall(r"<!ENTITY\s+([A-Za-z0-9.]+)\s+[\"']", text))
    assert len(names) > 1000
    assert {name for name in names if f"{name};" not in html5} == set()


@pytest.mark.parametrize("name", ["entities.xml", "extra_entities.xml"])
def test_files_of_2_1_can_be_read_without_a_dtd(name: str) -> None:
    path = next(iter((SHARED / "corpus" / "yob+onix").rglob(name)), None) if SHARED.is_dir() else None
    if path is None:
        pytest.skip(f"{name} of yob/onix is not in {SHARED}; set BINDERY_SHARED")
    data, unknown = replace_named_entities(path.read_bytes(), "utf-8")
    assert unknown == []
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    text = etree.tostring(etree.fromstring(data, parser), encoding="unicode", method="text")
    assert "–" in text or "®" in text
