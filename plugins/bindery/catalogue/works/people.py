"""People as they are named: in any order, with initials, in another spelling, with an identifier or without."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from bindery.catalogue.works.normalise import plain, sound, spoken, squeezed, words

EXACT, WITHIN, INITIALS, SPELLING = 1.0, 0.96, 0.94, 0.86
"""How sure two names are one person's: the same words; one leaves some out; initials for names; another spelling."""
SURELY = INITIALS
"""From here on two names are taken for one narrator's."""

_SUFFIXES = frozenset(
    {"jr", "sr", "phd", "md", "dr", "prof", "sir", "dame", "mr", "mrs", "ms", "von", "van", "de", "iii"}
)
_LIKE_FAMILY, _LIKE_GIVEN = 0.84, 0.7
_LONG_NAME = 6


@dataclass(frozen=True, slots=True)
class Person:
    """A person or a company. ``ids`` are ``type:value`` of ISNI and ORCID (List 44: 16, 21)."""

    family: str
    given: tuple[str, ...]
    ids: frozenset[str] = frozenset()

    @property
    def all_words(self) -> tuple[str, ...]:
        """The name's words, sorted: the order of a name says nothing."""
        return tuple(sorted((*self.family.split(), *self.given)))


@lru_cache(maxsize=1 << 17)
def person(name: str, key_names: str | None = None, inverted: str | None = None, ids: tuple[str, ...] = ()) -> Person:
    """A person of a name as stated. Whoever is named twice alike is one object, because catalogues repeat people.

    Args:
        name: In reading order, or inverted with a comma, as some senders write it everywhere.
        key_names: The part to sort by, where stated.
        inverted: The inverted name, where stated.
        ids: Identifiers as ``type:value``.
    """
    family, given = _split(name, key_names or "", inverted or "")
    return Person(family, given, frozenset(ids))


def _split(name: str, key_names: str, inverted: str) -> tuple[str, tuple[str, ...]]:
    text = plain(name)
    before, comma, after = text.partition(",")
    if comma and after.strip(" .") not in _SUFFIXES:
        return " ".join(_kept(before)), tuple(_kept(after))
    found = _kept(text)
    filed_by = key_names or inverted.partition(",")[0] if key_names or "," in inverted else ""
    key = _kept(plain(filed_by)) if " " in filed_by else found[-1:]
    if key and len(key) < len(found) and found[-len(key) :] == key:
        return " ".join(key), tuple(found[: -len(key)])
    return (found[-1], tuple(found[:-1])) if found else ("", ())


def _kept(text: str) -> list[str]:
    found = [*map(squeezed, words(text))]
    return found if _SUFFIXES.isdisjoint(found) else [word for word in found if word not in _SUFFIXES] or found


def alike(a: Person, b: Person) -> float:
    """How sure it is that two names are of one person, by the names alone: 0 where they are not."""
    return _alike(a.family, a.given, b.family, b.given)


class _Form(NamedTuple):
    """A name as it is compared: its words sorted; without spaces, either part first, as East Asian names are written.

    ``last`` is the family name's last word; ``code`` and ``heard`` say how the whole of it sounds.
    """

    family: str
    given: tuple[str, ...]
    words: tuple[str, ...]
    spellings: tuple[str, str]
    last: str
    code: str
    heard: str


@lru_cache(maxsize=1 << 16)
def _form(family: str, given: tuple[str, ...]) -> _Form:
    parts, joined, together = family.split(), family.replace(" ", ""), "".join(given)
    spellings = (joined + together, together + joined)
    return _Form(family, given, tuple(sorted((*parts, *given))), spellings, parts[-1], sound(joined), spoken(family))


@lru_cache(maxsize=1 << 18)
def _alike(family: str, given: tuple[str, ...], other_family: str, other_given: tuple[str, ...]) -> float:
    """By the names' parts alone: candidates share their people, so few pairs of names are looked at more than once."""
    if not (family and other_family):
        return 0.0
    a, b = _form(family, given), _form(other_family, other_given)
    if a.words == b.words or a.spellings[0] in b.spellings or a.spellings[1] in b.spellings:
        return EXACT
    one, other = set(a.words), set(b.words)
    smaller, larger = (one, other) if len(one) <= len(other) else (other, one)
    if smaller <= larger and len(smaller) > 1:
        return WITHIN
    return max(_by_parts(a, b), _by_parts(a, _turned(b)), _by_parts(_turned(a), b))


def _turned(one: _Form) -> _Form:
    """The same name read the other way round, as of a sender that puts the family name first."""
    return _form(one.given[0], (*one.given[1:], *one.family.split())) if one.given else one


def _by_parts(a: _Form, b: _Form) -> float:
    if not (a.given and b.given):
        return 0.0
    if a.last == b.last:
        return _given_alike(a.given, b.given)
    if a.code == b.code and _family_alike(a.heard, b.heard):
        return SPELLING if _given_alike(a.given, b.given) else 0.0
    return 0.0


def _family_alike(a: str, b: str) -> bool:
    """Short names that differ by a letter are two names: Berg and Borg."""
    return a == b or (min(len(a), len(b)) >= _LONG_NAME and JaroWinkler.similarity(a, b) >= _LIKE_FAMILY)


def _given_alike(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Each given name of the shorter row has its like in the longer, in order; the first ones face each other."""
    shorter, longer = (a, b) if len(a) <= len(b) else (b, a)
    level, place = EXACT, 0
    for nth, name in enumerate(shorter):
        for found in range(place, 1 if nth == 0 else len(longer)):
            likeness = _word_alike(name, longer[found])
            if likeness:
                level, place = min(level, likeness), found + 1
                break
        else:
            return 0.0
    return min(level, WITHIN) if len(a) != len(b) else level


def _word_alike(a: str, b: str) -> float:
    if a == b:
        return EXACT
    if len(a) == 1 or len(b) == 1:
        return INITIALS if a[0] == b[0] else 0.0
    is_like = sound(a) == sound(b) and JaroWinkler.similarity(spoken(a), spoken(b)) >= _LIKE_GIVEN
    return SPELLING if is_like else 0.0


def same_people(a: tuple[Person, ...], b: tuple[Person, ...]) -> bool:
    """Whether two lists surely name the same people, in any order."""
    if len(a) != len(b) or not a:
        return False
    left = list(b)
    for one in a:
        found = next((other for other in left if alike(one, other) >= SURELY), None)
        if found is None:
            return False
        left.remove(found)
    return True
