"""Changes made to raw blocks, as their fields say: what a supplier or a person would do who follows them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bindery.rights.changes import Change
from tests.rights.live_titles import Case
from tests.rights.titles import Said, dated
from tests.trade.builders import market, price, publishing, right, supply, territory


def made(case: Case, changes: Iterable[Change]) -> Case:
    """The title after the changes. Paths count as before any of them, so what goes leaves None until the end."""
    after = case.copy()
    gone: list[int] = []
    for change in changes:
        if change.kind == "wait":
            continue
        if change.kind == "release_override":
            after.limits = [one for one in after.limits if one.override_id != change.value]
            after.override = None if after.override == change.value else after.override
        elif change.kind == "resend_record":
            _resend(after, change.voice, gone)
        else:
            assert change.voice is not None
            after.records[change.voice] = _changed(after.records[change.voice], change)
    after.records = [_swept(one) for place, one in enumerate(after.records) if place not in gone]
    return after


def _resend(case: Case, place: int | None, gone: list[int]) -> None:
    if place is None:
        case.records = copy.deepcopy(case.fresh)
        return
    added = range(len(case.fresh), len(case.records))
    if place in added:
        # What is added to a case is a newer record of its first supplier, rejected.
        place = 0
    if place == 0:
        gone += added
    if case.records[place].is_rejected or case.records[place].state == "deleted":
        case.records[place] = copy.deepcopy(case.fresh[place])
    else:
        case.records[place] = replace(case.records[place], withdrawal=None)


def _numbers(path: str) -> list[int]:
    return [int(number) - 1 for number in re.findall(r"\[(\d+)\]", path)]


def _changed(one: Said, change: Change) -> Said:
    if change.block == "publishing" and one.publishing is None:
        one = replace(one, publishing=publishing())
    if change.block == "supply" and one.supply is None:
        one = replace(one, supply=[])
    if change.block == "publishing":
        _change_publishing(one.publishing, change)
    else:
        _change_supply(one.supply, change)
    return one


def _change_publishing(block: Any, change: Change) -> None:
    match change.kind:
        case "set_status":
            block["status"] = change.value
        case "set_date" | "drop_date":
            _change_dates(block["dates"], change)
        case _:
            _change_rights(block, block["sales_rights"], change)


def _change_rights(block: Any, rights: list[Any], change: Change) -> None:
    numbers, words = _numbers(change.path), change.value.split()
    match change.kind:
        case "drop_restriction":
            of = rights[numbers[0]] if numbers else block
            of["restrictions"] = [one for one in of["restrictions"] if one["type"] != change.value]
        case "state_right":
            rights.append(right(words[0], inc=words[1]))
        case "move_country":
            _unname(rights, numbers[0], words[1:])
            rights.append(right(words[0], inc=words[1]))
        case "drop_country" | "drop_code":
            _unname(rights, numbers[0], words)
        case "exclude_country":
            rights[numbers[0]]["territory"]["countries_excluded"].append(change.value)
        case "set_right":
            rights[numbers[0]]["type"] = change.value
        case "drop_statement":
            rights[numbers[0]] = None
        case other:
            raise AssertionError(other)


def _unname(rights: list[Any], place: int, codes: list[str]) -> None:
    if rights[place] is None:
        return
    where = rights[place]["territory"]
    for element in ("countries_included", "regions_included"):
        where[element] = [code for code in where[element] if code not in codes]
    if not where["countries_included"] and not where["regions_included"]:
        rights[place] = None


def _change_dates(dates: list[Any], change: Change) -> None:
    place = re.search(r"Date\[(\d+)\]$", change.path)
    if change.kind == "drop_date":
        assert place is not None
        dates[int(place[1]) - 1] = None
        return
    role, day = change.value.split()
    stated = dated(role, day.replace("-", ""))
    if place is not None:
        dates[int(place[1]) - 1] = stated
    else:
        dates[:] = [None if one is not None and one["role"] == role else one for one in dates]
        dates.append(stated)


def _change_supply(markets: Any, change: Change) -> None:
    numbers = _numbers(change.path)
    if change.kind == "add_market":
        markets.append(market(supply("20", price()), market=territory(inc=change.value)))
    elif change.kind == "add_supply" and not numbers:
        markets.append(market(supply(change.value, price())))
    elif "SupplyDetail" in change.path:
        _change_detail(markets[numbers[0]]["supplies"][numbers[1]], change, numbers)
    else:
        _change_market(markets[numbers[0]], change)


def _change_market(one: Any, change: Change) -> None:
    match change.kind:
        case "set_status":
            one["market_status"] = change.value
        case "drop_restriction":
            one["market_restrictions"] = [two for two in one["market_restrictions"] if two["type"] != change.value]
        case "add_supply":
            one["supplies"].append(supply(change.value, price()))
        case "set_date" | "drop_date":
            _change_dates(one["market_dates"], change)
        case other:
            raise AssertionError(other)


def _change_detail(detail: Any, change: Change, numbers: list[int]) -> None:
    match change.kind:
        case "set_availability":
            detail["availability"] = change.value
        case "set_unpriced":
            detail["unpriced"] = change.value
        case "drop_unpriced":
            detail["unpriced"] = None
        case "state_price":
            detail["unpriced"] = None
            detail["prices"].append(price("3.21", "EUR", "01"))
        case "drop_price":
            detail["prices"][numbers[2]] = None
        case "set_date" | "drop_date":
            _change_dates(detail["dates"], change)
        case other:
            raise AssertionError(other)


def _swept(value: Any) -> Any:
    """Without what went."""
    if isinstance(value, Said):
        return replace(value, publishing=_swept(value.publishing), supply=_swept(value.supply))
    if isinstance(value, dict):
        return {key: _swept(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_swept(one) for one in value if one is not None]
    return value
