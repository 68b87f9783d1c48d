from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bindery.catalogue.content import content_hashes
from bindery.catalogue.record_schema import RECORDS_SCHEMA
from bindery.claims import ReadMessage, Receipt, RefusedMessage
from bindery.errors import ConfigurationError, RefusedError
from bindery.feeds.declaration import Feed
from bindery.home import Home
from bindery.steps.read import FINDINGS_SCHEMA, read
from tests.onix.reading import MESSAGES, message, product

DAY = dt.date(2026, 3, 2)


def _feed(**changes: Any) -> Feed:
    base = {
        "name": "nordlicht",
        "supplier": "nordlicht",
        "title": "Nordlicht",
        "owner": "ops",
        "transport": {"kind": "folder", "path": "x"},
    }
    return Feed.model_validate(base | changes)


def _receive(home: Home, data: bytes, name: str = "2026-03-02/delta.xml") -> Receipt:
    sha256 = hashlib.sha256(data).hexdigest()
    path = home.archive / sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Receipt(
        supplier="nordlicht",
        feed="nordlicht",
        feed_day=DAY,
        name=name,
        message_id=sha256,
        path=str(path.relative_to(home.root)),
        size=len(data),
    )


def _rows(home: Home, claim: ReadMessage, name: str = "records.parquet") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(home.root / claim.work / name).to_pylist()
    return rows


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_message_becomes_a_table_of_records(home: Home) -> None:
    claim = read(_receive(home, (MESSAGES / "ref_30.xml").read_bytes()), _feed(), home=home)
    assert claim.ordering_key == "2026-03-01T08:30:00Z|000000000042|002"
    assert (claim.format, claim.release, claim.tags, claim.scope) == ("onix", "3.0", "reference", "delta")
    assert (claim.received, claim.unreadable, claim.not_audio, claim.test) == (3, 0, 0, 0)
    folder = home.root / claim.work
    assert sorted(path.name for path in folder.iterdir()) == ["read_findings.parquet", "records.parquet"]
    assert pq.read_schema(folder / "records.parquet").equals(RECORDS_SCHEMA)
    assert pq.read_schema(folder / "read_findings.parquet").equals(FINDINGS_SCHEMA)
    first, deleted, update = _rows(home, claim)
    assert (first["isbn13"], first["title"], first["duration_seconds"]) == ("9783161484100", "Das Leuchtfeuer", 41400)
    assert (first["narration_type"], first["readable"], first["scope"]) == ("voice_replica", True, "in")
    assert (deleted["kind"], update["touches"]) == ("delete", ["collateral", "publishing"])
    assert update["publishing_withdrawal"] == "publishing_status:11"


def test_reading_again_gives_the_same_bytes(home: Home) -> None:
    receipt = _receive(home, (MESSAGES / "ref_30.xml").read_bytes())
    claim = read(receipt, _feed(), home=home)
    path = home.root / claim.work / "records.parquet"
    before = path.read_bytes()
    assert read(receipt, _feed(), home=home) == claim
    assert path.read_bytes() == before


def test_content_hash_says_what_a_record_says_and_not_where_it_was(home: Home) -> None:
    data = message(product("a"), product("b"), " ", product("a")).encode()
    first, other, again = _rows(home, read(_receive(home, data), _feed(), home=home))
    assert first["content_hash"] == again["content_hash"] != other["content_hash"]
    assert first["source"] != again["source"]


def test_content_hash_can_be_made_again_from_the_table(home: Home) -> None:
    for name in ("ref_30.xml", "ref_21.xml", "short_31.xml"):
        claim = read(_receive(home, (MESSAGES / name).read_bytes()), _feed(), home=home)
        stored = pq.read_table(home.root / claim.work / "records.parquet")
        assert content_hashes(stored).to_pylist() == stored["content_hash"].to_pylist()


def test_scopes(home: Home) -> None:
    paper = product("paper").replace(">AJ<", ">BC<")
    test = product("test").replace("<NotificationType>03", "<NotificationType>89")
    receipt = _receive(home, message(product("a"), paper, test).encode())
    claim = read(receipt, _feed(), home=home)
    assert [row["scope"] for row in _rows(home, claim)] == ["in", "not_audio", "test"]
    assert (claim.received, claim.not_audio, claim.test) == (3, 1, 1)
    in_test = read(receipt, _feed(test_records=True), home=home)
    assert [row["scope"] for row in _rows(home, in_test)] == ["in", "not_audio", "in"]


