"""The simulated records say in their blocks what their facts say."""

from __future__ import annotations

from itertools import product

import pytest

from bindery.catalogue.facts_of import facts_of
from tests.catalogue.feeding import full, records_of

DECIDED = (
    "publisher",
    "publication_date",
    "embargoed_until",
    "rights_status",
    "sale_countries",
    "subscription_countries",
    "publishing_withdrawal",
    "price_amount",
    "price_currency",
    "supply_withdrawal",
)


@pytest.mark.parametrize("supply_withdrawal", [None, "availability:46", "market_status:11"])
@pytest.mark.parametrize("publishing_withdrawal", [None, "publishing_status:11"])
def test_blocks_state_the_facts(publishing_withdrawal: str | None, supply_withdrawal: str | None) -> None:
    countries = ((), ("GB",), ("IE",), ("GB", "IE", "US"))
    sent = [
        full(
            sale=sale,
            subscription=subscription,
            publishing_withdrawal=publishing_withdrawal,
            supply_withdrawal=supply_withdrawal,
        )
        for sale, subscription in product(countries, repeat=2)
    ]
    given = records_of(sent)
    assert facts_of(given).select(DECIDED).to_pylist() == given.select(DECIDED).to_pylist()
