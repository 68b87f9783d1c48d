from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bindery.catalogue.content import content_of
from bindery.catalogue.facts import Facts
from bindery.catalogue.facts_of import FACTS_SCHEMA
from bindery.catalogue.facts_of import facts_of as facts_by_columns
from bindery.catalogue.facts_of.publishing import NEVER
from bindery.catalogue.record import Extent, Record, Title
from bindery.trade.dates import dated_role
from tests.catalogue.one_record import facts_of
from tests.trade.builders import contributor, descriptive, market, price, publishing, record, right, supply


def title(text: str | None = None, kind: str = "01", level: str = "01", **more: Any) -> Title:
    element: dict[str, Any] = dict.fromkeys(("prefix", "without_prefix", "subtitle", "part_number"))
    element |= {"level": level, "text": text, **more}
    return Title(type=kind, elements=[element])  # type: ignore[list-item]


def extent(kind: str, value: str, unit: str) -> Extent:
    return Extent(type=kind, value=value, unit=unit)


def subject(scheme: str, code: str | None, *, main: bool = True) -> dict[str, Any]:
    return {"scheme": scheme, "scheme_name": None, "version": None, "code": code, "heading": None, "main": main}


def text(kind: str, html: str, *audiences: str) -> dict[str, Any]:
    return {"type": kind, "audiences": list(audiences), "language": None, "html": html, "raw": html}


def resource(kind: str, link: str | None, mode: str | None = "03") -> dict[str, Any]:
    return {
        "content_type": kind,
        "audiences": [],
        "mode": mode,
        "form": None,
        "link": link,
        "features": [],
        "dates": [],
    }


def of_descriptive(**stated: Any) -> Facts:
    return facts_of(record(descriptive=descriptive(**stated)))


def of_publishing(*rights: Any, **stated: Any) -> Facts:
    return facts_of(record(publishing=publishing(*rights, **stated)))


def full_record() -> Record:
    return record(
        identifiers=[{"type": "15", "type_name": None, "value": "978-83-8062-595-2"}],
        descriptive=descriptive(
            product_form="AJ",
            primary_content_type="01",
            titles=[title("Kwiaty dla Algernona", subtitle="Powieść")],
            contributors=[contributor("A01", "Daniel Keyes"), contributor("E07", "Adam Bauman")],
            languages=[{"role": "08", "code": "pol"}],
            extents=[extent("09", "524", "05")],
            edition_types=["UBR"],
            subjects=[subject("93", "FLB")],
        ),
        collateral={
            "texts": [text("03", "<p>Opis &amp; tak.</p>", "00")],
            "resources": [resource("01", "https://x/c.jpg")],
        },
        publishing=publishing(
            right("01", "12", inc="PL"),
            row="03",
            status="04",
            imprints=["Rebis"],
            publishers=[{"role": "01", "name": "Dom Wydawniczy Rebis", "identifiers": []}],
            dates=[dated_role("01", "201907", "01"), dated_role("30", "20190712", "00")],
        ),
        supply=[market(supply("20", price("34.90", "PLN", "42")))],
    )


def test_all_facts_of_a_record() -> None:
    assert facts_of(full_record()) == {
        "isbn13": "9788380625952",  # elibri, GOLDEN section 3
        "isbn_problem": None,
        "is_audio": True,
        "product_form": "AJ",
        "primary_content_type": "01",
        "title": "Kwiaty dla Algernona",
        "subtitle": "Powieść",
        "authors": ["Daniel Keyes"],
        "narrators": ["Adam Bauman"],
        "narration_type": "human",
        "language": "pol",
        "duration_seconds": 31440,
        "abridged": "no",
        "series": None,
        "main_subject": "93:FLB",
        "description": "Opis & tak.",
        "cover_link": "https://x/c.jpg",
        "publisher": "Dom Wydawniczy Rebis",
        "imprint": "Rebis",
        "publishing_status": "04",
        "publication_date": date(2019, 7, 31),
        "embargoed_until": date(2019, 7, 12),
        "rights_status": "known",
        "sale_countries": ["PL"],
        "subscription_countries": [],
        "publishing_withdrawal": None,
        "availability": "20",
        "price_count": 1,
        "price_amount": Decimal("34.90"),
        "price_currency": "PLN",
        "price_problem": None,
        "supply_withdrawal": None,
    }


