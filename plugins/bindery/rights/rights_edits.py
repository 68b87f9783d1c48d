"""Sales rights as they would be after a change (``bindery.rights.changes``).

What goes leaves an empty place, a statement of no type for no territory, so that the places of others stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import orjson

from bindery.catalogue.record import Territory
from bindery.rights.reasons import ROW_RIGHTS
from bindery.rights.terms import stated_id
from bindery.trade.stated import Restricted, RightsStated, RightStated

GONE: Final = ""
"""The type of an empty place. It is neither a grant nor a denial of List 46, and speaks of no country."""

BESIDE: Final = "SalesRestriction"


def restated(stated: RightsStated) -> tuple[str, str]:
    """The id and the text of stated rights, as ``stated_terms`` keeps them."""
    rights = [[one.type, _lists(one.territory), _pairs(one.restrictions)] for one in stated.rights]
    text = orjson.dumps([rights, stated.row, _pairs(stated.restrictions)]).decode()
    return stated_id(text), text


def _lists(where: Territory) -> list[list[str]]:
    return [
        where["countries_included"],
        where["regions_included"],
        where["countries_excluded"],
        where["regions_excluded"],
    ]


def _pairs(restrictions: Iterable[Restricted]) -> list[list[object]]:
    return [[one.type, one.outlets] for one in restrictions]


def territory(
    countries_included: list[str] | None = None,
    regions_included: list[str] | None = None,
    countries_excluded: list[str] | None = None,
    regions_excluded: list[str] | None = None,
) -> Territory:
    """A territory; what isn't given isn't stated."""
    return Territory(
        countries_included=countries_included or [],
        regions_included=regions_included or [],
        countries_excluded=countries_excluded or [],
        regions_excluded=regions_excluded or [],
    )


def compacted(stated: RightsStated) -> RightsStated:
    """Stated rights without empty places."""
    return stated._replace(rights=tuple(one for one in stated.rights if one.type != GONE))


def place_of(path: str) -> int | None:
    """The place of ``SalesRights[2]``, from 0; None for what is in no SalesRights."""
    number = path.partition("[")[2].rstrip("]")
    return int(number) - 1 if number else None


def _with_right(stated: RightsStated, path: str, edit: Callable[[RightStated], RightStated]) -> RightsStated:
    place = place_of(path)
    if place is None:
        return stated
    rights = list(stated.rights)
    rights[place] = edit(rights[place])
    return stated._replace(rights=tuple(rights))


def _unless_empty(one: RightStated) -> RightStated:
    where = one.territory
    if where["countries_included"] or where["regions_included"]:
        return one
    return RightStated(GONE, territory(), ())


def _without_codes(one: RightStated, codes: list[str]) -> RightStated:
    where = one.territory
    kept = territory(
        [code for code in where["countries_included"] if code not in codes],
        [code for code in where["regions_included"] if code not in codes],
        where["countries_excluded"],
        where["regions_excluded"],
    )
    return _unless_empty(one._replace(territory=kept))


def _state_right(stated: RightsStated, _path: str, value: str) -> RightsStated:
    kind, _, code = value.partition(" ")
    where = territory(regions_included=[code]) if code == "WORLD" else territory([code])
    return stated._replace(rights=(*stated.rights, RightStated(kind, where, ())))


def _move_country(stated: RightsStated, path: str, value: str) -> RightsStated:
    return _state_right(_drop_codes(stated, path, value.partition(" ")[2]), path, value)


def _drop_codes(stated: RightsStated, path: str, value: str) -> RightsStated:
    return _with_right(stated, path, lambda one: _without_codes(one, value.split()))


def _exclude_country(stated: RightsStated, path: str, value: str) -> RightsStated:
    def edit(one: RightStated) -> RightStated:
        where = one.territory
        return one._replace(territory={**where, "countries_excluded": [*where["countries_excluded"], value]})

    return _with_right(stated, path, edit)


def _set_right(stated: RightsStated, path: str, value: str) -> RightsStated:
    return _with_right(stated, path, lambda one: one._replace(type=value))


def _drop_statement(stated: RightsStated, path: str, _value: str) -> RightsStated:
    if path == ROW_RIGHTS:
        return stated._replace(row=None)
    return _with_right(stated, path, lambda _: RightStated(GONE, territory(), ()))


def _drop_restriction(stated: RightsStated, path: str, value: str) -> RightsStated:
    if path == BESIDE:
        return stated._replace(restrictions=_without(stated.restrictions, value))
    return _with_right(stated, path, lambda one: one._replace(restrictions=_without(one.restrictions, value)))


def _without(restrictions: tuple[Restricted, ...], code: str) -> tuple[Restricted, ...]:
    return tuple(one for one in restrictions if (one.type or "") != code)


EDITS: Final[Mapping[str, Callable[[RightsStated, str, str], RightsStated]]] = {
    "state_right": _state_right,
    "move_country": _move_country,
    "drop_country": _drop_codes,
    "drop_code": _drop_codes,
    "exclude_country": _exclude_country,
    "set_right": _set_right,
    "drop_statement": _drop_statement,
    "drop_restriction": _drop_restriction,
}
"""By the kind of a change: stated rights, a path and a value make other stated rights."""
