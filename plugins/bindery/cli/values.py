"""Values as people read them: in tables short, in JSON whole."""

from __future__ import annotations

from decimal import Decimal

from rich.markup import escape

LONGEST = 200
"""Characters of a value in a table."""


def plain(value: object) -> str:
    """A value as one text. An amount is read without the decimals that say nothing."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def shown(value: object) -> str:
    """A value as a cell of a table: lists joined, long texts cut, markup escaped; nothing for None."""
    if value is None or value == []:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, list) else plain(value)
    return escape(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
