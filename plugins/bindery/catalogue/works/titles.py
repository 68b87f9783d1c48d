"""Titles taken apart, and two of them compared: name, subtitle, series and number come in any order and place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from bindery.catalogue.works import words as said
from bindery.catalogue.works.normalise import name_of_title, plain

Mark = Literal["guide", "set", "dramatised", "abridged", "unabridged"]
Likeness = Literal["equal", "part", "near", "conflict", "different"]
"""Of two titles: the same name; the same, and one says more; the same but for a slip; the same, and both say more, but
not the same; another name."""

_SEPARATORS = re.compile(r"\s*[:;|/()\[\]{}]+\s*|\s+-+\s+|(?<=\w{4})\.\s+(?=\w{3})")
_DIGITS = r"\d{1,3}(?:[.,]\d)?"
_NUMBER = rf"({_DIGITS}|{'|'.join(sorted(said.NUMBERS, key=len, reverse=True))})"
_VOLUME = re.compile(
    rf"(?:(?:\b(?:{said.VOLUME_WORDS})\.?\s*(?=\W|\d|\b){_NUMBER}\b)|(?:(?:\b(?:{said.VOLUME_SIGNS})\.?\s*|#\s*)({_DIGITS})\b))"
    r"(?:\s*(?:of|in|der|des|av|de)\s+(?:the\s+)?(?=\D))?"
)
_PART = re.compile(rf"\b(?:{said.PART_WORDS})\.?\s*{_NUMBER}\b(?:\s*(?:of|von|av|de|/)\s*\d+)?")
_TRAILING = re.compile(rf"^(.*\S)\s+(\d{{1,2}}|{'|'.join(sorted(said.BARE_ROMAN))})$")
_GENERIC = frozenset(name_of_title(text, language) for text in said.GENERIC for language in said.ARTICLES)
_BY = re.compile(r"\s+(?:by|von|de|av)\s+\S+(?:\s+\S+){0,3}$")
_SLIP_MIN_LETTERS = 5


class Segment(NamedTuple):
    """One part of a title. ``number`` follows it; ``is_volume`` where a word such as *book* says what the number is."""

    name: str
    number: str = ""
    is_volume: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """A title and subtitle taken apart. ``part`` is the number of a part of one book; ``series`` are (name, number)."""

    segments: tuple[Segment, ...]
    part: str = ""
    marks: frozenset[Mark] = frozenset()
    series: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Its main name; empty where there is none."""
        return self.segments[0].name if self.segments else ""


def read_title(
    title: str | None,
    subtitle: str | None,
    language: str | None,
    collections: tuple[tuple[str, str], ...] = (),
    number: str = "",
) -> Title:
    """Take a title apart.

    Args:
        title: As stated, with its prefix.
        subtitle: As stated.
        language: Of the book, List 74.
        collections: Title and number of each series stated beside the title.
        number: What stands beside the title as its number.
    """
    series = tuple((name_of_title(plain(name), language), _number(plain(told))) for name, told in collections if name)
    marks: set[Mark] = set()
    part = ""
    segments: list[Segment] = []
    for text in (title, subtitle):
        for piece in _pieces(plain(text or "")):
            left, volumes_in_set = _marked(piece, marks)
            left, number_of_part = _taken(_PART, left)
            part = part or volumes_in_set or number_of_part
            segment = _segment(left, language)
            if segment and (segment.name not in _GENERIC or not segments):
                segments.append(segment)
    if number and segments and not segments[0].number:
        segments[0] = segments[0]._replace(number=_number(plain(number)), is_volume=True)
    volumes = [one for one in segments if one.is_volume and len(segments) > 1]
    if volumes and volumes[0] is not segments[0] and not volumes[0].name:
        segments[0] = segments[0]._replace(number=segments[0].number or volumes[0].number, is_volume=True)
    named = [one for one in segments if one.name]
    hinted = tuple((one.name, one.number) for one in volumes if one.name and one is not named[0])
    return Title(tuple(dict.fromkeys(named)), part, frozenset(marks), tuple(dict.fromkeys((*series, *hinted))))


def _pieces(text: str) -> list[str]:
    return [piece for piece in _SEPARATORS.split(text) if piece and piece.strip(" .,-'\"")]


def _marked(text: str, marks: set[Mark]) -> tuple[str, str]:
    """The text without what tells of the product; which volumes are in a set, where it says so."""
    if said.UNABRIDGED.search(text):
        marks.add("unabridged")
    elif said.ABRIDGED.search(text):
        marks.add("abridged")
    if said.DRAMATISED.search(text):
        marks.add("dramatised")
        text = said.DRAMATISED.sub(" ", text)
    if said.GUIDE.search(text):
        marks.add("guide")
        text = _BY.sub("", said.GUIDE.sub(" ", text))
    of_set = said.SET.search(text)
    if of_set:
        marks.add("set")
        text = said.SET.sub(" ", text)
    left = said.NOISE.sub(" ", text)
    return left, "-".join(re.findall(r"\d+", of_set[0])) if of_set else ""


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.search(text)
    if found is None:
        return text, ""
    number = next(group for group in found.groups() if group)
    return f"{text[: found.start()]} {text[found.end() :]}", _number(number)


