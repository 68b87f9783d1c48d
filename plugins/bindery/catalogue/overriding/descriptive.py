"""Patches of block 1: each states one value so that ``facts_of.descriptive`` reads it, and touches nothing else."""

from __future__ import annotations

from typing import Final

from bindery.catalogue.overriding.blank import blank
from bindery.catalogue.overriding.values import SUBJECT_SCHEMES, split_number
from bindery.catalogue.record import (
    Collection,
    Contributor,
    Descriptive,
    Extent,
    Language,
    Subject,
    Title,
    TitleElement,
)
from bindery.trade.forms import AUTHOR_ROLES, NARRATOR_ROLES, display_name
from bindery.trade.texts import is_placeholder

_DISTINCTIVE: Final = "01"
_PRODUCT_LEVEL, _COLLECTION_LEVEL = "01", "02"
_TOTAL_DURATION: Final = "09"
_DURATIONS: Final = frozenset({"09", "13", "14", "15", "16"})
"""List 23."""
_SECONDS: Final = "06"
_LANGUAGES: Final = ("01", "08")
"""List 22: of the text, of the audio track."""
_ABRIDGEMENTS: Final = {"yes": "ABR", "no": "UBR"}
"""List 21."""


def _elements(title: Title | None) -> list[TitleElement]:
    return title["elements"] if title else []


def _text(element: TitleElement) -> str | None:
    text, prefix, rest = ((element[part] or "").strip() for part in ("text", "prefix", "without_prefix"))
    return text or " ".join(part for part in (prefix, rest) if part) or None


def _distinctive(block: Descriptive) -> Title | None:
    return next((title for title in block["titles"] if title["type"] == _DISTINCTIVE), None)


def _named(elements: list[TitleElement]) -> TitleElement | None:
    """The element that names the product."""
    named = [element for element in elements if _text(element)]
    return next((element for element in named if element["level"] == _PRODUCT_LEVEL), named[0] if named else None)


def _product_element(block: Descriptive) -> TitleElement:
    """The element that names the product, or is to: made where there is none."""
    title = _distinctive(block)
    if title is None:
        title = blank(Title, type=_DISTINCTIVE)
        block["titles"] = [title, *block["titles"]]
    elements = _elements(title)
    element = _named(elements)
    if element is None or element["level"] == _COLLECTION_LEVEL:
        element = next((one for one in elements if one["level"] == _PRODUCT_LEVEL), None)
    if element is None:
        element = blank(TitleElement, level=_PRODUCT_LEVEL)
        title["elements"] = [element, *elements]
    return element


def set_title(block: Descriptive, value: str | None) -> None:
    """The product's title; its subtitle, number and series stay."""
    element = _product_element(block)
    element["text"], element["prefix"], element["without_prefix"] = value, None, None


def set_subtitle(block: Descriptive, value: str | None) -> None:
    """The product's subtitle."""
    for element in _elements(_distinctive(block)):
        if element["level"] != _COLLECTION_LEVEL:
            element["subtitle"] = None
    if value is not None:
        _product_element(block)["subtitle"] = value


def set_series(block: Descriptive, value: str | None) -> None:
    """The series with its number, as one: the number of another series says nothing of this one."""
    _take_series_off_title(block)
    collections = block["collections"]
    places = [place for place, one in enumerate(collections) if one["title"] and not is_placeholder(one["title"])]
    if value is None:
        block["collections"] = [one for place, one in enumerate(collections) if place not in places]
        return
    name, number = split_number(value)
    kind = collections[places[0]]["type"] if places else "00"
    collection = blank(Collection, type=kind, title=name, part_number=number)
    at = places[0] if places else 0
    block["collections"] = [*collections[:at], collection, *collections[at + 1 if places else at :]]


def _take_series_off_title(block: Descriptive) -> None:
    """Where the title names the series too; a product that is only named by it keeps that name."""
    title = _distinctive(block)
    elements = _elements(title)
    if title is None or all(element["level"] != _COLLECTION_LEVEL for element in elements):
        return
    named = _named(elements)
    if named is not None and named["level"] == _COLLECTION_LEVEL:
        number = _number(elements)
        name = _text(named)
        element = _product_element(block)
        element["text"], element["part_number"] = f"{name} {number}" if number else name, None
        element["prefix"] = element["without_prefix"] = None
    title["elements"] = [element for element in _elements(title) if element["level"] != _COLLECTION_LEVEL]


