from __future__ import annotations

import pytest

from bindery.catalogue.works.titles import compare, read_title


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("The Silent Harbour", "Silent Harbour, The (Unabridged)"),
        ("The Silent Harbour", "THE SILENT HARBOUR: A Novel"),
        ("The Silent Harbour", "The Silent Harbor"),
        ("The Silent Harbour", "The Silent Harbour (Denholm Files, Book 2)"),
        ("The Silent Harbour", "Denholm Files 2: The Silent Harbour"),
        ("The Silent Harbour", "The Silent Harbour - Denholm Files #2 [Audiobook]"),
        ("The Bridge & the Ferry", "The Bridge and the Ferry"),
        ("Fahrenheit 451", "Fahrenheit 451: A Novel"),
        ("Nineteen Steps", "Nineteen Steps: The Untold Story of a Coast"),
        ("The Lighthouse Keeper", "The Light House Keeper"),
        ("No One Knows", "No one knows (unabridged)"),
        ("Dr. Sleepless", "Dr Sleepless"),
    ],
)
def test_the_same_title_in_other_words(title: str, other: str) -> None:
    found = compare(read_title(title, None, "eng"), read_title(other, None, "eng"))
    assert found.likeness in {"equal", "part"}
    assert not found.sequel


@pytest.mark.parametrize(
    ("language", "title", "other"),
    [
        ("ger", "Größe und Grenze", "Groesse & Grenze (Ungekürzte Lesung)"),
        ("fre", "L’été perdu", "L'ÉTÉ PERDU : Roman"),
        ("swe", "Huset på ön", "Huset på ön (oförkortad)"),
        ("gre", "Το μεγάλο σπίτι", "Μεγάλο σπίτι"),
        ("jpn", "静かな庭", "静かな庭"),
    ],
)
def test_the_same_title_in_other_languages(language: str, title: str, other: str) -> None:
    assert compare(read_title(title, None, language), read_title(other, None, language)).likeness in {"equal", "part"}


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Silent Harbour", "Silent Harbour 2"),
        ("Silent Harbour", "Silent Harbour II"),
        ("Silent Harbour: Book One", "Silent Harbour: Book Two"),
        ("Silent Harbour, Vol. 3", "Silent Harbour, Vol. 4"),
        ("Silent Harbour, Part 1 of 2", "Silent Harbour, Part 2 of 2"),
        ("Silent Harbour", "Silent Harbour, Part 2"),
        ("Harbour Files: Books 1-3", "Harbour Files: Books 4-6"),
    ],
)
def test_a_number_tells_books_of_a_row_apart(title: str, other: str) -> None:
    assert compare(read_title(title, None, "eng"), read_title(other, None, "eng")).sequel


def test_the_first_of_a_row_may_go_without_its_number() -> None:
    assert not compare(
        read_title("Silent Harbour", None, "eng"), read_title("Silent Harbour, Book 1", None, "eng")
    ).sequel


def test_volumes_that_bear_the_name_of_their_series() -> None:
    def volume(number: str) -> object:
        return read_title("Harbour Files", None, "eng", (("Harbour Files", number),))

    assert compare(volume("2"), volume("3")).sequel
    assert compare(volume("2"), volume("")).doubt
    assert not compare(volume("2"), volume("2")).sequel


@pytest.mark.parametrize(
    ("title", "other", "likeness"),
    [
        ("The Silent Harbour", "The Silent Garden", "different"),
        ("The Silent Harbour", "Return to the Silent Harbour", "different"),
        ("The Silent Harbour", "The Silent Harbours", "different"),
        ("Good Cooking: Italy", "Good Cooking: France", "conflict"),
        ("The Silent Harbour", "The Slient Harbour", "near"),
    ],
)
def test_titles_that_are_nearly_the_same(title: str, other: str, likeness: str) -> None:
    assert compare(read_title(title, None, "eng"), read_title(other, None, "eng")).likeness == likeness


@pytest.mark.parametrize(
    ("title", "mark"),
    [
        ("Summary of The Silent Harbour by Una Denholm", "guide"),
        ("The Silent Harbour: A Study Guide", "guide"),
        ("Zusammenfassung von Stilles Haus", "guide"),
        ("The Harbour Files Box Set", "set"),
        ("The Complete Harbour Trilogy: Books 1-3", "set"),
        ("Silent Harbour (Full-Cast Dramatisation)", "dramatised"),
        ("Das stille Haus (Hörspiel)", "dramatised"),
        ("Das stille Haus (Gekürzte Lesung)", "abridged"),
        ("Silent Harbour [Unabridged]", "unabridged"),
    ],
)
def test_what_a_title_says_of_its_product(title: str, mark: str) -> None:
    assert mark in read_title(title, None, "eng").marks
