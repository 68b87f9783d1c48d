"""The document of a file of the corpus, as ``bindery read --json --records --all`` prints it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from bindery.cli.document import document_of
from bindery.steps.read import open_message
from tests.corpus import CORPUS


def document_at(path: Path, *, encoding: str | None = None) -> dict[str, Any]:
    """The document of a file, by its published names."""
    with open_message(path, message_format="onix", mapping=None, encoding=encoding) as message:
        document = document_of(path, message, records=True, everything=True)
    read: dict[str, Any] = json.loads(document.model_dump_json(by_alias=True))
    return read


@cache
def document(path: str) -> dict[str, Any]:
    """The document of a file of the corpus. It is shared: don't change it."""
    return document_at(CORPUS / path)


def records(path: str) -> list[dict[str, Any]]:
    """Its records, readable ones only."""
    found: list[dict[str, Any]] = document(path)["records"]
    return found


def record(path: str) -> dict[str, Any]:
    """Its one record."""
    (one,) = records(path)
    return one


def pairs(parts: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """These values of each part of a record."""
    return [tuple(part[name] for name in names) for part in parts]


def differences(one: Any, other: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Where two parts of documents differ, by path. White space counts as one blank; ``source`` isn't compared."""
    if isinstance(one, dict) and isinstance(other, dict):
        found: dict[str, tuple[Any, Any]] = {}
        for name in sorted((one.keys() | other.keys()) - {"source"}):
            found |= differences(one.get(name), other.get(name), f"{path}/{name}" if path else name)
        return found
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        found = {}
        for at, (left, right) in enumerate(zip(one, other, strict=True)):
            found |= differences(left, right, f"{path}[{at}]")
        return found
    return {} if _plain(one) == _plain(other) else {path: (one, other)}


def _plain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return re.sub(r"\s*(</?\w+>)\s*", r"\1", " ".join(value.split()))
