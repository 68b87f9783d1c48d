from __future__ import annotations

import pytest
from bindery.errors import ConfigurationError
from bindery.trade.codelists import codelist, name_of


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
def test_issue_68(number: str, code: str, name: str | None) -> None:
    assert name_of(number, code) == name


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
