"""Codes that no list has: each is found where it stands, and weighs what it drives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bindery.catalogue.record_schema import RECORDS_SCHEMA
from bindery.errors import ConfigurationError
from bindery.findings import Finding
from bindery.quality.codes import leaves, path_in_3, unknown_codes
from bindery.quality.rules import rules
from bindery.reading import batch_of
from bindery.steps.derive import records_table
from bindery.trade.codelists import codelist, issues
from tests.onix.reading import message, product, read_bytes

RIGHTS = (
    "<PublishingDetail><PublishingStatus>04</PublishingStatus><SalesRights><SalesRightsType>01</SalesRightsType>"
    "<Territory><CountriesIncluded>GB IE</CountriesIncluded></Territory></SalesRights></PublishingDetail>"
)
SUPPLY = (
    "<ProductSupply><SupplyDetail><Supplier><SupplierRole>01</SupplierRole></Supplier>"
    "<ProductAvailability>20</ProductAvailability><Price><PriceType>02</PriceType><PriceAmount>9.99</PriceAmount>"
    "<CurrencyCode>EUR</CurrencyCode></Price></SupplyDetail></ProductSupply>"
)
WHOLE = product(
    "a",
    "<ProductFormDetail>A103</ProductFormDetail><Contributor><ContributorRole>E07</ContributorRole></Contributor>"
    "<Language><LanguageRole>08</LanguageRole><LanguageCode>eng</LanguageCode></Language>"
    "<Audience><AudienceCodeType>01</AudienceCodeType><AudienceCodeValue>01</AudienceCodeValue></Audience>",
).replace("</Product>", RIGHTS + SUPPLY + "</Product>")


def _table(folder: Path, *products: str, release: str = "3.0") -> pa.Table:
    _, parsed = read_bytes(folder, message(*products, root=f'ONIXMessage release="{release}"').encode())
    return records_table(batch_of(parsed), None, test_records=False)


def _found(folder: Path, *products: str, **judged: Any) -> list[Finding]:
    return unknown_codes(_table(folder, *products), **judged)


def test_known_codes_are_not_spoken_of(tmp_path: Path) -> None:
    assert _found(tmp_path, WHOLE) == []


@pytest.mark.parametrize(
    ("change", "verdict", "path", "words"),
    [
        (
            ("<ContributorRole>E07", "<ContributorRole>X99"),
            ("W5", "warn"), "Product/DescriptiveDetail/Contributor/ContributorRole",
            "ContributorRole is 'X99', which is not in List 17 of issue 73.",
        ),
        (
            ("<ProductIDType>15", "<ProductIDType>ISBN"),
            ("W5", "warn"), "Product/ProductIdentifier/ProductIDType", "'ISBN', which is not in List 5 of issue 73",
        ),
        (
            ("<NotificationType>03", "<NotificationType>12"),
            ("R1", "block"), "Product/NotificationType", "List 1 of issue 73",
        ),
        (
            ("<ProductForm>AJ", "<ProductForm>QQ"),
            ("W12", "warn"), "Product/DescriptiveDetail/ProductForm", "List 150 of issue 73",
        ),
        (
            ("<LanguageCode>eng", "<LanguageCode>en"),
            ("W2", "warn"), "Product/DescriptiveDetail/Language/LanguageCode", "List 74 of issue 73",
        ),
        (
            ("<PublishingStatus>04", "<PublishingStatus>4"),
            ("R4", "block"), "Product/PublishingDetail/PublishingStatus", "List 64 of issue 73",
        ),
        (
            ("<ProductAvailability>20", "<ProductAvailability>2O"),
            ("R4", "block"), "Product/ProductSupply/SupplyDetail/ProductAvailability", "List 65 of issue 73",
        ),
        (
            ("<SalesRightsType>01", "<SalesRightsType>09"),
            ("Q3", "hold_part"), "Product/PublishingDetail/SalesRights/SalesRightsType", "List 46 of issue 73",
        ),
        (
            ("GB IE", "UK IE"),
            ("Q3", "hold_part"), "Product/PublishingDetail/SalesRights/Territory/CountriesIncluded",
            "CountriesIncluded is 'UK', which is not in List 91 of issue 73.",
        ),
        (
            ("<PriceType>02", "<PriceType>99"),
            ("Q5", "hold_part"), "Product/ProductSupply/SupplyDetail/Price/PriceType", "List 58 of issue 73",
        ),
        (
            ("<CurrencyCode>EUR", "<CurrencyCode>EURO"),
            ("Q5", "hold_part"), "Product/ProductSupply/SupplyDetail/Price/CurrencyCode", "List 96 of issue 73",
        ),
        (
            ("<Price>", "<UnpricedItemType>77</UnpricedItemType><Price>"),
            ("Q5", "hold_part"), "Product/ProductSupply/SupplyDetail/UnpricedItemType", "List 57 of issue 73",
        ),
        (
            ("<AudienceCodeValue>01", "<AudienceCodeValue>55"),
            ("W5", "warn"), "Product/DescriptiveDetail/Audience/AudienceCodeValue", "List 28 of issue 73",
        ),
    ],
)  # fmt: skip
def test_an_unknown_code_weighs_what_it_drives(
    tmp_path: Path, change: tuple[str, str], verdict: tuple[str, str], path: str, words: str
) -> None:
    bad = WHOLE.replace(">a<", ">b<").replace(*change)
    assert bad.count(change[1]) == 1
    (found,) = _found(tmp_path, WHOLE, bad)
    assert (found["rule"], found["severity"], found["path"], found["position"]) == (*verdict, path, 1)
    assert words in found["text"]
    data = (tmp_path / "message.xml").read_bytes()
    start = data.index(b"<Product><RecordReference>b")
    assert (found["record_reference"], found["byte_start"]) == ("b", start)
    assert found["line"] == data[:start].count(b"\n") + 1
    assert found["fix"] in [check.fix for check in rules()[verdict[0]].checks]


def test_a_value_is_a_code_only_where_its_type_says_so(tmp_path: Path) -> None:
    graded = WHOLE.replace("<AudienceCodeType>01", "<AudienceCodeType>18").replace("CodeValue>01<", "CodeValue>ab12<")
    assert _found(tmp_path, graded) == []


def test_a_code_newer_than_the_issue_is_a_warning_whatever_it_drives(tmp_path: Path) -> None:
    newer = WHOLE.replace("<ContributorRole>E07", "<ContributorRole>A56").replace(">EUR<", ">XCG<")
    assert _found(tmp_path, newer) == []
    role, currency = _found(tmp_path, newer, issue=68)
    assert (role["rule"], role["severity"], currency["rule"], currency["severity"]) == ("W5", "warn", "W5", "warn")
    assert role["text"] == "ContributorRole is 'A56', which is newer than issue 68 of List 17: issue 72 has it."
    assert "issue 69 has it" in currency["text"]
    (after,) = _found(tmp_path, WHOLE.replace("<ProductFormDetail>A103", "<ProductFormDetail>B427"))
    assert "newer than issue 73 of List 175: issue 75 has it" in after["text"]
    assert _found(tmp_path, WHOLE.replace("<ProductFormDetail>A103", "<ProductFormDetail>B427"), issue=75) == []


def test_a_deprecated_code_is_a_tip(tmp_path: Path) -> None:
    (found,) = _found(tmp_path, WHOLE.replace("<ProductIDType>15", "<ProductIDType>05"))
    assert (found["rule"], found["severity"]) == ("W5", "tip")
    assert "List 5 has deprecated since issue 12" in found["text"]


OLD = (
    "<Product><RecordReference>old</RecordReference><NotificationType>12</NotificationType><ProductIdentifier>"
    "<ProductIDType>02</ProductIDType><IDValue>0306406152</IDValue></ProductIdentifier><ProductForm>AJ</ProductForm>"
    "<SupplyDetail><ProductAvailability>20</ProductAvailability><Price><PriceTypeCode>02</PriceTypeCode>"
    "<PriceAmount>9.99</PriceAmount></Price></SupplyDetail></Product>"
)


def test_onix_2_1_has_lists_and_elements_of_its_own(tmp_path: Path) -> None:
    full = OLD.replace(">12<", ">03<")
    wrong = full.replace(">AJ<", ">AO<").replace("<PriceTypeCode>02", "<PriceTypeCode>98")
    table = _table(tmp_path, OLD, full, wrong, release="2.1")
    form, price = unknown_codes(table, release="2.1")
    assert (form["path"], price["path"]) == ("Product/ProductForm", "Product/SupplyDetail/Price/PriceTypeCode")
    assert form["text"] == "ProductForm is 'AO', which is not in List 7 of issue 27."
    assert price["text"] == "PriceTypeCode is '98', which is not in List 58 of issue 73."
    assert (form["position"], price["position"]) == (2, 2)
    assert [path_in_3(one["path"] or "") for one in (form, price)] == [
        "Product/DescriptiveDetail/ProductForm",
        "Product/ProductSupply/SupplyDetail/Price/PriceType",
    ]


def test_what_is_no_audiobook_is_passed_over(tmp_path: Path) -> None:
    paper = WHOLE.replace(">AJ<", ">BC<").replace("<ContributorRole>E07", "<ContributorRole>X99")
    assert _found(tmp_path, paper) == []


def test_chunks_slices_and_unreadable_records_change_nothing(tmp_path: Path) -> None:
    bad = WHOLE.replace("<ContributorRole>E07", "<ContributorRole>X99").replace("GB IE", "GB UK UK")
    table = _table(tmp_path, WHOLE, WHOLE.replace(">AJ<", ">\x10<"), bad, WHOLE, bad)
    whole = unknown_codes(table)
    assert [(one["position"], one["rule"]) for one in whole] == [(2, "W5"), (2, "Q3"), (4, "W5"), (4, "Q3")]
    assert unknown_codes(pa.concat_tables([table.slice(0, 3), table.slice(3)])) == whole
    assert unknown_codes(table.slice(2, 2)) == whole[:2]
    assert unknown_codes(table.slice(0, 0)) == unknown_codes(RECORDS_SCHEMA.empty_table()) == []


def test_an_issue_that_is_not_shipped_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="issue 70"):
        _found(tmp_path, WHOLE, issue=70)


NO_CODES = {
    # What is no code: words, numbers, links, dates, and facts, which are drawn from the blocks.
    "type_name", "value", "text", "prefix", "without_prefix", "subtitle", "part_number", "title", "name",
    "name_inverted", "names_before_key", "key_names", "corporate_name", "alternative_names", "biography",
    "contributor_statement", "edition_statement", "scheme_name", "version", "code", "heading", "bounds", "quantity",
    "raw", "date", "precision", "html", "link", "sequence", "imprints", "outlets", "note", "market_reference",
    "supplier_name", "raw_amount", "percent", "record_reference", "record_source_name", "deletion_text", "touches",
    "kind",
}  # fmt: skip


def _strings(way: str, kind: pa.DataType) -> list[str]:
    if pa.types.is_struct(kind):
        return [found for field in kind for found in _strings(f"{way}.{field.name}", field.type)]
    if pa.types.is_list(kind):
        return _strings(f"{way}[]", kind.value_type)
    return [way] if pa.types.is_string(kind) else []


def test_every_leaf_of_the_record_model_is_governed_or_no_code() -> None:
    content = ("notification_type", "record_source_type", "identifiers", "descriptive", "collateral", "content")
    content += ("publishing", "related", "production", "supply", "record_source_name", "deletion_text", "kind")
    model = {way for name in content for way in _strings(name, RECORDS_SCHEMA.field(name).type)}
    governed = [".".join(leaf.steps).replace(".[]", "[]") for leaf in leaves()]
    assert len(set(governed)) == len(governed)
    assert set(governed) - model == set()
    left = {way for way in model - set(governed) if way.removesuffix("[]").rpartition(".")[2] not in NO_CODES}
    assert left == set()


def test_every_row_names_a_list_of_every_issue_and_a_check_of_the_registry() -> None:
    checks = {f"{check.rule}.{check.check}" for rule in rules().values() for check in rule.checks}
    for leaf in leaves():
        assert leaf.check in checks
        assert all(codelist(leaf.number, issue) for issue in issues())
        assert all(codelist(number, 27) for number in leaf.old_numbers)