def _number(text: str) -> str:
    text = text.strip(" .#")
    if text in said.NUMBERS:
        return said.NUMBERS[text]
    digits = re.search(r"\d+(?:[.,]\d+)?", text)
    return digits[0].replace(",", ".").lstrip("0") or "0" if digits else ""


def _segment(text: str, language: str | None) -> Segment | None:
    left, number = _taken(_VOLUME, text)
    if number:
        return Segment(name_of_title(left, language), number, is_volume=True)
    trailing = _TRAILING.match(text.strip(" .,-"))
    if trailing:
        return Segment(name_of_title(trailing[1], language), _number(trailing[2]))
    name = name_of_title(text, language)
    return Segment(name) if name else None


class Compared(NamedTuple):
    """How two titles are alike; ``sequel`` where a number says that they are two books of a row."""

    likeness: Likeness
    sequel: bool = False
    doubt: bool = False


def compare(a: Title, b: Title) -> Compared:
    """Compare two titles; the order doesn't matter."""
    one, other = _without_series(a, b), _without_series(b, a)
    found = _matched(one, other)
    if found is None:
        return Compared("different")
    i, j, is_near = found
    sequel = _numbers_differ(one[i].number, other[j].number, a, b) or a.part != b.part
    rest_a = [segment for place, segment in enumerate(one) if place != i]
    rest_b = [segment for place, segment in enumerate(other) if place != j]
    sequel = sequel or _other_number_in_series(a, b)
    if rest_a and rest_b and not _any_alike(rest_a, rest_b):
        return Compared("conflict", sequel)
    doubt = _number_is_missing(a, b, one[i].name)
    if is_near:
        return Compared("near", sequel, doubt)
    return Compared("part" if bool(rest_a) != bool(rest_b) else "equal", sequel, doubt)


def _without_series(title: Title, other: Title) -> list[Segment]:
    series = {name for name, _ in (*title.series, *other.series)}
    kept = [segment for segment in title.segments if segment.name not in series]
    return kept or list(title.segments[:1])


def _matched(one: list[Segment], other: list[Segment]) -> tuple[int, int, bool] | None:
    pairs = sorted(product(range(len(one)), range(len(other))), key=lambda pair: (sum(pair), pair))
    pairs = [pair for pair in pairs if 0 in pair]
    for i, j in pairs:
        if one[i].name == other[j].name:
            return i, j, False
    # A title may run on into its subtitle where the other has a colon.
    whole = ["".join(segment.name for segment in side).replace(" ", "") for side in (one, other)]
    if one and other and whole[0] == whole[1]:
        return 0, 0, False
    for i, j in pairs:
        if is_slip(one[i].name, other[j].name):
            return i, j, True
    return None


def is_slip(a: str, b: str) -> bool:
    """Whether two names differ by a slip in one word, or by a space, and by nothing that makes another word of it."""
    if a.replace(" ", "") == b.replace(" ", ""):
        return True
    one, other = a.split(), b.split()
    if len(one) != len(other):
        return False
    differing = [(x, y) for x, y in zip(one, other, strict=True) if x != y]
    if len(differing) != 1:
        return False
    (x, y) = differing[0]
    if x.isdecimal() or y.isdecimal() or min(len(x), len(y)) < _SLIP_MIN_LETTERS or x[0] != y[0]:
        return False
    inflected = x.removesuffix("s") == y.removesuffix("s") or x.removesuffix("n") == y.removesuffix("n")
    return not inflected and bool(DamerauLevenshtein.distance(x, y) == 1)


def _numbers_differ(x: str, y: str, a: Title, b: Title) -> bool:
    if x == y:
        return False
    known = {number for _, number in (*a.series, *b.series)}
    if not (x and y):
        # A title may leave its number to the series; the first of a row has often none.
        return (x or y) != "1" and (x or y) not in known
    return True


def _other_number_in_series(a: Title, b: Title) -> bool:
    return any(
        x and y and x != y and (name == other or JaroWinkler.similarity(name, other) > 0.92)
        for (name, x), (other, y) in product(a.series, b.series)
    )


def _number_is_missing(a: Title, b: Title, name: str) -> bool:
    """Whether the title is that of a whole series, and only one says which of its volumes it is."""
    numbers = [
        {number for _, number in side.series} | {segment.number for segment in side.segments if segment.name == name}
        for side in (a, b)
    ]
    stated = [found - {""} for found in numbers]
    of_series = any(name == series for series, _ in (*a.series, *b.series))
    return of_series and bool(stated[0]) != bool(stated[1]) and (stated[0] | stated[1]) != {"1"}


def _any_alike(one: list[Segment], other: list[Segment]) -> bool:
    return any(x.name == y.name or is_slip(x.name, y.name) or _within(x.name, y.name) for x, y in product(one, other))


def _within(a: str, b: str) -> bool:
    one, other = set(a.split()), set(b.split())
    return min(len(one), len(other)) > 1 and (one <= other or other <= one)
