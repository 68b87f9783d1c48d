"""What a record says, place by place, whatever it is written in: a row's cells or a JSON object's values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from bindery.catalogue.record import UnmappedElement
from bindery.formats.mapping import Mapping
from bindery.formats.places import Place
from bindery.trade.texts import is_placeholder

VALUE_RULE = "W15"
"""A value can't be read; what it says is left out."""


class Problem(NamedTuple):
    """Something wrong with a value. ``where`` is its path, as findings write it."""

    rule: str
    where: str
    text: str


class Values(ABC):
    """One record, or a part of one that it has several of.

    Attributes:
        mapping: How it is read.
        problems: What is wrong with it; the whole record shares one list.
    """

    def __init__(self, mapping: Mapping, problems: list[Problem]) -> None:
        self.mapping, self.problems = mapping, problems

    @abstractmethod
    def found(self, at: str) -> list[tuple[Hashable, str]]:
        """The texts at a heading or path that aren't empty, each with what ``take`` knows it by."""

    @abstractmethod
    def take(self, key: Hashable) -> None:
        """Notes that a text was read."""

    @abstractmethod
    def each(self, path: str | None) -> Sequence[Values]:
        """The items at a path; this record itself where there is none."""

    @abstractmethod
    def where(self, at: str) -> str:
        """A heading or path as findings write it."""

    @abstractmethod
    def unmapped(self) -> list[UnmappedElement]:
        """What nobody read, by path."""

    def texts(self, place: Place | None) -> list[str]:
        """The texts at a place."""
        if place is None:
            return []
        for at in place.at:
            said: list[str] = []
            for key, raw in self.found(at):
                text = place.taken(raw)
                if text is not None:
                    self.take(key)
                    said += [text] if text else []
            if said:
                return said
        return [place.value] if place.value else []

    def get(self, place: Place | None) -> str | None:
        """A place's text; None where it is empty, or there is no such place."""
        return next(iter(self.texts(place)), None)

    def stated(self, place: Place | None) -> str | None:
        """A place's text, unless it is a filler such as N/A."""
        text = self.get(place)
        return None if text is None or is_placeholder(text) else text

    def several(self, place: Place | None) -> list[str]:
        """The values of a place that holds several, in one text or many; each once."""
        separator = self.mapping.separator
        parts = (
            part.strip() for text in self.texts(place) for part in (text.split(separator) if separator else [text])
        )
        return list(dict.fromkeys(part for part in parts if part and not is_placeholder(part)))

    def coded(self, place: Place | None, codes: dict[str, str]) -> str | None:
        """The code for a place's word."""
        text = self.get(place)
        if text is None:
            return None
        code = codes.get(text.casefold())
        if code is None:
            self.complain(place, f"{text!r} is none of: {', '.join(codes)}.")
        return code

    def complain(self, place: Place | None, text: str) -> None:
        """Notes a value that can't be read."""
        self.problems.append(Problem(VALUE_RULE, self.where(place.at[0]) if place and place.at else "", text))
