"""What a release of ONIX can't express of what the record model holds: the published list (FEATURES P1).

The same title in ONIX 2.1, 3.0 and 3.1, in reference or short tags, is the same record but for the fields listed here.
A test reads the same titles in all six dialects and holds the list to it: nothing else may differ, and everything
listed does.

``python -m bindery.onix.dialects`` writes ``docs/dialects.md``.
"""

from __future__ import annotations

from typing import NamedTuple

from bindery.home import PROJECT

DOCUMENT = PROJECT / "docs" / "dialects.md"


class Inexpressible(NamedTuple):
    """One field that a release can't express.

    Attributes:
        release: Which one.
        field: A field of ``bindery read --json``, such as ``prices[].taxes[].type``; with ``[]`` at its end, items of
            the list.
        why: What the release has instead, if anything.
        only: Field beside it and the values, joined by ``|``, that can't be expressed; empty for all of them.
    """

    release: str
    field: str
    why: str
    only: str = ""


INEXPRESSIBLE = (
    Inexpressible("2.1", "chapters", "No AVItem: audiovisual content items came with 3.0.5."),
    Inexpressible(
        "2.1", "contributors[].alternative_names", "No voice replica, so no name of whose voice it is.", "unnamed=08"
    ),
    Inexpressible("2.1", "collections[].type", "No CollectionType for Series."),
    Inexpressible("2.1", "composition", "No ProductComposition: ContainedItem alone tells a product of several items."),
    Inexpressible("2.1", "contributors[].unnamed", "List 19 ends at 07 in issue 27.", "unnamed=08|09"),
    Inexpressible(
        "2.1",
        "dates[]",
        "No embargoes of publishing; OnSaleDate of a SupplyDetail is one of supply.",
        "role=02|27|30|31",
    ),
    Inexpressible("2.1", "dates[].format", "Dates are elements of their own, always YYYYMMDD or a part of it."),
    Inexpressible(
        "2.1",
        "descriptions[].audiences",
        "No ContentAudience; types of List 33 mark what is for the trade or the press.",
    ),
    Inexpressible(
        "2.1",
        "markets[].supplies[].dates[]",
        "An embargo of publishing is sent as OnSaleDate, which is one of supply.",
        "role=02",
    ),
    Inexpressible(
        "2.1", "narration_type", "No voice replica: it is sent as a synthesised voice.", "narration_type=voice_replica"
    ),
    Inexpressible(
        "2.1", "narrators", "No voice replica, so no name of whose voice it is.", "narration_type=voice_replica|mixed"
    ),
    Inexpressible("2.1", "prices[].dates[].format", "Dates are elements of their own, always YYYYMMDD."),
    Inexpressible("2.1", "prices[].taxes[].type", "No TaxType: a tax is a rate."),
    Inexpressible(
        "2.1", "primary_content_type", "No PrimaryContentType; ProductContentType doesn't say which is the main one."
    ),
    Inexpressible("2.1", "product_form", "List 7 has neither streaming nor digital delivery.", "product_form=AN|AO|ED"),
    Inexpressible(
        "2.1", "product_content_types", "No PrimaryContentType: the primary one is sent as a ProductContentType, too."
    ),
    Inexpressible("2.1", "resources[].audiences", "No ContentAudience for media files."),
    Inexpressible(
        "2.1", "resources[].features", "No features; List 39 names formats of its own, which are counted as unmapped."
    ),
    Inexpressible(
        "2.1", "resources[].form", "No ResourceForm: List 40 says what kind of link it is, not whether to copy."
    ),
    Inexpressible(
        "2.1", "sales_rights[].countries_excluded", "No exclusions; NotForSale says the same, as a right of its own."
    ),
    Inexpressible(
        "2.1", "restrictions", "SalesRestriction stands for the whole record, so those of its rights are here."
    ),
    Inexpressible(
        "2.1", "sales_rights[].restrictions", "SalesRestriction stands for the whole record: see restrictions."
    ),
    Inexpressible(
        "2.1",
        "subscription_countries",
        "A restriction of one right stands for all of them, the rest of the world among them, so less is allowed.",
        "row_sales_rights_type=01|02",
    ),
    Inexpressible("2.1", "technical_protections", "No EpubTechnicalProtection."),
)


def document() -> str:
    """The list in Markdown: the text of ``docs/dialects.md``."""
    lines = [
        "# What a release of ONIX cannot express",
        "",
        "The same title in ONIX 2.1, 3.0 and 3.1, in reference or short tags, becomes the same record, but for the",
        "fields below. Fields are those of `bindery read --json` (`docs/read.schema.json`). Made by",
        "`python -m bindery.onix.dialects`; a test reads the same titles in all six dialects and fails where the list",
        "and the records differ.",
        "",
        "What differs in a field may still mean the same: countries excluded from a territory in 3.x are a",
        "`NotForSale` in 2.1, and both leave the same countries to sell in.",
        "",
        "| release | field | values | why |",
        "|---|---|---|---|",
    ]
    lines += [f"| {one.release} | `{one.field}` | {_values(one)} | {one.why} |" for one in INEXPRESSIBLE]
    return "\n".join(lines) + "\n"


def _values(one: Inexpressible) -> str:
    beside, _, values = one.only.partition("=")
    return f"where `{beside}` is {values.replace('|', ', ')}" if one.only else "all"


def main() -> None:
    """Write ``docs/dialects.md``."""
    DOCUMENT.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
