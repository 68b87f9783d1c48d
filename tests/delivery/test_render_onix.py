from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bindery.delivery import render_onix
from bindery.delivery.declarations import load_recipient
from bindery.delivery.recipient import Recipient
from bindery.home import PROJECT
from lxml import etree

from tests.delivery.catalogue import (
    NOWHERE,
    Title,
    collateral,
    contributor,
    day,
    descriptive,
    price,
    publishing,
    supply,
    text,
)

DAY = date(2026, 11, 23)
STORE = load_recipient(PROJECT / "include/recipients/listenwell.yaml")
SERVICE = STORE.model_copy(update={"model": "subscription"})
TITLE = Title("9780000000002")


def message(tmp_path: Path, *products: tuple[Title, str], recipient: Recipient = STORE) -> etree._Element:
    shard, path = tmp_path / "00000.xml", tmp_path / "message.xml"
    editions = [title.edition(action) for title, action in products]
    render_onix.write_shard(shard, editions, recipient, DAY)
    with path.open("wb") as file:
        render_onix.write_message(file, recipient, 7, DAY, [shard])
    return etree.parse(path).getroot()


def product(title: Title, action: str = "upsert", recipient: Recipient = STORE, **changes: Any) -> etree._Element:
    return render_onix.product(title.edition(action, **changes), recipient, DAY)


def texts(element: etree._Element, path: str) -> list[str | None]:
    return [found.text for found in element.iterfind(path)]


RICH = {
    "everything": TITLE,
    "hostile text": TITLE.but(title="</TitleText><Product> & \x00\x0b ]]> <!-- \U0001f3a7"),
    "no blocks but the first": TITLE.but(
        changes={"collateral": None, "content": None, "related": None, "publishing": None, "supply": None}
    ),
    "empty lists": TITLE.but(
        changes={
            "collateral": {"texts": [], "resources": []},
            "content": {"chapters": []},
            "related": {"works": [], "products": []},
            "supply": [],
        }
    ),
    "codes only ONIX 2.1 had": TITLE.but(
        changes={
            "descriptive": {
                **descriptive("Old"),
                "composition": None,
                "product_form_details": ["081"],
                "primary_content_type": None,
                "extents": [{"type": "09", "value": "0", "unit": "06"}, {"type": "09", "value": "x", "unit": "05"}],
                "languages": [{"role": "01", "code": "EN"}],
                "edition_types": ["NEW", "XXX"],
                "collections": [{"type": None, "title": "Old", "part_number": None, "identifiers": []}],
            },
            "collateral": {"texts": [{**text("Plain & simple"), "type": "ZZ"}, text("")], "resources": []},
        }
    ),
    "odd markup": TITLE.but(
        changes={
            "collateral": {
                "texts": [
                    text("<b><p>inside out</p><ul>stray<li>x</li></ul></b><table><tr><td>cell</td></tr></table>"),
                    text("<ul>no entries</ul><ol><li><p>a</p><h2>b</h2></li></ol><script>alert(1)</script>"),
                    text("<a href='https://x.example'>link</a> &amp; &#1; <br> <!-- hidden --> tail"),
                ],
                "resources": [],
            }
        }
    ),
    "excluded and partial territories": TITLE.but(
        changes={
            "supply": [
                {
                    **supply()[0],
                    "market": {**NOWHERE, "regions_included": ["WORLD"], "countries_excluded": ["US"]},
                    "supplies": [
                        {
                            **supply()[0]["supplies"][0],
                            "availability": None,
                            "supplier_name": None,
                            "prices": [price("9.90", territory={**NOWHERE, "regions_included": ["GB-SCT"]})],
                        }
                    ],
                }
            ]
        }
    ),
    "dates of every precision": TITLE.but(
        changes={
            "publishing": {
                **publishing(),
                "dates": [
                    day("01", "2026", "year"),
                    day("11", "2025-03-04T10:30+02:00", "time"),
                    day("19", "2025-03-04T10:30:05Z", "time"),
                    {**day("25", "2026-01-01"), "date": None, "precision": None},
                ],
            }
        }
    ),
    "several people without names": TITLE.but(
        changes={
            "descriptive": {
                **descriptive("Voices"),
                "contributors": [
                    contributor("E07", None, unnamed="05", biography=None),
                    contributor("ZZ9", "Nobody"),
                    contributor("A01", None),
                    contributor("B21", None, corporate_name="Acme & Sons"),
                    contributor("A01", None, name_inverted="Palmer, Ada", biography="<p></p>"),
                ],
            }
        }
    ),
}


@pytest.mark.parametrize("case", RICH)
@pytest.mark.parametrize("action", ["upsert", "withdraw"])
@pytest.mark.parametrize("recipient", [STORE, SERVICE], ids=["sale", "subscription"])
def test_every_record_is_valid_against_the_official_schema(
    tmp_path: Path, schema: etree.XMLSchema, case: str, action: str, recipient: Recipient
) -> None:
    root = message(tmp_path, (RICH[case], action), recipient=recipient)
    assert schema.validate(root), schema.error_log


def test_a_deletion_is_valid_against_the_official_schema(tmp_path: Path, schema: etree.XMLSchema) -> None:
    root = message(tmp_path, (TITLE.but(state="deleted"), "withdraw"))
    assert schema.validate(root), schema.error_log


def test_hostile_text_stays_text() -> None:
    record = product(RICH["hostile text"])
    assert texts(record, "DescriptiveDetail/TitleDetail/TitleElement/TitleText") == [
        "</TitleText><Product> & ]]> <!-- \U0001f3a7"
    ]
    assert len(record.findall(".//Product")) == 0


