"""EDItEUR's schemas, one record at a time: what they accept and reject, and where they say it is."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from bindery.findings import Finding, Severity
from bindery.home import PROJECT
from bindery.onix.read import read_onix
from bindery.onix.validation import MOST_ERRORS, Validator, schema_file, validator
from tests.corpus import CORPUS, manifest, needs_corpus
from tests.onix.reading import message, shortened

SAMPLES = Path(str(distribution("onixcheck").locate_file("onixcheck/data")))

VALID = (
    "<Product>\n<RecordReference>a</RecordReference>\n<NotificationType>03</NotificationType>\n"
    "<ProductIdentifier>\n<ProductIDType>15</ProductIDType>\n<IDValue>9783161484100</IDValue>\n</ProductIdentifier>\n"
    "<DescriptiveDetail>\n<ProductComposition>00</ProductComposition>\n<ProductForm>AJ</ProductForm>\n"
    "<TitleDetail>\n<TitleType>01</TitleType>\n<TitleElement>\n<TitleElementLevel>01</TitleElementLevel>\n"
    "<TitleText>T</TitleText>\n</TitleElement>\n</TitleDetail>\n</DescriptiveDetail>\n"
    "<CollateralDetail>\n<TextContent>\n<TextType>03</TextType>\n<ContentAudience>00</ContentAudience>\n"
    "<Text>D</Text>\n</TextContent>\n</CollateralDetail>\n"
    "<PublishingDetail>\n<Imprint>\n<ImprintName>I</ImprintName>\n</Imprint>\n"
    "<PublishingStatus>04</PublishingStatus>\n<PublishingDate>\n<PublishingDateRole>01</PublishingDateRole>\n"
    "<Date>20260301</Date>\n</PublishingDate>\n<SalesRights>\n<SalesRightsType>01</SalesRightsType>\n<Territory>\n"
    "<RegionsIncluded>WORLD</RegionsIncluded>\n</Territory>\n</SalesRights>\n</PublishingDetail>\n"
    "<ProductSupply>\n<SupplyDetail>\n<Supplier>\n<SupplierRole>01</SupplierRole>\n<SupplierName>S</SupplierName>\n"
    "</Supplier>\n<ProductAvailability>20</ProductAvailability>\n<Price>\n<PriceType>02</PriceType>\n"
    "<PriceAmount>9.99</PriceAmount>\n<CurrencyCode>EUR</CurrencyCode>\n</Price>\n</SupplyDetail>\n</ProductSupply>\n"
    "</Product>"
)
VALID_2_1 = (
    "<Product><RecordReference>a</RecordReference><NotificationType>03</NotificationType><ProductIdentifier>"
    "<ProductIDType>15</ProductIDType><IDValue>9783161484100</IDValue></ProductIdentifier><ProductForm>AJ</ProductForm>"
    "<Title><TitleType>01</TitleType><TitleText>T</TitleText></Title><NoContributor/><NoEdition/>"
    "<Imprint><ImprintName>I</ImprintName></Imprint></Product>"
)
ROOT = 'ONIXMessage xmlns="http://ns.editeur.org/onix/{0}/reference" release="{0}"'
RIGHTS = "<RegionsIncluded>WORLD</RegionsIncluded>"
PRICE = (
    "<Price>\n<PriceType>02</PriceType>\n<PriceAmount>9.99</PriceAmount>\n<CurrencyCode>EUR</CurrencyCode>\n</Price>\n"
)
DENIAL = f"<SalesRights><SalesRightsType>03</SalesRightsType><Territory>{RIGHTS}</Territory></SalesRights>"
DURATION = (
    "<NoContributor/>\n<Extent>\n<ExtentType>09</ExtentType>\n<ExtentValue>0117799</ExtentValue>\n"
    "<ExtentUnit>16</ExtentUnit>\n</Extent>\n"
)


def _validated(path: Path, severity: Severity = Severity.WARN) -> list[Finding]:
    with read_onix(path, validate=severity) as opened:
        found = [finding for parsed in opened.records() for finding in parsed.findings]
        return [one for one in [*found, *opened.counts.findings] if one["rule"] == "R4"]


def _of(folder: Path, xml: str, encoding: str = "utf-8") -> list[Finding]:
    path = folder / "message.xml"
    path.write_bytes(xml.encode(encoding))
    return _validated(path)


def _named(name: str) -> list[Finding]:
    return _validated(SAMPLES / name)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("valid_*.xml")))
def test_onixchecks_valid_samples_are_valid(name: str) -> None:
    assert _named(name) == []


@pytest.mark.parametrize("name", ["invalid_onix3_ref.xml", "invalid_google_onix_3.xml", "win_console_issue.xml"])
def test_onixchecks_invalid_samples_are_not(name: str) -> None:
    assert _named(name) != []


def test_a_zero_width_character_in_a_code_is_found_where_it_is() -> None:
    (found,) = [one for one in _named("win_console_issue.xml") if "NameIDType" in (one["path"] or "")]
    lines = (SAMPLES / "win_console_issue.xml").read_text("utf-8").splitlines()
    assert "NameIDType" in lines[(found["line"] or 0) - 1]
    assert "\u200e" in found["text"] or "\u200b" in found["text"] or "\\u20" in found["text"]
    assert "List 44 of issue 75" in found["text"]


@pytest.mark.parametrize("release", ["3.0", "3.1"])
@pytest.mark.parametrize("short", [False, True])
def test_a_record_is_valid_in_either_release_and_style(release: str, short: bool) -> None:  # noqa: FBT001 - a case
    record = shortened(VALID) if short else VALID
    assert validator(release, short=short).errors(record.encode()) == []


def test_a_record_of_2_1_is_valid_in_either_style() -> None:
    assert validator("2.1", short=False).errors(VALID_2_1.encode()) == []
    assert validator("2.1", short=True).errors(shortened(VALID_2_1).encode()) == []
    (found,) = validator("2.1", short=False).errors(VALID_2_1.replace(">AJ<", ">AO<").encode())
    assert found.text == "ProductForm: 'AO' is not in List 7 of issue 27."


ACCEPTED = {
    "an ISBN with a wrong check digit": ("9783161484100", "9783161484101"),
    "N/A as an ISBN": ("9783161484100", "N/A"),
    "no contributor, no language, no duration": ("x", "x"),
    "a price without currency": ("<CurrencyCode>EUR</CurrencyCode>\n", ""),
    "a price without type": ("<PriceType>02</PriceType>\n", ""),
    "two prices of one key": (PRICE, PRICE + PRICE.replace("9.99", "8.99")),
    "WORLD beside other regions": (">WORLD<", ">WORLD CA-QC<"),
    "uncovered countries": (RIGHTS, "<CountriesIncluded>GB</CountriesIncluded>"),
    "contradictory rights": ("</SalesRights>", f"</SalesRights>\n{DENIAL}"),
    "a duration of 77 minutes 99 seconds": ("</TitleDetail>\n", f"</TitleDetail>\n{DURATION}"),
    "a date in month 13": ("20260301", "20251332"),
    "a date with hyphens": ("20260301", "2025-01-01"),
    "HTML escaped twice": ("<Text>D<", "<Text>&amp;lt;p&amp;gt;D&amp;lt;/p&amp;gt;<"),
}
REJECTED = {
    "an amount of 0.00": (">9.99<", ">0.00<"),
    "an amount with a comma": (">9.99<", ">12,99<"),
    "ROW as a region": (">WORLD<", ">ROW<"),
    "UK as a country": (RIGHTS, "<CountriesIncluded>UK</CountriesIncluded>"),
    "countries with commas": (RIGHTS, "<CountriesIncluded>US, CA</CountriesIncluded>"),
    "an unknown code": ("<ProductForm>AJ", "<ProductForm>QQ"),
    "a notification type of 2.1": ("<NotificationType>03", "<NotificationType>12"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_the_schema_does_not_see(name: str) -> None:
    old, new = ACCEPTED[name]
    assert validator("3.1", short=False).errors(VALID.replace(old, new).encode()) == []


@pytest.mark.parametrize("name", REJECTED)
def test_what_the_schema_rejects(name: str) -> None:
    old, new = REJECTED[name]
    assert VALID.count(old) == 1
    assert validator("3.1", short=False).errors(VALID.replace(old, new).encode()) != []


@pytest.mark.parametrize(
    ("old", "new", "path", "text"),
    [
        (
            "<ProductForm>AJ", "<ProductForm>QQ", "Product/DescriptiveDetail/ProductForm",
            "ProductForm: 'QQ' is not in List 150 of issue 75.",
        ),
        (
            RIGHTS, "<CountriesIncluded>GB UK</CountriesIncluded>",
            "Product/PublishingDetail/SalesRights/Territory/CountriesIncluded", "List 91",
        ),
        (
            "<Date>", '<Date dateformat="99">', "Product/PublishingDetail/PublishingDate/Date",
            "Date/@dateformat: '99' is not in List 55 of issue 75.",
        ),
    ],
)  # fmt: skip
def test_an_error_names_list_issue_path_line_and_byte(tmp_path: Path, old: str, new: str, path: str, text: str) -> None:
    bad = VALID.replace(">a<", ">b<").replace(old, new)
    xml = message(VALID, bad, root=ROOT.format("3.0"))
    (found,) = _of(tmp_path, xml)
    start = xml.index(bad)
    assert (found["rule"], found["severity"], found["position"], found["record_reference"]) == ("R4", "warn", 1, "b")
    assert (found["path"], found["byte_start"]) == (path, start)
    assert new in xml.splitlines()[(found["line"] or 0) - 1]
    assert text in found["text"]
    assert "(ONIX 3.0 schema, revision 3.0.8.0, code lists issue 75)" in found["text"]


def test_short_tags_are_told_by_their_names(tmp_path: Path) -> None:
    xml = shortened(message(VALID.replace("<ProductForm>AJ", "<ProductForm>QQ"), root=ROOT.format("3.1")))
    (found,) = _of(tmp_path, xml)
    assert found["path"] == "Product/DescriptiveDetail/ProductForm"
    assert found["text"].startswith("ProductForm: 'QQ' is not in List 150 of issue 75. (ONIX 3.1 schema")


@pytest.mark.parametrize(
    "root",
    [
        'ONIXMessage release="3.0"',
        'ONIXMessage xmlns="http://www.editeur.org/onix/3.0/reference" release="3.0"',
        'ONIXMessage xmlns="http://ns.editeur.org/onix/3.1/reference" release="3.0"',
        'ONIXMessage xmlns="http://ns.editeur.org/onix/3.0/short" release="3.0"',
    ],
)
def test_a_namespace_that_is_wrong_or_absent_is_mapped_first(tmp_path: Path, root: str) -> None:
    assert _of(tmp_path, message(VALID, root=root)) == []
    (found,) = _of(tmp_path, message(VALID.replace("<ProductForm>AJ", "<ProductForm>QQ"), root=root))
    assert found["path"] == "Product/DescriptiveDetail/ProductForm"


def test_prefixes_are_read_too(tmp_path: Path) -> None:
    def prefixed(xml: str) -> str:
        return xml.replace("<", "<o:").replace("<o:/", "</o:").replace("xmlns=", "xmlns:o=")

    assert _of(tmp_path, prefixed(message(VALID, root=ROOT.format("3.0")))) == []
    bad = prefixed(message(VALID.replace("<ProductForm>AJ", "<ProductForm>QQ"), root=ROOT.format("3.0")))
    (found,) = _of(tmp_path, bad)
    assert found["path"] == "Product/DescriptiveDetail/ProductForm"


def test_other_encodings_and_entities_are_no_errors(tmp_path: Path) -> None:
    record = VALID.replace("<TitleText>T", "<TitleText>Café &ndash; Crème")
    head = '<?xml version="1.0" encoding="{}"?>'
    for encoding in ("iso-8859-1", "utf-16"):
        assert _of(tmp_path, message(record, root=ROOT.format("3.0"), head=head.format(encoding)), encoding) == []


def test_the_header_is_validated_likewise(tmp_path: Path) -> None:
    xml = message(VALID, root=ROOT.format("3.0")).replace("<SentDateTime>", "<MessageNumber>1</MessageNumber>\n<X/>")
    xml = xml.replace("20260301</SentDateTime>", "<SentDateTime>20260301</SentDateTime>")
    (found,) = _of(tmp_path, xml)
    assert (found["path"], found["position"], found["severity"]) == ("Header/X", None, "warn")
    assert (found["line"], found["byte_start"]) == (3, xml.index("<Header>"))


@pytest.mark.parametrize("short", [False, True])
def test_a_header_of_2_1_is_validated_too(short: bool) -> None:  # noqa: FBT001 - a case
    good = "<Header><FromCompany>S</FromCompany><SentDate>20260301</SentDate></Header>"
    bad = good.replace("<SentDate>", "<SentDateTime>").replace("</SentDate>", "</SentDateTime>")
    style = shortened if short else str
    assert validator("2.1", short=short).header_errors(style(good).encode()) == []
    (found,) = validator("2.1", short=short).header_errors(style(bad).encode())
    assert found.path == "Header/SentDateTime"


def test_a_reference_sent_twice_is_found_although_each_record_is_valid(tmp_path: Path) -> None:
    (found,) = _of(tmp_path, message(VALID, VALID.replace(">a<", ">b<"), VALID, root=ROOT.format("3.1")))
    assert (found["position"], found["path"]) == (2, "Product/RecordReference")
    assert "An earlier record of this message has the RecordReference a, too." in found["text"]


def test_a_block_update_of_everything_wrong_is_cut_and_counted(tmp_path: Path) -> None:
    bad = "<PublishingDate><PublishingDateRole>99</PublishingDateRole><Date>20260301</Date></PublishingDate>\n"
    found = _of(tmp_path, message(VALID.replace("<SalesRights>", bad * 30 + "<SalesRights>"), root=ROOT.format("3.0")))
    assert len(found) == MOST_ERRORS + 1
    assert "10 things more" in found[-1]["text"]


def test_a_feed_may_let_it_block(tmp_path: Path) -> None:
    path = tmp_path / "message.xml"
    path.write_text(message(VALID.replace("AJ", "QQ"), root=ROOT.format("3.0")))
    assert [one["severity"] for one in _validated(path, Severity.BLOCK)] == [Severity.BLOCK]


def test_the_packages_code_is_never_imported() -> None:
    program = (
        "import sys; from bindery.onix.validation import validator\n"
        "assert validator('3.0', short=False).issue == 75\n"
        "assert not {'onixcheck', 'isbnlib'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": str(PROJECT / "plugins")})


def test_the_schemas_are_loaded_from_the_package() -> None:
    for release in ("2.1", "3.0", "3.1"):
        for short in (False, True):
            assert schema_file(release, short=short).is_file()
            assert Validator(release, short=short).release == release


@needs_corpus
def test_real_messages_are_judged_as_a_validator_of_whole_messages_judged_them() -> None:
    verdicts = {row["path"]: row["xsd_check"] for row in manifest() if row["format"] == "ONIX"}
    valid = [path for path, verdict in verdicts.items() if verdict == "valid"]
    invalid = [path for path, verdict in verdicts.items() if verdict.startswith("invalid")]
    assert len(valid) > 60
    assert len(invalid) > 25
    said = {path: found for path in valid if (found := _validated(CORPUS / path))}
    # The schema of 2.1 lets a message say a RecordReference twice; those of 3.x don't.
    assert {one["path"] for found in said.values() for one in found} == {"Product/RecordReference"}
    assert sorted(path.rpartition("/")[2] for path in said) == [
        "Sample-5-Products.xml",
        "Sample-50-Products.xml",
        "Sample-500-Products.xml",
        "onix2-multiple.xml",
    ]
    unseen = [path for path in invalid if not _validated(CORPUS / path)]
    assert [verdicts[path][:40] for path in unseen] == ["invalid (1): Element 'ONIXMessage': Miss"], (
        "a message without records has none to validate; rule F16 speaks of it"
    )