def test_a_feed_may_name_the_encoding(home: Home) -> None:
    statement = "<ContributorStatement>Mel\N{INVERTED EXCLAMATION MARK}</ContributorStatement>"
    receipt = _receive(home, message(product("a", statement)).encode("iso-8859-1"))
    read(receipt, _feed(), home=home)
    claim = read(receipt, _feed(encoding="iso-8859-1"), home=home)
    assert _rows(home, claim, "read_findings.parquet") == []
    assert _rows(home, claim)[0]["descriptive"]["contributor_statement"] == "Mel¡"
    strict = read(receipt, _feed(encoding="utf-8"), home=home)
    assert strict.unreadable == 1
    with pytest.raises(ConfigurationError, match="no encoding 'klingon'"):
        read(receipt, _feed(encoding="klingon"), home=home)


def test_an_unreadable_record_is_a_row_with_its_reason(home: Home) -> None:
    data = message(product("a"), product("b", "\x10"), product("c")).encode()
    claim = read(_receive(home, data), _feed(), home=home)
    bad = _rows(home, claim)[1]
    assert (bad["readable"], bad["record_reference"], bad["content_hash"], bad["position"]) == (False, "b", None, 1)
    (finding,) = _rows(home, claim, "read_findings.parquet")
    assert (finding["rule"], finding["severity"], finding["position"]) == ("F1", "block", 1)
    assert claim.unreadable == 1


def test_an_unknown_code_at_the_end_of_a_large_message_is_found(home: Home) -> None:
    records = [product(f"r{number}") for number in range(4_000)]
    bad = product("bad", "<EditionType>ZZZ</EditionType>")
    data = message(*records, bad).encode()
    assert len(data) > 1_000_000
    claim = read(_receive(home, data), _feed(), home=home)
    (finding,) = _rows(home, claim, "read_findings.parquet")
    assert (finding["rule"], finding["severity"], finding["position"]) == ("W5", "warn", 4_000)
    assert (finding["record_reference"], finding["line"]) == ("bad", 4_003)
    assert data[finding["byte_start"] :].startswith(b"<Product><RecordReference>bad")
    assert finding["text"] == "EditionType is 'ZZZ', which is not in List 21 of issue 73."


def test_a_feed_says_which_issue_judges_its_codes(home: Home) -> None:
    receipt = _receive(home, message(product("a", "<EditionType>AVS</EditionType>")).encode())
    assert _rows(home, read(receipt, _feed(), home=home), "read_findings.parquet") == []
    (finding,) = _rows(home, read(receipt, _feed(codelists=68), home=home), "read_findings.parquet")
    assert "newer than issue 68 of List 21: issue 71 has it" in finding["text"]


@pytest.mark.parametrize(("validate", "severity"), [(True, "warn"), ("block", "block")])
def test_a_feed_has_its_records_validated_and_says_what_that_weighs(
    home: Home, validate: object, severity: str
) -> None:
    receipt = _receive(home, message(product("a")).encode())
    assert _rows(home, read(receipt, _feed(), home=home), "read_findings.parquet") == []
    claim = read(receipt, _feed(validate=validate), home=home)
    (finding,) = _rows(home, claim, "read_findings.parquet")
    assert (finding["rule"], finding["severity"], finding["position"]) == ("R4", severity, 0)
    assert finding["path"] == "Product/DescriptiveDetail/ProductForm"
    assert "ProductComposition" in finding["text"], "the schema asks for it before ProductForm"


@pytest.mark.parametrize(
    ("data", "rule", "word"),
    [
        (message(product("a")).encode()[:-5], "F1", "incomplete upload"),
        (b"", "F1", "empty"),
        (b'{"a": 1}', "F5", "JSON"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + "Workbook\0\0".encode("utf-16-le"),
            "F5",
            "XLS (BIFF)",
        ),
        (b"\x89PNG\r\n\x1a\n", "F5", "PNG"),
        (message(product("a"), head='<!DOCTYPE x [<!ENTITY a "b">]>').encode(), "F3", "entity"),
        (gzip.compress(message(product("a")).encode())[:-9], "F1", "incomplete upload"),
    ],
)
def test_a_refused_message_leaves_nothing_but_its_reason(home: Home, data: bytes, rule: str, word: str) -> None:
    receipt = _receive(home, data)
    with pytest.raises(RefusedError) as caught:
        read(receipt, _feed(), home=home)
    assert caught.value.rule == rule
    folder = home.work("nordlicht", receipt.message_id)
    assert [path.name for path in folder.iterdir()] == ["refused.json"]
    refused = RefusedMessage.model_validate_json((folder / "refused.json").read_text("utf-8"))
    assert (refused.rule, refused.receipt) == (rule, receipt)
    assert word in refused.reason
    assert receipt.name in refused.reason
    assert refused.fix


