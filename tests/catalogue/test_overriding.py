"""Each field that can be overridden, by example: what may be written, and what a version says of it then."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bindery.catalogue.overriding import FIELDS, derived, field_named, read_value
from bindery.catalogue.record import Record
from bindery.errors import ConfigurationError
from bindery.home import PROJECT
from bindery.trade.dates import dated_role
from tests.catalogue.test_overriding_any_record import version_of
from tests.trade.builders import contributor, descriptive, market, price, publishing, record, right, supply


def element(level: str, text: str | None, **more: Any) -> dict[str, Any]:
    return (
        dict.fromkeys(("prefix", "without_prefix", "subtitle", "part_number")) | {"level": level, "text": text} | more
    )


def text(kind: str, html: str, *audiences: str) -> dict[str, Any]:
    return {"type": kind, "audiences": list(audiences), "language": None, "html": html, "raw": html}


def resource(kind: str, link: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {"audiences": [], "form": None, "features": [], "dates": []}
    return {"content_type": kind, "mode": "03", "link": link} | nothing


def collection(title: str, number: str) -> dict[str, Any]:
    return {"type": "10", "title": title, "part_number": number, "identifiers": []}


AUSTEN = contributor("A01", "Jane Austen", sequence=1, identifiers=[{"type": "16", "type_name": None, "value": "1"}])
TRANSLATOR = contributor("B06", "Ann Lee", sequence=2)
READER = contributor("E07", "Juliet Stevenson", sequence=3)

FEED = record(
    descriptive=descriptive(
        titles=[
            {
                "type": "01",
                "elements": [
                    element("01", None, prefix="The", without_prefix="Persuasions", subtitle="A Noval"),
                ],
            }
        ],
        collections=[collection("Austen in Audio", "6")],
        contributors=[AUSTEN, TRANSLATOR, READER],
        contributor_statement="By Jane Austen, read by Juliet Stevenson",
        languages=[{"role": "01", "code": "ger"}, {"role": "02", "code": "fre"}],
        edition_types=["DGO", "ABR"],
        extents=[
            {"type": "09", "value": "0090000", "unit": "16"},
            {"type": "22", "value": "240", "unit": "18"},
        ],
        subjects=[
            {"scheme": "93", "scheme_name": None, "version": None, "code": "FBC", "heading": None, "main": True},
            {"scheme": "10", "scheme_name": None, "version": None, "code": "FIC004000", "heading": None, "main": True},
        ],
    ),
    collateral={
        "texts": [
            text("03", "<p>Lorem ipsum.</p>", "00"),
            text("03", "<p>For the trade.</p>", "02"),
            text("02", "<p>Lorem.</p>", "00"),
        ],
        "resources": [resource("01", "http://x/old.jpg"), resource("04", "http://x/austen.jpg")],
    },
    publishing=publishing(
        right("01", inc="GB IE"),
        imprints=["Naxos", "Naxos Junior"],
        publishers=[
            {"role": "01", "name": "Naxos", "identifiers": []},
            {"role": "02", "name": "Kindred", "identifiers": []},
        ],
        dates=[dated_role("01", "20260401", "00"), dated_role("10", "20260601", "00")],
    ),
    supply=[market(supply("20", price("12.50", "GBP"), price("13.00", "GBP"), price("15.00", "EUR")))],
)


def told(block: str, fields: dict[str, str | None], base: Record = FEED) -> dict[str, Any]:
    """The block and facts of the feed's record with overrides."""
    read = {name: read_value(name, value) for name, value in fields.items()}
    (row,) = derived(version_of(base), block, [read]).to_pylist()
    return dict(row)