def test_the_header_is_numbered_and_dated_by_the_delivery_not_the_clock(tmp_path: Path) -> None:
    root = message(tmp_path, (TITLE, "upsert"))
    header = root.find("{*}Header")
    assert header is not None
    assert header.findtext("{*}Sender/{*}SenderName") == "Bindery"
    assert header.findtext("{*}MessageNumber") == "7"
    assert header.findtext("{*}SentDateTime") == "20261123"


def test_rights_are_what_may_be_sold_not_what_the_supplier_wrote() -> None:
    record = product(TITLE)
    assert texts(record, "PublishingDetail/SalesRights/Territory/CountriesIncluded") == ["GB US"]
    assert texts(record, ".//RegionsIncluded") == []
    assert texts(record, "PublishingDetail/ROWSalesRightsType") == ["03"]


def test_a_subscription_service_gets_only_the_right_to_stream() -> None:
    assert texts(product(TITLE, recipient=SERVICE), ".//SalesRestrictionType") == ["13"]
    assert texts(product(TITLE), ".//SalesRestrictionType") == []


def test_only_consumer_prices_of_the_recipients_model_leave() -> None:
    sale = product(TITLE)
    assert texts(sale, ".//PriceAmount") == ["12.99", "19.50"]
    assert texts(sale, ".//Price/Territory/CountriesIncluded") == ["US"]
    subscription = product(TITLE, recipient=SERVICE)
    assert texts(subscription, ".//PriceAmount") == ["0.80"]


def test_texts_for_the_trade_and_review_copies_never_leave() -> None:
    written = etree.tostring(product(TITLE), encoding="unicode")
    assert "discount" not in written
    assert "review-copy" not in written
    assert "covers/9780000000002.jpg" in written


@pytest.mark.parametrize("audiences", [["01"], ["02", "07"], ["01", "02", "07"]])
def test_a_text_is_restricted_only_when_all_its_audiences_are(audiences: list[str]) -> None:
    closed = {"texts": [text("Secret", audiences)], "resources": []}
    open_too = {"texts": [text("Open", [*audiences, "03"])], "resources": []}
    assert product(TITLE.but(changes={"collateral": closed})).find("CollateralDetail") is None
    record = product(TITLE.but(changes={"collateral": open_too}))
    assert texts(record, ".//TextContent/ContentAudience") == ["03"]


def test_a_sample_under_embargo_stays_here() -> None:
    block = collateral()
    block["resources"][0]["dates"] = [day("14", "2026-12", "month")]
    assert product(TITLE.but(changes={"collateral": block})).find(".//SupportingResource") is None


def test_markup_a_reader_needs_is_kept_and_the_rest_is_unwrapped() -> None:
    record = product(RICH["odd markup"])
    first, second, third = record.iterfind(".//Text")
    assert etree.tostring(first, encoding="unicode", method="text") == "inside outstrayxcell"
    assert first.get("textformat") == "05"
    assert [element.tag for element in second.iter()] == ["Text", "ol", "li", "p"]
    assert "alert" not in etree.tostring(second, encoding="unicode")
    assert "hidden" not in etree.tostring(third, encoding="unicode")


def test_a_withdrawal_is_a_record_that_says_it_may_not_be_sold() -> None:
    record = product(TITLE, "withdraw")
    assert record.findtext("NotificationType") == "03"
    assert texts(record, "PublishingDetail/PublishingStatus") == ["11"]
    assert texts(record, "PublishingDetail/SalesRights/SalesRightsType") == ["03"]
    assert texts(record, ".//ProductAvailability") == ["46"]
    assert texts(record, ".//PriceAmount") == []


def test_a_withdrawal_keeps_the_takedown_codes_its_supplier_stated() -> None:
    recalled = TITLE.but(changes={"publishing": {**publishing(), "status": "15"}, "availability": "49"})
    record = product(recalled, "withdraw")
    assert texts(record, "PublishingDetail/PublishingStatus") == ["15"]
    assert texts(record, ".//ProductAvailability") == ["49"]


def test_a_deleted_edition_is_withdrawn_by_deleting_its_record() -> None:
    record = product(TITLE.but(state="deleted"), "withdraw")
    assert record.findtext("NotificationType") == "05"
    assert texts(record, "ProductIdentifier/IDValue") == ["9780000000002", "9780000000002"]
    assert record.find("DescriptiveDetail") is None


def test_chapters_are_timed_from_the_beginning_of_the_book() -> None:
    record = product(TITLE)
    assert texts(record, ".//StartTime") == ["0000000", "000300550"]
    assert texts(record, ".//ComponentNumber") == ["2"]


def test_a_cloned_voice_is_declared_with_the_actor_behind_it() -> None:
    narrator = product(TITLE).findall(".//Contributor")[1]
    assert narrator.findtext("ContributorRole") == "E07"
    assert narrator.findtext("UnnamedPersons") == "08"
    assert narrator.findtext("AlternativeName/NameType") == "04"
    assert narrator.findtext("AlternativeName/PersonName") == "Sam Reed"


def test_availability_nobody_stated_is_not_made_up() -> None:
    record = product(TITLE.but(changes={"supply": None}))
    assert texts(record, ".//ProductAvailability") == ["99"]


def test_a_duration_only_known_from_facts_is_written_in_seconds() -> None:
    block = {**descriptive("Short"), "extents": []}
    extent = product(TITLE.but(changes={"descriptive": block})).find(".//Extent")
    assert extent is not None
    assert [child.text for child in extent] == ["09", "3785", "06"]
