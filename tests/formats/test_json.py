"""JSON, JSON Lines and lists of objects, read by a mapping."""

from __future__ import annotations

import json
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bindery.errors import RefusedError
from bindery.formats.json_message import JsonMessage, read_json
from bindery.formats.mapping import JsonMapping, load_json_mapping
from bindery.reading import ParsedRecord
from tests.catalogue.one_record import facts_of
from tests.formats.sheets import record

MAPPING = """
what: A list for tests
records: {records}
sent_at: sent
sender: from.name
fields:
  record_reference: id
  isbn: ids.isbn
  title: ["title", "title.main"]
  authors: "people[?@.role == 'author'].name"
  duration: length
  status: state
prices:
  - {{each: prices, at: amount, currency_at: currency, type: "02"}}
status: {{live: "04"}}
duration_unit: minutes
"""
BOOK = {
    "id": "b-1",
    "ids": {"isbn": 9783161484100},
    "title": {"main": "Lygten"},
    "people": [{"name": "Ann Ray", "role": "author"}, {"name": "Bo Li", "role": "translator"}],
    "length": 90,
    "state": "Live",
    "prices": [{"amount": 9.95, "currency": "eur"}, {"amount": "1,256.00", "currency": "INR"}],
    "note": None,
    "shelf": "",
}


def _mapping(tmp_path: Path, records: str = "$") -> JsonMapping:
    (tmp_path / "listing.yaml").write_text(MAPPING.format(records=json.dumps(records)), "utf-8")
    return load_json_mapping("listing", tmp_path)


def _read(tmp_path: Path, data: bytes | str, records: str = "$") -> tuple[JsonMessage, list[ParsedRecord]]:
    path = tmp_path / "message.json"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with read_json(path, _mapping(tmp_path, records)) as message:
        return message, list(message.records())


def _bytes(data: str, parsed: ParsedRecord) -> str:
    return data.encode()[parsed.source["byte_start"] : parsed.source["byte_end"]].decode()


def test_an_object_is_a_full_record(tmp_path: Path) -> None:
    message, (parsed,) = _read(tmp_path, json.dumps(BOOK))
    found = record(parsed)
    facts = facts_of(found)
    assert (found["record_reference"], found["notification_type"], facts["isbn13"]) == ("b-1", "03", "9783161484100")
    assert (facts["title"], facts["authors"], facts["duration_seconds"]) == ("Lygten", ["Ann Ray"], 5400)
    assert facts["publishing_status"] == "04"
    assert found["supply"] is not None
    prices = found["supply"][0]["supplies"][0]["prices"]
    assert [(one["amount"], one["currency"]) for one in prices] == [(Decimal("9.95"), "EUR"), (Decimal(1256), "INR")]
    assert (message.facts.format, message.facts.encoding, parsed.findings) == ("json", "utf-8", [])


def test_what_nobody_read_is_counted_by_path(tmp_path: Path) -> None:
    message, (parsed,) = _read(tmp_path, json.dumps({**BOOK, "awards": [{"name": "A"}, {"name": "B"}], "a.b": True}))
    unmapped = {"['a.b']": 1, "awards[*].name": 2, "people[*].name": 1, "people[*].role": 2}
    assert {one["path"]: one["count"] for one in record(parsed)["unmapped"]} == unmapped
    assert dict(message.counts.unmapped) == unmapped


def test_json_lines_have_their_own_bytes_and_a_broken_one_costs_itself(tmp_path: Path) -> None:
    lines = [json.dumps({**BOOK, "id": f"b-{number}"}) for number in range(4)]
    lines[1] = lines[1][:-7]
    lines[2] = "  " + lines[2].replace("Lygten", "Lygten – Ø")
    data = "\n".join((lines[0], "", lines[1], lines[2], '"no object"', lines[3]))
    _, parsed = _read(tmp_path, data)
    assert [one.record_reference for one in parsed] == ["b-0", None, "b-2", None, "b-3"]
    assert [_bytes(data, one) for one in parsed] == [lines[0], lines[1], lines[2].strip(), '"no object"', lines[3]]
    assert [one.source["line"] for one in parsed] == [1, 3, 4, 5, 6]
    assert [[finding["severity"] for finding in one.findings] for one in parsed] == [[], ["block"], [], ["block"], []]


