from __future__ import annotations

import pytest

from bindery.catalogue.works.people import EXACT, INITIALS, SPELLING, WITHIN, alike, person, same_people


@pytest.mark.parametrize(
    ("name", "other", "level"),
    [
        ("Una Denholm", "Denholm, Una", EXACT),
        ("Una Denholm", "DENHOLM Una", EXACT),
        ("Jörg Böhm", "Joerg Boehm", EXACT),
        ("Åsa Sjögren", "Asa Sjogren", EXACT),
        ("Κώστας Νικολάου", "Kostas Nikolaou", EXACT),
        ("Katherine O'Rourke", "Katherine O’Rourke", EXACT),
        ("青木 陽子", "青木陽子", EXACT),
        ("Una Mary Denholm", "Una Denholm", WITHIN),
        ("J. R. R. Tollman", "John Ronald Reuel Tollman", INITIALS),
        ("Tollman, J.R.R.", "J. R. R. Tollman", EXACT),
        ("Fjodor Sokolow", "Fyodor Sokolov", SPELLING),
        ("Юрий Морозов", "Yuri Morozov", SPELLING),
        ("Sergey Orlov", "Sergej Orlow", SPELLING),
    ],
)
def test_one_person_named_in_two_ways(name: str, other: str, level: float) -> None:
    assert alike(person(name), person(other)) == level
    assert alike(person(other), person(name)) == level


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Una Denholm", "Ulla Denholm-Price"),
        ("Ben Barlow", "Bridget Barlow"),
        ("Alice Barlow", "Clara Barlow"),
        ("Nils Berg", "Nils Borg"),
        ("Gaël Bérard", "Gaël Évrard"),
        ("J. Barlow", "K. Barlow"),
        ("Una", "Una Denholm"),
    ],
)
def test_two_people(name: str, other: str) -> None:
    assert alike(person(name), person(other)) == 0


def test_the_same_voices_in_any_order() -> None:
    one = (person("Kofi Marsh"), person("Una Denholm"))
    assert same_people(one, (person("Denholm, Una"), person("K. Marsh")))
    assert not same_people(one, (person("Kofi Marsh"),))
    assert not same_people((), ())
