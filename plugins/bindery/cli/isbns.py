"""ISBNs as people type them."""

from __future__ import annotations

import typer
from stdnum import isbn as isbns
from stdnum.exceptions import ValidationError

from bindery.home import Home


def isbn13_of(isbn: str) -> str:
    """An ISBN's 13 digits.

    Args:
        isbn: ISBN-13 or ISBN-10, with or without hyphens.

    Raises:
        typer.Exit: It is none; that is said, and the exit code is 2.
    """
    try:
        found: str = isbns.to_isbn13(isbns.validate(isbn))
    except ValidationError as error:
        _complain(f"{isbn} is no ISBN: {error}", "Check the digits against the book.")
        raise typer.Exit(2) from error
    return found


def not_published(isbn13: str, home: Home) -> typer.Exit:
    """Says that a title is not in the published catalogue. Raise what it returns: the exit code is 1."""
    _complain(
        f"{isbn13} is not in the published catalogue of {home.root}.",
        "See with bindery status whether its feed has come and was published.",
    )
    return typer.Exit(1)


def _complain(what: str, fix: str) -> None:
    typer.echo(f"{what}\n  What to do: {fix}", err=True)
