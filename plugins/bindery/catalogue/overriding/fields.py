"""The fields of a title that a person can override: whose block each is in, what may be written, how it is stated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bindery.catalogue.overriding import collateral, descriptive, publishing, supply, values
from bindery.declarations import did_you_mean
from bindery.errors import ConfigurationError
from bindery.trade.texts import clean_html, plain

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One field that can be overridden.

    Attributes:
        name: Its name, that of the fact it decides.
        block: The block of the record model it is in; None for a legal field, which narrows what the records allow.
        form: How to write a value, for people.
        read: Makes the one way a value is kept out of what a person wrote; a ValueError says what is wrong.
        patch: States a value in a block, or takes it out where it is None; changes the block it is given.
        fact: What the facts of a record say of the field, in the words of a value.
        stated: What the facts are to say once a value is stated.
        may_be_empty: Whether it makes sense that there is deliberately nothing.
    """

    name: str
    block: str | None
    form: str
    read: Callable[[str], str]
    patch: Callable[[Any, str | None], None] | None
    fact: Callable[[Facts], str | None]
    stated: Callable[[str], str | None]
    may_be_empty: bool


def _as_it_is(value: str) -> str:
    return value


def _text(name: str) -> Callable[[Facts], str | None]:
    return lambda facts: None if facts[name] in (None, "") else str(facts[name])


def _list(name: str, between: str) -> Callable[[Facts], str | None]:
    return lambda facts: between.join(facts[name] or []) or None


def _abridged(facts: Facts) -> str | None:
    return None if facts["abridged"] == "unknown" else facts["abridged"]


def _price(facts: Facts) -> str | None:
    if facts["price_amount"] is None:
        return None
    return values.money(facts["price_amount"], facts["price_currency"])


def _for_sale(facts: Facts) -> str | None:
    return "no" if facts["publishing_withdrawal"] or facts["supply_withdrawal"] else "yes"


def _field(
    name: str,
    block: str | None,
    form: str,
    read: Callable[[str], str],
    patch: Callable[[Any, str | None], None] | None = None,
    *,
    fact: Callable[[Facts], str | None] | None = None,
    stated: Callable[[str], str | None] = _as_it_is,
    may_be_empty: bool = True,
) -> Field:
    return Field(name, block, form, read, patch, fact or _text(name), stated, may_be_empty)


_NAMES = "names in order, with ; between"
_COUNTRIES = "ISO 3166-1 codes, such as GB IE: the title is offered there at most"

FIELDS: Final[Mapping[str, Field]] = {
    field.name: field
    for field in (
        _field("title", "descriptive", "a line", values.line, descriptive.set_title, may_be_empty=False),
        _field("subtitle", "descriptive", "a line", values.line, descriptive.set_subtitle),
        _field(
            *("authors", "descriptive", _NAMES, values.names, descriptive.set_authors),
            fact=_list("authors", "; "),
        ),
        _field(
            *("narrators", "descriptive", _NAMES, values.names, descriptive.set_narrators),
            fact=_list("narrators", "; "),
        ),
        _field(
            *("language", "descriptive", "a code of List 74, such as eng", values.language, descriptive.set_language),
            may_be_empty=False,
        ),
        _field(
            *("abridged", "descriptive", "yes or no", values.one_of("yes", "no"), descriptive.set_abridged),
            fact=_abridged,
        ),
        _field(
            *("duration_seconds", "descriptive", "seconds, or 9h 12m", values.duration, descriptive.set_duration),
        ),
        _field(
            *("series", "descriptive", "a name, with its number as in: The Long Road #2"),
            *(values.numbered_name, descriptive.set_series),
            stated=lambda value: values.split_number(value)[0],
        ),
        _field(
            *("main_subject", "descriptive", "scheme and code, such as thema:FYT or bisac:FIC022000"),
            *(values.subject, descriptive.set_main_subject),
        ),
        _field(
            *("description", "collateral", "a text, plain or HTML", values.description, collateral.set_description),
            stated=lambda value: plain(clean_html(value, None)),
        ),
        _field("cover_link", "collateral", "an http or https address", values.link, collateral.set_cover_link),
        _field("publisher", "publishing", "a name", values.name, publishing.set_publisher, may_be_empty=False),
        _field("imprint", "publishing", "a name", values.name, publishing.set_imprint),
        _field(
            *("publication_date", "publishing", "a day, such as 2026-03-01"),
            *(values.day, publishing.set_publication_date),
            # Without a date a title would be sold at once.
            may_be_empty=False,
        ),
        _field(
            *("price", "supply", "amount and currency, such as 9.99 GBP", values.price, supply.set_price),
            fact=_price,
            may_be_empty=False,
        ),
        _field(
            *("for_sale", None, "no: the title is taken off sale", values.one_of("no")),
            fact=_for_sale,
            may_be_empty=False,
        ),
        _field("sale_countries", None, _COUNTRIES, values.countries, fact=_list("sale_countries", " ")),
        _field("subscription_countries", None, _COUNTRIES, values.countries, fact=_list("subscription_countries", " ")),
    )
}
"""By name, in the order they are applied and shown."""

LIMITS: Final[Mapping[str, str]] = {"sale_countries": "sale", "subscription_countries": "subscription"}
"""Fields that limit countries, and the business model each limits."""


def field_named(name: str) -> Field:
    """The field of a name.

    Raises:
        ConfigurationError: It can't be overridden.
    """
    if name not in FIELDS:
        raise ConfigurationError(
            f"there is no field {name!r} to override{did_you_mean(name, FIELDS)}",
            fix=f"Name one of {', '.join(FIELDS)}.",
        )
    return FIELDS[name]


def read_value(name: str, value: str | None) -> str | None:
    """The one way the value of a field is kept.

    Args:
        name: The field.
        value: As a person wrote it; None for deliberately empty.

    Raises:
        ConfigurationError: There is no such field, or this can't be its value.
    """
    field = field_named(name)
    if value is None:
        if not field.may_be_empty:
            raise ConfigurationError(f"{name} cannot be empty", fix=f"Give it a value: {field.form}.")
        return None
    try:
        return field.read(value)
    except ValueError as error:
        raise ConfigurationError(
            f"{value[:80]!r} cannot be the {name}: {error}",
            fix=f"Write {field.form}{'; or say that it is empty on purpose' if field.may_be_empty else ''}.",
        ) from error
