"""Facts from block 1."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bindery.catalogue.columns import (
    Index,
    Items,
    Mask,
    among,
    any_of,
    field,
    first,
    items,
    lists_of,
    said,
    stated,
    take,
    truth,
    without_empty,
)
from bindery.catalogue.distinct import Distinct, spread
from bindery.catalogue.facts_of import texts
from bindery.catalogue.facts_of.durations import seconds_of
from bindery.catalogue.record import Descriptive
from bindery.trade.forms import AUTHOR_ROLES, NARRATOR_ROLES, is_audio, together, voice

_DISTINCTIVE, _PRODUCT_LEVEL, _COLLECTION_LEVEL = "01", "01", "02"
_MAIN_SUBJECTS = ("93", "10", "12")
_TOTAL_DURATION = "09"
_DURATIONS = ("09", "13", "14", "15", "16")
"""List 23; a page count in hours is a slip, and no length."""
_FINEST_FIRST = ("16", "06", "05", "15", "04", "14")
_FORMS_OF_PARTS = pa.list_(pa.struct([("product_form", pa.string())]))


class _Coded(NamedTuple):
    """What a block says by codes that are alike in most records."""

    is_audio: bool | None
    abridged: Literal["yes", "no", "unknown"]
    language: str | None


def _abridged(edition_types: list[str]) -> Literal["yes", "no", "unknown"]:
    """List 21; both or neither is unknown, because absence doesn't mean unabridged (AUDIOBOOKS 1.5)."""
    abridged, unabridged = "ABR" in edition_types, "UBR" in edition_types
    if abridged == unabridged:
        return "unknown"
    return "yes" if abridged else "no"


def _language(languages: list[dict[str, str]]) -> str | None:
    """Of the audio track (08), else of the text (01)."""
    for role in ("08", "01"):
        for language in languages:
            if language["role"] == role and language["code"]:
                return language["code"]
    return None


_CODES = (
    *("product_form", "primary_content_type", "product_form_details", "product_content_types"),
    *("edition_types", "languages"),
)


def _read_codes(parts: list[dict[str, str | None]], *codes: Any) -> _Coded:
    block = dict(zip(_CODES, codes, strict=True), parts=parts)
    return _Coded(
        is_audio=is_audio(cast("Descriptive", block)),
        abridged=_abridged(block["edition_types"] or []),
        language=_language(block["languages"] or []),
    )


_CODED = Distinct(_read_codes)


def descriptive_facts(block: pa.StructArray) -> dict[str, pa.Array]:
    """``is_audio`` to ``main_subject``."""
    stated_codes = [field(block, name) for name in _CODES]
    coded, codes = _CODED(field(block, "parts").cast(_FORMS_OF_PARTS), *stated_codes)
    return {
        "is_audio": spread([one.is_audio for one in coded], codes, pa.bool_()),
        "product_form": field(block, "product_form"),
        "primary_content_type": field(block, "primary_content_type"),
        **_titles(block),
        **_people(items(field(block, "contributors")), len(block)),
        "language": spread([one.language for one in coded], codes, pa.string()),
        "duration_seconds": _durations(items(field(block, "extents")), len(block)),
        "abridged": spread([one.abridged for one in coded], codes, pa.string()),
        "main_subject": _main_subjects(items(field(block, "subjects")), len(block)),
    }


def _texts_of(elements: Items) -> pa.StringArray:
    """Title elements' texts, or their prefix and the rest; null for neither."""
    text, prefix, rest = (
        without_empty(pc.utf8_trim_whitespace(elements[name])) for name in ("text", "prefix", "without_prefix")
    )
    return pc.coalesce(text, pc.binary_join_element_wise(prefix, rest, " "), prefix, rest)


def _titles(block: pa.StructArray) -> dict[str, pa.StringArray]:
    """Title and subtitle of the product; of a numbered part without a title of its own, the collection's and number.

    The series is the first collection's title, else the collection level of the product's own (AUDIOBOOKS 1.5).
    """
    count = len(block)
    titles = items(field(block, "titles"))
    distinctive = first(among(titles["type"], _DISTINCTIVE), titles.rows, count)
    elements = items(take(titles["elements"], distinctive))
    rows, text, subtitle, number = elements.rows, _texts_of(elements), elements["subtitle"], elements["part_number"]
    of_product, of_collection = (among(elements["level"], level) for level in (_PRODUCT_LEVEL, _COLLECTION_LEVEL))
    has_text = stated(text)
    named = first(has_text, rows, count, of_product)
    name = take(text, named)
    numbers = take(number, first(said(number), rows, count, of_product))
    numbered = np.zeros(count, np.bool_)
    numbered[named >= 0] = of_collection[named[named >= 0]]
    with_number = pc.binary_join_element_wise(name, numbers, " ")
    collections = items(field(block, "collections"))
    series = texts.said(collections["title"])
    of_series = first(stated(series), collections.rows, count)
    return {
        "title": pc.if_else(pc.and_(pa.array(numbered), with_number.is_valid()), with_number, name),
        "subtitle": take(subtitle, first(said(subtitle) & ~of_collection, rows, count, of_product)),
        "series": pc.coalesce(take(series, of_series), take(text, first(has_text & of_collection, rows, count))),
    }


