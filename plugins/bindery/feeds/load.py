"""Reading the feed declarations in force."""

from __future__ import annotations

from pathlib import Path

from bindery.declarations import load_declaration, load_declarations
from bindery.feeds.declaration import Feed


def load_feeds(folder: Path) -> tuple[Feed, ...]:
    """Every feed declared in a folder, in the order of their names.

    Raises:
        ConfigurationError: A declaration is wrong; it names the file and the key.
    """
    return load_declarations(folder, Feed)


def load_feed(path: Path) -> Feed:
    """One feed's declaration.

    Raises:
        ConfigurationError: It is wrong; the error names the key.
    """
    return load_declaration(path, Feed)
