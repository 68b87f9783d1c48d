from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from tests.simulator import History, Truth, write_suppliers
from tests.simulator.__main__ import main

PARSER = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)


@pytest.fixture(scope="module")
def history() -> History:
    return History(seed=5, days=3, titles=860, faults=0.05)


@pytest.fixture(scope="module")
def files(history: History) -> dict[str, bytes]:
    return {f"{one.supplier}/{one.day}/{one.name}": b"".join(one.chunks()) for one in history.messages()}


def products(content: bytes) -> list[etree._Element]:
    return etree.fromstring(content, PARSER).findall("{*}Product")


def said(product: etree._Element, name: str) -> str:
    return product.findtext(f".//{{*}}{name}") or ""


def truth(history: History, day: int, supplier: str) -> dict[str, Truth]:
    return {row.record: row for row in history.truth(day) if row.supplier == supplier}


def test_the_same_seed_writes_the_same_files(files: dict[str, bytes]) -> None:
    again = History(seed=5, days=3, titles=860, faults=0.05)
    assert {f"{one.supplier}/{one.day}/{one.name}": b"".join(one.chunks()) for one in again.messages()} == files


def test_each_supplier_sends_a_full_then_deltas_under_names_that_say_so(files: dict[str, bytes]) -> None:
    assert "northwind/2026-03-01/northwind_full_20260301.xml" in files
    assert "northwind/2026-03-02/northwind_delta_20260302_01.xml" in files
    assert "lindqvist/2026-03-02/lindqvist_delta_20260302_01.xml.gz" in files
    assert "harbour/2026-03-03/harbour_delta_20260303_01.xml" in files
    assert [name for name in files if name.startswith("papyrus")] == [
        "papyrus/2026-03-01/papyrus_20260301.csv",
        "papyrus/2026-03-02/papyrus_20260302.csv",
        "papyrus/2026-03-03/papyrus_20260303.csv",
    ]


def test_the_demo_has_so_many_titles_and_one_feed_day_that_fails(history: History) -> None:
    first = [row.supplier for row in history.truth(0)]
    assert {name: first.count(name) for name in set(first)} == {
        "northwind": 400,
        "lindqvist": 250,
        "harbour": 150,
        "papyrus": 60,
    }
    refused = {(note["supplier"], note["day"]) for note in history.manifest() if note["expected"] == "refused"}
    assert refused == {("harbour", "2026-03-02")}


def test_without_faults_every_message_is_whole_and_nothing_is_quarantined() -> None:
    clean = History(seed=5, days=3, titles=200, faults=0)
    for file in clean.messages():
        content = b"".join(file.chunks())
        if file.name.endswith(".xml"):
            etree.fromstring(content.replace(b"&ndash;", b"-"))
    assert {row.fault for row in clean.truth(2)} == {None}
    assert {note["kind"] for note in clean.manifest()} == {"gzip", "repeated_file", "late_message", "repeated_message"}


def test_the_truth_of_the_last_day_is_what_the_newest_messages_say() -> None:
    clean = History(seed=9, days=3, titles=400, faults=0)
    told: dict[str, tuple[str, str, str]] = {}  # state, form, price
    newest: dict[str, str] = {}
    for file in clean.messages():
        if file.supplier != "northwind":
            continue
        root = etree.fromstring(b"".join(file.chunks()))
        sent = root.findtext("{*}Header/{*}SentDateTime") or ""
        for product in root.findall("{*}Product"):
            record, kind = said(product, "RecordReference"), said(product, "NotificationType")
            if kind in {"88", "89"} or sent < newest.get(record, ""):
                continue
            newest[record] = sent
            state = {"11": "withdrawn", "17": "withdrawn"}.get(said(product, "PublishingStatus"), "present")
            before = told.get(record, ("", "", ""))
            price = said(product, "PriceAmount")
            told[record] = {
                "05": ("deleted", before[1], before[2]),
                "04": (before[0], before[1], price),
            }.get(kind, (state, product.findtext(".//{*}ProductForm") or "", price))
    expected = truth(clean, 2, "northwind")
    assert told.keys() == expected.keys()
    for record, (state, form, price) in told.items():
        row = expected[record]
        assert row.state == (state if form.startswith("A") else "out_of_scope"), record
        assert next(iter(row.prices.values()), "") == price, record


def test_every_kind_of_change_happens(history: History) -> None:
    before, after = truth(history, 0, "northwind"), truth(history, 1, "northwind")
    assert len(after) > len(before)
    both = [(before[record], after[record]) for record in before]
    assert any(old.prices != new.prices for old, new in both)
    assert any(old.countries != new.countries for old, new in both)
    assert any(old.title != new.title for old, new in both)
    assert {new.state for _, new in both} == {"present", "withdrawn", "deleted", "quarantined", "out_of_scope"}


def test_deltas_hold_deletes_block_updates_and_test_records(files: dict[str, bytes]) -> None:
    delta = products(files["northwind/2026-03-02/northwind_delta_20260302_01.xml"])
    assert {said(product, "NotificationType") for product in delta} == {"03", "04", "05", "88", "89"}
    block = next(product for product in delta if said(product, "NotificationType") == "04")
    assert [etree.QName(part).localname for part in block][-1] == "ProductSupply"
    assert block.find("{*}DescriptiveDetail") is None


