from __future__ import annotations

from typing import Any

import pytest

from bindery.catalogue.record import Contributor
from bindery.trade.codelists import codelist
from bindery.trade.forms import is_audio, narration_type, narrators
from tests.trade.builders import contributor, descriptive, part


def test_every_audio_form_of_both_lists_is_audio() -> None:
    for forms in (codelist("150"), codelist("7", issue=27)):
        audio = {form for form in forms if is_audio(descriptive(product_form=form))}
        assert audio == {form for form in forms if form.startswith("A")}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"product_form": "AJ", "product_form_details": ["A103"]}, True),  # NatLibFi, is-audio
        ({"product_form": "AJ", "primary_content_type": "01"}, True),
        ({"product_form": "AJ", "primary_content_type": "02"}, True),
        ({"product_form": "AJ", "primary_content_type": "13"}, True),
        ({"product_form": "AJ", "primary_content_type": "04"}, True),
        ({"product_form": "AC", "primary_content_type": "03"}, False),  # music, rule R5
        ({"product_form": "AJ", "primary_content_type": "10"}, False),
        ({"product_form": "AJ", "primary_content_type": "03", "product_content_types": ["01"]}, True),
        ({"product_form": "BA"}, False),
        ({"product_form": "EB", "product_form_details": ["E101"]}, False),
        ({"product_form": "EB", "product_form_details": ["E107"]}, False),
        ({"product_form": "ED", "product_form_details": ["A103"]}, True),
        ({"product_form": "EA", "primary_content_type": "01"}, True),
        ({"product_form": "ED", "product_form_details": ["E101", "A103"]}, False),
        ({"product_form": "ED", "product_form_details": ["A103"], "primary_content_type": "10"}, False),
        ({"product_form": "ED"}, False),
        ({"product_form": "SA", "parts": [part("AC"), part("AC")]}, True),
        ({"product_form": "SA", "parts": [part("BB"), part("AC")]}, False),
        ({"product_form": "SA"}, False),
        ({"product_form": "00", "primary_content_type": "01"}, None),
        ({"primary_content_type": "01"}, None),
        ({}, None),
    ],
)
def test_what_an_audiobook_is(stated: dict[str, Any], expected: bool | None) -> None:  # noqa: FBT001 - a table
    assert is_audio(descriptive(**stated)) is expected


def test_no_block_states_no_form() -> None:
    assert is_audio(None) is None


def test_narrators_have_either_role_and_come_in_order() -> None:
    people = [
        contributor("E03", "Second", sequence=3),
        contributor("A01", "Author", sequence=1),
        contributor("E07", "First", sequence=2),
        contributor("E07", "First", sequence=4),
        contributor("E07", "Unknown narrator", sequence=5),
        contributor("E07", sequence=None, corporate_name="Full Cast"),
        contributor("E07", sequence=6, name_inverted="Last, Third"),
    ]
    assert narrators(people) == ["First", "Second", "Last, Third", "Full Cast"]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([contributor("E07", "Jim Dale")], "human"),
        ([contributor("E03", "Jim Dale")], "human"),
        ([contributor("E07", unnamed="05")], "ai_voice"),
        ([contributor("E07", unnamed="06")], "ai_voice"),
        ([contributor("E07", unnamed="07", alternative_names=["Archie"])], "ai_voice"),
        ([contributor("E07", unnamed="09")], "ai_voice"),
        # elibri, GOLDEN section 3: a name beside the code
        ([contributor("E07", "Tomasz Kowalik", unnamed="08")], "voice_replica"),
        ([contributor("E07", "Jim Dale"), contributor("E07", unnamed="05")], "mixed"),
        ([contributor("E07", unnamed="08"), contributor("E07", unnamed="05")], "mixed"),
        ([contributor("E07", unnamed="04")], "unknown"),
        ([contributor("E07", "Jim Dale"), contributor("E07", unnamed="03")], "human"),
        ([contributor("A01", unnamed="09")], "unknown"),
        ([contributor("E07", "TBC")], "unknown"),
        ([], "unknown"),
    ],
)
def test_whose_voice_it_is(people: list[Contributor], expected: str) -> None:
    assert narration_type(people) == expected


def test_a_replica_is_known_by_its_actors_name() -> None:
    assert narrators([contributor("E07", unnamed="08", alternative_names=["Tomasz Kowalik"])]) == ["Tomasz Kowalik"]
