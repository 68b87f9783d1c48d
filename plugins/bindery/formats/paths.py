"""Paths into JSON: JSONPath for fields (RFC 9535), and paths of keys for where the records of a message are."""

from __future__ import annotations

import re
from functools import cache

import jsonpath
from jsonpath import CompoundJSONPath, JSONPath, JSONPathError

ITEM = "*"
"""An item of a list, in a path of keys."""

ITSELF = "$"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_KEY = re.compile(r"""(?:^|\.)([A-Za-z_@][\w:@-]*)|\[(\*)\]|\[(?:'([^']+)'|"([^"]+)")\]""")


@cache
def compiled(path: str) -> JSONPath | CompoundJSONPath:
    """A path, ready to be used; its ``$.`` may be left out."""
    return jsonpath.compile(path)


def path_mistake(path: str) -> str | None:
    """What is wrong with a path."""
    try:
        compiled(path)
    except JSONPathError as error:
        return str(error).splitlines()[0]
    return None


@cache
def steps_of(path: str) -> tuple[str, ...] | None:
    """A path of keys as its steps: ``groups[*].items`` is groups, ``*``, items. ``$`` has none. None if it is none."""
    if path == ITSELF:
        return ()
    steps: list[str] = []
    at = 0
    while at < len(path):
        found = _KEY.match(path, at)
        if not found:
            return None
        steps.append(next(group for group in found.groups() if group))
        at = found.end()
    return tuple(steps) or None


def written(parts: tuple[str | int, ...]) -> str:
    """A place in an object as a path, with ``[*]`` for the items of lists: how unmapped values are counted."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += "[*]"
        elif _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"['{part}']"
    return text or ITSELF