def test_facts_of_a_record_that_says_nothing() -> None:
    facts = facts_of(record())
    stated = {name: value for name, value in facts.items() if value not in (None, [])}
    assert stated == {
        "isbn_problem": "missing",
        "narration_type": "unknown",
        "abridged": "unknown",
        "rights_status": "none",
        "price_count": 0,
    }


def test_facts_of_no_records() -> None:
    facts = facts_by_columns(content_of([]))
    assert facts.num_rows == 0
    assert facts.schema.equals(FACTS_SCHEMA)


_FACTS_OF_BLOCK = {
    "descriptive": "is_audio product_form primary_content_type title subtitle authors narrators narration_type "
    "language duration_seconds abridged series main_subject",
    "collateral": "description cover_link",
    "publishing": "publisher imprint publishing_status publication_date embargoed_until rights_status sale_countries "
    "subscription_countries publishing_withdrawal",
    "supply": "availability price_count price_amount price_currency price_problem supply_withdrawal",
}


@pytest.mark.parametrize("block", sorted(_FACTS_OF_BLOCK))
def test_a_fact_depends_on_its_own_block_only(block: str) -> None:
    """What a block update that clears one block may change; a fold takes each fact by its block."""
    whole = full_record()
    cleared: Record = {**whole, block: None}  # type: ignore[misc]
    before, after = dict(facts_of(whole)), dict(facts_of(cleared))
    changed = {name for name in before if before[name] != after[name]}
    assert changed
    assert changed <= set(_FACTS_OF_BLOCK[block].split())


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ([title("Original", "03"), title("Mine")], "Mine"),
        ([title(prefix="The", without_prefix="Hobbit")], "The Hobbit"),
        ([title("Original", "03")], None),
        ([title("", subtitle="Only")], None),
        ([title("Thorgal", level="02", part_number="33")], "Thorgal 33"),
        (
            [
                Title(
                    type="01", elements=[*title("Thorgal", level="02")["elements"], *title("Statek-Miecz")["elements"]]
                )
            ],
            "Statek-Miecz",
        ),
        ([title("Unknown")], "Unknown"),
        ([], None),
    ],
)
def test_the_title_is_the_distinctive_one_of_the_product(titles: list[Title], expected: str | None) -> None:
    assert of_descriptive(titles=titles)["title"] == expected


def test_the_series_is_the_collection_or_the_titles_own() -> None:
    own = Title(type="01", elements=[*title("Thorgal", level="02")["elements"], *title("Statek-Miecz")["elements"]])
    assert of_descriptive(titles=[own])["series"] == "Thorgal"
    collection = {"type": "10", "title": "The Martin Beck series", "part_number": "1", "identifiers": []}
    assert of_descriptive(titles=[own], collections=[collection])["series"] == "The Martin Beck series"


def test_the_language_is_that_of_the_audio() -> None:
    languages = [{"role": "02", "code": "eng"}, {"role": "01", "code": "dut"}, {"role": "08", "code": "ger"}]
    assert of_descriptive(languages=languages)["language"] == "ger"
    assert of_descriptive(languages=languages[:2])["language"] == "dut"
    assert of_descriptive(languages=languages[:1])["language"] is None


@pytest.mark.parametrize(
    ("extents", "expected"),
    [
        ([extent("09", "00225", "15")], 8700),
        ([extent("09", "145", "05"), extent("09", "0022510", "16")], 8710),
        ([extent("09", "42", "11"), extent("14", "7200", "06"), extent("13", "60", "06")], 7200),
        ([extent("09", "0117799", "16"), extent("16", "120", "05")], 7200),
        ([extent("09", "0", "05")], None),
        ([extent("22", "650", "19"), extent("08", "300", "03")], None),
        ([extent("10", "1234", "04")], None),
        ([], None),
    ],
)
def test_the_duration_is_the_total_or_the_longest(extents: list[Extent], expected: int | None) -> None:
    assert of_descriptive(extents=extents)["duration_seconds"] == expected


@pytest.mark.parametrize(
    ("types", "expected"),
    [(["ABR"], "yes"), (["UBR"], "no"), (["ABR", "UBR"], "unknown"), (["DGO"], "unknown"), ([], "unknown")],
)
def test_abridgement_is_never_assumed(types: list[str], expected: str) -> None:
    assert of_descriptive(edition_types=types)["abridged"] == expected