@pytest.mark.parametrize("indent", [None, 2])
def test_items_of_a_list_have_their_own_bytes(tmp_path: Path, indent: int | None) -> None:
    books = [{**BOOK, "id": f"b-{number}", "title": 'a "}]" in \\ it'} for number in range(3)]
    data = json.dumps(books, indent=indent)
    _, parsed = _read(tmp_path, "\ufeff" + data)
    assert [json.loads(_bytes("\ufeff" + data, one)) for one in parsed] == books
    assert facts_of(record(parsed[2]))["title"] == 'a "}]" in \\ it'


def test_objects_one_after_another_are_records_each(tmp_path: Path) -> None:
    data = "\n".join(json.dumps({**BOOK, "id": f"b-{number}"}, indent=1) for number in range(3))
    _, parsed = _read(tmp_path, data)
    assert [one.record_reference for one in parsed] == ["b-0", "b-1", "b-2"]


def test_a_list_within_says_what_is_around_it(tmp_path: Path) -> None:
    body = {
        "sent": "2026-03-01T08:30:00Z",
        "groups": [{"items": [{**BOOK, "id": "a"}]}, {"label": "new", "items": []}, {"items": [{**BOOK, "id": "b"}]}],
        "from": {"name": "Ny Lyd"},
        "next": "page/2",
    }
    message, parsed = _read(tmp_path, json.dumps(body), "groups[*].items")
    assert [one.record_reference for one in parsed] == ["a", "b"]
    assert (message.facts.sender, str(message.facts.sent_at)) == ("Ny Lyd", "2026-03-01 08:30:00+00:00")
    assert message.counts.unmapped["next"] == 1
    assert message.counts.unmapped["groups[*].label"] == 1


def test_a_broken_item_that_closes_its_brackets_costs_itself(tmp_path: Path) -> None:
    data = f'[{json.dumps(BOOK)}, {{"id": "b-2", "title": nope}}, {json.dumps({**BOOK, "id": "b-3"})}]'
    _, parsed = _read(tmp_path, data)
    assert [one.record_reference for one in parsed] == ["b-1", None, "b-3"]
    assert "no JSON" in parsed[1].findings[0]["text"]


@pytest.mark.parametrize("kept", [-1, -2, -30, 2])
def test_a_list_that_breaks_off_is_refused(tmp_path: Path, kept: int) -> None:
    with pytest.raises(RefusedError, match="no whole JSON") as caught:
        _read(tmp_path, json.dumps([BOOK, BOOK], indent=1)[:kept])
    assert caught.value.rule == "F1"


@pytest.mark.parametrize("data", ['[{"id": 1]}', '[{"id": 1} {"id": 2}]', '[{"id": 1},]', '[{"id": "x}]'])
def test_brackets_that_do_not_fit_together_are_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(RefusedError, match=r"message.json is no whole JSON: .*line 1"):
        _read(tmp_path, data)


def test_another_message_is_refused_with_its_keys(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"nothing at groups\[\*\]\.items; its keys are error, status") as caught:
        _read(tmp_path, '{"status": 500, "error": "down"}', "groups[*].items")
    assert caught.value.rule == "F5"


def test_utf_16_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="UTF-16") as caught:
        _read(tmp_path, json.dumps(BOOK).encode("utf-16"))
    assert caught.value.rule == "F4"


def test_bytes_that_are_no_utf_8_cost_their_record(tmp_path: Path) -> None:
    data = json.dumps([BOOK, {**BOOK, "id": "b-2", "title": "Blaabaer"}]).encode().replace(b"aa", b"\xe5", 1)
    _, parsed = _read(tmp_path, data)
    assert [one.record is None for one in parsed] == [False, True]


