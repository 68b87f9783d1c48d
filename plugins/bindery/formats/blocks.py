"""Values of one record to the blocks of the record model: what the product is and what is told of it.

One row or object is one full record (notification type 03). Its rights, dates and prices are in ``terms``.
"""

from __future__ import annotations

import re
from functools import cache

import pycountry
from stdnum import ean

from bindery.catalogue.record import (
    BLOCKS,
    Chapter,
    Collateral,
    Collection,
    Content,
    Descriptive,
    Identifier,
    Record,
    Resource,
    Source,
    Subject,
)
from bindery.formats.people import contributors_of
from bindery.formats.places import Place
from bindery.formats.terms import publishing_of, supply_of
from bindery.formats.values import Values
from bindery.trade.durations import spoken
from bindery.trade.identifiers import clean_isbn, isbn13_of
from bindery.trade.texts import clean_html

ISBN_13, GTIN_13, AUDIO_LANGUAGE, DURATION, SECONDS = "15", "03", "08", "09", "06"
PROPRIETARY = "24"
"""List 27."""

_SHORT_ISBN = re.compile(r"[0-9]{7,8}[0-9Xx]")
_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]*)?[Ee]\+?[0-9]{1,2}")
_BARE_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]+)?")
_UNITS = {"seconds": "s", "minutes": "min", "hours": "h"}


def record_of(values: Values, source: Source) -> Record:
    """What a row or an object says, as a full record."""
    identifiers = _identifiers(values)
    stated = values.get(values.mapping.places.record_reference)
    reference = stated or next((one["value"] for one in identifiers if one["type"] == ISBN_13), None)
    return {
        "record_reference": reference or "",
        "notification_type": "03",
        "kind": "full",
        "deletion_text": [],
        "record_source_type": None,
        "record_source_name": None,
        "identifiers": identifiers,
        "touches": list(BLOCKS),
        "descriptive": _descriptive(values),
        "collateral": _collateral(values),
        "content": _content(values),
        "publishing": publishing_of(values),
        "related": None,
        "production": None,
        "supply": supply_of(values),
        "unmapped": [],
        "source": source,
    }


def _identifiers(values: Values) -> list[Identifier]:
    places = values.mapping.places
    found: list[Identifier] = []
    for code, value in ((ISBN_13, _isbn(values, places.isbn)), (GTIN_13, _gtin(values, places.gtin))):
        if value:
            found.append({"type": code, "type_name": None, "value": value})
    for group in values.mapping.identifiers:
        for item in values.each(group.each):
            found += [
                {"type": group.type, "type_name": group.type_name, "value": text} for text in item.texts(group.at)
            ]
    return found


def _isbn(values: Values, place: Place | None) -> str | None:
    """The ISBN, made whole where only zeros at its front are lost; as sent where it is none."""
    raw = values.stated(place)
    if raw is None:
        return None
    isbn = clean_isbn(raw)
    if isbn:
        return isbn
    if _SHORT_ISBN.fullmatch(raw):
        restored = clean_isbn(raw.zfill(10))
        if restored:
            values.complain(place, f"{raw!r} has lost zeros at its front; it was read as {raw.zfill(10)}.")
            return restored
    values.complain(place, f"{raw!r} is no ISBN{_reason(raw)}")
    return raw


def _reason(raw: str) -> str:
    """Why a text is no ISBN, where that can be told."""
    if _EXPONENT.fullmatch(raw):
        return ": a spreadsheet turned it into a number and lost its last digits; format the column as text."
    _, problem = isbn13_of([{"type": ISBN_13, "type_name": None, "value": raw}])
    return ": its check digit is wrong." if problem == "check_digit" else "."


def _gtin(values: Values, place: Place | None) -> str | None:
    """The GTIN-13: one of 12 digits is a UPC or has lost its zero, which is the same."""
    raw = values.stated(place)
    if raw is None:
        return None
    digits = re.sub(r"[\s'\"=-]|\.0+$", "", raw)
    whole = digits.zfill(13)
    if not re.fullmatch(r"[0-9]{11,13}", digits) or not ean.is_valid(whole):
        values.complain(place, f"{raw!r} is no GTIN.")
        return raw
    if len(digits) == 11:
        values.complain(place, f"{raw!r} has lost zeros at its front; it was read as {whole}.")
    return whole


def _descriptive(values: Values) -> Descriptive:
    mapping, places = values.mapping, values.mapping.places
    language, edition = _language(values), values.coded(places.abridged, mapping.abridged)
    seconds = seconds_at(values, places.duration)
    form = values.coded(places.product_form, mapping.product_forms) if places.product_form else mapping.product_form
    # Where the form is said record by record, not all of them are of the content that the mapping states for all.
    spoken_of = not places.product_form or (form or "").startswith("A")
    return {
        "composition": "00",
        "product_form": form,
        "product_form_details": [],
        "primary_content_type": mapping.primary_content_type if spoken_of else None,
        "product_content_types": [],
        "technical_protections": [],
        "titles": [
            {
                "type": "01",
                "elements": [
                    {
                        "level": "01",
                        "text": values.get(places.title),
                        "prefix": None,
                        "without_prefix": None,
                        "subtitle": values.stated(places.subtitle),
                        "part_number": None,
                    }
                ],
            }
        ],
        "collections": _collections(values),
        "contributors": contributors_of(values),
        "contributor_statement": None,
        "edition_types": [edition] if edition else [],
        "edition_statement": None,
        "languages": [{"role": AUDIO_LANGUAGE, "code": language}] if language else [],
        "extents": [{"type": DURATION, "value": str(seconds), "unit": SECONDS}] if seconds is not None else [],
        "subjects": _subjects(values),
        "audiences": [],
        "audience_ranges": [],
        "parts": [],
    }


