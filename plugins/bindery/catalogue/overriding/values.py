"""What a person may write for a field, and the one way it is kept: two texts that mean the same become one.

A value that can't be is a ``ValueError`` whose text says what is wrong with it, for a person to read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit

from bindery.trade import durations
from bindery.trade.codelists import codelist
from bindery.trade.territories import world
from bindery.trade.texts import clean_html, is_placeholder, plain

LONGEST: Final = 1_000
"""Characters of a value on one line."""
LONGEST_TEXT: Final = 100_000
"""Characters of a description; cleaning longer ones takes long."""

SUBJECT_SCHEMES: Final = {"thema": "93", "bisac": "10", "bic": "12"}
"""Main subject schemes (List 27) by the name people call them."""

_SUBJECT_CODES: Final = {
    "93": re.compile(r"[0-9A-Z]+(?:-[0-9A-Z]+)*"),
    "10": re.compile(r"[A-Z]{3}[0-9]{6}"),
    "12": re.compile(r"[0-9A-Z]+"),
}
_FILLER_DATE: Final = date(1900, 1, 1)
_MOST_SECONDS: Final = 999_999_999
_NUMBERED: Final = re.compile(r"(?P<name>.*\S)\s+#(?P<number>\S+)")
_AMOUNT: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?")
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Cn"})
"""Unicode categories that XML has no place for, or no reader anything to show of."""


def _printable(text: str, *, among: str = "") -> str:
    odd = next((one for one in text if unicodedata.category(one) in _UNPRINTABLE and one not in among), None)
    if odd is not None:
        message = f"it holds the character U+{ord(odd):04X}, which no message can carry"
        raise ValueError(message)
    return text


def line(text: str) -> str:
    """A text on one line, with single spaces."""
    value = _printable(" ".join(text.split()))
    if not value:
        message = "it is blank"
        raise ValueError(message)
    if len(value) > LONGEST:
        message = f"it has {len(value)} characters; {LONGEST} is the most"
        raise ValueError(message)
    return value


def name(text: str) -> str:
    """A name: a line that is no filler."""
    value = line(text)
    if is_placeholder(value):
        message = f"{value!r} is a filler, not a name"
        raise ValueError(message)
    return value


def names(text: str) -> str:
    """Names in order, each once, with ``;`` between."""
    parts = [part for part in text.split(";") if part.strip()]
    return "; ".join(dict.fromkeys(map(name, parts or [text])))


def numbered_name(text: str) -> str:
    """A series, and after `` #`` the number of the title in it."""
    value = line(text)
    name(split_number(value)[0])
    return value


def split_number(value: str) -> tuple[str, str | None]:
    """The name of a series and the number in it."""
    found = _NUMBERED.fullmatch(value)
    return (found["name"], found["number"]) if found else (value, None)


def language(text: str) -> str:
    """A language of List 74 (ISO 639-2/B)."""
    value = text.strip().lower()
    if value not in codelist("74"):
        message = f"{text!r} is no language of List 74"
        raise ValueError(message)
    return value


def one_of(*allowed: str) -> Callable[[str], str]:
    """A reader of one of some words."""

    def read(text: str) -> str:
        value = text.strip().lower()
        if value not in allowed:
            message = f"{text!r} is not {' or '.join(allowed)}"
            raise ValueError(message)
        return value

    return read


def duration(text: str) -> str:
    """Whole seconds, written so or as ``9h 12m``, ``11:32:05`` or ``PT9H12M``."""
    value = text.strip()
    found = int(value) if value.isascii() and value.isdecimal() else durations.spoken(value)
    if found is None:
        message = f"{text!r} is no length of time"
        raise ValueError(message)
    if not 0 < found <= _MOST_SECONDS:
        message = f"{found} seconds is no length of a book"
        raise ValueError(message)
    return str(found)


def subject(text: str) -> str:
    """A main subject as scheme and code: ``93:FYT`` or ``thema:FYT``."""
    scheme, _, code = (part.strip() for part in text.partition(":"))
    number = SUBJECT_SCHEMES.get(scheme.lower(), scheme)
    if number not in _SUBJECT_CODES:
        message = f"{scheme!r} is none of the schemes {', '.join(SUBJECT_SCHEMES)}"
        raise ValueError(message)
    if not _SUBJECT_CODES[number].fullmatch(code.upper()):
        message = f"{code!r} is no code of that scheme"
        raise ValueError(message)
    return f"{number}:{code.upper()}"


def description(text: str) -> str:
    """A text, plain or HTML."""
    value = _printable(text.replace("\r\n", "\n").replace("\r", "\n").strip(), among="\n\t")
    if len(value) > LONGEST_TEXT:
        message = f"it has {len(value)} characters; {LONGEST_TEXT} is the most"
        raise ValueError(message)
    if is_placeholder(plain(clean_html(value, None))):
        message = "it says nothing"
        raise ValueError(message)
    return value


def link(text: str) -> str:
    """A web address."""
    value = text.strip()
    try:
        url = urlsplit(value)
    except ValueError:
        url = urlsplit("")
    if url.scheme not in ("http", "https") or not url.hostname or len(value.split()) != 1:
        message = f"{text!r} is no http or https address"
        raise ValueError(message)
    return _printable(value)


def day(text: str) -> str:
    """A day, ISO 8601."""
    value = text.strip()
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        message = f"{text!r} is no day such as 2026-03-01"
        raise ValueError(message) from error
    if found == _FILLER_DATE:
        message = f"{found} is what senders write where they have no date"
        raise ValueError(message)
    return found.isoformat()


def price(text: str) -> str:
    """An amount and a currency (List 96), ``9.99 GBP``."""
    amount, _, currency = text.strip().partition(" ")
    currency = currency.strip().upper()
    if currency not in codelist("96"):
        message = f"{text!r} ends in no currency of List 96"
        raise ValueError(message)
    if not _AMOUNT.fullmatch(amount) or not Decimal(amount):
        message = f"{amount!r} is no amount above nought, such as 9.99"
        raise ValueError(message)
    return money(Decimal(amount), currency)


def money(amount: Decimal, currency: str) -> str:
    """An amount and a currency without needless zeros."""
    return f"{amount.normalize():f} {currency}"


def split_price(value: str) -> tuple[Decimal, str]:
    """The amount and the currency of a price.

    Raises:
        ValueError: It is none.
    """
    amount, _, currency = value.partition(" ")
    try:
        return Decimal(amount), currency
    except InvalidOperation as error:
        message = f"{value!r} is no price"
        raise ValueError(message) from error


def countries(text: str) -> str:
    """Countries (ISO 3166-1), sorted, with a space between."""
    codes = text.replace(",", " ").upper().split()
    if not codes:
        message = "it names no country"
        raise ValueError(message)
    if unknown := [code for code in codes if code not in world()]:
        message = f"{', '.join(unknown)}: no country of ISO 3166-1"
        raise ValueError(message)
    return " ".join(sorted(set(codes)))
