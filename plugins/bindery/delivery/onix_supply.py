"""Blocks 4 and 6 of an ONIX 3.0 record: PublishingDetail and ProductSupply (AUDIOBOOKS 1.8 to 1.10).

Rights are written from the offer: what the recipient may sell, not what the supplier wrote. The catalogue has already
resolved every supplier's statements to the countries that are allowed (law 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bindery.delivery.codes import in_list
from bindery.delivery.items import Edition
from bindery.delivery.onix_parts import (
    Block,
    add,
    add_coded,
    add_dates,
    add_identifiers,
    add_stated,
    add_territory,
    narrowed,
    positive,
    stated,
)
from bindery.delivery.prices import money, recipient_prices
from bindery.delivery.recipient import Recipient

if TYPE_CHECKING:
    from lxml.etree import _Element

_GONE_STATUSES: Final = frozenset({"01", "03", "05", "07", "08", "11", "12", "15", "16", "17"})
_GONE_AVAILABILITIES: Final = frozenset({"01", "34", *(str(code) for code in range(40, 53))})
"""Takedown signals (AUDIOBOOKS section 6); a supplier's own reason is kept where it states one."""
_ONLY_FOR: Final = {"subscription": "13", "library": "06"}
"""List 71: to subscription services only, to libraries only."""


def add_publishing(product: _Element, edition: Edition, recipient: Recipient) -> None:
    """Append PublishingDetail with the rights of the offer, or with none at all for a withdrawal."""
    block = edition.block("publishing")
    imprints = [name for name in block["imprints"] if stated(name)] if block else []
    publishers = [one for one in block["publishers"] if stated(one["name"])] if block else []
    if block is None or not (imprints or publishers):
        return
    detail = add(product, "PublishingDetail")
    for name in imprints:
        add(add(detail, "Imprint"), "ImprintName", name)
    for publisher in publishers:
        composite = add(detail, "Publisher")
        add(composite, "PublishingRole", publisher["role"] if in_list(45, publisher["role"]) else "01")
        add_identifiers(composite, "PublisherIdentifier", "PublisherIDType", 44, publisher["identifiers"])
        add(composite, "PublisherName", publisher["name"])
    add_coded(detail, "CountryOfPublication", 91, block["country"])
    status = block["status"]
    if edition.withdrawn and status not in _GONE_STATUSES:
        status = "11"
    add_coded(detail, "PublishingStatus", 64, status)
    add_dates(detail, "PublishingDate", 163, block["dates"])
    rights = add(detail, "SalesRights")
    if edition.withdrawn:
        add(rights, "SalesRightsType", "03")
        add(add(rights, "Territory"), "RegionsIncluded", "WORLD")
        return
    add(rights, "SalesRightsType", "02")
    add_territory(rights, edition.item["countries"])
    if recipient.model in _ONLY_FOR:
        add(add(rights, "SalesRestriction"), "SalesRestrictionType", _ONLY_FOR[recipient.model])
    add(detail, "ROWSalesRightsType", "03")


def add_supplies(product: _Element, edition: Edition, recipient: Recipient) -> None:
    """Append ProductSupply: one a market of the supplier's that overlaps the offer's countries."""
    if edition.withdrawn:
        _add_withdrawn_supply(product, edition, recipient)
        return
    allowed = frozenset(edition.item["countries"])
    written = 0
    for product_supply in edition.block("supply") or ():
        market = narrowed(product_supply["market"], allowed)
        if not market or not product_supply["supplies"]:
            continue
        composite = add(product, "ProductSupply")
        add_territory(add(composite, "Market"), market)
        if in_list(68, product_supply["market_status"]):
            status = add(composite, "MarketPublishingDetail")
            add(status, "MarketPublishingStatus", product_supply["market_status"])
            add_dates(status, "MarketDate", 163, product_supply["market_dates"])
        for supply in product_supply["supplies"]:
            _add_supply(composite, supply, market, recipient)
        written += 1
    if not written:
        composite = add(product, "ProductSupply")
        add_territory(add(composite, "Market"), allowed)
        detail = _begin_supply(composite, None, None, recipient)
        # 99, contact supplier: a hard-coded 20 (available) brings withdrawn titles back (AUDIOBOOKS 3, OverDrive).
        add(detail, "ProductAvailability", "99")
        add(detail, "UnpricedItemType", "04")


def _begin_supply(composite: _Element, role: str | None, name: str | None, recipient: Recipient) -> _Element:
    detail = add(composite, "SupplyDetail")
    supplier = add(detail, "Supplier")
    add(supplier, "SupplierRole", role if in_list(93, role) else "00")
    add(supplier, "SupplierName", name if stated(name) else recipient.sender_name)
    return detail


def _add_supply(composite: _Element, supply: Block, market: frozenset[str], recipient: Recipient) -> None:
    detail = _begin_supply(composite, supply["supplier_role"], supply["supplier_name"], recipient)
    availability = supply["availability"]
    add(detail, "ProductAvailability", availability if in_list(65, availability) else "99")
    add_dates(detail, "SupplyDate", 166, supply["dates"])
    written = 0
    for price in recipient_prices(supply["prices"], recipient.model):
        countries = narrowed(price["territory"], market)
        if countries:
            _add_price(detail, price, countries, stated_territory=countries != market)
            written += 1
    if not written:
        # 04, contact supplier, expressly covers what is only for subscription (AUDIOBOOKS 1.10).
        add(detail, "UnpricedItemType", supply["unpriced"] if in_list(57, supply["unpriced"]) else "04")


def _add_price(detail: _Element, price: Block, countries: frozenset[str], *, stated_territory: bool) -> None:
    composite = add(detail, "Price")
    add(composite, "PriceType", price["type"])
    add_coded(composite, "PriceQualifier", 59, price["qualifier"])
    add(composite, "PriceAmount", money(price["amount"]))
    for tax in price["taxes"]:
        if positive(tax["percent"]) and float(tax["percent"]) <= 100:
            part = add(composite, "Tax")
            add_coded(part, "TaxType", 171, tax["type"])
            add_coded(part, "TaxRateCode", 62, tax["rate_code"])
            add_stated(part, "TaxRatePercent", tax["percent"])
    add(composite, "CurrencyCode", price["currency"])
    if stated_territory:
        add_territory(composite, countries)
    add_dates(composite, "PriceDate", 173, price["dates"])


def _add_withdrawn_supply(product: _Element, edition: Edition, recipient: Recipient) -> None:
    availability = edition.fact("availability")
    composite = add(product, "ProductSupply")
    add(add(add(composite, "Market"), "Territory"), "RegionsIncluded", "WORLD")
    detail = _begin_supply(composite, None, None, recipient)
    add(detail, "ProductAvailability", availability if availability in _GONE_AVAILABILITIES else "46")
    add(detail, "UnpricedItemType", "08")
