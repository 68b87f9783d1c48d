"""Whether two editions are the same work, related works, different ones, or for a person to decide (RFC 0006)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bindery.catalogue.keys import key_of
from bindery.catalogue.works.facts import Facts
from bindery.catalogue.works.people import EXACT, INITIALS, SPELLING, WITHIN, Person, alike, same_people
from bindery.catalogue.works.titles import Compared, compare

Says = Literal["same_work", "related", "different", "doubtful"]
Relation = Literal["translation", "abridgement", "adaptation", "derived", "set", "guide", "sequel"]

AUTOMATIC, DOUBTFUL = 0.90, 0.60
"""From the first on a pair is joined by itself; from the second on it waits for a person."""

_BY_AUTHOR = {EXACT: 0.96, WITHIN: 0.95, INITIALS: 0.94, SPELLING: 0.91}
_BY_IDENTIFIER, _PSEUDONYM, _NO_AUTHOR = 0.97, 0.75, 0.70
_BY_LIKENESS = {"equal": 0.0, "part": 0.01, "near": 0.12, "conflict": 0.36, "different": 0.66}
"""What the likeness of the titles takes from the score that the author gives."""
_LINK, _NARRATION, _NARRATION_OF_OTHER_TITLE, _IN_SERIES = 0.70, 0.60, 0.40, 0.40
"""How much of the remaining doubt a piece of evidence takes away."""
_OTHER_IDENTIFIER, _NO_LANGUAGE, _NO_NUMBER, _SHORT_TITLE = 0.08, 0.04, 0.15, 0.03
"""What speaks against."""

_TOLERANCE_SECONDS, _TOLERANCE_PERCENT = 120, 2
"""Two lengths of one recording: stated in minutes, with other openings and credits."""
_SHORTENED_PERCENT = 15
"""An abridgement is at least so much shorter."""


_NAMED_ALIKE = frozenset({"equal", "part", "near"})


class Evidence(NamedTuple):
    """One reason. ``weight`` is what it adds to the score, or takes from it."""

    kind: str
    detail: str
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be thought of a pair.

    Attributes:
        says: What it is.
        relation: How related works are related; of different ones, what tells them apart; else empty.
        score: How sure it is, 0 to 1.
        evidence: Why.
        same_recording: One narration, sold under two ISBNs. Only of the same work.
        is_contradicted: Different, though an identifier or the very title says the same: worth keeping.
    """

    says: Says
    relation: str = ""
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    same_recording: bool = False
    is_contradicted: bool = False


class _Author(NamedTuple):
    level: float
    base: float
    evidence: Evidence
    other_identifier: bool = False


def judge(a: Facts, b: Facts, worn: frozenset[int] = frozenset()) -> Verdict:
    """Judge a pair; the order doesn't matter.

    Args:
        a: One edition.
        b: Another one.
        worn: Keys shared by too many editions to be evidence.
    """
    if a.isbn13 > b.isbn13:
        a, b = b, a
    links = [] if a.named.isdisjoint(b.named) else sorted(set(_shared(a, b, worn)))
    plainly = None if links else _plainly_apart(a, b)
    if plainly is not None:
        return plainly
    stated = [link for link in links if link.kind == "stated"]
    if stated:
        return Verdict("related", stated[0].detail.split(":")[0], 0.95, tuple(stated))
    same = [link for link in links if link.kind != "names"]
    author, titles = _authors(a, b), compare(a.title, b.title)
    apart = _apart(a, b, author, titles, same)
    if apart is not None:
        return apart
    score, evidence = _score(a, b, author, titles, same)
    if score >= AUTOMATIC:
        return Verdict("same_work", "", score, evidence, _one_recording(a, b, links))
    if score >= DOUBTFUL:
        return Verdict("doubtful", "", score, evidence)
    return Verdict("different", "", score, evidence)


def _shared(a: Facts, b: Facts, worn: frozenset[int]) -> Iterator[Evidence]:
    """What both name, or one names of the other: ``work`` and ``format`` say the same, ``stated`` something else."""
    for space, value in sorted(a.named & b.named):
        if key_of(space, value) in worn:
            continue
        one, other = (
            {link.relation for link in side.links if (link.space, link.value) == (space, value)} for side in (a, b)
        )
        kind = _kind_of_link(one, other)
        if kind in {"work", "format"}:
            yield Evidence("work" if kind == "work" else "format", f"{space} {value}", _LINK)
            if ("own" in one and other & _NAMING) or ("own" in other and one & _NAMING):
                yield Evidence("names", f"{space} {value}", 0.0)
        elif kind:
            yield Evidence("stated", f"{kind}: {space} {value}", 0.0)