def test_the_main_subject_is_flagged_and_of_a_known_scheme() -> None:
    subjects = [subject("20", "key"), subject("10", "FIC022000"), subject("93", "FF", main=False)]
    assert of_descriptive(subjects=subjects)["main_subject"] == "10:FIC022000"
    assert of_descriptive(subjects=[*subjects, subject("93", "FH")])["main_subject"] == "93:FH"
    assert of_descriptive(subjects=subjects[:1])["main_subject"] is None


def test_a_description_is_one_that_a_consumer_may_see() -> None:
    def described(*texts: dict[str, Any]) -> str | None:
        return facts_of(record(collateral={"texts": list(texts), "resources": []}))["description"]

    trade, short = text("03", "<p>For the trade, a long one.</p>", "02"), text("02", "<p>Short.</p>", "03")
    assert described(trade) is None
    assert described(trade, short) == "Short."
    assert described(short, text("03", "<p>Long.</p>", "00")) == "Long."
    assert described(text("03", "<p>Longer than it.</p>", "00"), text("03", "<p>Yours.</p>", "03")) == "Yours."
    assert described(text("03", "<p>From 2.1.</p>")) == "From 2.1."
    assert described(text("03", "<p>TBC</p>", "00"), short) == "Short."


def test_the_cover_is_an_image_of_the_front_and_no_holding_image() -> None:
    resources = [resource("45", "h"), resource("01", None), resource("01", "clip", "02"), resource("01", "front")]
    assert facts_of(record(collateral={"texts": [], "resources": resources}))["cover_link"] == "front"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (["20250220"], date(2025, 2, 20)),
        (["202502"], date(2025, 2, 28)),
        (["2025"], date(2025, 12, 31)),
        (["20250220T0000"], date(2025, 2, 20)),
        (["20250220T1830"], date(2025, 2, 21)),
        (["20250220", "20250301"], date(2025, 3, 1)),
        (["20250220", "20251332"], NEVER),
        (["soon"], NEVER),
        (["99991231T1830"], NEVER),
    ],
)
@pytest.mark.parametrize("role", ["02", "09", "10", "27", "30", "31"])
def test_an_embargo_ends_on_the_latest_day_it_may_mean(role: str, raw: list[str], expected: date) -> None:
    assert of_publishing(dates=[dated_role(role, one, None) for one in raw])["embargoed_until"] == expected


def test_other_dates_are_no_embargo_and_a_bad_publication_date_is_none() -> None:
    facts = of_publishing(dates=[dated_role("01", "20251332", "00"), dated_role("11", "20300101", "00")])
    assert facts["embargoed_until"] is None
    assert facts["publication_date"] is None
    assert of_publishing(dates=[dated_role("01", "19000101", "00")])["publication_date"] is None


def test_rights_and_withdrawals_are_facts() -> None:
    facts = of_publishing(right("01", "13", inc="SE NO DK"), row="06")
    assert (facts["rights_status"], facts["sale_countries"]) == ("known", [])
    assert facts["subscription_countries"] == ["DK", "NO", "SE"]
    assert of_publishing(status="11")["publishing_withdrawal"] == "publishing_status:11"
    assert facts_of(record(supply=[market(supply("46"))]))["supply_withdrawal"] == "availability:46"


def test_the_availability_is_that_of_a_supplier_who_takes_orders() -> None:
    assert facts_of(record(supply=[market(supply("43"), supply("20"))]))["availability"] == "20"
    assert facts_of(record(supply=[market(supply("43"), supply("46"))]))["availability"] == "43"


def test_publisher_and_imprint_without_fillers() -> None:
    publishers = [
        {"role": "02", "name": "Co-publisher", "identifiers": []},
        {"role": "01", "name": "N/A", "identifiers": []},
        {"role": "01", "name": "Random House", "identifiers": []},
    ]
    facts = of_publishing(publishers=publishers, imprints=["TBC", "Knopf"])
    assert (facts["publisher"], facts["imprint"]) == ("Random House", "Knopf")
    assert of_publishing(publishers=publishers[:1])["publisher"] == "Co-publisher"
