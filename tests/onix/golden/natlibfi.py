"""What the National Library of Finland's transformer states of a product, worked out from our document.

Each function is named after theirs and gives what theirs gives, of our record instead of the XML.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.onix.golden.reading import pairs

Json = dict[str, Any]

ONLINE = ("EA", "EB", "EC", "ED")


def _details(one: Json, forms: tuple[str, ...], detail: str) -> bool:
    return one["product_form"] in forms and detail in one["product_form_details"]


def _is_print(one: Json) -> bool:
    return (one["product_form"] or "").startswith("B")


def _identifiers(one: Json, kind: str) -> list[str]:
    return [value for found, value in pairs(one["identifiers"], "type", "value") if found == kind]


def _codes(one: Json, scheme: str) -> list[str]:
    return [code for found, code in pairs(one["subjects"], "scheme", "code") if found == scheme and code]


def _titles(one: Json) -> list[str]:
    """Titles of any type: their example states none."""
    return [element["text"] for title in one["titles"] for element in title["elements"] if element["text"]]


def _main_class(one: Json) -> str | None:
    """The first two digits of the first YKL code (List 27: 66)."""
    first = next(iter(_codes(one, "66")), "")
    return first[:2] if first[:2].isdigit() and len(first) > 1 else None


def _is_translation(one: Json) -> bool:
    roles = {role for person in one["contributors"] for role in person["roles"]}
    return "B06" in roles or one["original_title"] is not None or "02" in {held["role"] for held in one["languages"]}


def _record_type(one: Json) -> str | None:
    form = one["product_form"] or ""
    if form.startswith("B"):
        return "print"
    return "electronic" if form in {*ONLINE, "AJ"} else None


def _audience(one: Json) -> str:
    """MARC's target audience: easy language, then children and young people by the library's own subjects (73)."""
    if "SMP" in one["edition_types"]:
        return "f"
    if {"L", "N"} & set(_codes(one, "73")):
        return "j"
    ours = {"11": "a", "12": "b", "13": "c", "14": "d"}
    return next((ours[value] for kind, value in pairs(one["audiences"], "type", "value") if value in ours), "|")


FUNCTIONS: dict[str, Callable[[Json], Any]] = {
    "product-utils/get-gtin": lambda one: _identifiers(one, "03"),
    "product-utils/get-imprint-names": lambda one: one["imprints"],
    "product-utils/get-publisher-names": lambda one: [
        name for role, name in pairs(one["publishers"], "role", "name") if role == "01" and name
    ],
    "product-utils/get-yso-subjects": lambda one: [
        heading for scheme, heading in pairs(one["subjects"], "scheme", "heading") if scheme == "71"
    ],
    "product-utils/is-audio": lambda one: one["is_audio"],
    "product-utils/is-comic": lambda one: _is_print(one) and any(code.startswith("X") for code in _codes(one, "93")),
    "product-utils/is-downloadable-mp3": lambda one: _details(one, ("AJ",), "A103"),
    "product-utils/is-epub": lambda one: _details(one, ONLINE, "E101"),
    "product-utils/is-online-text": lambda one: one["product_form"] in ONLINE and not one["is_audio"],
    "product-utils/is-pdf": lambda one: _details(one, ONLINE, "E107"),
    "product-utils/is-print-text": _is_print,
    "product-utils/is-product-abandoned": lambda one: one["publishing_status"] == "01",
    "product-utils/is-simplified-language-edition": lambda one: (
        "SMP" in one["edition_types"] or any("(selkokirja)" in title for title in _titles(one))
    ),
    "product-utils/is-text": lambda one: _is_print(one) or (one["product_form"] in ONLINE and not one["is_audio"]),
    "product-utils/is-translation": _is_translation,
    "record-utils/get-f008-audio-genre": lambda one: "f " if _main_class(one) in FICTION else "||",
    "record-utils/get-f008-book-genre": lambda one: {None: "|"}.get(
        _main_class(one), "1" if _main_class(one) in FICTION else "0"
    ),
    "record-utils/get-f008-publication-country": lambda one: (one["country"] or "xx").lower(),
    "record-utils/get-f008-target-audience": _audience,
    "record-utils/get-first-ykl-subject-main-class": _main_class,
    "record-utils/get-record-type": _record_type,
}
"""Functions whose result follows from our document."""

FICTION = {"80", "81", "82", "83", "84", "85"}

ELSEWHERE = {
    "product-utils/create-common-error-payload": "tested by its parts: the title there has no TitleType, so is none",
    "product-utils/detect-title-language": "guesses a language from a title; ours are stated, never guessed",
    "product-utils/get-product-title-language": "the same",
    "product-utils/filter-by-first-value": "a helper that says nothing about a product",
    "product-utils/get-collection-information": "tested in its own words below",
    "product-utils/get-extent-information": "tested in its own words below",
    "product-utils/get-isbn": "tested in its own words below",
    "product-utils/get-ismn": "tested in its own words below",
    "product-utils/get-online-text-format": "chooses PDF where no format is stated",
    "product-utils/get-publishing-dates": "tested in its own words below",
    "product-utils/get-source": "tested in its own words below",
    "product-utils/has-illustrations": "AncillaryContent has no place in the record model",
    "record-utils/get-contributors": "tested in its own words below",
    "record-utils/get-f008-language": "decides by the guessed language of the title",
    "record-utils/get-foreign-language-textbook-language": "a table of Finnish school subjects",
    "record-utils/get-record-main-langs": "tested in its own words below",
    "record-utils/translate-print-product-form": "Finnish words for print forms",
    "electronic/generate-electronic-control-fields": "MARC's fixed fields",
}
"""Functions with a stated value that isn't compared as it is, and why."""