_NAMING = frozenset({"format", "market"})
_SAME = frozenset({"own", "format", "work", "market"})


def _kind_of_link(one: set[str], other: set[str]) -> str:
    for mine, theirs in ((one, other), (other, one)):
        made_of = mine & _SAME
        said = sorted(theirs - _SAME)
        if made_of and said:
            return "set" if said[0] == "includes" else said[0]
    if not (one & _SAME and other & _SAME):
        return ""
    return "work" if "work" in one and "work" in other else "format"


def _authors(a: Facts, b: Facts) -> _Author:
    if not (a.authors and b.authors):
        return _Author(0.0, _NO_AUTHOR, Evidence("author", "not stated", _NO_AUTHOR))
    first, other_first = a.authors[0], b.authors[0]
    pairs = [*((first, other) for other in b.authors), *((one, other_first) for one in a.authors[1:])]
    found = [(alike(one, other), not one.ids.isdisjoint(other.ids), one, other) for one, other in pairs]
    level, by_id, one, other = max(found, key=lambda each: (each[0] > 0 and each[1], each[0], each[1]))
    name = _name(one)
    if by_id and level:
        return _Author(
            level, _BY_IDENTIFIER, Evidence("author_id", f"{min(one.ids & other.ids)} {name}", _BY_IDENTIFIER)
        )
    if by_id or any(each[1] for each in found):
        return _Author(0.0, _PSEUDONYM, Evidence("author_id", "one identifier, other names", _PSEUDONYM))
    if not level:
        return _Author(0.0, 0.0, Evidence("author", f"{name} and {_name(other)}", 0.0))
    detail = name if level == EXACT else f"{name} and {_name(other)}"
    return _Author(level, _BY_AUTHOR[level], Evidence("author", detail, _BY_AUTHOR[level]), _other_id(one, other))


def _other_id(one: Person, other: Person) -> bool:
    kinds = {each.split(":")[0] for each in one.ids} & {each.split(":")[0] for each in other.ids}
    return bool(kinds) and not one.ids & other.ids


def _name(one: Person) -> str:
    return " ".join((*one.given, one.family))


def _plainly_apart(a: Facts, b: Facts) -> Verdict | None:
    """What keeps two editions apart that name nothing alike, whatever their titles are.

    It says nothing that ``_apart`` would not say of them, at once: most of those that are compared share no more than
    a sound.
    """
    if ("guide" in a.title.marks) != ("guide" in b.title.marks):
        return None
    if a.is_set != b.is_set:
        return _APART["set"]
    if not _nobody_alike(a.authors, b.authors):
        return None
    return _APART["language" if a.language and b.language and a.language != b.language else "author"]


_APART = {why: Verdict("different", why) for why in ("set", "language", "author")}


def _nobody_alike(a: tuple[Person, ...], b: tuple[Person, ...]) -> bool:
    """Whether both name authors, and neither's first is any of the other's, by name or identifier."""
    if not (a and b):
        return False
    one, other = a[0], b[0]
    return not (
        any(alike(one, each) or not one.ids.isdisjoint(each.ids) for each in b)
        or any(alike(each, other) or not each.ids.isdisjoint(other.ids) for each in a[1:])
    )


def _apart(a: Facts, b: Facts, author: _Author, titles: Compared, links: list[Evidence]) -> Verdict | None:
    """What keeps two editions out of one work, whatever else is alike; None where nothing does."""
    is_named_alike = titles.likeness in _NAMED_ALIKE
    if ("guide" in a.title.marks) != ("guide" in b.title.marks):
        return _related("guide", 0.8, titles) if is_named_alike else _different("guide", links)
    if a.is_set != b.is_set:
        return _different("set", links)
    if a.language and b.language and a.language != b.language:
        return _translation(a, b, author, titles, links)
    if not author.base:
        contradicted = is_named_alike and bool(links)
        evidence = (author.evidence, *links)
        return Verdict("doubtful", "author", 0.7, evidence) if contradicted else _different("author", links)
    if titles.sequel:
        contradicted = bool(links) or is_named_alike
        return Verdict("different", "sequel", 0.0, tuple(links), is_contradicted=contradicted)
    return _made_of(a, b, author, titles) if is_named_alike else None


