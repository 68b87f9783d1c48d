"""A new mapping is one YAML file, and a mistake in it is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bindery.errors import ConfigurationError
from bindery.formats.mapping import (
    FOLDER,
    ColumnMapping,
    JsonMapping,
    load_column_mapping,
    load_json_mapping,
    load_mapping,
    mapping_schema,
)

SHEET = "what: A sheet\ncolumns: {isbn: ISBN, title: Title}\n"
OBJECTS = "what: Objects\nfields: {isbn: isbn, title: title}\n"


def _load(tmp_path: Path, text: str) -> ColumnMapping | JsonMapping:
    (tmp_path / "house.yaml").write_text(text, "utf-8")
    return load_mapping("house", tmp_path)


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_shipped_mappings_are_valid(name: str) -> None:
    assert load_mapping(name).what


def test_columns_make_a_sheets_mapping_and_fields_one_of_json(tmp_path: Path) -> None:
    assert isinstance(_load(tmp_path, SHEET), ColumnMapping)
    assert isinstance(_load(tmp_path, OBJECTS), JsonMapping)


def test_a_place_may_be_a_word_a_list_or_spelled_out(tmp_path: Path) -> None:
    text = "what: A\ncolumns:\n  isbn: ISBN\n  title: [Title, Name]\n  authors: {at: By, prefix: 'by '}\n"
    mapping = _load(tmp_path, text)
    assert isinstance(mapping, ColumnMapping)
    assert mapping.headings() == ["ISBN", "Title", "Name", "By"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SHEET.replace("title", "titel"), "columns.titel: there is no such key; did you mean 'title'?"),
        (SHEET.replace("title: Title", "subtitle: Sub"), "columns.title: field required"),
        (SHEET.replace("isbn: ISBN, ", ""), "neither isbn nor record_reference is there"),
        (SHEET + "decimal_coma: true\n", "did you mean 'decimal_comma'?"),
        (SHEET + "prices: [{at: Price}]\n", "has no currency: state 'currency' or 'currency_at'"),
        (SHEET + "prices: [{at: Price, currency: euro}]\n", "prices.0.currency"),
        (SHEET + "contributors: [{name: By}]\n", "has no role: state 'role' or 'role_at'"),
        (SHEET + "contributors: [{name: By, role: A01, rolle: x}]\n", "did you mean 'role"),
        (SHEET + "resources: [{each: images, link: x, content_type: '01', mode: '03'}]\n", "a sheet has no lists"),
        (SHEET.replace("Title", "{at: Title, pattern: '('}"), "pattern is no regular expression"),
        (SHEET.replace("Title", "{prefix: a}"), "names no place"),
        (SHEET.replace("Title", "{at: Title, patern: a}"), "columns.title.patern: there is no such key; did you mean"),
        (OBJECTS.replace("title: title", "title: 'title['"), "fields.title.at: 'title[' is no JSONPath"),
        (OBJECTS + "records: 'a..b'\n", "records: 'a..b' is no path of keys"),
        (OBJECTS + "records: [a, $]\n", "'$' is the whole message and stands alone"),
        (OBJECTS + "contributors: [{each: '][', name: n, role: A01}]\n", "contributors.0.each: '][' is no JSONPath"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_was_meant(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _load(tmp_path, text)
    assert str(tmp_path / "house.yaml") in caught.value.what
    assert says in caught.value.what


def test_a_mapping_of_the_other_kind_is_our_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="one of JSON, and a sheet is to be read"):
        load_column_mapping("opds_2")
    with pytest.raises(ConfigurationError, match="one of a sheet, and JSON is to be read"):
        load_json_mapping("house_sheet")


def test_the_published_schema_is_the_models() -> None:
    assert json.loads((FOLDER / "schema.json").read_text("utf-8")) == mapping_schema(), (
        "run: python -m bindery.formats.mapping"
    )


def test_another_mapping_makes_other_records(tmp_path: Path) -> None:
    assert _load(tmp_path, SHEET).fingerprint() != _load(tmp_path, SHEET + "decimal_comma: true\n").fingerprint()
