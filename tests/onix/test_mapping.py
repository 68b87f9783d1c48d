from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bindery.catalogue.record import BLOCKS, Record
from tests.catalogue.one_record import facts_of
from tests.onix.reading import MESSAGES, message, product, read_all, read_bytes, shortened


def _records(name: str) -> list[Record]:
    _, parsed = read_all(MESSAGES / name)
    return [one.record for one in parsed if one.record]


@pytest.fixture(scope="module")
def rich() -> Record:
    return _records("ref_30.xml")[0]


def test_message_facts_come_from_the_header() -> None:
    facts = read_all(MESSAGES / "ref_30.xml")[0].facts
    assert (facts.release, facts.tags, facts.encoding, facts.sender) == ("3.0", "reference", "utf-8", "Nordlicht Audio")
    assert facts.sent_at is not None
    assert facts.sent_at.isoformat() == "2026-03-01T08:30:00+00:00"
    assert (facts.message_number, facts.message_repeat) == ("42", 2)


def test_identity_and_descriptive_block(rich: Record) -> None:
    assert (rich["record_reference"], rich["notification_type"], rich["kind"]) == ("com.nordlicht.1", "03", "full")
    assert rich["identifiers"][1] == {"type": "01", "type_name": "house", "value": "A-1"}
    assert rich["touches"] == list(BLOCKS)
    block = rich["descriptive"]
    assert block is not None
    assert (block["product_form"], block["product_form_details"]) == ("AJ", ["A103"])
    assert (block["primary_content_type"], block["technical_protections"]) == ("01", ["02"])
    assert block["titles"][0]["elements"][0] == {
        "level": "01",
        "text": None,
        "prefix": "Das",
        "without_prefix": "Leuchtfeuer",
        "subtitle": "Roman",
        "part_number": None,
    }
    assert block["collections"] == [{"type": "10", "title": "Die Küste", "part_number": "3", "identifiers": []}]
    assert block["edition_types"] == ["UBR"]
    assert block["extents"][0] == {"type": "09", "value": "01130", "unit": "15"}
    assert block["subjects"][0]["main"] is True
    assert block["languages"] == [{"role": "01", "code": "ger"}], "the header's default language is applied"


def test_contributors_keep_order_roles_names_and_synthetic_voices(rich: Record) -> None:
    block = rich["descriptive"]
    assert block is not None
    author, reader = block["contributors"]
    assert author["identifiers"] == [{"type": "16", "type_name": None, "value": "0000000121032683"}]
    assert author["biography"] == "<p>Lebt in <em>Kiel</em>.</p>"
    assert (reader["roles"], reader["name"], reader["unnamed"]) == (["E07", "D01"], "Jan van der Meer", "08")
    assert reader["alternative_names"] == ["Voice Jan"]


def test_publishing_block_and_rights(rich: Record) -> None:
    block = rich["publishing"]
    assert block is not None
    assert (block["imprints"], block["publishers"][0]["name"]) == (["Nordlicht"], "Nordlicht Audio GmbH")
    assert (block["dates"][0]["date"], block["dates"][0]["precision"]) == ("2026-03", "month")
    assert block["sales_rights"][0]["territory"]["countries_included"] == ["DE", "AT", "CH"]
    assert block["sales_rights"][0]["restrictions"] == [{"type": "12", "outlets": ["Streamer"], "note": None}]
    assert block["row_sales_rights_type"] == "03"


def test_supply_block_applies_header_defaults_and_keeps_unreadable_amounts_raw(rich: Record) -> None:
    assert rich["supply"] is not None
    market = rich["supply"][0]
    assert (market["market"]["countries_included"], market["market_status"]) == (["DE"], "04")
    supply = market["supplies"][0]
    assert (supply["availability"], supply["supplier_name"]) == ("20", "Auslieferung Nord")
    euro, franc = supply["prices"]
    assert (euro["type"], euro["currency"], euro["amount"]) == ("02", "EUR", Decimal("19.95"))
    assert euro["taxes"] == [{"type": "01", "rate_code": "R", "percent": "7"}]
    assert (franc["type"], franc["currency"], franc["amount"], franc["raw_amount"]) == ("01", "CHF", None, "12,99")


