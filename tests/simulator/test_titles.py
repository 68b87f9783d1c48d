from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from stdnum import isbn, isni

from bindery.onix.validation import schema_file
from tests.simulator import SUPPLIERS, Dialect, Entry, Header, Title, make_title, message
from tests.simulator.sheet import COLUMNS
from tests.simulator.titles import Rights

HEADER = Header("Northwind", datetime(2026, 3, 1, 6, tzinfo=UTC), 7)
NORTHWIND = SUPPLIERS["northwind"].house
TITLES = [make_title(11, NORTHWIND, index) for index in range(400)]
BEFORE_2_1_STOPPED = re.compile(rb"<(SalesRestriction|salesrestriction)>.*?</\1>\n", re.S)


def written(dialect: Dialect, titles: list[Title]) -> bytes:
    return b"".join(message(dialect, HEADER, map(Entry, titles)))


def problems(release: str, content: bytes, *, short: bool = False) -> list[str]:
    """What EDItEUR's schema says of a whole message."""
    judge = etree.XMLSchema(etree.parse(schema_file(release, short=short)))
    if judge.validate(etree.fromstring(content)):
        return []
    return str(judge.error_log).splitlines()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    first = written("onix_3.0", [make_title(3, NORTHWIND, index) for index in range(20)])
    again = written("onix_3.0", [make_title(3, NORTHWIND, index) for index in range(20)])
    other = written("onix_3.0", [make_title(4, NORTHWIND, index) for index in range(20)])
    assert first == again
    assert first != other


def test_a_title_does_not_depend_on_the_titles_made_before_it() -> None:
    assert make_title(11, NORTHWIND, 399) == TITLES[399]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), index=st.integers(0, 4_999_999), name=st.sampled_from(sorted(SUPPLIERS)))
def test_any_title_of_any_seed_can_be_written_in_every_dialect(seed: int, index: int, name: str) -> None:
    title = make_title(seed, SUPPLIERS[name].house, index)
    assert isbn.is_valid(title.isbn)
    assert isbn.is_valid(title.print_isbn)
    long, short = (etree.fromstring(written(dialect, [title])) for dialect in ("onix_3.0", "onix_3.1_short"))
    assert [node.text for node in long[1].iter()] == [node.text for node in short[1].iter()]
    assert etree.fromstring(written("onix_2.1", [title]).replace(b"&ndash;", b"-")).tag == "ONIXMessage"
    if name == "papyrus":
        assert len(written("csv", [title]).splitlines()) == 2


@pytest.mark.parametrize("release", ["3.0", "3.1"])
@pytest.mark.parametrize("short", [False, True])
def test_3_0_and_3_1_are_valid_in_either_style(release: str, short: bool) -> None:  # noqa: FBT001 - a case
    dialect: Dialect = f"onix_{release}{'_short' if short else ''}"  # type: ignore[assignment]  # one of them
    assert problems(release, written(dialect, TITLES), short=short) == []
    entries = [
        Entry(TITLES[0], "05"),
        Entry(TITLES[1], "04", ("supply",)),
        Entry(TITLES[2], "88"),
        Entry(TITLES[3], "89"),
    ]
    assert problems(release, b"".join(message(dialect, HEADER, entries)), short=short) == []
    assert problems(release, b"".join(message(dialect, HEADER, [])), short=short) == []


@pytest.mark.parametrize(
    ("dialect", "root", "style"),
    [("onix_2.1", b"ONIXMessage", b"reference"), ("onix_2.1_short", b"ONIXmessage", b"short")],
)
def test_2_1_is_valid_once_its_entities_and_namespace_are_there(dialect: Dialect, root: bytes, style: bytes) -> None:
    content = written(dialect, TITLES)
    assert b"&ndash;" in content
    assert b"<!DOCTYPE %b SYSTEM" % root in content
    assert b"xmlns" not in content
    content = content.replace(b"&ndash;", b"-")
    content = content.replace(b"<%b>" % root, b'<%b xmlns="http://www.editeur.org/onix/2.1/%b">' % (root, style))
    # Sales restriction 12 is younger than the last code lists for 2.1; senders use it all the same.
    content = BEFORE_2_1_STOPPED.sub(b"", content)
    assert problems("2.1", content, short=style == b"short") == []


