"""ONIX code lists as versioned data: code values and names of one issue (AUDIOBOOKS 1.12).

The files are in ``include/codelists``. Issue 68 (January 2025) is the default. Issue 27 (2014) is the last that knows
ONIX 2.1; only the lists that 3.x dropped or narrowed are taken from it (1, 7, 26, 33, 38, 54, 78).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bindery.errors import ConfigurationError

_FOLDER = Path(os.environ.get("BINDERY_PROJECT", Path(__file__).resolve().parents[3])) / "include" / "codelists"


@cache
def _issue(issue: int) -> Mapping[str, Mapping[str, str]]:
    path = _FOLDER / f"issue_{issue}.json"
    try:
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"code lists issue {issue} are not shipped: {path} is missing",
            fix="build the file with tools/build_codelists.py, or ask for an issue that is there",
        ) from None
    return MappingProxyType({number: MappingProxyType(codes) for number, codes in document["lists"].items()})


def codelist(number: str, issue: int = 68) -> Mapping[str, str]:
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


def name_of(number: str, code: str, issue: int = 68) -> str | None:
    """The name of a code, such as ``Downloadable audio file`` for 150/AJ; None where the list doesn't know the code."""
    return codelist(number, issue).get(code)
