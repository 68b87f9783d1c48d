"""Feeds, recipients and days as people name them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from bindery.declarations import declaration_files, did_you_mean
from bindery.errors import ConfigurationError
from bindery.home import Home

if TYPE_CHECKING:
    from bindery.delivery.recipient import Recipient
    from bindery.feeds.declaration import Feed

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def feed_named(home: Home, name: str) -> Feed:
    """A feed as declared now.

    Raises:
        ConfigurationError: There is none of that name, or its declaration is wrong.
    """
    from bindery.feeds.load import load_feed  # noqa: PLC0415 - the code lists are read for it

    declared = {path.stem: path for path in declaration_files(home.feeds)}
    if name not in declared:
        raise ConfigurationError(
            f"no feed is called {name!r}{did_you_mean(name, declared)}",
            fix=f"Name one of {', '.join(sorted(declared)) or 'none: no feed is declared'}.",
        )
    return load_feed(declared[name])


def recipient_named(home: Home, name: str) -> Recipient:
    """A recipient as declared now.

    Raises:
        ConfigurationError: There is none of that name, or a declaration is wrong.
    """
    from bindery.delivery.declarations import load_recipients  # noqa: PLC0415 - only where one is named

    declared = {one.name: one for one in load_recipients(home.recipients)}
    if name not in declared:
        raise ConfigurationError(
            f"no recipient is called {name!r}{did_you_mean(name, declared)}",
            fix=f"Name one of {', '.join(declared)}, or declare it in {home.recipients}.",
        )
    return declared[name]


def looks_like_day(text: str) -> bool:
    """Whether a word is a day rather than a file."""
    return _DAY.fullmatch(text) is not None


def day_of(text: str) -> date:
    """A day.

    Raises:
        ConfigurationError: It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(f"{text} is no day", fix="Write it as 2026-12-31.") from error