def test_identifiers_hold_and_are_the_suppliers_own() -> None:
    numbers = [title.isbn for title in TITLES]
    assert all(isbn.is_valid(number) for number in numbers)
    assert all(number.startswith("97819") for number in numbers)
    assert len(set(numbers)) == len(TITLES)
    people = [person for title in TITLES for person in title.contributors if person.isni]
    assert len(people) > 100
    assert all(isni.is_valid(person.isni) for person in people)


def test_every_title_is_narrated_some_by_synthesised_voices() -> None:
    narrators = [[who for who in title.contributors if who.role in {"E07", "E03"}] for title in TITLES]
    assert all(narrators)
    voices = {who.unnamed for those in narrators for who in those}
    assert {"05", "06", "07", "08", "09"} <= voices
    assert all(2 <= len(title.contributors) <= 5 for title in TITLES)


def test_the_catalogue_has_the_trades_variety() -> None:
    assert {title.form for title in TITLES} >= {"AJ", "AC", "AE", "AN", "AO"}
    assert any(not title.is_audio for title in TITLES)
    assert {title.edition for title in TITLES} == {"UBR", "ABR"}
    assert {title.duration_unit for title in TITLES} == {"05", "15", "16"}
    assert len({title.language for title in TITLES}) >= 8
    assert any(len(title.rights.included) > 90 for title in TITLES)
    assert any(title.rights.excluded for title in TITLES)
    assert any(title.chapters for title in TITLES)
    assert {"30", "31"} & {title.embargo_role for title in TITLES}


def test_a_record_weighs_what_records_weigh() -> None:
    each = len(written("onix_3.0", TITLES)) / len(TITLES)
    assert 6_000 < each < 12_000


def test_a_sheet_has_exactly_the_agreed_columns_in_cp1252() -> None:
    titles = [make_title(11, SUPPLIERS["papyrus"].house, index) for index in range(60)]
    text = written("csv", titles).decode("cp1252")
    assert text.splitlines()[0] == (
        "ISBN;Record ID;Title;Subtitle;Authors;Narrators;Language;Publisher;Imprint;Series;Number in series;"
        "Description;Subjects (BISAC);Abridged;Duration;Publication date;Status;Availability;Price USD;Price EUR;"
        "Price GBP;Territories included;Territories excluded;Cover URL"
    )
    assert len(COLUMNS) == 24
    assert re.search(r";\d+ hrs and \d+ mins;\d{4}-\d\d-\d\d;(active|forthcoming);(available|not yet available);", text)


@pytest.mark.parametrize(
    ("rights", "sold", "not_sold"),
    [
        (Rights(), {"DE", "US"}, set()),
        (Rights(excluded=("US", "CA")), {"DE"}, {"US", "CA"}),
        (Rights(included=("SE", "NO"), rest="03"), {"SE", "NO"}, {"US"}),
        (Rights(included=("SE", "NO"), rest="02"), {"SE", "US"}, set()),
        (Rights(included=("SE", "NO"), rest="00"), {"SE"}, {"US"}),
        (Rights(contradicted=("DE",)), {"US"}, {"DE"}),
        (Rights(included=("IE", "UK")), {"IE"}, {"UK", "GB"}),
        (Rights(included=("ROW",)), set(), {"DE", "ROW"}),
    ],
)
def test_countries_follow_the_rules_of_sales_rights(rights: Rights, sold: set[str], not_sold: set[str]) -> None:
    assert sold <= set(rights.countries())
    assert not not_sold & set(rights.countries())
