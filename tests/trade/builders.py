"""Short ways to write blocks of the record model in tests: what isn't named is not stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bindery.catalogue.record import (
    Contributor,
    Descriptive,
    Price,
    ProductPart,
    ProductSupply,
    Publishing,
    Record,
    Restriction,
    SalesRights,
    Supply,
    Territory,
)


def territory(inc: str = "", reg: str = "", exc: str = "", rexc: str = "") -> Territory:
    """Space-separated codes, as ONIX has them."""
    return Territory(
        countries_included=inc.split(),
        regions_included=reg.split(),
        countries_excluded=exc.split(),
        regions_excluded=rexc.split(),
    )


def restrictions(*codes: str) -> list[Restriction]:
    return [Restriction(type=code, outlets=[], note=None) for code in codes]


def right(kind: str, *restricted: str, **where: str) -> SalesRights:
    return SalesRights(type=kind, territory=territory(**where), restrictions=restrictions(*restricted))


def publishing(*rights: SalesRights, row: str | None = None, **more: Any) -> Publishing:
    block = Publishing(
        imprints=[],
        publishers=[],
        country=None,
        status=None,
        dates=[],
        sales_rights=list(rights),
        row_sales_rights_type=row,
        restrictions=[],
    )
    block.update(more)  # type: ignore[typeddict-item]
    return block


def price(amount: str | None = "9.99", currency: str | None = "EUR", kind: str | None = "02", **more: Any) -> Price:
    one = Price(
        type=kind,
        qualifier=None,
        conditions=[],
        status=None,
        raw_amount=amount,
        amount=Decimal(amount) if amount else None,
        currency=currency,
        unpriced=None,
        territory=territory(),
        dates=[],
        taxes=[],
    )
    one.update(more)  # type: ignore[typeddict-item]
    return one


def supply(availability: str | None = None, *prices: Price) -> Supply:
    return Supply(
        supplier_role=None,
        supplier_name=None,
        availability=availability,
        unpriced=None,
        dates=[],
        prices=list(prices),
    )


def market(*supplies: Supply, status: str | None = None, reference: str | None = None, **more: Any) -> ProductSupply:
    one = ProductSupply(
        market_reference=reference,
        market=territory(),
        market_restrictions=[],
        market_status=status,
        market_dates=[],
        supplies=list(supplies),
    )
    one.update(more)  # type: ignore[typeddict-item]
    return one


def contributor(role: str, name: str | None = None, unnamed: str | None = None, **more: Any) -> Contributor:
    one = Contributor(
        sequence=None,
        roles=[role],
        name=name,
        name_inverted=None,
        names_before_key=None,
        key_names=None,
        corporate_name=None,
        unnamed=unnamed,
        alternative_names=[],
        identifiers=[],
        biography=None,
    )
    one.update(more)  # type: ignore[typeddict-item]
    return one


def part(form: str) -> ProductPart:
    return ProductPart(
        is_primary=False,
        product_form=form,
        product_form_details=[],
        product_content_types=[],
        identifiers=[],
        quantity=None,
    )


def descriptive(**stated: Any) -> Descriptive:
    single = ("composition", "product_form", "primary_content_type", "contributor_statement", "edition_statement")
    block: dict[str, Any] = dict.fromkeys(single)
    for name in Descriptive.__annotations__:
        block.setdefault(name, [])
    return Descriptive(**{**block, **stated})  # type: ignore[typeddict-item]


def record(**stated: Any) -> Record:
    blank: dict[str, Any] = dict.fromkeys(Record.__annotations__)
    blank |= {"record_reference": "r1", "notification_type": "03", "kind": "full"}
    blank |= {name: [] for name in ("deletion_text", "identifiers", "touches", "unmapped")}
    blank["source"] = {"byte_start": 0, "byte_end": 0, "line": 1}
    return Record(**{**blank, **stated})  # type: ignore[typeddict-item]