def test_repeats_are_repeats(files: dict[str, bytes]) -> None:
    first = files["northwind/2026-03-02/northwind_delta_20260302_01.xml"]
    assert files["northwind/2026-03-02/northwind_delta_20260302_02.xml"] == first
    yesterday = gzip.decompress(files["lindqvist/2026-03-02/lindqvist_delta_20260302_01.xml.gz"])
    resent = files["lindqvist/2026-03-03/lindqvist_delta_20260303_01.xml"]
    assert resent != yesterday
    assert resent == yesterday.replace(b"<m181>1</m181>", b"<m181>2</m181>")


def test_a_late_message_is_older_and_partly_overtaken(history: History, files: dict[str, bytes]) -> None:
    late = etree.fromstring(files["northwind/2026-03-03/northwind_delta_20260303_09.xml"])
    overtaker = etree.fromstring(files["northwind/2026-03-02/northwind_delta_20260302_01.xml"], PARSER)
    assert late.findtext("{*}Header/{*}SentDateTime") == "20260302T000000Z"
    assert overtaker.findtext("{*}Header/{*}SentDateTime") == "20260302T010000Z"
    numbers = [int(root.findtext("{*}Header/{*}MessageNumber") or 0) for root in (late, overtaker)]
    assert numbers == [2, 3]
    newest = etree.fromstring(files["northwind/2026-03-03/northwind_delta_20260303_01.xml"], PARSER)
    newer = {
        said(product, "RecordReference"): said(product, "PriceAmount")
        for root in (overtaker, newest)
        for product in root.findall("{*}Product")
    }
    records = [said(product, "RecordReference") for product in late.findall("{*}Product")]
    assert any(record in newer for record in records)
    assert any(record not in newer for record in records)
    last = truth(history, 2, "northwind")
    for product in late.findall("{*}Product"):
        record = said(product, "RecordReference")
        stands = next(iter(last[record].prices.values()))
        assert stands == newer.get(record, said(product, "PriceAmount"))


def test_a_day_with_nothing_new_says_so(files: dict[str, bytes]) -> None:
    quiet = etree.fromstring(files["lindqvist/2026-03-03/lindqvist_delta_20260303_02.xml"])
    assert [etree.QName(part).localname for part in quiet] == ["header", "x507"]


def test_some_titles_come_from_publisher_and_distributor(history: History) -> None:
    publisher = {row.isbn13 for row in truth(history, 0, "northwind").values()}
    distributor = {row.isbn13 for row in truth(history, 0, "lindqvist").values()}
    assert len(publisher & distributor) > 50
    assert distributor - publisher


def test_a_sheet_says_withdrawn_in_its_own_words(history: History, files: dict[str, bytes]) -> None:
    text = files["papyrus/2026-03-03/papyrus_20260303.csv"].decode("cp1252")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    withdrawn = {row["Record ID"] for row in rows if row["Status"] == "withdrawn"}
    assert withdrawn == {row.record for row in truth(history, 2, "papyrus").values() if row.state == "withdrawn"}
    assert withdrawn


def test_the_truth_of_a_sheet_is_what_its_cells_say(history: History, files: dict[str, bytes]) -> None:
    text = files["papyrus/2026-03-03/papyrus_20260303.csv"].decode("cp1252")
    rows = {row["Record ID"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    for record, expected in truth(history, 2, "papyrus").items():
        if expected.fault:
            continue
        cells = rows[record]
        assert cells["Title"] == expected.title
        assert {code: cells[f"Price {code}"] for code in ("USD", "EUR", "GBP")} == expected.prices
        if cells["Territories included"] == "WORLD":
            assert not set(cells["Territories excluded"].split()) & set(expected.countries)
            assert len(expected.countries) > 200
        else:
            assert tuple(cells["Territories included"].split()) == expected.countries


def test_the_truth_tells_titles_as_they_are_read(history: History) -> None:
    titles = [row.title for day in range(3) for row in history.truth(day)]
    assert not [title for title in titles if "\ue000" in title]
    assert any(title.endswith(" – Part One") for title in titles)


def test_folders_lie_as_the_demo_expects_them(tmp_path: Path) -> None:
    manifest = write_suppliers(tmp_path / "out", titles=120, days=2, first_day=date(2026, 3, 1))
    assert manifest == tmp_path / "out" / "faults.json"
    for note in json.loads(manifest.read_text()):
        assert (tmp_path / "out" / note["file"]).exists()
    assert (tmp_path / "out" / "harbour" / "2026-03-02" / "harbour_delta_20260302_01.xml").stat().st_size > 5000
    states = [json.loads(line)["state"] for line in (tmp_path / "out" / "truth.jsonl").open()]
    assert "withdrawn" in states
    assert not list(tmp_path.rglob("*.writing"))


def test_the_command_line_writes_a_message_of_the_size_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "big.xml"
    assert main(["message", "--titles", "25", "--dialect", "onix_3.1_short", "-o", str(target)]) == 0
    assert len(etree.parse(target).getroot().findall("{*}product")) == 25


def test_the_command_line_refuses_a_share_above_one(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["write", "--folder", str(tmp_path), "--faults", "2"])
