"""The page a DAG shows about itself, built from its declaration."""

from __future__ import annotations

from collections.abc import Mapping

SECTIONS = ("What", "Inputs", "Outputs", "On failure", "Backfill")
"""Every DAG's page has these, in this order."""


def page(title: str, sections: Mapping[str, str]) -> str:
    """A DAG's ``doc_md``.

    Args:
        title: Its heading.
        sections: Markdown by section name; all of ``SECTIONS``.

    Returns:
        Markdown.
    """
    return "\n\n".join([f"# {title}", *(f"## {name}\n{sections[name].strip()}" for name in SECTIONS)]) + "\n"
