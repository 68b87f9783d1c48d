"""What versions say of rights and supply: written by columns, read one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bindery.catalogue.record import DatedRole, Price, ProductSupply, Publishing, Restriction, Supply, Territory
from bindery.catalogue.record_schema import VERSION_SCHEMA
from bindery.catalogue.said_terms import Terms, terms_of
from bindery.rights import terms as read
from bindery.trade.dates import dated_role, read_spread
from tests.catalogue.records import stated
from tests.trade.builders import market, price, publishing, restrictions, right, supply, territory

ODD = [
    'He said "no"',
    "a\\b",
    "tab\tand\nline",
    "\x01\x1f\x7f",
    "😀 𝕏",
    "Łódź 名前",
    "[null]",
    '","',
    "\u2028",
    "",
    " ",
]
names = st.none() | st.sampled_from(ODD) | st.text(max_size=5)


def versions(*blocks: tuple[Publishing | None, list[ProductSupply] | None]) -> pa.Table:
    rows = [{"publishing": one, "supply": other} for one, other in blocks]
    return pa.Table.from_pylist(rows, schema=VERSION_SCHEMA)


def of_publishing(**more: Any) -> Publishing:
    return publishing(right("01", reg="WORLD"), **more)


def stated_id(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def dated(dates: Iterable[DatedRole]) -> tuple[read.Dated, ...]:
    return tuple(
        read.Dated(one["role"], one["date"], one["precision"], read_spread(one["raw"], one["format"])[0])
        for one in dates
    )


def restricted(limits: Iterable[Restriction]) -> tuple[read.Restricted, ...]:
    return tuple(read.Restricted(one["type"], tuple(one["outlets"])) for one in limits)


def plain_rights(block: Publishing) -> read.RightsStated:
    rights = tuple(
        read.RightStated(one["type"], one["territory"], restricted(one["restrictions"]))
        for one in block["sales_rights"]
    )
    return read.RightsStated(rights, block["row_sales_rights_type"], restricted(block["restrictions"]))


def plain_publishing(block: Publishing | None) -> tuple[Any, ...] | None:
    """The same of one version, without columns; rights written out."""
    if block is None:
        return None
    named = [one["name"] for one in block["publishers"] if one["name"] and one["role"] in (None, "", "01")]
    return (block["status"], next(iter(named), None), dated(block["dates"]), plain_rights(block))


def plain_territory(one: Territory) -> Territory | None:
    return one if any(one.values()) else None


def plain_price(one: Price) -> tuple[Any, ...]:
    return (
        *(one["type"], one["qualifier"], one["status"], one["amount"], one["currency"], one["unpriced"]),
        *(plain_territory(one["territory"]), dated(one["dates"])),
        tuple(condition["type"] for condition in one["conditions"]),
    )


def plain_supply(one: Supply) -> tuple[Any, ...]:
    return (
        *(one["supplier_role"], one["supplier_name"], one["availability"], one["unpriced"]),
        *(dated(one["dates"]), tuple(map(plain_price, one["prices"]))),
    )


def plain_markets(block: list[ProductSupply] | None) -> tuple[Any, ...] | None:
    """The same of one version, without columns; territories written out and amounts as numbers."""
    if not block:
        return None
    return tuple(
        (
            *(one["market_reference"], plain_territory(one["market"]), restricted(one["market_restrictions"])),
            *(one["market_status"], dated(one["market_dates"]), tuple(map(plain_supply, one["supplies"]))),
        )
        for one in block
    )


def read_publishing(text: str | None, stated_terms: Mapping[str, str]) -> tuple[Any, ...] | None:
    if text is None:
        return None
    found = read.publishing_terms(text)
    return (*found[:3], read.rights_stated(stated_terms[found.rights]))


def read_markets(text: str | None, stated_terms: Mapping[str, str]) -> tuple[Any, ...] | None:
    def where(name: str | None) -> Territory | None:
        return None if name is None else read.territory_stated(stated_terms[name])

    def priced(one: read.PriceStated) -> tuple[Any, ...]:
        amount = None if one.amount is None else Decimal(one.amount)
        return tuple(one._replace(territory=where(one.territory), amount=amount))  # type: ignore[arg-type]

    return (
        None
        if text is None
        else tuple(
            tuple(
                one._replace(
                    market=where(one.market),  # type: ignore[arg-type]
                    supplies=tuple(of._replace(prices=tuple(map(priced, of.prices))) for of in one.supplies),  # type: ignore[arg-type]
                )
            )
            for one in read.supply_terms(text)
        )
    )


def read_all(terms: Terms) -> list[tuple[Any, Any]]:
    return [
        (read_publishing(one, terms.stated), read_markets(other, terms.stated))
        for one, other in zip(terms.publishing.to_pylist(), terms.supply.to_pylist(), strict=True)
    ]


def named_at_random(block: Publishing | None, markets: list[ProductSupply] | None, name: Sequence[str | None]) -> Any:
    """The blocks with odd names, which the generator of records doesn't make."""
    parts = [*(block["publishers"] if block else ()), *(one for whole in markets or () for one in whole["supplies"])]
    for part, one in zip(parts, name, strict=False):
        part["name" if "name" in part else "supplier_name"] = one
    return block, markets


