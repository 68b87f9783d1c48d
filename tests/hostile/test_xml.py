"""Hostile XML: what would have a file or the network read, or memory filled, is refused by its name, or isolated."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from tests.hostile.beacon import Beacon
from tests.hostile.jail import Jail, Outcome
from tests.onix.reading import message, product

pytestmark = pytest.mark.slow

SECRET = "nobody outside may read this"  # noqa: S105 - no password; a text that must not show up
XI = "http://www.w3.org/2001/XInclude"
A, C = product("a"), product("c")


def _write(folder: Path, data: str | bytes) -> Path:
    path = folder / "onix.xml"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def _doctype(inside: str) -> str:
    return f"<!DOCTYPE ONIXMessage [{inside}]>"


def _laughs() -> str:
    levels = "".join("<!ENTITY l{} '{}'>".format(n, f"&l{n - 1};" * 10) for n in range(1, 11))
    return _doctype(f'<!ENTITY l0 "lol">{levels}')


def _attributes(count: int) -> str:
    return " ".join(f"a{n}=''" for n in range(count))


ENTITIES = {
    "external entity of a file": ('<!ENTITY x SYSTEM "{file}">', "external entity x"),
    "external entity of a server": ('<!ENTITY x SYSTEM "{url}/x">', "external entity x"),
    "external entity by public name": ('<!ENTITY x PUBLIC "-//X//X" "{url}/x">', "external entity x"),
    "unparsed entity": ('<!NOTATION n SYSTEM "{url}/n"><!ENTITY x SYSTEM "{url}/x" NDATA n>', "external entity x"),
    "external parameter entity": ('<!ENTITY % p SYSTEM "{url}/p"> %p;', "external parameter entity p"),
    "parameter entity": ('<!ENTITY % p "x"> %p;', "parameter entity p"),
    "parameter entity that declares": ("<!ENTITY % p \"<!ENTITY x 'y'>\"> %p;", "parameter entity p"),
    "entity": ('<!ENTITY x "y">', "the entity x"),
    "quadratic blowup": (f'<!ENTITY x "{"y" * 100_000}">', "the entity x"),
}


@pytest.mark.parametrize("name", ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_declarations_are_refused_by_name(
    tmp_path: Path, jail: Jail, beacon: Beacon, name: str, encoding: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    declaration, word = ENTITIES[name]
    declared = declaration.replace("{file}", secret.as_uri()).replace("{url}", beacon.url)
    text = message(product("a", "<EditionStatement>&x;</EditionStatement>" * 1_000), head=_doctype(declared))
    outcome = jail.read(_write(tmp_path, text.encode(encoding)))
    assert outcome.rule == "F3"
    assert word in outcome.what
    assert SECRET not in outcome.stderr
    assert beacon.asked == []


def test_billion_laughs_are_refused(tmp_path: Path, jail: Jail) -> None:
    outcome = jail.read(
        _write(tmp_path, message(product("a", "<EditionStatement>&l10;</EditionStatement>"), head=_laughs()))
    )
    assert (outcome.rule, "entity l0" in outcome.what) == ("F3", True)


def test_a_dtd_is_never_fetched(tmp_path: Path, jail: Jail, beacon: Beacon) -> None:
    head = (
        f'<?xml version="1.0"?><?xml-stylesheet href="{beacon.url}/style.xsl" type="text/xsl"?>'
        f'<!DOCTYPE ONIXMessage PUBLIC "-//EDItEUR//DTD ONIX 3.0//EN" "{beacon.url}/onix.dtd">'
    )
    root = (
        f'ONIXMessage release="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xml:base="{beacon.url}/"'
        f' xsi:schemaLocation="http://ns.editeur.org/onix/3.0/reference {beacon.url}/onix.xsd"'
    )
    outcome = jail.read(_write(tmp_path, message(A, head=head, root=root)))
    assert (outcome.exit_code, outcome.references) == (0, ["a"])
    assert beacon.asked == []
    with urllib.request.urlopen(f"{beacon.url}/asked") as answer:  # noqa: S310 - our own server
        assert (answer.status, beacon.asked) == (200, ["/asked"]), "the server would have noticed"
    beacon.asked.clear()


@pytest.mark.parametrize(
    "where",
    [
        message(A, product("b", '<i:include xmlns:i="{xi}" href="{url}"/>')),
        message(A, product("b", '<include xmlns="{xi}" href="{url}" parse="text"/>')),
        message(A, product("b", '<i:include href="{url}"/>'), root='ONIXMessage release="3.0" xmlns:i="{xi}"'),
        message(A, '<i:include xmlns:i="{xi}" href="{url}"/>'),
        message(A).replace("<Sender>", '<i:include xmlns:i="{xi}" href="{url}"/><Sender>'),
        message(A, product("b", '<i:include xmlns:i="{xi}" href="{url}"><i:fallback/></i:include>'), head="\ufeff"),
    ],
    ids=["in a record", "by default namespace", "declared at the root", "between records", "in the header", "fallback"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xinclude_is_refused(tmp_path: Path, jail: Jail, beacon: Beacon, where: str, encoding: str) -> None:
    text = where.replace("{xi}", XI).replace("{url}", f"{beacon.url}/included")
    text = text.removeprefix("\ufeff") if encoding == "utf-16" else text
    outcome = jail.read(_write(tmp_path, text.encode(encoding)))
    assert (outcome.rule, "XInclude" in outcome.what) == ("F3", True)
    assert beacon.asked == []


def _isolated(outcome: Outcome, rule: str, word: str) -> None:
    """Record b, and it alone, is unreadable for a reason named."""
    assert outcome.exit_code == 1
    assert outcome.references == ["a", "c"]
    assert (outcome.received, outcome.unreadable) == (3, 1)
    ((found, text),) = outcome.findings()
    assert found == rule
    assert word in text


RECORDS = {
    "20 MB text": (lambda: product("b", f"<EditionStatement>{'x' * 20_000_000}</EditionStatement>"), "R8", "20,0"),
    "20 MB CDATA": (lambda: product("b", f"<a><![CDATA[{'<' * 20_000_000}]]></a>"), "R8", "more than 5,000,000"),
    "20 MB comment": (lambda: product("b", f"<!--{'x' * 20_000_000}-->"), "R8", "more than 5,000,000"),
    "20 MB attribute": (lambda: product("b", f"<a b='{'x' * 20_000_000}'/>"), "R8", "more than 5,000,000"),
    "20 MB attribute of the record": (
        lambda: product("b").replace("<Product>", f"<Product a='{'x' * 20_000_000}'>"),
        "R8",
        "more than 5,000,000",
    ),
    "a million attributes": (
        lambda: product("b", f"<a {_attributes(1_000_000)}/>"),
        "R8",
        "more than 5,000,000",
    ),
    "a million attributes of the record": (
        lambda: product("b").replace("<Product>", f"<Product {_attributes(1_000_000)}>"),
        "R8",
        "more than 5,000,000",
    ),
    "a record over the cap": (lambda: product("b", "<a>x</a>" * 700_000), "R8", "more than 5,000,000"),
    "100,000 levels": (lambda: product("b", "<a>" * 100_000 + "</a>" * 100_000), "F1", "depth"),
    "1,500 levels": (lambda: product("b", "<a>" * 1_500 + "</a>" * 1_500), "F1", "depth"),
    "10,000 levels never closed": (lambda: product("b", "<a>" * 10_000), "F1", "depth"),
    "200 levels never closed": (lambda: product("b", "<a>" * 200), "F1", "mismatch"),
    "a doctype in a record": (lambda: product("b", _laughs() + "<a>&l10;</a>"), "F1", "&l10;"),
    "an entity nobody declared": (lambda: product("b", "<a>&x;</a>"), "F1", "&x;"),
    "a control character": (lambda: product("b", "<a>\x10</a>"), "F1", "Char"),
    "a control character by number": (lambda: product("b", "<a>&#16;</a>"), "F1", "xmlParseCharRef"),
    "a NUL": (lambda: product("b", "<a>\0</a>"), "F1", "not well-formed"),
    "a surrogate by number": (lambda: product("b", "<a>&#xD800;</a>"), "F1", "xmlParseCharRef"),
    "a number beyond Unicode": (lambda: product("b", "<a>&#x7fffffff;</a>"), "F1", "xmlParseCharRef"),
    "a forbidden character": (lambda: product("b", "<a>\uffff</a>"), "F1", "Char"),
    "an attribute twice": (lambda: product("b", "<a b='1' b='2'/>"), "F1", "redefined"),
    "a comment never closed": (lambda: product("b", "<!-- "), "F1", "Comment"),
    "CDATA never closed": (lambda: product("b", "<![CDATA[ "), "F1", "CData"),
    "an instruction never closed": (lambda: product("b", "<?php "), "F1", "PI"),
    "an end tag missing": (lambda: product("b").removesuffix("</Product>"), "F1", "end tag is missing"),
    "an XML declaration inside": (lambda: product("b", '<?xml version="1.0"?>'), "F1", "XML declaration"),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_hostile_record_costs_itself_alone(tmp_path: Path, jail: Jail, name: str) -> None:
    build, rule, word = RECORDS[name]
    _isolated(jail.read(_write(tmp_path, message(A, build(), C))), rule, word)