@pytest.mark.parametrize(
    ("field", "value", "fact", "found"),
    [
        ("title", "Persuasion", "title", "Persuasion"),
        ("subtitle", "A Novel", "subtitle", "A Novel"),
        ("subtitle", None, "subtitle", None),
        ("authors", "Jane Austen; Another Lady", "authors", ["Jane Austen", "Another Lady"]),
        ("authors", None, "authors", []),
        ("narrators", "Greta Scacchi", "narrators", ["Greta Scacchi"]),
        ("narrators", None, "narrators", []),
        ("narrators", None, "narration_type", "unknown"),
        ("language", "ENG", "language", "eng"),
        ("abridged", "no", "abridged", "no"),
        ("abridged", None, "abridged", "unknown"),
        ("duration_seconds", "31200", "duration_seconds", 31200),
        ("duration_seconds", "8h 40m", "duration_seconds", 31200),
        ("duration_seconds", None, "duration_seconds", None),
        ("series", "Novels of Bath #2", "series", "Novels of Bath"),
        ("series", None, "series", None),
        ("main_subject", "thema:FF", "main_subject", "93:FF"),
        ("main_subject", None, "main_subject", None),
        ("description", "<p>A second chance<br/>in Bath.</p>", "description", "A second chance\nin Bath."),
        ("description", None, "description", None),
        ("cover_link", "https://covers.example/1.jpg", "cover_link", "https://covers.example/1.jpg"),
        ("cover_link", None, "cover_link", None),
        ("publisher", "Naxos AudioBooks", "publisher", "Naxos AudioBooks"),
        ("imprint", "Naxos Classics", "imprint", "Naxos Classics"),
        ("imprint", None, "imprint", None),
        ("publication_date", "2026-05-01", "publication_date", date(2026, 5, 1)),
        ("price", "9.90 gbp", "price_amount", Decimal("9.9")),
        ("price", "9.90 gbp", "price_currency", "GBP"),
        ("price", "11 USD", "price_currency", "USD"),
    ],
)
def test_a_fact_says_what_the_person_said(field: str, value: str | None, fact: str, found: object) -> None:
    block = FIELDS[field].block
    assert block is not None
    assert told(block, {field: value})[fact] == found


def test_a_subtitle_stays_with_another_title() -> None:
    after = told("descriptive", {"title": "Persuasion"})
    assert (after["title"], after["subtitle"], after["series"]) == ("Persuasion", "A Noval", "Austen in Audio")


def test_contributors_of_other_roles_stay_and_who_stays_by_name_stays_whole() -> None:
    people = told("descriptive", {"authors": "Another Lady; Jane Austen"})["descriptive"]["contributors"]
    assert [(one["sequence"], one["name"], one["roles"]) for one in people] == [
        (1, "Another Lady", ["A01"]),
        (2, "Jane Austen", ["A01"]),
        (3, "Ann Lee", ["B06"]),
        (4, "Juliet Stevenson", ["E07"]),
    ]
    assert people[1]["identifiers"] == AUSTEN["identifiers"]


def test_an_author_who_reads_stays_the_author_when_someone_else_reads() -> None:
    base = record(descriptive=descriptive(contributors=[contributor("A01", "Ann Lee", roles=["A01", "E07"])]))
    after = told("descriptive", {"narrators": "Nina"}, base)
    assert (after["authors"], after["narrators"]) == (["Ann Lee"], ["Nina"])


def test_a_statement_of_who_did_what_goes_with_the_people_it_names() -> None:
    assert told("descriptive", {"narrators": "Nina"})["descriptive"]["contributor_statement"] is None
    stays = told("descriptive", {"title": "Persuasion"})["descriptive"]["contributor_statement"]
    assert stays == "By Jane Austen, read by Juliet Stevenson"


def test_a_person_in_the_place_of_a_synthetic_voice_is_human() -> None:
    base = record(descriptive=descriptive(contributors=[contributor("E07", unnamed="05")]))
    assert told("descriptive", {"narrators": None}, base)["narration_type"] == "ai_voice"
    assert told("descriptive", {"narrators": "Nina"}, base)["narration_type"] == "human"


def test_a_series_moves_with_its_number() -> None:
    (one,) = told("descriptive", {"series": "Novels of Bath #2"})["descriptive"]["collections"]
    assert (one["title"], one["part_number"]) == ("Novels of Bath", "2")
    (other,) = told("descriptive", {"series": "Novels of Bath"})["descriptive"]["collections"]
    assert other["part_number"] is None


def test_a_title_named_by_its_series_keeps_its_name_without_the_series() -> None:
    titles = [{"type": "01", "elements": [element("02", "Stig", part_number="3"), element("01", None)]}]
    after = told("descriptive", {"series": None}, record(descriptive=descriptive(titles=titles)))
    assert (after["title"], after["series"]) == ("Stig 3", None)


def test_the_main_subject_of_a_scheme_that_goes_after_stays() -> None:
    after = told("descriptive", {"main_subject": "thema:FF"})["descriptive"]["subjects"]
    assert [(one["scheme"], one["code"], one["main"]) for one in after] == [
        ("93", "FF", True),
        ("93", "FBC", False),
        ("10", "FIC004000", True),
    ]


def test_lengths_that_are_no_time_stay() -> None:
    assert told("descriptive", {"duration_seconds": "8h 40m"})["descriptive"]["extents"] == [
        {"type": "09", "value": "31200", "unit": "06"},
        {"type": "22", "value": "240", "unit": "18"},
    ]


def test_texts_for_the_trade_stay() -> None:
    after = told("collateral", {"description": None})["collateral"]["texts"]
    assert [one["html"] for one in after] == ["<p>For the trade.</p>"]


