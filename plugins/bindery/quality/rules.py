"""The rule registry: every rule Bindery knows, read from ``expectations/``, without the engine that runs them.

``expectations/*.json`` hold the expectations over records, in Great Expectations' own form; ``messages.yaml`` holds
the rules that other steps raise. A rule may have several checks: W2 asks for duration, language and edition type, and
F4 warns of a wrong declaration but refuses what can't be decoded. Ids and grounds are those of AUDIOBOOKS section 7.

``python -m bindery.quality.rules`` writes ``docs/rules.md``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bindery.errors import ConfigurationError
from bindery.findings import Severity
from bindery.home import PROJECT
from bindery.quality.frame import COLUMNS, EVIDENCE

FOLDER = PROJECT / "expectations"
DOCUMENT = PROJECT / "docs" / "rules.md"

_NATIVE = {Severity.BLOCK: "critical", Severity.HOLD_PART: "warning", Severity.WARN: "warning", Severity.TIP: "info"}

RuleId = Annotated[str, Field(pattern=r"^[FRQWT][1-9][0-9]?$")]
Words = Annotated[str, Field(min_length=3)]


RowRule = Literal[
    "expect_column_values_to_be_between",
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_be_null",
    "expect_column_values_to_match_regex",
    "expect_column_values_to_not_be_in_set",
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_not_match_regex",
]
"""Expectations that judge each record by itself. One that compares records, such as uniqueness, would miss what lies in
another batch."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Check(_Part):
    """One thing that is checked.

    Attributes:
        rule: The rule it belongs to, such as ``W2``.
        check: Its name within the rule, such as ``duration``.
        raised_by: The step that raises it.
        what: What holds where it passes.
        effect: What a failure does.
        fix: What the sender should do.
        path: Element path in reference names; None where there is none.
        example: A good example for a check of the judge, a bad one for others.
    """

    rule: RuleId
    check: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    raised_by: Literal["reading", "judge", "gate", "merge"]
    severity: Severity
    what: Words
    effect: Words
    fix: Words
    path: str | None
    example: Words


class _Meta(_Part):
    """``meta`` of an expectation. ``text`` is the finding's text, with columns of the judge's frame in braces."""

    rule: RuleId
    check: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    severity: Severity
    what: Words
    text: Words
    effect: Words
    fix: Words
    path: Words
    example: Words

    @model_validator(mode="after")
    def _text_names_columns(self) -> _Meta:
        unknown = fields_of(self.text) - set(COLUMNS) - set(EVIDENCE)
        if unknown:
            message = f"the text of {self.rule}.{self.check} names {sorted(unknown)}, which the judge's frame lacks"
            raise ValueError(message)
        return self


class Expectation(_Part):
    """One expectation of a suite, in Great Expectations' own JSON form."""

    type: RowRule
    kwargs: dict[str, Any]
    severity: Literal["critical", "warning", "info"]
    meta: _Meta

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Expectation:
        name = f"{self.meta.rule}.{self.meta.check}"
        if self.severity != _NATIVE[self.meta.severity]:
            message = f"{name} is {self.meta.severity}, so its expectation is {_NATIVE[self.meta.severity]}"
            raise ValueError(message)
        if (self.meta.severity is Severity.BLOCK) != self.meta.rule.startswith("R"):
            message = f"{name}: R rules block, and no other rule of the judge does"
            raise ValueError(message)
        unknown = _columns(self.kwargs) - set(COLUMNS)
        if unknown:
            message = f"{name} names {sorted(unknown)}, which the judge's frame lacks"
            raise ValueError(message)
        return self


class Suite(_Part):
    """A file of expectations."""

    name: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    expectations: Annotated[list[Expectation], Field(min_length=1)]


class _Messages(_Part):
    rules: list[Check]


@dataclass(frozen=True)
class Rule:
    """A rule with its checks, at least one."""

    id: str
    checks: tuple[Check, ...]

    @property
    def severity(self) -> Severity:
        """The severity of its strictest check."""
        return min((check.severity for check in self.checks), key=list(Severity).index)

    @property
    def what(self) -> str:
        """What holds where the rule passes."""
        return " ".join(check.what for check in self.checks)

    @property
    def effect(self) -> str:
        """What a failure does."""
        return " ".join(dict.fromkeys(check.effect for check in self.checks))

    @property
    def fix(self) -> str:
        """What the sender should do."""
        return " ".join(dict.fromkeys(check.fix for check in self.checks))


