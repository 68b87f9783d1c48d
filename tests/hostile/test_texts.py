"""No description or biography brings a program along (FEATURES N4)."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import html as lxml_html

from bindery.trade.texts import clean_html
from tests.hostile.jail import Jail
from tests.hostile.xss import vectors
from tests.onix.reading import message, product

_BLOCKS = ("p", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "br")
_INLINE = ("b", "strong", "i", "em", "u", "s", "sub", "sup", "cite", "q", "abbr", "code", "a")
TAGS = frozenset((*_BLOCKS, *_INLINE))
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ufeff]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


class _Judge(HTMLParser):
    """Complains of everything but the tags of a text and links to the web."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.complaints: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.complaints.append(tag)
        for name, value in attrs:
            if (tag, name) != ("a", "href") or not _is_web_link(value or ""):
                self.complaints.append(f"{tag} {name}={value}")

    def handle_decl(self, decl: str) -> None:
        self.complaints.append(decl)

    def handle_pi(self, data: str) -> None:
        self.complaints.append(data)

    def handle_comment(self, data: str) -> None:
        self.complaints.append(data)


def _is_web_link(link: str) -> bool:
    """By what a browser makes of it, which leaves control characters out of a scheme."""
    return _CONTROLS.sub("", link).lower().partition(":")[0] in {"http", "https", "mailto"}


def _complaints(markup: str) -> list[str]:
    judge = _Judge()
    judge.feed(markup)
    judge.close()
    if markup:
        for element in lxml_html.fragment_fromstring(markup, create_parent="div").iterdescendants():
            if element.tag not in TAGS or not set(element.attrib) <= {"href"}:
                judge.complaints.append(str(element.tag))
    return judge.complaints


def test_the_judge_sees_what_is_wrong() -> None:
    assert _complaints("<p>fine <a href='https://x.example/'>link</a><br></p>") == []
    for bad in ("<script>x</script>", "<p onclick=x>", "<p style=x>", "<!--x-->", "<a href='java&Tab;script:x'>y</a>"):
        assert _complaints(bad), bad


def test_there_are_two_hundred_and_more() -> None:
    assert len(set(vectors())) >= 200


@pytest.mark.parametrize("text_format", [None, "02", "03", "05", "06"])
def test_none_survives_and_cleaning_again_changes_nothing(text_format: str | None) -> None:
    for vector in vectors():
        for text in (
            vector,
            escape(vector),
            escape(escape(vector)),
            f"Before <b>it</b> {vector} after",
            f"<p>{vector}",
        ):
            cleaned = clean_html(text, text_format)
            assert _complaints(cleaned) == [], text
            assert clean_html(cleaned, text_format) == clean_html(cleaned, "02") == cleaned, text


def _in_xml(vector: str) -> str:
    return escape(_NOT_IN_XML.sub("", vector))


def test_none_survives_by_the_public_doors(tmp_path: Path, jail: Jail) -> None:
    records = []
    for number, vector in enumerate(vectors()):
        text = _in_xml(vector)
        texts = "".join(
            f"<TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>"
            f'<Text textformat="{one}">{text}</Text></TextContent>'
            for one in ("02", "05", "06")
        )
        biography = (
            "<Contributor><ContributorRole>A01</ContributorRole><PersonName>A</PersonName>"
            f"<BiographicalNote>{text}</BiographicalNote></Contributor>"
        )
        collateral = f"<CollateralDetail>{texts}</CollateralDetail>"
        records.append(
            product(f"r{number}", biography).replace("</DescriptiveDetail>", f"</DescriptiveDetail>{collateral}")
        )
    path = tmp_path / "onix.xml"
    path.write_text(message(*records), "utf-8")
    outcome = jail.read(path)
    assert outcome.unreadable == 0
    cleaned = [text["html"] for one in outcome.records for text in one["descriptions"]]
    cleaned += [person["biography"] or "" for one in outcome.records for person in one["contributors"]]
    assert len(cleaned) == 4 * len(records)
    assert [found for text in cleaned for found in _complaints(text)] == []
    assert any("alert(1)" in text for text in cleaned), "words are kept where they are only words"


def test_inline_xhtml_is_cleaned_too(tmp_path: Path, jail: Jail) -> None:
    text = (
        '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="alert(1)">One<script>alert(1)</script></p>'
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/><a href="javascript:alert(1)">two</a></div>'
    )
    collateral = (
        "<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>"
        f'<Text textformat="05">{text}</Text></TextContent></CollateralDetail>'
    )
    path = tmp_path / "onix.xml"
    path.write_text(message(product("a").replace("</DescriptiveDetail>", f"</DescriptiveDetail>{collateral}")))
    (record,) = jail.read(path).records
    (description,) = record["descriptions"]
    assert _complaints(description["html"]) == []
    assert "One" in description["html"]
    assert "two" in description["html"]
