"""Reads the facts out of a record's blocks, each fact out of one block only (see ``facts``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from bindery.catalogue.facts import Facts
from bindery.catalogue.record import (
    Collateral,
    DatedRole,
    Descriptive,
    Extent,
    ProductSupply,
    Publishing,
    Record,
    Title,
    TitleElement,
)
from bindery.trade.dates import latest_day
from bindery.trade.durations import seconds
from bindery.trade.forms import is_audio, names_with_role, narration_type, narrators
from bindery.trade.identifiers import isbn13_of
from bindery.trade.prices import consumer_price, price_problem, prices_of
from bindery.trade.rights import rights_of
from bindery.trade.texts import is_placeholder, plain
from bindery.trade.withdrawals import publishing_withdrawal, supply_withdrawal

NEVER = date(9999, 12, 31)
"""The end of an embargo whose date can't be read (law 3)."""

_DISTINCTIVE, _PRODUCT_LEVEL, _COLLECTION_LEVEL = "01", "01", "02"
_AUTHORS = frozenset({"A01", "A02"})
_EMBARGOES = frozenset({"02", "09", "10", "27", "30", "31"})
_PUBLICATION = "01"
_FILLER_DATE = "1900-01-01"
_MAIN_SUBJECTS = ("93", "10", "12")
_DURATIONS = frozenset({"09", "13", "14", "15", "16"})
"""List 23; a page count in hours is a slip, and no length."""
_FINEST_FIRST = ("16", "06", "05", "15", "04", "14")
_DESCRIPTIONS = ("03", "02")
_PUBLIC = frozenset({"00", "03"})
_ORDERABLE = frozenset({"20", "21", "22", "23"})


def facts_of(record: Record) -> Facts:
    """The facts of a record, as ``Facts`` says.

    A fact depends on its own block alone, so that a record folded from several versions takes each from the version
    that supplied the block. Nothing here depends on today's date.
    """
    descriptive, publishing, supply = record["descriptive"], record["publishing"], record["supply"]
    contributors = descriptive["contributors"] if descriptive else []
    publishing_dates = publishing["dates"] if publishing else []
    isbn13, isbn_problem = isbn13_of(record["identifiers"])
    title, subtitle = _title(descriptive["titles"] if descriptive else [])
    rights = rights_of(publishing, None)
    price = consumer_price(supply)
    return Facts(
        isbn13=isbn13,
        isbn_problem=isbn_problem,
        is_audio=is_audio(descriptive),
        product_form=descriptive["product_form"] if descriptive else None,
        primary_content_type=descriptive["primary_content_type"] if descriptive else None,
        title=title,
        subtitle=subtitle,
        authors=names_with_role(contributors, _AUTHORS),
        narrators=narrators(contributors),
        narration_type=narration_type(contributors),
        language=_language(descriptive) if descriptive else None,
        duration_seconds=_duration(descriptive["extents"]) if descriptive else None,
        abridged=_abridged(descriptive["edition_types"] if descriptive else []),
        series=_series(descriptive) if descriptive else None,
        main_subject=_main_subject(descriptive) if descriptive else None,
        description=_description(record["collateral"]),
        cover_link=_cover_link(record["collateral"]),
        publisher=_publisher(publishing) if publishing else None,
        imprint=_imprint(publishing) if publishing else None,
        publishing_status=publishing["status"] if publishing else None,
        publication_date=_publication_date(publishing_dates),
        embargoed_until=_embargoed_until(publishing_dates),
        rights_status=rights.status,
        sale_countries=sorted(rights.sale),
        subscription_countries=sorted(rights.subscription),
        publishing_withdrawal=publishing_withdrawal(publishing),
        availability=_availability(supply or []),
        price_count=len(prices_of(supply)),
        price_amount=price["amount"] if price else None,
        price_currency=price["currency"] if price else None,
        price_problem=price_problem(supply),
        supply_withdrawal=supply_withdrawal(supply),
    )


def _said(text: str | None) -> str | None:
    """A text, unless it is a filler."""
    return text.strip() if text and not is_placeholder(text) else None


def _distinctive(titles: Sequence[Title]) -> Title | None:
    return next((title for title in titles if title["type"] == _DISTINCTIVE), None)


def _text_of(element: TitleElement) -> str | None:
    """A title element's text, or its prefix and the rest."""
    if element["text"] and element["text"].strip():
        return element["text"].strip()
    parts = (element["prefix"], element["without_prefix"])
    return " ".join(part.strip() for part in parts if part and part.strip()) or None


def _title(titles: Sequence[Title]) -> tuple[str | None, str | None]:
    """Title and subtitle of the product; of a numbered part without a title of its own, the collection's and number."""
    found = _distinctive(titles)
    if found is None:
        return None, None
    elements = sorted(found["elements"], key=lambda one: one["level"] != _PRODUCT_LEVEL)
    subtitle = next(
        (one["subtitle"] for one in elements if one["level"] != _COLLECTION_LEVEL and one["subtitle"]), None
    )
    named = next((one for one in elements if _text_of(one)), None)
    if named is None:
        return None, subtitle
    number = next((one["part_number"] for one in elements if one["part_number"]), None)
    if named["level"] == _COLLECTION_LEVEL and number:
        return f"{_text_of(named)} {number}", subtitle
    return _text_of(named), subtitle


