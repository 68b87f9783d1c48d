"""docs/formats.md tells the truth: its mappings read its messages, and say what it says."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bindery.formats.json_message import read_json, recognised
from bindery.formats.kind import Kind
from bindery.formats.mapping import ColumnMapping, JsonMapping, Mapping, json_mappings, load_mapping
from bindery.formats.places import Fields
from bindery.formats.spreadsheet import read_spreadsheet
from bindery.home import PROJECT
from bindery.reading import ParsedRecord
from tests.catalogue.one_record import facts_of
from tests.formats.sheets import record

PAGE = (PROJECT / "docs" / "formats.md").read_text("utf-8")
EXAMPLES = re.findall(
    r"```yaml\n# include/mappings/(\w+)\.yaml\n(.*?)```\s+```(?:csv|json)\n(.*?)```\s+```text\n(.*?)```",
    PAGE,
    re.DOTALL,
)


def _read(folder: Path, name: str, mapping: str, message: str) -> ParsedRecord:
    (folder / f"{name}.yaml").write_text(mapping, "utf-8")
    path = folder / "message"
    path.write_text(message, "utf-8")
    found = load_mapping(name, folder)
    if isinstance(found, ColumnMapping):
        with read_spreadsheet(path, found, Kind.TEXT) as sheet:
            (parsed,) = sheet.records()
    else:
        with read_json(path, found) as objects:
            (parsed,) = objects.records()
    return parsed


def _said(parsed: ParsedRecord) -> dict[str, str]:
    found = record(parsed)
    facts: dict[str, Any] = dict(facts_of(found))
    facts["unmapped"] = [one["path"] for one in found["unmapped"]]
    facts["finding"] = [f"{one['path']}: {one['text']}" for one in parsed.findings]
    return {name: _shown(value) for name, value in facts.items()}


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return ", ".join(value) if isinstance(value, list) else str(value)


def test_the_page_has_an_example_of_each() -> None:
    assert [name for name, *_ in EXAMPLES] == ["kystforlag", "vestlyd", "soundhouse"]


@pytest.mark.parametrize(("name", "mapping", "message", "told"), EXAMPLES, ids=[one[0] for one in EXAMPLES])
def test_examples_read_as_the_page_says(tmp_path: Path, name: str, mapping: str, message: str, told: str) -> None:
    said = _said(_read(tmp_path, name, mapping, message))
    wanted = dict(line.split(" = ", 1) for line in told.strip().splitlines())
    assert {key: said[key] for key in wanted} == wanted
    assert ("finding" in wanted) == bool(said["finding"])


def test_the_example_of_recognition_is_recognised(tmp_path: Path) -> None:
    name, mapping, message, _ = EXAMPLES[2]
    _read(tmp_path, name, mapping, message)
    assert recognised(tmp_path / "message", json_mappings(tmp_path)) == name


@pytest.mark.parametrize("model", [Fields, Mapping, ColumnMapping, JsonMapping])
def test_every_key_is_on_the_page(model: Any) -> None:
    missing = [key for key in model.model_fields if f"`{key}`" not in PAGE and f"\n{key}:" not in PAGE]
    assert missing == []
