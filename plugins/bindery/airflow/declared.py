"""The declarations in force, as DAG files see them: a broken one must not take the others down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bindery.declarations import declaration_files
from bindery.delivery.declarations import load_recipient
from bindery.delivery.recipient import Recipient
from bindery.errors import ConfigurationError
from bindery.feeds import Feed, load_feed
from bindery.home import Home

Declared = TypeVar("Declared", Feed, Recipient)


def good_feeds() -> tuple[Feed, ...]:
    """Every feed whose declaration is right, by name."""
    return _sound(Home.from_environment().feeds, load_feed)[0]


def good_recipients() -> tuple[Recipient, ...]:
    """Every recipient whose declaration is right, by name."""
    return _sound(Home.from_environment().recipients, load_recipient)[0]


def refuse_broken() -> None:
    """Stop when a declaration is wrong.

    Raises:
        ConfigurationError: Names every wrong declaration and its mistakes.
    """
    home = Home.from_environment()
    errors = _sound(home.feeds, load_feed)[1] + _sound(home.recipients, load_recipient)[1]
    if errors:
        raise ConfigurationError(
            "; ".join(error.what for error in errors), fix=" ".join(dict.fromkeys(error.fix for error in errors))
        )


def feed_named(name: str) -> Feed:
    """A feed as declared now.

    Raises:
        ConfigurationError: There is none of that name, or it is wrong.
    """
    return load_feed(_file(Home.from_environment().feeds, name))


def recipient_named(name: str) -> Recipient:
    """A recipient as declared now.

    Raises:
        ConfigurationError: There is none of that name, or it is wrong.
    """
    return load_recipient(_file(Home.from_environment().recipients, name))


def _file(folder: Path, name: str) -> Path:
    path = folder / f"{name}.yaml"
    if not path.is_file():
        raise ConfigurationError(
            f"There is no declaration {path}.",
            fix="Put it back, or delete the DAG if it is gone for good.",
        )
    return path


def _sound(
    folder: Path, load: Callable[[Path], Declared]
) -> tuple[tuple[Declared, ...], tuple[ConfigurationError, ...]]:
    sound: list[Declared] = []
    errors: list[ConfigurationError] = []
    try:
        paths = declaration_files(folder)
    except ConfigurationError as error:
        return (), (error,)
    for path in paths:
        try:
            sound.append(load(path))
        except ConfigurationError as error:
            errors.append(error)
    return tuple(sound), tuple(errors)
