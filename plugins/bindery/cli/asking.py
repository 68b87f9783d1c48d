"""What people name in a question: a country, a model, an instant; and how such are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING

from rich.markup import escape

from bindery.declarations import did_you_mean
from bindery.errors import ConfigurationError
from bindery.trade.models import MODELS, Model

if TYPE_CHECKING:
    from bindery.catalogue.offering.passages import Passage

_MOST = 0.6
"""From this share of the world on it is shorter to name the countries that are left out."""


def country_of(text: str) -> str:
    """A country as ISO 3166-1 alpha-2.

    Args:
        text: Its code, in either case.

    Raises:
        ConfigurationError: It is none; the error names the country that is probably meant.
    """
    code = text.strip().upper()
    if code in _names():
        return code
    meant = _meant(code, text)
    hint = did_you_mean(code, _names()) if meant is None else f"; did you mean {meant!r}?"
    raise ConfigurationError(f"{text!r} is no country{hint}", fix="Name it by its ISO 3166-1 code, such as GB or DE.")


def _meant(code: str, text: str) -> str | None:
    import pycountry  # noqa: PLC0415 - slow to load; the command line loads every verb

    if code in {"UK", "EL"}:
        return {"UK": "GB", "EL": "GR"}[code]
    try:
        found: str = pycountry.countries.lookup(text.strip()).alpha_2
    except LookupError:
        return None
    return found


@cache
def _names() -> dict[str, str]:
    import pycountry  # noqa: PLC0415 - slow to load; the command line loads every verb

    return {one.alpha_2: getattr(one, "common_name", one.name) for one in pycountry.countries}


def named(country: str) -> str:
    """A country with its name, such as ``Germany (DE)``."""
    return f"{_names()[country]} ({country})"


def model_of(text: str) -> Model:
    """A business model.

    Raises:
        ConfigurationError: There is no such model.
    """
    for model in MODELS:
        if text == model:
            return model
    raise ConfigurationError(
        f"{text!r} is no model{did_you_mean(text, MODELS)}", fix=f"Name one of {', '.join(MODELS)}."
    )


def instant_of(text: str | None) -> dt.datetime | None:
    """An instant as people write it: ISO 8601 with a zone, or a day, which is its midnight in UTC.

    Raises:
        ConfigurationError: It is neither, or a time that names no zone.
    """
    if text is None:
        return None
    fix = "Write it as 2026-03-29T01:30Z, with an offset such as +01:00, or as a day such as 2026-03-29."
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigurationError(f"{text!r} is no instant", fix=fix) from error
    if moment.tzinfo is not None:
        return moment
    if len(text.strip()) > len("2026-03-29"):
        raise ConfigurationError(f"{text!r} names no zone, so it may be any of 26 hours", fix=f"Add Z for UTC. {fix}")
    return moment.replace(tzinfo=dt.UTC)


def told_instant(iso: str) -> str:
    """An instant of ISO 8601 as people read it, such as ``2026-03-29 01:30 UTC``."""
    moment = dt.datetime.fromisoformat(iso).astimezone(dt.UTC)
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def collapsed(countries: Collection[str]) -> str:
    """Countries in few words, such as ``all``, ``all but DE AT`` or ``GB IE US``."""
    everyone = _names().keys()
    if len(countries) < _MOST * len(everyone):
        return " ".join(sorted(countries)) or "none"
    missing = sorted(everyone - set(countries))
    return f"all but {' '.join(missing)}" if missing else "all"


def passages(found: Iterable[Passage]) -> list[str]:
    """Where something was read: a line for each record in a message, with all the elements of it."""
    paths: dict[str, list[str]] = {}
    for one in found:
        record = f"{one['supplier']} {one['record_reference'] or 'without reference'}"
        place = f"line {one['line']}, bytes {one['byte_start']}-{one['byte_end']}"
        where = f"{record}, {one['message']} ({one['message_id'][:12]}, feed day {one['feed_day']}), {place}"
        paths.setdefault(where, []).append(_element(one))
    return [escape(f"{where}: {', '.join(elements)}") for where, elements in paths.items()]


def _element(one: Passage) -> str:
    return one["path"].removeprefix("Product/").removeprefix("PublishingDetail/") or "the record"


def in_short(one: Passage) -> str:
    """The same in a cell of a table: the record, the last element of the path, the message and the line."""
    record = f"{one['supplier']} {one['record_reference'] or 'without reference'}"
    return escape(f"{record}: {_element(one)}, {one['message']} line {one['line']}")
