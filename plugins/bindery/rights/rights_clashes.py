"""Where rights contradict rights: within a record, and between suppliers (FEATURES R2, MS14)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, permutations
from typing import Final, NamedTuple

from bindery.rights.clash import Contradiction, clash, counting, right
from bindery.rights.countries import Mask, mask
from bindery.rights.reasons import Source
from bindery.rights.terms import PublishingTerms, rights_stated
from bindery.rights.title import Title, Voice
from bindery.trade import rights as trade

_EXCLUSIVE: Final = frozenset({"01", "07"})


class _Word(NamedTuple):
    """What one record says of rights."""

    place: int
    voice: Voice
    terms: PublishingTerms


def rights_clashes(title: Title) -> Iterator[Contradiction]:
    """Every contradiction between statements of rights."""
    words = [_Word(place, voice, voice.publishing) for place, voice in counting(title) if voice.publishing is not None]
    for one, other in combinations(words, 2):
        yield from _exclusive_overlap(title, one, other)
    for granting, denying in permutations(words, 2):
        yield from _disagreement(title, granting, denying)
    for word in words:
        yield from _within(title, word)


def _exclusive_overlap(title: Title, one: _Word, other: _Word) -> Iterator[Contradiction]:
    publishers = _name(one.terms.publisher), _name(other.terms.publisher)
    if one.voice.supplier == other.voice.supplier or publishers[0] == publishers[1] or not all(publishers):
        return
    both = _where(title, one, is_exclusive=True) & _where(title, other, is_exclusive=True)
    if both:
        sources = [_source(title, word, both, exclusive=True) for word in (one, other)]
        text = (
            f"{one.terms.publisher} (record {one.voice.record_reference} of {one.voice.supplier}) and"
            f" {other.terms.publisher} (record {other.voice.record_reference} of {other.voice.supplier})"
            " both claim exclusive rights"
        )
        yield from clash("exclusive_overlap", both, sources[0], sources[1], text)


def _disagreement(title: Title, granting: _Word, denying: _Word) -> Iterator[Contradiction]:
    if granting.voice.supplier == denying.voice.supplier:
        return
    both = _where(title, granting) & denied_by(title, denying.terms)
    if both:
        text = (
            f"record {granting.voice.record_reference} of {granting.voice.supplier} says that it is for sale, record"
            f" {denying.voice.record_reference} of {denying.voice.supplier} that it is not"
        )
        sources = [_source(title, word, both) for word in (granting, denying)]
        yield from clash("suppliers_disagree", both, sources[0], sources[1], text)


def _within(title: Title, word: _Word) -> Iterator[Contradiction]:
    for countries, granting, denying in _clashes_said(title.stated[word.terms.rights]):
        one, other = right(word.place, granting), right(word.place, denying)
        text = (
            f"record {word.voice.record_reference} of {word.voice.supplier} says in {one.path} that it is for sale and"
            f" in {other.path} that it is not"
        )
        yield from clash("rights_clash", countries, one, other, text)


@lru_cache(maxsize=50_000)
def _clashes_said(statement: str) -> tuple[tuple[Mask, int, int], ...]:
    found = trade.contradictions(rights_stated(statement))
    return tuple((mask(one.countries), one.granting, one.denying) for one in found)


def granted_by(title: Title, terms: PublishingTerms) -> Mask:
    """Where some terms grant sale: also by restricted rights that leave it."""
    return sum(
        where
        for where, verdict in title.rights(terms)
        if verdict.code == "granted" and all(refused != "sale" for refused, _, _ in verdict.refused)
    )


def denied_by(title: Title, terms: PublishingTerms) -> Mask:
    """Where some terms say that it is not for sale."""
    return sum(where for where, verdict in title.rights(terms) if verdict.code == "not_for_sale")


def statement_on(title: Title, place: int, terms: PublishingTerms, countries: Mask) -> Source:
    """The statement that decides of the first of some countries."""
    first = countries & -countries
    verdict = next(verdict for where, verdict in title.rights(terms) if where & first)
    return right(place, verdict.statements[0]) if verdict.statements else Source(place, "publishing")


def _where(title: Title, word: _Word, *, is_exclusive: bool = False) -> Mask:
    return sum(
        where
        for where, verdict in title.rights(word.terms)
        if verdict.code == "granted" and (verdict.is_exclusive or not is_exclusive)
    )


def _source(title: Title, word: _Word, countries: Mask, *, exclusive: bool = False) -> Source:
    if not exclusive:
        return statement_on(title, word.place, word.terms, countries)
    first = countries & -countries
    verdict = next(verdict for where, verdict in title.rights(word.terms) if where & first)
    stated = rights_stated(title.stated[word.terms.rights])
    types = {nth: stated.row if nth < 0 else stated.rights[nth].type for nth in verdict.statements}
    return right(word.place, next(nth for nth, kind in types.items() if kind in _EXCLUSIVE))


def _name(publisher: str | None) -> str:
    """A publisher's name without what spellings differ in: case, punctuation, spaces."""
    return "".join(filter(str.isalnum, (publisher or "").casefold()))
