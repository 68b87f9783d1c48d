"""ONIX code lists as versioned data: code values and names of one issue (AUDIOBOOKS 1.12).

The files are in ``include/codelists``. Issue 73 (April 2026) is the default; a feed may be judged by another one. Issue
27 (2014) is the last that knows ONIX 2.1; only the lists that 3.x dropped or narrowed are taken from it (1, 7, 26, 33,
38, 54, 67, 78, 101).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bindery.errors import ConfigurationError

DEFAULT_ISSUE = 73
"""The newest issue known code by code: when each was added, and when it was deprecated."""
ISSUE_OF_2_1 = 27

_FOLDER = Path(os.environ.get("BINDERY_PROJECT", Path(__file__).resolve().parents[3])) / "include" / "codelists"


@cache
def _document(issue: int) -> Mapping[str, Any]:
    path = _FOLDER / f"issue_{issue}.json"
    try:
        document: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"code lists issue {issue} are not shipped: {path} is missing",
            fix=f"ask for one of {', '.join(map(str, issues()))}, or build the file with tools/build_codelists.py",
        ) from None
    return document


@cache
def _issue(issue: int) -> Mapping[str, Mapping[str, str]]:
    lists = _document(issue)["lists"]
    return MappingProxyType({number: MappingProxyType(codes) for number, codes in lists.items()})


@cache
def issues() -> tuple[int, ...]:
    """The issues that a message can be judged by, oldest first: those that know ONIX 3.x."""
    found = sorted(int(path.stem.removeprefix("issue_")) for path in _FOLDER.glob("issue_*.json"))
    return tuple(issue for issue in found if issue > ISSUE_OF_2_1)


def codelist(number: str, issue: int = DEFAULT_ISSUE) -> Mapping[str, str]:
    """One code list.

    Args:
        number: The list's number, such as ``150``.
        issue: The issue of the code lists.

    Returns:
        Names by code, read-only.

    Raises:
        ConfigurationError: The issue, or the list in it, is not shipped.
    """
    lists = _issue(issue)
    if number not in lists:
        raise ConfigurationError(
            f"code list {number} is not in issue {issue}",
            fix="add the list's number to the ones tools/build_codelists.py is called with, and build the file again",
        )
    return lists[number]


def name_of(number: str, code: str, issue: int = DEFAULT_ISSUE) -> str | None:
    """The name of a code, such as ``Downloadable audio file`` for 150/AJ; None where the list doesn't know the code."""
    return codelist(number, issue).get(code)


def added_in(number: str, code: str) -> int | None:
    """The issue that added a code: as the default issue says, else the first shipped one that has it.

    Returns:
        An issue; 0 for a code that was there from the beginning, None for one no shipped issue has.
    """
    if code in codelist(number):
        issue: int = _document(DEFAULT_ISSUE)["added"].get(number, {}).get(code, 0)
        return issue
    return next((issue for issue in issues() if code in codelist(number, issue)), None)


def deprecated_codes(number: str, issue: int = DEFAULT_ISSUE) -> Mapping[str, int]:
    """Codes of a list that are deprecated by an issue, with the issue that did it.

    The default issue alone says so, so what a later one deprecates isn't known.
    """
    stated = _document(DEFAULT_ISSUE)["deprecated"].get(number, {})
    return {code: since for code, since in stated.items() if since <= issue}