def test_other_pictures_stay() -> None:
    after = told("collateral", {"cover_link": "https://covers.example/1.jpg"})["collateral"]["resources"]
    assert [(one["content_type"], one["link"]) for one in after] == [
        ("01", "https://covers.example/1.jpg"),
        ("04", "http://x/austen.jpg"),
    ]


def test_rights_and_embargo_are_never_touched() -> None:
    after = told("publishing", {"publisher": "Other", "publication_date": "2020-01-01"})
    assert (after["sale_countries"], after["embargoed_until"]) == (["GB", "IE"], date(2026, 6, 1))
    assert after["publishing"]["sales_rights"] == FEED["publishing"]["sales_rights"]  # type: ignore[index]


def test_a_price_takes_the_place_of_those_in_its_currency() -> None:
    (after,) = told("supply", {"price": "9.90 GBP"})["supply"]
    prices = after["supplies"][0]["prices"]
    assert [(str(one["amount"]).rstrip("0"), one["currency"]) for one in prices] == [
        ("9.9", "GBP"),
        ("9.9", "GBP"),
        ("15.", "EUR"),
    ]


def test_what_the_feed_says_already_makes_no_other_version() -> None:
    base = version_of(FEED)
    assert derived(base, "descriptive", [{"language": "ger", "abridged": "yes"}]) == base


def test_overrides_of_one_block_are_one_version_in_whatever_order_they_are_told() -> None:
    one = told("descriptive", {"title": "Persuasion", "narrators": "Nina"})
    other = told("descriptive", {"narrators": "Nina", "title": "Persuasion"})
    assert one["content_hash"] == other["content_hash"] != told("descriptive", {"title": "Persuasion"})["content_hash"]


def test_what_cannot_be_stated_is_refused_by_the_name_of_its_field() -> None:
    with pytest.raises(ConfigurationError, match="cover_link cannot be ''"):
        derived(version_of(FEED), "collateral", [{"cover_link": ""}])


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("title", "  The   Long Road ", "The Long Road"),
        ("authors", "Ann Lee;Łukasz Ó ; Ann Lee", "Ann Lee; Łukasz Ó"),
        ("language", "ENG", "eng"),
        ("duration_seconds", "1h", "3600"),
        ("main_subject", "Thema: ff", "93:FF"),
        ("price", "9.90 gbp", "9.9 GBP"),
        ("publication_date", "2026-03-01", "2026-03-01"),
        ("for_sale", "No", "no"),
        ("sale_countries", "ie, gb GB", "GB IE"),
        ("subscription_countries", None, None),
    ],
)
def test_two_ways_to_write_a_value_are_kept_as_one(field: str, written: str | None, kept: str | None) -> None:
    assert read_value(field, written) == kept


@pytest.mark.parametrize(
    ("field", "written", "says"),
    [
        ("title", None, "title cannot be empty"),
        ("title", "  ", "it is blank"),
        ("title", "Bell\x07", "U\\+0007"),
        ("authors", ";", "';' is a filler"),
        ("narrators", "Nina; TBC", "'TBC' is a filler, not a name"),
        ("language", "English", "no language of List 74"),
        ("abridged", "perhaps", "not yes or no"),
        ("duration_seconds", "9:12", "no length of time"),
        ("duration_seconds", "0", "no length of a book"),
        ("series", "N/A #3", "'N/A' is a filler"),
        ("main_subject", "dewey:800", "none of the schemes thema, bisac, bic"),
        ("main_subject", "bisac:FIC", "no code of that scheme"),
        ("description", "<p> </p>", "it says nothing"),
        ("cover_link", "ftp://x/1.jpg", "no http or https address"),
        ("cover_link", "https://[", "no http or https address"),
        ("publisher", "Unknown publisher", "is a filler"),
        ("publication_date", "1900-01-01", "where they have no date"),
        ("publication_date", "March", "no day such as"),
        ("publication_date", None, "publication_date cannot be empty"),
        ("price", "9.99", "no currency of List 96"),
        ("price", "0 GBP", "no amount above nought"),
        ("price", None, "price cannot be empty"),
        ("for_sale", "yes", "'yes' is not no"),
        ("sale_countries", "GB, UK", "UK: no country"),
        ("sale_countries", "", "names no country"),
        ("narator", "Nina", "did you mean 'narrators'"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_may(field: str, written: str | None, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        read_value(field, written)


def test_the_page_of_overrides_names_every_field() -> None:
    page = (PROJECT / "docs" / "overrides.md").read_text("utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in page] == []


def test_every_field_is_of_a_block_or_legal() -> None:
    assert [name for name, field in FIELDS.items() if field.block is None] == [
        "for_sale",
        "sale_countries",
        "subscription_countries",
    ]
    assert field_named("title").block == "descriptive"
