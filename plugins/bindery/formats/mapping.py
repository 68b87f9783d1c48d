"""Mappings: which column of a supplier's sheet, or path of its JSON, is which field: ``include/mappings/<name>.yaml``.

A new mapping is one YAML file. ``columns`` makes it a sheet's, ``fields`` a JSON message's; what a field may be and how
its words are read is the same for both. See docs/formats.md.
"""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter

from bindery.declarations import Mistake, load_declaration
from bindery.errors import ConfigurationError
from bindery.formats.paths import path_mistake, steps_of
from bindery.formats.places import (
    ChapterPlace,
    CollectionPlace,
    ContributorPlace,
    Fields,
    IdentifierPlace,
    Part,
    Place,
    PricePlace,
    ResourcePlace,
    SubjectPlace,
)
from bindery.home import PROJECT

FOLDER = PROJECT / "include" / "mappings"


def _lower(words: dict[str, str]) -> dict[str, str]:
    return {word.casefold(): code for word, code in words.items()}


Words = Annotated[dict[str, str], AfterValidator(_lower)]


class Mapping(Part):
    """How a supplier's records are read, whatever they are written in.

    Attributes:
        what: Whose it is, in a line.
        identifiers: Identifiers beside ISBN and GTIN.
        contributors: Contributors beside ``authors`` and ``narrators``, each with its role.
        collections: Series beside ``series``.
        subject_lists: Subjects beside ``subjects``, each with its scheme.
        chapters: Where chapters are.
        resources: Covers, samples and other resources beside ``cover`` and ``sample``.
        prices: Where prices are.
        separator: Between several values in one cell, such as authors; null where a value is one value.
        date_order: How a date with slashes, dots or hyphens is meant; ISO dates are always read. Years of two digits
            are 1969 to 2068.
        decimal_comma: Whether prices are written 9,99.
        duration_unit: What a length is in that is a bare number; ``9 hrs and 12 mins``, ``9:12:00`` and ``PT9H12M``
            are always read.
        status: Words of the status to List 64. Case doesn't matter in these and all other words.
        availability: Words of the availability to List 65.
        abridged: Words of the abridged column to List 21.
        voices: Words that stand for a voice that is no person's, to List 19 (AUDIOBOOKS 1.5).
        roles: Words of contributors' roles to List 17.
        subject_schemes: Words of subjects' schemes to List 27.
        product_forms: Words of the product form to List 150.
        unpriced: Words that stand in a price's place, such as free, to List 57.
        product_form: List 150, where ``product_form`` is no field.
        primary_content_type: List 81, for every record; where ``product_form`` is a field, for those in an audio form.
        subject_scheme: List 27, of ``subjects``.
        sales_rights_type: List 46, for the countries included.
        elsewhere: List 46, for countries excluded or not named.
    """

    what: str
    identifiers: tuple[IdentifierPlace, ...] = ()
    contributors: tuple[ContributorPlace, ...] = ()
    collections: tuple[CollectionPlace, ...] = ()
    subject_lists: tuple[SubjectPlace, ...] = ()
    chapters: tuple[ChapterPlace, ...] = ()
    resources: tuple[ResourcePlace, ...] = ()
    prices: tuple[PricePlace, ...] = ()
    separator: Annotated[str, Field(min_length=1)] | None = ";"
    date_order: Literal["iso", "dmy", "mdy"] = "iso"
    decimal_comma: bool = False
    duration_unit: Literal["seconds", "minutes", "hours"] | None = None
    status: Words = Field(default_factory=dict)
    availability: Words = Field(default_factory=dict)
    abridged: Words = Field(default_factory=dict)
    voices: Words = Field(default_factory=dict)
    roles: Words = Field(default_factory=dict)
    subject_schemes: Words = Field(default_factory=dict)
    product_forms: Words = Field(default_factory=dict)
    unpriced: Words = Field(default_factory=dict)
    product_form: str | None = "AJ"
    primary_content_type: str | None = "01"
    subject_scheme: str = "10"
    sales_rights_type: Literal["01", "02"] = "02"
    elsewhere: Literal["00", "03", "04", "05", "06"] = "03"

    @property
    @abstractmethod
    def places(self) -> Fields:
        """Where the single fields are."""

    def fingerprint(self) -> str:
        """SHA-256 of the mapping: a record read by another mapping is another record."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class ColumnMapping(Mapping):
    """How a supplier's sheet is read: a place is a column's heading. Case and spacing of headings don't matter.

    Attributes:
        columns: The columns of single fields.
        sheet: Name of the sheet in a workbook; the first one by default.
    """

    columns: Fields
    sheet: str | None = None

    @property
    def places(self) -> Fields:
        """Where the single fields are."""
        return self.columns

    def headings(self) -> list[str]:
        """All headings the mapping names."""
        return list(dict.fromkeys(heading for _, place in _places_in(self) for heading in place.at))


def _listed(value: Any) -> Any:
    """One path as a list of it."""
    return (value,) if isinstance(value, str) else value


class JsonMapping(Mapping):
    """How a supplier's JSON is read: a place is a JSONPath (RFC 9535) into one record, without its ``$.``.

    Attributes:
        fields: The paths of single fields.
        records: Where the records are: keys with dots between, ``[*]`` for a list on the way (``groups[*].items``).
            ``$`` means that the message is a record, a list of records, or records line by line.
        sent_at: Path of the time the message was sent, outside the records; within, where ``records`` is ``$``.
        sender: Path of the sender's name, likewise.
        recognised_by: Sets of keys, written like ``records``. A message that has all of one set needs no mapping named.
    """

    fields: Fields
    records: Annotated[
        tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...]), Field(min_length=1)
    ] = ("$",)
    sent_at: str | None = None
    sender: str | None = None
    recognised_by: tuple[tuple[str, ...], ...] = ()
    separator: Annotated[str, Field(min_length=1)] | None = None

    @property
    def places(self) -> Fields:
        """Where the single fields are."""
        return self.fields


def _places_in(part: Any, key: str = "") -> Iterator[tuple[str, Place]]:
    """Every place of a mapping, with its key."""
    if isinstance(part, Place):
        yield key, part
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from _places_in(getattr(part, name), f"{key}.{name}" if key else name)
    elif isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from _places_in(item, f"{key}.{number}")


def _mistakes(mapping: Mapping) -> Iterable[Mistake]:
    """What is wrong with a mapping that its model can't say."""
    key = "columns" if isinstance(mapping, ColumnMapping) else "fields"
    if mapping.places.title is None:
        yield Mistake(f"{key}.title: field required")
    if mapping.places.isbn is None and mapping.places.record_reference is None:
        yield Mistake(f"{key}: neither isbn nor record_reference is there, so records can't be told apart")
    groups = ("identifiers", "contributors", "collections", "subject_lists", "chapters", "resources", "prices")
    repeated = [
        (f"{group}.{number}.each", item.each)
        for group in groups
        for number, item in enumerate(getattr(mapping, group))
        if item.each is not None
    ]
    if isinstance(mapping, ColumnMapping):
        for name, _ in repeated:
            yield Mistake(f"{name}: a sheet has no lists", "Name the columns themselves, once for each of them.")
    if isinstance(mapping, JsonMapping):
        yield from _wrong_paths(mapping, repeated)