def _made_of(a: Facts, b: Facts, author: _Author, titles: Compared) -> Verdict | None:
    """The same book made into something else: played, or shortened."""
    if a.is_drama != b.is_drama:
        return _related("adaptation", author.base, titles)
    stated = {a.abridged, b.abridged}
    if stated == {"yes", "no"}:
        return _related("abridgement", author.base, titles)
    if stated == {"yes", "unknown"}:
        short, other = (a, b) if a.abridged == "yes" else (b, a)
        if not (a.seconds and b.seconds):
            return Verdict("doubtful", "abridgement", 0.7, (author.evidence,))
        if other.seconds * 100 > short.seconds * (100 + _SHORTENED_PERCENT):
            return _related("abridgement", 0.8, titles)
    return None


def _related(relation: Relation, score: float, titles: Compared) -> Verdict:
    return Verdict("related", relation, score, (Evidence("title", titles.likeness, score),))


def _different(why: str, links: list[Evidence]) -> Verdict:
    return Verdict("different", why, 0.0, tuple(links), is_contradicted=bool(links))


def _translation(a: Facts, b: Facts, author: _Author, titles: Compared, links: list[Evidence]) -> Verdict:
    of_original = bool({a.title.name} & set(b.original_titles) or {b.title.name} & set(a.original_titles))
    is_of = a.original_language in {"", b.language} or b.original_language in {"", a.language}
    if author.base and (links or (of_original and is_of)):
        evidence = (
            author.evidence,
            *links,
            Evidence("title", "of the original" if of_original else titles.likeness, 0.0),
        )
        return Verdict("related", "translation", 0.9 if of_original else 0.8, evidence)
    return _different("language", links)


def _score(
    a: Facts, b: Facts, author: _Author, titles: Compared, links: list[Evidence]
) -> tuple[float, tuple[Evidence, ...]]:
    taken = _BY_LIKENESS[titles.likeness]
    evidence = [author.evidence, Evidence("title", f"{titles.likeness}: {a.title.name}", -taken)]
    if author.other_identifier:
        evidence.append(Evidence("author_id", "two identifiers for one name", -_OTHER_IDENTIFIER))
    if not (a.language and b.language):
        evidence.append(Evidence("language", "not stated", -_NO_LANGUAGE))
    if titles.doubt:
        evidence.append(Evidence("series", "one says no number", -_NO_NUMBER))
    if " " not in a.title.name and len(a.title.name) < 8 and a.title.name.isascii():
        evidence.append(Evidence("title", "short", -_SHORT_TITLE))
    score = max(0.0, sum(one.weight for one in evidence))
    # The same kind of link twice, such as two print ISBNs, is one statement.
    helping = list({one.kind: one for one in links}.values())
    if same_people(a.narrators, b.narrators) and _as_long(a, b):
        of_other = titles.likeness == "different"
        helping.append(
            Evidence("narration", "same voices, same length", _NARRATION_OF_OTHER_TITLE if of_other else _NARRATION)
        )
    if any(number and (name, number) in b.title.series for name, number in a.title.series):
        helping.append(Evidence("series", "same series and number", _IN_SERIES))
    for one in helping:
        gained = (1 - score) * one.weight
        evidence.append(one._replace(weight=gained))
        score += gained
    return round(score, 4), tuple(one._replace(weight=round(one.weight, 4)) for one in evidence)


def _as_long(a: Facts, b: Facts) -> bool:
    if not (a.seconds and b.seconds):
        return False
    allowed = max(_TOLERANCE_SECONDS, max(a.seconds, b.seconds) * _TOLERANCE_PERCENT // 100)
    return abs(a.seconds - b.seconds) <= allowed


def _one_recording(a: Facts, b: Facts, links: list[Evidence]) -> bool:
    """The same voices for the same time. Unknown voices are one only where one edition names the other."""
    if {a.abridged, b.abridged} == {"yes", "no"} or a.is_drama != b.is_drama:
        return False
    names_other = any(one.kind == "names" for one in links)
    if a.narrators and b.narrators:
        return same_people(a.narrators, b.narrators) and (
            _as_long(a, b) or (names_other and not (a.seconds and b.seconds))
        )
    return names_other and _as_long(a, b)
