"""Whole messages that are hostile or worthless: refused by what they are, within the same bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.jail import Jail, Outcome
from tests.onix.reading import message, product

pytestmark = pytest.mark.slow

A, B, C = product("a"), product("b"), product("c")
_UTF_7_BOM = b"+/v8-"


def _read(jail: Jail, folder: Path, data: bytes | str) -> Outcome:
    path = folder / "onix.xml"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return jail.read(path)


def _header(inside: str) -> str:
    return message(A).replace("<Header>", f"<Header>{inside}")


def _attributes(count: int, name: str = "a") -> str:
    return " ".join(f"{name}{n}='urn:{n}'" for n in range(count))


REFUSED = {
    "header over the cap": (lambda: _header(f"<a>{'x' * 6_000_000}</a>"), "F2", "header of more than 5,000,000"),
    "header of 100,000 levels": (lambda: _header("<a>" * 100_000 + "</a>" * 100_000), "F1", "header"),
    "header that never ends": (lambda: message(A).replace("</Header>", ""), "F1", "header that never ends"),
    "header with an undeclared entity": (lambda: _header("&x;"), "F1", "&x;"),
    "a root of a million attributes": (
        lambda: message(A, root=f'ONIXMessage release="3.0" {_attributes(1_000_000)}'),
        "F2",
        "first tag",
    ),
    "a root of 30,000 namespaces": (
        lambda: message(*[A] * 2_000, root=f'ONIXMessage release="3.0" {_attributes(30_000, "xmlns:a")}'),
        "F2",
        "first tag",
    ),
    "a root whose attribute has 20 MB": (
        lambda: message(A, root=f"ONIXMessage a='{'x' * 20_000_000}'"),
        "F2",
        "first tag",
    ),
    "a prolog of 2 MB": (lambda: message(A, head=f"<!--{'x' * 2_000_000}-->"), "F1", "first megabyte"),
    "a doctype that never ends": (lambda: "<!DOCTYPE x [" + "<!ELEMENT a ANY>" * 200_000, "F1", "first megabyte"),
    "100,000 levels of nothing else": (lambda: "<a>" * 100_000, "F5", "root element is a"),
    "100,000 levels of messages": (lambda: "<ONIXMessage>" * 100_000, "F1", "incomplete upload"),
    "NULs": (lambda: bytes(1_000_000), "F5", "binary data"),
    "NULs after a message": (lambda: message(A).encode() + bytes(1_000_000), "F1", "goes on after the end"),
    "NULs instead of the end": (lambda: message(A).encode()[:-30] + bytes(1_000_000), "F1", "incomplete upload"),
    "white space alone": (lambda: b" " * 5_000_000, "F5", "text"),
    "UTF-7 by declaration": (
        lambda: '<?xml version="1.0" encoding="UTF-7"?>' + message(A).replace("<Product>", "+ADw-Product+AD4-"),
        "F4",
        "UTF-7",
    ),
    "UTF-7 by its mark": (lambda: _UTF_7_BOM + message(A).encode("utf-7"), "F5", "text"),
    "UTF-16 with a lone surrogate": (
        lambda: "\ufeff".encode("utf-16-le") + message(A).encode("utf-16-le")[:-40] + b"\x00\xd8" + b" \0" * 20,
        "F4",
        "utf-16",
    ),
    "UTF-16 cut in a character": (lambda: message(A).encode("utf-16")[:-1], "F4", "utf-16"),
    "UTF-32 beyond Unicode": (lambda: message(A).encode("utf-32") + b"\xff\xff\xff\x7f", "F4", "utf-32"),
    "another message after the end": (lambda: message(A) + message(B), "F1", "goes on after the end"),
    "a web page": (lambda: "<!DOCTYPE html><html><script>alert(1)</script></html>", "F5", "HTML"),
    "SVG": (lambda: '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "F5", "svg"),
    "a release from the future": (lambda: message(A).replace("3.0", "9.9"), "F5", "release 9.9"),
    "an unknown namespace": (lambda: '<x:Catalogue xmlns:x="urn:x"/>', "F5", "Catalogue"),
}
for _name in (
    "rot13",
    "base64",
    "zlib",
    "bz2",
    "hex",
    "idna",
    "punycode",
    "unicode_escape",
    "undefined",
    "uu",
    "quopri",
):
    REFUSED[f"the codec {_name}"] = (
        lambda name=_name: f'<?xml version="1.0" encoding="{name}"?>' + message(A),
        "F4",
        _name,
    )


@pytest.mark.parametrize("name", REFUSED)
def test_a_message_is_refused_by_what_it_is(tmp_path: Path, jail: Jail, name: str) -> None:
    build, rule, word = REFUSED[name]
    outcome = _read(jail, tmp_path, build())
    assert (outcome.exit_code, outcome.rule) == (2, rule)
    assert word in outcome.what


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-16", "UTF-8"), ("utf-8", "UTF-16"), ("utf-8-sig", "UTF-32"), ("utf-16-be", "UTF-16")],
)
def test_a_declaration_that_lies_of_utf_16_hides_nothing(
    tmp_path: Path, jail: Jail, encoding: str, declared: str
) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    outcome = _read(jail, tmp_path, message(A, product("b", "<a>\x10</a>"), C, head=head).encode(encoding))
    assert (outcome.references, outcome.unreadable) == (["a", "c"], 1)


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xc0\xbc", b"\xf5\x80\x80\x80"])
def test_bytes_that_are_not_utf_8_among_some_that_are_cost_one_record(tmp_path: Path, jail: Jail, bad: bytes) -> None:
    record = product("b", "<EditionStatement>caf\u00e9 ~</EditionStatement>").encode().replace(b"~", bad)
    outcome = _read(jail, tmp_path, message(A, "<!-- b -->", C).encode().replace(b"<!-- b -->", record))
    assert outcome.references == ["a", "c"]
    assert [rule for rule, _ in outcome.findings()] == ["F4"]


def _described(inside: str) -> str:
    return product("b", inside)


def _beside(inside: str) -> str:
    return B.replace("</DescriptiveDetail>", f"</DescriptiveDetail>{inside}")


def _text(text: str) -> str:
    return _beside(
        f"<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience><Text>{text}</Text>"
        "</TextContent></CollateralDetail>"
    )


def _prices(prices: str) -> str:
    return _beside(f"<ProductSupply><SupplyDetail>{prices}</SupplyDetail></ProductSupply>")


FLOODS = {
    "contributors": lambda: _described(
        "<Contributor><ContributorRole>A01</ContributorRole><PersonName>x</PersonName></Contributor>" * 15_000
    ),
    "prices": lambda: _prices("<Price><PriceType>01</PriceType><PriceAmount>1</PriceAmount></Price>" * 15_000),
    "unknown elements": lambda: _described("<a/>" * 200_000),
    "unknown elements of many names": lambda: _described("".join(f"<a{n}/>" for n in range(60_000))),
    "attributes": lambda: _described(f"<a {_attributes(250_000)}/>"),
    "namespaces": lambda: _described(f"<a {_attributes(150_000, 'xmlns:a')}/>"),
    "named characters": lambda: _described(f"<EditionStatement>{'&nbsp;' * 600_000}</EditionStatement>"),
    "comments": lambda: _described("<!---->" * 600_000),
    "CDATA sections": lambda: _described(f"<EditionStatement>{'<![CDATA[x]]>' * 300_000}</EditionStatement>"),
    "instructions": lambda: _described("<?x?>" * 800_000),
    "countries": lambda: _beside(
        "<PublishingDetail><SalesRights><SalesRightsType>01</SalesRightsType><Territory><CountriesIncluded>"
        + "GB " * 300_000
        + "</CountriesIncluded></Territory></SalesRights></PublishingDetail>"
    ),
    "levels of XHTML": lambda: _text("<div>" * 200 + "x" + "</div>" * 200),
    "brackets in a text": lambda: _text("&lt;" * 1_000_000),
    "ampersands in a text": lambda: _text("&amp;" * 900_000),
    "entities in a text": lambda: _text("&amp;amp;lt;" * 400_000),
    "bold in a text": lambda: _text("&lt;b&gt;" * 400_000),
    "lists in a text": lambda: _text("&lt;ul&gt;&lt;li&gt;" * 200_000),
    "lists in many texts": lambda: _text("</Text><Text>".join(["&lt;ul&gt;&lt;li&gt;" * 900] * 100)),
    "divisions in a text": lambda: _text("&lt;div&gt;" * 300_000),
    "divisions closed by others": lambda: _text("&lt;div&gt;&lt;/x&gt;" * 200_000),
    "comments in a text": lambda: _text("&lt;!--" * 500_000),
    "quotes in a text": lambda: _text("&lt;p a=&quot;" * 250_000),
    "line breaks in a text": lambda: _text("\n \n" * 1_500_000),
    "digits of a length": lambda: _described(
        f"<Extent><ExtentType>09</ExtentType><ExtentValue>{'9' * 4_000_000}</ExtentValue><ExtentUnit>05</ExtentUnit>"
        "</Extent>"
    ),
    "an exponent": lambda: _prices(
        "<Price><PriceType>01</PriceType><PriceAmount>1e999999999</PriceAmount><CurrencyCode>GBP</CurrencyCode></Price>"
    ),
    "digits of a price": lambda: _prices(
        f"<Price><PriceType>01</PriceType><PriceAmount>{'9' * 1_000_000}</PriceAmount><CurrencyCode>GBP</CurrencyCode>"
        "</Price>"
    ),
    "digits of a date": lambda: _beside(
        "<PublishingDetail><PublishingDate><PublishingDateRole>01</PublishingDateRole>"
        f"<Date>{'2' * 1_000_000}</Date></PublishingDate></PublishingDetail>"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_within_one_record_ends_and_costs_no_other(tmp_path: Path, jail: Jail, name: str) -> None:
    """Whether the record itself is read is for its content to say; it is received, and its neighbours are read."""
    outcome = _read(jail, tmp_path, message(A, FLOODS[name](), C))
    assert outcome.received == 3
    assert [one for one in outcome.references if one != "b"] == ["a", "c"]


def test_a_flood_of_records_ends(tmp_path: Path, jail: Jail) -> None:
    outcome = _read(jail, tmp_path, message("<Product>" * 20_000, A))
    assert (outcome.received, outcome.references) == (20_001, ["a"])