def _wrong_paths(mapping: JsonMapping, repeated: list[tuple[str, str]]) -> Iterable[Mistake]:
    whole = [(name, path) for name in ("sent_at", "sender") if (path := getattr(mapping, name))]
    placed = [(f"{key}.at", path) for key, place in _places_in(mapping) for path in place.at]
    for key, path in (*placed, *repeated, *whole):
        wrong = path_mistake(path)
        if wrong:
            yield Mistake(f"{key}: {path!r} is no JSONPath ({wrong})", "Paths are those of RFC 9535.")
    keyed = [("records", path) for path in mapping.records]
    keyed += [("recognised_by", path) for group in mapping.recognised_by for path in group]
    for key, path in keyed:
        if steps_of(path) is None:
            yield Mistake(f"{key}: {path!r} is no path of keys", "Write keys with dots between: groups[*].items.")
    if "$" in mapping.records and len(mapping.records) > 1:
        yield Mistake("records: '$' is the whole message and stands alone")


def load_mapping(name: str, folder: Path | None = None) -> ColumnMapping | JsonMapping:
    """Reads a mapping.

    Args:
        name: The file's name without its ending.
        folder: Where mappings are; the project's by default.

    Raises:
        ConfigurationError: There is no such mapping, or it isn't valid.
    """
    folder = folder or FOLDER
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in known:
        what = f"There is no mapping {name!r}."
        raise ConfigurationError(
            what, fix=f"Use one of: {', '.join(known) or 'none yet'}; or write {folder}/{name}.yaml."
        )
    path = folder / f"{name}.yaml"
    if _is_json(path):
        return load_declaration(path, JsonMapping, _mistakes)
    return load_declaration(path, ColumnMapping, _mistakes)


def load_column_mapping(name: str, folder: Path | None = None) -> ColumnMapping:
    """Reads the mapping of a sheet.

    Raises:
        ConfigurationError: There is no such mapping, it isn't valid, or it is one of JSON.
    """
    found = load_mapping(name, folder)
    if not isinstance(found, ColumnMapping):
        what = f"The mapping {name!r} is one of JSON, and a sheet is to be read."
        raise ConfigurationError(what, fix="Name a mapping with 'columns', or declare the format as json.")
    return found


def load_json_mapping(name: str, folder: Path | None = None) -> JsonMapping:
    """Reads a mapping of JSON.

    Raises:
        ConfigurationError: There is no such mapping, it isn't valid, or it is one of a sheet.
    """
    found = load_mapping(name, folder)
    if not isinstance(found, JsonMapping):
        what = f"The mapping {name!r} is one of a sheet, and JSON is to be read."
        raise ConfigurationError(what, fix="Name a mapping with 'fields', or declare the format as spreadsheet.")
    return found


def json_mappings(folder: Path | None = None) -> dict[str, JsonMapping]:
    """The mappings of JSON that are there, by name.

    Raises:
        ConfigurationError: One of them isn't valid.
    """
    names = sorted(path.stem for path in (folder or FOLDER).glob("*.yaml") if _is_json(path))
    return {name: found for name in names if isinstance(found := load_mapping(name, folder), JsonMapping)}


def _is_json(path: Path) -> bool:
    """Whether a mapping is one of JSON: by the key that holds its fields. What can't be read is reported later."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return False
    return isinstance(content, dict) and "columns" not in content and not {"fields", "records"}.isdisjoint(content)


def mapping_schema() -> dict[str, Any]:
    """The JSON Schema of a mapping, as kept for editors in ``include/mappings/schema.json``.

    ``python -m bindery.formats.mapping`` writes it.
    """
    schema = TypeAdapter(ColumnMapping | JsonMapping).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


if __name__ == "__main__":
    (FOLDER / "schema.json").write_text(json.dumps(mapping_schema(), indent=2) + "\n", "utf-8")
