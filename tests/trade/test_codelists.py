from __future__ import annotations

import pytest

from bindery.errors import ConfigurationError
from bindery.trade.codelists import DEFAULT_ISSUE, _issue, added_in, codelist, deprecated_codes, issues, name_of


@pytest.mark.parametrize("issue", [68, 73, 75])
@pytest.mark.parametrize(
    ("number", "code", "name"),
    [
        ("150", "AJ", "Downloadable audio file"),
        ("22", "08", "Language of audio track"),
        ("65", "46", "Withdrawn from sale"),
        ("163", "30", "Streaming embargo date"),
        ("71", "12", "Except to subscription services"),
        ("1", "12", None),  # only in ONIX 2.1
    ],
)
def test_names_of_codes(issue: int, number: str, code: str, name: str | None) -> None:
    assert name_of(number, code, issue) == name


def test_issue_73_is_the_default_and_others_can_be_asked_for() -> None:
    assert (DEFAULT_ISSUE, issues()) == (73, (68, 73, 75))
    assert name_of("17", "A56") == name_of("17", "A56", issue=73) is not None
    assert "A56" not in codelist("17", issue=68)
    assert "B427" in codelist("175", issue=75)
    assert "B427" not in codelist("175")


def test_every_issue_has_the_same_lists() -> None:
    numbers = [set(_issue(issue)) for issue in issues()]
    assert numbers[0] == numbers[1] == numbers[2]


@pytest.mark.parametrize(
    ("number", "code", "issue"),
    [
        ("17", "A56", 72),
        ("163", "39", 73),
        ("96", "XCG", 69),
        ("17", "A01", 0),
        ("175", "B427", 75),
        ("17", "ZZ", None),
    ],
)
def test_the_issue_that_added_a_code(number: str, code: str, issue: int | None) -> None:
    assert added_in(number, code) == issue


def test_deprecated_codes_are_those_of_the_issue_and_before() -> None:
    assert deprecated_codes("16") == {"02": 11, "11": 70}  # ISTC was withdrawn in 2021 and deprecated in issue 70
    assert deprecated_codes("16", issue=68) == {"02": 11}
    assert deprecated_codes("150") == {}


def test_issue_27_is_kept_for_onix_2_1() -> None:
    assert name_of("7", "AJ", issue=27) == "Downloadable audio file"
    assert "12" in codelist("1", issue=27)


def test_lists_are_read_only() -> None:
    with pytest.raises(TypeError):
        codelist("150")["AJ"] = "changed"  # type: ignore[index]


def test_what_is_not_shipped_is_said() -> None:
    with pytest.raises(ConfigurationError, match="issue 12"):
        codelist("1", issue=12)
    with pytest.raises(ConfigurationError, match="code list 999"):
        codelist("999")
