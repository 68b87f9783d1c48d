"""Parts of the record model that state nothing, for patches to state something in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

Part = TypeVar("Part")


@cache
def _completion(hint: Any) -> Callable[[Any], Any] | None:
    """What makes a value of a type complete; None where every value is."""
    if get_origin(hint) is list:
        item = _completion(get_args(hint)[0])
        if item is None:
            return lambda value: list(value or ())
        return lambda value: [item(one) for one in value or ()]
    if is_typeddict(hint):
        fields = {name: _completion(one) for name, one in get_type_hints(hint).items()}
        return lambda value: _completed(value or {}, fields)
    some = [one for one in get_args(hint) if one is not NoneType]
    inner = _completion(some[0]) if len(some) == 1 and get_origin(hint) is not None else None
    return None if inner is None else lambda value: None if value is None else inner(value)


def _completed(value: Mapping[str, Any], fields: Mapping[str, Callable[[Any], Any] | None]) -> dict[str, Any]:
    return {name: value.get(name) if made is None else made(value.get(name)) for name, made in fields.items()}


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
    made = _completion(hint)
    return value if made is None else made(value)
