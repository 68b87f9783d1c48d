"""What a person decided wins until it is released or expires, whatever feeds send (FEATURES M3, RFC 0005)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bindery.catalogue import laws
from bindery.catalogue.fingerprint import fingerprint
from bindery.catalogue.merging import Run
from bindery.catalogue.record import Record
from bindery.catalogue.record_schema import RECORDS_SCHEMA
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.steps import merge, stage
from bindery.steps.override import Override, list_overrides, release_override, set_override
from bindery.warehouse import Warehouse, duckdb
from tests.catalogue.feeding import DAY, ISBN_A, Sent, feed_of, gated, message, one_warehouse
from tests.catalogue.test_overriding import contributor, descriptive, element, market, price, publishing, right, supply
from tests.catalogue.test_overriding_any_record import version_of
from tests.trade.builders import record

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def warehouse(home: Home) -> Iterator[duckdb.DuckDBWarehouse]:
    with one_for_people_too(home) as opened:
        yield opened


@contextmanager
def one_for_people_too(home: Home) -> Iterator[duckdb.DuckDBWarehouse]:
    """One warehouse in memory for every step, those that people take included."""
    with one_warehouse(home) as warehouse:

        @contextmanager
        def opened(_home: Home) -> Iterator[Warehouse]:
            yield warehouse

        with (
            mock.patch("bindery.steps.override.open_writer", opened),
            mock.patch("bindery.steps.override.open_snapshot", opened),
        ):
            yield warehouse


def stated(title: str = "Persuasions", subtitle: str | None = "A Noval", amount: str = "12.50", **more: Any) -> Record:
    """A record as a supplier sends it."""
    elements = [element("01", title, subtitle=subtitle)]
    people = [contributor("A01", "Jane Austen"), contributor("E07", "Juliet Stevenson")]
    parts: dict[str, Any] = {
        "identifiers": [{"type": "15", "type_name": None, "value": ISBN_A}],
        "descriptive": descriptive(
            product_form="AJ", titles=[{"type": "01", "elements": elements}], contributors=people
        ),
        "publishing": publishing(right("01", inc="GB IE US"), row="03", status="04"),
        "supply": [market(supply("20", price(amount, "GBP")))],
    }
    return record(**(parts | more))


def send(home: Home, supplier: str, key: str, made: Record, *, precedence: int = 10) -> None:
    """Stage a message with one record, as reading and judging leave it."""
    sent = message(supplier, key, Sent())
    claim = gated(sent, home)
    (row,) = version_of(made).to_pylist()
    row |= {"position": 0, "readable": True, "is_known": False, "scope": "in", "bytes_hash": key.encode()}
    row |= {"unmapped": [], "source": {"byte_start": 0, "byte_end": 99, "line": 1}}
    path = home.work(sent.supplier, sent.message_id) / "records.parquet"
    pq.write_table(pa.Table.from_pylist([row], schema=RECORDS_SCHEMA), path)
    stage.stage(claim, feed_of(supplier, precedence), home=home)


def merged(home: Home, day: date = DAY) -> None:
    run = Run(day=day, at=datetime(2026, 3, 1, 6, tzinfo=UTC), name="test")
    for step in merge.STEPS:
        step(home, run)
    merge.verify(home)


def decide(home: Home, field: str, value: str | None, *, reason: str = "the book says so", **more: Any) -> Override:
    return set_override(home, ISBN_A, field, value, owner="ann", reason=reason, now=more.pop("now", NOW), **more)


def release(home: Home, override_id: str) -> Override:
    return release_override(home, override_id, owner="bob", reason="the feed is right", now=NOW + timedelta(days=1))


def edition(warehouse: duckdb.DuckDBWarehouse) -> dict[str, Any]:
    (row,) = warehouse.read("editions").to_pylist()
    return dict(row)


def shown(warehouse: duckdb.DuckDBWarehouse, block: str = "descriptive") -> dict[str, Any]:
    """What the title says: the facts of the version its edition points at."""
    pointer = edition(warehouse)[f"{block}_version"]
    (row,) = warehouse.run("catalogue/versions_by_hash", hashes=[pointer]).to_pylist()
    return dict(row)


def offered(warehouse: duckdb.DuckDBWarehouse, model: str = "sale") -> tuple[str, str | None, list[str]]:
    sets = {row["territory_set_id"]: row["countries"] for row in warehouse.read("territory_sets").to_pylist()}
    (row,) = [row for row in warehouse.read("offers").to_pylist() if row["model"] == model]
    return row["state"], row["reason"], sets.get(row["territory_set_id"], [])


def contradicting(number: int) -> tuple[str, str, Record]:
    """Message ``number`` of a hundred: three suppliers who say something else each time, or nothing at all."""
    supplier = ("alpha", "beta", "gamma")[number % 3]
    said = stated(f"Title {number}", None if number % 7 == 0 else f"Subtitle {number}", f"{number + 1}.99")
    if number % 11 == 0:
        said["descriptive"] = None
    return supplier, f"{number:03d}", said


@pytest.mark.slow
def test_a_value_and_an_empty_one_survive_a_hundred_contradicting_messages(home: Home, tmp_path: Path) -> None:
    order = list(range(1, 101))
    random.Random(5).shuffle(order)  # noqa: S311  # late messages, the same each time
    with one_for_people_too(home) as warehouse:
        send(home, "alpha", "000", stated())
        merged(home)
        title = decide(home, "title", "Persuasion")
        subtitle = decide(home, "subtitle", None)
        cost = decide(home, "price", "9.99 GBP")
        for start in range(0, len(order), 4):
            for number in order[start : start + 4]:
                send(home, *contradicting(number))
            merged(home)
            facts, supplied = shown(warehouse), shown(warehouse, "supply")
            assert (facts["title"], facts["subtitle"]) == ("Persuasion", None)
            assert f"{supplied['price_amount'].normalize()} {supplied['price_currency']}" == "9.99 GBP"
        # Of three suppliers of one rank alpha goes first, whose newest message, 99, has no descriptive block.
        says = {one.field: one.feed_says for one in list_overrides(home)}
        assert says == {"title": "Title 100", "subtitle": "Subtitle 100", "price": "100.99 GBP"}
        for one in (title, subtitle, cost):
            release(home, one.override_id)
        merged(home)
        laws.verify_everything(warehouse)
        released = fingerprint(warehouse)
    plain = Home(tmp_path / "plain")
    with one_for_people_too(plain) as never:
        send(plain, "alpha", "000", stated())
        for number in range(1, 101):
            send(plain, *contradicting(number))
        merged(plain)
        assert fingerprint(never) == released


@pytest.mark.slow
def test_the_order_of_messages_and_decisions_makes_no_difference(tmp_path: Path) -> None:
    """Law 1: the catalogue is a function of messages, overrides and the day."""
    found = set()
    for order in ("1d23m", "m321dm", "d1m2m3m", "1m2md3m1m"):
        home = Home(tmp_path / order)
        with one_for_people_too(home) as warehouse:
            for what in order:
                if what == "m":
                    merged(home)
                elif what == "d":
                    decide(home, "title", "Persuasion")
                    decide(home, "price", "9.99 GBP")
                    decide(home, "sale_countries", "GB IE")
                else:
                    send(home, *contradicting(int(what)))
            found.add(fingerprint(warehouse))
    assert len(found) == 1


def test_the_page_shows_what_the_feed_says_now(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    send(home, "alpha", "1", stated())
    decide(home, "title", "Persuasion")
    decide(home, "subtitle", None)
    decide(home, "cover_link", "https://covers.example/1.jpg")
    decide(home, "price", "9.99 GBP")
    decide(home, "for_sale", "no")
    decide(home, "sale_countries", "gb")
    merged(home)
    send(home, "alpha", "2", stated("Persuasion, again", None, "13.00"))
    merged(home)
    found = {one.field: (one.value, one.feed_says) for one in list_overrides(home, "978-0-00-000001-9")}
    assert found == {
        "title": ("Persuasion", "Persuasion, again"),
        "subtitle": (None, None),
        "cover_link": ("https://covers.example/1.jpg", None),
        "price": ("9.99 GBP", "13 GBP"),
        "for_sale": ("no", "yes"),
        "sale_countries": ("GB", "GB IE US"),
    }
    assert shown(warehouse, "collateral")["cover_link"] == "https://covers.example/1.jpg"


def test_a_corrected_price_is_the_price_of_the_offer(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    send(home, "alpha", "1", stated())
    decide(home, "price", "9.99 GBP")
    decide(home, "publication_date", "2026-05-01")
    merged(home)
    told = warehouse.read("offers").to_pylist()
    assert {row["available_from"] for row in told} == {date(2026, 5, 1)}
    # A price of no qualifier is one for everybody who buys; a stream isn't bought (AUDIOBOOKS 1.10).
    amounts = {row["model"]: row["price_amount"] for row in told}
    assert amounts == {**dict.fromkeys(("sale", "credit", "library"), Decimal("9.99")), "subscription": None}


def test_a_person_takes_a_title_off_sale_and_no_feed_puts_it_back(
    home: Home, warehouse: duckdb.DuckDBWarehouse
) -> None:
    send(home, "alpha", "1", stated())
    merged(home)
    assert offered(warehouse)[0] == "offered"
    block = decide(home, "for_sale", "no", reason="claim 12")
    merged(home)
    send(home, "alpha", "2", stated("Persuasion"))
    merged(home)
    assert (edition(warehouse)["state"], edition(warehouse)["reason"]) == ("withdrawn", f"override:{block.override_id}")
    assert offered(warehouse)[:2] == ("not_offered", "withdrawn")
    release(home, block.override_id)
    merged(home)
    assert (edition(warehouse)["state"], offered(warehouse)[0]) == ("live", "offered")


def test_countries_are_only_ever_narrowed(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    send(home, "alpha", "1", stated())
    merged(home)
    assert offered(warehouse) == ("offered", None, ["GB", "IE", "US"])
    wide = decide(home, "sale_countries", "GB US DE")
    merged(home)
    assert offered(warehouse) == ("offered", None, ["GB", "US"])
    assert offered(warehouse, "subscription") == ("offered", None, ["GB", "IE", "US"])
    decide(home, "sale_countries", "DE")
    decide(home, "subscription_countries", None)
    merged(home)
    assert offered(warehouse) == ("not_offered", "no_country_allowed", [])
    assert offered(warehouse, "subscription") == ("not_offered", "no_country_allowed", [])
    for one in list_overrides(home):
        release(home, one.override_id)
    merged(home)
    assert offered(warehouse) == ("offered", None, ["GB", "IE", "US"])
    assert wide.override_id == "o-000001"


def test_a_limit_allows_nothing_where_no_supplier_states_rights(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    send(home, "alpha", "1", stated(publishing=None))
    decide(home, "sale_countries", "GB")
    merged(home)
    assert offered(warehouse) == ("not_offered", "no_rights", [])


def test_an_override_expires_on_its_day(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    send(home, "alpha", "1", stated())
    decide(home, "title", "Persuasion", expires_on=date(2026, 3, 8))
    merged(home, date(2026, 3, 1))
    merged(home, date(2026, 3, 7))
    assert shown(warehouse)["title"] == "Persuasion"
    merged(home, date(2026, 3, 8))
    assert shown(warehouse)["title"] == "Persuasions"
    merged(home, date(2026, 3, 2))
    assert shown(warehouse)["title"] == "Persuasions"
    assert [one.state for one in list_overrides(home)] == ["expired"]


def test_an_override_waits_for_a_title_that_is_not_there_yet(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    decide(home, "title", "Persuasion")
    merged(home)
    send(home, "alpha", "1", stated())
    merged(home)
    assert shown(warehouse)["title"] == "Persuasion"


def test_to_set_or_release_the_same_again_changes_nothing(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    first = decide(home, "title", "Persuasion")
    before = [warehouse.read(table).num_rows for table in ("overrides", "merge_queue")]
    assert decide(home, "title", " Persuasion ", now=NOW + timedelta(hours=1)) == first
    assert [warehouse.read(table).num_rows for table in ("overrides", "merge_queue")] == before == [1, 1]
    assert release(home, first.override_id) == release(home, first.override_id)
    assert warehouse.read("merge_queue").num_rows == 2


def test_a_newer_decision_takes_the_place_of_the_older_and_both_are_kept(
    home: Home, warehouse: duckdb.DuckDBWarehouse
) -> None:
    send(home, "alpha", "1", stated())
    decide(home, "title", "Persuasion")
    decide(home, "subtitle", None)
    later = decide(home, "title", "Persuasion: A Novel", now=NOW + timedelta(hours=1))
    merged(home)
    assert shown(warehouse)["title"] == "Persuasion: A Novel"
    found = [(one.override_id, one.state, one.released_by, one.release_reason) for one in list_overrides(home)]
    assert found == [
        ("o-000001", "released", "ann", "replaced by o-000003"),
        ("o-000002", "in_force", None, None),
        ("o-000003", "in_force", None, None),
    ]
    assert later.override_id == "o-000003"


def test_a_decision_is_what_its_title_was_queued_for(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    decide(home, "title", "Persuasion")
    (row,) = warehouse.read("merge_queue").to_pylist()
    assert row == {
        "step": "editions",
        "isbn13": ISBN_A,
        "edition_key": 9780000000019,
        "cause": "override",
        "supplier": None,
        "cause_id": "o-000001",
    }


@pytest.mark.parametrize(
    ("isbn", "said", "says"),
    [
        ("9780000000018", {}, "9780000000018 is no ISBN"),
        (ISBN_A, {"owner": " "}, "an override needs an owner"),
        (ISBN_A, {"reason": ""}, "an override needs a reason"),
        (ISBN_A, {"expires_on": date(2026, 3, 1)}, "2026-03-01 is past"),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(
    isbn: str, said: dict[str, Any], says: str, home: Home, warehouse: duckdb.DuckDBWarehouse
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        set_override(home, isbn, "title", "Persuasion", **({"owner": "ann", "reason": "so", "now": NOW} | said))
    assert warehouse.read("overrides").num_rows == 0


def test_only_what_was_decided_is_released(home: Home, warehouse: duckdb.DuckDBWarehouse) -> None:
    with pytest.raises(ConfigurationError, match="there is no override o-000009"):
        release(home, "o-000009")


def test_precedence_by_group_of_fields_and_day(
    home: Home, warehouse: duckdb.DuckDBWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rules(text: str) -> None:
        (tmp_path / "rules.yaml").write_text(f"rules: [{text}]", "utf-8")

    monkeypatch.setenv("BINDERY_PRECEDENCE", str(tmp_path / "rules.yaml"))
    rules("")
    send(home, "alpha", "1", stated("Of alpha"), precedence=10)
    send(home, "beta", "1", stated("Of beta"), precedence=20)

    def winners(day: date) -> tuple[str, str]:
        merged(home, day)
        row = edition(warehouse)
        return row["descriptive_supplier"], row["supply_supplier"]

    assert winners(date(2026, 3, 1)) == ("alpha", "alpha")
    rules("{field_group: descriptive, supplier: beta, rank: 1}")
    assert winners(date(2026, 3, 1)) == ("beta", "alpha")
    rules("{field_group: offer, supplier: beta, rank: 1, valid_from: 2026-03-05, valid_until: 2026-03-06}")
    assert winners(date(2026, 3, 4)) == ("alpha", "alpha")
    assert winners(date(2026, 3, 5)) == ("alpha", "beta")
    assert winners(date(2026, 3, 6)) == ("alpha", "beta")
    assert winners(date(2026, 3, 7)) == ("alpha", "alpha")
