"""What the judge of works knows of an edition: small, immutable, made of its chosen versions and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from bindery.catalogue.works.normalise import plain
from bindery.catalogue.works.people import Person, person
from bindery.catalogue.works.titles import Title, read_title
from bindery.trade.identifiers import clean_isbn

Abridged = Literal["yes", "no", "unknown"]

PRIMARY_AUTHORS = ("A01", "A02", "A10", "B01", "B15", "A99")
"""List 17, in this order: where nobody wrote it, who edited it stands for it."""
_ISBNS = frozenset({"15", "03", "02"})
"""List 5 and 16: ISBN-13, GTIN-13, ISBN-10."""
_PERSON_IDS = frozenset({"16", "21"})
"""List 44: ISNI, ORCID."""
NARRATORS = frozenset({"E07", "E03"})

OF_WORK = frozenset({"01", "06"})
"""List 164: the product is of this work."""
DERIVED = {"02": "derived", "21": "abridgement", "29": "translation", "30": "adaptation"}
"""List 164: the product is of a work made from this one."""
SAME_TEXT = frozenset({"06", "13", "27"})
"""List 51: another format of the same."""
OTHER_TEXT = {
    "01": "set",
    "02": "set",
    "11": "translation",
    "43": "adaptation",
    "44": "adaptation",
}
"""List 51: what a related product is instead."""
SAME_SOUND = frozenset({"31", "32", "33"})
"""List 51: the same product for another market."""


class Link(NamedTuple):
    """Something that an edition names. ``space`` is what its value is comparable within; ``relation`` says as what."""

    space: str
    value: str
    relation: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What an edition says that tells works apart.

    Attributes:
        isbn13: The edition.
        title: Taken apart, with its series.
        authors: Who wrote it, first the first named.
        narrators: Who reads it; empty where nobody is named.
        language: Of the audio, List 74; empty where not stated.
        original_language: Of what it was translated from; empty where not stated.
        original_titles: Names of its titles in the original language (List 15, 03).
        abridged: From List 21, else from the words of the title.
        is_drama: Adapted or performed, where a reading is not.
        is_set: Several books sold as one.
        seconds: Its length; 0 where not stated.
        links: Works and products that it names, and itself.
        publisher: The imprint or publisher, as a name to compare.
    """

    isbn13: str
    title: Title
    authors: tuple[Person, ...] = ()
    narrators: tuple[Person, ...] = ()
    language: str = ""
    original_language: str = ""
    original_titles: tuple[str, ...] = ()
    abridged: Abridged = "unknown"
    is_drama: bool = False
    is_set: bool = False
    seconds: int = 0
    links: frozenset[Link] = frozenset()

    @property
    def edition_key(self) -> int:
        """The number to look the edition up by."""
        return int(self.isbn13)


ISBN = "isbn"
"""The space of ISBNs: an edition's own, those of its other formats, and head ISBNs of works."""


def read_facts(
    head: Mapping[str, Any], people: Sequence[Mapping[str, Any]] = (), links: Sequence[Mapping[str, Any]] = ()
) -> Facts:
    """Facts out of rows of the statements ``works/edition_heads``, ``edition_people`` and ``edition_links``.

    Args:
        head: The edition's row.
        people: Its people, in order; a row a person and role.
        links: What it names; a row an identifier.
    """
    language = head["language"] or ""
    original_language = _original_language(head)
    title = read_title(head["title"], head["subtitle"], language, _collections(head), _number_of_title(head))
    named = _links(head, links)
    is_performed = "ADP" in (head["edition_types"] or ()) or head["primary_content_type"] == "02"
    return Facts(
        isbn13=head["isbn13"],
        title=title,
        authors=_authors(people),
        narrators=_people(one for one in people if one["role"] in NARRATORS),
        language=language,
        original_language=original_language,
        original_titles=_original_titles(head, original_language),
        abridged=_abridged(head["abridged"], title),
        is_drama=is_performed or "dramatised" in title.marks,
        is_set=_is_set(head, title, named),
        seconds=head["duration_seconds"] or 0,
        links=named,
    )


def _original_language(head: Mapping[str, Any]) -> str:
    return next((one["code"] for one in head["languages"] or () if one["role"] == "02" and one["code"]), "")


