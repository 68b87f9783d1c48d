"""Blocks 2, 3 and 5 of ONIX 3.0: CollateralDetail, ContentDetail, RelatedMaterial (AUDIOBOOKS 1.6, 1.7, 1.11)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from bindery.delivery.codes import in_list
from bindery.delivery.onix_parts import Block, add, add_dates, add_identifiers, add_stated, stated
from bindery.delivery.xhtml import fill, has_text
from bindery.trade.dates import latest_day

if TYPE_CHECKING:
    from lxml.etree import _Element

RESTRICTED_AUDIENCES: Final = frozenset({"01", "02", "07"})
"""List 154: restricted, book trade, press. A text for these alone never leaves the house (AUDIOBOOKS 1.7)."""

_CONSUMER_RESOURCES: Final = {
    "01": "03",
    "04": "03",
    "05": "03",
    "06": "03",
    "07": "03",
    "08": "03",
    "09": "03",
    "10": "03",
    "11": "02",
    "12": "02",
    "13": "02",
    "15": "02",
    "19": "04",
    "26": "05",
    "27": "03",
    "45": "03",
}
"""List 158 codes that are for anybody, with the mode (List 159) each has where none is stated.

The record model does not keep a resource's audience, so the others (full content, review copies, press and
advertising matter) stay here.
"""

_LINK: Final = re.compile(r"(?:https?|ftps?)://\S+", re.IGNORECASE)


def open_audiences(text: Block) -> list[str]:
    """The audiences (List 154) a text may be passed on for; none where it is restricted."""
    if not text["audiences"]:
        return ["00"]
    return [
        code for code in dict.fromkeys(text["audiences"]) if code not in RESTRICTED_AUDIENCES and in_list(154, code)
    ]


def add_collateral(product: _Element, block: Block | None, day: date) -> None:
    """Append CollateralDetail without restricted texts and without resources that are not out yet."""
    if block is None:
        return
    texts = [
        text
        for text in block["texts"]
        if in_list(153, text["type"]) and open_audiences(text) and has_text(text["html"])
    ]
    resources = [resource for resource in block["resources"] if _may_pass(resource, day)]
    if not texts and not resources:
        return
    detail = add(product, "CollateralDetail")
    for text in texts:
        _add_text(detail, text)
    for resource in resources:
        _add_resource(detail, resource)


def _add_text(detail: _Element, text: Block) -> None:
    composite = add(detail, "TextContent")
    add(composite, "TextType", text["type"])
    for code in open_audiences(text):
        add(composite, "ContentAudience", code)
    element = add(composite, "Text")
    fill(element, text["html"])
    if in_list(74, text["language"]):
        element.set("language", text["language"])


def _may_pass(resource: Block, day: date) -> bool:
    if resource["content_type"] not in _CONSUMER_RESOURCES or not _LINK.fullmatch(resource["link"] or ""):
        return False
    # List 155: 14 from, 27 available from. An unreadable date keeps it back.
    return all(
        dated["date"] is not None and latest_day(dated["date"], dated["precision"]) <= day
        for dated in resource["dates"]
        if dated["role"] in ("14", "27")
    )


def _add_resource(detail: _Element, resource: Block) -> None:
    composite = add(detail, "SupportingResource")
    add(composite, "ResourceContentType", resource["content_type"])
    add(composite, "ContentAudience", "00")
    mode = resource["mode"]
    add(composite, "ResourceMode", mode if in_list(159, mode) else _CONSUMER_RESOURCES[resource["content_type"]])
    version = add(composite, "ResourceVersion")
    # Where no form is stated the recipient must take a copy (02): linking needs the sender's leave.
    add(version, "ResourceForm", resource["form"] if in_list(161, resource["form"]) else "02")
    for feature in resource["features"]:
        if in_list(162, feature["type"]):
            composite = add(version, "ResourceVersionFeature")
            add(composite, "ResourceVersionFeatureType", feature["type"])
            add_stated(composite, "FeatureValue", feature["value"])
    add(version, "ResourceLink", resource["link"])
    add_dates(version, "ContentDate", 155, resource["dates"])


def add_content(product: _Element, block: Block | None) -> None:
    """Append ContentDetail: one ContentItem a chapter, with times from the beginning of the book."""
    if block is None or not block["chapters"]:
        return
    detail = add(product, "ContentDetail")
    for number, chapter in enumerate(block["chapters"], start=1):
        item = add(detail, "ContentItem")
        # LevelSequenceNumber must be unique and senders repeat it; the order itself is theirs.
        add(item, "LevelSequenceNumber", number)
        audio = add(item, "AVItem")
        add(audio, "AVItemType", chapter["type"] if in_list(240, chapter["type"]) else "03")
        if chapter["start_seconds"] is not None:
            run = add(audio, "TimeRun")
            add(run, "StartTime", _time(chapter["start_seconds"]))
            if chapter["end_seconds"] is not None:
                add(run, "EndTime", _time(chapter["end_seconds"]))
        if chapter["duration_seconds"] is not None:
            add(audio, "AVDuration", _time(chapter["duration_seconds"]))
        if stated(chapter["title"]):
            title = add(item, "TitleDetail")
            add(title, "TitleType", "01")
            element = add(title, "TitleElement")
            add(element, "TitleElementLevel", "04")
            add(element, "TitleText", chapter["title"])
        else:
            add(item, "ComponentTypeName", "Chapter")
            add(item, "ComponentNumber", number)


def _time(seconds: float) -> str:
    hundredths = round(seconds * 100)
    whole, part = divmod(hundredths, 100)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:03}{minute:02}{second:02}" + (f"{part:02}" if part else "")


def add_related(product: _Element, block: Block | None) -> None:
    """Append RelatedMaterial: works, then products, each with at least one identifier."""
    if block is None:
        return
    works = [work for work in block["works"] if in_list(164, work["relation"]) and _any_id(16, work["identifiers"])]
    products = [
        related
        for related in block["products"]
        if any(in_list(51, code) for code in related["relations"]) and _any_id(5, related["identifiers"])
    ]
    if not works and not products:
        return
    material = add(product, "RelatedMaterial")
    for work in works:
        composite = add(material, "RelatedWork")
        add(composite, "WorkRelationCode", work["relation"])
        add_identifiers(composite, "WorkIdentifier", "WorkIDType", 16, work["identifiers"])
    for related in products:
        composite = add(material, "RelatedProduct")
        for code in related["relations"]:
            if in_list(51, code):
                add(composite, "ProductRelationCode", code)
        add_identifiers(composite, "ProductIdentifier", "ProductIDType", 5, related["identifiers"])
        if in_list(150, related["product_form"]):
            add(composite, "ProductForm", related["product_form"])


def _any_id(number: int, identifiers: Iterable[Block]) -> bool:
    return any(in_list(number, identifier["type"]) and stated(identifier["value"]) for identifier in identifiers)
