"""OPDS 2, Readium and W3C manifests, and LibriVox: known by what is in them, and read without a line of code."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bindery.catalogue.record import Record
from bindery.errors import RefusedError
from bindery.formats.json_message import recognised
from bindery.formats.mapping import json_mappings
from bindery.reading import Message, ParsedRecord
from bindery.steps.read import open_message
from tests.catalogue.one_record import facts_of
from tests.formats.sheets import record

OPDS = {
    "metadata": {"title": "New titles", "modified": "2026-02-28T23:00:00Z", "numberOfItems": 2},
    "links": [{"rel": "self", "href": "https://opds.example/new", "type": "application/opds+json"}],
    "publications": [
        {
            "metadata": {
                "@type": "http://schema.org/Audiobook",
                "identifier": "urn:isbn:978-3-16-148410-0",
                "title": {"da": "Fyrtårnet"},
                "subtitle": "Roman",
                "author": [{"name": "Inga Brandt", "sortAs": "Brandt, Inga"}, "Bo Li"],
                "narrator": {"name": "Jan van der Meer"},
                "translator": "Cy Dee",
                "contributor": [{"name": "Studio Nord", "role": "producer"}],
                "language": ["da"],
                "publisher": {"name": "Nordlys"},
                "published": "2026-03-01T00:00:00Z",
                "modified": "2026-02-01T10:00:00Z",
                "duration": 41400.4,
                "abridged": False,
                "subject": [
                    {"name": "Fiction / Sea", "code": "FIC047000", "scheme": "http://www.bisg.org/standards/bisac_subject/"},
                    {"name": "Sømænd", "scheme": "https://dk5.example/", "code": "86"},
                    "Sea stories",
                ],
                "belongsTo": {"series": {"name": "Kysten", "position": 3}},
            },
            "links": [
                {"rel": "self", "href": "https://opds.example/1", "type": "application/opds-publication+json"},
                {"rel": ["preview"], "href": "https://opds.example/1/sample.mp3", "type": "audio/mpeg"},
                {"rel": "http://opds-spec.org/acquisition/sample", "href": "https://opds.example/1/b.mp3"},
            ],
            "images": [{"href": "https://opds.example/1.jpg", "type": "image/jpeg"}],
        }
    ],
    "groups": [
        {
            "metadata": {"title": "Printed"},
            "publications": [
                {"metadata": {"@type": "http://schema.org/Book", "identifier": "urn:uuid:1-2", "title": "Paper"}}
            ],
        }
    ],
}  # fmt: skip
READIUM = {
    "readingOrder": [
        {"href": "1.mp3", "type": "audio/mpeg", "title": "One", "duration": 600.5},
        {"href": "2.mp3", "type": "audio/mpeg", "title": "Two", "duration": 1200},
        {"href": "3.mp3", "type": "audio/mpeg"},
        {"href": "4.mp3", "type": "audio/mpeg", "title": "Four", "duration": 10},
    ],
    "@context": "https://readium.org/webpub-manifest/context.jsonld",
    "metadata": {
        "identifier": "urn:uuid:4d1e88aa-dffa-4366-97a4-abf6c227db80",
        "altIdentifier": ["urn:isbn:9780306406157"],
        "title": "High Noon",
        "author": "Ann Ray",
        "narrator": ["Cy Dee", "Di Eff"],
        "language": "en-GB",
        "duration": "PT1H30M",
        "abridged": True,
        "modified": "2026-01-01T00:00:00Z",
    },
    "links": [{"rel": "cover", "href": "cover.jpg", "type": "image/jpeg"}],
    "resources": [{"href": "extra.pdf", "type": "application/pdf"}],
}
W3C = {
    "@context": ["https://schema.org", "https://www.w3.org/ns/pub-context"],
    "conformsTo": "https://www.w3.org/TR/audiobooks/",
    "type": "Audiobook",
    "id": "urn:isbn:9780306406157",
    "url": "https://publisher.example/high-noon",
    "name": [{"value": "High Noon", "language": "en"}, {"value": "Zwölf Uhr", "language": "de"}],
    "author": ["Ann Ray", {"type": "Person", "name": "Bo Li"}],
    "readBy": {"type": "Person", "name": [{"value": "Cy Dee", "language": "en"}]},
    "publisher": {"type": "Organization", "name": "Old Sound"},
    "inLanguage": "en",
    "datePublished": "2026-03-01",
    "dateModified": "2026-02-01T08:00:00Z",
    "abridged": False,
    "duration": "PT1H30M20S",
    "resources": [{"rel": "cover", "url": "https://publisher.example/cover.jpg", "encodingFormat": "image/jpeg"}],
    "readingOrder": [
        {"url": "1.mp3", "encodingFormat": "audio/mpeg", "name": "One", "duration": "PT30M20S"},
        {"url": "2.mp3", "encodingFormat": "audio/mpeg", "name": [{"value": "Two"}], "duration": "PT1H"},
    ],
}
LIBRIVOX = {
    "books": [
        {
            "id": "52",
            "title": "Letters",
            "description": "<p>Two friends write.</p>",
            "language": "English",
            "copyright_year": "1842",
            "num_sections": "2",
            "url_librivox": "https://librivox.org/letters/",
            "totaltime": "8:04:27",
            "totaltimesecs": 29067,
            "authors": [{"id": "85", "first_name": "Ida", "last_name": "Holm", "dob": "1799", "dod": "1850"}],
            "genres": [{"id": "1", "name": "Epistolary Fiction"}],
            "translators": [],
            "sections": [
                {
                    "id": "9",
                    "section_number": "1",
                    "title": "Letter 1",
                    "playtime": "1440",
                    "readers": [{"reader_id": "1", "display_name": "Ole Berg"}],
                },
                {
                    "id": "10",
                    "section_number": "2",
                    "title": "Letter 2",
                    "playtime": "27627",
                    "readers": [{"display_name": "May Lind"}, {"display_name": "Ole Berg"}],
                },
            ],
        }
    ]
}  # fmt: skip


def _read(tmp_path: Path, body: Any) -> tuple[Message, list[ParsedRecord]]:
    path = tmp_path / "message"
    path.write_text(json.dumps(body), "utf-8")
    with open_message(path, message_format="json", mapping=None) as message:
        return message, list(message.records())


def _links(found: Record) -> list[tuple[str, str | None]]:
    assert found["collateral"] is not None
    return [(one["content_type"], one["link"]) for one in found["collateral"]["resources"]]


def _chapters(found: Record) -> list[tuple[str | None, float | None, float | None]]:
    assert found["content"] is not None
    return [(one["title"], one["start_seconds"], one["duration_seconds"]) for one in found["content"]["chapters"]]


@pytest.mark.parametrize(
    ("body", "mapping"),
    [
        (OPDS, "opds_2"),
        ({"metadata": {"title": "Start"}, "links": [], "navigation": [{"href": "/new", "title": "New"}]}, "opds_2"),
        (READIUM, "readium_audiobook"),
        (W3C, "w3c_audiobook"),
        (LIBRIVOX, "librivox"),
        ({"products": [{"id": 1, "title": "x"}]}, None),
        ([{"metadata": {"title": "x"}}], None),
        ({"readingOrder": [{"duration": 1}], "fndaccountid": "x"}, None),
    ],
)
def test_messages_are_known_by_their_keys(tmp_path: Path, body: object, mapping: str | None) -> None:
    path = tmp_path / "message"
    path.write_text(json.dumps(body), "utf-8")
    assert recognised(path, json_mappings()) == mapping


def test_json_that_does_not_show_whose_it_is_asks_for_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="doesn't show whose") as caught:
        _read(tmp_path, {"products": []})
    assert "--mapping NAME; there are librivox, opds_2, readium_audiobook, w3c_audiobook" in caught.value.fix


def test_an_opds_feed(tmp_path: Path) -> None:
    message, (parsed, paper) = _read(tmp_path, OPDS)
    found = record(parsed)
    facts = facts_of(found)
    assert (facts["isbn13"], found["record_reference"]) == ("9783161484100", "urn:isbn:978-3-16-148410-0")
    assert (facts["title"], facts["subtitle"], facts["series"]) == ("Fyrtårnet", "Roman", "Kysten")
    assert (facts["authors"], facts["narrators"]) == (["Inga Brandt", "Bo Li"], ["Jan van der Meer"])
    assert (facts["language"], facts["publisher"], facts["abridged"]) == ("dan", "Nordlys", "no")
    assert (facts["duration_seconds"], facts["publication_date"]) == (41400, date(2026, 3, 1))
    assert (facts["product_form"], facts["is_audio"], facts["main_subject"]) == ("AJ", True, "10:FIC047000")
    assert facts["rights_status"] == "none", "a feed sells nothing by itself"
    assert _links(found) == [
        ("01", "https://opds.example/1.jpg"),
        ("15", "https://opds.example/1/sample.mp3"),
        ("15", "https://opds.example/1/b.mp3"),
    ]
    descriptive = found["descriptive"]
    assert descriptive is not None
    assert [(one["roles"], one["name"], one["name_inverted"]) for one in descriptive["contributors"]] == [
        (["A01"], "Inga Brandt", "Brandt, Inga"),
        (["A01"], "Bo Li", None),
        (["E07"], "Jan van der Meer", None),
        (["B06"], "Cy Dee", None),
        ([], "Studio Nord", None),
    ]
    assert descriptive["collections"][0]["part_number"] == "3"
    assert [(one["scheme"], one["scheme_name"], one["code"], one["heading"]) for one in descriptive["subjects"]] == [
        ("10", None, "FIC047000", "Fiction / Sea"),
        ("24", "https://dk5.example/", "86", "Sømænd"),
        ("24", None, None, "Sea stories"),
    ]
    assert [(one["path"], "'producer'" in one["text"]) for one in parsed.findings] == [
        ("metadata.contributor[*].role", True)
    ]
    assert (facts_of(record(paper))["is_audio"], str(message.facts.sent_at)) == (False, "2026-02-28 23:00:00+00:00")
    assert message.counts.unmapped["metadata.numberOfItems"] == 1
    assert record(paper)["identifiers"] == [{"type": "22", "type_name": None, "value": "urn:uuid:1-2"}]


def test_a_readium_manifest(tmp_path: Path) -> None:
    message, (parsed,) = _read(tmp_path, READIUM)
    found = record(parsed)
    facts = facts_of(found)
    assert (facts["isbn13"], facts["title"], facts["language"]) == ("9780306406157", "High Noon", "eng")
    assert (facts["authors"], facts["narrators"]) == (["Ann Ray"], ["Cy Dee", "Di Eff"])
    assert (facts["duration_seconds"], facts["abridged"], facts["is_audio"]) == (5400, "yes", True)
    assert _chapters(found) == [("One", 0, 600.5), ("Two", 600.5, 1200), (None, 1800.5, None), ("Four", None, 10)]
    assert _links(found) == [("01", "cover.jpg")]
    assert str(message.facts.sent_at) == "2026-01-01 00:00:00+00:00"
    assert [one["path"] for one in found["unmapped"]] == [
        "['@context']",
        "links[*].rel",
        "links[*].type",
        "readingOrder[*].href",
        "resources[*].href",
        "resources[*].type",
    ]


def test_a_w3c_manifest(tmp_path: Path) -> None:
    _, (parsed,) = _read(tmp_path, W3C)
    found = record(parsed)
    facts = facts_of(found)
    assert (facts["isbn13"], facts["title"], facts["language"]) == ("9780306406157", "High Noon", "eng")
    assert (facts["authors"], facts["narrators"]) == (["Ann Ray", "Bo Li"], ["Cy Dee"])
    assert (facts["duration_seconds"], facts["abridged"], facts["publisher"]) == (5420, "no", "Old Sound")
    assert (facts["publication_date"], facts["product_form"]) == (date(2026, 3, 1), "AJ")
    assert _chapters(found) == [("One", 0, 1820), ("Two", 1820, 3600)]
    assert _links(found) == [("01", "https://publisher.example/cover.jpg")]


def test_a_book_of_librivox(tmp_path: Path) -> None:
    _, (parsed,) = _read(tmp_path, LIBRIVOX)
    found = record(parsed)
    facts = facts_of(found)
    assert (found["record_reference"], facts["isbn13"], facts["isbn_problem"]) == ("52", None, "missing")
    assert found["identifiers"] == [{"type": "01", "type_name": "LibriVox", "value": "52"}]
    assert (facts["authors"], facts["narrators"]) == (["Ida Holm"], ["Ole Berg", "May Lind"])
    assert (facts["duration_seconds"], facts["language"], facts["description"]) == (29067, "eng", "Two friends write.")
    assert _chapters(found) == [("Letter 1", 0, 1440), ("Letter 2", 1440, 27627)]
    assert facts["sale_countries"] == ["US"], "in the public domain there; elsewhere nobody vouches for it"
    assert found["publishing"] is not None
    assert found["publishing"]["row_sales_rights_type"] == "00"
    assert found["supply"] is not None
    price = found["supply"][0]["supplies"][0]["prices"][0]
    assert (price["unpriced"], price["amount"]) == ("01", None)