def _order(people: Items) -> Index:
    """By sequence number; those without one last, as sent."""
    sequence = people["sequence"]
    without = ~stated(sequence)
    order: Index = np.lexsort((sequence.fill_null(0).to_numpy(), without, people.rows))
    return order


def _without_fillers(names: pa.StringArray) -> pa.StringArray:
    if names.null_count == len(names):
        return names
    return pc.if_else(pa.array(texts.fillers(names)), None, names)


def _display_names(people: Items) -> pa.StringArray:
    """The names to show, as ``trade.forms.display_name`` says; null where there is none."""
    names = _without_fillers(people["name"])
    if not names.null_count:
        return names
    nameless = np.flatnonzero(~stated(names))
    found, *others = (
        _without_fillers(people[name].take(pa.array(nameless))) for name in ("corporate_name", "name_inverted")
    )
    alternatives = items(people["alternative_names"].take(pa.array(nameless)))
    values = _without_fillers(alternatives.values)
    others.append(take(values, first(stated(values), alternatives.rows, len(nameless))))
    return pc.replace_with_mask(names, pc.is_null(names), pc.coalesce(found, *others))


def _each_once(names: pa.StringArray, rows: Index, count: int) -> pa.ListArray:
    """Names by row, each once."""
    codes = names.dictionary_encode().indices.to_numpy().astype(np.int64)
    pairs = pa.array(rows * (len(names) + 1) + codes).dictionary_encode().indices.to_numpy()
    new = np.ones(len(pairs), np.bool_)
    new[1:] = pairs[1:] > np.maximum.accumulate(pairs)[:-1]
    return lists_of(names if new.all() else names.filter(pa.array(new)), rows[new], count)


def _people(people: Items, count: int) -> dict[str, pa.Array]:
    """Names by role (List 17), and whose voice it is."""
    roles, total = items(people["roles"]), len(people.rows)
    names, order = _display_names(people), _order(people)
    named = stated(names)
    facts: dict[str, pa.Array] = {}
    for fact, codes in (("authors", AUTHOR_ROLES), ("narrators", NARRATOR_ROLES)):
        has_role = any_of(roles.rows[among(roles.values, *sorted(codes))], total)
        chosen = order[(has_role & named)[order]]
        facts[fact] = _each_once(names.take(pa.array(chosen)), people.rows[chosen], count)
    reads = np.flatnonzero(has_role)
    facts["narration_type"] = _voices(people["unnamed"].take(pa.array(reads)), named[reads], people.rows[reads], count)
    return facts


def _voices(unnamed: pa.StringArray, named: Mask, rows: Index, count: int) -> pa.StringArray:
    """Whose voices they are: each narrator's by code and by whether there is a name, each record's by its set."""
    codes = unnamed.dictionary_encode(null_encoding="encode")
    places = codes.indices.to_numpy() * 2 + named
    kinds = [voice(code, named=is_named) for code in codes.dictionary.to_pylist() for is_named in (False, True)]
    distinct = sorted(set(kinds))
    sets = np.zeros(count, np.int64)
    bits = np.array([1 << distinct.index(kind) for kind in kinds], np.int64)[places]
    for bit in range(len(distinct)):
        sets[rows[bits == 1 << bit]] |= 1 << bit
    found = [together(kind for bit, kind in enumerate(distinct) if one >> bit & 1) for one in range(1 << len(distinct))]
    return spread(found, sets, pa.string())


def _durations(extents: Items, count: int) -> pa.Array:
    """Total duration (09) in its finest unit, else the longest stated (13-16); zero is not stated."""
    length = seconds_of(extents["value"], extents["unit"])
    total = among(extents["type"], _TOTAL_DURATION) & (length > 0)
    found = first(total & among(extents["unit"], *_FINEST_FIRST), extents.rows, count)
    units = [among(extents["unit"], unit) for unit in _FINEST_FIRST]
    for unit in reversed(units):
        best = first(total & unit, extents.rows, count)
        found = np.where(best < 0, found, best)
    longest = np.zeros(count, np.int64)
    lasting = among(extents["type"], *_DURATIONS)
    np.maximum.at(longest, extents.rows[lasting], length[lasting])
    longest[found >= 0] = length[found[found >= 0]]
    return pa.array(longest, mask=longest == 0)


def _main_subjects(subjects: Items, count: int) -> pa.StringArray:
    """``scheme:code`` of the subject flagged as main: Thema, else BISAC, else BIC. Rule W5 asks for it."""
    scheme, code = subjects["scheme"], subjects["code"]
    main = truth(subjects["main"]) & said(code) & among(scheme, *_MAIN_SUBJECTS)
    chosen = first(main, subjects.rows, count, *(among(scheme, one) for one in _MAIN_SUBJECTS))
    return pc.binary_join_element_wise(take(scheme, chosen), take(code, chosen), ":")
