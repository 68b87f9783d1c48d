"""Twins: the same products in short and in reference tags, and in 2.1 and 3.0, give the same records.

Three pairs of the corpus are equal to the last value. In the others the files themselves state different things; those
values are listed here, all else is equal. White space inside texts is compared as one blank, because the files of a
pair are indented differently.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.corpus import needs_corpus
from tests.onix.golden.reading import differences, document, pairs, records

pytestmark = needs_corpus

JAERITH = "jaerith+ONIX-Data/OnixData.Standard.BaseTests/Samples"
YY = "aragorn-yang+yy-onix-php"

NEWER_SUBJECT: dict[str, tuple[Any, Any]] = {"[0]/subjects[4]/version": ("2017", "2009")}

SHORT_AND_REFERENCE = [
    ("zach-m+jonix/Onix3.1-single-ref.xml", "zach-m+jonix/Onix3.1-single-short.xml", {}),
    ("zach-m+jonix/single-book-onix3.xml", "zach-m+jonix/single-book-onix3-short.xml", NEWER_SUBJECT),
    (f"{JAERITH}/Onix3sample_refnames_blockupdate.xml", f"{JAERITH}/Onix3sample_shorttags_blockupdate.xml", {}),
    (f"{YY}/V30/samples/sample.v.3.0.ref.xml", f"{YY}/V30/samples/sample.v.3.0.tag.xml", {}),
    ("titusz+onixcheck/valid_onix3_ref.xml", "titusz+onixcheck/valid_onix3_short.xml", {}),
    ("titusz+onixcheck/valid_onix3_ref.xml", "titusz+onixcheck/valid_onix3_ref_ns.xml", {}),
    (
        f"{JAERITH}/Onix3SupportingResourceSample1.xml",
        f"{JAERITH}/Onix3SupportingResourceSample1ShortTags.xml",
        {},
    ),
    (
        f"{JAERITH}/Onix3sample_refnames.xml",
        f"{JAERITH}/Onix3sample_shorttags.xml",
        {
            **NEWER_SUBJECT,
            "[0]/contributors[3]/alternative_names": (["Henning Mankell"], []),
            "[0]/contributors[3]/key_names": ("Mankell I", "Mankell"),
            "[0]/contributors[3]/name": ("Henning Mankell I", "Henning Mankell"),
            "[0]/publisher": ("HarperCollins Publishers", "HarperCollins 'Doppleganger' Publishers"),
            "[0]/publishers[0]/name": ("HarperCollins Publishers", "HarperCollins 'Doppleganger' Publishers"),
            "[0]/publishers[0]/role": ("01", "07"),
            "[0]/prices[3]/amount": ("10.99", "7.99"),
            "[0]/prices[3]/type": ("01", "05"),
            "[0]/markets[0]/supplies[0]/dates": (
                [{"role": "18", "raw": "01/21/2022", "format": None, "date": None, "precision": None}],
                [],
            ),
            "[0]/unmapped/Product/Barcode/BarcodeType": (None, 1),
            "[0]/unmapped/Product/Barcode/PositionOnProduct": (None, 1),
            "[0]/unmapped/Product/DescriptiveDetail/Complexity/ComplexityCode": (None, 2),
            "[0]/unmapped/Product/DescriptiveDetail/Complexity/ComplexitySchemeIdentifier": (None, 2),
            "[0]/unmapped/Product/DescriptiveDetail/Contributor/AlternativeName/NameType": (1, None),
            "[0]/unmapped/Product/ProductSupply/SupplyDetail/Supplier/SupplierIdentifier/IDValue": (3, 2),
            "[0]/unmapped/Product/ProductSupply/SupplyDetail/Supplier/SupplierIdentifier/SupplierIDType": (3, 2),
        },
    ),
]


@pytest.mark.parametrize(("reference", "short", "stated"), SHORT_AND_REFERENCE)
def test_tags_make_no_difference(reference: str, short: str, stated: dict[str, tuple[Any, Any]]) -> None:
    assert differences(records(reference), records(short)) == stated


def test_tags_of_2_1_make_no_difference() -> None:
    """The reference file misspells two names (Audiencerange, BISACMainSubject), which are counted and not guessed."""
    found = differences(
        records(f"{YY}/V21/samples/sample.v.2.1.ref.onx"), records(f"{YY}/V21/samples/sample.v.2.1.tag.onx")
    )
    # The texts are typed in twice, with other quotation marks and dashes.
    texts = {path for path in found if path.endswith(("/html", "/raw", "/biography"))}
    assert {path: found[path] for path in found.keys() - texts - {"[0]/subjects"}} == {
        "[0]/audience_ranges": ([], [{"qualifier": "11", "precisions": ["03", "04"], "bounds": ["11", "17"]}]),
        "[0]/unmapped/Product/Audiencerange/AudienceRangePrecision": (2, None),
        "[0]/unmapped/Product/Audiencerange/AudienceRangeQualifier": (1, None),
        "[0]/unmapped/Product/Audiencerange/AudienceRangeValue": (2, None),
        "[0]/unmapped/Product/BISACMainSubject": (1, None),
    }
    without, with_main = found["[0]/subjects"]
    assert with_main[1:] == without
    assert (with_main[0]["scheme"], with_main[0]["code"], with_main[0]["main"]) == ("10", "REF008000", True)


IN_BOTH_RELEASES = (
    "record_reference",
    "notification_type",
    "kind",
    "record_source_type",
    "record_source_name",
    "isbn13",
    "identifiers",
    "is_audio",
    "product_form_details",
    "title",
    "subtitle",
    "contributors",
    "contributor_statement",
    "authors",
    "languages",
    "language",
    "extents",
    "edition_types",
    "audiences",
    "audience_ranges",
    "publisher",
    "imprints",
    "country",
    "publishing_status",
    "publication_date",
    "sales_rights",
    "rights_status",
    "sale_countries",
    "subscription_countries",
    "availability",
)
PRICE = ("type", "qualifier", "amount", "currency", "countries_included", "regions_included", "supplier_name")


def test_releases_make_no_difference() -> None:
    """21 products that one sender sends in both releases: equal in all that both releases can say.

    Not in what 2.1 has no element for (composition, audience and form of a resource, type of a tax, date formats) and
    in what the sender writes otherwise: three product forms (2.1's WW and WX are 3.0's SA), a work's relation, series
    titles without their number, and one review whose type has no equal in 3.0.
    """
    old, new = records("zach-m+jonix/samples/onix2-multiple.xml"), records("zach-m+jonix/samples/onix3-multiple.xml")
    assert len(old) == len(new) == 21
    for two, three in zip(old, new, strict=True):
        assert {name: two[name] for name in IN_BOTH_RELEASES} == {name: three[name] for name in IN_BOTH_RELEASES}
        assert pairs(two["prices"], *PRICE) == pairs(three["prices"], *PRICE)
        assert [one["raw"] for one in two["descriptions"]] == [one["raw"] for one in three["descriptions"]]
    forms = [(two["product_form"], three["product_form"]) for two, three in zip(old, new, strict=True)]
    assert {pair for pair in forms if pair[0] != pair[1]} == {("WW", "SA"), ("WX", "SA")}
    kinds = [
        (one["type"], other["type"])
        for two, three in zip(old, new, strict=True)
        for one, other in zip(two["descriptions"], three["descriptions"], strict=True)
    ]
    assert [pair for pair in kinds if pair[0] != pair[1]] == [("06", "07")]


def test_tag_styles_are_told_from_each_other() -> None:
    styles = {path: document(path)["message"]["tags"] for pair in SHORT_AND_REFERENCE for path in pair[:2]}
    mixed = {path for path, style in styles.items() if style == "mixed"}
    assert mixed == {
        f"{YY}/V30/samples/sample.v.3.0.tag.xml",
        f"{JAERITH}/Onix3SupportingResourceSample1ShortTags.xml",
    }
    assert all(style == "short" for path, style in styles.items() if "short" in path.lower() and path not in mixed)
    assert all(style == "reference" for path, style in styles.items() if "ref" in path)