def _original_titles(head: Mapping[str, Any], language: str) -> tuple[str, ...]:
    return tuple(
        read_title(element["text"] or element["without_prefix"], None, language).name
        for title in head["titles"] or ()
        if title["type"] == "03"
        for element in title["elements"]
        if element["text"] or element["without_prefix"]
    )


def _collections(head: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Series beside the title and in it, each with the number that stands beside it."""
    beside = [(one["title"] or "", one["part_number"] or "") for one in head["collections"] or ()]
    inside = [
        (element["text"] or element["without_prefix"] or "", element["part_number"] or "")
        for title in head["titles"] or ()
        if title["type"] in {"01", None}
        for element in title["elements"]
        if element["level"] == "02"
    ]
    return tuple(dict.fromkeys((*beside, *inside)))


def _number_of_title(head: Mapping[str, Any]) -> str:
    """The number beside the product's own name."""
    return next(
        (
            element["part_number"]
            for title in head["titles"] or ()
            for element in title["elements"]
            if element["level"] == "01" and element["part_number"] and (element["text"] or element["without_prefix"])
        ),
        "",
    )


def _authors(people: Sequence[Mapping[str, Any]]) -> tuple[Person, ...]:
    for role in PRIMARY_AUTHORS:
        wanted = {"A01", "A02"} if role == "A01" else {role}
        if found := _people(one for one in people if one["role"] in wanted):
            return found
    return ()


def _people(rows: Iterable[Mapping[str, Any]]) -> tuple[Person, ...]:
    found = []
    for row in rows:
        name = row["name"] or row["corporate_name"] or row["name_inverted"]
        if name:
            ids = [
                f"{one['type']}:{one['value'].replace(' ', '').replace('-', '').upper()}"
                for one in row["identifiers"] or ()
                if one["type"] in _PERSON_IDS
            ]
            found.append(person(name, row["key_names"], row["name_inverted"], ids))
    return tuple(dict.fromkeys(found))


def _abridged(stated: Abridged | None, title: Title) -> Abridged:
    if stated in {"yes", "no"}:
        return stated
    if "abridged" in title.marks:
        return "yes"
    return "no" if "unabridged" in title.marks else "unknown"


def _is_set(head: Mapping[str, Any], title: Title, links: frozenset[Link]) -> bool:
    texts = sum(bool(part["identifiers"]) for part in head["parts"] or ()) > 1
    includes = sum(link.relation == "includes" for link in links) > 1
    return "set" in title.marks or texts or includes or head["composition"] == "11"


def _links(head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> frozenset[Link]:
    found = {Link(ISBN, head["isbn13"], "own")}
    for row in rows:
        is_isbn = row["id_type"] in _ISBNS
        value = _isbn(row["id_value"] or "") if is_isbn else plain(row["id_value"] or "")
        if not value:
            continue
        if row["kind"] == "product" and is_isbn:
            found.update(Link(ISBN, value, relation) for relation in _product_relations(row["relation"]))
        elif row["kind"] == "work":
            space = ISBN if is_isbn else _space(head["related_supplier"], row)
            relation = "work" if row["relation"] in OF_WORK else DERIVED.get(row["relation"], "")
            if space and relation:
                found.add(Link(space, value, relation))
    return frozenset(found)


def _isbn(value: str) -> str | None:
    """``clean_isbn``, at once where nothing is to be cleaned, as most often."""
    if len(value) == 13 and value.isdecimal() and value.isascii() and value[:3] in {"978", "979"} and value[3] != "0":
        digits = [*map(int, value)]
        return value if (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0 else None
    return clean_isbn(value)


def _product_relations(code: str) -> list[str]:
    if code in SAME_TEXT:
        return ["format"]
    if code in SAME_SOUND:
        return ["market"]
    if code == "01":
        return ["includes"]
    return [OTHER_TEXT[code]] if code in OTHER_TEXT else []


def _space(supplier: str | None, row: Mapping[str, Any]) -> str:
    """Proprietary identifiers mean something only where they were given (AUDIOBOOKS 6); others everywhere."""
    if row["id_type"] == "01":
        return f"{supplier or ''}|01|{plain(row['id_type_name'] or '')}"
    # ISTC is withdrawn and was given to anything (AUDIOBOOKS 1.11).
    return "" if row["id_type"] == "11" else row["id_type"]