def test_texts_resources_chapters_and_relations(rich: Record) -> None:
    assert rich["collateral"] is not None
    text = rich["collateral"]["texts"][0]
    assert (text["type"], text["audiences"], text["language"]) == ("03", ["00"], "ger")
    assert text["raw"].startswith("<p>Ein Turm &amp; sein Wärter.")
    cover = rich["collateral"]["resources"][0]
    assert (cover["content_type"], cover["link"]) == ("01", "https://media.example/1.jpg")
    assert cover["features"] == [{"type": "06", "value": "0bf20c528f323dd2a6d91627ccddf52e"}]
    assert cover["dates"][0]["date"] == "2026-02-10"
    assert rich["content"] is not None
    chapter = rich["content"]["chapters"][0]
    assert (chapter["title"], chapter["start_seconds"], chapter["end_seconds"]) == ("Kapitel 1", 0.0, 1830.0)
    assert rich["related"] is not None
    assert rich["related"]["products"][0]["relations"] == ["06"]
    assert rich["related"]["works"][0]["identifiers"][0]["value"] == "9783161484100"


def test_what_has_no_place_is_counted_by_path() -> None:
    read, _ = read_all(MESSAGES / "ref_30.xml")
    assert read.counts.unmapped["Product/PublishingDetail/CityOfPublication"] == 1


def test_delete_and_block_update() -> None:
    _, deleted, update = _records("ref_30.xml")
    assert (deleted["kind"], deleted["touches"], deleted["deletion_text"]) == ("delete", [], ["Doppelt angelegt"])
    assert (update["kind"], update["touches"]) == ("block", ["collateral", "publishing"])
    assert update["collateral"] is None, "an empty block clears"
    assert update["publishing"] is not None
    assert update["publishing"]["status"] == "11"


@pytest.mark.parametrize(("code", "kind"), [("01", "full"), ("02", "full"), ("88", "block"), ("89", "full")])
def test_notification_types(tmp_path_factory: pytest.TempPathFactory, code: str, kind: str) -> None:
    data = message(product("a").replace(">03<", f">{code}<", 1)).encode()
    _, (parsed,) = read_bytes(tmp_path_factory.mktemp("message"), data)
    assert parsed.record is not None
    assert (parsed.record["notification_type"], parsed.record["kind"]) == (code, kind)


