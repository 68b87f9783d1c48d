"""Contributors of one record (List 17; AUDIOBOOKS 1.5)."""

from __future__ import annotations

from dataclasses import dataclass

from bindery.catalogue.record import Contributor
from bindery.formats.places import ContributorPlace
from bindery.formats.values import Values
from bindery.trade.texts import clean_html

AUTHOR, NARRATOR = "A01", "E07"


@dataclass(frozen=True)
class _Person:
    role: str | None
    name: str | None
    inverted: str | None = None
    given: str | None = None
    family: str | None = None
    biography: str | None = None


def contributors_of(values: Values) -> list[Contributor]:
    """Everyone a record names, in the order of the mapping: authors, narrators, then its other places."""
    places = values.mapping.places
    people = [_Person(AUTHOR, name) for name in values.several(places.authors)]
    people += [_Person(NARRATOR, name) for name in values.several(places.narrators)]
    for group in values.mapping.contributors:
        for item in values.each(group.each):
            people += _people(item, group)
    return [_contributor(person, number, values.mapping.voices) for number, person in enumerate(people, 1)]


def _people(item: Values, group: ContributorPlace) -> list[_Person]:
    """Those at one place. What is said beside a name is about one person, so it is left out where there are several."""
    inverted, biography = item.stated(group.inverted), item.stated(group.biography)
    given, family = item.stated(group.given), item.stated(group.family)
    names = item.several(group.name)
    if not names and family:
        names = [" ".join(part for part in (given, family) if part)]
    if not names:
        return []
    role = group.role or item.coded(group.role_at, item.mapping.roles)
    if group.role is None and item.get(group.role_at) is None:
        item.complain(group.role_at, f"{names[0]!r} has no role.")
    if len(names) > 1:
        return [_Person(role, name) for name in names]
    return [_Person(role, names[0], inverted, given if family else None, family, biography)]


def _contributor(person: _Person, sequence: int, voices: dict[str, str]) -> Contributor:
    unnamed = voices.get((person.name or "").casefold())
    return {
        "sequence": sequence,
        "roles": [person.role] if person.role else [],
        "name": None if unnamed else person.name,
        "name_inverted": person.inverted,
        "names_before_key": person.given,
        "key_names": person.family,
        "corporate_name": None,
        "unnamed": unnamed,
        "alternative_names": [],
        "identifiers": [],
        "biography": clean_html(person.biography, None) if person.biography else None,
    }
