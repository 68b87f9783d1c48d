"""The registry: every rule is stated once and whole, and the document says the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bindery.errors import ConfigurationError
from bindery.findings import Severity
from bindery.home import PROJECT
from bindery.quality.rules import DOCUMENT, FOLDER, document, order, rules


def test_the_registry_needs_neither_great_expectations_nor_pandas() -> None:
    program = (
        "import sys; from bindery.quality.rules import rules; assert rules()\n"
        "assert not {'great_expectations', 'pandas'} & sys.modules.keys()"
    )
    environment = {"PYTHONPATH": str(PROJECT / "plugins")}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)  # noqa: S603 - our own program


def test_the_document_is_what_the_registry_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: python -m bindery.quality.rules"


def test_a_rule_takes_the_severity_of_its_strictest_check() -> None:
    assert rules()["F4"].severity is Severity.BLOCK
    assert {check.severity for check in rules()["F4"].checks} == {Severity.WARN, Severity.BLOCK}
    assert rules()["Q3"].severity is Severity.HOLD_PART
    assert rules()["W8"].severity is Severity.TIP


def test_rules_are_listed_by_family_and_number() -> None:
    assert sorted(["W10", "W2", "T1", "R8", "F16", "Q1", "F2", "??"], key=order) == [
        "F2", "F16", "R8", "Q1", "W2", "W10", "T1", "??",
    ]  # fmt: skip
    assert list(rules()) == sorted(rules(), key=order)


def test_every_rule_named_in_the_code_is_in_the_registry() -> None:
    named = re.compile(r"""(?:rule\s*=\s*|"rule":\s*|\(\s*|or\s+|INCOMPLETE = )"([FRQWT][1-9][0-9]?)"[,)}\s]""")
    used = {
        rule: str(file.relative_to(PROJECT))
        for file in (PROJECT / "plugins").rglob("*.py")
        for rule in named.findall(file.read_text(encoding="utf-8"))
    }
    assert "R4" in used, "the search finds nothing any more"
    assert {rule: file for rule, file in used.items() if rule not in rules()} == {}


def _folder(tmp_path: Path, **changes: Any) -> Path:
    """A copy of the rules, the first expectation's keys, or those of its meta, changed."""
    for file in FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    suite = json.loads((FOLDER / "records.json").read_text(encoding="utf-8"))
    first = suite["expectations"][0]
    for key, value in changes.items():
        (first if key in first else first["meta"])[key] = value
    (tmp_path / "records.json").write_text(json.dumps(suite), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"fix": ""}, "fix"),
        ({"owner": "me"}, "owner"),
        ({"text": "It is {colour}."}, "colour"),
        ({"kwargs": {"column": "colour"}}, "colour"),
        (
            {
                "kwargs": {
                    "column": "title",
                    "row_condition": {"type": "nullity", "column": {"name": "hue"}, "is_null": True},
                }
            },
            "hue",
        ),
        ({"severity": "info"}, "expectation is critical"),
        ({"rule": "W3"}, "R rules block"),
        ({"check": "title", "rule": "R3"}, "R3.title is stated twice"),
        ({"type": "expect_column_values_to_be_unique"}, "type"),
        ({"type": "expect_column_quantile_values_to_be_between"}, "type"),
    ],
)
def test_a_malformed_suite_is_refused(tmp_path: Path, changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        rules(_folder(tmp_path, **changes))


def test_malformed_rules_of_other_steps_are_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "messages.yaml").write_text("rules:\n  - {rule: F1, severity: fatal}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"messages\.yaml"):
        rules(folder)