def test_a_message_refused_late_leaves_nothing_behind(home: Home) -> None:
    late = product("z", '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="x"/>')
    receipt = _receive(home, message(*(product(str(n)) for n in range(1_200)), late).encode())
    with pytest.raises(RefusedError):
        read(receipt, _feed(), home=home)
    assert [path.name for path in home.work("nordlicht", receipt.message_id).iterdir()] == ["refused.json"]


@pytest.mark.parametrize(
    ("scope", "name", "expected"),
    [
        ("full", "x.xml", "full"),
        ({"full": "full_*", "delta": "delta_*"}, "2026-03-02/full_1.xml", "full"),
        ({"full": "full_*", "delta": "delta_*"}, "2026-03-02/delta_1.xml", "delta"),
        ({"full": "full_*"}, "2026-03-02/other.xml", "delta"),
    ],
)
def test_full_or_delta_is_the_feeds_to_say(home: Home, scope: Any, name: str, expected: str) -> None:
    receipt = _receive(home, message(product("a")).encode(), name)
    assert read(receipt, _feed(scope=scope), home=home).scope == expected


def test_without_a_sent_date_the_feed_day_orders(home: Home) -> None:
    data = f"<ONIXMessage>{product('a')}</ONIXMessage>".encode()
    claim = read(_receive(home, data), _feed(), home=home)
    assert claim.ordering_key == "2026-03-02T00:00:00Z|000000000000|001"
    assert [row["rule"] for row in _rows(home, claim, "read_findings.parquet")] == ["F7"]


def test_a_packed_message_is_read(home: Home) -> None:
    claim = read(_receive(home, gzip.compress(message(product("a")).encode())), _feed(), home=home)
    assert claim.received == 1


def test_no_product_is_read_as_nothing_changed(home: Home) -> None:
    claim = read(_receive(home, message("<NoProduct/>").encode()), _feed(), home=home)
    assert (claim.no_product, claim.received, _rows(home, claim)) == (True, 0, [])


def test_a_sheet_is_read_by_its_mapping(home: Home) -> None:
    data = b"ISBN,Record ID,Title,Price USD\n9783161484100,r-1,T,9.99\n"
    feed = _feed(format="spreadsheet", mapping="house_sheet")
    claim = read(_receive(home, data), feed, home=home)
    (row,) = _rows(home, claim)
    assert (row["isbn13"], row["record_reference"], row["price_amount"]) == ("9783161484100", "r-1", Decimal("9.99"))
    assert (claim.format, claim.encoding, claim.release) == ("spreadsheet", "utf-8", None)
    with pytest.raises(ConfigurationError):
        read(_receive(home, data), _feed(format="spreadsheet", mapping="none_such"), home=home)


def test_json_is_read_by_its_mapping_or_as_what_it_shows(home: Home) -> None:
    book = {"metadata": {"@type": "http://schema.org/Audiobook", "identifier": "urn:isbn:9783161484100", "title": "T"}}
    data = json.dumps({"metadata": {"modified": "2026-03-01T08:30:00Z"}, "publications": [book, book | {"x": [1]}, 7]})
    for mapping in (None, "opds_2"):
        claim = read(_receive(home, data.encode()), _feed(format="json", mapping=mapping), home=home)
        rows = _rows(home, claim)
        assert [row["isbn13"] for row in rows] == ["9783161484100", "9783161484100", None]
        assert [row["readable"] for row in rows] == [True, True, False]
        assert rows[1]["unmapped"] == [{"path": "x[*]", "count": 1}]
        assert data[rows[2]["source"]["byte_start"] : rows[2]["source"]["byte_end"]] == "7"
        assert (claim.format, claim.received, claim.unreadable) == ("json", 3, 1)
        assert claim.sent_at == dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)
    for wrong in ("none_such", "house_sheet"):
        with pytest.raises(ConfigurationError):
            read(_receive(home, data.encode()), _feed(format="json", mapping=wrong), home=home)


def test_a_json_message_that_breaks_off_leaves_nothing_but_its_reason(home: Home) -> None:
    receipt = _receive(home, b'{"publications": [{"metadata": {"title": "T"}}, {"metadata": ')
    with pytest.raises(RefusedError, match="no whole JSON"):
        read(receipt, _feed(format="json"), home=home)
    assert [path.name for path in home.work("nordlicht", receipt.message_id).iterdir()] == ["refused.json"]


def test_a_claim_survives_its_journey(home: Home) -> None:
    claim = read(_receive(home, message(product("a")).encode()), _feed(), home=home)
    assert ReadMessage.model_validate(json.loads(claim.model_dump_json())) == claim
