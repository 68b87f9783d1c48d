"""The map of the world: every country is on it once, and no outline crosses it (world-atlas, Natural Earth 1:110m)."""

from __future__ import annotations

import re
from itertools import pairwise

import pycountry
import pytest
from lxml import etree

from bindery.pictures.topology import outlines
from bindery.pictures.world_map import Coloured, world_map

SVG = "{http://www.w3.org/2000/svg}"
COUNTRIES = sorted(country.alpha_2 for country in pycountry.countries)


@pytest.fixture(scope="module")
def drawn() -> etree._Element:
    states = {
        "GB": Coloured("open", "from 2026-04-01, 9.99 GBP"),
        "MT": Coloured("later", "it is embargoed"),
        "US": Coloured("over", "a < b & c"),
    }
    return etree.fromstring(world_map(states, heading="Where <it> is", below="At noon").encode())


def shapes(drawn: etree._Element) -> dict[str, tuple[str, str, str]]:
    """Element, class and words of every country, by its code."""
    found = {}
    for shape in drawn.iter(f"{SVG}path", f"{SVG}circle"):
        title = shape.findtext(f"{SVG}title")
        code = re.search(r"\(([A-Z]{2})\), ", title or "")
        if code:
            assert code[1] not in found
            found[code[1]] = (shape.tag.removeprefix(SVG), shape.get("class"), title)
    return found


def test_every_country_is_drawn_once(drawn: etree._Element) -> None:
    assert sorted(shapes(drawn)) == COUNTRIES


def test_states_and_what_is_told(drawn: etree._Element) -> None:
    of = shapes(drawn)
    assert of["GB"] == ("path", "open", "United Kingdom (GB), open: from 2026-04-01, 9.99 GBP")
    assert of["MT"] == ("circle", "later", "Malta (MT), opens later: it is embargoed")
    assert of["US"] == ("path", "over", "United States (US), over: a < b & c")
    assert of["FR"] == ("path", "closed", "France (FR), not offered")


def test_the_legend_counts(drawn: etree._Element) -> None:
    texts = [text.text for text in drawn.iter(f"{SVG}text") if text.get("class") == "key"]
    assert texts == ["open (1)", "opens later (1)", "over (1)", "not offered (246)"]
    assert drawn.findtext(f"{SVG}title") == "Where <it> is"


def test_what_lies_oversea_has_its_own_outline() -> None:
    by_code = {one.country: one for one in outlines()}
    assert max(x for ring in by_code["FR"].rings for x, _ in ring) < 10
    assert min(x for ring in by_code["FR"].rings for x, _ in ring) > -6
    assert all(-55 < x < -51 for ring in by_code["GF"].rings for x, _ in ring)
    assert max(y for ring in by_code["NO"].rings for _, y in ring) < 72


def test_no_outline_crosses_the_map() -> None:
    """Russia, Fiji and the others on the antimeridian are cut at it."""
    for one in outlines():
        if one.country == "AQ":
            continue
        for ring in one.rings:
            longitudes = [x for x, _ in ring]
            assert -180 <= min(longitudes) <= max(longitudes) <= 180
            assert all(abs(x - before) < 180 for before, x in pairwise(longitudes)), one.name


def test_the_land_without_a_code_of_its_own() -> None:
    assert sorted(one.name for one in outlines() if not one.country) == ["Kosovo", "N. Cyprus", "Somaliland"]