def test_values_that_cannot_be_read_are_reported_with_their_path(tmp_path: Path) -> None:
    body = {**BOOK, "state": "soon", "length": "9:12", "prices": [{"amount": "about ten", "currency": "EUR"}]}
    _, (parsed,) = _read(tmp_path, json.dumps(body))
    assert [one["path"] for one in parsed.findings] == ["length", "state", "prices[*].amount"]
    assert all(one["rule"] == "W15" for one in parsed.findings)


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    prices = '[{"amount": 1e3, "currency": "EUR"}, {"amount": 1e-999999999, "currency": "EUR"}]'
    data = f'{{"id": 12345678901234567890123, "title": 1984, "length": 90.50000000000000001, "prices": {prices}}}'
    _, (parsed,) = _read(tmp_path, data)
    facts = facts_of(record(parsed))
    assert (parsed.record_reference, facts["title"]) == ("12345678901234567890123", "1984")
    assert (facts["duration_seconds"], facts["price_amount"]) == (5430, Decimal(1000))


@pytest.mark.parametrize("value", ["NaN", "1e999", '"\\ud800"', "Infinity", "01", "'x'"])
def test_what_only_some_call_json_costs_its_record(tmp_path: Path, value: str) -> None:
    _, parsed = _read(tmp_path, f'[{{"id": "a", "title": {value}}}, {{"id": "b", "title": "T"}}]')
    assert [one.record_reference for one in parsed] == [None, "b"]


def test_a_key_that_is_there_twice_is_told(tmp_path: Path) -> None:
    _, (parsed,) = _read(tmp_path, '{"id": "a", "title": "First", "title": "Last"}')
    assert facts_of(record(parsed))["title"] == "Last"
    assert [(one["rule"], one["path"]) for one in parsed.findings] == [("W15", "title")]


def test_an_object_without_an_id_is_blocked(tmp_path: Path) -> None:
    _, (parsed,) = _read(tmp_path, '{"title": "T"}')
    assert [(one["rule"], one["severity"], one["path"]) for one in parsed.findings] == [("R1", "block", "ids.isbn")]


def test_an_empty_list_is_read_with_a_warning(tmp_path: Path) -> None:
    message, parsed = _read(tmp_path, '{"items": []}', "items")
    assert (parsed, [one["rule"] for one in message.counts.findings]) == ([], ["F16"])


def test_nesting_without_end_is_refused_and_never_a_crash(tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        _read(tmp_path, '{"a":' * 100_000, "items")
    _, (parsed,) = _read(tmp_path, '{"a":' * 5_000 + "1" + "}" * 5_000)
    assert parsed.record is None


def test_a_hostile_string_takes_no_more_than_its_length(tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        _read(tmp_path, '[{"id": "' + '\\"' * 2_000_000)


@pytest.mark.slow
def test_a_long_list_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "message.json"
    with path.open("w") as file:
        file.write('{"items": [')
        for number in range(3_000):
            file.write(("," if number else "") + json.dumps({**BOOK, "id": str(number), "blurb": "x" * 15_000}))
        file.write("]}")
    assert path.stat().st_size > 40_000_000
    tracemalloc.start()
    try:
        with read_json(path, _mapping(tmp_path, "items")) as message:
            count = sum(1 for one in message.records() if one.record)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 3_000
    assert peak < 5_000_000


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(items=st.lists(st.dictionaries(st.text(max_size=5), _VALUES, max_size=4), max_size=5), extra=_VALUES)
def test_every_list_is_split_into_its_items(
    tmp_path_factory: pytest.TempPathFactory, items: list[dict[str, Any]], extra: object
) -> None:
    data = json.dumps({"before": extra, "items": items, "after": extra}, ensure_ascii=False, indent=1)
    _, parsed = _read(tmp_path_factory.getbasetemp(), data, "items")
    assert [json.loads(_bytes(data, one)) for one in parsed] == items


@settings(max_examples=200, deadline=None)
@given(data=st.text(alphabet='{}[]":, \\1an\n', max_size=60))
def test_anything_is_records_or_refused(tmp_path_factory: pytest.TempPathFactory, data: str) -> None:
    for records in ("$", "a"):
        try:
            _, parsed = _read(tmp_path_factory.getbasetemp(), data, records)
        except RefusedError:
            continue
        assert all(one.record or one.findings for one in parsed)