blocks = st.builds(
    named_at_random,
    st.none() | stated(Publishing),
    st.none() | st.lists(stated(ProductSupply), max_size=2),
    st.lists(names, max_size=5),
)


def assert_read_back(made: list[Any], cut: int) -> None:
    table = versions(*made)
    plain = [(plain_publishing(one), plain_markets(other)) for one, other in made]
    assert read_all(terms_of(table)) == plain
    assert read_all(terms_of(table.slice(cut))) == plain[cut:]
    assert read_all(terms_of(pa.concat_tables([table.slice(cut), table.slice(0, cut)]))) == plain[cut:] + plain[:cut]


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(blocks, max_size=4), st.data())
def test_everything_that_was_said_is_read_wherever_it_stands(made: list[Any], data: Any) -> None:
    assert_read_back(made, data.draw(st.integers(0, len(made))))


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(blocks, max_size=2))
def test_everything_that_was_said_is_read(made: list[Any]) -> None:
    assert_read_back(made, 0)


def test_a_publishing_block_is_one_text() -> None:
    block = publishing(
        right("02", "12", inc="GB IE", exc="FR"),
        right("07", reg="ECZ", rexc="GB-CHA"),
        row="03",
        status="04",
        publishers=[
            {"role": "02", "name": "Partner", "identifiers": []},
            {"role": "01", "name": "Rebis", "identifiers": []},
        ],
        dates=[{"role": "01", "raw": "202605", "format": None, "date": "2026-05", "precision": "month"}],
        restrictions=restrictions("09"),
    )
    terms = terms_of(versions((block, None)))
    rights = '[[["02",[["GB","IE"],[],["FR"],[]],[["12",[]]]],["07",[[],["ECZ"],[],["GB-CHA"]],[]]],"03",[["09",[]]]]'
    assert terms.stated == {stated_id(rights): rights}
    assert terms.publishing.to_pylist() == [f'["04","Rebis",[["01","2026-05","month"]],"{stated_id(rights)}"]']
    assert terms.supply.to_pylist() == [None]


def test_a_supply_block_is_one_text() -> None:
    conditioned = price(
        "9.990",
        "GBP",
        qualifier="06",
        conditions=[{"type": "02", "quantities": []}],
        territory=territory(inc="GB"),
        dates=[{"role": "14", "raw": "20260501", "format": "00", "date": "2026-05-01", "precision": "day"}],
    )
    sold = supply("20", conditioned, price(None, None, None, unpriced="01")) | {"supplier_role": "01"}
    terms = terms_of(versions((None, [market(sold, status="04", market=territory(reg="WORLD")), market()])))
    world, britain = '[[],["WORLD"],[],[]]', '[["GB"],[],[],[]]'
    assert terms.stated == {stated_id(text): text for text in (world, britain)}
    prices = (
        f'["02","06",null,"9.99","GBP",null,"{stated_id(britain)}",[["14","2026-05-01","day"]],["02"]],'
        '[null,null,null,null,null,"01",null,[],[]]'
    )
    supplies = f'["01",null,"20",null,[],[{prices}]]'
    assert terms.supply.to_pylist() == [
        f'[[null,"{stated_id(world)}",[],"04",[],[{supplies}]],[null,null,[],null,[],[]]]'
    ]
    assert terms.publishing.to_pylist() == [None]


@pytest.mark.parametrize(
    ("raw", "date_format", "text"),
    [
        ("2026050120260630", "06", '["24","2026-06-30","day","2026-05-01"]'),
        ("202605202606", "07", '["24","2026-06","month","2026-05"]'),
        ("202618202622", "08", '["24","2026-05-31","day","2026-05-03"]'),
        ("2026120262", "09", '["24","2026-06","month","2026-03"]'),
        ("2026120263", "10", '["24","2026","year","2026"]'),
        ("20262027", "11", '["24","2027","year","2026"]'),
        ("2026050120260630", " 06 ", '["24","2026-06-30","day","2026-05-01"]'),
        ("20260501", "06", '["24","2026-05-01","day"]'),
        ("2026130120260630", "06", '["24","2026-06-30","day"]'),
        ("2026050120261399", "06", '["24",null,null]'),
        ("20260501", "00", '["24","2026-05-01","day"]'),
        ("20262027", None, '["24",null,null]'),
        ("2026", "05", '["24","2026","year"]'),
    ],
)
def test_a_spread_says_when_it_begins(raw: str, date_format: str | None, text: str) -> None:
    one = dated_role("24", raw, date_format)
    sold = supply("20", price("9.99", dates=[one])) | {"dates": [one]}
    terms = terms_of(versions((of_publishing(dates=[one]), [market(sold, market_dates=[one])])))
    (told,), (sent,) = terms.publishing.to_pylist(), terms.supply.to_pylist()
    assert f",[{text}]," in told
    assert sent.count(f"[{text}]") == 3


