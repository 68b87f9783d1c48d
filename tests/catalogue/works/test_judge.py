from __future__ import annotations

from itertools import pairwise

import pytest

from bindery.catalogue.keys import key_of
from bindery.catalogue.works.facts import Facts
from bindery.catalogue.works.judge import AUTOMATIC, judge
from tests.catalogue.works.editions import PRINT, A, B, edition, head, work

BOOK = edition("The Silent Harbour")


def other(title: str = "The Silent Harbour", author: str = "Una Denholm", **said: object) -> Facts:
    return edition(title, author, B, **said)


def test_one_recording_under_two_isbns() -> None:
    verdict = judge(BOOK, other("Silent Harbour, The", "Denholm, Una", narrators=("MARSH, Kofi",), seconds=36_050))
    assert (verdict.says, verdict.same_recording) == ("same_work", True)
    assert verdict.score >= AUTOMATIC


def test_the_order_of_a_pair_says_nothing() -> None:
    pairs = [(BOOK, other(subtitle="A Coast")), (BOOK, other(language="ger")), (BOOK, other("The Slient Harbour"))]
    assert all(judge(a, b) == judge(b, a) for a, b in pairs)


@pytest.mark.parametrize("voices", [("Grace Quill",), ("Kofi Marsh", "Grace Quill"), ("Kojo Marsh",), ()])
def test_another_narration_is_the_same_work_and_another_recording(voices: tuple[str, ...]) -> None:
    verdict = judge(BOOK, other(narrators=voices))
    assert (verdict.says, verdict.same_recording) == ("same_work", False)


def test_a_narration_at_another_length_is_another_recording() -> None:
    assert not judge(BOOK, other(seconds=41_000)).same_recording
    assert judge(BOOK, other(seconds=36_700)).same_recording


def test_unknown_voices_are_one_only_where_an_edition_names_the_other() -> None:
    silent = edition("The Silent Harbour", narrators=())
    assert not judge(silent, other(narrators=())).same_recording
    assert judge(silent, other(narrators=(), links=[head(A, "format")])).same_recording


@pytest.mark.parametrize(
    ("second", "relation"),
    [
        (other(abridged="yes", seconds=16_000), "abridgement"),
        (other(links=[work("W1", "abridgement")]), "abridgement"),
        (other(is_drama=True), "adaptation"),
        (other("Der stille Hafen", language="ger", links=[work("W1", "translation")]), "translation"),
        (other("Der stille Hafen", language="ger", links=[work("W1")]), "translation"),
        (other("Der stille Hafen", language="ger", original_titles=("silent harbor",)), "translation"),
        (other("Summary of The Silent Harbour", "Quick Reads"), "guide"),
        (other("The Harbour Box Set", links=[head(A, "includes")], is_set=True), "set"),
    ],
)
def test_what_is_made_of_a_work_is_related_to_it(second: Facts, relation: str) -> None:
    first = edition("The Silent Harbour", links=[work("W1")])
    verdict = judge(first, second)
    assert (verdict.says, verdict.relation) == ("related", relation)


@pytest.mark.parametrize(
    "second",
    [
        other(author="Kofi Okafor"),
        other("The Silent Harbour 2"),
        other("The Silent Garden"),
        other("Der stille Hafen", language="ger"),
        other("The Silent Harbour: Omnibus", is_set=True),
    ],
)
def test_different_books(second: Facts) -> None:
    assert judge(BOOK, second).says == "different"


def test_whether_it_is_abridged_is_told_by_the_length_where_one_is_silent() -> None:
    short = edition("The Silent Harbour", abridged="yes", seconds=16_000)
    assert judge(short, other(abridged="unknown", seconds=16_050)).says == "same_work"
    assert judge(short, other(abridged="unknown", seconds=36_000)).says == "related"
    assert judge(short, other(abridged="unknown", seconds=0)).says == "doubtful"


def test_one_identifier_for_two_titles_is_for_a_person_to_decide() -> None:
    first = edition("The Silent Harbour", links=[work("W1")])
    assert judge(first, other("The Gilded Lantern", links=[work("W1")], narrators=("Grace Quill",))).says == "doubtful"
    assert judge(first, other(author="Kofi Okafor", links=[work("W1")])).says == "doubtful"


def test_two_identifiers_join_a_book_that_has_two_titles() -> None:
    links = [work("W1"), head(PRINT, "format")]
    verdict = judge(edition("The Silent Harbour", links=links), other("The Gilded Lantern", links=links))
    assert verdict.says == "same_work"
    assert {"work", "format"} <= {one.kind for one in verdict.evidence}


def test_an_identifier_given_to_everything_is_no_evidence() -> None:
    first, second = (edition("The Silent Harbour", links=[work("W1")]), other("The Gilded Lantern", links=[work("W1")]))
    assert judge(first, second, frozenset({key_of("north|01|north work", "W1")})).says == "different"


def test_two_identifiers_of_one_name_need_more_than_the_title() -> None:
    first = edition("The Silent Harbour", isni="0000000121032683")
    assert judge(first, other(isni="0000000431425247", narrators=("Grace Quill",))).says == "doubtful"
    assert judge(first, other(isni="0000000431425247")).says == "same_work"


def test_a_slip_in_the_title_needs_more_than_the_author() -> None:
    assert judge(BOOK, other("The Slient Harbour", narrators=("Grace Quill",))).says == "doubtful"
    assert judge(BOOK, other("The Slient Harbour")).says == "same_work"


def test_evidence_adds_up_to_the_score() -> None:
    verdict = judge(BOOK, other(subtitle="Of the North", isni=""))
    assert verdict.score == pytest.approx(sum(one.weight for one in verdict.evidence), abs=0.001)


def test_more_evidence_never_lowers_the_score() -> None:
    first = edition("The Silent Harbour", links=[work("W1"), head(PRINT, "format")])
    scores = [
        judge(first, other("The Slient Harbour", **said)).score  # type: ignore[arg-type]
        for said in (
            {"narrators": ()},
            {"narrators": (), "links": [work("W1")]},
            {"narrators": (), "links": [work("W1"), head(PRINT, "format")]},
            {"links": [work("W1"), head(PRINT, "format")]},
        )
    ]
    assert all(before < after for before, after in pairwise(scores))