def _language(block: Descriptive) -> str | None:
    """Of the audio track (08), else of the text (01)."""
    for role in ("08", "01"):
        for language in block["languages"]:
            if language["role"] == role and language["code"]:
                return language["code"]
    return None


def _duration(extents: Sequence[Extent]) -> int | None:
    """Total duration (09) in its finest unit, else the longest stated (13-16); zero is not stated."""
    total = sorted(
        (one for one in extents if one["type"] == "09" and one["unit"] in _FINEST_FIRST),
        key=lambda one: _FINEST_FIRST.index(one["unit"]),
    )
    for extent in total:
        length = seconds(extent["value"], extent["unit"])
        if length:
            return length
    partial = (one for one in extents if one["type"] in _DURATIONS)
    return max((seconds(one["value"], one["unit"]) or 0 for one in partial), default=0) or None


def _abridged(edition_types: Sequence[str]) -> Literal["yes", "no", "unknown"]:
    """List 21; both or neither is unknown, because absence doesn't mean unabridged (AUDIOBOOKS 1.5)."""
    abridged, unabridged = "ABR" in edition_types, "UBR" in edition_types
    if abridged == unabridged:
        return "unknown"
    return "yes" if abridged else "no"


def _series(block: Descriptive) -> str | None:
    """The first collection's title, else the collection level of the product's own title (AUDIOBOOKS 1.5)."""
    for collection in block["collections"]:
        if _said(collection["title"]):
            return _said(collection["title"])
    title = _distinctive(block["titles"])
    elements = title["elements"] if title else []
    return next((_text_of(one) for one in elements if one["level"] == _COLLECTION_LEVEL and _text_of(one)), None)


def _main_subject(block: Descriptive) -> str | None:
    """``scheme:code`` of the subject flagged as main: Thema, else BISAC, else BIC. Rule W5 asks for it."""
    for scheme in _MAIN_SUBJECTS:
        for subject in block["subjects"]:
            if subject["main"] and subject["scheme"] == scheme and subject["code"]:
                return f"{scheme}:{subject['code']}"
    return None


def _cover_link(block: Collateral | None) -> str | None:
    """The first front cover (List 158: 01) that is an image; a holding image (45) is no cover."""
    for one in block["resources"] if block else []:
        if one["content_type"] == "01" and one["mode"] in ("03", None) and one["link"]:
            return one["link"]
    return None


def _description(block: Collateral | None) -> str | None:
    """Description (03), else short description (02): for end customers first, then the longest.

    A text for the trade, the press or by agreement only is never taken; 2.1 knows no audience, and is.
    """
    texts = block["texts"] if block else []
    public = [text for text in texts if not text["audiences"] or not _PUBLIC.isdisjoint(text["audiences"])]
    for kind in _DESCRIPTIONS:
        found = [(text, _said(plain(text["html"]))) for text in public if text["type"] == kind]
        said = [("03" in text["audiences"], len(words), words) for text, words in found if words]
        if said:
            return max(said)[2]
    return None


def _publisher(block: Publishing) -> str | None:
    """The publisher (List 45 role 01), else one without a role, else the first named."""
    for roles in (("01",), (None, ""), None):
        for publisher in block["publishers"]:
            if (roles is None or publisher["role"] in roles) and _said(publisher["name"]):
                return _said(publisher["name"])
    return None


def _imprint(block: Publishing) -> str | None:
    return next((name for name in map(_said, block["imprints"]) if name), None)


def _publication_date(dates: Sequence[DatedRole]) -> date | None:
    for one in dates:
        if one["role"] == _PUBLICATION and one["date"] and one["precision"] and one["date"] != _FILLER_DATE:
            return latest_day(one["date"], one["precision"])
    return None


def _embargo_day(one: DatedRole) -> date:
    """The first day that is free of it: an hour of the day counts as the next day, an unreadable date as never."""
    if not one["date"] or not one["precision"]:
        return NEVER
    day = latest_day(one["date"], one["precision"])
    if one["precision"] == "time" and one["date"][11:16] != "00:00":
        return min(day, NEVER - timedelta(days=1)) + timedelta(days=1)
    return day


def _embargoed_until(dates: Sequence[DatedRole]) -> date | None:
    return max((_embargo_day(one) for one in dates if one["role"] in _EMBARGOES), default=None)


def _availability(supply: Sequence[ProductSupply]) -> str | None:
    """The first supplier's that takes orders (20-23), else the first stated."""
    stated = [one["availability"] for market in supply for one in market["supplies"] if one["availability"]]
    return next((code for code in stated if code in _ORDERABLE), stated[0] if stated else None)