def test_short_twin_is_equal(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("twins")
    reference = (MESSAGES / "ref_30.xml").read_text("utf-8").replace("</Product> <ONIXMessage>", "")
    _, long = read_bytes(folder, reference.encode())
    message_in_short, short = read_bytes(folder, shortened(reference).encode())
    assert message_in_short.facts.tags == "short"
    assert [_without_source(one.record) for one in short] == [_without_source(one.record) for one in long]


def _without_source(record: Record | None) -> dict[str, object]:
    assert record is not None
    return {name: value for name, value in record.items() if name != "source"}


def test_short_tags_with_a_prefix() -> None:
    read, (parsed,) = read_all(MESSAGES / "short_31.xml")
    assert (read.facts.release, read.facts.tags, read.facts.sender) == ("3.1", "short", "Kleine Stimme")
    record = parsed.record
    assert record is not None
    assert record["descriptive"] is not None
    assert record["publishing"] is not None
    assert record["supply"] is not None
    assert record["descriptive"]["contributors"][0]["unnamed"] == "05"
    assert record["descriptive"]["extents"] == [{"type": "09", "value": "0113005", "unit": "16"}]
    assert record["publishing"]["sales_rights"][0]["territory"] == {
        "countries_included": [],
        "regions_included": ["WORLD"],
        "countries_excluded": ["US"],
        "regions_excluded": [],
    }
    assert record["supply"][0]["supplies"][0]["unpriced"] == "04"


def test_onix_21_becomes_the_same_record() -> None:
    read, parsed = read_all(MESSAGES / "ref_21.xml")
    assert (read.facts.release, read.facts.sender, read.facts.encoding) == ("2.1", "Old Sound Ltd", "iso8859-1")
    record = parsed[0].record
    assert record is not None
    assert record["notification_type"] == "03"
    assert [one["type"] for one in record["identifiers"]] == ["02", "03"]
    block = record["descriptive"]
    assert block is not None
    assert block["titles"][0]["elements"][0]["text"] == "High Noon–Late Café"
    assert block["collections"][0]["title"] == "Night Trains"
    assert block["contributors"][0]["name_inverted"] == "Ray, Ann"
    assert block["edition_types"] == ["ABR"]
    assert {"type": "09", "value": "90", "unit": "05"} in block["extents"]
    assert [(one["scheme"], one["code"], one["main"]) for one in block["subjects"]] == [
        ("10", "FIC022000", True),
        ("25", "C1", True),
        ("20", None, False),
    ]
    assert block["languages"] == [{"role": "01", "code": "eng"}]


def test_onix_21_rights_texts_and_supply() -> None:
    record = _records("ref_21.xml")[0]
    publishing, collateral, supply = record["publishing"], record["collateral"], record["supply"]
    assert publishing is not None
    assert collateral is not None
    assert supply is not None
    assert [(one["type"], one["territory"]["countries_included"]) for one in publishing["sales_rights"]] == [
        ("01", ["GB", "IE"]),
        ("03", ["US"]),
    ]
    assert publishing["row_sales_rights_type"] == "03"
    assert [(text["type"], text["audiences"]) for text in collateral["texts"]] == [("03", []), ("01", ["02"])]
    assert collateral["texts"][0]["html"] == "<p>Steam.</p>"
    assert (collateral["resources"][0]["content_type"], collateral["resources"][0]["mode"]) == ("01", "03")
    detail = supply[0]["supplies"][0]
    assert detail["availability"] == "46", "the old code WS, withdrawn from sale"
    assert detail["dates"][0]["role"] == "02"
    price = detail["prices"][0]
    assert (price["type"], price["currency"], price["amount"]) == ("01", "GBP", Decimal("7.99"))
    assert [(one["role"], one["date"]) for one in price["dates"]] == [("14", "2008-04-01"), ("15", "2008-12-31")]


def test_onix_21_partial_updates() -> None:
    _, supply, market = read_all(MESSAGES / "ref_21.xml")[1]
    assert supply.record is not None
    assert (supply.record["kind"], supply.record["touches"]) == ("block", ["supply"])
    assert market.record is not None
    assert (market.record["kind"], market.record["touches"]) == ("block", [])
    assert [finding["rule"] for finding in market.findings] == ["R7"]
    assert {"path": "Product/MarketRepresentation/MarketCountry", "count": 1} in market.record["unmapped"]


def test_series_named_only_in_the_title_is_read_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    title = (
        "<TitleDetail><TitleType>01</TitleType>"
        "<TitleElement><TitleElementLevel>02</TitleElementLevel><PartNumber>33</PartNumber>"
        "<TitleText>Thorgal</TitleText></TitleElement>"
        "<TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>Blade</TitleText></TitleElement>"
        "</TitleDetail>"
    )
    _, (parsed,) = read_bytes(tmp_path_factory.mktemp("message"), message(product("a", title)).encode())
    assert parsed.record is not None
    assert parsed.record["descriptive"] is not None
    collections = parsed.record["descriptive"]["collections"]
    assert [(one["title"], one["part_number"]) for one in collections] == [("Thorgal", "33")]


def test_a_record_without_reference_or_type_is_kept_with_a_finding(tmp_path_factory: pytest.TempPathFactory) -> None:
    identifier = "<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9</IDValue></ProductIdentifier>"
    bare = f"<Product>{identifier}</Product>"
    _, (parsed,) = read_bytes(tmp_path_factory.mktemp("message"), message(bare).encode())
    assert parsed.record is not None
    assert parsed.record_reference is None
    assert [(one["rule"], one["severity"]) for one in parsed.findings] == [("R1", "block"), ("R1", "block")]


@pytest.mark.parametrize(
    ("parts", "name", "shown"),
    [
        (
            "<PersonNameInverted>Barrett, Robert G</PersonNameInverted><KeyNames>Barrett</KeyNames>",
            None,
            "Barrett, Robert G",
        ),
        ("<PersonNameInverted>Voltaire</PersonNameInverted><KeyNames>Voltaire</KeyNames>", "Voltaire", "Voltaire"),
        ("<KeyNames>Voltaire</KeyNames>", "Voltaire", "Voltaire"),
        ("<NamesBeforeKey>Maj</NamesBeforeKey><KeyNames>Sjöwall</KeyNames>", "Maj Sjöwall", "Maj Sjöwall"),
    ],
)
def test_key_names_alone_are_half_a_name_where_the_inverted_one_says_more(
    tmp_path: Path, parts: str, name: str | None, shown: str
) -> None:
    inside = f"<Contributor><ContributorRole>A01</ContributorRole>{parts}</Contributor>"
    _, (parsed,) = read_bytes(tmp_path, message(product("a", inside)).encode())
    assert parsed.record is not None
    assert parsed.record["descriptive"] is not None
    assert parsed.record["descriptive"]["contributors"][0]["name"] == name
    assert facts_of(parsed.record)["authors"] == [shown]
    assert parsed.record["unmapped"] == []


def test_an_empty_product_leaves_nothing_over(tmp_path: Path) -> None:
    opened, (parsed,) = read_bytes(tmp_path, message("<Product/>").encode())
    assert parsed.record is not None
    assert parsed.record["unmapped"] == []
    assert opened.counts.unmapped == {}
