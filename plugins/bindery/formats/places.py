"""Places: where in a row or an object a field is, and what of its text counts. The parts that mappings are made of."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


class Part(BaseModel):
    """A part of a mapping: unknown keys are refused, because a typo must not pass for a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(Part):
    """Where a field is. Written as a heading or path alone, a list of them, or with these keys.

    Attributes:
        at: Headings or paths; the first one that holds something counts.
        prefix: What is taken off the beginning where it is there.
        pattern: A regular expression that the whole text must match; its first group that took part, or all of it,
            counts. A text that doesn't match is left for other fields; where none takes it, it is counted as unmapped.
        value: What holds where nothing is said.
    """

    at: tuple[str, ...] = ()
    prefix: str | None = None
    pattern: str | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if not self.at and self.value is None:
            message = "names no place: state 'at' or 'value'"
            raise ValueError(message)
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            message = f"pattern is no regular expression: {error}"
            raise ValueError(message) from None
        return self

    def taken(self, text: str) -> str | None:
        """What of a text counts; None where it isn't this field's."""
        if self.prefix is None and self.pattern is None:
            return text
        if self.prefix is not None:
            text = text.removeprefix(self.prefix).strip()
        if self.pattern is None:
            return text
        found = _compiled(self.pattern).fullmatch(text)
        return None if found is None else found[found.lastindex or 0].strip()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def _place(value: Any) -> Any:
    """A heading or path alone, or a list of them, as a place."""
    if isinstance(value, str):
        return {"at": (value,)}
    if isinstance(value, list | tuple):
        return {"at": tuple(value)}
    if isinstance(value, dict) and isinstance(value.get("at"), str):
        return {**value, "at": (value["at"],)}
    return value


class _WrittenPlace(Place):
    """A place as its YAML may write it, for the JSON Schema alone."""

    at: str | tuple[str, ...] = ()  # type: ignore[assignment]  # read by _place


At = Annotated[Place, BeforeValidator(_place, json_schema_input_type=str | tuple[str, ...] | _WrittenPlace)]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,4}$")]


class Fields(Part):
    """The place of each field that a record has once; None where the supplier doesn't state it.

    ``subjects`` are codes of the mapping's ``subject_scheme``, ``cover`` and ``sample`` links.
    """

    isbn: At | None = None
    gtin: At | None = None
    record_reference: At | None = None
    title: At | None = None
    subtitle: At | None = None
    authors: At | None = None
    narrators: At | None = None
    language: At | None = None
    publisher: At | None = None
    imprint: At | None = None
    series: At | None = None
    number_in_series: At | None = None
    description: At | None = None
    subjects: At | None = None
    abridged: At | None = None
    duration: At | None = None
    publication_date: At | None = None
    status: At | None = None
    availability: At | None = None
    territories_included: At | None = None
    territories_excluded: At | None = None
    product_form: At | None = None
    cover: At | None = None
    sample: At | None = None


class _Group(Part):
    """Something that a record may have several of.

    ``each`` is the path of a list, or of the one there is; places beside it are paths within each of its items, and
    ``$`` is the item itself. Without it there is at most one, and its places are those of the record.
    """

    each: str | None = None


class IdentifierPlace(_Group):
    """An identifier. ``type``: List 5."""

    at: At
    type: Code
    type_name: str | None = None


class ContributorPlace(_Group):
    """A contributor, or several where the name's cell holds several.

    ``role``: List 17, for all of them. ``role_at``: where the role's word is, read by the mapping's ``roles``.
    """

    name: At | None = None
    inverted: At | None = None
    given: At | None = None
    family: At | None = None
    role: Code | None = None
    role_at: At | None = None
    biography: At | None = None

    @model_validator(mode="after")
    def _has_a_name_and_a_role(self) -> Self:
        if self.name is None and self.family is None:
            message = "has no name: state 'name' or 'family'"
            raise ValueError(message)
        if self.role is None and self.role_at is None:
            message = "has no role: state 'role' or 'role_at'"
            raise ValueError(message)
        return self


class CollectionPlace(_Group):
    """A series."""

    title: At
    part_number: At | None = None


class SubjectPlace(_Group):
    """A subject. ``scheme``: List 27; ``scheme_at`` is read by the mapping's ``subject_schemes``.

    A scheme whose word isn't known is kept as a proprietary one (24) of that name.
    """

    code: At | None = None
    heading: At | None = None
    scheme: Code = "24"
    scheme_name: str | None = None
    scheme_at: At | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.code is None and self.heading is None:
            message = "says nothing: state 'code' or 'heading'"
            raise ValueError(message)
        return self


class ChapterPlace(_Group):
    """A chapter. Where lengths are stated from the first on, so are the starts."""

    each: str
    title: At | None = None
    duration: At | None = None


class ResourcePlace(_Group):
    """A cover, sample or other resource. ``content_type``: List 158. ``mode``: List 159. ``form``: List 161."""

    link: At
    content_type: Code
    mode: Code
    form: Code = "02"


class PricePlace(_Group):
    """A price. ``type``: List 58. ``currency``: List 96. ``territory``: country codes, all where empty."""

    at: At
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    currency_at: At | None = None
    type: Code = "01"
    qualifier: Code | None = None
    territory: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_a_currency(self) -> Self:
        if self.currency is None and self.currency_at is None:
            message = "has no currency: state 'currency' or 'currency_at'"
            raise ValueError(message)
        return self
