"""Recipient declarations: read from YAML and checked against what can be delivered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

from bindery.catalogue.facts import Facts
from bindery.declarations import Mistake, did_you_mean, load_declaration, load_declarations
from bindery.delivery.codes import countries
from bindery.delivery.recipient import Recipient


def load_recipients(folder: Path) -> tuple[Recipient, ...]:
    """Every recipient declared in a folder, in the order of their names.

    Raises:
        ConfigurationError: The folder is missing, or a declaration is wrong; it names the file and the keys.
    """
    return load_declarations(folder, Recipient, _unknown_values)


def load_recipient(path: Path) -> Recipient:
    """One recipient's declaration.

    Raises:
        ConfigurationError: It is wrong; the error names the keys.
    """
    return load_declaration(path, Recipient, _unknown_values)


def _unknown_values(recipient: Recipient) -> Iterator[Mistake]:
    facts = get_type_hints(Facts).keys()
    for fact in recipient.requires:
        if fact not in facts:
            yield Mistake(
                f"requires: {fact!r} is not known{did_you_mean(fact, facts)}",
                f"Known facts: {', '.join(sorted(facts))}.",
            )
    for country in recipient.countries:
        if country not in countries():
            yield Mistake(
                f"countries: {country!r} is not known", "Countries are the ISO 3166-1 codes of List 91, such as GB."
            )