def _collections(values: Values) -> list[Collection]:
    places = values.mapping.places
    found = [(values.stated(places.series), values.stated(places.number_in_series))]
    found += [
        (item.stated(group.title), item.stated(group.part_number))
        for group in values.mapping.collections
        for item in values.each(group.each)
    ]
    return [
        {"type": None, "title": title, "part_number": number, "identifiers": []} for title, number in found if title
    ]


def _subjects(values: Values) -> list[Subject]:
    """Subjects; the first of each scheme is the main one, as sheets and JSON have no other way to say so."""
    mapping = values.mapping
    codes = " ".join(values.several(mapping.places.subjects)).replace(",", " ").split()
    found = [_subject(mapping.subject_scheme, None, code, None) for code in codes]
    for group in mapping.subject_lists:
        for item in values.each(group.each):
            code, heading = item.stated(group.code), item.stated(group.heading)
            if not code and not heading:
                continue
            word = item.stated(group.scheme_at)
            scheme = mapping.subject_schemes.get(word.casefold(), PROPRIETARY) if word else group.scheme
            name = (word or group.scheme_name) if scheme == PROPRIETARY else None
            found.append(_subject(scheme, name, code, heading))
    schemes_seen: set[str] = set()
    for subject in found:
        subject["main"] = subject["scheme"] != PROPRIETARY and subject["scheme"] not in schemes_seen
        schemes_seen.add(subject["scheme"])
    return found


def _subject(scheme: str, name: str | None, code: str | None, heading: str | None) -> Subject:
    return {
        "scheme": scheme,
        "scheme_name": name,
        "version": None,
        "code": code,
        "heading": heading,
        "main": False,
    }


@cache
def _language_codes() -> dict[str, str]:
    """List 74, which is ISO 639-2/B, by code of two or three letters and by English name, lower case."""
    by_code: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for language in pycountry.languages:
        code = str(getattr(language, "bibliographic", language.alpha_3))
        by_name.setdefault(language.name.casefold(), code)
        for known in (language.alpha_3, code, getattr(language, "alpha_2", None)):
            if known:
                by_code[known] = code
    # There is a language whose name is En.
    return by_name | by_code


def _language(values: Values) -> str | None:
    """The language, by code, by English name, or by a tag such as en-GB."""
    place = values.mapping.places.language
    text = values.stated(place)
    if text is None:
        return None
    known = text.casefold()
    code = _language_codes().get(known) or _language_codes().get(re.split(r"[-_]", known)[0])
    if code is None:
        values.complain(place, f"{text!r} is no language.")
    return code


def seconds_at(values: Values, place: Place | None) -> int | None:
    """The length at a place; a bare number is in the unit that the mapping says, or unreadable."""
    text = values.stated(place)
    if text is None:
        return None
    unit = values.mapping.duration_unit
    length = spoken(f"{text}{_UNITS[unit]}" if unit and _BARE_NUMBER.fullmatch(text) else text)
    if length is None:
        values.complain(place, f"{text!r} is no length; write it as '9 hrs and 12 mins', 9:12:00 or PT9H12M.")
    return length


def _collateral(values: Values) -> Collateral:
    places = values.mapping.places
    text = values.stated(places.description)
    links = [(values.stated(places.cover), "01", "03", "02"), (values.stated(places.sample), "15", "02", "02")]
    links += [
        (item.stated(group.link), group.content_type, group.mode, group.form)
        for group in values.mapping.resources
        for item in values.each(group.each)
    ]
    return {
        "texts": [{"type": "03", "audiences": ["00"], "language": None, "html": clean_html(text, None), "raw": text}]
        if text
        else [],
        "resources": [_resource(*link) for link in links if link[0]],
    }


def _resource(link: str | None, content_type: str, mode: str, form: str) -> Resource:
    return {
        "content_type": content_type,
        "audiences": [],
        "mode": mode,
        "form": form,
        "link": link,
        "features": [],
        "dates": [],
    }


def _content(values: Values) -> Content | None:
    """Chapters in order. A chapter starts where those before it end, as long as their lengths are stated."""
    chapters: list[Chapter] = []
    for group in values.mapping.chapters:
        start: float | None = 0.0
        for number, item in enumerate(values.each(group.each), 1):
            length = _exact_seconds(item, group.duration)
            end = start + length if start is not None and length is not None else None
            chapters.append(
                {
                    "sequence": str(number),
                    "type": None,
                    "title": item.get(group.title),
                    "start_seconds": start,
                    "end_seconds": end,
                    "duration_seconds": length,
                }
            )
            start = end
    return {"chapters": chapters} if chapters else None


def _exact_seconds(values: Values, place: Place | None) -> float | None:
    """A chapter's length with its fractions: they add up over a book."""
    text = values.stated(place)
    if text and values.mapping.duration_unit == "seconds" and _BARE_NUMBER.fullmatch(text):
        return float(text)
    whole = seconds_at(values, place)
    return None if whole is None else float(whole)
