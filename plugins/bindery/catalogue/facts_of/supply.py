"""Facts from block 6."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.columns import (
    Index,
    Items,
    Mask,
    among,
    any_of,
    first,
    items,
    lists_of,
    said,
    stated,
    take,
    truth,
)
from bindery.catalogue.distinct import Distinct, codes_of, spread
from bindery.catalogue.record import ProductSupply
from bindery.trade.codelists import codelist
from bindery.trade.prices import CONSUMER_QUALIFIERS, CONSUMER_TYPES, TOLD_APART_ELSEWHERE
from bindery.trade.withdrawals import supply_withdrawal

_ORDERABLE = frozenset({"20", "21", "22", "23"})
_RESTRICTIONS = pa.list_(pa.struct([("type", pa.string())]))
_AVAILABILITIES = pa.list_(pa.struct([("availability", pa.string())]))


class _Coded(NamedTuple):
    """What a block says by codes that are alike in most records."""

    availability: str | None
    withdrawal: str | None


def _read_codes(supply: list[dict[str, Any]]) -> _Coded:
    """Availability: the first supplier's that takes orders (20-23), else the first stated."""
    codes = [one["availability"] for market in supply for one in market["supplies"] if one["availability"]]
    return _Coded(
        availability=next((code for code in codes if code in _ORDERABLE), codes[0] if codes else None),
        withdrawal=supply_withdrawal(cast("list[ProductSupply]", supply)),
    )


_CODED = Distinct(_read_codes)


def supply_facts(block: pa.ListArray) -> dict[str, pa.Array]:
    """``availability`` to ``supply_withdrawal``."""
    count = len(block)
    markets = items(block)
    coded, codes = _CODED(lists_of(_markets_by_code(markets), markets.rows, count))
    return {
        "availability": spread([one.availability for one in coded], codes, pa.string()),
        **_prices(markets, count),
        "supply_withdrawal": spread([one.withdrawal for one in coded], codes, pa.string()),
    }


def _markets_by_code(markets: Items) -> pa.StructArray:
    """Markets without what differs from record to record where their availability is the same."""
    reference = pc.if_else(pa.array(said(markets["market_reference"])), "stated", None)
    columns = {
        "market_reference": reference,
        "market_restrictions": markets["market_restrictions"].cast(_RESTRICTIONS),
        "market_status": markets["market_status"],
        "supplies": markets["supplies"].cast(_AVAILABILITIES),
    }
    return pa.StructArray.from_arrays(list(columns.values()), list(columns))


def _prices(markets: Items, count: int) -> dict[str, pa.Array]:
    """``price_count`` to ``price_problem``, as ``trade.prices`` says."""
    supplies = items(markets["supplies"])
    prices = items(supplies["prices"])
    rows = markets.rows[supplies.rows[prices.rows]]
    amount, currency, kind, qualifier = (prices[name] for name in ("amount", "currency", "type", "qualifier"))
    positive = truth(pc.greater(amount, pa.scalar(0, amount.type)))
    qualified = ~stated(qualifier) | among(qualifier, *sorted(code for code in CONSUMER_QUALIFIERS if code))
    consumers = first(among(kind, *sorted(CONSUMER_TYPES)) & qualified & positive, rows, count)
    priced = ~stated(prices["unpriced"]) | stated(amount)
    problems = {
        "currency": priced & ~among(currency, *codelist("96")),
        "type": priced & ~among(kind, *codelist("58")),
        "amount": priced & ~positive,
        "duplicate": _duplicates(prices, supplies, rows),
    }
    wrong = [any_of(rows[mask], count) for mask in problems.values()]
    gravest = np.select(wrong, range(len(wrong)), len(wrong))
    return {
        "price_count": pa.array(np.bincount(rows, minlength=count)),
        "price_amount": take(amount, consumers),
        "price_currency": take(currency, consumers),
        "price_problem": spread([*problems, None], gravest, pa.string()),
    }


def _in_any_order(territory: dict[str, list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(codes)) for codes in territory.values())


def _dates_in_any_order(dates: list[dict[str, str | None]]) -> tuple[tuple[str | None, str | None], ...]:
    return tuple(sorted((one["role"], one["date"] or one["raw"]) for one in dates))


_TERRITORIES = Distinct(_in_any_order)
_DATES = Distinct(_dates_in_any_order)


def _numbered(answers: list[Any], codes: Index) -> pa.Array:
    """Answers as numbers: the same for equal ones."""
    numbers: dict[Any, int] = {}
    return pa.array(np.array([numbers.setdefault(answer, len(numbers)) for answer in answers], np.int64)[codes])


def _duplicates(prices: Items, supplies: Items, rows: Index) -> Mask:
    """Which prices differ from one before them in nothing but the amount: it can't be known which one holds."""
    found = np.zeros(len(rows), np.bool_)
    told_apart = among(prices["qualifier"], *sorted(TOLD_APART_ELSEWHERE))
    together = np.flatnonzero(~told_apart & (np.bincount(rows)[rows] > 1)) if len(rows) else np.empty(0, np.int64)
    # Most prices differ in a code already; what is left is few enough to be looked at closely.
    market = supplies.rows[prices.rows]
    coarse = [pa.array(market), prices["type"], prices["qualifier"], prices["currency"]]
    together = _repeated([column.take(pa.array(together)) for column in coarse], together)
    if not len(together):
        return found
    places = pa.array(together)
    territory = prices["territory"].take(places)
    dates = prices["dates"].take(places)
    supplier = pa.array(prices.rows[together])
    columns = [
        *(column.take(places) for column in coarse),
        *(supplies[name].take(supplier) for name in ("supplier_role", "supplier_name")),
        _numbered(*_TERRITORIES(territory)),
        _numbered(*_DATES(dates)),
    ]
    keys, _ = codes_of(columns)
    values, _ = codes_of([prices["amount"].take(places), _where_no_amount(prices, places)])
    first_of_key = np.empty(keys.max() + 1, np.int64)
    first_of_key[keys[::-1]] = values[::-1]
    found[together] = first_of_key[keys] != values
    return found


def _where_no_amount(prices: Items, places: pa.Array) -> pa.StringArray:
    return pc.if_else(prices["amount"].take(places).is_valid(), None, prices["unpriced"].take(places))


def _repeated(columns: list[pa.Array], places: Index) -> Index:
    """The places whose values occur more than once."""
    if not len(places):
        return places
    codes, _ = codes_of(columns)
    return places[np.bincount(codes)[codes] > 1]
