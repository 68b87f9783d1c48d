"""Every XML file of the corpus is read, or refused for the right reason.

What is read is held to the corpus's manifest, which other software wrote: release, tag style, encoding, sender, number
of products, their notification types and product forms.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from typer.testing import CliRunner

from bindery.cli import build
from bindery.errors import RefusedError
from tests.corpus import CORPUS, manifest, needs_corpus
from tests.onix.golden.reading import document

pytestmark = [needs_corpus, pytest.mark.slow]

XML = (".xml", ".onx")
FILES = {row["path"]: row for row in manifest() if row["path"].endswith(XML)}
OAPEN = "The-Academic-Observatory+oaebu-workflows/fixtures/oapen_metadata"

NOT_ONIX = {
    "ThePalaceProject+circulation/boundless/collection.xml": "availabilityResponse",
    "ThePalaceProject+circulation/boundless/single_item.xml": "availabilityResponse",
    "ThePalaceProject+circulation/boundless/tiny_collection.xml": "availabilityResponse",
    "titusz+onixcheck/invalid_onix_root.xml": "ONIXMESAGE",
    **{
        f"yob+onix/{name}.xml": root
        for name, root in {
            "audience_range": "AudienceRange",
            "contributor": "Contributor",
            "header": "Header",
            "header_invalid_sentdate": "Header",
            "imprint": "Imprint",
            "language": "Language",
            "market_representation": "MarketRepresentation",
            "measure": "Measure",
            "media_file": "MediaFile",
            "other_text": "OtherText",
            "price": "Price",
            "product_identifier": "ProductIdentifier",
            "publisher": "Publisher",
            "sales_restriction": "SalesRestriction",
            "sender_identifier": "SenderIdentifier",
            "series": "Series",
            "series_identifier": "SeriesIdentifier",
            "stock": "Stock",
            "subject": "Subject",
            "supply_detail": "SupplyDetail",
            "title": "Title",
            "website": "Website",
        }.items()
    },
}
"""Files whose root is no message and no product, and that root."""

BROKEN = {
    f"{OAPEN}/oapen_metadata_download_invalid.xml": "incomplete upload",
    f"{OAPEN}/oapen_metadata_parsed_invalid.xml": "incomplete upload",
    "yob+onix/product_google_sample_onix_2.1.xml": "goes on after the end of its Product",
}
"""Files that break off, and two products one after the other without a root."""


@pytest.mark.parametrize("path", sorted(NOT_ONIX))
def test_what_is_no_onix_message_is_refused_by_its_root(path: str) -> None:
    with pytest.raises(RefusedError, match=f"not an ONIX message: its root element is {NOT_ONIX[path]}") as caught:
        document(path)
    assert caught.value.rule == "F5"


@pytest.mark.parametrize("path", sorted(BROKEN))
def test_what_is_not_whole_is_refused(path: str) -> None:
    with pytest.raises(RefusedError, match=BROKEN[path]) as caught:
        document(path)
    assert caught.value.rule == "F1"
    assert CliRunner().invoke(build(), ["read", str(CORPUS / path)]).exit_code == 2


OTHERWISE: dict[str, dict[str, tuple[Any, Any]]] = {
    # One short tag (mainsubject) among 205 reference tags; and GOLDEN.md itself calls the second file mixed.
    "aragorn-yang+yy-onix-php/V21/samples/sample.v.2.1.ref.onx": {"tags": ("mixed", "reference")},
    "jaerith+ONIX-Data/OnixData.Standard.BaseTests/Samples/Onix3SupportingResourceSample1ShortTags.xml": {
        "tags": ("mixed", "reference")
    },
    # ProductSupply is in no release before 3.0.
    **{
        f"NatLibFi+melinda-record-import-transformer-onix/transform/product-utils/get-source/{case}/input.xml": {
            "release": ("3.0", "2.1")
        }
        for case in ("01", "02", "03")
    },
    # The manifest says where these come from; their header names no sender.
    **{
        f"blinkboxbooks+spreadsheet-processor/examples/{name}-9780111222333.xml": {
            "sender": ("", "blinkbox Books (Mobcast/publisher sheets)")
        }
        for name in ("xls", "xlsx")
    },
    # Nothing of a deleted product is read but who it was.
    "elibri+elibri_onix/onix_deleted_product_example.xml": {"forms": (Counter({"": 1}), Counter({"BA": 1}))},
}
"""Where the manifest is wrong or means something else: ours, and what it states."""

READ = sorted(FILES.keys() - NOT_ONIX.keys() - BROKEN.keys())


def _counts(stated: str) -> Counter[str]:
    """``BC:10 -:1``: how often each code occurs, and how often none."""
    found: Counter[str] = Counter()
    for one in stated.split():
        code, _, count = one.rpartition(":")
        found["" if code == "-" else code] += int(count)
    return found


def _encoding(stated: str) -> str:
    declared = re.search(r"declared ([^)]+)", stated)
    return declared[1].lower() if declared else "utf-8"


@pytest.mark.parametrize("path", READ)
def test_what_is_read_is_what_the_manifest_states(path: str) -> None:
    row, read = FILES[path], document(path)
    message, records = read["message"], read["records"]
    wrong: dict[str, tuple[Any, Any]] = {}

    def hold(what: str, ours: Any, stated: Any) -> None:
        if ours != stated:
            wrong[what] = (ours, stated)

    version = row["version"].replace("3.x", "3.0").partition("(")[0]
    if version != "?":
        hold("release", message["release"], version)
    hold("tags", message["tags"], row["tag_style"])
    hold("encoding", message["encoding"], _encoding(row["encoding"]))
    hold("sender", message["sender"] or "", row["sender"])
    hold("sha256", message["sha256"], row["sha256"])
    hold("received", read["counts"]["received"], int(row["n_products"]))
    of_records: Counter[str] = Counter()
    for one in records:
        of_records.update(one["unmapped"])
    # Elements beside the records, such as a sender's extensions, are counted for the message alone.
    hold("unmapped", dict(of_records), {name: n for name, n in read["unmapped"].items() if name.startswith("Product/")})
    if not read["counts"]["unreadable"]:
        types = Counter(one["notification_type"] or "" for one in records)
        hold("types", types, _counts(row["notification_types"]))
        hold("forms", Counter(one["product_form"] or "" for one in records), _counts(row["product_forms"]))
        audio = sum((one["product_form"] or "").startswith("A") for one in records)
        hold("audio", audio, int(row["n_audio"] or 0))
    assert wrong == OTHERWISE.get(path, {})