def fields_of(text: str) -> set[str]:
    """The names in braces in a finding's text."""
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def suites(folder: Path = FOLDER) -> Mapping[str, Suite]:
    """Every suite, by name.

    Raises:
        ConfigurationError: A suite is not what ``Suite`` says.
    """
    found: dict[str, Suite] = {}
    for file in sorted(folder.glob("*.json")):
        try:
            suite = Suite.model_validate(json.loads(file.read_text(encoding="utf-8")))
        except (ValidationError, json.JSONDecodeError) as error:
            raise ConfigurationError(f"{file.name}: {error}", fix=f"Correct expectations/{file.name}.") from error
        found[suite.name] = suite
    if not found:
        raise ConfigurationError(f"There is no suite in {folder}.", fix="Restore expectations/ from git.")
    return found


@lru_cache(maxsize=4)
def rules(folder: Path = FOLDER) -> Mapping[str, Rule]:
    """Every rule, by id, in the order F, R, Q, W, T.

    Raises:
        ConfigurationError: A file is malformed, or a check is stated twice.
    """
    checks = [
        Check(raised_by="judge", **expectation.meta.model_dump(exclude={"text"}))
        for suite in suites(folder).values()
        for expectation in suite.expectations
    ]
    file = folder / "messages.yaml"
    try:
        checks += _Messages.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))).rules
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{file.name}: {error}", fix=f"Correct expectations/{file.name}.") from error
    return MappingProxyType(_grouped(checks))


def order(rule: str) -> tuple[int, int]:
    """Sorts rule ids as the registry lists them: F, R, Q, W, T, each by number; unknown ones last."""
    match = re.fullmatch(r"([FRQWT])([0-9]+)", rule)
    return ("FRQWT".index(match[1]), int(match[2])) if match else (9, 0)


def _grouped(checks: Sequence[Check]) -> dict[str, Rule]:
    groups: dict[str, list[Check]] = {}
    for check in sorted(checks, key=lambda one: order(one.rule)):
        group = groups.setdefault(check.rule, [])
        if any(check.check == other.check for other in group):
            raise ConfigurationError(
                f"Check {check.rule}.{check.check} is stated twice.",
                fix="Give each check of a rule its own name, in expectations/.",
            )
        group.append(check)
    return {rule: Rule(rule, tuple(group)) for rule, group in groups.items()}


def _columns(value: Any) -> set[str]:
    """Columns named in the keyword arguments of an expectation, row conditions included."""
    if isinstance(value, list):
        return set().union(*(_columns(item) for item in value))
    if not isinstance(value, dict):
        return set()
    named: set[str] = set()
    for key, item in value.items():
        if key == "column":
            named.add(item["name"] if isinstance(item, dict) else item)
        else:
            named |= _columns(item)
    return named


_TITLES = {
    "F": "Rules about messages (F)",
    "R": "Rules that reject a record (R)",
    "Q": "Rules that keep back a record or a part of it (Q)",
    "W": "Warnings and tips (W)",
    "T": "Withdrawals (T)",
}


def document() -> str:
    """The registry in Markdown: the text of ``docs/rules.md``."""
    lines = [
        "# Rules",
        "",
        "Every rule Bindery applies: what it asks, what a failure does, and what the sender should do. Made from",
        "`expectations/` by `python -m bindery.quality.rules`; a test fails where the two differ.",
        "",
        "**block** keeps the record in quarantine, refuses the message or holds it. **hold_part** keeps back the part",
        "named. **warn** ships with loss. **tip** is advice. A withdrawal is applied whatever the rules say (law 3).",
    ]
    family = ""
    for rule in rules().values():
        if rule.id[0] != family:
            family = rule.id[0]
            lines += ["", f"## {_TITLES[family]}"]
        lines += ["", f"### {rule.id}"]
        for check in rule.checks:
            lines += ["", f"**{check.what}** (`{check.check}`, {check.severity}, raised by {check.raised_by})", ""]
            lines += [f"- Effect: {check.effect}", f"- What to do: {check.fix}"]
            lines += [f"- Path: `{check.path}`"] if check.path else []
            lines += [f"- Example: `{check.example}`"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write ``docs/rules.md``."""
    DOCUMENT.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
