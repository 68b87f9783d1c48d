"""Parts of the record model that state nothing, for patches to state something in."""

from __future__ import annotations

from functools import cache
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

Part = TypeVar("Part")


@cache
def _hints(model: Any) -> dict[str, Any]:
    return get_type_hints(model)


def blank(model: type[Part], **stated: object) -> Part:
    """A typed dictionary of the record model with only these fields stated.

    Args:
        model: Such as ``Contributor``.
        stated: Fields that say something. Of the others lists are empty, structs blank, everything else None.
    """
    return cast("Part", complete(stated, model))


def complete(value: Any, hint: Any) -> Any:
    """A value of the record model with everything its type has: tables may hold null for what is empty.

    Args:
        value: As read from a table; typed dictionaries may lack fields.
        hint: Its type in the record model.
    """
    if get_origin(hint) is list:
        return [complete(item, get_args(hint)[0]) for item in value or []]
    if is_typeddict(hint):
        stated = value or {}
        return {name: complete(stated.get(name), one) for name, one in _hints(hint).items()}
    some = [one for one in get_args(hint) if one is not NoneType]
    return complete(value, some[0]) if value is not None and len(some) == 1 and is_typeddict(some[0]) else value