def _number(elements: list[TitleElement]) -> str | None:
    numbered = [element for element in elements if element["part_number"]]
    own = next((element for element in numbered if element["level"] == _PRODUCT_LEVEL), None)
    return (own or numbered[0])["part_number"] if numbered else None


def set_authors(block: Descriptive, value: str | None) -> None:
    """Who has an author's role (List 17: A01, A02)."""
    _set_people(block, AUTHOR_ROLES, "A01", value)


def set_narrators(block: Descriptive, value: str | None) -> None:
    """Who has a narrator's role (List 17: E03, E07)."""
    _set_people(block, NARRATOR_ROLES, "E07", value)


def _set_people(block: Descriptive, roles: frozenset[str], role: str, value: str | None) -> None:
    """The people of some roles, where the first of them stood.

    Who stays by name stays whole, with identifiers and biography. Who has other roles too keeps those. Where none is
    left, a voice without a name (List 19) stays: it is no name. A free statement of who did what no longer holds.
    """
    names = value.split("; ") if value else []
    others: list[Contributor] = []
    known: dict[str, Contributor] = {}
    place: int | None = None
    for one in sorted(block["contributors"], key=_sequence):
        held = one["roles"]
        if roles.isdisjoint(held):
            others.append(one)
            continue
        place = len(others) if place is None else place
        shown = display_name(one)
        if shown is not None:
            known.setdefault(shown, _with_roles(one, [code for code in held if code in roles]))
        left = held if shown is None and not names else [code for code in held if code not in roles]
        if left:
            others.append(_with_roles(one, left))
    people = [known.get(name) or blank(Contributor, roles=[role], name=name) for name in names]
    together = [*others[: place or 0], *people, *others[place or 0 :]]
    if any(one["sequence"] is not None for one in together):
        for number, one in enumerate(together, start=1):
            one["sequence"] = number
    block["contributors"], block["contributor_statement"] = together, None


def _sequence(one: Contributor) -> tuple[bool, int]:
    return one["sequence"] is None, one["sequence"] or 0


def _with_roles(one: Contributor, roles: list[str]) -> Contributor:
    return Contributor(**{**one, "roles": roles})


def set_language(block: Descriptive, value: str | None) -> None:
    """The language of the text and, where one is stated, of the audio track."""
    languages = block["languages"]
    stated = [role for role in _LANGUAGES if any(one["role"] == role for one in languages)] or [_LANGUAGES[0]]
    others = [one for one in languages if one["role"] not in _LANGUAGES]
    block["languages"] = [*(Language(role=role, code=str(value)) for role in stated), *others]


def set_abridged(block: Descriptive, value: str | None) -> None:
    """Abridged, unabridged, or neither stated."""
    others = [code for code in block["edition_types"] if code not in _ABRIDGEMENTS.values()]
    block["edition_types"] = [*([_ABRIDGEMENTS[value]] if value else []), *others]


def set_duration(block: Descriptive, value: str | None) -> None:
    """The total duration; without one no length at all is stated."""
    gone = {_TOTAL_DURATION} if value else _DURATIONS
    others = [one for one in block["extents"] if one["type"] not in gone]
    block["extents"] = [*([Extent(type=_TOTAL_DURATION, value=value, unit=_SECONDS)] if value else []), *others]


def set_main_subject(block: Descriptive, value: str | None) -> None:
    """The main subject. Main subjects of schemes that go after its own stay for those who read them."""
    ranked = list(SUBJECT_SCHEMES.values())
    scheme, _, code = (value or "").partition(":")
    unflagged = ranked[: ranked.index(scheme) + 1] if value else ranked
    subjects = [
        Subject(**{**one, "main": False}) if one["main"] and one["scheme"] in unflagged else one
        for one in block["subjects"]
    ]
    same = next((one for one in subjects if (one["scheme"], one["code"]) == (scheme, code)), None)
    if value and same:
        same["main"] = True
    elif value:
        subjects.insert(0, blank(Subject, scheme=scheme, code=code, main=True))
    block["subjects"] = subjects
