"""What the judge of works knows of an edition: small, immutable, made of its chosen versions and of nothing else."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Literal, NamedTuple

from bindery.catalogue.works.normalise import plain
from bindery.catalogue.works.people import Person, person
from bindery.catalogue.works.said import Said
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
_ROLES = frozenset({*PRIMARY_AUTHORS, *NARRATORS})

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
        named: The same as spaces and values alone.
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
    named: frozenset[tuple[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Kept, because an edition is compared with many."""
        object.__setattr__(self, "named", frozenset(link[:2] for link in self.links))

    @property
    def edition_key(self) -> int:
        """The number to look the edition up by."""
        return int(self.isbn13)


ISBN = "isbn"
"""The space of ISBNs: an edition's own, those of its other formats, and head ISBNs of works."""


def read_facts(isbn13: str, says: Said, related: Said, supplier: str | None = None) -> Facts:
    """Facts out of what an edition's versions say.

    Args:
        isbn13: The edition.
        says: What the version of its descriptive block says.
        related: What the version of its related block says.
        supplier: Who sent the latter.
    """
    language = says.get("language") or ""
    original_language = _original_language(says)
    title = read_title(says.get("title"), says.get("subtitle"), language, _collections(says), _number_of_title(says))
    named = _links(isbn13, related, supplier)
    people = _people(says)
    is_performed = "ADP" in says.get("edition_types", ()) or says.get("primary_content_type") == "02"
    return Facts(
        isbn13=isbn13,
        title=title,
        authors=_authors(people),
        narrators=_in_roles(people, NARRATORS),
        language=language,
        original_language=original_language,
        original_titles=_original_titles(says, original_language),
        abridged=_abridged(says.get("abridged"), title),
        is_drama=is_performed or "dramatised" in title.marks,
        is_set=_is_set(says, title, named),
        seconds=says.get("duration_seconds") or 0,
        links=named,
    )


def _original_language(says: Said) -> str:
    return next((code for role, code in says.get("languages", ()) if role == "02" and code), "")


def _original_titles(says: Said, language: str) -> tuple[str, ...]:
    return tuple(
        read_title(text or without_prefix, None, language).name
        for kind, elements in says.get("titles", ())
        if kind == "03"
        for _, text, without_prefix, _ in elements
        if text or without_prefix
    )


def _collections(says: Said) -> tuple[tuple[str, str], ...]:
    """Series beside the title and in it, each with the number that stands beside it."""
    beside = [(title or "", number or "") for title, number in says.get("collections", ())]
    inside = [
        (text or without_prefix or "", number or "")
        for kind, elements in says.get("titles", ())
        if kind in {"01", None}
        for level, text, without_prefix, number in elements
        if level == "02"
    ]
    return tuple(dict.fromkeys((*beside, *inside)))


def _number_of_title(says: Said) -> str:
    """The number beside the product's own name."""
    return next(
        (
            number
            for _, elements in says.get("titles", ())
            for level, text, without_prefix, number in elements
            if level == "01" and number and (text or without_prefix)
        ),
        "",
    )


_UNNUMBERED = 9999
"""Whoever has no sequence number comes last."""


def _people(says: Said) -> list[tuple[str, Person]]:
    """Who wrote and who reads it, by role: as numbered, of one number by role, then by name."""
    rows: list[tuple[int, str, bool, str, int, Person]] = []
    for place, (sequence, roles, name, key_names, inverted, company, ids) in enumerate(says.get("contributors", ())):
        named = name or company or inverted
        wanted = [role for role in roles if role in _ROLES]
        if named and wanted:
            number = _UNNUMBERED if sequence is None else sequence
            one = person(named, key_names, inverted, _ids(ids) if ids else ())
            rows += [(number, role, name is None, name or "", place, one) for role in wanted]
    return [(row[1], row[5]) for row in sorted(rows, key=itemgetter(0, 1, 2, 3, 4))]


def _ids(identifiers: list[tuple[str | None, str | None]]) -> tuple[str, ...]:
    return tuple(
        f"{kind}:{value.replace(' ', '').replace('-', '').upper()}"
        for kind, value in identifiers
        if kind in _PERSON_IDS and value
    )


def _authors(people: Sequence[tuple[str, Person]]) -> tuple[Person, ...]:
    for role in PRIMARY_AUTHORS:
        if found := _in_roles(people, {"A01", "A02"} if role == "A01" else {role}):
            return found
    return ()


def _in_roles(people: Iterable[tuple[str, Person]], roles: Container[str]) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(one for role, one in people if role in roles))


def _abridged(stated: str | None, title: Title) -> Abridged:
    if stated == "yes" or (stated != "no" and "abridged" in title.marks):
        return "yes"
    return "no" if stated == "no" or "unabridged" in title.marks else "unknown"


def _is_set(says: Said, title: Title, links: frozenset[Link]) -> bool:
    includes = sum(link.relation == "includes" for link in links) > 1
    return "set" in title.marks or says.get("texts", 0) > 1 or includes or says.get("composition") == "11"


def _links(isbn13: str, says: Said, supplier: str | None) -> frozenset[Link]:
    found = {Link(ISBN, isbn13, "own")}
    for relations, identifiers in says.get("products", ()):
        for kind, _, value in identifiers:
            if kind in _ISBNS and (isbn := _isbn(value or "")):
                found.update(Link(ISBN, isbn, one) for code in relations for one in _product_relations(code))
    for code, identifiers in says.get("works", ()):
        relation = "work" if code in OF_WORK else DERIVED.get(code or "", "")
        for kind, name, value in identifiers:
            is_isbn = kind in _ISBNS
            named = _isbn(value or "") if is_isbn else plain(value or "")
            space = ISBN if is_isbn else _space(supplier, kind, name)
            if named and space and relation:
                found.add(Link(space, named, relation))
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


def _space(supplier: str | None, kind: str | None, name: str | None) -> str:
    """Proprietary identifiers mean something only where they were given (AUDIOBOOKS 6); others everywhere."""
    if kind == "01":
        return f"{supplier or ''}|01|{plain(name or '')}"
    # ISTC is withdrawn and was given to anything (AUDIOBOOKS 1.11).
    return "" if kind == "11" else kind or ""