def test_spreads_stay_with_their_dates() -> None:
    dates = [dated_role(role, *sent) for role, *sent in (("14", "20260401", "00"), ("24", "2026050120260630", "06"))]
    made = [(of_publishing(dates=dates[:number]), None) for number in (0, 2, 1)] + [(None, None)]
    for cut in (0, 1):
        found = [
            text and read.publishing_terms(text).dates
            for text in terms_of(versions(*made)[cut:]).publishing.to_pylist()
        ]
        first, second = read.Dated("14", "2026-04-01", "day"), read.Dated("24", "2026-06-30", "day", "2026-05-01")
        assert found == [(), (first, second), (first,), None][cut:]


def test_a_supply_block_without_markets_is_not_stated() -> None:
    terms = terms_of(versions((None, []), (None, None)))
    assert terms == (pa.array([None, None], pa.string()), pa.array([None, None], pa.string()), {})


def test_no_versions_say_nothing() -> None:
    terms = terms_of(versions())
    assert (len(terms.publishing), len(terms.supply), terms.stated) == (0, 0, {})


def test_a_block_without_rights_names_the_statement_that_says_nothing() -> None:
    terms = terms_of(versions((publishing(), None)))
    assert terms.stated == {stated_id("[[],null,[]]"): "[[],null,[]]"}
    assert terms.publishing.to_pylist() == [f'[null,null,[],"{stated_id("[[],null,[]]")}"]']


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("9.990000000", "9.99"),
        ("10", "10"),
        ("100.5", "100.5"),
        ("0", "0"),
        ("0.000000001", "0.000000001"),
        ("-1", "-1"),
        ("12345678901234567890123456789", "12345678901234567890123456789"),
    ],
)
def test_an_amount_is_a_plain_number(amount: str, text: str) -> None:
    (found,) = terms_of(versions((None, [market(supply("20", price(amount)))]))).supply.to_pylist()
    assert read.supply_terms(found)[0].supplies[0].prices[0].amount == text


@pytest.mark.parametrize("name", [name for name in ODD if name])
def test_a_publisher_is_named_as_sent(name: str) -> None:
    block = of_publishing(publishers=[{"role": None, "name": name, "identifiers": []}])
    (found,) = terms_of(versions((block, None))).publishing.to_pylist()
    assert read.publishing_terms(found).publisher == name


@pytest.mark.parametrize(
    ("publishers", "name"),
    [
        ([("02", "Partner"), ("01", "Rebis")], "Rebis"),
        ([(None, "Rebis"), ("01", "Knopf")], "Rebis"),
        ([("01", None), ("", "Rebis")], "Rebis"),
        ([("02", "Partner")], None),
        ([], None),
    ],
)
def test_the_publisher_is_the_first_of_its_role_or_of_none(
    publishers: list[tuple[str | None, str | None]], name: str | None
) -> None:
    block = of_publishing(publishers=[{"role": role, "name": one, "identifiers": []} for role, one in publishers])
    (found,) = terms_of(versions((block, None))).publishing.to_pylist()
    assert read.publishing_terms(found).publisher == name


def test_what_many_versions_state_is_kept_once() -> None:
    sold = [market(supply("20", price("9.99", territory=territory(inc="GB"))), market=territory(inc="GB"))]
    table = versions(*[(of_publishing(status=f"{number:02d}"), sold) for number in range(50)])
    terms = terms_of(table)
    assert sorted(terms.stated.values()) == ['[["GB"],[],[],[]]', '[[["01",[[],["WORLD"],[],[]],[]]],null,[]]']
    found = [read.publishing_terms(text) for text in terms.publishing.to_pylist()]
    assert {one.rights for one in found} == {stated_id('[[["01",[[],["WORLD"],[],[]],[]]],null,[]]')}
    assert len({one.status for one in found}) == 50


def test_a_note_beside_a_restriction_makes_no_other_statement() -> None:
    noted = right("02", "12", inc="GB")
    noted["restrictions"][0]["note"] = "by agreement"
    terms = terms_of(versions((publishing(noted), None), (publishing(right("02", "12", inc="GB")), None)))
    assert len(terms.stated) == 1
